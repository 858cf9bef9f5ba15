"""A widget that takes all the room there is, and whose sizes grow with the type."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QSizePolicy, QWidget


class Roomy(QWidget):
    """Its usual and its least width and height are in heights of a line."""

    def __init__(self, usual: tuple[float, float], least: tuple[float, float]) -> None:
        super().__init__()
        self._usual, self._least = usual, least
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        return self._in_lines(*self._usual)

    def minimumSizeHint(self) -> QSize:
        return self._in_lines(*self._least)

    def _in_lines(self, width: float, height: float) -> QSize:
        line = QFontMetricsF(self.font()).height()
        return QSize(round(width * line), round(height * line))
