"""Intervals of float64, every operation rounded outward so that it encloses the exact result.

Sums of n terms carry γₙ·Σ|terms| (Higham 2002, section 3.1), whatever their order; elementary
functions carry 16 units in the last place; products and differences the next float outward. No
bound is ever NaN: what overflow leaves undefined is -∞ below and ∞ above.
"""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from mlpsim.core.arrays import Array, Flags, Indices

EPS = 2.0**-52
ELEMENTARY_ULPS = 16
# Covers what underflow rounds away: e^-z overflows from z = -709.8 on, where σ(z) is 5.6e-309.
TINY = 1e-307
SMALLEST = 2.0**-1074


class Interval(NamedTuple):
    """lo ≤ every value ≤ hi; arrays of one shape."""

    lo: Array
    hi: Array

    @property
    def magnitude(self) -> Array:
        """The largest absolute value."""
        return np.maximum(np.abs(self.lo), np.abs(self.hi))

    @property
    def straddles_zero(self) -> Flags:
        """Where 0 is a possible value."""
        return (self.lo <= 0.0) & (self.hi >= 0.0)


def point(x: Array) -> Interval:
    return Interval(x, x)


def down(x: Array) -> Array:
    """The next float below; the largest one below +∞, to which a finite value has overflowed."""
    result: Array = np.nextafter(np.fmax(x, -np.inf), -np.inf)
    return result


def up(x: Array) -> Array:
    """The next float above."""
    result: Array = np.nextafter(np.fmin(x, np.inf), np.inf)
    return result


def gamma(n: int) -> float:
    """A bound on the relative error of n rounded operations, with room for computing the bound."""
    return (n + 3) * EPS


def rounded(x: Interval, terms: Interval, n: int) -> Interval:
    """Computed sums of n terms, grown by γₙ times the sums of the terms' magnitudes.

    Every term may be a product that has lost less than the smallest float to underflow.
    """
    error, lost = gamma(n), n * SMALLEST
    return Interval(down(x.lo - error * terms.lo - lost), up(x.hi + error * terms.hi + lost))


def elementary(x: Interval) -> Interval:
    """The interval grown by the error of an elementary function's value."""
    relative = ELEMENTARY_ULPS * EPS
    return grown(x, relative * np.abs(x.lo), relative * np.abs(x.hi))


def grown(x: Interval, below: Array, above: Array) -> Interval:
    """The interval grown by computed errors, which are generous enough to be rounded themselves."""
    return Interval(
        np.fmax(x.lo - below - TINY, -np.inf),
        np.fmin(x.hi + above + TINY, np.inf),
    )


def add(x: Interval, y: Interval) -> Interval:
    return Interval(down(x.lo + y.lo), up(x.hi + y.hi))


def subtract(x: Interval, y: Interval) -> Interval:
    return Interval(down(x.lo - y.hi), up(x.hi - y.lo))


def scale(x: Interval, factor: float) -> Interval:
    """factor·x for a number."""
    a, b = factor * x.lo, factor * x.hi
    return Interval(down(np.minimum(a, b)), up(np.maximum(a, b)))


def divide(x: Interval, count: int) -> Interval:
    """x/count for a number of things."""
    return Interval(down(x.lo / count), up(x.hi / count))


def multiply(x: Interval, y: Interval) -> Interval:
    """x·y; 0 times an overflowed bound is 0, its limit from finite values."""
    products = [x.lo * y.lo, x.lo * y.hi, x.hi * y.lo, x.hi * y.hi]
    for product in products:
        np.copyto(product, 0.0, where=np.isnan(product))
    lo = np.minimum(np.minimum(products[0], products[1]), np.minimum(products[2], products[3]))
    hi = np.maximum(np.maximum(products[0], products[1]), np.maximum(products[2], products[3]))
    return Interval(down(lo), up(hi))


def square(x: Interval) -> Interval:
    a, b = x.lo * x.lo, x.hi * x.hi
    lo = np.where(x.straddles_zero, 0.0, down(np.minimum(a, b)))
    return Interval(np.maximum(lo, 0.0), up(np.maximum(a, b)))


def magnitude(x: Interval) -> Interval:
    """|x|."""
    a, b = np.abs(x.lo), np.abs(x.hi)
    return Interval(np.where(x.straddles_zero, 0.0, np.minimum(a, b)), np.maximum(a, b))


def total(x: Interval, axis: int) -> Interval:
    """The sum along an axis."""
    sums = Interval(x.lo.sum(axis=axis), x.hi.sum(axis=axis))
    # Each bound rounds with its own terms: a sum of nonnegative ones stays nonnegative.
    terms = Interval(np.abs(x.lo).sum(axis=axis), np.abs(x.hi).sum(axis=axis))
    result = rounded(sums, terms, x.lo.shape[axis])
    return at_least_zero(result, np.asarray((x.lo >= 0.0).all(axis=axis)))


def at_least_zero(x: Interval, where: Flags | bool = True) -> Interval:
    """The same interval without what rounding put below 0 of a value that is 0 or above."""
    return Interval(np.where(where, np.maximum(x.lo, 0.0), x.lo), x.hi)


def linear(w: Interval, x: Array) -> Interval:
    """W x for an interval matrix (..., O, I) and exact numbers x (I, S): (..., O, S)."""
    shape = (*w.lo.shape[:-1], x.shape[-1])
    lo, hi = (bound.reshape(-1, x.shape[0]) for bound in w)
    above, below = np.maximum(x, 0.0), np.minimum(x, 0.0)
    result = Interval(lo @ above + hi @ below, hi @ above + lo @ below)
    size_lo, size_hi = np.abs(lo), np.abs(hi)
    terms = Interval(size_lo @ above - size_hi @ below, size_hi @ above - size_lo @ below)
    wide = rounded(result, terms, 2 * x.shape[0])
    return Interval(wide.lo.reshape(shape), wide.hi.reshape(shape))


def matmul(x: Interval, y: Interval) -> Interval:
    """The matrix product of interval matrices (..., O, I) and (..., I, S)."""
    left = Interval(x.lo[..., :, :, None], x.hi[..., :, :, None])
    right = Interval(y.lo[..., None, :, :], y.hi[..., None, :, :])
    return total(multiply(left, right), axis=-2)


def taken(x: Interval, which: Flags | Indices) -> Interval:
    """Some rows."""
    return Interval(x.lo[which], x.hi[which])


def joined(parts: Iterable[Interval], axis: int) -> Interval:
    """The parts one after the other."""
    lo, hi = zip(*parts, strict=True)
    return Interval(np.concatenate(lo, axis), np.concatenate(hi, axis))


def intersection(x: Interval, y: Interval) -> Interval:
    """What lies in both; empty, lo above hi, where nothing does."""
    return Interval(np.maximum(x.lo, y.lo), np.minimum(x.hi, y.hi))


def transpose(x: Interval) -> Interval:
    return Interval(x.lo.swapaxes(-1, -2), x.hi.swapaxes(-1, -2))
