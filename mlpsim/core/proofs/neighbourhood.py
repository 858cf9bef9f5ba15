"""Neighbourhoods: N(z, ε) ∩ C as a box cut by balls, with proofs of what lies inside or outside."""

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from mlpsim.core.arrays import Array, Flags
from mlpsim.core.feasible import Ball, Box, FeasibleSet
from mlpsim.core.problem import quiet
from mlpsim.core.proofs.interval import Interval, down, point, square, subtract, total, up
from mlpsim.core.proofs.pruning import Pruned, prune_between, prune_in_ball

Shape = Literal["disc", "square"]
SHAPES: tuple[Shape, ...] = get_args(Shape)

PULLS = (0.0, 1e-16, 1e-15, 1e-14, 1e-12, 1e-9, 1e-6, 1e-3)
ROUNDS = 8  # of projecting onto one set after the other


@dataclass(frozen=True, eq=False)
class Neighbourhood:
    """The points u of C with dist(z, u) ≤ ε, in the Euclidean or the maximum norm.

    They lie in lo ≤ u ≤ hi (P,) and in all of ``balls``. ``reach`` is a square's ε: its sides in
    lo and hi are at most a rounding too long.
    """

    z: Array
    lo: Array
    hi: Array
    balls: tuple[Ball, ...]
    reach: float | None = None

    @property
    def corners(self) -> tuple[Array, Array]:
        """The ends of a box around all of it."""
        lo, hi = self.lo, self.hi
        for ball in self.balls:
            centre = np.array(ball.center)
            lo = np.maximum(lo, down(centre - ball.radius))
            hi = np.minimum(hi, up(centre + ball.radius))
        return lo, np.maximum(lo, hi)

    @quiet()
    def prune(self, lo: Array, hi: Array, gradient: Interval) -> Pruned:
        """Which boxes (N, P) may hold a minimiser over the neighbourhood, shrunk to where it is.

        On each box only those conditions are used that hold whatever else bounds it.
        """
        kept = self._meets(lo, hi)
        inside_box = ((lo > self.lo) & (hi < self.hi)).all(axis=-1)
        inside_balls = [_is_inside(ball, lo, hi) for ball in self.balls]
        new_lo, new_hi = lo.copy(), hi.copy()
        by_box = np.logical_and.reduce([kept, *inside_balls])
        pruned = [(by_box, prune_between(self.lo, self.hi, lo, hi, gradient))]
        for i, ball in enumerate(self.balls):
            others = inside_balls[:i] + inside_balls[i + 1 :]
            by_ball = np.logical_and.reduce([kept & ~by_box, inside_box, *others])
            pruned.append((by_ball, prune_in_ball(ball, lo, hi, gradient)))
        for where, (may, smaller_lo, smaller_hi) in pruned:
            kept &= may | ~where
            new_lo[where], new_hi[where] = smaller_lo[where], smaller_hi[where]
        return kept, new_lo, new_hi

    def _meets(self, lo: Array, hi: Array) -> Flags:
        """Whether boxes are not proved to lie outside (N,)."""
        meets: Flags = np.asarray(((lo <= self.hi) & (hi >= self.lo)).all(axis=-1))
        for ball in self.balls:
            meets &= ~(_distance(ball, lo, hi).lo > square(point(np.array(ball.radius))).hi)
        return meets

    @quiet()
    def near(self, thetas: Array) -> Array:
        """Points of the neighbourhood close to given ones (N, P), for a search: nothing is proved.

        Projections in turn (von Neumann 1950).
        """
        for _ in range(ROUNDS if self.balls else 1):
            for ball in self.balls:
                thetas = ball.project(thetas)
            thetas = np.minimum(np.maximum(thetas, self.lo), self.hi)
        return thetas

    @quiet()
    def surely(self, thetas: Array) -> tuple[Array, Flags]:
        """Points close to given ones (N, P), and whether they are proved to lie inside (N,).

        What rounding may have put outside is pulled towards z.
        """
        found, done = thetas, np.zeros(len(thetas), dtype=bool)
        for pull in PULLS:
            tried = np.clip(thetas + (self.z - thetas) * pull, self.lo, self.hi)
            inside = np.ones(len(thetas), dtype=bool)
            for ball in self.balls:
                inside &= _is_inside(ball, tried, tried, closed=True)
            if self.reach is not None:
                offset = np.maximum(up(tried - self.z), -down(tried - self.z))
                inside &= (np.where(tried == self.z, 0.0, offset) <= self.reach).all(axis=-1)
            found = np.where((inside & ~done)[:, None], tried, found)
            done |= inside
            if done.all():
                break
        return found, done


@dataclass(frozen=True)
class Lens:
    """N(z, ε) as a person lays it over the map, before it is cut with C."""

    z: tuple[float, ...]
    epsilon: float
    shape: Shape = "disc"

    def __post_init__(self) -> None:
        if not 0.0 < self.epsilon < np.inf:
            raise ValueError(f"ε has to be above 0 and finite, not {self.epsilon!r}")
        if self.shape not in SHAPES:
            raise ValueError(f"unknown shape {self.shape!r}; known: disc, square")
        if not np.isfinite(self.z).all():
            raise ValueError("z has to be finite")

    @quiet()
    def within(self, feasible: FeasibleSet) -> Neighbourhood:
        """N(z, ε) ∩ C, with z projected onto C."""
        z = feasible.project(np.array(self.z, dtype=np.float64))
        lo, hi = np.full(z.shape, -np.inf), np.full(z.shape, np.inf)
        balls = list[Ball]()
        if isinstance(feasible, Box):
            lo, hi = np.array(feasible.lo, dtype=np.float64), np.array(feasible.hi)
        elif isinstance(feasible, Ball):
            balls.append(feasible)
        if self.shape == "square" or len(z) == 1:
            lo, hi = np.maximum(lo, down(z - self.epsilon)), np.minimum(hi, up(z + self.epsilon))
            return Neighbourhood(z, lo, hi, tuple(balls), self.epsilon)
        balls.append(Ball(tuple(z.tolist()), self.epsilon))
        return Neighbourhood(z, lo, hi, tuple(balls))


def _distance(ball: Ball, lo: Array, hi: Array) -> Interval:
    """The squared distance of the centre from boxes (N, P): (N,)."""
    offset = subtract(Interval(lo, hi), point(np.array(ball.center)))
    return total(square(offset), axis=-1)


def _is_inside(ball: Ball, lo: Array, hi: Array, closed: bool = False) -> Flags:
    """Whether boxes are proved to lie inside a ball, or inside or on it (N,)."""
    distance, radius = _distance(ball, lo, hi).hi, square(point(np.array(ball.radius))).lo
    inside: Flags = distance <= radius if closed else distance < radius
    return inside
