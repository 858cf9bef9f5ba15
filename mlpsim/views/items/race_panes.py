"""Panes of a race: every lane over the surface of its own problem, side by side on one window."""

from collections import deque
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt, Signal, Slot
from PySide6.QtGui import (
    QFont,
    QFontMetricsF,
    QMouseEvent,
    QPaintEngine,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
)

from mlpsim.core.problem import Problem
from mlpsim.core.surface import Surface
from mlpsim.core.window import Window
from mlpsim.session.pane_surfaces import PaneSurfaces
from mlpsim.session.race_track import Lane, RaceTrack
from mlpsim.views.appearance import sized
from mlpsim.views.context import Context
from mlpsim.views.items import marks
from mlpsim.views.items.curve_item import curve_window
from mlpsim.views.items.ground import Ground, GroundPicture
from mlpsim.views.items.lane_paths import Path, PathLayer
from mlpsim.views.items.lanes import lane_colour, map_colour, paint_badge
from mlpsim.views.items.plot_frame import PlotFrame
from mlpsim.views.items.roomy import Roomy
from mlpsim.views.items.strokes import unit_of
from mlpsim.views.labels import error_symbol, race_words
from mlpsim.views.theme import Theme
from mlpsim.views.throttle import FRAME_MS, Throttle

SMALL = 0.88
FINE = 0.7  # of a map's lines and marks, in a pane
GAP = 8.0
FOR_NAMES = 0.8  # rather a little wide than high: names stand above the maps
LEAST = 24.0
OTHER_NETWORK = "another network: it has no place on this plane"
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class _Pane:
    """What is kept of a pane from one frame to the next."""

    def __init__(self) -> None:
        self.paths = PathLayer()
        self._key: tuple[object, ...] = ()
        self._layer = QPixmap()
        self._picture = GroundPicture()

    def paint_ground(
        self, painter: QPainter, frame: PlotFrame, surface: Surface, lane: Lane, theme: Theme
    ) -> None:
        """The surface, from a picture where that is quicker."""
        if painter.paintEngine().type() != QPaintEngine.Type.Raster:
            self._paint_surface(painter, frame, surface, lane)
            return
        ratio = painter.deviceTransform().m11()
        key = (frame.window, frame.area, frame.font.toString(), ratio, theme.name, surface)
        if key != self._key:
            size = frame.area.size() * ratio
            self._layer = QPixmap(int(size.width()) + 1, int(size.height()) + 1)
            self._layer.setDevicePixelRatio(ratio)
            self._layer.fill(theme.plot)
            with QPainter(self._layer) as layered:
                layered.translate(-frame.area.topLeft())
                self._paint_surface(layered, frame, surface, lane)
            self._key = key
        painter.drawPixmap(frame.area.topLeft(), self._layer)

    def _paint_surface(
        self, painter: QPainter, frame: PlotFrame, surface: Surface, lane: Lane
    ) -> None:
        if surface.limits is not None:
            ground = Ground(surface.plane, lane.problem)
            self._picture.paint(painter, frame, surface, ground)


class RacePanes(Roomy):
    """Paints a pane for each lane; ``chosen`` carries the lane whose pane is clicked."""

    chosen = Signal(int)

    def __init__(self, context: Context, track: RaceTrack, surfaces: PaneSurfaces) -> None:
        super().__init__((30, 14), (12, 6))
        self._context, self._track, self.surfaces = context, track, surfaces
        self._panes: list[_Pane] = []
        self.setObjectName("race panes")
        self.setAccessibleName("The lanes side by side")
        self._stale = deque[int]()  # lanes that have changed since their panes were painted
        self._throttle = Throttle(self, self._show_next, context.pace(FRAME_MS, 0))
        track.changed.connect(self.refresh)
        context.player.playing_changed.connect(self.refresh)
        surfaces.changed.connect(self.update)
        context.landscape.window_changed.connect(self.update)
        context.landscape.plane_changed.connect(self.update)
        context.appearance.changed.connect(self.update)

    @Slot()
    def refresh(self) -> None:
        """Paint again; while the run plays, a pane when it is this view's turn."""
        lanes = range(len(self._track.lanes))
        self._stale.extend(lane for lane in lanes if lane not in self._stale)
        self._throttle.request()

    @property
    def is_behind(self) -> bool:
        """Whether panes of lanes that have changed are still to be painted."""
        return bool(self._stale)

    def _show_next(self) -> None:
        if not self._context.player.playing:
            self._stale.clear()
            self.update()
            return
        cells = self.cells()
        if self._stale and (lane := self._stale.popleft()) < len(cells):
            self.update(cells[lane].toAlignedRect())
        if self.is_behind:
            self._throttle.request()

    # -- geometry ------------------------------------------------------------------------------

    def cells(self) -> list[QRectF]:
        """The rectangle of every lane's pane, in as many columns as leave the largest maps."""
        count = len(self._track.lanes)
        width, height = self.width() + GAP, self.height() + GAP
        head = self._head()

        def side(columns: int) -> float:
            rows = -(-count // columns)
            return min(FOR_NAMES * (width / columns - GAP), height / rows - GAP - head)

        columns = max(range(1, count + 1), key=side)
        rows = -(-count // columns)
        size = width / columns - GAP, height / rows - GAP
        return [
            QRectF(n % columns * width / columns, n // columns * height / rows, *size)
            for n in range(count)
        ]

    def _head(self) -> float:
        return 1.5 * QFontMetricsF(self._small()).height()

    def _small(self) -> QFont:
        return sized(self.font(), SMALL)

    def _area(self, cell: QRectF) -> QRectF:
        return cell.adjusted(0.5, round(self._head()), -0.5, -0.5)

    def window_asked(self) -> Window | None:
        """The window that every pane shows; None where there is no room for one."""
        area = self._area(self.cells()[0])
        if min(area.width(), area.height()) < LEAST:
            return None
        landscape = self._context.landscape
        if landscape.plane.is_line:
            return landscape.window
        return landscape.window.with_aspect(area.height() / area.width())

    def frame(self, lane: int, surface: Surface | None) -> PlotFrame | None:
        """The place of a lane's map; None where there is no room for it."""
        window = self.window_asked()
        if window is None:
            return None
        if surface is not None and surface.plane.is_line:
            window = curve_window(surface)
        return PlotFrame(window, self._area(self.cells()[lane]), "", "", self._small())

    # -- surfaces ------------------------------------------------------------------------------

    @Slot()
    def ask(self) -> None:
        """Ask for the surfaces that are to be seen."""
        window, plane = self.window_asked(), self._context.landscape.plane
        if window is not None:
            self.surfaces.ask(self._problems(), plane, window)

    def complete(self) -> None:
        """Compute them here and now, and paint paths as one; for pictures without an event loop."""
        self._panes.clear()
        window, plane = self.window_asked(), self._context.landscape.plane
        if window is not None:
            self.surfaces.complete(self._problems(), plane, window)

    def _problems(self) -> list[Problem]:
        lanes = [lane for lane in self._track.lanes if self._is_on_plane(lane)]
        return [lane.problem for lane in lanes]

    def _is_on_plane(self, lane: Lane) -> bool:
        return len(lane.run.tip.theta) == len(self._context.landscape.plane.origin)

    # -- painting ------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        self.ask()
        lanes = self._track.lanes
        while len(self._panes) < len(lanes):
            self._panes.append(_Pane())
        with QPainter(self) as painter:
            for n, (lane, cell) in enumerate(zip(lanes, self.cells(), strict=True)):
                if not event.region().intersects(cell.toAlignedRect()):
                    continue
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                self._paint_head(painter, n, lane, cell)
                self._paint_map(painter, n, lane, cell)

    def _paint_head(self, painter: QPainter, n: int, lane: Lane, cell: QRectF) -> None:
        theme, font = self._context.appearance.theme, self._small()
        em = QFontMetricsF(font).height()
        head = QRectF(cell.left(), cell.top(), cell.width(), self._head())
        at = QPointF(head.left() + 0.95 * em, head.center().y() - 1.0)
        paint_badge(painter, at, n, lane_colour(theme, n), theme.card, font)
        painter.setFont(font)
        k = min(self._track.cursor, lane.run.last)
        symbol = error_symbol(lane.errors.reduction)
        value = f"{symbol} {race_words.error_text(lane.errors.value(k))}"
        metrics, named = QFontMetricsF(font), head.adjusted(2.15 * em, 0.0, 0.0, 0.0)
        wide = metrics.horizontalAdvance(lane.name) + metrics.horizontalAdvance(value) + em
        if wide <= named.width():  # else the table alone tells it
            painter.setPen(theme.secondary)
            painter.drawText(head, _RIGHT, value)
        painter.setPen(theme.text)
        name = metrics.elidedText(lane.name, Qt.TextElideMode.ElideRight, max(named.width(), 0.0))
        painter.drawText(named, _LEFT, name)

    def _paint_map(self, painter: QPainter, n: int, lane: Lane, cell: QRectF) -> None:
        theme, track = self._context.appearance.theme, self._track
        problem = lane.problem
        on_plane = self._is_on_plane(lane)
        surface = self.surfaces.surface(problem) if on_plane else None
        frame = self.frame(n, surface)
        if frame is None:
            return
        painter.fillRect(frame.area, theme.plot)
        painter.save()
        painter.setClipRect(frame.area)
        if not on_plane:
            painter.setPen(theme.secondary)
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(frame.area, flags, OTHER_NETWORK)
        elif surface is not None:
            self._panes[n].paint_ground(painter, frame, surface, lane, theme)
            ground = Ground(self._context.landscape.plane, problem)
            path = Path(lane.run, map_colour(n))
            fine = replace(frame, font=sized(frame.font, FINE))
            playing = self._context.player.playing
            self._panes[n].paths.paint(painter, fine, ground, [path], track.cursor, playing)
            _paint_states(painter, fine, ground, path, track.cursor, theme)
        painter.restore()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(QPen(theme.border, 1.0))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(frame.area)

    # -- pointing ------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        for n, cell in enumerate(self.cells()):
            if cell.contains(event.position()):
                self.chosen.emit(n)


def _paint_states(
    painter: QPainter, frame: PlotFrame, ground: Ground, path: Path, k: int, theme: Theme
) -> None:
    """The start, and the state on view in the lane's colour."""
    run, unit = path.run, unit_of(frame)
    thetas = np.stack([run.theta(0), run.theta(min(k, run.last))])
    with np.errstate(all="ignore"):
        points = np.clip(frame.pixels(ground.places(thetas)), -1e6, 1e6).tolist()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    marks.paint_start(painter, QPointF(*points[0]), theme, unit)
    marks.paint_current(painter, QPointF(*points[1]), replace(theme, path=path.colour), unit)
