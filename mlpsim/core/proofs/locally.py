"""Locally: whether z is a local optimum of J over C, for some ε > 0, by what is proved at z.

Refuted by a feasible way along which J falls; certified by the signs of the gradient at a corner,
or by a stationary point, proved to exist within the last digits of z, where the Hessian is
positive definite (Nocedal and Wright 2006, theorems 2.4 and 12.6).
"""

from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np

from mlpsim.core.arrays import Array, Flags
from mlpsim.core.feasible import Ball, Box
from mlpsim.core.problem import Problem, quiet
from mlpsim.core.proofs.hessian_enclosure import HessianEnclosure
from mlpsim.core.proofs.interval import (
    Interval,
    add,
    down,
    multiply,
    point,
    scale,
    square,
    subtract,
    total,
    up,
)
from mlpsim.core.proofs.newton import is_positive_definite, root_distance
from mlpsim.core.proofs.rises import Rises

Verdict = Literal["certified", "refuted", "open"]
Reason = Literal["slope", "curvature", "signs", ""]

ON_SPHERE = 1e-12  # of the radius: so close to a ball's sphere z is taken to lie on it
TILTS = 4.0 ** -np.arange(1.0, 25.0)  # inwards, of a way along the sphere
RADII = 2.0 ** np.arange(-51.0, -20.0)  # of the size of z, within which a stationary point is near


class Way(NamedTuple):
    """A direction (P,), its largest component 1 in size, and bounds of J's derivative along it.

    That is the first derivative, or the second one where the first is not told from 0.
    """

    direction: Array
    bend: tuple[float, float]


@dataclass(frozen=True, eq=False)
class Locally:
    """The verdict, by what it is proved, and the way that refutes it.

    ``distance`` bounds how far z is from the stationary point that is certified for it: no more
    than the last digits of z.
    """

    verdict: Verdict
    by: Reason = ""
    way: Way | None = None
    distance: float | None = None


OPEN = Locally("open")


@quiet()
def locally(problem: Problem, rises: Rises) -> Locally:
    """What is proved of z = ``rises.z``, a point of C."""
    z, gradient, feasible = rises.z, rises.gradient, problem.feasible
    if isinstance(feasible, Ball) and _may_touch(feasible, z):
        return _on_sphere(problem, feasible, z, gradient)
    walls = Interval(np.full(z.shape, -np.inf), np.full(z.shape, np.inf))
    if isinstance(feasible, Box):
        walls = Interval(np.array(feasible.lo, dtype=np.float64), np.array(feasible.hi))
    return _between(problem, rises, walls)


# -- between walls ---------------------------------------------------------------------------------


def _between(problem: Problem, rises: Rises, walls: Interval) -> Locally:
    """Between walls: every coordinate by itself falls, is held at a wall, or may be stationary."""
    z, gradient = rises.z, rises.gradient
    falls = (gradient.hi < 0.0) & (z < walls.hi) | (gradient.lo > 0.0) & (z > walls.lo)
    if falls.any():
        steepest = np.where(falls, -0.5 * gradient.lo - 0.5 * gradient.hi, 0.0)
        return _falling(steepest, gradient)
    held = are_held(z, gradient, walls)
    if held.all():
        return Locally("certified", "signs")
    free = ~held
    if (free & ((z == walls.lo) | (z == walls.hi))).any():
        return OPEN
    hessian = HessianEnclosure(problem)
    bent = _bent(hessian, z, free)
    if bent is not None:
        return bent
    radii = RADII[:, None] * np.maximum(np.abs(z), 1.0) * free
    lo, hi = down(z - radii), up(z + radii)
    lo, hi = np.where(free, lo, z), np.where(free, hi, z)
    matrix = _submatrix(hessian.hessian(lo, hi), free)
    value = Interval(gradient.lo[free], gradient.hi[free])
    distance = root_distance(value, matrix, radii[:, free])
    slopes = rises.enclosure.value_and_gradient(lo, hi)[1]
    still_held = are_held(z, slopes, walls) | free
    proved = np.isfinite(distance).all(axis=-1) & is_positive_definite(matrix)
    return _stationary(distance, proved & still_held.all(axis=-1))


def are_held(z: Array, gradient: Interval, walls: Interval) -> Flags:
    """Which coordinates lie at a wall that J, with a gradient (..., P), grows away from."""
    at_lower, at_upper = z == walls.lo, z == walls.hi
    grows, falls = gradient.lo > 0.0, gradient.hi < 0.0
    held: Flags = at_lower & at_upper | at_lower & grows | at_upper & falls
    return held


def _bent(hessian: HessianEnclosure, z: Array, free: Flags) -> Locally | None:
    """A way along which J bends downwards: whatever the slope, it falls one way or the other."""
    matrix = _submatrix(hessian.hessian(z[None], z[None]), free)
    middle = 0.5 * matrix.lo[0] + 0.5 * matrix.hi[0]
    if not np.isfinite(middle).all():
        return None
    softest = np.linalg.eigh(middle)[1][:, 0]
    softest /= np.abs(softest).max()
    inner = total(multiply(Interval(matrix.lo[0], matrix.hi[0]), point(softest[None])), axis=-1)
    bend = _product(inner, softest)
    if not bend.hi < 0.0:
        return None
    direction = np.zeros(len(z))
    direction[free] = softest
    way = Way(direction, (float(bend.lo), float(bend.hi)))
    return Locally("refuted", "curvature", way)


def _submatrix(matrix: Interval, free: Flags) -> Interval:
    places = np.ix_(np.ones(len(matrix.lo), dtype=bool), free, free)
    return Interval(matrix.lo[places], matrix.hi[places])


# -- on a sphere -----------------------------------------------------------------------------------


def _on_sphere(problem: Problem, ball: Ball, z: Array, gradient: Interval) -> Locally:
    """On a ball's sphere a way that leads inwards is feasible."""
    outwards = _outwards(ball, z)
    if ball.radius == 0.0:
        return Locally("certified", "signs")
    slope = 0.5 * gradient.lo + 0.5 * gradient.hi
    away = 0.5 * outwards.lo + 0.5 * outwards.hi
    away /= np.abs(away).max()
    away /= np.linalg.norm(away)
    size = np.abs(slope).max()
    unit = slope / size if 0.0 < size < np.inf else np.zeros_like(slope)
    along = unit - (unit @ away) * away
    for way in (-unit, -away, *(-along - tilt * away for tilt in TILTS)):
        if _product(outwards, way).hi < 0.0 and _product(gradient, way).hi < 0.0:
            return _falling(way, gradient)
    return _multiplied(problem, ball, z, gradient, outwards)


def _multiplied(
    problem: Problem, ball: Ball, z: Array, gradient: Interval, outwards: Interval
) -> Locally:
    """With a multiplier λ > 0: ∇J + λ(w - c) = 0 and ‖w - c‖ = r, and ∇²J + λ positive definite.

    Then J ≥ J + λ/2·(‖w - c‖² - r²) on C, which is lowest there and agrees with J on the sphere.
    """
    n_params = len(z)
    squared = total(square(outwards), axis=-1)
    middle = -0.5 * (gradient.lo + gradient.hi)
    multiplier = float(middle @ (z - np.array(ball.center)) / (0.5 * squared.lo + 0.5 * squared.hi))
    radii = RADII[:, None] * np.maximum(np.abs(z), 1.0)
    lo, hi = down(z - radii), up(z + radii)
    hessian = HessianEnclosure(problem).hessian(lo, hi)
    stiffness = np.minimum(hessian.magnitude.max(axis=(-1, -2)), 1e150)
    reach = radii.max(axis=-1) * (stiffness + multiplier) / ball.radius * 4.0
    factor = Interval(down(multiplier - reach), up(multiplier + reach))
    identity = np.eye(n_params)
    shifted = add(hessian, Interval(*(bound[:, None, None] * identity for bound in factor)))
    shape = (len(lo), n_params + 1, n_params + 1)
    jacobian = Interval(np.zeros(shape), np.zeros(shape))
    offset = subtract(Interval(lo, hi), point(np.array(ball.center)))
    for whole, block, side in zip(jacobian, shifted, offset, strict=True):
        whole[:, :n_params, :n_params] = block
        whole[:, :n_params, n_params] = whole[:, n_params, :n_params] = side
    balance = add(gradient, scale(outwards, multiplier))
    radius = square(point(np.array(ball.radius)))
    excess = scale(subtract(squared, radius), 0.5)
    value = Interval(*(np.append(a, b) for a, b in zip(balance, excess, strict=True)))
    distance = root_distance(value, jacobian, np.hstack([radii, reach[:, None]]))
    proved = np.isfinite(distance).all(axis=-1) & is_positive_definite(shifted)
    return _stationary(distance[:, :n_params], proved & (factor.lo > 0.0))


def _may_touch(ball: Ball, z: Array) -> bool:
    distance = float(np.linalg.norm(z - np.array(ball.center)))
    return distance >= ball.radius * (1.0 - ON_SPHERE)


def _outwards(ball: Ball, z: Array) -> Interval:
    return subtract(point(z), point(np.array(ball.center)))


# -- both ------------------------------------------------------------------------------------------


def _falling(way: Array, gradient: Interval) -> Locally:
    way = way / np.abs(way).max()
    slope = _product(gradient, way)
    return Locally("refuted", "slope", Way(way, (float(slope.lo), float(slope.hi))))


def _stationary(distance: Array, proved: Flags) -> Locally:
    """By the closest of the stationary points that are proved."""
    if not proved.any():
        return OPEN
    return Locally("certified", "curvature", distance=float(distance[proved].max(axis=-1).min()))


def _product(x: Interval, way: Array) -> Interval:
    return total(multiply(x, point(way)), axis=-1)
