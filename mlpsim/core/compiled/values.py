"""Activations, compiled, where only their values count: a row of samples at a time.

Sigmoid and tanh come from one power of 2, as close as rounding to what is looked at, which is a sum
over samples; the others from ``layers``, whose slopes the compiler leaves out.
"""

from mlpsim.core.arrays import Array
from mlpsim.core.compiled.jit import compiled
from mlpsim.core.compiled.layers import activated
from mlpsim.core.compiled.program import SIGMOID, TANH, WIDTH
from mlpsim.core.compiled.vectors import Vector, get, power_of_two, put, select

LOG2E = 1.4426950408889634
MAGIC = 6755399441055744.0  # 1.5·2⁵²: rounds to a whole number, which the last bits hold
FARTHEST = 1000.0  # exponents of 2, beyond which a number counts as no larger
STEEPEST = 60.0  # where tanh is 1 to the last digit


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


@compiled
def activate(code: int, value: float, a: Array, row: int, complements: Array, i: int) -> None:
    """From z to a in a row, with 1 − a of a sigmoid as row i of the complements."""
    for s in range(0, a.shape[1], WIDTH):
        z = get(a, row, s)
        if code == SIGMOID:
            e = exponential(-z)
            share = 1.0 / (1.0 + e)
            put(a, row, s, share)
            put(complements, i, s, e * share)
        elif code == TANH:
            put(a, row, s, tanh(z))
        else:
            put(a, row, s, activated(code, value, z)[0])
