"""Pruning: which boxes the first-order conditions prove to hold no minimiser over C."""

import numpy as np

from mlpsim.core.arrays import Array, Flags
from mlpsim.core.feasible import Ball, Box
from mlpsim.core.proofs.interval import Interval, down, multiply, point, square, subtract, total, up

Pruned = tuple[Flags, Array, Array]


def prune_in_box(feasible: Box, lo: Array, hi: Array, gradient: Interval) -> Pruned:
    """Kept (N,) and the boxes shrunk to the faces of C where their minimisers have to be.

    Where J grows along an axis all over a box, it is lowest at its lower end: on the face of C, or
    below the box, which then holds no minimiser.
    """
    return prune_between(np.array(feasible.lo), np.array(feasible.hi), lo, hi, gradient)


def prune_between(
    lower_wall: Array, upper_wall: Array, lo: Array, hi: Array, gradient: Interval
) -> Pruned:
    """The same for walls (P,) that may be infinitely far away."""
    grows, falls = gradient.lo > 0.0, gradient.hi < 0.0
    at_lower, at_upper = lo == lower_wall, hi == upper_wall
    kept = ~((grows & ~at_lower) | (falls & ~at_upper)).any(axis=-1)
    return kept, np.where(falls & at_upper, hi, lo), np.where(grows & at_lower, lo, hi)


def prune_in_ball(feasible: Ball, lo: Array, hi: Array, gradient: Interval) -> Pruned:
    """The same for a ball: inside, the gradient has to vanish; on the sphere, to point inwards.

    On the sphere ∇J = -λ(w - c) with λ ≥ 0: every 2×2 minor of (∇J, w - c) vanishes, and no
    component of ∇J has the sign of w - c.
    """
    centre = np.array(feasible.center)
    offset = subtract(Interval(lo, hi), point(centre))
    squares = square(offset)
    distance = total(squares, axis=-1)
    radius = square(point(np.array(feasible.radius)))
    outside = distance.lo > radius.hi
    inside = distance.hi < radius.lo
    may_vanish = gradient.straddles_zero.all(axis=-1)
    may_point_inwards = _may_be_opposite(gradient, offset)
    kept = ~outside & np.where(inside, may_vanish, may_vanish | may_point_inwards)
    on_sphere = kept & ~inside & ~may_vanish
    lo, hi, possible = _shrunk_to_sphere(centre, lo, hi, squares, radius, on_sphere)
    return kept & possible, lo, hi


def _may_be_opposite(gradient: Interval, offset: Interval) -> Flags:
    """Whether ∇J = -λ·offset with λ ≥ 0 is possible (N,)."""
    product = multiply(gradient, offset)
    possible: Flags = np.asarray((product.lo <= 0.0).all(axis=-1))
    n_params = gradient.lo.shape[-1]
    for i in range(n_params):
        for j in range(i):
            a = multiply(_column(gradient, i), _column(offset, j))
            b = multiply(_column(gradient, j), _column(offset, i))
            possible &= subtract(a, b).straddles_zero
    return possible


def _shrunk_to_sphere(
    centre: Array, lo: Array, hi: Array, squares: Interval, radius: Interval, where: Flags
) -> tuple[Array, Array, Flags]:
    """Boxes cut to where offset_i² = r² - Σ_{j≠i} offset_j² can hold, and whether it can (N,)."""
    possible = np.ones(len(lo), dtype=bool)
    lo, hi = lo.copy(), hi.copy()
    for i in range(lo.shape[-1]):
        others = total(
            Interval(np.delete(squares.lo, i, axis=-1), np.delete(squares.hi, i, axis=-1)), axis=-1
        )
        smallest = np.sqrt(np.maximum(down(radius.lo - others.hi), 0.0)) * (1.0 - 1e-15)
        largest = np.sqrt(np.maximum(up(radius.hi - others.lo), 0.0)) * (1.0 + 1e-15)
        low_side, high_side = down(centre[i] - largest), up(centre[i] + largest)
        hole_lo, hole_hi = up(centre[i] - smallest), down(centre[i] + smallest)
        new_lo, new_hi = np.maximum(lo[:, i], low_side), np.minimum(hi[:, i], high_side)
        # An end inside the hole moves to the hole's far side.
        new_lo = np.where((new_lo > hole_lo) & (new_lo < hole_hi), hole_hi, new_lo)
        new_hi = np.where((new_hi > hole_lo) & (new_hi < hole_hi), hole_lo, new_hi)
        possible &= ~where | (new_lo <= new_hi)
        lo[:, i] = np.where(where, new_lo, lo[:, i])
        hi[:, i] = np.where(where, new_hi, hi[:, i])
    return lo, hi, possible


def _column(x: Interval, i: int) -> Interval:
    return Interval(x.lo[..., i], x.hi[..., i])
