"""The optimizer's vectors on the map: gradient, means, roots of squares, and the step they make."""

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from mlpsim.core.record import StepRecord
from mlpsim.views.context import Context
from mlpsim.views.items.marks import paint_arrow
from mlpsim.views.items.outlines import outline
from mlpsim.views.items.overlays.arrows import badges_of, scale_of, tip_of
from mlpsim.views.items.overlays.box_paint import pixel
from mlpsim.views.items.overlays.switched import Switched
from mlpsim.views.items.plot_frame import PlotFrame
from mlpsim.views.items.relief_sheet import Sheet, SheetArrow
from mlpsim.views.items.strokes import unit_of
from mlpsim.views.labels.anatomy_words import drawn_of
from mlpsim.views.labels.rules import Drawn, Kind
from mlpsim.views.theme import DARK

# The lowest first, each thinner than the one before: vectors that coincide are all seen.
WIDTHS: dict[Kind, float] = {
    "gradient": 6.0,
    "memory": 4.0,
    "scale": 3.0,
    "corrected": 2.0,
    "step": 2.4,
}
# Okabe and Ito (2008), but for the step, which has the path's colour.
COLOURS: dict[Kind, QColor] = {
    "gradient": QColor("#d5dce8"),
    "memory": QColor("#56b4e9"),
    "scale": QColor("#e79fc8"),
    "corrected": QColor("#f0e442"),
    "step": DARK.path,
}


class Anatomy(Switched):
    """Paints the vectors of the step on view from w before it, while it is switched on.

    Steps are as long as they are; all other vectors have one scale.
    """

    def __init__(self, context: Context) -> None:
        super().__init__(context, on=False)
        self._arrows: list[tuple[Drawn, QLineF]] = []
        self._drawn: tuple[StepRecord, tuple[Drawn, ...]] | None = None

    @property
    def is_possible(self) -> bool:
        """Whether there is a plane for vectors to lie in."""
        return not self._context.landscape.plane.is_line

    @property
    def arrows(self) -> dict[str, QLineF]:
        """The arrows as last painted, by their names."""
        return {drawn.name: line for drawn, line in self._arrows}

    @property
    def _record(self) -> StepRecord | None:
        """The step whose vectors are drawn; none that a frame would wait for."""
        context = self._context
        is_moving = context.player.playing and context.landscape.is_dear
        waits = is_moving or context.appraiser.is_pending
        if not (self.is_on and self.is_possible) or waits or context.overlays.hides_step:
            return None
        return context.session.record

    # -- an overlay ------------------------------------------------------------------------------

    def paint(self, painter: QPainter, frame: PlotFrame) -> None:
        self._arrows = self._laid_out(frame)
        unit = unit_of(frame)
        for drawn, line in self._arrows:
            colour, width = COLOURS[drawn.kind], WIDTHS[drawn.kind] * unit
            paint_arrow(painter, line.p1(), line.p2(), DARK, colour, width)
        _paint_names(painter, frame, self._arrows)

    def drape(self, painter: QPainter, sheet: Sheet) -> None:
        """The vectors along the sheet of the relief, with their names at their tips."""
        laid = self._laid_out(sheet.flat)
        arrows = [
            SheetArrow(line, COLOURS[drawn.kind], WIDTHS[drawn.kind] * sheet.unit)
            for drawn, line in laid
        ]
        tips = sheet.draw_arrows(painter, arrows)
        font = QFont(sheet.frame.font)
        font.setBold(True)
        for (drawn, _), tip in zip(laid, tips, strict=True):
            if tip is not None:
                path = outline(drawn.name, font, tip + QPointF(6.0, -6.0) * sheet.unit)
                painter.strokePath(path, QPen(DARK.halo, 3.6 * sheet.unit))
                painter.fillPath(path, COLOURS[drawn.kind])

    def _laid_out(self, frame: PlotFrame) -> list[tuple[Drawn, QLineF]]:
        """The arrows in pixels, in the order in which they are painted."""
        record, plane = self._record, self._context.landscape.plane
        if record is None or len(plane.origin) != len(record.theta_before):
            return []
        if self._drawn is None or self._drawn[0] is not record:
            self._drawn = (record, drawn_of(record))
        vectors = self._drawn[1]
        at = pixel(frame, plane.project(record.theta_before))
        places = plane.components(np.stack([drawn.vector for drawn in vectors]))
        are_steps = np.array([drawn.kind == "step" for drawn in vectors])
        scale = scale_of(places[~are_steps], frame.area)
        found: list[tuple[Drawn, QLineF]] = []
        for drawn, place in zip(vectors, places, strict=True):
            if drawn.kind == "step":
                across, up = frame.per_pixel()
                tip = tip_of(at, place / (across, up), 1.0)
            else:
                tip = tip_of(at, place, scale)
            if tip is not None:
                found.append((drawn, QLineF(at, tip)))
        order = list(WIDTHS)
        return sorted(found, key=lambda arrow: order.index(arrow[0].kind))


def _paint_names(painter: QPainter, frame: PlotFrame, arrows: list[tuple[Drawn, QLineF]]) -> None:
    """The names at the tips, or where an arrow leaves the map, each in its arrow's colour."""
    font = QFont(frame.font)
    font.setBold(True)
    metrics = QFontMetricsF(font)
    half, area = 0.5 * metrics.height(), frame.area
    halo = QPen(DARK.halo, 3.6 * unit_of(frame))
    seen = [(drawn, _cut(line, area)) for drawn, line in arrows if area.contains(line.p1())]
    places = badges_of([line for _, line in seen], 1.4 * half, False)
    for (drawn, _), at in zip(seen, places, strict=True):
        width = metrics.horizontalAdvance(drawn.name)
        x = min(max(at.x() - 0.5 * width, area.left()), area.right() - width)
        y = min(max(at.y(), area.top() + half), area.bottom() - half)
        path = outline(drawn.name, font, QPointF(x, y + 0.35 * metrics.ascent()))
        painter.strokePath(path, halo)
        painter.fillPath(path, COLOURS[drawn.kind])


def _cut(line: QLineF, area: QRectF) -> QLineF:
    """What of a line that begins in an area lies in it."""
    ends = [1.0]
    for delta, before, after in (
        (line.dx(), area.left() - line.x1(), area.right() - line.x1()),
        (line.dy(), area.top() - line.y1(), area.bottom() - line.y1()),
    ):
        if delta:
            ends.append((after if delta > 0.0 else before) / delta)
    share = max(min(ends), 1e-3)  # a direction is left where it begins on the edge
    return QLineF(line.p1(), line.pointAt(share))
