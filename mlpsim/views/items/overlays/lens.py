"""The ε-lens over the loss map: N(z, ε) ∩ C, the lower point in it, and a way that falls.

What is written beside them is an overlay of its own: the arrows at the state lie between.
"""

from math import hypot, sqrt
from typing import TYPE_CHECKING, Literal

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPainterPath, QPen

from mlpsim.core.arrays import Array
from mlpsim.core.section import BoxSection, section
from mlpsim.session.lens_bench import EPSILONS
from mlpsim.views.context import Context
from mlpsim.views.items.marks import WHITE, paint_arrow
from mlpsim.views.items.plot_frame import PlotFrame, rounded_to
from mlpsim.views.items.strokes import rect_of, unit_of

if TYPE_CHECKING:  # the proofs are imported when the lens is first laid down
    from mlpsim.core.proofs.locally import Verdict

# As all marks on the map, the same in both themes; the word stands beside the colour.
COLOURS: "dict[Verdict, QColor]" = {
    "certified": QColor("#7ee0a8"),
    "refuted": QColor("#ff9d7a"),
    "open": WHITE,
}
REACH, HANDLE = 14.0, 5.0  # pixels around a mark that take the pointer; a handle's radius
BODY = 60.0  # pixels around z that the lens is dragged by, where it is as large
LARGEST = 1e5  # pixels of a radius: beyond all screens
ARROW = 3.2  # em

Part = Literal["z", "rim"]


class LensOverlay:
    """Paints the bench's lens, and lets the pointer drag z and the rim."""

    def __init__(self, context: Context) -> None:
        self._context, self._bench = context, context.lens
        self._part: Part | None = None
        self._grip = QPointF()
        self._bench.changed.connect(context.overlays.update)

    # -- geometry ------------------------------------------------------------------------------

    @property
    def _is_curve(self) -> bool:
        return self._context.landscape.plane.is_line

    def _place(self, theta: Array) -> Array:
        """Where a parameter vector is drawn (2,): over one weight, on the curve."""
        landscape = self._context.landscape
        place = landscape.plane.project(theta)
        if self._is_curve:
            place = np.array([place[0], float(landscape.problem.value(theta))])
        return place

    def pixel(self, frame: PlotFrame, theta: Array) -> QPointF:
        """Where a parameter vector is drawn."""
        x, y = np.clip(np.nan_to_num(frame.pixels(self._place(theta))), -LARGEST, LARGEST).tolist()
        return QPointF(x, y)

    def _reach(self) -> float:
        """ε on the plane: of a section beside z, what is left of it; 0 where there is none."""
        epsilon, off = self._bench.epsilon, self._off()
        if self._bench.shape == "square":
            return epsilon if off <= epsilon else 0.0
        return sqrt(max(epsilon * epsilon - off * off, 0.0))

    def _off(self) -> float:
        """How far z is from the plane, in the lens's own measure."""
        plane = self._context.landscape.plane
        away = np.abs(self._bench.z - plane.origin)
        away[list(plane.parameters)] = 0.0
        return float(away.max() if self._bench.shape == "square" else np.linalg.norm(away))

    def rect(self, frame: PlotFrame) -> QRectF:
        """The square around the lens, in pixels; over one weight, a strip."""
        reach = self._reach()
        dx, dy = frame.per_pixel()
        width, height = min(reach / dx, LARGEST), min(reach / dy, LARGEST)
        at = self.pixel(frame, self._bench.z)
        if self._is_curve:
            top, bottom = frame.area.top() - 9.0, frame.area.bottom() + 9.0
            return QRectF(at.x() - width, top, 2.0 * width, bottom - top)
        return QRectF(at.x() - width, at.y() - height, 2.0 * width, 2.0 * height)

    def outline(self, frame: PlotFrame) -> QPainterPath:
        """The lens as far as it lies in C."""
        rect, path = self.rect(frame), QPainterPath()
        if self._bench.shape == "square" or self._is_curve:
            path.addRect(rect)
        else:
            path.addEllipse(rect)
        near = QPainterPath()
        near.addRect(frame.area.adjusted(-9.0, -9.0, 9.0, 9.0))
        path = path.intersected(near)
        landscape = self._context.landscape
        feasible = section(landscape.problem.feasible, landscape.plane)
        if feasible is None:
            return path
        inside = QPainterPath()
        if isinstance(feasible, BoxSection):
            inside.addRect(rect_of(frame, feasible.x0, feasible.x1, feasible.y0, feasible.y1))
        else:
            x, y, r = feasible.x, feasible.y, feasible.radius
            inside.addEllipse(rect_of(frame, x - r, x + r, y - r, y + r))
        return path.intersected(inside)

    def handle(self, frame: PlotFrame) -> QPointF:
        """Where the rim is dragged: to the right of z, or to the left where that is off the map."""
        rect = self.rect(frame)
        x = rect.right() if rect.right() < frame.area.right() else rect.left()
        x = min(max(x, frame.area.left() + HANDLE), frame.area.right() - HANDLE)
        return QPointF(x, self.pixel(frame, self._bench.z).y())

    # -- painting ------------------------------------------------------------------------------

    def paint(self, painter: QPainter, frame: PlotFrame) -> None:
        if not self._bench.is_shown:
            return
        bench, unit = self._bench, unit_of(frame)
        halo, answer = self._context.appearance.theme.halo, bench.answer
        colour = COLOURS["open" if answer is None else answer.exactly]
        outline = self.outline(frame)
        # Its area is left clear: to fill it would take longer than all the rest.
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for ink, width in ((halo, 4.6), (colour, 2.2)):
            painter.setPen(QPen(ink, width * unit))
            painter.drawPath(outline)
        at, handle = self.pixel(frame, bench.z), self.handle(frame)
        if answer is not None:
            if answer.locally.way is not None:
                self._paint_way(painter, frame, at, answer.locally.way.direction)
            if answer.lower is not None:
                self._paint_lower(painter, frame, at, answer.lower.theta)
        self._dot(painter, at, HANDLE * unit, colour)
        self._dot(painter, handle, HANDLE * unit, WHITE)

    def _paint_way(self, painter: QPainter, frame: PlotFrame, at: QPointF, way: Array) -> None:
        """The way along which f falls or bends down at z."""
        dx, dy = self._context.landscape.plane.components(way).tolist()
        across, up = frame.per_pixel()
        step = QPointF(dx / across, 0.0 if self._is_curve else -dy / up)
        size = hypot(step.x(), step.y())
        if size == 0.0:
            return
        unit, theme = unit_of(frame), self._context.appearance.theme
        length = ARROW * QFontMetricsF(frame.font).height()
        tip = at + step / size * length
        paint_arrow(painter, at, tip, theme, COLOURS["refuted"], 2.0 * unit)

    def _paint_lower(self, painter: QPainter, frame: PlotFrame, at: QPointF, theta: Array) -> None:
        """A triangle that points down, and a thin line to it."""
        unit, halo = unit_of(frame), self._context.appearance.theme.halo
        lower = self.pixel(frame, theta)
        for ink, width in ((halo, 3.0), (COLOURS["refuted"], 1.2)):
            pen = QPen(ink, width * unit)
            pen.setStyle(Qt.PenStyle.DotLine if width < 2.0 else Qt.PenStyle.SolidLine)
            painter.setPen(pen)
            painter.drawLine(QLineF(at, lower))
        mark, reach = QPainterPath(), 6.5 * unit
        mark.moveTo(lower + QPointF(-reach, -0.7 * reach))
        mark.lineTo(lower + QPointF(reach, -0.7 * reach))
        mark.lineTo(lower + QPointF(0.0, reach))
        mark.closeSubpath()
        painter.setPen(QPen(halo, 2.0 * unit))
        painter.setBrush(COLOURS["refuted"])
        painter.drawPath(mark)

    def _dot(self, painter: QPainter, at: QPointF, radius: float, colour: QColor) -> None:
        painter.setPen(QPen(self._context.appearance.theme.halo, 0.36 * radius))
        painter.setBrush(colour)
        painter.drawEllipse(at, radius, radius)

    # -- the pointer ---------------------------------------------------------------------------

    def _part_at(self, frame: PlotFrame, at: QPointF) -> Part | None:
        """What of the lens is under the pointer; the rim before z where they are close."""
        if not self._bench.is_shown:
            return None
        unit, rect = unit_of(frame), self.rect(frame)
        z, handle = self.pixel(frame, self._bench.z), self.handle(frame)
        to_z, to_rim = QLineF(at, z).length(), QLineF(at, handle).length()
        if to_rim <= REACH * unit and to_rim <= to_z:
            return "rim"
        body = max(REACH * unit, min(BODY * unit, 0.5 * rect.width()))
        return "z" if to_z <= body else None

    def hover(self, frame: PlotFrame, at: QPointF | None) -> bool:
        return at is not None and self._part_at(frame, at) is not None

    def press(self, frame: PlotFrame, at: QPointF) -> bool:
        self._part = self._part_at(frame, at)
        if self._part is None:
            return False
        held = self.handle(frame) if self._part == "rim" else self.pixel(frame, self._bench.z)
        self._grip = held - at
        return True

    def drag(self, frame: PlotFrame, at: QPointF) -> None:
        bench, plane = self._bench, self._context.landscape.plane
        x, y = frame.within(at + self._grip)
        if self._part == "z":
            bench.move(plane.point(*frame.rounded(x, 0.0 if self._is_curve else y)))
            return
        across, _ = frame.per_pixel()
        reach = rounded_to(abs(x - float(plane.project(bench.z)[0])), across)
        epsilon = hypot(reach, self._off()) if bench.shape == "disc" else reach
        bench.set_epsilon(min(max(epsilon, EPSILONS[0]), EPSILONS[-1]))

    def release(self) -> None:
        self._part = None
