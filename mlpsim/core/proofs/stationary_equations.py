"""The equations of a stationary point, in its parameters w and the multiplier λ of a sphere.

Inside and on the walls of a box: ∂J/∂w_p = 0 for the free parameters, w_p as it is for the others,
λ = 0. On the sphere of a ball: ∇J + λ(w - c) = 0 and (‖w - c‖² - r²)/2 = 0.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from mlpsim.core.arrays import Array, Flags
from mlpsim.core.feasible import Ball
from mlpsim.core.problem import Problem, quiet
from mlpsim.core.proofs.enclosure import Enclosure
from mlpsim.core.proofs.first_order import Role
from mlpsim.core.proofs.hessian_enclosure import HessianEnclosure
from mlpsim.core.proofs.interval import (
    Interval,
    add,
    down,
    joined,
    multiply,
    point,
    scale,
    square,
    subtract,
    total,
    up,
)
from mlpsim.core.proofs.krawczyk import krawczyk


@dataclass(frozen=True)
class StationaryEquations:
    """F(w, λ) = 0 and its Jacobian over boxes, each with its role; x is (N, P + 1)."""

    problem: Problem
    ball: Ball | None

    @cached_property
    def _enclosure(self) -> Enclosure:
        return Enclosure(self.problem)

    @cached_property
    def _hessian(self) -> HessianEnclosure:
        return HessianEnclosure(self.problem)

    def value(self, lo: Array, hi: Array) -> Interval:
        """J over boxes of parameters (N,)."""
        return self._enclosure.value_and_gradient(lo, hi)[0]

    def gradient(self, lo: Array, hi: Array) -> Interval:
        """∇J over boxes of parameters (N, P)."""
        return self._enclosure.value_and_gradient(lo, hi)[1]

    def hessian(self, lo: Array, hi: Array) -> Interval:
        """∇²J over boxes of parameters (N, P, P)."""
        return self._hessian.hessian(lo, hi)

    @quiet()
    def multiplier(self, lo: Array, hi: Array, gradient: Interval, on_sphere: Flags) -> Interval:
        """λ = -∇J·(w - c)/r² where a sphere's equations hold, else 0: (N,)."""
        if self.ball is None:
            return point(np.zeros(len(lo)))
        along = total(multiply(gradient, self.offset(Interval(lo, hi))), axis=-1)
        radius = square(point(np.array(self.ball.radius)))
        ends = [bound / edge for bound in along for edge in radius]
        lowest, highest = -np.max(ends, axis=0), -np.min(ends, axis=0)
        return Interval(
            np.where(on_sphere, down(down(lowest)), 0.0), np.where(on_sphere, up(up(highest)), 0.0)
        )

    def solutions(self, x: Interval, hessian: Interval, role: Role) -> Interval:
        """Krawczyk's image of boxes x, with ∇²J over their parameters (N, P + 1)."""
        centre = np.clip(0.5 * x.lo + 0.5 * x.hi, x.lo, x.hi)
        return krawczyk(x, centre, self.at(centre, role), self.jacobian(x, hessian, role))

    @quiet()
    def extent(self, x: Array) -> Array:
        """How far λ moves while w moves by 1 near a point x (1, P + 1), roughly; 1 for w."""
        size = np.ones(x.shape[1])
        if self.ball is not None:
            w = x[:, :-1]
            bend = self.hessian(w, w).magnitude.max() + abs(x[0, -1])
            size[-1] = 4.0 * bend / self.ball.radius
        return size

    @quiet()
    def at(self, x: Array, role: Role) -> Interval:
        """F at points (N, P + 1)."""
        w, multiplier = x[:, :-1], point(x[:, -1:])
        gradient = self.gradient(w, w)
        zero = point(np.zeros(multiplier.lo.shape))
        if self.ball is None:
            free = _where(role.free, gradient, point(np.zeros(w.shape)))
            return joined([free, zero], -1)
        offset = self.offset(point(w))
        on_sphere = role.on_sphere[:, None]
        pulled = add(gradient, multiply(multiplier, offset))
        radius = square(point(np.array(self.ball.radius)))
        squares = total(square(offset), axis=-1)
        beyond = scale(subtract(squares, radius), 0.5)
        level = Interval(beyond.lo[:, None], beyond.hi[:, None])
        of_w = _where(on_sphere, pulled, gradient)
        return joined([of_w, _where(on_sphere, level, multiplier)], -1)

    @quiet()
    def jacobian(self, x: Interval, hessian: Interval, role: Role) -> Interval:
        """F' (N, P + 1, P + 1) over boxes, with ∇²J over their parameters."""
        boxes, size = x.lo.shape
        unit = np.eye(size)
        free = np.zeros((boxes, size, size), dtype=bool)
        free[:, :-1, :-1] = role.free[:, :, None] & role.free[:, None, :]
        result = Interval(np.tile(unit, (boxes, 1, 1)), np.tile(unit, (boxes, 1, 1)))
        for bound, known in zip(result, hessian, strict=True):
            bound[:, :-1, :-1] = np.where(free[:, :-1, :-1], known, unit[:-1, :-1])
        if self.ball is not None:
            self._border(result, x, role.on_sphere)
        return result

    def _border(self, jacobian: Interval, x: Interval, on_sphere: Flags) -> None:
        """λ on the diagonal and w - c along the edges, where the sphere's equations hold."""
        offset = self.offset(Interval(x.lo[:, :-1], x.hi[:, :-1]))
        multiplier = Interval(x.lo[:, -1:], x.hi[:, -1:])
        diagonal = np.arange(x.lo.shape[1] - 1)
        own = Interval(jacobian.lo[:, diagonal, diagonal], jacobian.hi[:, diagonal, diagonal])
        pulled = _where(on_sphere[:, None], add(own, multiplier), own)
        for k, bound in enumerate(jacobian):
            bound[:, diagonal, diagonal] = pulled[k]
            bound[on_sphere, :-1, -1] = offset[k][on_sphere]
            bound[on_sphere, -1, :-1] = offset[k][on_sphere]
            bound[on_sphere, -1, -1] = 0.0

    def offset(self, w: Interval) -> Interval:
        """w - c from the centre of the ball (N, P)."""
        assert self.ball is not None
        return subtract(w, point(np.array(self.ball.center)))


def _where(which: Flags, x: Interval, y: Interval) -> Interval:
    return Interval(np.where(which, x.lo, y.lo), np.where(which, x.hi, y.hi))
