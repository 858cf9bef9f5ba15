"""The scroller: bars come and go with the room, and come to rest."""

from PySide6.QtCore import QSize
from pytestqt.qtbot import QtBot

from mlpsim.app.rows import Rows
from mlpsim.app.scroller import UNBOUNDED, Scroller
from tests.views.fickle import GAP, SIDE, Fickle


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
