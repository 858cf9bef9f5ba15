"""First-order conditions: what a stationary point solves, inside of a set and on its walls.

A point w of C is stationary for min J over C where -∇J(w) lies in the normal cone of C (Karush,
Kuhn and Tucker): inside of C ∇J vanishes; at a wall of a box J grows inwards; on the sphere of a
ball ∇J = -λ(w - c) with λ ≥ 0.
"""

from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np

from mlpsim.core.arrays import Array, Flags, Indices
from mlpsim.core.feasible import Ball, Box
from mlpsim.core.proofs.interval import Interval, down, point, square, subtract, total, up
from mlpsim.core.proofs.pruning import Pruned, prune_in_ball, prune_in_box


class Role(NamedTuple):
    """What a stationary point in each of N boxes solves.

    ``free`` (N, P): parameters by which ∇J vanishes; the others stand at a wall. ``on_sphere``
    (N,): ∇J = -λ(w - c) holds instead. ``is_settled`` (N,): nothing else is possible in the box.
    """

    free: Flags
    on_sphere: Flags
    is_settled: Flags

    def take(self, which: Flags | Indices) -> "Role":
        return Role(self.free[which], self.on_sphere[which], self.is_settled[which])


class Place(Protocol):
    """Where stationary points are looked for."""

    @property
    def bounds(self) -> tuple[Array, Array]:
        """A box around the place: lo, hi (P,)."""
        ...

    def pruned(self, lo: Array, hi: Array, gradient: Interval) -> Pruned:
        """Which boxes may hold a stationary point (N,), and the boxes shrunk to where."""
        ...

    def role(self, lo: Array, hi: Array, gradient: Interval) -> Role:
        """What a stationary point in pruned boxes solves."""
        ...

    def holds(self, x: Interval, role: Role, gradient: Interval) -> bool | None:
        """Whether the solution of one role's equations is a stationary point of the place.

        ``x`` (1, P + 1) encloses the solution and its λ; None where it may be either.
        """
        ...


@dataclass(frozen=True)
class InWindow:
    """A window on the whole space: a box whose edges are no walls."""

    window: Box

    @property
    def bounds(self) -> tuple[Array, Array]:
        return np.array(self.window.lo, dtype=float), np.array(self.window.hi, dtype=float)

    def pruned(self, lo: Array, hi: Array, gradient: Interval) -> Pruned:
        return np.asarray(gradient.straddles_zero.all(axis=-1)), lo, hi

    def role(self, lo: Array, hi: Array, gradient: Interval) -> Role:
        return _inside(lo, np.ones(len(lo), dtype=bool))

    def holds(self, x: Interval, role: Role, gradient: Interval) -> bool | None:
        return _lies_between(*self.bounds, Interval(x.lo[0, :-1], x.hi[0, :-1]))


@dataclass(frozen=True)
class InBox:
    """A box C with its walls."""

    feasible: Box

    @property
    def bounds(self) -> tuple[Array, Array]:
        return np.array(self.feasible.lo, dtype=float), np.array(self.feasible.hi, dtype=float)

    def pruned(self, lo: Array, hi: Array, gradient: Interval) -> Pruned:
        return prune_in_box(self.feasible, lo, hi, gradient)

    def role(self, lo: Array, hi: Array, gradient: Interval) -> Role:
        first, last = self.bounds
        at_wall = self._at_wall(lo, hi, gradient)
        inside = (lo > first) & (hi < last)
        settled = np.asarray((at_wall | inside).all(axis=-1))
        return Role(~at_wall, np.zeros(len(lo), dtype=bool), settled)

    def _at_wall(self, lo: Array, hi: Array, gradient: Interval) -> Flags:
        """Where a parameter stands at a wall from which J grows inwards (N, P)."""
        first, last = self.bounds
        at_lower = (hi == first) & (gradient.lo > 0.0)
        at_upper = (lo == last) & (gradient.hi < 0.0)
        at_wall: Flags = at_lower | at_upper | (first == last)
        return at_wall

    def holds(self, x: Interval, role: Role, gradient: Interval) -> bool | None:
        w, free = Interval(x.lo[:, :-1], x.hi[:, :-1]), role.free[0]
        if not (free[None] | self._at_wall(*w, gradient)).all():
            return None
        first, last = self.bounds
        return _lies_between(first[free], last[free], Interval(w.lo[0, free], w.hi[0, free]))


@dataclass(frozen=True)
class InBall:
    """A ball C with its sphere."""

    feasible: Ball

    @property
    def bounds(self) -> tuple[Array, Array]:
        centre = np.array(self.feasible.center)
        return down(centre - self.feasible.radius), up(centre + self.feasible.radius)

    def pruned(self, lo: Array, hi: Array, gradient: Interval) -> Pruned:
        return prune_in_ball(self.feasible, lo, hi, gradient)

    def role(self, lo: Array, hi: Array, gradient: Interval) -> Role:
        distance, radius = self._squares(Interval(lo, hi))
        inside = distance.hi < radius.lo
        on_sphere = ~inside & ~gradient.straddles_zero.all(axis=-1) & (radius.lo > 0.0)
        return Role(np.ones(lo.shape, dtype=bool), on_sphere, inside | on_sphere)

    def holds(self, x: Interval, role: Role, gradient: Interval) -> bool | None:
        if role.on_sphere[0]:
            multiplier = Interval(x.lo[0, -1:], x.hi[0, -1:])
            return _lies_between(np.zeros(1), np.full(1, np.inf), multiplier)
        distance, radius = self._squares(Interval(x.lo[:, :-1], x.hi[:, :-1]))
        return _lies_between(np.full(1, -np.inf), np.array([radius.lo]), distance)

    def _squares(self, w: Interval) -> tuple[Interval, Interval]:
        """‖w - c‖² (N,), and r²."""
        offset = subtract(w, point(np.array(self.feasible.center)))
        return total(square(offset), axis=-1), square(point(np.array(self.feasible.radius)))


def _lies_between(first: Array, last: Array, x: Interval) -> bool | None:
    """Whether first < x < last for all or for no value of x; None where it is not known."""
    if ((x.lo > first) & (x.hi < last)).all():
        return True
    return False if ((x.lo > last) | (x.hi < first)).any() else None


def _inside(lo: Array, settled: Flags) -> Role:
    return Role(np.ones(lo.shape, dtype=bool), np.zeros(len(lo), dtype=bool), settled)
