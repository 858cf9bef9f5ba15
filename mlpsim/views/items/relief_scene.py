"""The scene of the relief: sheet, isolines, the run's path and its states, on any device."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from mlpsim.core.arrays import Array, Flags
from mlpsim.core.looks.camera import Camera
from mlpsim.core.looks.relief import Relief, best_camera, relief_of
from mlpsim.core.looks.relief_path import ReliefPath
from mlpsim.core.surface import Surface
from mlpsim.views import labels
from mlpsim.views.context import Context
from mlpsim.views.items import marks
from mlpsim.views.items.relief_frame import ReliefFrame
from mlpsim.views.items.relief_quads import Quads
from mlpsim.views.items.strokes import DEFAULT_HEIGHT, stroke, thinned
from mlpsim.views.items.surface_item import colour_bar_width, line_pen, paint_colour_bar
from mlpsim.views.items.trail_item import AHEAD, FAINT_WIDTH, HALO_WIDTH, WIDTH
from mlpsim.views.theme import Theme

SMALL = 0.9
COARSE, FINE = 48, 110  # quads a side: while it is turned, and at rest
LEAST_PLOT = 60.0
LINE_STEPS = 64  # of the way to the eye, for each of the many points of a path
STEMS = 14  # lines from the path down or up to the sheet
DOTS = (0.1, 2.2)
STEM, FOOT = QColor(255, 255, 255, 150), QColor(11, 16, 32, 150)


Paint = Callable[[QPainter, QPointF, Theme, float], None]


@dataclass(frozen=True)
class _Stretch:
    """A line in pixels (n, 2), and where it is seen."""

    points: Array
    seen: Flags


class ReliefScene:
    """Paints the landscape and the run of a context as a sheet in a box."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._reliefs: dict[int, Relief] = {}
        self._of: tuple[object, ...] = ()
        self._best: tuple[tuple[object, ...], Camera] | None = None

    # -- what there is -------------------------------------------------------------------------

    @property
    def surface(self) -> Surface | None:
        """The surface, where it can be shown as a relief: over a plane, and finite somewhere."""
        landscape = self._context.landscape
        surface = landscape.surface
        if surface is None or landscape.plane.kind == "one_weight":
            return None
        same = surface.plane.kind == landscape.plane.kind
        same = same and surface.plane.parameters == landscape.plane.parameters
        return surface if same and surface.limits is not None else None

    def path(self, first: int, last: int) -> ReliefPath:
        """The states first … last over the plane."""
        return ReliefPath.of(self._context.session.run, self._context.landscape.plane, first, last)

    def relief(self, surface: Surface, n: int) -> Relief:
        """The relief at about n × n points; its box has room for the run's states in the window."""
        session, plane = self._context.session, self._context.landscape.plane
        of = (surface, plane, session.run, session.run.last)
        if len(self._of) != len(of) or any(a is not b for a, b in zip(of, self._of, strict=True)):
            self._of = of
            values = self._heights_wanted(surface)
            fresh = {size: relief_of(surface, size, values) for size in (COARSE, FINE)}
            kept = self._reliefs
            if not kept or any(_differ(kept[size], fresh[size]) for size in fresh):
                self._reliefs = fresh
        return self._reliefs[n]

    def _heights_wanted(self, surface: Surface) -> Array:
        session = self._context.session
        first = session.run.segment_at(session.cursor).start
        path = self.path(first, session.run.last)
        window = surface.window
        x, y = path.places.T
        inside = (x >= window.x0) & (x <= window.x1) & (y >= window.y0) & (y <= window.y1)
        found: Array = path.values[inside]
        return found

    def camera(self, surface: Surface) -> Camera:
        """The camera that is set, or else the one that sees most of the path."""
        landscape, session = self._context.landscape, self._context.session
        if landscape.camera is not None:
            return landscape.camera
        of = (landscape.aim, landscape.window)
        if self._best is None or self._best[0] != of:
            relief = self.relief(surface, COARSE)
            fine, heights, _ = self.path(0, session.run.last).line(surface)
            points = relief.box(fine, heights)
            points = points[relief.holds(points)]
            points = points[:: 1 + len(points) // 60]
            self._best = (of, best_camera(relief, points))
        return self._best[1]

    def look_anew(self) -> None:
        """Find again from where most of the path is seen."""
        self._best = None

    def frame(self, size: QSizeF, font: QFont, surface: Surface) -> ReliefFrame | None:
        """The picture's rectangle beside its colour bar; None where there is no room for one."""
        small = QFont(font)
        small.setPointSizeF(max(SMALL * font.pointSizeF(), 1.0))
        em, bar = QFontMetricsF(small).height(), colour_bar_width(small)
        width, height = size.width() - bar, size.height() - 0.4 * em
        if min(width, height) < LEAST_PLOT:
            return None
        area = QRectF(0.0, round(0.4 * em), width, height)
        return ReliefFrame(area, self.camera(surface), self._names(), small)

    def _names(self) -> tuple[str, str, str]:
        landscape = self._context.landscape
        plane, problem = landscape.plane, landscape.problem
        names = [labels.parameter(problem.network, p) for p in plane.parameters]
        if plane.kind != "two_weights":
            names = ["α", "β"]
        return names[0], names[1], labels.objective_axis(problem)

    # -- painting ------------------------------------------------------------------------------

    def quads(self, surface: Surface, frame: ReliefFrame, n: int) -> Quads:
        """The sheet's quads."""
        relief = self.relief(surface, n)
        return Quads(relief, frame.camera, frame.pixels(relief.vertices))

    def paint_ground(self, painter: QPainter, surface: Surface, frame: ReliefFrame) -> None:
        """What lies behind the sheet."""
        theme = self._context.appearance.theme
        painter.fillRect(frame.area, theme.plot)
        painter.save()
        painter.setClipRect(frame.area)
        frame.paint_box(painter, theme, self.relief(surface, COARSE), surface)
        painter.restore()

    def paint_bar(self, painter: QPainter, surface: Surface, frame: ReliefFrame) -> None:
        """The colour bar, which does not turn."""
        em = QFontMetricsF(frame.font).height()
        area = frame.area
        if area.height() > 6.0 * em:
            bar = QRectF(
                area.right() + 0.9 * em, area.top() + 1.8 * em, em, area.height() - 3.0 * em
            )
            theme = self._context.appearance.theme
            paint_colour_bar(painter, bar, surface, theme, frame.font, frame.names[2])

    def paint_isolines(
        self, painter: QPainter, surface: Surface, frame: ReliefFrame, n: int
    ) -> None:
        """Isolines on the sheet, where they are seen; while it is turned only the bold ones."""
        relief, unit = self.relief(surface, n), self._unit(frame)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        lines, values = [], []
        for isoline in surface.isolines:
            if isoline.bold or n == FINE:
                for line in isoline.lines:
                    every = 1 + len(line) // 400 if n == FINE else 4
                    points = np.concatenate([line[:-1:every], line[-1:]])
                    lines.append(points)
                    values.append((isoline.value, isoline.bold))
        if not lines:
            return
        shades = surface.share(np.array([value for value, _ in values]))
        sizes = [len(line) for line in lines]
        points = relief.box(np.concatenate(lines), np.repeat(shades, sizes))
        seen = relief.is_seen(points, frame.camera, 96 if n == FINE else 40)
        pixels, end = frame.pixels(points), 0
        for size, shade, (_, bold) in zip(sizes, shades.tolist(), values, strict=True):
            first, end = end, end + size
            painter.setPen(line_pen(shade, bold, unit))
            for piece in _pieces(pixels[first:end], seen[first:end], True):
                stroke(painter, piece)

    def paint_run(self, painter: QPainter, surface: Surface, frame: ReliefFrame, n: int) -> None:
        """The run's path at its own heights, its foot on the sheet, and its states."""
        session, theme = self._context.session, self._context.appearance.theme
        relief, run, unit = self.relief(surface, n), session.run, self._unit(frame)
        segment = run.segment_at(session.cursor)
        painter.save()
        painter.setClipRect(frame.area)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        following = [s.start for s in run.segments if s.start > session.cursor]
        end = min([run.last, *following])
        if end > session.cursor:
            colour = QColor(theme.path)
            colour.setAlphaF(AHEAD)
            ahead = self.path(session.cursor, end).line(surface)
            line = self._stretch(relief, frame, ahead[0], ahead[1])
            self._stroke(painter, line, ((colour, FAINT_WIDTH * unit),))
        path = self.path(segment.start, session.cursor)
        places, heights, sheet = path.line(surface)
        if self._context.landscape.problem.network.n_params > 2:
            self._paint_stems(painter, surface, relief, frame, path)
            foot = self._stretch(relief, frame, places, sheet)
            self._stroke(painter, foot, ((FOOT, 1.6 * unit),))
        line = self._stretch(relief, frame, places, heights)
        pens = ((theme.halo, HALO_WIDTH * unit), (theme.path, WIDTH * unit))
        self._stroke(painter, line, pens)
        self._paint_states(painter, surface, relief, frame)
        painter.restore()

    def _unit(self, frame: ReliefFrame) -> float:
        return QFontMetricsF(frame.font).height() / DEFAULT_HEIGHT

    def _stretch(
        self, relief: Relief, frame: ReliefFrame, places: Array, shares: Array
    ) -> _Stretch:
        """A line over the plane at heights of the scale, as far as the box holds it."""
        points = relief.box(places, shares)
        points[~relief.holds(points)] = np.nan
        return _Stretch(frame.pixels(points), relief.is_seen(points, frame.camera, LINE_STEPS))

    def _stroke(
        self, painter: QPainter, line: _Stretch, pens: tuple[tuple[QColor, float], ...]
    ) -> None:
        """A line where it is seen, and dotted where the sheet hides it."""
        colour, width = pens[-1]
        for piece in _pieces(line.points, line.seen, False):
            pen = QPen(colour, 0.8 * width, Qt.PenStyle.CustomDashLine)
            pen.setDashPattern(DOTS)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            painter.drawPolyline([QPointF(x, y) for x, y in thinned(piece, 1.5).tolist()])
        seen = [thinned(piece) for piece in _pieces(line.points, line.seen, True)]
        for colour, width in pens:
            pen = QPen(colour, width)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
            painter.setPen(pen)
            for piece in seen:
                stroke(painter, piece)

    def _paint_stems(
        self,
        painter: QPainter,
        surface: Surface,
        relief: Relief,
        frame: ReliefFrame,
        path: ReliefPath,
    ) -> None:
        """Upright lines between some states and the sheet: how much E differs there."""
        every = 1 + len(path.values) // STEMS
        values = np.append(path.values[::every], path.values[-1])
        places = np.concatenate([path.places[::every], path.places[-1:]])
        tops = relief.box(places, surface.share(values))
        feet = relief.box(places, surface.share(surface.at(places)))
        painter.setPen(QPen(STEM, self._unit(frame)))
        kept = relief.holds(tops) & relief.holds(feet)
        ends = frame.pixels(np.stack([tops[kept], feet[kept]], axis=1)).tolist()
        painter.drawLines([QLineF(*top, *foot) for top, foot in ends])

    def _paint_states(
        self, painter: QPainter, surface: Surface, relief: Relief, frame: ReliefFrame
    ) -> None:
        """The start and the state on view; where the sheet hides them, a dotted ring."""
        theme, unit = self._context.appearance.theme, self._unit(frame)
        for k, paint in self._marks():
            point, seen = self.state(surface, relief, frame.camera, k)
            if point is None:
                continue
            at = QPointF(*frame.pixels(point).tolist())
            if seen:
                paint(painter, at, theme, unit)
            else:
                ring = QPen(theme.path if k else marks.WHITE, 2.0 * unit, Qt.PenStyle.DotLine)
                painter.setPen(ring)
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawEllipse(at, marks.RING_RADIUS * unit, marks.RING_RADIUS * unit)

    def _marks(self) -> tuple[tuple[int, Paint], ...]:
        return (0, marks.paint_start), (self._context.session.cursor, marks.paint_current)

    def state(
        self, surface: Surface, relief: Relief, camera: Camera, k: int
    ) -> tuple[Array | None, bool]:
        """Where state k is in the box, None outside of it, and whether it is seen."""
        session, landscape = self._context.session, self._context.landscape
        place = landscape.plane.project(session.run.theta(k))
        point = relief.box(place, surface.share(np.array(session.run.value(k))))
        if not relief.holds(point):
            return None, False
        return point, bool(relief.is_seen(point[None], camera).all())


def _differ(one: Relief, other: Relief) -> bool:
    same = (one.lo, one.hi, one.window) == (other.lo, other.hi, other.window)
    return not same or not np.array_equal(one.heights, other.heights, equal_nan=True)


def _pieces(points: Array, seen: Flags, wanted: bool) -> list[Array]:
    """The stretches of a line (n, 2) of seen or of hidden points, each up to its next point."""
    drawn: Flags = np.all(np.isfinite(points), axis=-1)
    both = drawn[:-1] & drawn[1:]
    # A piece between a seen and a hidden point counts as hidden.
    is_seen = np.logical_and(seen[:-1], seen[1:])
    chosen = np.flatnonzero(both & (is_seen == wanted))
    if not len(chosen):
        return []
    groups = np.split(chosen, np.flatnonzero(np.diff(chosen) != 1) + 1)
    return [points[group[0] : group[-1] + 2] for group in groups]
