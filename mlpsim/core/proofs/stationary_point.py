"""A stationary point of min J over C: where it is, and what it is proved to be."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from mlpsim.core.arrays import Array, Indices
from mlpsim.core.problem import quiet
from mlpsim.core.proofs.definiteness import Signs, definiteness
from mlpsim.core.proofs.first_order import Place
from mlpsim.core.proofs.interval import Interval, add, down, matmul, transpose, up
from mlpsim.core.proofs.stationary_equations import StationaryEquations
from mlpsim.core.proofs.stationary_proof import Proof

Kind = Literal["minimum", "maximum", "saddle", "open"]

INSIDE: dict[Signs, Kind] = {
    "positive": "minimum",
    "negative": "maximum",
    "indefinite": "saddle",
    "open": "open",
}
# Off a wall J grows: where it falls along the wall, it does both.
ON_WALL: dict[Signs, Kind] = {**INSIDE, "negative": "saddle"}


@dataclass(frozen=True, eq=False)
class StationaryPoint:
    """A stationary point in the box lo ≤ w ≤ hi (P,), or a box in which one may be.

    ``is_proved``: the box holds exactly one. ``walls`` (P,) is -1 or 1 for a parameter at the lower
    or upper limit of C, else 0; ``on_sphere`` tells the same of a ball. ``kind`` is what it is
    proved to be on C; from a saddle J grows in some directions and falls in others. ``value``
    encloses J. ``eigenvalues`` (P,), ascending, and ``eigenvectors`` (P, P), its columns, are those
    of ∇²J at ``theta`` in float64; None where J may have a kink in the box.
    """

    theta: Array
    lo: Array
    hi: Array
    is_proved: bool
    walls: Indices
    on_sphere: bool
    kind: Kind
    value: tuple[float, float]
    eigenvalues: Array | None
    eigenvectors: Array | None

    @property
    def is_on_wall(self) -> bool:
        return self.on_sphere or bool(self.walls.any())

    @property
    def is_corner(self) -> bool:
        """Whether all parameters stand at limits of C."""
        return bool(self.walls.all())


@quiet()
def proved_point(equations: StationaryEquations, place: Place, proof: Proof) -> StationaryPoint:
    """The point of a proof, with its kind by the second-order conditions.

    Off the walls J grows; along them it is lowest where ∇²J, on a sphere ∇²J + λ, is positive
    definite, and not where that has a direction of negative curvature (Nocedal and Wright 2006,
    theorems 12.5 and 12.6).
    """
    w, free = proof.w, proof.role.free[0]
    on_sphere = bool(proof.role.on_sphere[0])
    hessian = equations.hessian(*w)
    if on_sphere:
        along = _along_sphere(equations, proof, hessian)
    else:
        along = Interval(hessian.lo[0][np.ix_(free, free)], hessian.hi[0][np.ix_(free, free)])
    kinds = INSIDE if free.all() and not on_sphere else ON_WALL
    at_lower = w.lo[0] == place.bounds[0]
    walls = np.where(free, 0, np.where(at_lower, -1, 1))
    return _point(equations, w, True, walls, on_sphere, kinds[definiteness(along)])


@quiet()
def possible_point(
    equations: StationaryEquations, place: Place, lo: Array, hi: Array
) -> StationaryPoint:
    """A box lo, hi (P,) in which a stationary point may be: nothing is proved of it."""
    first, last = place.bounds
    walls = np.where(hi == first, -1, np.where(lo == last, 1, 0))
    return _point(equations, Interval(lo[None], hi[None]), False, walls, False, "open")


def _point(
    equations: StationaryEquations,
    w: Interval,
    is_proved: bool,
    walls: Indices,
    on_sphere: bool,
    kind: Kind,
) -> StationaryPoint:
    lo, hi = w.lo[0], w.hi[0]
    theta = np.clip(0.5 * lo + 0.5 * hi, lo, hi)
    value = equations.value(*w)
    values, vectors = None, None
    if np.isfinite(equations.hessian(*w)).all():
        values, vectors = np.linalg.eigh(equations.problem.hessian(theta))
    bounds = float(value.lo[0]), float(value.hi[0])
    return StationaryPoint(
        theta, lo, hi, is_proved, walls, on_sphere, kind, bounds, values, vectors
    )


def _along_sphere(equations: StationaryEquations, proof: Proof, hessian: Interval) -> Interval:
    """Zᵀ(∇²J + λ)Z for a basis Z of the sphere's tangents: (P - 1, P - 1).

    Z has the columns e_i - (o_i/o_k)·e_k for all i ≠ k, where o = w - c and o_k is its largest
    component.
    """
    size = hessian.lo.shape[-1]
    diagonal = np.eye(size, dtype=bool)
    multiplier = Interval(proof.x.lo[0, -1:], proof.x.hi[0, -1:])
    own = add(Interval(hessian.lo[0], hessian.hi[0]), multiplier)
    pulled = Interval(
        np.where(diagonal, own.lo, hessian.lo[0]), np.where(diagonal, own.hi, hessian.hi[0])
    )
    offset = equations.offset(proof.w)
    o_lo, o_hi = offset.lo[0], offset.hi[0]
    k = int(np.minimum(np.abs(o_lo), np.abs(o_hi)).argmax())
    ends = np.stack([a / b for a in (o_lo, o_hi) for b in (o_lo[k], o_hi[k])])
    others = np.delete(np.arange(size), k)
    basis = Interval(np.delete(np.eye(size), k, axis=1), np.delete(np.eye(size), k, axis=1))
    basis.lo[k], basis.hi[k] = -up(ends.max(axis=0))[others], -down(ends.min(axis=0))[others]
    return matmul(matmul(transpose(basis), pulled), basis)
