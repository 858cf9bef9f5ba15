"""The relief's widget: shows the surface as a sheet in a box, turned by hand."""

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, QSizeF, Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QKeyEvent,
    QMouseEvent,
    QPaintEngine,
    QPainter,
    QPaintEvent,
    QPixmap,
    QWheelEvent,
)

from mlpsim.core.looks.camera import Camera
from mlpsim.core.surface import Surface
from mlpsim.views.arrow_keys import ARROWS
from mlpsim.views.context import Context
from mlpsim.views.items import marks
from mlpsim.views.items.focus import paint_focus
from mlpsim.views.items.relief_frame import ReliefFrame
from mlpsim.views.items.relief_quads import Quads
from mlpsim.views.items.relief_scene import COARSE, FINE, ReliefScene
from mlpsim.views.items.surface_view import SurfaceView

HELP = (
    "Drag, or the arrow keys: turn. Wheel, or + and −: larger, smaller.\n"
    "Double-click, or 0: from where most of the path is seen."
)
REST_MS = 160
SLICE = 900  # quads that are painted at once
DEGREES, ZOOM_STEP = 0.5, 1.15  # for a pixel, and for a notch of the wheel
KEY_DEGREES, FINE_DEGREES = 6.0, 1.0
SHARPER = 2.0  # times as many pixels as there are on screen: the sheet's edges are smooth


class ReliefView(SurfaceView):
    """Paints a context's landscape and run; only where it is looked at from is asked for.

    While it is turned the sheet has few quads; at rest more are painted, some at a time, into a
    layer that is kept. On another device, such as a PDF, everything is painted anew.
    """

    camera_asked = Signal(object)

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.scene = ReliefScene(context)
        self._key: tuple[object, ...] = ()
        self._layer = QPixmap()
        self._bar_key: tuple[object, ...] = ()
        self._bars: dict[float, QPixmap] = {}
        self.detail = 0
        self._fine: tuple[Quads, QPixmap, int] | None = None
        self._at: QPoint | None = None
        self._rest = QTimer(self, singleShot=True)
        self._rest.setObjectName("relief rest")
        self._rest.timeout.connect(self._refine)
        self.setObjectName("loss relief")
        self.setAccessibleName("Loss surface in three dimensions")
        self.setAccessibleDescription(HELP)
        self.setToolTip(HELP)
        # By a click it does not take the arrow keys away from the run.
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.OpenHandCursor)

    def frame(self) -> ReliefFrame | None:
        """What the picture shows; None without a surface or without room."""
        surface = self.scene.surface
        if surface is None:
            return None
        return self.scene.frame(QSizeF(self.size()), self.font(), surface)

    @property
    def holds_state(self) -> bool:
        """Whether the state on view is in the box; True while there is none."""
        surface, camera = self.scene.surface, self._camera()
        if surface is None or camera is None:
            return True
        relief, cursor = self.scene.relief(surface, COARSE), self._context.session.cursor
        return self.scene.state(surface, relief, camera, cursor)[0] is not None

    def complete(self) -> None:
        """The picture of a relief at rest, painted here and now."""
        self._rest.stop()
        self._refresh()
        while self.detail == COARSE:
            self._refine()
        self._rest.stop()

    # -- painting ------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            self._paint(painter)

    def _paint(self, painter: QPainter) -> None:
        painter.fillRect(self.rect(), self._context.appearance.theme.card)
        surface, frame = self.scene.surface, self.frame()
        if surface is None or frame is None:
            return
        raster = painter.paintEngine().type() == QPaintEngine.Type.Raster
        if raster and painter.deviceTransform().m11() == self.devicePixelRatioF():
            self._refresh()
            painter.drawPixmap(0, 0, self._layer)
            detail = self.detail
        else:
            detail = FINE
            self.scene.paint_ground(painter, surface, frame)
            self.scene.paint_bar(painter, surface, frame)
            self._paint_sheet(painter, surface, frame, not raster)
            self._paint_lines(painter, surface, frame, detail)
        painter.save()
        painter.setClipRect(frame.area)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.scene.paint_run(painter, surface, frame, detail)
        self.scene.paint_overlays(painter, surface, frame, detail)
        self.scene.paint_states(painter, surface, frame, detail)
        self._paint_pointed(painter, surface, frame, detail)
        painter.restore()
        if self.hasFocus():
            paint_focus(painter, frame.area, self._context.appearance.theme)

    def _paint_lines(
        self, painter: QPainter, surface: Surface, frame: ReliefFrame, detail: int
    ) -> None:
        """What lies on the sheet and does not move with the run."""
        painter.save()
        painter.setClipRect(frame.area)
        self.scene.paint_isolines(painter, surface, frame, detail)
        self.scene.paint_edge(painter, surface, frame, detail)
        painter.restore()

    def _paint_pointed(
        self, painter: QPainter, surface: Surface, frame: ReliefFrame, detail: int
    ) -> None:
        """The place that is pointed at, here or on the map."""
        if self.pointed is None:
            return
        sheet = self.scene.sheet(surface, frame, detail)
        spot = sheet.spot(np.array(self.pointed.place))
        if spot is not None:
            theme = self._context.appearance.theme
            text = self.pointed.text
            marks.paint_pointed(painter, spot[0], text, theme, frame.font, frame.area, spot[1])

    def _paint_sheet(
        self, painter: QPainter, surface: Surface, frame: ReliefFrame, is_print: bool
    ) -> None:
        quads = self.scene.quads(surface, frame, FINE)
        painter.save()
        painter.setClipRect(frame.area)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, is_print)
        quads.paint(painter, 0, len(quads), is_print)
        painter.restore()

    def _refresh(self) -> None:
        """A coarse layer at once where the picture is another; the fine one comes at rest."""
        surface, frame = self.scene.surface, self.frame()
        if surface is None or frame is None:
            return
        theme, ratio = self._context.appearance.theme, self.devicePixelRatioF()
        key = (
            *(self.width(), self.height(), ratio, theme.name, frame.font.toString()),
            *(frame.camera, frame.names, self.scene.relief(surface, FINE)),
            *(surface, self.scene.section()),
        )
        if key == self._key:
            return
        self._key, self._fine, self.detail = key, None, COARSE
        self._layer = self._ground(surface, frame, ratio)
        quads = self.scene.quads(surface, frame, COARSE)
        self._paint_some(self._layer, frame, quads, 0, len(quads))
        self._finish(self._layer, surface, frame, COARSE)
        self._rest.start(REST_MS)

    @Slot()
    def _refine(self) -> None:
        """Paint some more of the fine layer, and show it when it is whole."""
        surface, frame = self.scene.surface, self.frame()
        if surface is None or frame is None or self.detail == FINE:
            return
        if self._fine is None:
            ratio = max(self.devicePixelRatioF(), SHARPER)
            quads = self.scene.quads(surface, frame, FINE)
            self._fine = quads, self._ground(surface, frame, ratio), 0
        quads, layer, first = self._fine
        self._paint_some(layer, frame, quads, first, first + SLICE)
        if first + SLICE < len(quads):
            self._fine = quads, layer, first + SLICE
            self._rest.start(0)
        else:
            self._finish(layer, surface, frame, FINE)
            self._layer, self.detail, self._fine = self._shrunk(layer), FINE, None
            self.update()

    def _shrunk(self, layer: QPixmap) -> QPixmap:
        """The layer with the pixels of the screen: it is shown with every step."""
        ratio = self.devicePixelRatioF()
        smooth = Qt.TransformationMode.SmoothTransformation
        shown = layer.scaled(self.size() * ratio, mode=smooth)
        shown.setDevicePixelRatio(ratio)
        return shown

    def _finish(self, layer: QPixmap, surface: Surface, frame: ReliefFrame, detail: int) -> None:
        with QPainter(layer) as painter:
            self._paint_lines(painter, surface, frame, detail)

    def _ground(self, surface: Surface, frame: ReliefFrame, ratio: float) -> QPixmap:
        layer = QPixmap(round(self.width() * ratio), round(self.height() * ratio))
        layer.setDevicePixelRatio(ratio)
        with QPainter(layer) as painter:
            painter.drawPixmap(0, 0, self._bar_of(surface, frame, ratio))
            self.scene.paint_ground(painter, surface, frame)
        return layer

    def _bar_of(self, surface: Surface, frame: ReliefFrame, ratio: float) -> QPixmap:
        """The colour bar on an empty card, kept for each pixel ratio."""
        theme = self._context.appearance.theme
        key = (*self._key[:5], frame.names, surface)
        if key != self._bar_key:
            self._bars.clear()
            self._bar_key = key
        if ratio not in self._bars:
            bar = QPixmap(round(self.width() * ratio), round(self.height() * ratio))
            bar.setDevicePixelRatio(ratio)
            bar.fill(theme.card)
            with QPainter(bar) as painter:
                self.scene.paint_bar(painter, surface, frame)
            self._bars[ratio] = bar
        return self._bars[ratio]

    def _paint_some(
        self, layer: QPixmap, frame: ReliefFrame, quads: Quads, first: int, last: int
    ) -> None:
        with QPainter(layer) as painter:
            painter.setClipRect(frame.area)
            quads.paint(painter, first, last)

    # -- turning -------------------------------------------------------------------------------

    def _camera(self) -> Camera | None:
        frame = self.frame()
        return None if frame is None else frame.camera

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._at = event.position().toPoint()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        camera, at = self._camera(), event.position().toPoint()
        if camera is None:
            return
        if self._at is None:
            self.hovered.emit(self._place(event.position()))
            return
        moved, self._at = at - self._at, at
        self.camera_asked.emit(camera.turned(-DEGREES * moved.x(), DEGREES * moved.y()))

    def _place(self, at: QPointF) -> tuple[float, float] | None:
        surface, frame = self.scene.surface, self.frame()
        if surface is None or frame is None or not frame.area.contains(at):
            return None
        return self.scene.sheet(surface, frame, self.detail or COARSE).place(at)

    def leaveEvent(self, event: QEvent) -> None:
        self.hovered.emit(None)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._at = None
        self.setCursor(Qt.CursorShape.OpenHandCursor)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._look_anew()

    def wheelEvent(self, event: QWheelEvent) -> None:
        camera, turn = self._camera(), event.angleDelta().y()
        if camera is None or not turn:
            event.ignore()
            return
        self.camera_asked.emit(camera.zoomed(ZOOM_STEP ** (turn / 120.0)))
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        camera, key = self._camera(), Qt.Key(event.key())
        is_fine = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        step = FINE_DEGREES if is_fine else KEY_DEGREES
        zooms = {Qt.Key.Key_Plus: ZOOM_STEP, Qt.Key.Key_Minus: 1.0 / ZOOM_STEP}
        if camera is None or event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.ignore()
        elif key in ARROWS:
            right, up = ARROWS[key]
            self.camera_asked.emit(camera.turned(step * right, step * up))
        elif key in zooms:
            self.camera_asked.emit(camera.zoomed(zooms[key]))
        elif key == Qt.Key.Key_0:
            self._look_anew()
        else:
            event.ignore()

    def _look_anew(self) -> None:
        self.scene.look_anew()
        self.camera_asked.emit(None)
        self.update()
