"""The scene of the loss map: what is painted where, on any device."""

from collections.abc import Iterable
from functools import partial

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter

from mlpsim.core.arrays import Array
from mlpsim.core.section import Section
from mlpsim.core.surface import Surface
from mlpsim.core.window import Window
from mlpsim.views import labels
from mlpsim.views.appearance import sized
from mlpsim.views.context import Context
from mlpsim.views.items import marks
from mlpsim.views.items.curve_item import curve_window
from mlpsim.views.items.ground import Ground, GroundPicture
from mlpsim.views.items.overlays import Overlay
from mlpsim.views.items.plot_frame import PlotFrame, plot_area
from mlpsim.views.items.strokes import unit_of
from mlpsim.views.items.surface_item import colour_bar_width, paint_colour_bar
from mlpsim.views.items.trail_item import UNDER, paint_strong, paint_trail

SMALL = 0.9
LEAST_PLOT = 12.0


class SurfaceScene:
    """Paints the landscape and the run of a context into a rectangle of a given size."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._picture = GroundPicture()

    # -- geometry ------------------------------------------------------------------------------

    @property
    def is_curve(self) -> bool:
        """Whether there is one weight only, so that J itself is the vertical axis."""
        return self._context.landscape.plane.is_line

    def frame(self, size: QSizeF, font: QFont) -> PlotFrame | None:
        """The plot's rectangle and what it shows; None where there is no room for one."""
        small = sized(font, SMALL)
        width, height = size.width(), size.height()
        if min(width, height) < 4.0 * LEAST_PLOT:
            return None
        em = QFontMetricsF(small).height()
        bar = 0.0 if self.is_curve else colour_bar_width(small)
        bar = bar if width > 4.0 * bar else 0.5 * em
        aspect = height / width
        # The room for the numbers beside the plot depends on the window, and that on the plot.
        for _ in range(2):
            window = self._window(aspect)
            area = plot_area(width - bar, height - 0.4 * em, window, small)
            aspect = area.height() / area.width()
        area.translate(0.0, round(0.4 * em))
        if area.right() > width or area.bottom() > height:
            return None
        window = self._window(aspect)
        return PlotFrame(window, area, *self._axis_labels(), small)

    def _window(self, aspect: float) -> Window:
        landscape = self._context.landscape
        if not self.is_curve:
            return landscape.window.with_aspect(aspect)
        return landscape.window if landscape.surface is None else curve_window(landscape.surface)

    def _axis_labels(self) -> tuple[str, str]:
        landscape = self._context.landscape
        plane, problem = landscape.plane, landscape.problem
        if plane.is_line:
            weight = labels.parameter(problem.network, plane.parameters[0])
            return weight, labels.objective_axis(problem)
        if plane.kind == "two_weights":
            return labels.axes(problem.network, plane.parameters)
        if plane.kind == "pca":
            a, b = (labels.percent(share) for share in plane.explained)
            return f"α · direction 1 of the path ({a})", f"β · direction 2 of the path ({b})"
        return "α · direction 1", "β · direction 2"

    def section(self) -> Section | None:
        """C as it is drawn."""
        return self._ground.section

    @property
    def _ground(self) -> Ground:
        landscape = self._context.landscape
        return Ground(landscape.plane, landscape.problem)

    # -- painting ------------------------------------------------------------------------------

    def paint_layer(self, painter: QPainter, frame: PlotFrame, width: float) -> None:
        """All that changes with the surface only."""
        landscape, theme = self._context.landscape, self._context.appearance.theme
        painter.fillRect(frame.area, theme.plot)
        surface = landscape.surface
        if surface is not None and surface.plane.kind == landscape.plane.kind:
            painter.save()
            painter.setClipRect(frame.area)
            self._paint_surface(painter, frame, surface)
            painter.restore()
            if surface.limits is not None:
                self._paint_bar(painter, frame, surface, width - frame.area.right())
        frame.paint(painter, theme)

    def _paint_surface(self, painter: QPainter, frame: PlotFrame, surface: Surface) -> None:
        landscape, theme = self._context.landscape, self._context.appearance.theme
        if surface.limits is None:
            symbol = labels.objective_symbol(landscape.problem)
            painter.setFont(frame.font)
            painter.setPen(theme.text)
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(frame.area, flags, f"{symbol} is finite nowhere in this window")
        elif self.is_curve or surface.plane.parameters == landscape.plane.parameters:
            self._picture.paint(painter, frame, surface, self._ground)

    def _paint_bar(
        self, painter: QPainter, frame: PlotFrame, surface: Surface, room: float
    ) -> None:
        em = QFontMetricsF(frame.font).height()
        area = frame.area
        if self.is_curve or area.height() < 6.0 * em or room < colour_bar_width(frame.font):
            return
        bar = QRectF(area.right() + 0.9 * em, area.top() + 1.8 * em, em, area.height() - 1.8 * em)
        title = labels.objective_on_bar(self._context.landscape.problem)
        theme = self._context.appearance.theme
        paint_colour_bar(painter, bar, surface, theme, frame.font, title)

    def paint_trail(self, painter: QPainter, frame: PlotFrame, most: int | None = None) -> None:
        """The run's path, through about ``most`` states of a segment that has more."""
        session, theme = self._context.session, self._context.appearance.theme
        states = partial(self._ground.states, session.run, most=most)
        painter.save()
        painter.setClipRect(frame.area)
        paint_trail(painter, frame, theme, session.run, session.cursor, states)
        painter.restore()

    def paint_growth(
        self, painter: QPainter, frame: PlotFrame, first: int, last: int, most: int | None
    ) -> None:
        """What the states from first to last add to a layer that holds the path alone."""
        stretch = self._ground.states(self._context.session.run, first, last, most)
        painter.setClipRect(frame.area)
        paint_strong(painter, frame, self._context.appearance.theme, stretch, UNDER)

    def paint_overlays(
        self, painter: QPainter, frame: PlotFrame, overlays: Iterable[Overlay]
    ) -> None:
        """Some of what views have laid over the map."""
        self._context.refresh_overlays()
        for overlay in overlays:
            painter.save()
            painter.setClipRect(frame.area)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            overlay.paint(painter, frame)
            painter.restore()

    def paint_marks(self, painter: QPainter, frame: PlotFrame) -> None:
        """What moves: the start and the state on view."""
        session, theme = self._context.session, self._context.appearance.theme
        painter.save()
        painter.setClipRect(frame.area.adjusted(-1.0, -1.0, 1.0, 1.0))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        start = self._pixel(frame, session.run.theta(0))
        if start is not None:
            marks.paint_start(painter, start, theme, unit_of(frame))
        at = self._pixel(frame, session.theta)
        if at is not None:
            marks.paint_current(painter, at, theme, unit_of(frame))
        painter.restore()

    def holds_state(self, frame: PlotFrame) -> bool:
        """Whether the state on view is in the plot."""
        at = self._pixel(frame, self._context.session.theta)
        return at is not None and frame.area.adjusted(-1.0, -1.0, 1.0, 1.0).contains(at)

    def _pixel(self, frame: PlotFrame, theta: Array) -> QPointF | None:
        """Where a state is drawn; None if that is far outside."""
        with np.errstate(all="ignore"):
            x, y = frame.pixels(self._ground.places(theta[None]))[0].tolist()
        near = frame.area.adjusted(-200.0, -200.0, 200.0, 200.0)
        return QPointF(x, y) if near.contains(x, y) else None
