"""The scrubber: a slider over all steps of a run, with a tick where a segment begins."""

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QHelpEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSlider, QToolTip

from mlpsim.views.appearance import Appearance


class Scrubber(QSlider):
    """Shows the step on view; a press or drag anywhere on it asks for a step at once."""

    sought = Signal(int)

    def __init__(self, appearance: Appearance) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._appearance = appearance
        self.ticks: tuple[int, ...] = ()
        self._pressed = False
        self.setObjectName("scrubber")
        self.setAccessibleName("Step on view")
        self.setAccessibleDescription("Drag to look at any step of the run")
        self.setRange(0, 0)
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.actionTriggered.connect(self._on_key_action)
        appearance.changed.connect(self._restyle)

    def show_run(self, step: int, last: int, ticks: tuple[int, ...]) -> None:
        """Show state ``step`` of 0…``last``, and the states at which segments begin."""
        if ticks != self.ticks:
            self.ticks = ticks
            self.update()
        self.setMaximum(last)
        self.setPageStep(max(1, last // 20))
        self.setValue(step)

    def step_at(self, x: float) -> int:
        """The step at a horizontal position in pixels."""
        left, width = self._track()
        fraction = min(1.0, max(0.0, (x - left) / max(1.0, width)))
        return round(fraction * self.maximum())

    def position_of(self, step: int) -> float:
        """The horizontal position of a step in pixels."""
        left, width = self._track()
        return left + width * (step / self.maximum() if self.maximum() else 0.0)

    # -- Qt ------------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        return QSize(20 * self._unit(), 2 * self._unit())

    def minimumSizeHint(self) -> QSize:
        return QSize(8 * self._unit(), 2 * self._unit())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed = True
            self._seek(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed:
            self._seek(event.position().x())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed = False
            self.update()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            step = self.step_at(event.pos().x())
            QToolTip.showText(event.globalPos(), f"step {step}: click or drag to look", self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint(painter)

    # -- inside --------------------------------------------------------------------------------

    @Slot(int)
    def _on_key_action(self, _action: int) -> None:
        self.sought.emit(self.sliderPosition())

    @Slot(object)
    def _restyle(self, _theme: object) -> None:
        self.updateGeometry()
        self.update()

    def _seek(self, x: float) -> None:
        step = self.step_at(x)
        if step != self.value():
            self.sought.emit(step)

    def _unit(self) -> int:
        return max(8, self.fontMetrics().ascent())

    def _track(self) -> tuple[float, float]:
        """Left end and width of the groove, in pixels."""
        margin = self._unit() + 1.0
        return margin, self.width() - 2.0 * margin

    def _paint(self, painter: QPainter) -> None:
        theme = self._appearance.theme
        unit = self._unit()
        left, width = self._track()
        middle, thickness = self.height() / 2.0, 0.45 * unit
        here = self.position_of(self.value())
        painter.setPen(Qt.PenStyle.NoPen)
        self._bar(painter, QRectF(left, middle - thickness / 2, width, thickness), theme.border)
        done = QRectF(left, middle - thickness / 2, here - left, thickness)
        self._bar(painter, done, theme.accent)
        painter.setPen(QPen(theme.secondary, max(1.5, 0.12 * unit)))
        for step in self.ticks:
            x = self.position_of(step)
            painter.drawLine(QPointF(x, middle - 0.75 * unit), QPointF(x, middle - 0.35 * unit))
            painter.drawLine(QPointF(x, middle + 0.35 * unit), QPointF(x, middle + 0.75 * unit))
        radius = (0.68 if self._pressed or self.underMouse() else 0.6) * unit
        if self.hasFocus():
            painter.setPen(QPen(theme.accent, 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(QPointF(here, middle), radius + 3.0, radius + 3.0)
        painter.setPen(QPen(theme.accent, 0.2 * unit))
        painter.setBrush(QColor("#ffffff"))
        painter.drawEllipse(QPointF(here, middle), radius, radius)

    @staticmethod
    def _bar(painter: QPainter, bar: QRectF, color: QColor) -> None:
        painter.setBrush(color)
        painter.drawRoundedRect(bar, bar.height() / 2, bar.height() / 2)
