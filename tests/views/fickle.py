"""A widget that needs another height at another width, for what lays it out."""

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from mlpsim.views.widgets.scroll_area import ScrollArea
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


def assert_rests(qtbot: QtBot, area: ScrollArea, fickle: Fickle) -> None:
    """Its bar comes and goes with the room for the fickle content, and comes to rest."""

    def has_bar() -> bool:
        return area.verticalScrollBar().isVisible() and not fickle.second.isVisible()

    def has_none() -> bool:
        return not area.verticalScrollBar().isVisible() and fickle.second.isVisible()

    for height, is_at_rest in ((SIDE // 2, has_bar), (SIDE, has_none), (SIDE // 2, has_bar)):
        area.resize(2 * SIDE + GAP, height)
        area.show()
        qtbot.waitUntil(is_at_rest)
        if is_at_rest is has_none:
            assert area.content.size() == area.size()
