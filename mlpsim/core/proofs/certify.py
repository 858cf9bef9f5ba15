"""Certified answers to (OP): f* between proven bounds, and boxes that cover S*.

Interval branch-and-bound (Hansen and Walster 2004): boxes are split, bounded below by the natural
and the mean-value form, and dropped where the bound exceeds the best known value or where the
gradient proves that no minimiser lies inside. Every comparison is made with rounded-outward bounds.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import isfinite
from typing import Literal

import numpy as np

from mlpsim.core.arrays import Array, Flags, Indices
from mlpsim.core.feasible import Ball, Box, FeasibleSet
from mlpsim.core.problem import Problem, quiet
from mlpsim.core.proofs.boxes import Boxes, axis_of, merged
from mlpsim.core.proofs.coercive import box_of_minimisers
from mlpsim.core.proofs.enclosure import Enclosure
from mlpsim.core.proofs.interval import Interval, down, point, square, subtract, total, up
from mlpsim.core.proofs.pruning import prune_in_ball, prune_in_box
from mlpsim.core.proofs.separation import separates_strictly
from mlpsim.core.proofs.supports import Supports

Conclusion = Literal["certified", "gap", "infimum-not-attained"]
Ending = Literal["tolerance", "proof", "boxes", "rounding", "flat", "interrupted"]
Report = Callable[[float, float, float], None]

BATCH = 512  # boxes that are split together
BATCH_NUMBERS = 200_000  # float64s of a layer's products over a batch: they fit into the cache
MAX_BOXES = 30_000
MAX_JUDGED = 150_000  # boxes looked at, when one costs as much as a small network on few samples
MOST_SAMPLES = 24  # from here on the time that a box takes grows with the samples
MOST_SLOTS = 3  # weights without biases, from which on it grows with them
DEAR = 2.0  # times as much where erf is computed, and where lines are laid under kinks
PLAIN = 0.93  # of those: from here on bounds mind kinks
FLAT, FLAT_BOXES = 1e-12, 2_000  # a gap so small, of the J first seen, with so many boxes around S*
SMALL = 1e-300
REFINED_BOXES = 2_000
MAX_COVER = 64  # more cells than these around S* and it is not called isolated
COVER_WIDTH = 1e-4  # of the width of C, to which boxes around S* are refined and joined
MAX_REPORTED = 1_024


@dataclass(frozen=True, eq=False)
class Optimum:
    """f_lo ≤ f* ≤ f_hi = an upper bound of J at ``theta`` (P,), and a cover of S*.

    ``cover`` holds boxes lo, hi (N, P) outside of which no point of C is optimal. Where the infimum
    is not attained S* is empty, the cover too, and ``theta`` is a direction: along it J falls to 0.
    ``ending`` tells why the search went no further: the gap is within the tolerance, or a proof
    needed none; it looked at as many boxes as it may; floats lie no closer; the gap is that of
    rounding, around too many points; or it was interrupted.
    """

    f_lo: float
    f_hi: float
    theta: Array
    cover: Interval
    isolated: bool
    verdict: Conclusion
    ending: Ending

    @property
    def gap(self) -> float:
        return self.f_hi - self.f_lo


@quiet()
def minimize(
    problem: Problem,
    feasible: FeasibleSet | None = None,
    tolerance: float = 1e-9,
    absolute: bool = False,
    interrupted: Callable[[], bool] = lambda: False,
    report: Report = lambda f_lo, f_hi, share: None,
    patience: float = 1.0,
) -> Optimum:
    """Bounds of f* = min J over C, to ``tolerance`` relative to |f*|, or absolute.

    Without ``feasible``, C is the problem's own. On the whole space there is an answer where a
    penalty keeps the minimisers in a box, or the infimum 0 is proved not to be attained; else
    ValueError. When interrupted, the bounds are
    those reached so far. ``report`` is told of them now and then, and of the share of boxes that
    have been looked at, of those that are at most. Their number grows with ``patience``.
    """
    feasible = problem.feasible if feasible is None else feasible
    feasible.check(problem.network.n_params)
    bounded = feasible if isinstance(feasible, Box | Ball) else box_of_minimisers(problem)
    if bounded is None:
        return _not_attained(problem)
    search = _Search(problem, bounded, patience)
    while (ending := search.ending(tolerance, absolute)) is None and not interrupted():
        search.advance(search.lowest())
        report(search.f_lo, search.f_hi, search.share)
    isolated = search.refine_cover(interrupted)
    verdict: Conclusion = "certified" if ending == "tolerance" else "gap"
    return Optimum(
        search.f_lo,
        search.f_hi,
        search.theta,
        search.cover(),
        isolated,
        verdict,
        ending or "interrupted",
    )


def _not_attained(problem: Problem) -> Optimum:
    direction = separates_strictly(problem)
    if direction is None:
        raise ValueError(
            "On the whole space nothing is proved about f* of this problem: choose a box or a ball"
        )
    empty = np.empty((0, problem.network.n_params))
    return Optimum(
        0.0, 0.0, direction, Interval(empty, empty), False, "infimum-not-attained", "proof"
    )


class _Search:
    """The boxes that may hold a minimiser, and the best point found."""

    def __init__(self, problem: Problem, feasible: Box | Ball, patience: float) -> None:
        self.problem, self.feasible = problem, feasible
        self.enclosure = Enclosure(problem)
        self.supports = Supports(problem)
        self.batch = _batch(problem)
        self.most = self.left = patience * MAX_JUDGED / _cost(problem)
        self.plain = PLAIN * self.left if self.supports.has_kinks else -np.inf
        self.most_boxes = patience * MAX_BOXES
        lo, hi = _bounding_box(feasible)
        # Twice the half, for the width itself may be beyond all numbers.
        self.cell = max(2.0 * COVER_WIDTH * float(np.max(0.5 * hi - 0.5 * lo)), 1e-300)
        self.theta = feasible.project(np.clip(0.5 * lo + 0.5 * hi, lo, hi))
        self.f_hi = np.inf
        self.f_lo = -np.inf
        self._offer(self.theta)
        self.flat = max(FLAT * abs(self.f_hi), SMALL)
        self.boxes = self._judge(lo[None], hi[None], np.array([-np.inf]))
        self._settle()

    # -- the search ----------------------------------------------------------------------------

    def is_close(self, tolerance: float, absolute: bool) -> bool:
        """Whether the gap is within the tolerance, which is of the smaller |f*| possible."""
        if not (isfinite(self.f_lo) and isfinite(self.f_hi)):
            return False
        size = min(abs(self.f_lo), abs(self.f_hi)) if self.f_lo * self.f_hi >= 0.0 else 0.0
        return self.f_hi - self.f_lo <= (tolerance if absolute else tolerance * size)

    def ending(self, tolerance: float, absolute: bool) -> Ending | None:
        """Why the search goes no further; None where it does."""
        gap = self.f_hi - self.f_lo
        if self.is_close(tolerance, absolute):
            return "tolerance"
        if gap <= SMALL or (gap <= self.flat and len(self.boxes) > FLAT_BOXES):
            return "flat"
        if self.left <= 0.0 or len(self.boxes) > self.most_boxes:
            return "boxes"
        return None if self.boxes.splittable.any() else "rounding"

    @property
    def share(self) -> float:
        """How many boxes have been looked at, of the most."""
        return min(1.0, 1.0 - self.left / self.most)

    def lowest(self) -> Indices:
        """The boxes with the lowest bounds: those that hold f_lo down."""
        candidates = np.flatnonzero(self.boxes.splittable)
        if len(candidates) <= self.batch:
            return candidates
        order = np.argpartition(self.boxes.lower[candidates], self.batch)
        return candidates[order[: self.batch]]

    def advance(self, which: Indices) -> None:
        """Split some boxes, judge the pieces, and keep what may hold a minimiser."""
        chosen = self.boxes.take(which)
        if self._minds_kinks:
            reach = 0.5 * float(np.median(chosen.widths))
            self.supports = self.supports.balanced(self.theta, reach, self._ways())
        kept = np.ones(len(self.boxes), dtype=bool)
        kept[which] = False
        pieces = self._judge(*chosen.cut())
        self.boxes = self.boxes.take(kept).joined(pieces)
        self._settle()

    def refine_cover(self, interrupted: Callable[[], bool]) -> bool:
        """Split what is left until it is small; False where there is more than MAX_COVER of it."""
        while not interrupted():
            wide = np.flatnonzero(self._is_wide() & self.boxes.splittable)
            if not len(wide) or self.left <= 0.0 or len(self.boxes) > REFINED_BOXES:
                break
            self.advance(wide[: self.batch])
        cells = merged(Interval(self.boxes.lo, self.boxes.hi), self.cell)
        return len(cells.lo) <= MAX_COVER and not self._is_wide().any()

    def cover(self) -> Interval:
        """At most MAX_REPORTED boxes around S*; those that share a small cell are joined."""
        return merged(Interval(self.boxes.lo, self.boxes.hi), self.cell, MAX_REPORTED)

    # -- pieces --------------------------------------------------------------------------------

    def _is_wide(self) -> Flags:
        return self.boxes.widths > self.cell

    def _judge(self, lo: Array, hi: Array, lower: Array) -> Boxes:
        """The boxes that may hold a minimiser, shrunk to where it may be."""
        self.left -= len(lo) * (DEAR if self._minds_kinks else 1.0)
        value, gradient = self.enclosure.value_and_gradient(lo, hi)
        lower = np.maximum(lower, self.enclosure.lower_value(lo, hi, value, gradient))
        self._search_near(lo, hi)
        if self._minds_kinks:
            open_ones = ~(lower > self.f_hi)
            better = self.supports.lower_value(lo[open_ones], hi[open_ones])
            lower[open_ones] = np.maximum(lower[open_ones], better)
        if isinstance(self.feasible, Box):
            kept, new_lo, new_hi = prune_in_box(self.feasible, lo, hi, gradient)
        else:
            kept, new_lo, new_hi = prune_in_ball(self.feasible, lo, hi, gradient)
        kept &= ~(lower > self.f_hi)
        shrunk = kept & ((new_lo != lo) | (new_hi != hi)).any(axis=-1)
        lo, hi = new_lo, new_hi
        if shrunk.any():
            value, inner = self.enclosure.value_and_gradient(lo[shrunk], hi[shrunk])
            better = self.enclosure.lower_value(lo[shrunk], hi[shrunk], value, inner)
            lower[shrunk] = np.maximum(lower[shrunk], better)
            # A box that has shrunk to a corner of C is not split again.
            self._search_near(lo[shrunk], hi[shrunk])
        return Boxes(lo, hi, lower, axis_of(lo, hi, gradient.magnitude)).take(kept)

    @property
    def _minds_kinks(self) -> bool:
        """Whether lines are laid under kinks: it takes time, and boxes that are small."""
        return self.left < self.plain

    def _ways(self) -> Array:
        """What projects a gradient on the directions in which the best point can move (P, P)."""
        theta, feasible = self.theta, self.feasible
        ways = np.eye(len(theta))
        if isinstance(feasible, Box):
            ways[(theta == feasible.lo) | (theta == feasible.hi)] = 0.0
        else:
            outward = theta - np.array(feasible.center)
            length = float(np.linalg.norm(outward))
            if length > 0.999 * feasible.radius > 0.0:
                ways -= np.outer(outward, outward) / (length * length)
        return ways

    def _settle(self) -> None:
        self.boxes = self.boxes.take(~(self.boxes.lower > self.f_hi))
        assert len(self.boxes), "every box was dropped: a bound is wrong"
        self.f_lo = float(self.boxes.lower.min())

    def _search_near(self, lo: Array, hi: Array) -> None:
        """Look for a better point at the boxes' centres, and along -∇J from the best of them."""
        best = self._best(self.feasible.project(0.5 * lo + 0.5 * hi))
        steps = float((hi - lo).max()) * 0.5 ** np.arange(12.0)
        slope = self.problem.gradient(best)
        size = float(np.linalg.norm(slope))
        if 0.0 < size < np.inf:
            line = self.feasible.project(best - steps[:, None] * (slope / size))
            best = self._best(np.concatenate([best[None], line]))
        self._offer(best)

    def _best(self, thetas: Array) -> Array:
        values = self.problem.value(thetas)
        result: Array = thetas[int(np.where(np.isnan(values), np.inf, values).argmin())]
        return result

    def _offer(self, theta: Array) -> None:
        """Take a point of C as the best one if its proven value is lower."""
        theta = _surely_inside(self.feasible, theta)
        value = float(self.enclosure.upper_value(theta[None])[0])
        if value < self.f_hi:
            self.f_hi, self.theta = value, theta


def _batch(problem: Problem) -> int:
    """How many boxes are judged together, so that their products stay in the cache."""
    slots = max(layer.shape[0] * layer.shape[1] for layer in problem.network.layout)
    return max(1, min(BATCH, BATCH_NUMBERS // (slots * len(problem.data))))


def _cost(problem: Problem) -> float:
    """How much longer a box takes than that of a small network on few samples, roughly."""
    has_erf = any(activation.name == "gelu" for activation in problem.network.activations)
    slots = sum(layer.shape[0] * layer.shape[1] for layer in problem.network.layout)
    size = len(problem.data) / MOST_SAMPLES * max(1.0, slots / MOST_SLOTS)
    return max(1.0, size) * (DEAR if has_erf else 1.0)


def _bounding_box(feasible: Box | Ball) -> tuple[Array, Array]:
    if isinstance(feasible, Box):
        return np.array(feasible.lo, dtype=np.float64), np.array(feasible.hi, dtype=np.float64)
    centre = np.array(feasible.center)
    lo, hi = down(centre - feasible.radius), up(centre + feasible.radius)
    if not (np.isfinite(lo).all() and np.isfinite(hi).all()):
        raise ValueError(f"the ball of radius {feasible.radius:g} reaches beyond all numbers")
    return lo, hi


def _surely_inside(feasible: Box | Ball, theta: Array) -> Array:
    """A projected point, pulled in by what rounding may have put outside of a ball."""
    if isinstance(feasible, Box):
        return theta
    centre, radius = np.array(feasible.center), point(np.array(feasible.radius))
    for pull in (0.0, 1e-15, 1e-14, 1e-12, 1e-9, 1e-6, 1e-3):
        inner: Array = theta + (centre - theta) * pull
        offset = subtract(point(inner), point(centre))
        if total(square(offset), axis=-1).hi <= square(radius).lo:
            return inner
    return centre
