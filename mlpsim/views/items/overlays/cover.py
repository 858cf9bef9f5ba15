"""The cover of S* over the loss map: its boxes and x*, or the way along which f keeps falling."""

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen, QPolygonF

from mlpsim.core.arrays import Array
from mlpsim.core.certify import Optimum
from mlpsim.core.plane import Plane
from mlpsim.core.surface import Window
from mlpsim.session.certificate import Certificate
from mlpsim.views.context import Context
from mlpsim.views.items.marks import WHITE, paint_arrow
from mlpsim.views.items.plot_frame import PlotFrame
from mlpsim.views.items.strokes import unit_of

SMALLEST = 4.0  # pixels of a box that would be too small to be seen
FALLING = QColor("#8fe3b0")
FILL, AREA = QColor(255, 255, 255, 70), QColor(255, 255, 255, 150)
MOST_EDGED = 64
REACH = 8.0  # half of x*'s diamond
BEYOND = 1e4  # pixels that are far off every screen


class Cover:
    """Paints what a certificate tells of the problem on view, unless it is switched off."""

    def __init__(self, context: Context, certificate: Certificate) -> None:
        self._context, self._certificate = context, certificate
        self.is_on = True
        self._rects_of: tuple[Plane, Optimum, Window, QRectF] | None = None
        self._known: list[QRectF] = []
        certificate.changed.connect(context.overlays.update)

    def set_on(self, on: bool) -> None:
        """Show the cover, or no longer."""
        self.is_on = on
        self._context.overlays.update()

    def refresh(self) -> None:
        """Nothing is held that could be old."""

    def paint(self, painter: QPainter, frame: PlotFrame) -> None:
        answer = self._certificate.answer if self.is_on else None
        if answer is None or answer.shown is None:
            return
        if answer.shown.verdict == "infimum-not-attained":
            self._paint_direction(painter, frame, answer.shown.theta)
            return
        plane = self._context.landscape.plane
        if plane.kind == "two_weights":
            self._paint_boxes(painter, frame, answer.shown)
        if answer.shown.isolated:
            self._paint_best(painter, frame, plane.project(answer.shown.theta))

    def _paint_boxes(self, painter: QPainter, frame: PlotFrame, optimum: Optimum) -> None:
        """Few boxes with their edges; many as one area, which is much cheaper."""
        unit = unit_of(frame)
        rects = self._rects(frame, optimum)
        theme = self._context.appearance.theme
        if len(rects) > MOST_EDGED:
            painter.save()
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(AREA)
            painter.drawRects(rects)
            painter.restore()
            return
        painter.setBrush(FILL)
        for colour, width in ((theme.halo, 2.6), (WHITE, 1.0)):
            painter.setPen(QPen(colour, width * unit))
            painter.drawRects(rects)
            painter.setBrush(Qt.BrushStyle.NoBrush)

    def _rects(self, frame: PlotFrame, optimum: Optimum) -> list[QRectF]:
        """The boxes in pixels, those on screen; kept while the map and the answer stay."""
        plane = self._context.landscape.plane
        key = (plane, optimum, frame.window, frame.area)
        if key != self._rects_of:
            places, unit = list(plane.parameters), unit_of(frame)
            first = frame.pixels(optimum.cover.lo[:, places])
            last = frame.pixels(optimum.cover.hi[:, places])
            middle, half = 0.5 * (first + last), 0.5 * np.abs(last - first)
            half = np.maximum(half, 0.5 * SMALLEST * unit)
            area = frame.area
            edges = np.array([[area.left(), area.top()], [area.right(), area.bottom()]])
            seen = ((middle + half >= edges[0]) & (middle - half <= edges[1])).all(axis=-1)
            corner = np.clip((middle - half)[seen], -BEYOND, BEYOND)
            size = np.clip((middle + half)[seen], -BEYOND, BEYOND) - corner
            self._known = [QRectF(*rect) for rect in np.hstack([corner, size]).tolist()]
            self._rects_of = key
        return self._known

    def _paint_best(self, painter: QPainter, frame: PlotFrame, place: Array) -> None:
        """A diamond: a star would say "lowest of a grid"."""
        theme, unit = self._context.appearance.theme, unit_of(frame)
        at = _pixel(frame, place)
        reach = REACH * unit
        corners = [(0.0, -reach), (reach, 0.0), (0.0, reach), (-reach, 0.0)]
        diamond = QPolygonF([at + QPointF(x, y) for x, y in corners])
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, width in ((theme.halo, 5.0), (WHITE, 2.2)):
            painter.setPen(QPen(colour, width * unit))
            painter.drawPolygon(diamond)
        self._write(painter, frame, at, "x*")

    def _paint_direction(self, painter: QPainter, frame: PlotFrame, direction: Array) -> None:
        """From the state on view to the edge of the map: f falls along it from everywhere."""
        landscape, session = self._context.landscape, self._context.session
        dx, dy = landscape.plane.components(direction).tolist()
        start = _pixel(frame, landscape.plane.project(session.theta))
        if not frame.area.contains(start):
            start = frame.area.center()
        across, up = frame.per_pixel()
        step = QPointF(dx / across, -dy / up)
        size = float(np.hypot(step.x(), step.y()))
        if size == 0.0:
            return
        unit = unit_of(frame)
        inner = frame.area.adjusted(8.0, 8.0, -8.0, -8.0)
        length = _way_out(inner, start, step / size)
        if length < REACH * unit:
            return
        tip = start + step / size * length
        theme = self._context.appearance.theme
        paint_arrow(painter, start, tip, theme, FALLING, 2.6 * unit)
        self._write(painter, frame, start + step / size * (0.6 * length), "f ↓ 0")

    def _write(self, painter: QPainter, frame: PlotFrame, at: QPointF, text: str) -> None:
        font = QFont(frame.font)
        font.setBold(True)
        metrics, unit = QFontMetricsF(font), unit_of(frame)
        width = metrics.horizontalAdvance(text)
        x = at.x() + 1.4 * REACH * unit
        if x + width > frame.area.right():
            x = at.x() - 1.4 * REACH * unit - width
        path = QPainterPath()
        path.addText(QPointF(x, at.y() - 0.3 * metrics.height()), font, text)
        halo = QPen(self._context.appearance.theme.halo, 3.0 * unit)
        halo.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.strokePath(path, halo)
        painter.fillPath(path, WHITE)


def _pixel(frame: PlotFrame, place: Array) -> QPointF:
    x, y = np.clip(np.nan_to_num(frame.pixels(place)), -BEYOND, BEYOND).tolist()
    return QPointF(x, y)


def _way_out(area: QRectF, start: QPointF, along: QPointF) -> float:
    """How far it is from a place inside to the edge, along a direction of length 1."""
    ways = []
    if along.x():
        ways.append(((area.right() if along.x() > 0.0 else area.left()) - start.x()) / along.x())
    if along.y():
        ways.append(((area.bottom() if along.y() > 0.0 else area.top()) - start.y()) / along.y())
    return min(ways)
