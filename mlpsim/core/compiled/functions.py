"""Exponentials and logarithms of vectors, where the C library's take numbers one by one.

eˣ = 2ⁿ eʳ with x = n ln 2 + r and |r| ≤ ½ ln 2. Adding 1.5·2⁵² rounds to a whole number, whose
digits then stand in the last bits of the sum. Losses need eˣ of x ≤ 0 alone, down to the smallest
float: eʳ = 1 + r + r² q(r), q being the Taylor series economised to degree 9 by Chebyshev
polynomials (error 2e-17); within 1 ulp of eˣ.

Sigmoid and tanh divide in any case, so that theirs is a fraction, (1 + τ)/(1 − τ) with
τ = tanh(½r), a rational function of degree 5 that is right at Chebyshev's nodes (error 2e-17).
Their x − n ln 2 counts on a product and a sum with one rounding.
"""

import numpy as np

from mlpsim.core.compiled.across import is_any
from mlpsim.core.compiled.jit import compiled
from mlpsim.core.compiled.vectors import Vector, power_of_two, powers_of_two, select

LOG2E = 1.4426950408889634
LN2_HIGH, LN2_LOW = 0.6931471675634384, 1.2996506893889889e-08
LN2, LN2_REST = 0.6931471805599453, 2.3190468138462996e-17
MAGIC = 6755399441055744.0  # 1.5·2⁵²
MAGIC_BITS = np.uint64(0x4338000000000000 - 2046)  # less the biases of two floats' exponents
LOWEST = -746.0  # below: 0
FARTHEST = 708.0  # beyond, a sigmoid is as if there: at most 4e-308 from its limit


@compiled
def _reduced(x: Vector) -> tuple[Vector, Vector, Vector]:
    """eʳ − 1, which is NaN of NaN, and two powers of 2 whose product is 2ⁿ, perhaps no float."""
    x = select(x < LOWEST, LOWEST, x)
    shifted = x * LOG2E + MAGIC
    n = shifted - MAGIC
    r = (x - n * LN2_HIGH) - n * LN2_LOW
    square = r * r
    fourth = square * square
    q = (0.5000000000000001 + 0.1666666666666667 * r) + square * (
        0.04166666666662382 + 0.008333333333326082 * r
    )
    q += fourth * (
        (0.0013888888917368964 + 0.00019841269875003973 * r)
        + square * (2.4801521055364205e-05 + 2.7557255168123062e-06 * r)
    )
    q += fourth * fourth * (2.76202026313159e-07 + 2.5105313423078524e-08 * r)
    one_power, other_power = powers_of_two(shifted, MAGIC_BITS)
    return r + square * q, one_power, other_power


@compiled
def exp(x: Vector) -> Vector:
    """eˣ for x ≤ 0, down to the smallest float; NaN of NaN."""
    rest, one_power, other_power = _reduced(x)
    power = one_power * other_power
    return power + power * rest


@compiled
def exp_and_expm1(x: Vector) -> tuple[Vector, Vector]:
    """eˣ and eˣ − 1 for x ≤ 0, each without cancellation; NaN of NaN."""
    rest, one_power, other_power = _reduced(x)
    power = one_power * other_power
    return power + power * rest, power * rest + (power - 1.0)


@compiled
def _fraction(x: Vector) -> tuple[Vector, Vector, Vector]:
    """2ⁿ, and two numbers whose fraction is τ; NaN of NaN."""
    if is_any(abs(x) > FARTHEST):
        x = select(x > FARTHEST, FARTHEST, x)
        x = select(x < -FARTHEST, -FARTHEST, x)
    shifted = x * LOG2E + MAGIC
    n = shifted - MAGIC
    near = x - n * LN2  # but for what LN2 lacks, of which u shows nothing
    u = near * near
    r = near - n * LN2_REST
    upper = 0.5 * r + (r * u) * (0.013887685096055204 + 3.304873060906098e-05 * u)
    lower = 1.0 + u * (0.11110870352544358 + 0.0009918227550481298 * u)
    return power_of_two(shifted), upper, lower


@compiled
def sigmoid(x: Vector) -> tuple[Vector, Vector, Vector]:
    """Two numbers and a third, whose products with it are σ(x) and 1 − σ(x); NaN of NaN."""
    power, upper, lower = _fraction(x)
    both = (power + 1.0) * lower + (power - 1.0) * upper  # sooner than the sum of the two
    return power * (lower + upper), lower - upper, 1.0 / both


@compiled
def tanh(x: Vector) -> tuple[Vector, Vector]:
    """tanh x and its derivative 1 − tanh² x, each without cancellation; NaN of NaN."""
    power, upper, lower = _fraction(x + x)
    less, more = power - 1.0, power + 1.0
    above, below = less * lower + more * upper, more * lower + less * upper
    inverse = 1.0 / below
    a = above * inverse
    a += (above - below * a) * inverse  # so that it is 1 where it cannot be told from 1
    return a, 4.0 * ((lower - upper) * inverse) * ((lower + upper) * (power * inverse))


@compiled
def log1p_of_unit(x: Vector) -> Vector:
    """ln(1 + x) for 0 ≤ x ≤ 1; NaN of NaN.

    2 artanh s with s = x/(2 + x): x − (x²/2 − s (x²/2 + r)), r = 2 s²/3 + 2 s⁴/5 + …, economised to
    degree 9 in s² (error 1e-16 of r); in this order no digit of a small x is lost.
    """
    s = x / (2.0 + x)
    u = s * s
    square = u * u
    fourth = square * square
    r = (0.6666666666666666 + 0.4000000000001491 * u) + square * (
        0.2857142856702906 + 0.22222222724818763 * u
    )
    r += fourth * (
        (0.1818178909298275 + 0.15385579010258624 * u)
        + square * (0.1331400728267029 + 0.12002293995427313 * u)
    )
    r += fourth * fourth * (0.08794866738949667 + 0.16175806908145096 * u)
    half = 0.5 * x * x
    return x - (half - s * (half + u * r))
