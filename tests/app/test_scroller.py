"""The scroller: bars come and go with the room, and come to rest."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from mlpsim.app.rows import Rows
from mlpsim.app.scroller import UNBOUNDED, Scroller
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


def test_rows_that_hold_more_without_a_bar_than_beside_it_come_to_rest(qtbot: QtBot) -> None:
    rows, fickle = Rows(0), Fickle()
    rows.rows.addWidget(fickle)
    scroller = Scroller(rows)
    qtbot.addWidget(scroller)
    scroller.set_room(QSize(0, 0))
    bar = scroller.verticalScrollBar()
    scroller.resize(2 * SIDE + GAP, SIDE // 2)
    scroller.show()
    qtbot.waitUntil(lambda: bar.isVisible() and not fickle.second.isVisible())
    scroller.resize(2 * SIDE + GAP, SIDE)
    qtbot.waitUntil(lambda: not bar.isVisible() and fickle.second.isVisible())
    assert rows.size() == scroller.size()
    scroller.resize(2 * SIDE + GAP, SIDE // 2)
    qtbot.waitUntil(lambda: bar.isVisible() and not fickle.second.isVisible())
    scroller.set_room(UNBOUNDED)
    assert scroller.minimumSizeHint() == scroller.least
