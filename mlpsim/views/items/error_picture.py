"""The picture of a small loss map: shades, isolines, the state on view and one arrow."""

from dataclasses import replace

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from mlpsim.core.arrays import Array
from mlpsim.core.surface import Surface
from mlpsim.core.window import Window
from mlpsim.views.appearance import sized
from mlpsim.views.items import marks
from mlpsim.views.items.focus import paint_focus
from mlpsim.views.items.plot_frame import PlotFrame, plot_area
from mlpsim.views.items.strokes import stroke, unit_of
from mlpsim.views.items.surface_item import (
    isoline_pixels,
    line_pen,
    paint_isolines,
    paint_shades,
    surface_image,
)
from mlpsim.views.theme import DARK, Theme

SMALL = 0.82
ARROW = 0.3  # of the plot's smaller side: the longest arrow
SHORTEST = 0.3  # of its length: what is left of it near an edge
EDGE = 0.02  # of the plot's side: what stays free before the edge


class ErrorPicture(QWidget):
    """Shows a surface in its own aspect; ``detailed`` gives it axes and labelled isolines."""

    def __init__(self, detailed: bool) -> None:
        super().__init__()
        self._detailed = detailed
        self._surface: Surface | None = None
        self._image: QImage | None = None
        self._axes = ("", "")
        self._place: Array | None = None
        self.arrow: tuple[Array, QColor] | None = None
        self.is_lit = self._is_faint = False
        self._theme: Theme = DARK
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    @property
    def surface(self) -> Surface | None:
        return self._surface

    def show_surface(self, surface: Surface | None, axes: tuple[str, str] = ("", "")) -> None:
        """Show a surface, or nothing; ``axes`` are the names of α and β."""
        if surface is not self._surface:
            self._surface = surface
            self._image = None
            if surface is not None and surface.limits is not None:
                self._image = surface_image(surface)
        self._axes = axes
        self.update()

    def show_state(self, place: Array | None, arrow: tuple[Array, QColor] | None) -> None:
        """The state on view at (α, β), and an arrow from it along a direction of the plane.

        An arrow of length 1 is the longest.
        """
        self._place, self.arrow = place, arrow
        self.update()

    def show_light(self, is_lit: bool, is_faint: bool) -> None:
        """Stand out, as the brushed sample's, or stand back, as one that is left out."""
        self.is_lit, self._is_faint = is_lit, is_faint
        self.update()

    def show_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()

    def frame(self) -> PlotFrame | None:
        """The plot's rectangle and what it shows; None where there is no surface or no room."""
        surface = self._surface
        if surface is None or min(self.width(), self.height()) < 24:
            return None
        font = sized(self.font(), SMALL)
        window, room = surface.window, QRectF(self.rect()).adjusted(2.0, 2.0, -2.0, -2.0)
        if self._detailed:
            room = plot_area(room.width(), room.height(), window, font).translated(2.0, 2.0)
        # Both axes keep one scale, or descent is not perpendicular to the contours.
        scale = min(room.width() / window.width, room.height() / window.height)
        area = QRectF(0.0, 0.0, scale * window.width, scale * window.height)
        area.moveCenter(room.center())
        area.moveTop(room.top())
        return PlotFrame(window, area, *self._axes, font)

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            frame = self.frame()
            if frame is not None and self._surface is not None:
                self._paint(painter, frame, self._surface)
            if self.hasFocus():
                paint_focus(painter, QRectF(self.rect()), self._theme)

    def _paint(self, painter: QPainter, frame: PlotFrame, surface: Surface) -> None:
        theme, area = self._theme, frame.area
        painter.save()
        painter.setClipRect(area)
        painter.fillRect(area, theme.plot)
        painter.setOpacity(0.3 if self._is_faint else 1.0)
        if self._image is not None:
            paint_shades(painter, surface, self._image, frame)
            if self._detailed:
                paint_isolines(painter, surface, frame, frame.font)
            else:
                _paint_bold(painter, surface, frame)
        self._paint_state(painter, frame)
        painter.restore()
        if self._detailed:
            self._paint_axes(painter, frame)
        lit = QPen(theme.accent, 2.4) if self.is_lit else QPen(theme.border, 1.0)
        lit.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
        painter.setPen(lit)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(area)

    def _paint_axes(self, painter: QPainter, frame: PlotFrame) -> None:
        """The axes, whose labels stand at the left edge of what they are painted on."""
        home = plot_area(self.width(), self.height(), frame.window, frame.font)
        offset = frame.area.left() - home.left()
        painter.save()
        painter.translate(offset, 0.0)
        replace(frame, area=frame.area.translated(-offset, 0.0)).paint(painter, self._theme)
        painter.restore()

    def _at(self, frame: PlotFrame) -> QPointF | None:
        """Where the state on view is; None where there is none."""
        if self._place is None or not np.isfinite(self._place).all():
            return None
        return QPointF(*np.clip(frame.pixels(self._place), -1e6, 1e6).tolist())

    def arrow_line(self, frame: PlotFrame) -> QLineF | None:
        """From the state on view to the arrow's tip; None where there is no arrow."""
        at = self._at(frame)
        if at is None or self.arrow is None or not np.isfinite(self.arrow[0]).all():
            return None
        dx, dy = self.arrow[0].tolist()
        reach = ARROW * min(frame.area.width(), frame.area.height())
        return QLineF(at, at + QPointF(reach * dx, -reach * dy))

    def _paint_state(self, painter: QPainter, frame: PlotFrame) -> None:
        at, unit = self._at(frame), unit_of(frame)
        if at is None:
            return
        line = self.arrow_line(frame)
        if line is not None and self.arrow is not None:
            width = 2.6 if self._detailed else 1.8
            marks.paint_arrow(painter, at, line.p2(), DARK, self.arrow[1], width)
        if self._detailed:
            marks.paint_current(painter, at, DARK, 0.8 * unit)
        else:
            painter.setPen(QPen(DARK.halo, 1.2))
            painter.setBrush(DARK.path)
            painter.drawEllipse(at, 3.2 * unit, 3.2 * unit)


def shortening(window: Window, place: Array, arrows: Array) -> float:
    """The factor up to 1 with which arrows (n, 2) from a place end within the window.

    One factor for all keeps their lengths comparable; a shorter one than SHORTEST is none.
    """
    lo, hi = np.array([window.x0, window.y0]), np.array([window.x1, window.y1])
    margin = EDGE * (hi - lo)
    moves = ARROW * min(window.width, window.height) * arrows
    room = np.where(moves > 0.0, hi - margin - place, place - lo - margin)
    with np.errstate(divide="ignore", invalid="ignore"):
        factors = np.where(moves == 0.0, 1.0, room / np.abs(moves))
    return float(np.clip(np.nanmin(factors, initial=1.0), SHORTEST, 1.0))


def _paint_bold(painter: QPainter, surface: Surface, frame: PlotFrame) -> None:
    bold = [isoline for isoline in surface.isolines if isoline.bold]
    for isoline, pieces in zip(bold, isoline_pixels(bold, frame), strict=True):
        shade = float(surface.shade(np.array([isoline.value]))[0])
        painter.setPen(line_pen(shade, True, 0.8))
        for points in pieces:
            stroke(painter, points)
