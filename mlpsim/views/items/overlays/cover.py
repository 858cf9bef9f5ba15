"""The cover of S* over the loss map: its boxes and x*, or the way along which f keeps falling."""

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from mlpsim.core.arrays import Array
from mlpsim.session.certificate import Certificate
from mlpsim.views.context import Context
from mlpsim.views.items.marks import WHITE, paint_arrow
from mlpsim.views.items.overlays.box_paint import BoxPicture, pixel, write
from mlpsim.views.items.overlays.switched import Switched
from mlpsim.views.items.plot_frame import PlotFrame
from mlpsim.views.items.strokes import unit_of

FALLING = QColor("#8fe3b0")
REACH = 8.0  # half of x*'s diamond


class Cover(Switched):
    """Paints what a certificate tells of the problem on view, unless it is switched off."""

    def __init__(self, context: Context, certificate: Certificate) -> None:
        super().__init__(context, on=True)
        self._certificate = certificate
        self._boxes = BoxPicture()
        certificate.changed.connect(context.overlays.update)

    def paint(self, painter: QPainter, frame: PlotFrame) -> None:
        answer = self._certificate.answer if self.is_on else None
        if answer is None or answer.shown is None:
            return
        if answer.shown.verdict == "infimum-not-attained":
            self._paint_direction(painter, frame, answer.shown.theta)
            return
        plane, theme = self._context.landscape.plane, self._context.appearance.theme
        if plane.kind == "two_weights":
            self._boxes.paint(painter, frame, plane, answer.shown.cover, theme)
        if answer.shown.isolated:
            self._paint_best(painter, frame, plane.project(answer.shown.theta))

    def _paint_best(self, painter: QPainter, frame: PlotFrame, place: Array) -> None:
        """A diamond: a star would say "lowest of a grid"."""
        theme, unit = self._context.appearance.theme, unit_of(frame)
        at = pixel(frame, place)
        reach = REACH * unit
        corners = [(0.0, -reach), (reach, 0.0), (0.0, reach), (-reach, 0.0)]
        diamond = QPolygonF([at + QPointF(x, y) for x, y in corners])
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, width in ((theme.halo, 5.0), (WHITE, 2.2)):
            painter.setPen(QPen(colour, width * unit))
            painter.drawPolygon(diamond)
        write(painter, frame, at, "x*", theme)

    def _paint_direction(self, painter: QPainter, frame: PlotFrame, direction: Array) -> None:
        """From the state on view to the edge of the map: f falls along it from everywhere."""
        landscape, session = self._context.landscape, self._context.session
        dx, dy = landscape.plane.components(direction).tolist()
        start = pixel(frame, landscape.plane.project(session.theta))
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
        write(painter, frame, start + step / size * (0.6 * length), "f ↓ 0", theme)


def _way_out(area: QRectF, start: QPointF, along: QPointF) -> float:
    """How far it is from a place inside to the edge, along a direction of length 1."""
    ways = []
    if along.x():
        ways.append(((area.right() if along.x() > 0.0 else area.left()) - start.x()) / along.x())
    if along.y():
        ways.append(((area.bottom() if along.y() > 0.0 else area.top()) - start.y()) / along.y())
    return min(ways)
