"""Axes: a plot's border, ticks outward with their numbers, and a label under and beside it."""

from collections.abc import Sequence
from functools import lru_cache

from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPen

from mlpsim.views.labels import apart, whole
from mlpsim.views.theme import Theme

Tick = tuple[float, float]  # the pixel, and the value there: an int is a count of things
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
    metrics = QFontMetricsF(painter.font())
    line = metrics.height()
    tick, free = 0.3 * line, float("-inf")
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setPen(QPen(theme.border, 1.0))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(area)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    painter.setPen(QPen(theme.secondary, 1.0))
    for x, text in _lettered(ticks[0]):
        painter.drawLine(QLineF(x, area.bottom(), x, area.bottom() + tick))
        below = QRectF(0.0, area.bottom() + tick, metrics.horizontalAdvance(text) + 2.0, line)
        below.moveLeft(x - 0.5 * below.width())
        if below.left() > free:  # long numbers of a narrow range leave some out
            painter.drawText(below, _CENTRE, text)
            free = below.right() + 0.3 * line
    for y, text in _lettered(ticks[1]):
        painter.drawLine(QLineF(area.left() - tick, y, area.left(), y))
        top = max(y, 0.5 * line) - line  # the uppermost number is not cut
        painter.drawText(QRectF(0.0, top, area.left() - 1.6 * tick, 2.0 * line), _RIGHT, text)
    under = QRectF(area.left(), area.bottom() + 1.25 * line, area.width(), 1.15 * line)
    short = Qt.TextElideMode.ElideRight
    painter.drawText(under, _CENTRE, metrics.elidedText(names[0], short, area.width()))
    painter.save()
    painter.translate(0.0, area.center().y())
    painter.rotate(-90.0)
    beside = QRectF(-0.5 * area.height(), 0.0, area.height(), 1.1 * line)
    name = metrics.elidedText(names[1], short, max(area.height(), 6.0 * line))
    painter.drawText(beside, _CENTRE | Qt.TextFlag.TextDontClip, name)
    painter.restore()


def room_beside(values: Sequence[float], font: QFont) -> float:
    """Pixels at the left of a plot for the numbers of its ticks and the axis's name."""
    return _room(tuple(values), QFont(font))


@lru_cache(maxsize=64)
def _room(values: tuple[float, ...], font: QFont) -> float:
    """Every painting and every move of the pointer asks, and the window of a plot mostly rests."""
    metrics = QFontMetricsF(font)
    widest = max(map(metrics.horizontalAdvance, apart(values)), default=0.0)
    return round(1.65 * metrics.height() + widest)


def _lettered(ticks: Sequence[Tick]) -> list[tuple[float, str]]:
    """Ticks as pixels and texts."""
    values = [value for _, value in ticks]
    counts = [whole(value) for value in values if isinstance(value, int)]
    texts = counts if len(counts) == len(values) else apart(values)
    return list(zip([at for at, _ in ticks], texts, strict=True))
