"""Arrows on the map: many at once, painted as one set of lines and one path of heads."""

from math import hypot
from typing import NamedTuple

from PySide6.QtCore import QLineF, QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF

from mlpsim.core.arrays import Array

BEYOND, BESIDE = 2.0, 5.0  # pixels between an arrow and its badge


class Arrow(NamedTuple):
    """An arrow in pixels; ``sample`` None is that of the rest or of the penalty."""

    line: QLineF
    colour: QColor
    label: int
    sample: int | None
    name: str
    is_faint: bool

    def is_of(self, sample: int | None) -> bool:
        """Whether it is a sample's, and this one's."""
        return sample is not None and self.sample == sample


def tip_of(tail: QPointF, pull: Array, scale: float) -> QPointF | None:
    """Where the arrow of a pull (α, β) ends; None if that is nowhere to be seen."""
    dx, dy = (scale * pull).tolist()
    return tail + QPointF(dx, -dy) if 0.05 < hypot(dx, dy) < 1e5 else None


def badge_of(line: QLineF, radius: float, beside: bool) -> QPointF:
    """Where the mark of an arrow stands: beside its middle, or beyond its tip."""
    length = line.length()
    ux, uy = line.dx() / length, line.dy() / length
    if beside:
        return line.pointAt(0.5) + QPointF(uy, -ux) * (radius + BESIDE)
    return line.p2() + QPointF(ux, uy) * (radius + BEYOND)


def paint_arrows(
    painter: QPainter, arrows: list[Arrow], colour: QColor, width: float, halo: float = 0.0
) -> None:
    """Arrows in one colour: all shafts, then all heads; ``halo`` pixels wider all around."""
    shafts, heads = list[QLineF](), QPainterPath()
    heads.setFillRule(Qt.FillRule.WindingFill)
    for arrow in arrows:
        line = arrow.line
        length = line.length()
        head = min(3.6 * width + 2.0, length)
        ux, uy = line.dx() / length, line.dy() / length
        back, side = line.p2() - QPointF(ux, uy) * head, QPointF(-uy, ux) * head * 0.45
        shafts.append(QLineF(line.p1(), line.p2() - QPointF(ux, uy) * head * 0.8))
        heads.addPolygon(QPolygonF([line.p2(), back + side, back - side, line.p2()]))
    shaft = QPen(colour, width + halo)
    shaft.setCapStyle(Qt.PenCapStyle.FlatCap)
    painter.setPen(shaft)
    painter.drawLines(shafts)
    outline = QPen(colour, halo) if halo else QPen(Qt.PenStyle.NoPen)
    outline.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(outline)
    painter.setBrush(colour)
    painter.drawPath(heads)
