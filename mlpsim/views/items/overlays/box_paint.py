"""Boxes of parameters on the loss map, and short names beside marks."""

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from mlpsim.core.arrays import Array
from mlpsim.core.plane import Plane
from mlpsim.core.proofs.interval import Interval
from mlpsim.core.window import Window
from mlpsim.views.items.marks import WHITE
from mlpsim.views.items.outlines import outline
from mlpsim.views.items.plot_frame import PlotFrame
from mlpsim.views.items.strokes import unit_of
from mlpsim.views.theme import Theme

SMALLEST = 4.0  # pixels of a box that would be too small to be seen
FILL, AREA = QColor(255, 255, 255, 70), QColor(255, 255, 255, 150)
MOST_EDGED = 64
BESIDE = 11.2  # pixels from a mark to its name
BEYOND = 1e4  # pixels that are far off every screen


def pixel(frame: PlotFrame, place: Array) -> QPointF:
    """A place of the plane (2,) in pixels that are safe to paint."""
    x, y = np.clip(np.nan_to_num(frame.pixels(place)), -BEYOND, BEYOND).tolist()
    return QPointF(x, y)


class BoxPicture:
    """Paints boxes lo, hi (N, P) on a plane of two weights; keeps where they lie."""

    def __init__(self) -> None:
        self._boxes: Interval | None = None
        self._at: tuple[Plane, Window, QRectF] | None = None
        self._rects: list[QRectF] = []

    def paint(
        self, painter: QPainter, frame: PlotFrame, plane: Plane, boxes: Interval, theme: Theme
    ) -> None:
        """Few boxes with their edges; many as one area, which is much cheaper."""
        at = (plane, frame.window, frame.area)
        if boxes is not self._boxes or at != self._at:
            self._rects = _rects(plane, boxes, frame)
            self._boxes, self._at = boxes, at
        if len(self._rects) > MOST_EDGED:
            painter.save()
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(AREA)
            painter.drawRects(self._rects)
            painter.restore()
            return
        painter.setBrush(FILL)
        for colour, width in ((theme.halo, 2.6), (WHITE, 1.0)):
            painter.setPen(QPen(colour, width * unit_of(frame)))
            painter.drawRects(self._rects)
            painter.setBrush(Qt.BrushStyle.NoBrush)


def _rects(plane: Plane, boxes: Interval, frame: PlotFrame) -> list[QRectF]:
    """Boxes lo, hi (N, P) in pixels, those on screen; ``plane`` is one of two weights."""
    places, unit = list(plane.parameters), unit_of(frame)
    first, last = frame.pixels(boxes.lo[:, places]), frame.pixels(boxes.hi[:, places])
    middle, half = 0.5 * (first + last), 0.5 * np.abs(last - first)
    half = np.maximum(half, 0.5 * SMALLEST * unit)
    area = frame.area
    edges = np.array([[area.left(), area.top()], [area.right(), area.bottom()]])
    seen = ((middle + half >= edges[0]) & (middle - half <= edges[1])).all(axis=-1)
    corner = np.clip((middle - half)[seen], -BEYOND, BEYOND)
    size = np.clip((middle + half)[seen], -BEYOND, BEYOND) - corner
    return [QRectF(*rect) for rect in np.hstack([corner, size]).tolist()]


def write(
    painter: QPainter,
    frame: PlotFrame,
    at: QPointF,
    text: str,
    theme: Theme,
    below: bool = False,
) -> None:
    """A name in bold above or below a mark at its right; at its left where it has no room there."""
    font = QFont(frame.font)
    font.setBold(True)
    metrics, unit = QFontMetricsF(font), unit_of(frame)
    width = metrics.horizontalAdvance(text)
    x = at.x() + BESIDE * unit
    if x + width > frame.area.right():
        x = at.x() - BESIDE * unit - width
    off = 0.3 * metrics.height()
    y = at.y() + off + metrics.capHeight() if below else at.y() - off
    path = outline(text, font, QPointF(x, y))
    halo = QPen(theme.halo, 3.0 * unit)
    halo.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.strokePath(path, halo)
    painter.fillPath(path, WHITE)
