"""The relief's sheet as something to draw on: lines, arrows and marks of the plane, draped over it.

``flat`` is the plane as a map of about the sheet's size, on which an overlay lays out what it
draws; the sheet lifts it to the heights of the surface.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import hypot

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPolygonF

from mlpsim.core.arrays import Array
from mlpsim.core.looks.relief import Relief
from mlpsim.core.surface import Surface
from mlpsim.views.items.plot_frame import PlotFrame
from mlpsim.views.items.relief_frame import ReliefFrame
from mlpsim.views.items.relief_lines import Pens, Stretch, draw_stretch
from mlpsim.views.items.strokes import DEFAULT_HEIGHT
from mlpsim.views.theme import DARK

LINE_STEPS = 64  # of the way to the eye, for each of the many points of a line
ARROW_POINTS = 14
HEAD = 3.2  # in widths of the shaft


@dataclass(frozen=True)
class SheetArrow:
    """An arrow of the flat map, and how it is painted."""

    line: QLineF
    colour: QColor
    width: float


@dataclass(frozen=True, eq=False)
class Sheet:
    """A surface's relief in a frame of pixels."""

    surface: Surface
    relief: Relief
    frame: ReliefFrame

    @cached_property
    def unit(self) -> float:
        """What a length of one pixel at the default type size is at the frame's."""
        return QFontMetricsF(self.frame.font).height() / DEFAULT_HEIGHT

    @cached_property
    def flat(self) -> PlotFrame:
        """The window as a map that is as large as the sheet at zoom 1."""
        half_x, half_y = self.relief.half
        side = 2.0 * self.frame.scale
        area = QRectF(0.0, 0.0, side * half_x, side * half_y)
        return PlotFrame(self.relief.window, area, "", "", self.frame.font)

    def stretch(self, places: Array, shares: Array) -> Stretch:
        """A line over places (n, 2) at heights of the scale (n,), as far as the box holds it."""
        points = self.relief.box(places, shares)
        points[~self.relief.holds(points)] = np.nan
        seen = self.relief.is_seen(points, self.frame.camera, LINE_STEPS)
        return Stretch(self.frame.pixels(points), seen)

    def draped(self, places: Array) -> Stretch:
        """A line over places (n, 2) that lies on the sheet."""
        return self.stretch(places, self.surface.share(self.surface.at(places)))

    def draw(self, painter: QPainter, places: Array, pens: Pens) -> None:
        """A line that lies on the sheet."""
        if len(places) > 1:
            draw_stretch(painter, self.draped(places), pens)

    def spot(self, place: Array) -> tuple[QPointF, bool] | None:
        """The pixel of a place (2,) on the sheet, and whether it is seen; None outside the box."""
        line = self.draped(place[None])
        x, y = line.points[0].tolist()
        return (QPointF(x, y), bool(line.seen[0])) if np.isfinite(x + y) else None

    def place(self, at: QPointF) -> tuple[float, float] | None:
        """The place of the plane that is seen at a pixel; None beside the sheet."""
        return self.relief.met(self.frame.camera, self.frame.picture(at))

    def draw_arrows(
        self, painter: QPainter, arrows: Sequence[SheetArrow], lift: float = 0.0
    ) -> list[QPointF | None]:
        """Arrows along the sheet, ``lift`` shares of the scale above it; the pixels of their tips.

        None for a tip that is hidden or outside the box.
        """
        if not arrows:
            return []
        t = np.linspace(0.0, 1.0, ARROW_POINTS)[:, None]
        ends = np.array([arrow.line.toTuple() for arrow in arrows])[:, None, :]
        with np.errstate(invalid="ignore"):  # of an arrow without an end, nothing is drawn
            pixels = ends[..., :2] + t * (ends[..., 2:] - ends[..., :2])
            places = self._places(pixels.reshape(-1, 2))
        line = self.stretch(places, self.surface.share(self.surface.at(places)) + lift)
        points, seen = line.points.reshape(pixels.shape), line.seen.reshape(pixels.shape[:2])
        lines = [Stretch(*both) for both in zip(points, seen, strict=True)]
        return [
            self._draw_arrow(painter, line, arrow)
            for line, arrow in zip(lines, arrows, strict=True)
        ]

    def _places(self, pixels: Array) -> Array:
        """Pixels (n, 2) of the flat map as places of the plane."""
        window, area = self.relief.window, self.flat.area
        x = window.x0 + pixels[:, 0] * (window.width / area.width())
        y = window.y0 + (area.bottom() - pixels[:, 1]) * (window.height / area.height())
        return np.stack([x, y], axis=-1)

    def _draw_arrow(self, painter: QPainter, line: Stretch, arrow: SheetArrow) -> QPointF | None:
        halo, width = DARK.halo, arrow.width
        draw_stretch(painter, line, ((halo, width + 2.4 * self.unit), (arrow.colour, width)))
        (bx, by), (x, y) = line.points[-2].tolist(), line.points[-1].tolist()
        length = hypot(x - bx, y - by)
        if not np.isfinite(length) or not line.seen[-1]:
            return None
        tip = QPointF(x, y)
        if length > 0.0:
            head = HEAD * width + 2.0
            along = QPointF((x - bx) / length, (y - by) / length)
            back, side = tip - along * head, QPointF(-along.y(), along.x()) * (0.5 * head)
            painter.setPen(QPen(halo, 1.2 * self.unit))
            painter.setBrush(arrow.colour)
            painter.drawPolygon(QPolygonF([tip + along * (0.3 * head), back + side, back - side]))
            painter.setBrush(Qt.BrushStyle.NoBrush)
        return tip
