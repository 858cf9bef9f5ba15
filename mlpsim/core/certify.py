"""Certified answers to (OP): f* between proven bounds, and boxes that cover S*.

Interval branch-and-bound (Hansen and Walster 2004): boxes are split, bounded below by the natural
and the mean-value form, and dropped where the bound exceeds the best known value or where the
gradient proves that no minimiser lies inside. Every comparison is made with rounded-outward bounds.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from mlpsim.core.arrays import Array, Flags, Indices
from mlpsim.core.enclosure import Enclosure
from mlpsim.core.feasible import Ball, Box, FeasibleSet
from mlpsim.core.interval import Interval
from mlpsim.core.problem import Problem, quiet
from mlpsim.core.pruning import prune_in_ball, prune_in_box
from mlpsim.core.separation import separates_strictly

Verdict = Literal["certified", "gap", "infimum-not-attained"]

BATCH = 512  # boxes that are split together
SPLITS = 64  # a small batch is cut finer, so that depth costs fewer rounds
MAX_BOXES = 30_000
MAX_COVER = 64  # more boxes than these around S* and it is not called isolated
COVER_WIDTH = 1e-4  # of the width of C, to which boxes around S* are refined


@dataclass(frozen=True)
class Optimum:
    """f_lo ≤ f* ≤ f_hi = an upper bound of J at ``theta`` (P,), and a cover of S*.

    ``cover`` holds boxes lo, hi (N, P) outside of which no point of C is optimal. S* is empty, and
    the cover too, where the infimum is not attained.
    """

    f_lo: float
    f_hi: float
    theta: Array
    cover: Interval
    isolated: bool
    verdict: Verdict

    @property
    def gap(self) -> float:
        return self.f_hi - self.f_lo


@dataclass(frozen=True)
class Boxes:
    """Boxes lo, hi (N, P), a lower bound of J over each (N,), and the axis to split next (N,)."""

    lo: Array
    hi: Array
    lower: Array
    axis: Indices

    def __len__(self) -> int:
        return len(self.lower)

    def take(self, which: Flags | Indices) -> "Boxes":
        return Boxes(self.lo[which], self.hi[which], self.lower[which], self.axis[which])

    def joined(self, other: "Boxes") -> "Boxes":
        return Boxes(
            np.concatenate([self.lo, other.lo]),
            np.concatenate([self.hi, other.hi]),
            np.concatenate([self.lower, other.lower]),
            np.concatenate([self.axis, other.axis]),
        )

    @property
    def widths(self) -> Array:
        """The longest side of each (N,)."""
        result: Array = (self.hi - self.lo).max(axis=-1)
        return result

    @property
    def splittable(self) -> Flags:
        """Whether the axis to split still holds a float between its ends."""
        rows = np.arange(len(self))
        lo, hi = self.lo[rows, self.axis], self.hi[rows, self.axis]
        middle = 0.5 * (lo + hi)
        return (lo < middle) & (middle < hi)


def minimize(
    problem: Problem,
    feasible: FeasibleSet | None = None,
    tolerance: float = 1e-9,
    absolute: bool = False,
    interrupted: Callable[[], bool] = lambda: False,
    report: Callable[[float, float], None] = lambda f_lo, f_hi: None,
) -> Optimum:
    """Bounds of f* = min J over C, to ``tolerance`` relative to |f*|, or absolute.

    Without ``feasible``, C is the problem's own. On the whole space the only answer is a proof that
    the infimum 0 is not attained; ValueError where there is none. When interrupted, the bounds are
    those reached so far. ``report`` is told of them now and then.
    """
    feasible = problem.feasible if feasible is None else feasible
    feasible.check(problem.network.n_params)
    if not isinstance(feasible, Box | Ball):
        return _on_whole_space(problem)
    search = _Search(problem, feasible)
    while not search.is_done(tolerance, absolute) and not interrupted():
        search.advance(search.lowest())
        report(search.f_lo, search.f_hi)
    verdict: Verdict = "certified" if search.is_close(tolerance, absolute) else "gap"
    isolated = search.refine_cover(interrupted)
    boxes = search.boxes
    return Optimum(
        search.f_lo, search.f_hi, search.theta, Interval(boxes.lo, boxes.hi), isolated, verdict
    )


def _on_whole_space(problem: Problem) -> Optimum:
    direction = separates_strictly(problem)
    if direction is None:
        raise ValueError(
            "On the whole space nothing is proved about f* of this problem: choose a box or a ball"
        )
    empty = np.empty((0, problem.network.n_params))
    return Optimum(0.0, 0.0, direction, Interval(empty, empty), False, "infimum-not-attained")


class _Search:
    """The boxes that may hold a minimiser, and the best point found."""

    def __init__(self, problem: Problem, feasible: Box | Ball) -> None:
        self.problem, self.feasible = problem, feasible
        self.enclosure = Enclosure(problem)
        lo, hi = _bounding_box(feasible)
        self.width = float((hi - lo).max())
        self.theta = feasible.project(0.5 * (lo + hi))
        self.f_hi = np.inf
        self.f_lo = -np.inf
        self._offer(self.theta)
        self.boxes = self._judge(lo[None], hi[None], np.array([-np.inf]))
        self._settle()

    # -- the search ----------------------------------------------------------------------------

    def is_close(self, tolerance: float, absolute: bool) -> bool:
        allowed = tolerance if absolute else tolerance * abs(self.f_hi)
        return self.f_hi - self.f_lo <= allowed

    def is_done(self, tolerance: float, absolute: bool) -> bool:
        return (
            self.is_close(tolerance, absolute)
            or len(self.boxes) > MAX_BOXES
            or not self.boxes.splittable.any()
        )

    def lowest(self) -> Indices:
        """The boxes with the lowest bounds: those that hold f_lo down."""
        candidates = np.flatnonzero(self.boxes.splittable)
        if len(candidates) <= BATCH:
            return candidates
        order = np.argpartition(self.boxes.lower[candidates], BATCH)
        return candidates[order[:BATCH]]

    def advance(self, which: Indices) -> None:
        """Split some boxes, judge the pieces, and keep what may hold a minimiser."""
        chosen = self.boxes.take(which)
        kept = np.ones(len(self.boxes), dtype=bool)
        kept[which] = False
        parts = max(2, min(8, SPLITS // max(1, len(chosen))))
        lo, hi, lower = _split(chosen, parts)
        pieces = self._judge(lo, hi, lower)
        self.boxes = self.boxes.take(kept).joined(pieces)
        self._settle()

    def refine_cover(self, interrupted: Callable[[], bool]) -> bool:
        """Split what is left until it is small; False where there is more than MAX_COVER of it."""
        while len(self.boxes) <= MAX_COVER and not interrupted():
            wide = (self.boxes.widths > COVER_WIDTH * self.width) & self.boxes.splittable
            if not wide.any():
                return True
            self.advance(np.flatnonzero(wide))
        return False

    # -- pieces --------------------------------------------------------------------------------

    def _judge(self, lo: Array, hi: Array, lower: Array) -> Boxes:
        """The boxes that may hold a minimiser, shrunk to where it may be."""
        value, gradient = self.enclosure.value_and_gradient(lo, hi)
        lower = np.maximum(lower, self.enclosure.lower_value(lo, hi, value, gradient))
        self._search_near(lo, hi)
        prune = prune_in_box if isinstance(self.feasible, Box) else prune_in_ball
        kept, new_lo, new_hi = prune(self.feasible, lo, hi, gradient)  # type: ignore[arg-type]
        kept &= ~(lower > self.f_hi)
        shrunk = kept & ((new_lo != lo) | (new_hi != hi)).any(axis=-1)
        lo, hi = new_lo, new_hi
        if shrunk.any():
            value, inner = self.enclosure.value_and_gradient(lo[shrunk], hi[shrunk])
            better = self.enclosure.lower_value(lo[shrunk], hi[shrunk], value, inner)
            lower[shrunk] = np.maximum(lower[shrunk], better)
        smear = (hi - lo) * gradient.magnitude
        smear = np.where(np.isfinite(smear), smear, hi - lo)
        # A gradient that cannot tell axes apart leaves the longest side.
        axis = np.where(smear.max(axis=-1) > 0.0, smear.argmax(axis=-1), (hi - lo).argmax(axis=-1))
        return Boxes(lo, hi, lower, axis).take(kept)

    def _settle(self) -> None:
        self.boxes = self.boxes.take(~(self.boxes.lower > self.f_hi))
        if not len(self.boxes):
            raise ArithmeticError("every box was dropped: a bound is wrong")
        self.f_lo = float(self.boxes.lower.min())

    def _search_near(self, lo: Array, hi: Array) -> None:
        """Look for a better point at the boxes' centres, and along -∇J from the best of them."""
        centres = self.feasible.project(0.5 * (lo + hi))
        values = self.problem.value(centres)
        best = centres[int(np.nanargmin(np.where(np.isnan(values), np.inf, values)))]
        steps = float((hi - lo).max()) * 0.5 ** np.arange(12.0)
        slope = self.problem.gradient(best)
        size = float(np.linalg.norm(slope))
        if 0.0 < size < np.inf:
            line = self.feasible.project(best - steps[:, None] * (slope / size))
            candidates = np.concatenate([best[None], line])
            values = self.problem.value(candidates)
            best = candidates[int(np.nanargmin(np.where(np.isnan(values), np.inf, values)))]
        self._offer(best)

    def _offer(self, theta: Array) -> None:
        """Take a point of C as the best one if its proven value is lower."""
        theta = _strictly_inside(self.feasible, theta)
        value = float(self.enclosure.upper_value(theta[None])[0])
        if value < self.f_hi:
            self.f_hi, self.theta = value, theta


def _bounding_box(feasible: Box | Ball) -> tuple[Array, Array]:
    if isinstance(feasible, Box):
        return np.array(feasible.lo, dtype=np.float64), np.array(feasible.hi, dtype=np.float64)
    centre = np.array(feasible.center)
    reach = feasible.radius * (1.0 + 1e-15)
    return np.nextafter(centre - reach, -np.inf), np.nextafter(centre + reach, np.inf)


def _strictly_inside(feasible: Box | Ball, theta: Array) -> Array:
    """A projected point, pulled in by what rounding may have put outside of a ball."""
    if isinstance(feasible, Box):
        return theta
    centre = np.array(feasible.center)
    offset = theta - centre
    if float(np.linalg.norm(offset)) < feasible.radius * (1.0 - 1e-14):
        return theta
    inner: Array = centre + offset * (1.0 - 1e-14)
    return inner


@quiet()
def _split(boxes: Boxes, parts: int) -> tuple[Array, Array, Array]:
    """Each box cut into equal parts along its axis; a part inherits the bound."""
    rows = np.arange(len(boxes))
    lo, hi = boxes.lo[rows, boxes.axis], boxes.hi[rows, boxes.axis]
    cuts = lo + (hi - lo) * (np.arange(parts + 1)[:, None] / parts)
    cuts[0], cuts[-1] = lo, hi
    cuts = np.clip(cuts, lo, hi)
    new_lo, new_hi = np.repeat(boxes.lo[None], parts, 0), np.repeat(boxes.hi[None], parts, 0)
    new_lo[:, rows, boxes.axis] = cuts[:-1]
    new_hi[:, rows, boxes.axis] = cuts[1:]
    shape = (-1, boxes.lo.shape[1])
    return new_lo.reshape(shape), new_hi.reshape(shape), np.tile(boxes.lower, parts)
