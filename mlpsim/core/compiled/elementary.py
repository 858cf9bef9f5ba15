"""Exponentials that run on several numbers at once, where the C library's take them one by one.

eˣ = 2ⁿ eʳ with x = n ln 2 + r and |r| ≤ ½ ln 2. Adding 1.5·2⁵² rounds to a whole number, whose
digits then stand in the last bits of the sum. eʳ = 1 + r + r² q(r), q being the Taylor series
economised to degree 9 by Chebyshev polynomials (error 2e-17); within 1 ulp of eˣ.
"""

import numpy as np

from mlpsim.core.compiled.jit import bits_of, compiled, float_of

LOG2E = 1.4426950408889634
LN2_HIGH, LN2_LOW = 0.6931471675634384, 1.2996506893889889e-08
MAGIC = 6755399441055744.0  # 1.5·2⁵²
MAGIC_BITS = np.uint64(0x4338000000000000)
BIASES = np.uint64(2046)  # of the exponents of two floats
ONE, MANTISSA = np.uint64(1), np.uint64(52)
LOWEST, HIGHEST = -746.0, 710.0  # beyond: 0 and ∞


@compiled
def _reduced(x: float) -> tuple[float, float, float]:
    """eʳ − 1, and two powers of 2 whose product is 2ⁿ, which alone might be no float."""
    x = min(max(x, LOWEST), HIGHEST)
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
    exponent = bits_of(shifted) - MAGIC_BITS + BIASES
    half = exponent >> ONE
    return r + square * q, float_of(half << MANTISSA), float_of((exponent - half) << MANTISSA)


@compiled
def exp(x: float) -> float:
    """eˣ, from the smallest float to ∞; NaN of NaN."""
    rest, one_power, other_power = _reduced(x)
    return (1.0 + rest) * one_power * other_power if x == x else x


@compiled
def exp_and_expm1(x: float) -> tuple[float, float]:
    """eˣ and eˣ − 1 for x ≤ 0, each without cancellation; NaN of NaN."""
    rest, one_power, other_power = _reduced(x)
    power = one_power * other_power
    exponential, less_one = power + power * rest, power * rest + (power - 1.0)
    return (exponential, less_one) if x == x else (x, x)
