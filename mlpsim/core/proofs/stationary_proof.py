"""Proofs of stationary points: a box that holds exactly one, from a point that is close to it."""

from typing import NamedTuple

import numpy as np

from mlpsim.core.arrays import Array, Flags
from mlpsim.core.problem import quiet
from mlpsim.core.proofs.first_order import Place, Role
from mlpsim.core.proofs.interval import Interval, intersection, point, taken
from mlpsim.core.proofs.krawczyk import middle_inverse
from mlpsim.core.proofs.stationary_equations import StationaryEquations

STEPS = 8  # of Newton's method, to the point that is to be proved
CLOSEST, TRIES = 1e-13, 24  # a box is tried from the widest one down to this part of it
TIGHTENED = 20  # times that a proved box is cut to the operator's image, at most


class Proof(NamedTuple):
    """Boxes of w and λ (1, P + 1): ``x`` holds the one solution of the equations in ``region``.

    ``is_stationary``: whether it is a stationary point of the place, or proved to be none.
    """

    region: Interval
    x: Interval
    role: Role
    is_stationary: bool

    @property
    def w(self) -> Interval:
        """The box that holds the point's parameters (1, P)."""
        return Interval(self.x.lo[:, :-1], self.x.hi[:, :-1])

    def covers(self, x: Interval, role: Role) -> Flags:
        """Which boxes with these roles (N, P + 1) hold no other stationary point (N,)."""
        inside = ((x.lo >= self.region.lo) & (x.hi <= self.region.hi)).all(axis=-1)
        same = (role.free == self.role.free).all(axis=-1) & (role.on_sphere == self.role.on_sphere)
        return np.asarray(inside & same & role.is_settled)


@quiet()
def polished(equations: StationaryEquations, x: Array, role: Role) -> Array:
    """Points after some steps of Newton's method (N, P + 1); not finite where it fails."""
    for _ in range(STEPS):
        w = x[:, :-1]
        at, hessian = equations.at(x, role), equations.hessian(w, w)
        inverse = middle_inverse(equations.jacobian(point(x), hessian, role))
        residual = 0.5 * at.lo + 0.5 * at.hi
        x = x - (inverse @ residual[..., None])[..., 0]
    return x


@quiet()
def prove(
    equations: StationaryEquations, place: Place, x: Array, role: Role, widest: float
) -> Proof | None:
    """A box around a point x (1, P + 1) that holds one solution and no other, or None."""
    active = np.column_stack([role.free, role.on_sphere])
    reach = widest * CLOSEST ** (np.arange(TRIES) / (TRIES - 1.0))
    extent = np.where(active, reach[:, None] * equations.extent(x), 0.0)
    tried = Interval(x - extent, x + extent)
    image = _image(equations, tried, role.take(np.zeros(TRIES, dtype=np.intp)))
    within = ((image.lo > tried.lo) & (image.hi < tried.hi)) | ~active
    successes = np.flatnonzero(within.all(axis=-1))
    if not len(successes):
        return None
    # All of these boxes hold the same solution: the widest holds no other, the closest says where.
    region, closest = taken(tried, successes[:1]), successes[-1:]
    box = intersection(taken(tried, closest), taken(image, closest))
    for _ in range(TIGHTENED):
        cut = intersection(box, _image(equations, box, role))
        if np.array_equal(cut.lo, box.lo) and np.array_equal(cut.hi, box.hi):
            break
        box = cut
    gradient = equations.gradient(box.lo[:, :-1], box.hi[:, :-1])
    is_stationary = place.holds(box, role, gradient)
    return None if is_stationary is None else Proof(region, box, role, is_stationary)


def _image(equations: StationaryEquations, x: Interval, role: Role) -> Interval:
    return equations.solutions(x, equations.hessian(x.lo[:, :-1], x.hi[:, :-1]), role)
