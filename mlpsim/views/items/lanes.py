"""Lanes of a race on screen: the colour and the number that each has in every view."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QIcon, QPainter, QPen, QPixmap

from mlpsim.views.appearance import sized
from mlpsim.views.theme import DARK, Theme

# Classes whose colours tell lanes apart, on the loss ramp too, and that samples seldom have; lane 0
# has the colour of the path.
_CLASSES = (4, 3, 7, 8, 6, 9, 2)
_DARK_INK, _LIGHT_INK = QColor("#0b1020"), QColor("#ffffff")
_BRIGHT = 0.42  # luma from which on ink is dark
BADGE, WIDE = 1.2, 1.4  # height in heights of a line, and width in heights of the badge


def map_colour(lane: int) -> QColor:
    """The colour of a lane on the loss map, the same in both themes."""
    return lane_colour(DARK, lane)


def lane_colour(theme: Theme, lane: int) -> QColor:
    """The colour of a lane on a card."""
    return theme.path if lane == 0 else theme.classes[_CLASSES[(lane - 1) % len(_CLASSES)]]


def paint_badge(
    painter: QPainter, at: QPointF, lane: int, fill: QColor, line: QColor, font: QFont
) -> None:
    """The lane's number (from 1) on a pill of its colour: told apart without the colour too.

    No class of samples has that shape.
    """
    height = QFontMetricsF(font).height()
    half = 0.5 * BADGE * height
    box = QRectF(at.x() - WIDE * half, at.y() - half, 2.0 * WIDE * half, 2.0 * half)
    painter.setPen(QPen(line, 0.12 * height))
    painter.setBrush(fill)
    painter.drawRoundedRect(box, half, half)
    bold = QFont(font)
    bold.setWeight(QFont.Weight.DemiBold)
    luma = 0.3 * fill.redF() + 0.59 * fill.greenF() + 0.11 * fill.blueF()
    painter.setPen(_DARK_INK if luma > _BRIGHT else _LIGHT_INK)
    painter.setFont(bold)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, str(lane + 1))


def badge_icon(theme: Theme, lane: int, font: QFont) -> QIcon:
    """The badge of a lane as an icon for a table."""
    small = sized(font, 0.85)
    side, ratio = round(1.15 * WIDE * BADGE * QFontMetricsF(small).height()), 2.0
    picture = QPixmap(round(side * ratio), round(side * ratio))
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    with QPainter(picture) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        fill, middle = lane_colour(theme, lane), QPointF(0.5 * side, 0.5 * side)
        paint_badge(painter, middle, lane, fill, theme.card, small)
    return QIcon(picture)
