"""A scatter plot of samples over the prediction map: shows, and tells what was asked of it."""

from collections.abc import Callable
from enum import Enum

import numpy as np
from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import (
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QToolTip

from mlpsim.core.arrays import Array
from mlpsim.core.looks.prediction_map import PredictionMap
from mlpsim.core.window import Window
from mlpsim.views.appearance import sized
from mlpsim.views.arrow_keys import ARROWS
from mlpsim.views.items.focus import paint_focus
from mlpsim.views.items.plot_frame import PlotFrame, plot_area
from mlpsim.views.items.roomy import Roomy
from mlpsim.views.items.scatter_picture import Samples, ScatterPicture, fitted_window
from mlpsim.views.labels.plain import plain
from mlpsim.views.theme import Theme

NO_BARS = np.zeros((0, 2, 2))


class Tool(Enum):
    """What a click on an empty place does."""

    MOVE = "move"
    ADD = "add"


class Scatter(Roomy):
    """Samples as markers; a prediction map behind them, or curves over them.

    It changes no data: it emits what the person did, in numbers of the plot.
    """

    clicked = Signal(object)
    pointed = Signal(object)
    added = Signal(float, float)
    dragged = Signal(int, float, float)
    nudged = Signal(int, float, float)
    drag_ended = Signal()
    removed = Signal(int)
    stepped = Signal(int)
    window_changed = Signal()

    def __init__(self, describe: Callable[[int], str]) -> None:
        """``describe`` gives the tooltip of a sample."""
        super().__init__((20, 20), (9, 7))
        self.picture = ScatterPicture()
        self.describe = describe
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAccessibleName("Scatter plot of the data")
        self.tool = Tool.MOVE
        self.window_of_plot = Window(-1.0, 1.0, -1.0, 1.0)
        self.selected: int | None = None
        self.hovered: int | None = None
        self._dragging: int | None = None
        self._pressed_at: QPointF | None = None
        self._pan_from: QPointF | None = None
        self._is_fitted = True

    # -- what is shown -------------------------------------------------------------------------

    def show_samples(self, samples: Samples, held_out: Samples | None) -> None:
        """Plot other samples; the window follows them unless one is being dragged.

        Those that are held out are hollow, and are neither pointed at nor moved.
        """
        self.picture.set_samples(samples, held_out)
        self.hovered = None
        if self._is_fitted and self._dragging is None:
            self.fit()
        self.update()

    def show_map(self, prediction: PredictionMap | None) -> None:
        """The prediction map behind the samples."""
        self.picture.set_map(prediction)
        self.update()

    def show_curves(self, curves: tuple[Array, ...], residuals: Array = NO_BARS) -> None:
        """Curves (n, 2) over the plot, one for each output, and bars (S, 2, 2) to them."""
        self.picture.curves, self.picture.residuals = curves, residuals
        self.update()

    def show_selected(self, sample: int | None) -> None:
        """A ring around one sample, or around none."""
        self.selected = sample
        self.update()

    def show_pointed(self, sample: int | None) -> None:
        """A thinner ring around the sample that is pointed at, here or elsewhere."""
        if sample != self.hovered:
            self.hovered = sample
            self.update()

    def show_theme(self, theme: Theme) -> None:
        self.picture.set_theme(theme)
        self.update()

    @property
    def samples(self) -> Samples:
        return self.picture.samples

    def set_tool(self, tool: Tool) -> None:
        self.tool = tool
        shape = Qt.CursorShape.CrossCursor if tool is Tool.ADD else Qt.CursorShape.ArrowCursor
        self.setCursor(shape)

    def fit(self) -> None:
        """The window that holds all samples, with a margin."""
        self._is_fitted = True
        held_out = self.picture.held_out
        points = self.samples.points
        if held_out is not None:
            points = np.vstack([points, held_out.points])
        self._set_window(fitted_window(points))

    @property
    def frame(self) -> PlotFrame:
        font = sized(self.font(), 0.88)
        area = plot_area(self.width(), self.height(), self.window_of_plot, font)
        return PlotFrame(
            self.window_of_plot, area, self.samples.x_label, self.samples.y_label, font
        )

    @property
    def radius(self) -> float:
        """The radius of a marker in pixels: less where there are many."""
        em = self.fontMetrics().height()
        count = len(self.samples)
        share = next(
            r for n, r in ((150, 0.34), (400, 0.28), (2000, 0.2), (10**9, 0.13)) if count <= n
        )
        return share * em

    def sample_at(self, at: QPointF) -> int | None:
        """The sample nearest to a place in pixels, if it is within reach."""
        if not len(self.samples):
            return None
        pixels = self.frame.pixels(self.samples.points)
        distance = np.hypot(pixels[:, 0] - at.x(), pixels[:, 1] - at.y())
        nearest = int(np.argmin(distance))
        return nearest if distance[nearest] <= max(1.6 * self.radius, 7.0) else None

    def _set_window(self, window: Window) -> None:
        if window != self.window_of_plot:
            self.window_of_plot = window
            self.picture.forget()
            self.update()
            self.window_changed.emit()

    # -- mouse ---------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = event.position()
        if event.button() in (Qt.MouseButton.RightButton, Qt.MouseButton.MiddleButton):
            self._pan_from = at
        if event.button() != Qt.MouseButton.LeftButton:
            return
        sample = self.sample_at(at)
        if sample is not None:
            self._dragging = sample
            self._pressed_at = at
            self.clicked.emit(sample)
        elif self.tool is Tool.ADD and self.frame.area.contains(at):
            self.added.emit(*self.frame.numbers(at))
        else:
            self.clicked.emit(None)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = event.position()
        if self._pan_from is not None:
            self._pan(at)
        elif self._dragging is not None:
            self._drag(at)
        else:
            self._point_at(self.sample_at(at))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._pan_from = None
        if event.button() != Qt.MouseButton.LeftButton or self._dragging is None:
            return
        moved = self._pressed_at is None
        self._dragging = self._pressed_at = None
        if moved:
            self.drag_ended.emit()
            if self._is_fitted:
                self.fit()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self.tool is Tool.MOVE and self.sample_at(event.position()) is None:
            self.fit()
        else:
            self.mousePressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        frame = self.frame
        if frame.area.contains(event.position()) and event.angleDelta().y():
            factor = 0.85 ** (event.angleDelta().y() / 120.0)
            self._zoom(factor, *frame.numbers(event.position()))
            event.accept()
        else:
            event.ignore()

    def leaveEvent(self, event: QEvent) -> None:
        self._point_at(None)

    def _point_at(self, sample: int | None) -> None:
        if sample != self.hovered:
            self.show_pointed(sample)
            self.pointed.emit(sample)

    def _drag(self, at: QPointF) -> None:
        assert self._dragging is not None
        if self._pressed_at is not None:
            if (at - self._pressed_at).manhattanLength() < 3.0:
                return
            self._pressed_at = None
        self.dragged.emit(self._dragging, *self.frame.within(at))

    def _pan(self, at: QPointF) -> None:
        assert self._pan_from is not None
        dx, dy = self.frame.per_pixel()
        offset = at - self._pan_from
        self._pan_from = at
        self._is_fitted = False
        self._set_window(self.window_of_plot.moved(-offset.x() * dx, offset.y() * dy))

    def _zoom(self, factor: float, x: float, y: float) -> None:
        try:
            window = self.window_of_plot.zoomed(factor, x, y)
        except ValueError:  # as near, or as far, as numbers go
            return
        self._is_fitted = False
        self._set_window(window)

    # -- keyboard ------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        # Before the window's shortcuts: with a sample selected, the arrows are the sample's.
        is_override = event.type() == QEvent.Type.ShortcutOverride
        if is_override and isinstance(event, QKeyEvent) and self._wants(event):
            event.accept()
            return True
        if isinstance(event, QHelpEvent):
            sample = self.sample_at(QPointF(event.pos()))
            text = self.toolTip() if sample is None else plain(self.describe(sample))
            QToolTip.showText(event.globalPos(), text, self)
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._wants(event):
            super().keyPressEvent(event)
            return
        key = event.key()
        if key in ARROWS:
            self._nudge(key, event.modifiers())
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and self.selected is not None:
            self.removed.emit(self.selected)
        elif key == Qt.Key.Key_Escape:
            self.clicked.emit(None)
        elif key == Qt.Key.Key_Insert:
            window = self.window_of_plot
            self.added.emit(0.5 * (window.x0 + window.x1), 0.5 * (window.y0 + window.y1))
        else:
            self.stepped.emit(1 if key == Qt.Key.Key_PageDown else -1)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() in ARROWS and self.selected is not None and not event.isAutoRepeat():
            self.drag_ended.emit()
        else:
            super().keyReleaseEvent(event)

    def _wants(self, event: QKeyEvent) -> bool:
        key = event.key()
        if event.modifiers() & (
            Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
        ):
            return False
        if key in (Qt.Key.Key_Insert, Qt.Key.Key_PageDown, Qt.Key.Key_PageUp):
            return True
        of_selected = (Qt.Key.Key_Delete, Qt.Key.Key_Backspace, Qt.Key.Key_Escape)
        return self.selected is not None and (key in ARROWS or key in of_selected)

    def _nudge(self, key: int, modifiers: Qt.KeyboardModifier) -> None:
        assert self.selected is not None
        far = bool(modifiers & Qt.KeyboardModifier.ShiftModifier)
        step = 0.05 if far else 0.01
        dx, dy = ARROWS[key]
        window = self.window_of_plot
        self.nudged.emit(self.selected, dx * step * window.width, dy * step * window.height)

    # -- painting ------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.picture.forget()
        super().resizeEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        self.picture.forget()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        frame, picture = self.frame, self.picture
        hovered = self.hovered if self.hovered != self.selected else None
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            picture.paint(painter, frame, self.radius, self.devicePixelRatioF())
            picture.paint_ring(painter, frame, self.radius, hovered, 1.2)
            picture.paint_ring(painter, frame, self.radius, self.selected, 2.2)
            frame.paint(painter, picture.theme)
            if self.hasFocus():
                paint_focus(painter, frame.area, picture.theme)
