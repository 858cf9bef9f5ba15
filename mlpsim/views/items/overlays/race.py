"""The race on the map: the path of every lane whose surface this is, and where each one stands."""

from math import cos, pi, sin

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPen

from mlpsim.core.looks.relief_path import MOST_PLAYING, ReliefPath
from mlpsim.session.race_track import Lane
from mlpsim.views.appearance import sized
from mlpsim.views.context import Context
from mlpsim.views.items.ground import Ground
from mlpsim.views.items.lane_paths import Path, PathLayer
from mlpsim.views.items.lanes import BADGE, WIDE, map_colour, paint_badge
from mlpsim.views.items.plot_frame import PlotFrame
from mlpsim.views.items.relief_lines import Stretch, draw_stretch
from mlpsim.views.items.relief_sheet import Sheet
from mlpsim.views.items.strokes import unit_of
from mlpsim.views.items.trail_item import HALO_WIDTH, WIDTH
from mlpsim.views.theme import DARK

RADIUS = 4.5
SMALL = 0.85
DIRECTIONS = (0, 4, 2, 6, 1, 7, 3, 5)  # eighths of a turn, in which a badge finds room
MOST_STATES = 300  # of a path over the sheet
FAR = 4  # times farther away at most


class RaceOverlay:
    """Paints the lanes that are on the surface; lane 0 has its path anyway, and gets its number."""

    def __init__(self, context: Context) -> None:
        self._context, self._track = context, context.race
        self._layer = PathLayer()
        self._track.changed.connect(context.overlays.update)

    @property
    def _others(self) -> list[int]:
        """The lanes that are drawn, besides lane 0."""
        track = self._track
        if not track.is_drawn or self._context.overlays.hides_step:
            return []
        return [n for n in track.here if n > 0]

    # -- an overlay ------------------------------------------------------------------------------

    def paint(self, painter: QPainter, frame: PlotFrame) -> None:
        track, landscape = self._track, self._context.landscape
        others = self._others
        if not others:
            return
        ground = Ground(landscape.plane, landscape.problem)
        paths = [Path(track.lanes[n].run, map_colour(n)) for n in others]
        playing = self._context.player.playing
        self._layer.paint(painter, frame, ground, paths, track.cursor, playing)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        points = {n: _pixel(frame, ground, track.lanes[n], track.cursor) for n in track.here}
        _paint_states(painter, {n: points[n] for n in others}, unit_of(frame))
        _paint_badges(painter, frame.area, frame.font, points)

    def drape(self, painter: QPainter, sheet: Sheet) -> None:
        """The paths up to the states on view at their own heights, as the run's has it."""
        track, plane = self._track, self._context.landscape.plane
        others = self._others
        if not others:
            return
        most = MOST_PLAYING if self._context.player.playing else MOST_STATES
        paths = []
        for n in track.here:
            run, k = track.lanes[n].run, min(track.cursor, track.lanes[n].run.last)
            paths.append(ReliefPath.of(run, plane, 0 if n else k, k, most).line(sheet.surface))
        # In one piece: what the sheet hides costs more by the line than by the point.
        places, heights, _ = (np.concatenate(part) for part in zip(*paths, strict=True))
        whole = sheet.stretch(places, heights)
        ends = np.cumsum([len(path) for path, _, _ in paths])[:-1]
        lines = map(Stretch, np.split(whole.points, ends), np.split(whole.seen, ends))
        points, hidden = dict[int, QPointF](), set[int]()
        for n, line in zip(track.here, lines, strict=True):
            if n:
                pens = ((DARK.halo, HALO_WIDTH * sheet.unit), (map_colour(n), WIDTH * sheet.unit))
                draw_stretch(painter, line, pens)
            x, y = line.points[-1].tolist()
            if np.isfinite(x + y):
                points[n] = QPointF(x, y)
                hidden |= set() if line.seen[-1] else {n}
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        seen = {n: point for n, point in points.items() if n > 0 and n not in hidden}
        _paint_states(painter, seen, sheet.unit)
        _paint_badges(painter, sheet.frame.area, sheet.frame.font, points)


def _paint_states(painter: QPainter, points: dict[int, QPointF], unit: float) -> None:
    """The lanes' states, the first one on top."""
    painter.setPen(QPen(DARK.halo, 1.8 * unit))
    for n, point in reversed(points.items()):
        painter.setBrush(map_colour(n))
        painter.drawEllipse(point, RADIUS * unit, RADIUS * unit)


def _pixel(frame: PlotFrame, ground: Ground, lane: Lane, k: int) -> QPointF:
    theta = lane.run.theta(min(k, lane.run.last))
    with np.errstate(all="ignore"):
        x, y = np.clip(frame.pixels(ground.places(theta[None]))[0], -1e6, 1e6).tolist()
    return QPointF(x, y)


def _paint_badges(
    painter: QPainter, area: QRectF, usual: QFont, points: dict[int, QPointF]
) -> None:
    """The lanes' numbers beside their states, none over another or over a state."""
    font = sized(usual, SMALL)
    height = BADGE * QFontMetricsF(font).height()
    size = QSizeF(WIDE * height, height)
    room = area.adjusted(0.6 * size.width(), 0.6 * height, -0.6 * size.width(), -0.6 * height)
    placed: list[QPointF] = []
    for n, point in points.items():
        if room.contains(point):
            at = _free_place(room, point, size, [*placed, *points.values()], first=1)
        else:  # it is named where it has left
            x = min(max(point.x(), room.left()), room.right())
            edge = QPointF(x, min(max(point.y(), room.top()), room.bottom()))
            at = _free_place(room, edge, size, placed, first=0)
        placed.append(at)
        paint_badge(painter, at, n, map_colour(n), DARK.halo, font)


def _free_place(
    room: QRectF, point: QPointF, size: QSizeF, taken: list[QPointF], first: int
) -> QPointF:
    """Where a badge has room near a point, or over it with ring 0 as the first; else beside it."""
    for ring in range(first, FAR + 1):
        for eighth in DIRECTIONS:
            turn, away = 0.25 * pi * eighth, 0.15 + 0.95 * ring if ring else 0.0
            x, y = away * size.width() * cos(turn), away * size.height() * sin(turn)
            at = point + QPointF(x, -y)
            gaps = [at - other for other in taken]
            if room.contains(at) and all(
                abs(gap.x()) >= 0.95 * size.width() or abs(gap.y()) >= 0.95 * size.height()
                for gap in gaps
            ):
                return at
    return point + QPointF(size.width(), 0.0)
