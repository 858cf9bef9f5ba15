"""The loss map: a widget that shows the surface and the run, and says what is done to it."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QMouseEvent,
    QPaintEngine,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)

from mlpsim.core.run import Run
from mlpsim.core.window import Window
from mlpsim.views.context import Context
from mlpsim.views.items.marks import edge_at, paint_pointed
from mlpsim.views.items.overlays import Grabbable
from mlpsim.views.items.plot_frame import PlotFrame
from mlpsim.views.items.surface_scene import SurfaceScene
from mlpsim.views.items.surface_view import SurfaceView
from mlpsim.views.items.trail_item import most_states

ZOOM_STEP = 1.2
HELP = (
    "Click or drag: set the start, or move an edge of C.\n"
    "Right drag: move the window. Wheel: zoom.\n"
    "Double-click on an axis: reset the window."
)
MOST_PIXELS = 64_000_000


@dataclass(frozen=True, eq=False)
class _Path:
    """How much of which run a picture shows."""

    run: Run
    segments: int
    last: int
    cursor: int

    def same(self, other: "_Path | None") -> bool:
        return self.grown_from(other) and other is not None and self.last == other.last

    def grown_from(self, other: "_Path | None") -> bool:
        """Whether only states at the end are new, and both show their run's last state."""
        if other is None or self.run is not other.run or self.segments != other.segments:
            return False
        if (self.last, self.cursor) == (other.last, other.cursor):
            return True
        return other.cursor == other.last <= self.last == self.cursor


class SurfaceMap(SurfaceView):
    """Paints a context's landscape and run; it changes nothing itself.

    The surface is a cached layer, the path is appended to another one, and only the marks are
    painted in every frame. A long path leads through some of its states only, and what is added to
    it while the run plays through fewer. On another device, such as a PDF, everything is painted
    anew.
    """

    start_dragged = Signal(object)  # the place
    edge_dragged = Signal(object, object)  # edges such as ("x0", "y1"), and the place
    released = Signal()
    window_asked = Signal(object)
    reset_asked = Signal()
    aspect_changed = Signal(float)

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.scene = SurfaceScene(context)
        self._layer_key: tuple[object, ...] = ()
        self._layer = QPixmap()
        self._trail = QPixmap()
        self._path: _Path | None = None
        self._is_thinned = False  # the path's picture: more states are read for it at rest
        self._drags: tuple[str, ...] = ()
        self._grabbed: Grabbable | None = None
        self._pan: tuple[QPointF, Window] | None = None
        context.player.playing_changed.connect(self.refresh)
        self.setObjectName("loss map")
        self.setAccessibleName("Loss surface")
        self.setAccessibleDescription(HELP)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)

    def frame(self) -> PlotFrame | None:
        """The plot's rectangle and what it shows; None where the widget is too small for one."""
        return self.scene.frame(QSizeF(self.size()), self.font())

    @property
    def holds_state(self) -> bool:
        """Whether the state on view is in the plot; True while there is none."""
        frame = self.frame()
        return frame is None or self.scene.holds_state(frame)

    # -- painting ------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            self._paint(painter)

    def _paint(self, painter: QPainter) -> None:
        frame, ratio = self.frame(), self.devicePixelRatioF()
        if frame is None:
            painter.fillRect(self.rect(), self._context.appearance.theme.card)
            return
        raster = painter.paintEngine().type() == QPaintEngine.Type.Raster
        fits = self.width() * self.height() * ratio * ratio <= MOST_PIXELS
        overlays = self._context.overlays
        if raster and fits and painter.deviceTransform().m11() == ratio:
            self._refresh(frame, ratio)
            painter.drawPixmap(0, 0, self._layer)
            self.scene.paint_overlays(painter, frame, overlays.under)
            painter.drawPixmap(0, 0, self._trail)
        else:
            self._paint_layer(painter, frame)
            self.scene.paint_overlays(painter, frame, overlays.under)
            self.scene.paint_trail(painter, frame)
        self.scene.paint_overlays(painter, frame, overlays.over)
        self.scene.paint_marks(painter, frame)
        self._paint_pointed(painter, frame)
        # Larger type leaves less room for the plot, without a resize.
        self.aspect_changed.emit(frame.area.height() / frame.area.width())

    def _paint_pointed(self, painter: QPainter, frame: PlotFrame) -> None:
        """The place that is pointed at in another picture of the surface."""
        if self.pointed is None:
            return
        x, y = frame.pixels(np.array(self.pointed.place)).tolist()
        if frame.area.contains(x, y):
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            theme, text = self._context.appearance.theme, self.pointed.text
            paint_pointed(painter, QPointF(x, y), text, theme, frame.font, frame.area)

    def _refresh(self, frame: PlotFrame, ratio: float) -> None:
        """Bring the layers of surface and path up to date with as little painting as it takes."""
        session, landscape = self._context.session, self._context.landscape
        theme = self._context.appearance.theme
        key = (
            *(self.width(), self.height(), ratio, theme.name, frame.font.toString()),
            *(frame.window, frame.x_label, frame.y_label, landscape.problem.feasible),
            *(landscape.plane, landscape.surface),
        )
        if key != self._layer_key:
            self._layer = self._filled(theme.card, ratio)
            _paint_on(self._layer, lambda painter: self._paint_layer(painter, frame))
            self._layer_key, self._path = key, None
        run = session.run
        playing = self._context.player.playing
        most = most_states(run, playing)
        path = _Path(run, len(run.segments), run.last, session.cursor)
        shown = None if self._is_thinned and not playing else self._path
        if path.same(shown):
            return
        # Every second state of a path that jumps to and fro tells of another one: at rest, what a
        # frame would leave states out of is not appended but painted from the start, as it was.
        brief = playing or shown is None or path.last - shown.last <= most
        if shown is not None and path.grown_from(shown) and brief:
            first, grow = shown.last, self.scene.paint_growth
            _paint_on(self._trail, lambda painter: grow(painter, frame, first, path.last, most))
        else:
            first, self._is_thinned = 0, False
            self._trail = self._filled(Qt.GlobalColor.transparent, ratio)
            _paint_on(self._trail, lambda painter: self.scene.paint_trail(painter, frame, most))
        self._is_thinned |= playing and path.last - first > most
        self._path = path

    def _filled(self, colour: QColor | Qt.GlobalColor, ratio: float) -> QPixmap:
        """A layer of the widget's size."""
        layer = QPixmap(round(self.width() * ratio), round(self.height() * ratio))
        layer.setDevicePixelRatio(ratio)
        layer.fill(colour)
        return layer

    def _paint_layer(self, painter: QPainter, frame: PlotFrame) -> None:
        painter.fillRect(self.rect(), self._context.appearance.theme.card)
        self.scene.paint_layer(painter, frame, float(self.width()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        frame = self.frame()
        if frame is not None:
            self.aspect_changed.emit(frame.area.height() / frame.area.width())

    # -- the pointer ---------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        frame, at = self.frame(), event.position()
        if frame is None:
            return
        if event.button() == Qt.MouseButton.LeftButton:
            takers = self._context.overlays.grabbables() if frame.area.contains(at) else []
            self._grabbed = next((taker for taker in takers if taker.press(frame, at)), None)
            if self._grabbed is not None:
                return
            self._drags = tuple(edge_at(frame, self.scene.section(), at))
            if not self._drags and frame.area.contains(at):
                self._drags = ("start",)
                self._drag_to(frame, at)
        elif event.button() in (Qt.MouseButton.RightButton, Qt.MouseButton.MiddleButton):
            self._pan = (at, self._context.landscape.window)
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        frame, at = self.frame(), event.position()
        if frame is None:
            return
        self.hovered.emit(frame.numbers(at) if frame.area.contains(at) else None)
        if self._pan is not None:
            origin, window = self._pan
            dx, dy = frame.per_pixel()
            moved = at - origin
            self._ask_window(lambda: window.moved(-moved.x() * dx, moved.y() * dy))
        elif self._grabbed is not None:
            self._grabbed.drag(frame, at)
        elif self._drags:
            self._drag_to(frame, at)
        else:
            self._point_at(frame, at)

    def _point_at(self, frame: PlotFrame, at: QPointF) -> None:
        """Show by the pointer's shape what a press would take."""
        inside: QPointF | None = at if frame.area.contains(at) else None
        taken = False
        for overlay in self._context.overlays.grabbables():
            taken = overlay.hover(frame, None if taken else inside) or taken
        edges = edge_at(frame, self.scene.section(), at)
        self.setCursor(Qt.CursorShape.PointingHandCursor if taken else _shape(edges))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._grabbed is not None:
            self._grabbed.release()
            self._grabbed = None
        if self._drags:
            self._drags = ()
            self.released.emit()
        if self._pan is not None:
            self._pan = None
            self.setCursor(Qt.CursorShape.CrossCursor)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        frame = self.frame()
        if frame is not None and frame.area.contains(event.position()):
            self.mousePressEvent(event)
        else:
            self.reset_asked.emit()

    def leaveEvent(self, event: QEvent) -> None:
        self.hovered.emit(None)
        frame = self.frame()
        if frame is not None:
            for overlay in self._context.overlays.grabbables():
                overlay.hover(frame, None)

    def wheelEvent(self, event: QWheelEvent) -> None:
        frame, turn = self.frame(), event.angleDelta().y()
        if frame is None or not turn or not frame.area.contains(event.position()):
            event.ignore()
            return
        x, y = frame.numbers(event.position())
        factor = ZOOM_STEP ** (-turn / 120.0)
        # About the place under the pointer, seen from the window before it was grown to the plot.
        self._ask_window(lambda: self._context.landscape.window.zoomed(factor, x, y))
        event.accept()

    def _drag_to(self, frame: PlotFrame, at: QPointF) -> None:
        if self._drags == ("start",):
            self.start_dragged.emit(frame.rounded(*frame.within(at)))
        elif self._drags:
            self.edge_dragged.emit(self._drags, frame.rounded(*frame.numbers(at)))

    def _ask_window(self, make: Callable[[], Window]) -> None:
        """Ask for a window, unless it would be too small or too large for numbers to tell."""
        try:
            window = make()
        except ValueError:
            return
        self.window_asked.emit(window)


def _paint_on(pixmap: QPixmap, paint: Callable[[QPainter], None]) -> None:
    with QPainter(pixmap) as painter:
        paint(painter)


def _shape(edges: tuple[str, ...]) -> Qt.CursorShape:
    """The pointer's shape over edges of C."""
    axes = {edge[0] for edge in edges}
    if axes == {"x"}:
        return Qt.CursorShape.SizeHorCursor
    if axes == {"y"}:
        return Qt.CursorShape.SizeVerCursor
    return Qt.CursorShape.SizeAllCursor if axes else Qt.CursorShape.CrossCursor
