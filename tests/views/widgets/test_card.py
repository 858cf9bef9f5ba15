"""A card's frame: its tools beside or below the titles, and what a figure leaves of it."""

import pytest
import shiboken6
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QLayoutItem, QWidget
from pytestqt.qtbot import QtBot

from mlpsim.app.stage import settle
from mlpsim.views.widgets.card import PADDING, Card
from mlpsim.views.widgets.title_tabs import TitleTabs

NARROW = 2 * 120 + 4 + 2 * PADDING  # two tools with their space


class Tool(QWidget):
    def sizeHint(self) -> QSize:
        return QSize(120, 30)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()


@pytest.fixture
def card(qtbot: QtBot) -> Card:
    """In the plain style of Qt, without a frame, whatever another test has left."""
    card = Card("Loss surface", "a subtitle")
    card.setStyleSheet("QFrame { border: none; }")
    card.set_tabs(TitleTabs(["Loss surface", "Race"], 0))
    for _ in range(2):
        card.header.addWidget(Tool())
    qtbot.addWidget(card)
    card.resize(700, 200)
    card.show()
    return card


def places(card: Card) -> list[tuple[int, int, int, int]]:
    """Left, top, right and bottom of the tabs, while there are any, and the tools."""
    tabs = [w for w in card.findChildren(TitleTabs) if w.isVisible()]
    found: list[QWidget] = [*tabs, *card.findChildren(Tool)]
    corners = [(w.mapTo(card, w.rect().topLeft()), w.rect()) for w in found]
    return [(p.x(), p.y(), p.x() + r.width(), p.y() + r.height()) for p, r in corners]


def items() -> list[QLayoutItem]:
    return [w for w in shiboken6.getAllValidWrappers() if type(w).__name__ == "QWidgetItem"]


def test_the_tools_stand_beside_the_titles(card: Card) -> None:
    settle()
    tabs, left, right = places(card)
    assert card.findChild(TitleTabs).titles_in_menu == []
    assert left[1] == right[1] < tabs[3]
    assert right[2] == card.width() - PADDING


def test_in_a_narrow_card_the_tools_stand_below_and_nothing_is_cut(card: Card) -> None:
    assert card.minimumSizeHint().width() <= NARROW
    assert card.heightForWidth(NARROW) >= card.heightForWidth(700) + 30
    card.resize(NARROW, 200)
    settle()
    tabs, left, right = places(card)
    assert left[1] == right[1] >= tabs[3]
    assert (left[2] - left[0], right[2] - right[0]) == (120, 120)
    assert left[0] >= PADDING
    assert right[2] == card.width() - PADDING


def test_wide_again_it_is_as_it_was(card: Card) -> None:
    settle()
    before = places(card)
    for width in (NARROW, 700):
        card.resize(width, 200)
        settle()
    assert places(card) == before


@pytest.mark.parametrize("width", [700, NARROW])
def test_a_figure_leaves_out_the_tools_and_keeps_their_room(card: Card, width: int) -> None:

    card.set_tabs(None)
    body = QWidget()
    card.body.addWidget(body)
    card.resize(width, 200)
    settle()
    before, place, held = places(card), body.geometry(), len(items())
    card.set_figure(True)
    settle()
    assert not any(tool.isVisible() for tool in card.findChildren(Tool))
    assert body.geometry() == place
    # PySide keeps a wrapper of every item it is asked for after Qt has deleted the item, and gives
    # it for whatever comes to stand in its place.
    assert len(items()) == held
    card.set_figure(False)
    settle()
    assert all(tool.isVisible() for tool in card.findChildren(Tool))
    assert places(card) == before
