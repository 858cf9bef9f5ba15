"""The race on the map: the path of every lane whose surface this is, and where each one stands."""

from math import cos, pi, sin

import numpy as np
from PySide6.QtCore import QPointF
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPen

from mlpsim.session.race_track import Lane, RaceTrack
from mlpsim.views.context import Context
from mlpsim.views.items.lane_paths import Ground, Path, PathLayer
from mlpsim.views.items.lanes import BADGE, map_colour, paint_badge
from mlpsim.views.items.plot_frame import PlotFrame
from mlpsim.views.items.strokes import unit_of
from mlpsim.views.theme import DARK

RADIUS = 4.5
SMALL = 0.85
DIRECTIONS = (0, 4, 2, 6, 1, 7, 3, 5)  # eighths of a turn, in which a badge finds room
FAR = 4  # times farther away at most


class RaceOverlay:
    """Paints the lanes while it is switched on; lane 0 has its path anyway, and gets its number."""

    def __init__(self, context: Context, track: RaceTrack) -> None:
        self._context, self._track = context, track
        self.is_on = True
        self._layer = PathLayer()
        self._known: tuple[object, ...] = ()
        self._here: tuple[int, ...] = ()
        track.changed.connect(context.overlays.update)

    def set_on(self, on: bool) -> None:
        """Show the race, or no longer."""
        self.is_on = on
        self._context.overlays.update()

    @property
    def here(self) -> tuple[int, ...]:
        """The lanes whose problem is the one that the surface shows."""
        problem, lanes = self._context.landscape.problem, self._track.lanes
        known = (problem, *lanes)
        if len(known) != len(self._known) or any(
            a is not b for a, b in zip(known, self._known, strict=True)
        ):
            self._known = known
            self._here = tuple(n for n, lane in enumerate(lanes) if lane.problem == problem)
        return self._here

    # -- an overlay ------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Nothing is held that could be old."""

    def paint(self, painter: QPainter, frame: PlotFrame) -> None:
        track, landscape = self._track, self._context.landscape
        others = [n for n in self.here if n > 0]
        if not (self.is_on and others) or self._context.overlays.hides_step:
            return
        ground = Ground(landscape.plane, landscape.problem)
        paths = [Path(track.lanes[n].run, map_colour(n)) for n in others]
        self._layer.paint(painter, frame, ground, paths, track.cursor)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        points = {n: _pixel(frame, ground, track.lanes[n], track.cursor) for n in self.here}
        unit = unit_of(frame)
        for n in reversed(others):
            painter.setPen(QPen(DARK.halo, 1.8 * unit))
            painter.setBrush(map_colour(n))
            painter.drawEllipse(points[n], RADIUS * unit, RADIUS * unit)
        _paint_badges(painter, frame, points)


def _pixel(frame: PlotFrame, ground: Ground, lane: Lane, k: int) -> QPointF:
    theta = lane.run.theta(min(k, lane.run.last))
    with np.errstate(all="ignore"):
        x, y = np.clip(frame.pixels(ground.places(theta[None]))[0], -1e6, 1e6).tolist()
    return QPointF(x, y)


def _paint_badges(painter: QPainter, frame: PlotFrame, points: dict[int, QPointF]) -> None:
    """The lanes' numbers beside their states, none over another or over a state."""
    font = QFont(frame.font)
    font.setPointSizeF(SMALL * font.pointSizeF())
    size = BADGE * QFontMetricsF(font).height()
    placed: list[QPointF] = []
    for n, point in points.items():
        if not frame.area.contains(point):
            continue
        at = _free_place(frame, point, size, [*placed, *points.values()])
        placed.append(at)
        paint_badge(painter, at, n, map_colour(n), DARK.halo, font)


def _free_place(frame: PlotFrame, point: QPointF, size: float, taken: list[QPointF]) -> QPointF:
    """Where a badge has room near a point; right beside it if there is none."""
    room = frame.area.adjusted(0.5 * size, 0.5 * size, -0.5 * size, -0.5 * size)
    for ring in range(1, FAR + 1):
        for eighth in DIRECTIONS:
            turn = 0.25 * pi * eighth
            away = (0.15 + 0.95 * ring) * size
            at = point + QPointF(away * cos(turn), -away * sin(turn))
            gaps = [at - other for other in taken]
            if room.contains(at) and all(
                gap.x() ** 2 + gap.y() ** 2 >= (0.98 * size) ** 2 for gap in gaps
            ):
                return at
    return point + QPointF(size, 0.0)
