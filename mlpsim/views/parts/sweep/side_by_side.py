"""Two pictures side by side where there is width, else one over the other."""

from PySide6.QtCore import QRect
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from mlpsim.views.items.roomy import Roomy

WIDE = 1.5  # width by height from which they stand side by side
FIRST = 0.56  # of the room: the first picture's
GAP = 8


class SideBySide(Roomy):
    """Places its pictures itself: how much room it needs is the same whichever way they stand."""

    def __init__(self, first: QWidget, second: QWidget) -> None:
        super().__init__((28, 28), (16, 9))
        self._first, self._second = first, second
        for picture in (first, second):
            picture.setParent(self)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        width, height = self.width(), self.height()
        if width > WIDE * height:
            part = round(FIRST * (width - GAP))
            self._first.setGeometry(QRect(0, 0, part, height))
            self._second.setGeometry(QRect(part + GAP, 0, width - part - GAP, height))
        else:
            part = round(FIRST * (height - GAP))
            self._first.setGeometry(QRect(0, 0, width, part))
            self._second.setGeometry(QRect(0, part + GAP, width, height - part - GAP))
