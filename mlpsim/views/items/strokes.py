"""Strokes: polylines that are cheap to draw, however long they are and wherever they lead."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QByteArray, QDataStream, QPointF, QRectF
from PySide6.QtGui import QFontMetricsF, QPainter, QPainterPath, QPolygonF

from mlpsim.core.arrays import Array, Indices
from mlpsim.core.window import Window
from mlpsim.views.items.plot_frame import PlotFrame

# WORKAROUND: Qt strokes one long antialiased path with a pen wider than a pixel in quadratic time.
POINTS_PER_STROKE, LEAST_POINTS = 60, 8
LENGTH_PER_STROKE = 160.0  # pixels: of a line that zigzags fewer points are stroked at a time
STRAIGHT, LONGEST = 0.0125, 8  # pixels of a bend that is none; places to the next kept point
DEFAULT_HEIGHT = 15.0


def unit_of(frame: PlotFrame) -> float:
    """What a length of one pixel at the default type size is at the frame's: marks grow with it."""
    return QFontMetricsF(frame.font).height() / DEFAULT_HEIGHT


def rect_of(frame: PlotFrame, x0: float, x1: float, y0: float, y1: float) -> QRectF:
    """The rectangle of pixels of a rectangle of places."""
    (left, top), (right, bottom) = frame.pixels(np.array([[x0, y1], [x1, y0]])).tolist()
    return QRectF(QPointF(left, top), QPointF(right, bottom))


def rect_of_grid(frame: PlotFrame, window: Window, nx: int, ny: int) -> QRectF:
    """That of a picture with a pixel for each point of a grid over a window, around the point."""
    dx, dy = 0.5 * window.width / max(nx - 1, 1), 0.5 * window.height / max(ny - 1, 1)
    return rect_of(frame, window.x0 - dx, window.x1 + dx, window.y0 - dy, window.y1 + dy)


def polygon(points: Array) -> QPolygonF:
    """Pixels (n, 2) as Qt's polyline."""
    # From bytes Qt takes points eight times as fast as one by one.
    data = len(points).to_bytes(4, "big") + points.astype(">f8").tobytes()
    result = QPolygonF()
    _ = QDataStream(QByteArray(data)) >> result
    return result


def closed_polygons(corners: Array) -> QPainterPath:
    """Polygons (n, m, 2) in pixels as one path."""
    n, m = corners.shape[:2]
    elements = np.zeros((n, m + 1), [("kind", ">i4"), ("x", ">f8"), ("y", ">f8")])
    elements["kind"][:, 1:] = 1  # lines, after a move to the first corner
    closed = np.concatenate([corners, corners[:, :1]], axis=1)
    elements["x"], elements["y"] = closed[..., 0], closed[..., 1]
    return _path(elements)


def separate_lines(ends: Array) -> QPainterPath:
    """Lines (n, 4) from (x, y) to (x, y) in pixels as one path."""
    elements = np.zeros((len(ends), 2), [("kind", ">i4"), ("x", ">f8"), ("y", ">f8")])
    elements["kind"][:, 1] = 1
    elements["x"], elements["y"] = ends[:, 0::2], ends[:, 1::2]
    return _path(elements)


def _path(elements: NDArray[np.void]) -> QPainterPath:
    """Qt's path of elements with a kind (0: move, 1: line), x and y, read from bytes as above."""
    ends = (0).to_bytes(8, "big")  # where the last polygon starts, which is not told; the fill rule
    data = elements.size.to_bytes(4, "big") + elements.tobytes() + ends
    result = QPainterPath()
    _ = QDataStream(QByteArray(data)) >> result
    return result


def straightened(points: Array) -> Array:
    """A polyline (n, 2) in pixels without most points that lie on the line of their neighbours.

    It stays within a fifth of a pixel, and is stroked the faster the smoother it is.
    """
    to, chord = points[1:-1] - points[:-2], points[2:] - points[:-2]
    bend = np.abs(chord[:, 0] * to[:, 1] - chord[:, 1] * to[:, 0])
    keep = np.ones(len(points), dtype=bool)
    keep[1:-1] = bend > STRAIGHT * np.hypot(chord[:, 0], chord[:, 1])
    keep[::LONGEST] = True
    return points[keep]


def stroke(painter: QPainter, points: Array) -> None:
    """Draw a polyline (n, 2) with the painter's pen, a few points at a time if it is wide."""
    most = _points_at_once(painter, points)
    for first in range(0, len(points) - 1, most - 1):
        painter.drawPolyline(polygon(points[first : first + most]))


def _points_at_once(painter: QPainter, points: Array) -> int:
    if painter.pen().widthF() * painter.deviceTransform().m11() <= 1.0:
        return max(len(points), 2)
    length = float(np.abs(np.diff(points, axis=0)).sum()) / max(len(points) - 1, 1)
    return int(min(max(LENGTH_PER_STROKE / max(length, 1.0), LEAST_POINTS), POINTS_PER_STROKE))


def clipped(points: Array, rect: QRectF) -> list[Array]:
    """What of a polyline (n, 2) lies in a rectangle, as polylines; breaks at points not finite."""
    return clipped_each([points], rect)[0]


def clipped_each(lines: Sequence[Array], rect: QRectF) -> list[list[Array]]:
    """What of each of several polylines, at least one, lies in a rectangle.

    Liang and Barsky (1984), for the segments of all lines at once.
    """
    points = np.concatenate(lines)
    starts = np.cumsum([0, *map(len, lines)])
    lo = np.array([rect.left(), rect.top()])
    hi = np.array([rect.right(), rect.bottom()])
    if ((points >= lo) & (points <= hi)).all():
        return [[line] for line in lines]
    a, b = points[:-1], points[1:]
    with np.errstate(all="ignore"):
        delta = b - a
        near = np.where(delta >= 0.0, lo, hi)
        far = np.where(delta >= 0.0, hi, lo)
        enters = np.where(
            delta == 0.0, np.where((a >= lo) & (a <= hi), 0.0, 2.0), (near - a) / delta
        )
        leaves = np.where(delta == 0.0, 1.0, (far - a) / delta)
        t0 = np.maximum(enters.max(axis=1), 0.0)
        t1 = np.minimum(leaves.min(axis=1), 1.0)
        start, end = a + t0[:, None] * delta, a + t1[:, None] * delta
        seen = (t0 <= t1) & np.isfinite(start).all(axis=1) & np.isfinite(end).all(axis=1)
    seen[starts[1:-1] - 1] = False  # from a line to the next one
    pieces: list[list[Array]] = [[] for _ in lines]
    for run in _runs(np.flatnonzero(seen), t0, t1):
        inner = start[run[1:]]
        piece = np.concatenate([start[run[:1]], inner, end[run[-1:]]])
        pieces[np.searchsorted(starts, run[0], "right") - 1].append(piece)
    return pieces


def _runs(seen: Indices, t0: Array, t1: Array) -> list[Indices]:
    """Seen segments in groups that join end to start."""
    if not len(seen):
        return []
    breaks = (np.diff(seen) != 1) | (t1[seen[:-1]] < 1.0) | (t0[seen[1:]] > 0.0)
    return np.split(seen, np.flatnonzero(breaks) + 1)


def distinct(points: Array, step: float = 0.75) -> Array:
    """A polyline without the points that a screen cannot tell from the one before.

    Points fall on a lattice of ``step`` pixels; the last one stays.
    """
    lattice = np.rint(points / step)
    keep = np.ones(len(points), dtype=bool)
    keep[1:] = (lattice[1:] != lattice[:-1]).any(axis=1)
    keep[-1:] = True
    return points[keep]


def thinned(points: Array, step: float = 0.75, most: int = 4_000) -> Array:
    """The distinct points of a polyline; where more than ``most`` are left, every n-th is."""
    kept = distinct(points, step)
    if len(kept) > most:
        every = -(-len(kept) // most)
        kept = np.concatenate([kept[::every], kept[-1:]])
    return kept
