"""Activations and losses, compiled: W samples at a time, with the derivative beside the value.

No comparison loses a NaN, so that a run that diverges is seen to.
"""

from math import cos, erfc, log1p, sin, sqrt

import numpy as np

from mlpsim.core.arrays import Array
from mlpsim.core.compiled.across import lane, with_lane
from mlpsim.core.compiled.functions import exp, exp_and_expm1, log1p_of_unit, sigmoid, tanh
from mlpsim.core.compiled.jit import compiled
from mlpsim.core.compiled.program import (
    ABSOLUTE_ERROR,
    BCE,
    ELU,
    GELU,
    HALF_SQUARED_ERROR,
    HINGE,
    HUBER,
    LEAKY_RELU,
    RELU,
    SIGMOID,
    SIN,
    SOFTPLUS,
    SQUARED_ERROR,
    TANH,
    WIDTH,
)
from mlpsim.core.compiled.vectors import Vector, get, put, select, spread

ROOT_HALF = sqrt(0.5)
GAUSSIAN_PEAK = 1.0 / sqrt(2.0 * np.pi)


@compiled
def activated(code: int, value: float, z: Vector) -> tuple[Vector, Vector]:
    """a and da/dz."""
    a, slope = z, spread(1.0)
    if code == SIGMOID:
        grown, rest, inverse = sigmoid(z)
        a = grown * inverse
        slope = a * (rest * inverse)
    elif code == TANH:
        a, slope = tanh(z)
    elif code == RELU:
        a = select(z <= 0.0, 0.0, z)
        slope = select(z > 0.0, 1.0, 0.0)
    elif code == LEAKY_RELU:
        a = select(z > 0.0, z, value * z)
        slope = select(z > 0.0, 1.0, value)
    elif code == ELU:
        e, less_one = exp_and_expm1(select(z > 0.0, 0.0, z))
        a = select(z > 0.0, z, value * less_one)
        slope = select(z > 0.0, 1.0, value * e)
    elif code == SOFTPLUS:
        e = exp(-abs(z))
        a = select(z > 0.0, z, 0.0) + log1p_of_unit(e)
        slope = select(z >= 0.0, 1.0, e) / (1.0 + e)
    elif code == GELU:
        below = z
        for i in range(WIDTH):
            below = with_lane(below, i, 0.5 * erfc(-lane(z, i) * ROOT_HALF))
        a = z * below
        slope = below + z * exp(-0.5 * z * z) * GAUSSIAN_PEAK
    elif code == SIN:
        for i in range(WIDTH):
            a = with_lane(a, i, sin(lane(z, i)))
            slope = with_lane(slope, i, cos(lane(z, i)))
    return a, slope


@compiled
def error_and_slope(
    loss: int, width: float, output: Vector, y: Vector, residual: Vector
) -> tuple[Vector, Vector]:
    """An output's share of the error, and its derivative by the output."""
    error, slope = residual, residual
    if loss == SQUARED_ERROR:
        error, slope = residual * residual, residual + residual
    elif loss == HALF_SQUARED_ERROR:
        error = 0.5 * residual * residual
    elif loss == ABSOLUTE_ERROR:
        error = abs(residual)
        slope = select(residual > 0.0, 1.0, select(residual < 0.0, -1.0, residual))
    elif loss == HUBER:
        size = abs(residual)
        error = select(size <= width, 0.5 * residual * residual, width * (size - 0.5 * width))
        far = select(residual > 0.0, width, select(residual < 0.0, -width, residual))
        slope = select(size <= width, residual, far)
    elif loss == HINGE:
        margin = 1.0 - y * output
        error = select(margin <= 0.0, 0.0, margin)
        slope = select(y * output < 1.0, -y, 0.0)
    elif loss == BCE:
        e = exp(-abs(output))
        # First what is exactly 0 where the answer is as small as e^−|z|.
        error = (select(output <= 0.0, 0.0, output) - y * output) + log1p_of_unit(e)
        larger = 1.0 / (1.0 + e)
        smaller = e * larger
        above, below = (
            select(output >= 0.0, larger, smaller),
            select(output >= 0.0, smaller, larger),
        )
        slope = (1.0 - y) * above - y * below
    return error, slope


@compiled
def softmax_error(
    a: Array,
    top: int,
    targets: Array,
    first: int,
    classes: int,
    slopes: Array,
    out: int,
    s: int,
) -> Vector:
    """Cross-entropy on the logits, rows of a from ``top`` on; ∂e/∂a goes to slopes from ``out`` on.

    1 − p is the sum of the other classes, so that nothing cancels.
    """
    largest, at = get(a, top, s), spread(0.0)
    for k in range(1, classes):
        z = get(a, top + k, s)
        at = select(z > largest, float(k), at)
        largest = select(z > largest, z, largest)
    rest, all_targets = spread(0.0), spread(0.0)
    for k in range(classes):
        e = exp(get(a, top + k, s) - largest)
        put(slopes, out + k, s, e)
        rest += select(at == float(k), 0.0, e)
        all_targets += get(targets, first + k, s)
    beyond = rest
    for i in range(WIDTH):
        beyond = with_lane(beyond, i, log1p(lane(rest, i)))
    error = spread(0.0)
    for k in range(classes):
        e, y = get(slopes, out + k, s), get(targets, first + k, s)
        error += y * ((largest - get(a, top + k, s)) + beyond)
        others = select(at == float(k), rest, 1.0 + rest - e)
        put(slopes, out + k, s, (e * (all_targets - y) - y * others) / (1.0 + rest))
    return error
