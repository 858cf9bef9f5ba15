"""Outlines of text, which stand in a halo and at any angle."""

from PySide6.QtCore import QPointF
from PySide6.QtGui import QFont, QPainterPath, QTransform

from mlpsim.views.appearance import sized

LARGE = 64.0


def outline(text: str, font: QFont, at: QPointF) -> QPainterPath:
    """The outline of a text whose base line begins at ``at``; about the same whenever it is asked.

    Qt's outline of a glyph is another by a few 1/64 of a pixel once the glyph has been drawn as
    text. So it is taken large, where that is little, and made smaller.
    """
    path = QPainterPath()
    path.addText(QPointF(), sized(font, LARGE), text)
    smaller = QTransform().translate(at.x(), at.y()).scale(1.0 / LARGE, 1.0 / LARGE)
    return smaller.map(path)
