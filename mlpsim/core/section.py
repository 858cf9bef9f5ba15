"""Sections: what a plane of two weights shows of the feasible set, and how its edges move."""

from dataclasses import dataclass, replace
from math import hypot, sqrt

import numpy as np

from mlpsim.core.feasible import Ball, Box, FeasibleSet
from mlpsim.core.plane import Plane


@dataclass(frozen=True)
class BoxSection:
    """The rectangle x0 ≤ α ≤ x1, y0 ≤ β ≤ y1."""

    x0: float
    x1: float
    y0: float
    y1: float


@dataclass(frozen=True)
class DiscSection:
    """The disc of the places within ``radius`` of (x, y)."""

    x: float
    y: float
    radius: float


Section = BoxSection | DiscSection


def section(feasible: FeasibleSet, plane: Plane) -> Section | None:
    """C on a plane of two weights; None for the whole space, other planes, and an empty section.

    A section is empty where the other parameters lie outside C.
    """
    if plane.kind != "two_weights":
        return None
    i, j = plane.parameters
    if isinstance(feasible, Box):
        outside = ~((plane.origin >= feasible.lo) & (plane.origin <= feasible.hi))
        outside[[i, j]] = False
        if outside.any():
            return None
        return BoxSection(feasible.lo[i], feasible.hi[i], feasible.lo[j], feasible.hi[j])
    if isinstance(feasible, Ball):
        offset = plane.origin - np.array(feasible.center)
        offset[[i, j]] = 0.0
        away = float(np.linalg.norm(offset))
        if away > feasible.radius:
            return None
        # As a ratio: no square of a large radius overflows.
        ratio = away / feasible.radius if away else 0.0
        radius = feasible.radius * sqrt((1.0 - ratio) * (1.0 + ratio))
        return DiscSection(feasible.center[i], feasible.center[j], radius)
    return None


def move_edge(box: Box, plane: Plane, edge: str, to: float) -> Box:
    """The box whose edge ``x0``, ``x1``, ``y0`` or ``y1`` on the plane is dragged to a value.

    An edge stops at the one opposite.
    """
    place = plane.parameters["xy".index(edge[0])]
    lo, hi = list(box.lo), list(box.hi)
    if edge[1] == "0":
        lo[place] = min(to, hi[place])
    else:
        hi[place] = max(to, lo[place])
    return Box(tuple(lo), tuple(hi))


def move_rim(ball: Ball, plane: Plane, alpha: float, beta: float) -> Ball:
    """The ball whose rim is dragged to (α, β); a radius of 0 is not reached."""
    i, j = plane.parameters
    offset = plane.origin - np.array(ball.center)
    offset[[i, j]] = 0.0
    in_plane = hypot(alpha - ball.center[i], beta - ball.center[j])
    radius = hypot(in_plane, float(np.linalg.norm(offset)))
    return replace(ball, radius=max(radius, 1e-6 * ball.radius))
