"""Marks on the loss map: start, state on view, descent arrows, and the feasible set."""

from dataclasses import dataclass
from math import hypot, isfinite

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFont,
    QFontMetricsF,
    QPainter,
    QPainterPath,
    QPen,
    QPolygonF,
)

from mlpsim.core.arrays import Array
from mlpsim.core.section import BoxSection, Section
from mlpsim.views.items.plot_frame import PlotFrame
from mlpsim.views.items.strokes import rect_of
from mlpsim.views.theme import Theme

WHITE = QColor("#ffffff")
START_RADIUS, RING_RADIUS = 5.0, 7.0
EDGE_REACH = 6.0


def paint_start(painter: QPainter, at: QPointF, theme: Theme, unit: float) -> None:
    """The white dot of state 0; lengths are in ``unit`` pixels."""
    painter.setPen(QPen(theme.halo, 1.6 * unit))
    painter.setBrush(WHITE)
    painter.drawEllipse(at, START_RADIUS * unit, START_RADIUS * unit)


def paint_current(painter: QPainter, at: QPointF, theme: Theme, unit: float) -> None:
    """The white-ringed dot of the state on view."""
    radius = RING_RADIUS * unit
    painter.setPen(QPen(theme.halo, 5.2 * unit))
    painter.setBrush(theme.path)
    painter.drawEllipse(at, radius, radius)
    painter.setPen(QPen(WHITE, 2.4 * unit))
    painter.drawEllipse(at, radius, radius)


def arrow_tip(at: QPointF, direction: Array, em: float) -> QPointF | None:
    """Where the arrow along a direction of the plane ends: longer for more, 1.8 to 5.6 em.

    None where the direction is 0 or not finite.
    """
    x, y = direction.tolist()
    size = hypot(x, y)
    if not (isfinite(size) and size > 0.0):
        return None
    length = em * (1.8 + 3.8 * (size / (1.0 + size)))
    return at + QPointF(x / size * length, -y / size * length)


def paint_arrow(
    painter: QPainter, at: QPointF, tip: QPointF, theme: Theme, colour: QColor, width: float
) -> None:
    """An arrow on its dark halo."""
    line = QLineF(at, tip)
    if line.length() < 1.0:
        return
    head = min(3.2 * width + 2.0, line.length())
    ux, uy = line.dx() / line.length(), line.dy() / line.length()
    neck = tip - QPointF(ux, uy) * head * 0.8
    back, side = tip - QPointF(ux, uy) * head, QPointF(-uy, ux) * head * 0.5
    barbs = QPolygonF([tip, back + side, back - side])
    for brush, extra in ((theme.halo, 2.4), (colour, 0.0)):
        shaft = QPen(brush, width + extra)
        shaft.setCapStyle(Qt.PenCapStyle.FlatCap)
        painter.setPen(shaft)
        painter.drawLine(QLineF(at, neck))
        outline = QPen(brush, extra) if extra else QPen(Qt.PenStyle.NoPen)
        outline.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(outline)
        painter.setBrush(brush)
        painter.drawPolygon(barbs)


@dataclass(frozen=True)
class Pointed:
    """A place (α, β) of the plane that the pointer is at in another picture, and its value."""

    place: tuple[float, float]
    text: str


def paint_pointed(
    painter: QPainter,
    at: QPointF,
    text: str,
    theme: Theme,
    font: QFont,
    area: QRectF,
    is_seen: bool = True,
) -> None:
    """A small cross in a ring with a value beside it; dotted where it is hidden."""
    em = QFontMetricsF(font).height()
    radius, style = 0.42 * em, Qt.PenStyle.SolidLine if is_seen else Qt.PenStyle.DotLine
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for colour, width in ((theme.halo, 3.6), (WHITE, 1.6)):
        painter.setPen(QPen(colour, width, style if colour is WHITE else Qt.PenStyle.SolidLine))
        painter.drawEllipse(at, radius, radius)
        painter.drawPoint(at)
    wide = QFontMetricsF(font).horizontalAdvance(text) + 0.8 * em
    box = QRectF(at.x() + em, at.y() - 1.6 * em, wide, 1.3 * em)
    box.moveLeft(max(area.left(), min(box.left(), area.right() - wide)))
    if box.top() < area.top():
        box.moveTop(at.y() + 0.7 * em)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(11, 16, 32, 205))
    painter.drawRoundedRect(box, 0.3 * em, 0.3 * em)
    painter.setFont(font)
    painter.setPen(WHITE)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)


def paint_outside(painter: QPainter, frame: PlotFrame, section: Section) -> None:
    """The edge of C, and hatching on what lies outside."""
    inside = QPainterPath()
    if isinstance(section, BoxSection):
        inside.addRect(_near(frame, section))
    else:
        rect = rect_of(
            frame,
            section.x - section.radius,
            section.x + section.radius,
            section.y - section.radius,
            section.y + section.radius,
        )
        if rect.width() < 1e5:
            inside.addEllipse(rect)
        else:
            inside.addRect(frame.area)
    outside = QPainterPath()
    outside.addRect(frame.area)
    outside = outside.subtracted(inside)
    painter.fillPath(outside, QColor(11, 16, 32, 120))
    painter.fillPath(outside, QBrush(QColor(255, 255, 255, 80), Qt.BrushStyle.BDiagPattern))
    for colour, width in ((QColor(11, 16, 32, 200), 4.0), (WHITE, 2.0)):
        painter.setPen(QPen(colour, width))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(inside)


def _near(frame: PlotFrame, section: BoxSection) -> QRectF:
    window = frame.window
    x, y = window.width, window.height
    return rect_of(
        frame,
        max(section.x0, window.x0 - x),
        min(section.x1, window.x1 + x),
        max(section.y0, window.y0 - y),
        min(section.y1, window.y1 + y),
    )


def edge_at(frame: PlotFrame, section: Section | None, pixel: QPointF) -> tuple[str, ...]:
    """The edges of C under a pixel: of ``x0 x1 y0 y1`` up to two, or ``rim``."""
    if section is None:
        return ()
    if isinstance(section, BoxSection):
        box = _near(frame, section)
        reach = box.adjusted(-EDGE_REACH, -EDGE_REACH, EDGE_REACH, EDGE_REACH)
        if not reach.contains(pixel):
            return ()
        distances = {
            "x0": abs(pixel.x() - box.left()),
            "x1": abs(pixel.x() - box.right()),
            "y0": abs(pixel.y() - box.bottom()),
            "y1": abs(pixel.y() - box.top()),
        }
        return tuple(edge for edge, distance in distances.items() if distance <= EDGE_REACH)
    rect = rect_of(
        frame, section.x, section.x + section.radius, section.y, section.y + section.radius
    )
    away = hypot(pixel.x() - rect.left(), pixel.y() - rect.bottom())
    return ("rim",) if abs(away - rect.width()) <= EDGE_REACH else ()
