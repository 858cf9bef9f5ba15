"""Lines of curves: which one is pointed at, their parts at the cursor, room for their names."""

from collections.abc import Iterable

import numpy as np
from PySide6.QtCore import QPointF

from mlpsim.core.arrays import Array, Flags

NEAR = 6.0  # pixels from a line that still point at it
LEAST_RANGE = 0.5  # pixels from which on a range is seen beside its mean's line


def line_near(lines: Iterable[tuple[int, Array]], at: QPointF) -> int | None:
    """The number of the nearest line (n, 2) to a pixel, within reach; a line may have parts."""
    place, found, nearest = np.array(at.toTuple()), None, NEAR
    for number, points in lines:
        away = _distance(points, place)
        if away < nearest:
            found, nearest = number, away
    return found


def _distance(points: Array, at: Array) -> float:
    """How far a point (2,) is from a polyline (n, 2)."""
    tails, spans = points[:-1], np.diff(points, axis=0)
    if not len(spans):
        return float(np.hypot(*(points[0] - at)))
    along = ((at - tails) * spans).sum(axis=1) / np.maximum((spans * spans).sum(axis=1), 1e-12)
    away = at - tails - np.clip(along, 0.0, 1.0)[:, None] * spans
    return float(np.hypot(*away.T).min())


def parts_at(x: Array, cursor: float) -> tuple[Flags, Flags]:
    """The points (n,) ahead of a coordinate with the one before them, and those up to it."""
    ahead = x > cursor
    touching = ahead.copy()
    touching[:-1] |= ahead[1:]
    return touching, ~ahead


def spread_out(heights: list[float], least: float, bottom: float) -> list[float]:
    """Ascending heights moved to stand ``least`` apart, none below ``bottom``."""
    for place in range(1, len(heights)):
        heights[place] = max(heights[place], heights[place - 1] + least)
    for place in reversed(range(len(heights))):
        limit = bottom if place == len(heights) - 1 else heights[place + 1] - least
        heights[place] = min(heights[place], limit)
    return heights
