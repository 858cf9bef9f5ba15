"""Activations and losses, compiled, where only their values count: a row of samples at a time.

What stands in ``layers`` with slopes, without them. Sigmoid and tanh come from one power of 2, as
close as rounding to what is looked at, which is a sum over samples.
"""

from math import erfc, log1p, sin, sqrt

from mlpsim.core.arrays import Array
from mlpsim.core.compiled import functions
from mlpsim.core.compiled.jit import compiled
from mlpsim.core.compiled.program import (
    ABSOLUTE_ERROR,
    ELU,
    GELU,
    HALF_SQUARED_ERROR,
    HINGE,
    LEAKY_RELU,
    RELU,
    SIGMOID,
    SIN,
    SOFTPLUS,
    SQUARED_ERROR,
    TANH,
    WIDTH,
)
from mlpsim.core.compiled.vectors import Vector, get, power_of_two, put, select

LOG2E = 1.4426950408889634
MAGIC = 6755399441055744.0  # 1.5·2⁵²: rounds to a whole number, which the last bits hold
FARTHEST = 1000.0  # exponents of 2, beyond which a number counts as no larger
STEEPEST = 60.0  # where tanh is 1 to the last digit
ROOT_HALF = sqrt(0.5)


@compiled
def _power(t: Vector) -> tuple[Vector, Vector]:
    """2ⁿ and 2^(t − n) − 1 with n the whole number next to t, |t| ≤ 1000; NaN of NaN.

    The latter by (2ᶠ − 1)/f, economised to degree 9 by Chebyshev polynomials (error 9e-16).
    """
    shifted = t + MAGIC
    f = t - (shifted - MAGIC)
    square = f * f
    fourth = square * square
    q = (0.6931471805599462 + 0.24022650695910075 * f) + square * (
        0.05550410866465167 + 0.009618129107618665 * f
    )
    q += fourth * (
        (0.0013333558200794592 + 0.00015403530424776529 * f)
        + square * (1.5252672924850737e-05 + 1.3215451633221434e-06 * f)
    )
    q += fourth * fourth * (1.0205905413765595e-07 + 7.070977866508138e-09 * f)
    return power_of_two(shifted), f * q


@compiled
def exponential(x: Vector) -> Vector:
    """eˣ between 2⁻¹⁰⁰⁰ and 2¹⁰⁰⁰; NaN of NaN."""
    t = x * LOG2E
    t = select(t > FARTHEST, FARTHEST, t)
    t = select(t < -FARTHEST, -FARTHEST, t)
    power, rest = _power(t)
    return power + power * rest


@compiled
def tanh(z: Vector) -> Vector:
    """(e²ᶻ − 1)/(e²ᶻ + 1), without cancellation about 0."""
    t = z * (2.0 * LOG2E)
    t = select(t > STEEPEST, STEEPEST, t)
    t = select(t < -STEEPEST, -STEEPEST, t)
    power, rest = _power(t)
    less_one = power * rest + (power - 1.0)
    return less_one / (less_one + 2.0)


# No comparison loses a NaN, so that where a network has no value is seen.


@compiled
def activate(code: int, value: float, a: Array, row: int, complements: Array, i: int) -> None:
    """From z to a in a row, with 1 − a of a sigmoid as row i of the complements."""
    n = a.shape[1]
    if code == SIGMOID:
        for s in range(0, n, WIDTH):
            e = exponential(-get(a, row, s))
            share = 1.0 / (1.0 + e)
            put(a, row, s, share)
            put(complements, i, s, e * share)
    elif code == TANH:
        for s in range(0, n, WIDTH):
            put(a, row, s, tanh(get(a, row, s)))
    elif code == RELU:
        for s in range(0, n, WIDTH):
            z = get(a, row, s)
            put(a, row, s, select(z <= 0.0, 0.0, z))
    elif code == LEAKY_RELU:
        for s in range(0, n, WIDTH):
            z = get(a, row, s)
            put(a, row, s, select(z > 0.0, z, value * z))
    elif code == ELU:
        for s in range(0, n, WIDTH):
            z = get(a, row, s)
            _, less_one = functions.exp_and_expm1(select(z > 0.0, 0.0, z))
            put(a, row, s, select(z > 0.0, z, value * less_one))
    elif code == SOFTPLUS:
        for s in range(0, n, WIDTH):
            z = get(a, row, s)
            put(a, row, s, select(z > 0.0, z, 0.0) + functions.log1p_of_unit(exponential(-abs(z))))
    elif code == GELU:
        for s in range(n):
            z = a[row, s]
            a[row, s] = z * (0.5 * erfc(-z * ROOT_HALF))
    elif code == SIN:
        for s in range(n):
            a[row, s] = sin(a[row, s])


@compiled
def residual(
    code: int, a: Array, row: int, y: Vector, complements: Array, k: int, s: int
) -> Vector:
    """Output − y, without cancellation where a sigmoid is close to 1."""
    output = get(a, row, s)
    if code == SIGMOID:
        return (1.0 - y) * output - y * get(complements, k, s)
    return output - y


@compiled
def error(loss: int, width: float, output: Vector, y: Vector, r: Vector) -> Vector:
    """The errors at an output with its residuals, of a loss that is no cross-entropy."""
    if loss == SQUARED_ERROR:
        return r * r
    if loss == HALF_SQUARED_ERROR:
        return 0.5 * r * r
    if loss == HINGE:
        margin = 1.0 - y * output
        return select(margin <= 0.0, 0.0, margin)
    size = abs(r)
    if loss == ABSOLUTE_ERROR:
        return size
    return select(size <= width, 0.5 * r * r, width * (size - 0.5 * width))


@compiled
def add_logit_errors(
    a: Array, row: int, targets: Array, k: int, errors: Array, odds: Array
) -> None:
    """Binary cross-entropy of an output: errors + log1p(odds) are its errors so far.

    Odds that go together need no logarithm of their own: (1 + p)(1 + q) is 1 + p + q(1 + p).
    """
    for s in range(0, a.shape[1], WIDTH):
        z, y = get(a, row, s), get(targets, k, s)
        e, before = exponential(-abs(z)), get(odds, 0, s)
        # First what is exactly 0 where the answer is as small as e^−|z|.
        put(errors, 0, s, get(errors, 0, s) + (select(z <= 0.0, 0.0, z) - y * z))
        put(odds, 0, s, before + e * (1.0 + before))


@compiled
def add_class_errors(a: Array, top: int, targets: Array, errors: Array, odds: Array) -> None:
    """Cross-entropy on the logits, rows of a from ``top`` on; the odds are left as they were.

    1 − p is the sum of the other classes, so that nothing cancels.
    """
    for s in range(0, a.shape[1], WIDTH):
        largest = get(a, top, s)
        for k in range(1, len(targets)):
            z = get(a, top + k, s)
            largest = select(z > largest, z, largest)
        rest, seen = 0.0 * largest, 0.0 * largest
        for k in range(len(targets)):
            z = get(a, top + k, s)
            first = select(z == largest, 1.0 - seen, 0.0)
            rest += functions.exp(z - largest) * (1.0 - first)
            seen += first
        put(errors, 0, s, largest)
        put(odds, 0, s, rest)
    for s in range(a.shape[1]):
        odds[0, s] = log1p(odds[0, s])
    for s in range(0, a.shape[1], WIDTH):
        largest, beyond = get(errors, 0, s), get(odds, 0, s)
        result = 0.0 * beyond
        for k in range(len(targets)):
            result += get(targets, k, s) * ((largest - get(a, top + k, s)) + beyond)
        put(errors, 0, s, result)
        put(odds, 0, s, 0.0 * result)
