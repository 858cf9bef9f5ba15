"""Cards as tabs: one is shown, every header leads to the others, and titles come back."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QToolButton
from pytestqt.qtbot import QtBot

from mlpsim.views.widgets.card import Card
from mlpsim.views.widgets.card_tabs import CardTabs


@pytest.fixture
def tabs(qtbot: QtBot) -> CardTabs:
    tabs = CardTabs([Card("Network", "2–1"), Card("Training")])
    qtbot.addWidget(tabs)
    tabs.resize(400, 300)
    tabs.show()
    return tabs


def _titles(card: Card) -> list[str]:
    return [label.text() for label in card.findChildren(QLabel) if label.isVisible()]


def test_the_titles_stand_in_the_header_once(tabs: CardTabs) -> None:
    bar = tabs.bars[0]
    assert [bar.tabText(i) for i in range(bar.count())] == ["Network", "Training"]
    card = tabs.currentWidget()
    assert isinstance(card, Card)
    assert _titles(card) == ["2–1"]


def test_a_click_turns_to_the_other_card_and_back(tabs: CardTabs, qtbot: QtBot) -> None:
    for place in (1, 0, 1):
        bar = tabs.bars[tabs.currentIndex()]
        qtbot.mouseClick(bar, Qt.MouseButton.LeftButton, pos=bar.tabRect(place).center())
        assert tabs.currentIndex() == place
        assert [bar.currentIndex() for bar in tabs.bars] == [0, 1]


def test_arrow_keys_walk_over_the_cards(tabs: CardTabs, qtbot: QtBot) -> None:
    tabs.bars[0].setFocus()
    qtbot.keyClick(tabs.bars[0], Qt.Key.Key_Right)
    assert tabs.currentIndex() == 1
    assert tabs.bars[1].hasFocus()
    qtbot.keyClick(tabs.bars[1], Qt.Key.Key_Left)
    assert tabs.currentIndex() == 0
    assert tabs.bars[0].hasFocus()


def test_the_tabs_stay_in_place_where_a_header_has_buttons(qtbot: QtBot) -> None:
    first, second = Card("Network"), Card("Training")
    first.header.addWidget(QToolButton())
    tabs = CardTabs([first, second])
    qtbot.addWidget(tabs)
    tabs.resize(400, 300)
    tabs.show()
    before = tabs.bars[0].mapTo(tabs, tabs.bars[0].tabRect(0).center())
    tabs.setCurrentIndex(1)
    after = tabs.bars[1].mapTo(tabs, tabs.bars[1].tabRect(0).center())
    assert abs(before.y() - after.y()) <= 2
    assert before.x() == after.x()


def test_an_untied_card_shows_its_own_title(tabs: CardTabs) -> None:
    card = tabs.currentWidget()
    assert isinstance(card, Card)
    tabs.untie()
    assert _titles(card) == ["Network", "2–1"]
