"""The complementary error function for arrays, by Cody's rational approximations.

W. J. Cody, "Rational Chebyshev approximations for the error function",
Mathematics of Computation 23 (1969), 631-637.
"""

import numpy as np

from mlpsim.core.arrays import Array

_SMALL_NUMERATOR = (
    1.85777706184603153e-1,
    3.16112374387056560e0,
    1.13864154151050156e2,
    3.77485237685302021e2,
    3.20937758913846947e3,
)
_SMALL_DENOMINATOR = (
    1.0,
    2.36012909523441209e1,
    2.44024637934444173e2,
    1.28261652607737228e3,
    2.84423683343917062e3,
)
_MIDDLE_NUMERATOR = (
    2.15311535474403846e-8,
    5.64188496988670089e-1,
    8.88314979438837594e0,
    6.61191906371416295e1,
    2.98635138197400131e2,
    8.81952221241769090e2,
    1.71204761263407058e3,
    2.05107837782607147e3,
    1.23033935479799725e3,
)
_MIDDLE_DENOMINATOR = (
    1.0,
    1.57449261107098347e1,
    1.17693950891312499e2,
    5.37181101862009858e2,
    1.62138957456669019e3,
    3.29079923573345963e3,
    4.36261909014324716e3,
    3.43936767414372164e3,
    1.23033935480374942e3,
)
_TAIL_NUMERATOR = (
    1.63153871373020978e-2,
    3.05326634961232344e-1,
    3.60344899949804439e-1,
    1.25781726111229246e-1,
    1.60837851487422766e-2,
    6.58749161529837803e-4,
)
_TAIL_DENOMINATOR = (
    1.0,
    2.56852019228982242e0,
    1.87295284992346725e0,
    5.27905102951428412e-1,
    6.05183413124413191e-2,
    2.33520497626869185e-3,
)


def _ratio(numerator: tuple[float, ...], denominator: tuple[float, ...], x: Array) -> Array:
    ratio: Array = np.polyval(numerator, x) / np.polyval(denominator, x)
    return ratio


def _exp_minus_square(x: Array) -> Array:
    # x*x is split so that its rounding error does not grow with x under the exponential.
    head = np.trunc(x * 16.0) / 16.0
    result: Array = np.exp(-head * head) * np.exp(-(x - head) * (x + head))
    return result


def erfc(x: Array) -> Array:
    """1 - erf(x), relative error below 1e-14 also in the upper tail."""
    x = np.asarray(x, dtype=np.float64)
    size = np.minimum(np.abs(x), 27.5)  # erfc(27.3) is already below the smallest float
    squares = np.minimum(size, 0.46875) ** 2
    small = 1.0 - size * _ratio(_SMALL_NUMERATOR, _SMALL_DENOMINATOR, squares)
    middle_size = np.clip(size, 0.46875, 4.0)
    middle = _ratio(_MIDDLE_NUMERATOR, _MIDDLE_DENOMINATOR, middle_size)
    tail_size = np.maximum(size, 4.0)
    inverse = 1.0 / (tail_size * tail_size)
    tail = 1.0 / np.sqrt(np.pi) - inverse * _ratio(_TAIL_NUMERATOR, _TAIL_DENOMINATOR, inverse)
    scaled = np.where(size <= 4.0, middle, tail / tail_size)
    upper = np.where(size <= 0.46875, small, _exp_minus_square(size) * scaled)
    result: Array = np.where(x < 0.0, 2.0 - upper, upper)
    return result
