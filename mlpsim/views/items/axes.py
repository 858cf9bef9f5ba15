"""Axes: a plot's border, ticks outward with their numbers, and a label under and beside it."""

from collections.abc import Sequence

from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen

from mlpsim.views.labels import number
from mlpsim.views.theme import Theme

Tick = tuple[float, float]  # the pixel, and the value there
_CENTRE = Qt.AlignmentFlag.AlignCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


def paint_axes(
    painter: QPainter,
    area: QRectF,
    theme: Theme,
    ticks: tuple[Sequence[Tick], Sequence[Tick]],
    names: tuple[str, str],
) -> None:
    """The axes of a plot in ``area``, in the painter's font: across first, then up."""
    line = QFontMetricsF(painter.font()).height()
    tick = 0.3 * line
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setPen(QPen(theme.border, 1.0))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(area)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    painter.setPen(QPen(theme.secondary, 1.0))
    for x, value in ticks[0]:
        painter.drawLine(QLineF(x, area.bottom(), x, area.bottom() + tick))
        below = QRectF(x - 4.0 * line, area.bottom() + tick, 8.0 * line, line)
        painter.drawText(below, _CENTRE, number(value))
    for y, value in ticks[1]:
        painter.drawLine(QLineF(area.left() - tick, y, area.left(), y))
        top = max(y, 0.5 * line) - line  # the uppermost number is not cut
        painter.drawText(
            QRectF(0.0, top, area.left() - 1.6 * tick, 2.0 * line), _RIGHT, number(value)
        )
    under = QRectF(area.left(), area.bottom() + 1.25 * line, area.width(), 1.15 * line)
    painter.drawText(under, _CENTRE, names[0])
    painter.save()
    painter.translate(0.0, area.center().y())
    painter.rotate(-90.0)
    beside = QRectF(-0.5 * area.height(), 0.0, area.height(), 1.1 * line)
    painter.drawText(beside, _CENTRE | Qt.TextFlag.TextDontClip, names[1])
    painter.restore()
