"""The marks of stationary points: one shape for each kind, on the map and in a list."""

from functools import lru_cache

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPainterPath, QPen, QPixmap

from mlpsim.core.proofs.stationary_point import StationaryPoint

REACH = 6.5  # half of a mark
_DOWN = ((-1.0, -0.75), (1.0, -0.75), (0.0, 1.0))
_UP = ((-1.0, 0.75), (1.0, 0.75), (0.0, -1.0))
_SQUARE = ((-0.8, -0.8), (0.8, -0.8), (0.8, 0.8), (-0.8, 0.8))
_CROSS = (((-0.8, -0.8), (0.8, 0.8)), ((-0.8, 0.8), (0.8, -0.8)))


@lru_cache(maxsize=16)
def mark_path(shape: str) -> QPainterPath:
    """The mark of a kind around (0, 0), 1 being half of its size.

    A minimum points down, a maximum up, a saddle is a cross; a square is what is not decided.
    """
    path = QPainterPath()
    if shape == "saddle":
        for first, last in _CROSS:
            path.moveTo(*first)
            path.lineTo(*last)
        return path
    corners = {"minimum": _DOWN, "maximum": _UP}.get(shape, _SQUARE)
    path.moveTo(*corners[0])
    for corner in corners[1:]:
        path.lineTo(*corner)
    path.closeSubpath()
    return path


def paint_mark(
    painter: QPainter,
    at: QPointF,
    point: StationaryPoint,
    ink: QColor,
    halo: QColor | None,
    unit: float,
) -> None:
    """A point's mark in an ink, filled where its kind is proved, over a halo if there is one."""
    reach = REACH * unit
    painter.save()
    painter.translate(at)
    painter.scale(reach, reach)
    path = mark_path(point.kind)
    is_filled = point.kind in ("minimum", "maximum")
    painter.setBrush(Qt.BrushStyle.NoBrush)
    strokes = [(ink, 0.32)] if halo is None else [(halo, 0.8), (ink, 0.32)]
    for colour, width in strokes:
        pen = QPen(colour, width)
        pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.strokePath(path, pen)
    if is_filled:
        painter.fillPath(path, ink)
    painter.restore()


def mark_icon(point: StationaryPoint, ink: QColor, size: int) -> QIcon:
    """A point's mark as an icon of ``size`` logical pixels."""
    picture = QPixmap(2 * size, 2 * size)
    picture.setDevicePixelRatio(2.0)
    picture.fill(Qt.GlobalColor.transparent)
    with QPainter(picture) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_mark(painter, QPointF(0.5 * size, 0.5 * size), point, ink, None, size / 18.0)
    return QIcon(picture)
