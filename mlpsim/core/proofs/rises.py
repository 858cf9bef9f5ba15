"""Rises: bounds of J(u) - J(z) that hold where the values themselves agree in all their digits.

Besides the difference of two enclosed values there is the mean-value form: between two points J
changes by ∇J(ξ)·(u - z) with ξ between them. It keeps the sign of a slope of 1e-30 on a plateau
at 1. With kinks it holds for Clarke's generalised gradient (1983, theorem 2.3.7), which the
enclosures of ∇J contain.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from mlpsim.core.arrays import Array, Flags
from mlpsim.core.problem import Problem, quiet
from mlpsim.core.proofs.enclosure import Enclosure
from mlpsim.core.proofs.interval import Interval, down, multiply, point, subtract, total


@dataclass(frozen=True, eq=False)
class Rises:
    """Bounds of J(u) - J(z) for a point z (P,)."""

    problem: Problem
    z: Array

    @cached_property
    def enclosure(self) -> Enclosure:
        return Enclosure(self.problem)

    @cached_property
    def value(self) -> Interval:
        """J(z), (1,)."""
        return self.enclosure.value_and_gradient(self.z[None], self.z[None])[0]

    @cached_property
    def gradient(self) -> Interval:
        """∇J(z), (P,)."""
        gradient = self.enclosure.value_and_gradient(self.z[None], self.z[None])[1]
        return Interval(gradient.lo[0], gradient.hi[0])

    @quiet()
    def above(self, lo: Array, hi: Array, value: Interval, gradient: Interval) -> Array:
        """Lower bounds of J(u) - J(z) over boxes (N, P) with J and ∇J enclosed there: (N,)."""
        lowest = self.enclosure.lower_value(lo, hi, value, gradient)
        return down(lowest - self.value.hi)

    @quiet()
    def from_z(self, lo: Array, hi: Array) -> Array:
        """The same by the mean-value form between z and the boxes; at least 0 by signs alone."""
        around = np.minimum(lo, self.z), np.maximum(hi, self.z)
        gradient = self.enclosure.value_and_gradient(*around)[1]
        offset = _difference(Interval(lo, hi), self.z)
        change = total(multiply(gradient, offset), axis=-1).lo
        return np.where(_never_falls(gradient, offset), np.maximum(change, 0.0), change)

    @quiet()
    def of(self, thetas: Array, pieces: int) -> Interval:
        """J(u) - J(z) for points u (N, P), the way from z cut into pieces: (N,)."""
        share = np.arange(pieces + 1.0)[:, None, None] / pieces
        way = self.z + share * (thetas - self.z)
        way[-1] = thetas
        first, last = way[:-1], way[1:]
        shape = (-1, thetas.shape[-1])
        lo, hi = np.minimum(first, last).reshape(shape), np.maximum(first, last).reshape(shape)
        gradient = self.enclosure.value_and_gradient(lo, hi)[1]
        steps = _difference(
            Interval(last.reshape(shape), last.reshape(shape)), first.reshape(shape)
        )
        changes = total(multiply(gradient, steps), axis=-1)
        along = total(Interval(*(c.reshape(pieces, -1) for c in changes)), axis=0)
        value = self.enclosure.value_and_gradient(thetas, thetas)[0]
        straight = subtract(value, self.value)
        return Interval(np.fmax(along.lo, straight.lo), np.fmin(along.hi, straight.hi))


def _difference(x: Interval, y: Array) -> Interval:
    """x - y, exactly 0 where the two agree."""
    lo, hi = subtract(x, point(y))
    return Interval(np.where(x.lo == y, 0.0, lo), np.where(x.hi == y, 0.0, hi))


def _never_falls(gradient: Interval, offset: Interval) -> Flags:
    """Whether no component of ∇J has a sign against the way: the sign of a product is exact."""
    grows = (gradient.lo >= 0.0) & (offset.lo >= 0.0)
    falls = (gradient.hi <= 0.0) & (offset.hi <= 0.0)
    still = (offset.lo == 0.0) & (offset.hi == 0.0)
    result: Flags = np.asarray((grows | falls | still).all(axis=-1))
    return result
