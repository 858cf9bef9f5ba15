"""Sections: what a plane of two weights shows of the feasible set, and how its edges move."""

from dataclasses import dataclass, replace
from math import asin, atan2, hypot, pi, sqrt

import numpy as np

from mlpsim.core.arrays import Array, Flags
from mlpsim.core.feasible import Ball, Box, FeasibleSet
from mlpsim.core.plane import Plane
from mlpsim.core.problem import quiet
from mlpsim.core.window import Window

RIM_POINTS = 97  # of an edge in a window


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


def inside(part: Section, places: Array) -> Flags:
    """Whether places (..., 2) of the plane lie in a section of C."""
    x, y = places[..., 0], places[..., 1]
    if isinstance(part, BoxSection):
        found: Flags = (part.x0 <= x) & (x <= part.x1) & (part.y0 <= y) & (y <= part.y1)
        return found
    return np.asarray(np.hypot(x - part.x, y - part.y) <= part.radius)


@quiet()
def rims(part: Section, window: Window) -> list[Array]:
    """The edge of a section as polylines (n, 2), as far as a window shows of it."""
    if isinstance(part, BoxSection):
        x0, x1 = max(part.x0, window.x0), min(part.x1, window.x1)
        y0, y1 = max(part.y0, window.y0), min(part.y1, window.y1)
        if x0 > x1 or y0 > y1:
            return []
        xs, ys = np.linspace(x0, x1, RIM_POINTS), np.linspace(y0, y1, RIM_POINTS)
        upright = [x for x in (part.x0, part.x1) if window.x0 <= x <= window.x1]
        level = [y for y in (part.y0, part.y1) if window.y0 <= y <= window.y1]
        edges = [np.column_stack([np.full_like(ys, x), ys]) for x in upright]
        return edges + [np.column_stack([xs, np.full_like(xs, y)]) for y in level]
    dx = 0.5 * (window.x0 + window.x1) - part.x
    dy = 0.5 * (window.y0 + window.y1) - part.y
    reach = hypot(window.width, window.height)
    # Of a disc far larger than the window only the part of the rim that passes it.
    spread = 1.5 * asin(reach / part.radius) if reach < 0.5 * part.radius else pi
    angles = atan2(dy, dx) + np.linspace(-spread, spread, 4 * RIM_POINTS)
    return [
        np.column_stack(
            [part.x + part.radius * np.cos(angles), part.y + part.radius * np.sin(angles)]
        )
    ]


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
