"""The search for stationary points: boxes that cover them, and boxes that hold exactly one.

Branch and bound on the first-order conditions: a box is split until the gradient's enclosure (its
natural and its mean-value form) excludes a stationary point, or until Krawczyk's operator proves
that a box around it holds exactly one (Neumaier 1990, chapter 5).
"""

from collections.abc import Callable
from math import isfinite

import numpy as np

from mlpsim.core.arrays import Array, Flags
from mlpsim.core.feasible import Ball, Box
from mlpsim.core.problem import Problem, quiet
from mlpsim.core.proofs.boxes import Boxes
from mlpsim.core.proofs.first_order import InBall, InBox, InWindow, Place, Role
from mlpsim.core.proofs.interval import (
    EPS,
    Interval,
    add,
    intersection,
    joined,
    matmul,
    point,
    subtract,
    taken,
)
from mlpsim.core.proofs.stationary_equations import StationaryEquations
from mlpsim.core.proofs.stationary_proof import Proof, polished, prove

BATCH = 512  # boxes that are split together
MOST_JUDGED = 30_000
MOST_OPEN = 4_000  # boxes left, from which on the points are taken not to be isolated
FINEST = 1e-6  # of the width of the place, to which boxes that stay undecided are split
WIDEST = 0.05  # of the width of the place: a box with one point is tried no wider
MOST_TRIED = 16  # proofs that are tried at a time


class StationarySearch:
    """The boxes that may hold stationary points, and the proofs of points that were found."""

    @quiet()
    def __init__(self, problem: Problem, where: Box | Ball, has_walls: bool = True) -> None:
        where.check(problem.network.n_params)
        ball = where if isinstance(where, Ball) else None
        self.equations = StationaryEquations(problem, ball)
        self.place: Place
        if isinstance(where, Ball):
            self.place = InBall(where)
        else:
            self.place = InBox(where) if has_walls else InWindow(where)
        lo, hi = self.place.bounds
        self.width = float((hi - lo).max())
        if not isfinite(self.width):
            raise ValueError("the set C reaches beyond all numbers")
        rounding = 8.0 * EPS * float(np.maximum(np.abs(lo), np.abs(hi)).max())
        self.finest = max(FINEST * self.width, rounding)
        self.proofs: list[Proof] = []
        self.left = MOST_JUDGED
        self.fine: list[Boxes] = []  # too small to be split further
        self.boxes = self._judge(lo[None], hi[None])

    @property
    def points(self) -> list[Proof]:
        """The proofs of stationary points."""
        return [proof for proof in self.proofs if proof.is_stationary]

    @property
    def is_finished(self) -> bool:
        """Whether no box is left that could be split."""
        return not len(self.boxes)

    @property
    def undecided(self) -> Interval:
        """Boxes that cover every stationary point that is not proved."""
        left = [self.boxes, *self.fine]
        return joined((Interval(boxes.lo, boxes.hi) for boxes in left), 0)

    def run(self, interrupted: Callable[[], bool]) -> None:
        """Split until all is decided, there are too many boxes or someone interrupts."""
        while len(self.boxes) and self.left > 0 and len(self.boxes) <= MOST_OPEN:
            if interrupted():
                break
            order = np.argsort(-self.boxes.widths, kind="stable")
            lo, hi, _ = self.boxes.take(order[:BATCH]).split(2)
            rest = self.boxes.take(order[BATCH:])
            self.boxes = rest.joined(self._judge(lo, hi))

    @quiet()
    def _judge(self, lo: Array, hi: Array) -> Boxes:
        """The boxes that may hold a stationary point, cut to where it may be."""
        self.left -= len(lo)
        lo, hi, gradient = self._pruned(lo, hi, self.equations.gradient(lo, hi))
        if not len(lo):
            return self._set_aside(lo, hi)
        hessian = self.equations.hessian(lo, hi)
        gradient = intersection(gradient, self._mean_value(lo, hi, hessian))
        kept, lo, hi = self.place.pruned(lo, hi, gradient)
        role = self.place.role(lo, hi, gradient)
        multiplier = self.equations.multiplier(lo, hi, gradient, role.on_sphere)
        x = Interval(np.column_stack([lo, multiplier.lo]), np.column_stack([hi, multiplier.hi]))
        image = self.equations.solutions(x, hessian, role)
        settled = role.is_settled[:, None]
        shrinks = role.is_settled & _is_narrower(image, x)
        cut = intersection(x, image)
        x = Interval(np.where(settled, cut.lo, x.lo), np.where(settled, cut.hi, x.hi))
        kept &= (x.lo <= x.hi).all(axis=-1)
        x, role = taken(x, kept), role.take(kept)
        is_ripe = shrinks[kept] | role.is_settled & self._is_fine(x.lo[:, :-1], x.hi[:, :-1])
        open_ones = self._without_proved(x, role, is_ripe)
        return self._set_aside(x.lo[open_ones, :-1], x.hi[open_ones, :-1])

    def _pruned(self, lo: Array, hi: Array, gradient: Interval) -> tuple[Array, Array, Interval]:
        kept, lo, hi = self.place.pruned(lo, hi, gradient)
        return lo[kept], hi[kept], taken(gradient, kept)

    def _mean_value(self, lo: Array, hi: Array, hessian: Interval) -> Interval:
        """∇J(w) = ∇J(c) + ∇²J·(w - c), with ∇²J over the box (N, P)."""
        centre = np.clip(0.5 * lo + 0.5 * hi, lo, hi)
        offset = subtract(Interval(lo, hi), point(centre))
        change = matmul(hessian, Interval(offset.lo[..., None], offset.hi[..., None]))
        at_centre = self.equations.gradient(centre, centre)
        return add(at_centre, Interval(change.lo[..., 0], change.hi[..., 0]))

    def _without_proved(self, x: Interval, role: Role, is_ripe: Flags) -> Flags:
        """Which boxes may hold another point than those proved; in ripe ones one is sought."""
        is_open = np.ones(len(x.lo), dtype=bool)
        for proof in self.proofs:
            is_open &= ~proof.covers(x, role)
        tried = np.flatnonzero(is_open & is_ripe)[:MOST_TRIED]
        if not len(tried):
            return is_open
        starts = 0.5 * x.lo[tried] + 0.5 * x.hi[tried]
        ends = polished(self.equations, starts, role.take(tried))
        reach = x.hi[tried] - x.lo[tried] + 1e-9 * np.abs(starts)
        near = (np.abs(ends - starts) <= reach).all(axis=-1)
        for i, end in zip(tried[near], ends[near], strict=True):
            own = role.take(np.array([i]))
            if is_open[i] and not self._is_known(point(end[None]), own):
                found = prove(self.equations, self.place, end[None], own, WIDEST * self.width)
                if found is not None:
                    self.proofs.append(found)
                    is_open &= ~found.covers(x, role)
        return is_open

    def _is_known(self, x: Interval, role: Role) -> bool:
        return any(bool(proof.covers(x, role).all()) for proof in self.proofs)

    def _is_fine(self, lo: Array, hi: Array) -> Flags:
        return np.asarray((hi - lo <= self.finest).all(axis=-1))

    def _set_aside(self, lo: Array, hi: Array) -> Boxes:
        """The boxes that are to be split; the others are kept as fine ones."""
        is_fine = self._is_fine(lo, hi)
        boxes = Boxes(lo, hi, np.zeros(len(lo)), (0.5 * hi - 0.5 * lo).argmax(axis=-1))
        self.fine.append(boxes.take(is_fine))
        return boxes.take(~is_fine)


def _is_narrower(x: Interval, y: Interval) -> Flags:
    """Whether x is narrower than y along every axis along which y has a width (N,)."""
    return np.asarray(((x.hi - x.lo < y.hi - y.lo) | (y.hi == y.lo)).all(axis=-1))
