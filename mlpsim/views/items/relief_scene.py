"""The scene of the relief: sheet, isolines, the run's path and its states, on any device."""

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from mlpsim.core.arrays import Array
from mlpsim.core.identity import are_same
from mlpsim.core.looks.camera import Camera
from mlpsim.core.looks.relief import Relief, best_camera, limits_of, relief_of
from mlpsim.core.looks.relief_path import MOST, MOST_PLAYING, ReliefPath
from mlpsim.core.plane import Plane
from mlpsim.core.run import Run
from mlpsim.core.section import Section, inside, rims, section
from mlpsim.core.surface import Surface
from mlpsim.views import labels
from mlpsim.views.appearance import sized
from mlpsim.views.context import Context
from mlpsim.views.items import marks
from mlpsim.views.items.relief_frame import ReliefFrame
from mlpsim.views.items.relief_lines import Stretch, draw_stretch
from mlpsim.views.items.relief_quads import Quads
from mlpsim.views.items.relief_sheet import Sheet
from mlpsim.views.items.strokes import stroke
from mlpsim.views.items.surface_item import colour_bar_width, line_pen, paint_colour_bar
from mlpsim.views.items.trail_item import AHEAD, FAINT_WIDTH, HALO_WIDTH, WIDTH
from mlpsim.views.theme import Theme

SMALL = 0.9
COARSE, FINE = 48, 110  # quads a side: while it is turned, and at rest
LEAST_PLOT = 60.0
STEMS = 14  # lines from the path down or up to the sheet
EDGE_HALO = QColor(11, 16, 32, 200)
STEM, FOOT = QColor(255, 255, 255, 150), QColor(11, 16, 32, 150)

Paint = Callable[[QPainter, QPointF, Theme, float], None]


class ReliefScene:
    """Paints the landscape and the run of a context as a sheet in a box."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._reliefs: dict[int, Relief] = {}
        self._of: tuple[object, ...] = ()
        self._best: tuple[tuple[object, ...], Camera] | None = None
        self._path: tuple[Run, Plane, tuple[int, int, int], ReliefPath] | None = None

    # -- what there is -------------------------------------------------------------------------

    @property
    def surface(self) -> Surface | None:
        """The surface, where it can be shown as a relief: over a plane, and finite somewhere."""
        landscape = self._context.landscape
        surface = landscape.surface
        if surface is None or landscape.plane.is_line:
            return None
        same = surface.plane.kind == landscape.plane.kind
        same = same and surface.plane.parameters == landscape.plane.parameters
        return surface if same and surface.limits is not None else None

    def path(self, first: int, last: int) -> ReliefPath:
        """The states first … last over the plane, some of many; those asked for last are kept."""
        most = MOST_PLAYING if self._context.player.playing else MOST
        run, plane = self._context.session.run, self._context.landscape.plane
        known = self._path
        if (
            known is None
            or known[0] is not run
            or known[1] is not plane
            or known[2] != (first, last, most)
        ):
            path = ReliefPath.of(run, plane, first, last, most)
            self._path = known = run, plane, (first, last, most), path
        return known[3]

    def relief(self, surface: Surface, n: int) -> Relief:
        """The relief at about n × n points; its box has room for the run's states in the window."""
        session, plane = self._context.session, self._context.landscape.plane
        of = (surface, plane, session.run, session.run.last)
        if not are_same(of, self._of):
            same, self._of = bool(self._of) and self._of[0] is surface, of
            values, kept = self._heights_wanted(surface), self._reliefs
            if same and limits_of(surface, values) == (kept[n].lo, kept[n].hi):
                return kept[n]
            fresh = {size: relief_of(surface, size, values) for size in (COARSE, FINE)}
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
        small = sized(font, SMALL)
        em, bar = QFontMetricsF(small).height(), colour_bar_width(small)
        width, height = size.width() - bar, size.height() - 0.4 * em
        if min(width, height) < LEAST_PLOT:
            return None
        area = QRectF(0.0, round(0.4 * em), width, height)
        return ReliefFrame(area, self.camera(surface), self._names(), small)

    def _names(self) -> tuple[str, str, str]:
        landscape = self._context.landscape
        plane, problem = landscape.plane, landscape.problem
        return *labels.axes(problem.network, plane.parameters), labels.objective_axis(problem)

    # -- painting ------------------------------------------------------------------------------

    def sheet(self, surface: Surface, frame: ReliefFrame, n: int) -> Sheet:
        """What is drawn on."""
        return Sheet(surface, self.relief(surface, n), frame)

    def section(self) -> Section | None:
        """C as it is drawn."""
        landscape = self._context.landscape
        return section(landscape.problem.feasible, landscape.plane)

    def quads(self, surface: Surface, frame: ReliefFrame, n: int) -> Quads:
        """The sheet's quads; what lies outside of C is darker."""
        relief, part = self.relief(surface, n), self.section()
        dim = None if part is None else ~inside(part, relief.middles)
        return Quads(relief, frame.camera, frame.pixels(relief.vertices), dim)

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
            title = labels.objective_on_bar(self._context.landscape.problem)
            paint_colour_bar(painter, bar, surface, theme, frame.font, title)

    def paint_isolines(
        self, painter: QPainter, surface: Surface, frame: ReliefFrame, n: int
    ) -> None:
        """Isolines on the sheet, where they are seen; while it is turned only the bold ones."""
        sheet = self.sheet(surface, frame, n)
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
        points = sheet.relief.box(np.concatenate(lines), np.repeat(shades, sizes))
        seen = sheet.relief.is_seen(points, frame.camera, 96 if n == FINE else 40)
        pixels, end = frame.pixels(points), 0
        for size, shade, (_, bold) in zip(sizes, shades.tolist(), values, strict=True):
            first, end = end, end + size
            painter.setPen(line_pen(shade, bold, sheet.unit))
            for piece in Stretch(pixels[first:end], seen[first:end]).pieces(True):
                stroke(painter, piece)

    def paint_edge(self, painter: QPainter, surface: Surface, frame: ReliefFrame, n: int) -> None:
        """The edge of C."""
        part, sheet = self.section(), self.sheet(surface, frame, n)
        if part is not None:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            pens = ((EDGE_HALO, 4.0 * sheet.unit), (marks.WHITE, 2.0 * sheet.unit))
            for rim in rims(part, surface.window):
                sheet.draw(painter, rim, pens)

    def paint_run(self, painter: QPainter, surface: Surface, frame: ReliefFrame, n: int) -> None:
        """The run's path at its own heights, its foot on the sheet, and its states."""
        session, theme = self._context.session, self._context.appearance.theme
        sheet, run = self.sheet(surface, frame, n), session.run
        segment, unit = run.segment_at(session.cursor), sheet.unit
        following = [s.start for s in run.segments if s.start > session.cursor]
        end = min([run.last, *following])
        if end > session.cursor:
            colour = QColor(theme.path)
            colour.setAlphaF(AHEAD)
            ahead = self.path(session.cursor, end).line(surface)
            draw_stretch(painter, sheet.stretch(*ahead[:2]), ((colour, FAINT_WIDTH * unit),))
        path = self.path(segment.start, session.cursor)
        places, heights, floor = path.line(surface)
        if self._context.landscape.problem.network.n_params > 2:
            self._paint_stems(painter, sheet, path)
            draw_stretch(painter, sheet.stretch(places, floor), ((FOOT, 1.6 * unit),))
        pens = ((theme.halo, HALO_WIDTH * unit), (theme.path, WIDTH * unit))
        draw_stretch(painter, sheet.stretch(places, heights), pens)

    def _paint_stems(self, painter: QPainter, sheet: Sheet, path: ReliefPath) -> None:
        """Upright lines between some states and the sheet: how much E differs there."""
        surface, relief = sheet.surface, sheet.relief
        every = 1 + len(path.values) // STEMS
        values = np.append(path.values[::every], path.values[-1])
        places = np.concatenate([path.places[::every], path.places[-1:]])
        tops = relief.box(places, surface.share(values))
        feet = relief.box(places, surface.share(surface.at(places)))
        painter.setPen(QPen(STEM, sheet.unit))
        kept = relief.holds(tops) & relief.holds(feet)
        ends = sheet.frame.pixels(np.stack([tops[kept], feet[kept]], axis=1)).tolist()
        painter.drawLines([QLineF(*top, *foot) for top, foot in ends])

    def paint_overlays(
        self, painter: QPainter, surface: Surface, frame: ReliefFrame, n: int
    ) -> None:
        """What views have laid over the map and can be draped over the sheet."""
        sheet = self.sheet(surface, frame, n)
        self._context.refresh_overlays()
        for overlay in self._context.overlays.draped:
            painter.save()
            overlay.drape(painter, sheet)
            painter.restore()

    def paint_states(self, painter: QPainter, surface: Surface, frame: ReliefFrame, n: int) -> None:
        """The start and the state on view; where the sheet hides them, a dotted ring."""
        theme, sheet = self._context.appearance.theme, self.sheet(surface, frame, n)
        unit = sheet.unit
        for k, paint in self._marks():
            point, seen = self.state(surface, sheet.relief, frame.camera, k)
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
