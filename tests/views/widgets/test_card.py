"""A card's frame: what a figure leaves of it."""

import shiboken6
from PySide6.QtWidgets import QLabel, QLayoutItem
from pytestqt.qtbot import QtBot

from mlpsim.views.widgets.card import Card


def items() -> list[QLayoutItem]:
    return [w for w in shiboken6.getAllValidWrappers() if type(w).__name__ == "QWidgetItem"]


def test_a_figure_leaves_out_the_tools_and_keeps_no_hold_of_what_qt_may_delete(qtbot: QtBot):
    card = Card("Loss", "a subtitle")
    tool = QLabel("tool")
    card.header.addWidget(tool)
    qtbot.addWidget(card)
    card.show()
    before = len(items())
    card.set_figure(True)
    assert tool.isHidden()
    assert len(items()) == before
    card.set_figure(False)
    assert tool.isVisible()
