"""The column that scrolls: its bar comes and goes with the room, and comes to rest."""

from pytestqt.qtbot import QtBot

from mlpsim.views.widgets.scroll_column import ScrollColumn
from tests.views.fickle import GAP, SIDE, Fickle


def test_content_that_holds_more_without_a_bar_than_beside_it_comes_to_rest(qtbot: QtBot) -> None:
    column, fickle = ScrollColumn("squares"), Fickle()
    column.column.addWidget(fickle)
    qtbot.addWidget(column)
    bar = column.verticalScrollBar()
    column.resize(2 * SIDE + GAP, SIDE // 2)
    column.show()
    qtbot.waitUntil(lambda: bar.isVisible() and not fickle.second.isVisible())
    column.resize(2 * SIDE + GAP, SIDE)
    qtbot.waitUntil(lambda: not bar.isVisible() and fickle.second.isVisible())
    assert column.content.size() == column.size()
    column.resize(2 * SIDE + GAP, SIDE // 2)
    qtbot.waitUntil(lambda: bar.isVisible() and not fickle.second.isVisible())
