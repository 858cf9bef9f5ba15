"""The loss curve: E and every eˢ of a run against its steps, to look at and to seek in."""

from collections.abc import Callable
from typing import Protocol

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QFont,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)

from mlpsim.views.appearance import sized
from mlpsim.views.items.axes import room_beside
from mlpsim.views.items.focus import paint_focus
from mlpsim.views.items.loss_axes import values_up
from mlpsim.views.items.roomy import Roomy
from mlpsim.views.items.scale import Scale
from mlpsim.views.theme import Theme


class CurvePicture(Protocol):
    """Lines over a horizontal axis from 0 to ``end``, such as a ``LossPicture``."""

    @property
    def end(self) -> float: ...

    @property
    def scale(self) -> Scale: ...

    def room(self, metrics: QFontMetricsF) -> float:
        """What stands beside the plot at its right, in pixels."""

    def paint(self, painter: QPainter, theme: Theme, plot: QRectF, lit: int | None) -> None:
        """Paint into the rectangle ``plot``, with axes around it; one line may stand out."""

    def line_at(self, plot: QRectF, at: QPointF) -> int | None:
        """The number of the line that is at a pixel."""


class LossCurve(Roomy):
    """Paints a picture of a run; a click or drag asks for a step.

    ``sought`` carries the coordinate under the pointer, ``sample_pointed`` the sample whose line is
    there or None, ``jumped`` -1 or +1 for Page Up and Down; ``resized`` comes when the number of
    columns has changed. ``read`` gives the words for a coordinate that the pointer is over.
    """

    sought = Signal(float)
    sample_pointed = Signal(object)
    jumped = Signal(int)
    resized = Signal()

    def __init__(self, theme: Theme, read: Callable[[float], str]) -> None:
        super().__init__((24, 13), (12, 6))
        self.setAccessibleName("Loss curve")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self._theme = theme
        self.read = read
        self._picture: CurvePicture | None = None
        self._message = ""
        self._hover: float | None = None
        self.lit: int | None = None

    @property
    def picture(self) -> CurvePicture | None:
        """What is on view; None if there is only a message."""
        return self._picture

    @property
    def message(self) -> str:
        return self._message

    @property
    def columns(self) -> int:
        """How many columns of pixels the plot has."""
        return max(int(self.plot().width()), 2)

    def set_picture(self, picture: CurvePicture | None, message: str = "") -> None:
        """Show a picture, with a message over it if there is one."""
        self._picture, self._message = picture, message
        self.update()

    def show_sample(self, sample: int | None) -> None:
        """Let the line of one sample stand out, or of none."""
        if sample != self.lit:
            self.lit = sample
            self.update()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()

    def _small(self) -> QFont:
        return sized(self.font(), 0.88)

    def plot(self) -> QRectF:
        metrics = QFontMetricsF(self._small())
        em = metrics.height()
        left = 1.3 * em + metrics.horizontalAdvance("0.00005") + 6.0
        plot = QRectF(self.rect()).adjusted(left, 0.5 * em, -2.0 * em, -2.5 * em)
        if self._picture is not None:
            beside = room_beside(values_up(self._picture.scale, plot.height(), em), self._small())
            plot.setLeft(max(left, beside))
            plot.setRight(self.width() - self._picture.room(metrics))
        return plot

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.resized.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setFont(self._small())
            plot = self.plot()
            if self._picture is not None:
                self._picture.paint(painter, self._theme, plot, self.lit)
                self._paint_hover(painter, self._picture, plot)
            if self._message:
                painter.setPen(self._theme.secondary)
                wrap = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
                painter.drawText(plot, wrap, self._message)
            if self.hasFocus():
                paint_focus(painter, plot, self._theme)

    def _paint_hover(self, painter: QPainter, picture: CurvePicture, plot: QRectF) -> None:
        if self._hover is None:
            return
        text = self.read(self._hover)
        metrics = QFontMetricsF(painter.font())
        width, em = metrics.horizontalAdvance(text) + metrics.height(), metrics.height()
        x = plot.left() + self._hover / picture.end * plot.width()
        painter.setPen(QPen(self._theme.secondary, 1.0))
        painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()))
        box = QRectF(0.0, plot.bottom() - 1.6 * em, width, 1.4 * em)
        box.moveLeft(min(max(x + 4.0, plot.left()), plot.right() - width))
        painter.setPen(QPen(self._theme.border, 1.0))
        painter.setBrush(self._theme.card)
        painter.drawRoundedRect(box, 4.0, 4.0)
        painter.setPen(self._theme.text)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)

    # -- pointing ------------------------------------------------------------------------------

    def coordinate_at(self, x: float) -> float:
        """The coordinate of the horizontal axis at a pixel, within the run."""
        if self._picture is None:
            return 0.0
        plot = self.plot()
        share = (x - plot.left()) / max(plot.width(), 1.0)
        return float(np.clip(share, 0.0, 1.0)) * self._picture.end

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._picture is not None:
            self._hover = None
            self.sought.emit(self.coordinate_at(event.position().x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._picture is None:
            return
        coordinate = self.coordinate_at(event.position().x())
        if event.buttons() & Qt.MouseButton.LeftButton:
            self.sought.emit(coordinate)
        else:
            self._hover = coordinate
            self.sample_pointed.emit(self.sample_at(event.position()))
            self.update()

    def sample_at(self, at: QPointF) -> int | None:
        """The sample whose line is under a pixel."""
        if self._picture is None:
            return None
        return self._picture.line_at(self.plot(), at)

    def leaveEvent(self, event: QEvent) -> None:
        self.sample_pointed.emit(None)
        self._hover = None
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        jumps = {Qt.Key.Key_PageUp: -1, Qt.Key.Key_PageDown: 1}
        if event.key() in jumps:
            self.jumped.emit(jumps[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)
