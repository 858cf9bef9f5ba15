"""The scroller: bars come and go with the room, and come to rest."""

from PySide6.QtCore import QSize
from pytestqt.qtbot import QtBot

from mlpsim.app.rows import Rows
from mlpsim.app.scroller import UNBOUNDED, Scroller
from tests.views.fickle import Fickle, assert_rests


def test_rows_that_hold_more_without_a_bar_than_beside_it_come_to_rest(qtbot: QtBot) -> None:
    rows, fickle = Rows(0), Fickle()
    rows.rows.addWidget(fickle)
    scroller = Scroller(rows)
    qtbot.addWidget(scroller)
    scroller.set_room(QSize(0, 0))
    assert_rests(qtbot, scroller, fickle)
    scroller.set_room(UNBOUNDED)
    assert scroller.minimumSizeHint() == scroller.least
