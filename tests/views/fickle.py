"""A widget that needs another height at another width, for what lays it out."""

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from mlpsim.views.widgets.wrap_layout import WrapLayout

SIDE, GAP = 100, 10


class Fickle(QWidget):
    """Two squares in a row, as a toolbar holds its parts: the second goes where both do not fit."""

    def __init__(self) -> None:
        super().__init__()
        layout = WrapLayout(self, spacing=GAP)
        self.first, self.second = QWidget(), QWidget()
        for square in (self.first, self.second):
            square.setFixedSize(SIDE, SIDE)
            layout.add(square)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.second.setVisible(self.width() >= 2 * SIDE + GAP)
