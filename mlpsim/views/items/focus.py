"""What shows that a picture has the keyboard."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from mlpsim.views.theme import Theme

HALF = 0.8  # of the line's width


def paint_focus(painter: QPainter, area: QRectF, theme: Theme) -> None:
    """A frame just inside an area."""
    painter.setPen(QPen(theme.accent, 2.0 * HALF))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(area.adjusted(HALF, HALF, -HALF, -HALF))
