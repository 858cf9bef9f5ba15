"""Activations and losses, compiled: a row of samples at a time, with its derivative beside it."""

from math import cos, erfc, log1p, sin, sqrt

import numpy as np

from mlpsim.core.arrays import Array
from mlpsim.core.compiled.elementary import exp, exp_and_expm1
from mlpsim.core.compiled.jit import compiled
from mlpsim.core.compiled.program import (
    ABSOLUTE_ERROR,
    BCE,
    ELU,
    GELU,
    HALF_SQUARED_ERROR,
    HINGE,
    HUBER,
    IDENTITY,
    LEAKY_RELU,
    RELU,
    SIGMOID,
    SIN,
    SOFTPLUS,
    SQUARED_ERROR,
    TANH,
)

ROOT_HALF = sqrt(0.5)
GAUSSIAN_PEAK = 1.0 / sqrt(2.0 * np.pi)


@compiled
def activate(
    code: int, value: float, a: Array, row: int, slopes: Array, complements: Array, i: int, n: int
) -> None:
    """From z to a in a row of n samples, with da/dz, and 1 − a of a sigmoid as row i.

    No comparison loses a NaN, so that a run that diverges is seen to.
    """
    if code == SIGMOID:
        for s in range(n):
            z = a[row, s]
            e = exp(-abs(z))
            larger = 1.0 / (1.0 + e)
            smaller = e * larger
            a[row, s] = larger if z >= 0.0 else smaller
            complements[i, s] = smaller if z >= 0.0 else larger
            slopes[row, s] = larger * smaller
    elif code == TANH:
        for s in range(n):
            z = a[row, s]
            e, less_one = exp_and_expm1(-2.0 * abs(z))
            share = 1.0 / (1.0 + e)
            size = -less_one * share
            a[row, s] = size if z >= 0.0 else -size
            slopes[row, s] = 4.0 * e * share * share
    elif code == IDENTITY:
        for s in range(n):
            slopes[row, s] = 1.0
    elif code == RELU:
        for s in range(n):
            z = a[row, s]
            a[row, s] = 0.0 if z <= 0.0 else z
            slopes[row, s] = 1.0 if z > 0.0 else 0.0
    elif code == LEAKY_RELU:
        for s in range(n):
            z = a[row, s]
            a[row, s] = z if z > 0.0 else value * z
            slopes[row, s] = 1.0 if z > 0.0 else value
    elif code == ELU:
        for s in range(n):
            z = a[row, s]
            e, less_one = exp_and_expm1(0.0 if z > 0.0 else z)
            a[row, s] = z if z > 0.0 else value * less_one
            slopes[row, s] = 1.0 if z > 0.0 else value * e
    elif code == SOFTPLUS:
        for s in range(n):
            z = a[row, s]
            e = exp(-abs(z))
            a[row, s] = (z if z > 0.0 else 0.0) + log1p(e)
            slopes[row, s] = (1.0 if z >= 0.0 else e) / (1.0 + e)
    elif code == GELU:
        for s in range(n):
            z = a[row, s]
            below = 0.5 * erfc(-z * ROOT_HALF)
            a[row, s] = z * below
            slopes[row, s] = below + z * exp(-0.5 * z * z) * GAUSSIAN_PEAK
    elif code == SIN:
        for s in range(n):
            z = a[row, s]
            a[row, s], slopes[row, s] = sin(z), cos(z)


@compiled
def residual(
    code: int,
    a: Array,
    row: int,
    targets: Array,
    complements: Array,
    slopes: Array,
    k: int,
    n: int,
) -> None:
    """Output − y in row ``row`` of slopes, without cancellation where a sigmoid is close to 1."""
    if code == SIGMOID:
        for s in range(n):
            y = targets[k, s]
            slopes[row, s] = (1.0 - y) * a[row, s] - y * complements[k, s]
    else:
        for s in range(n):
            slopes[row, s] = a[row, s] - targets[k, s]


@compiled
def add_error(
    loss: int,
    width: float,
    a: Array,
    row: int,
    targets: Array,
    k: int,
    slopes: Array,
    errors: Array,
    n: int,
) -> None:
    """Output k's share of the errors (n,); its residual, a row of slopes, becomes ∂e/∂a."""
    if loss == SQUARED_ERROR:
        for s in range(n):
            r = slopes[row, s]
            errors[s] += r * r
            slopes[row, s] = r + r
    elif loss == HALF_SQUARED_ERROR:
        for s in range(n):
            errors[s] += 0.5 * slopes[row, s] * slopes[row, s]
    elif loss == ABSOLUTE_ERROR:
        for s in range(n):
            r = slopes[row, s]
            errors[s] += abs(r)
            slopes[row, s] = 1.0 if r > 0.0 else (-1.0 if r < 0.0 else r)
    elif loss == HUBER:
        for s in range(n):
            r = slopes[row, s]
            size = abs(r)
            errors[s] += 0.5 * r * r if size <= width else width * (size - 0.5 * width)
            far = width if r > 0.0 else (-width if r < 0.0 else r)
            slopes[row, s] = r if size <= width else far
    elif loss == HINGE:
        for s in range(n):
            y = targets[k, s]
            margin = 1.0 - y * a[row, s]
            errors[s] += 0.0 if margin <= 0.0 else margin
            slopes[row, s] = -y if y * a[row, s] < 1.0 else 0.0
    elif loss == BCE:
        for s in range(n):
            y, z = targets[k, s], a[row, s]
            e = exp(-abs(z))
            # First what is exactly 0 where the answer is as small as e^−|z|.
            errors[s] += ((0.0 if z <= 0.0 else z) - y * z) + log1p(e)
            larger = 1.0 / (1.0 + e)
            smaller = e * larger
            above, below = (larger, smaller) if z >= 0.0 else (smaller, larger)
            slopes[row, s] = (1.0 - y) * above - y * below


@compiled
def softmax_errors(
    a: Array, top: int, targets: Array, slopes: Array, errors: Array, n: int
) -> None:
    """Cross-entropy of n samples on the logits, rows of a from ``top`` on, and ∂e/∂a in slopes.

    1 − p is the sum of the other classes, so that nothing cancels.
    """
    classes = len(targets)
    for s in range(n):
        largest, at = a[top, s], 0
        for k in range(1, classes):
            if a[top + k, s] > largest:
                largest, at = a[top + k, s], k
        rest = all_targets = 0.0
        for k in range(classes):
            slopes[top + k, s] = exp(a[top + k, s] - largest)
            rest += 0.0 if k == at else slopes[top + k, s]
            all_targets += targets[k, s]
        beyond = log1p(rest)
        for k in range(classes):
            e, y = slopes[top + k, s], targets[k, s]
            errors[s] += y * ((largest - a[top + k, s]) + beyond)
            others = rest if k == at else 1.0 + rest - e
            slopes[top + k, s] = (e * (all_targets - y) - y * others) / (1.0 + rest)
