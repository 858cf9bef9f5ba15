"""The ghost: where a student believes that a step ends, dragged over the loss map."""

from math import hypot

import numpy as np
from PySide6.QtCore import QLineF, QObject, QPointF, Qt, Signal
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPen

from mlpsim.core.arrays import Array
from mlpsim.core.lessons.exercise import Exercise
from mlpsim.views.context import Context
from mlpsim.views.items.marks import WHITE, paint_arrow
from mlpsim.views.items.outlines import outline
from mlpsim.views.items.plot_frame import PlotFrame
from mlpsim.views.items.strokes import unit_of

RADIUS = 7.0
REACH = 14.0


class Ghost(QObject):
    """A ring to drag from an exercise's w; until the step is revealed, the map keeps it back."""

    moved = Signal()

    def __init__(self, context: Context, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._exercise: Exercise | None = None
        self._grip = QPointF()
        self.place: Array | None = None  # of the plane (2,); None while there is no ghost
        self.is_revealed = False

    def set(self, exercise: Exercise | None, place: Array | None) -> None:
        """Begin with an exercise, the ghost at a place of the plane; None ends it."""
        self._exercise, self.place, self.is_revealed = exercise, place, False
        self._context.overlays.hide_step(exercise is not None)

    def move(self, place: Array) -> None:
        """Put the ghost elsewhere."""
        self.place = place
        self.moved.emit()
        self._context.overlays.update()

    def reveal(self) -> None:
        """Show where the step ends."""
        self.is_revealed = True
        self._context.overlays.hide_step(False)

    def ends(self) -> tuple[Array, Array]:
        """Where the exercise's w and w⁺ lie in the plane, (2,) each."""
        assert self._exercise is not None
        plane = self._context.landscape.plane
        thetas = np.stack([np.array(self._exercise.theta), self._exercise.after])
        here, there = plane.project(thetas)
        return here, there

    # -- an overlay ------------------------------------------------------------------------------

    def paint(self, painter: QPainter, frame: PlotFrame) -> None:
        if self.place is None or self._exercise is None:
            return
        theme, unit = self._context.appearance.theme, unit_of(frame)
        here, there = self.ends()
        start, end, ghost = (
            QPointF(*frame.pixels(place).tolist()) for place in (here, there, self.place)
        )
        for colour, width in ((theme.halo, 4.0), (WHITE, 1.6)):
            pen = QPen(colour, width * unit)
            pen.setDashPattern([5.0 * 1.6 / width, 4.0 * 1.6 / width])
            painter.setPen(pen)
            painter.drawLine(QLineF(start, ghost))
        if self.is_revealed:
            paint_arrow(painter, start, end, theme, WHITE, 3.2 * unit)
        painter.setPen(QPen(theme.halo, 1.6 * unit))
        painter.setBrush(WHITE)
        painter.drawEllipse(start, 4.0 * unit, 4.0 * unit)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, width in ((theme.halo, 5.0), (WHITE, 2.4)):
            painter.setPen(QPen(colour, width * unit))
            painter.drawEllipse(ghost, RADIUS * unit, RADIUS * unit)
        self._write(painter, frame, start, "w", start.x() > ghost.x())
        self._write(painter, frame, ghost, "w⁺ ?", ghost.x() >= start.x())
        if self.is_revealed:
            self._write(painter, frame, end, "w⁺", end.x() >= start.x())

    def _write(
        self, painter: QPainter, frame: PlotFrame, at: QPointF, text: str, right: bool
    ) -> None:
        """A name beside a mark, on the side that no line leads to."""
        em, unit = QFontMetricsF(frame.font).height(), unit_of(frame)
        font = QFont(frame.font)
        font.setBold(True)
        away = 1.5 * RADIUS * unit
        x = away if right else -away - QFontMetricsF(font).horizontalAdvance(text)
        path = outline(text, font, at + QPointF(x, -0.4 * em))
        halo = QPen(self._context.appearance.theme.halo, 4.0 * unit)
        halo.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.strokePath(path, halo)
        painter.fillPath(path, WHITE)

    # -- the pointer -----------------------------------------------------------------------------

    def _is_at(self, frame: PlotFrame, at: QPointF) -> bool:
        if self.place is None:
            return False
        ghost = QPointF(*frame.pixels(self.place).tolist())
        self._grip = ghost - at
        return hypot(self._grip.x(), self._grip.y()) <= REACH * unit_of(frame)

    def hover(self, frame: PlotFrame, at: QPointF | None) -> bool:
        return at is not None and self._is_at(frame, at)

    def press(self, frame: PlotFrame, at: QPointF) -> bool:
        return self._is_at(frame, at)

    def drag(self, frame: PlotFrame, at: QPointF) -> None:
        self.move(np.array(frame.within(at + self._grip)))

    def release(self) -> None:
        """The ghost stays where it was put."""
