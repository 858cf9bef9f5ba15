"""Cards as tabs: made when seen, every header leads to the others, and titles come back."""

from functools import partial

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QToolButton
from pytestqt.qtbot import QtBot

from mlpsim.views.widgets.card import Card
from mlpsim.views.widgets.card_tabs import CardTabs
from mlpsim.views.widgets.place import Place
from mlpsim.views.widgets.title_tabs import TitleTabs
from tests.views.controls import on_view


@pytest.fixture
def tabs(qtbot: QtBot) -> CardTabs:
    return on_view(qtbot, CardTabs([place("Network", "2–1"), place("Training")]), 400, 300)


def place(title: str, subtitle: str = "") -> Place:
    return Place(title, lambda: Card(title, subtitle), 12)


def current_card(tabs: CardTabs) -> Card:
    place = tabs.currentWidget()
    assert isinstance(place, Place)
    return place.card


def _titles(card: Card) -> list[str]:
    return [label.text() for label in card.findChildren(QLabel) if label.isVisible()]


def test_the_titles_stand_in_the_header_once(tabs: CardTabs) -> None:
    bar = tabs.headers[0].bar
    assert [bar.tabText(i) for i in range(bar.count())] == ["Network", "Training"]
    assert _titles(current_card(tabs)) == ["2–1"]


def test_a_click_turns_to_the_other_card_and_back(tabs: CardTabs, qtbot: QtBot) -> None:
    for place in (1, 0, 1):
        bar = tabs.headers[tabs.currentIndex()].bar
        qtbot.mouseClick(bar, Qt.MouseButton.LeftButton, pos=bar.tabRect(place).center())
        assert tabs.currentIndex() == place
        assert [tabs.headers[i].bar.currentIndex() for i in range(2)] == [0, 1]


def test_arrow_keys_walk_over_the_cards(tabs: CardTabs, qtbot: QtBot) -> None:
    tabs.headers[0].bar.setFocus()
    qtbot.keyClick(tabs.headers[0].bar, Qt.Key.Key_Right)
    assert tabs.currentIndex() == 1
    assert tabs.headers[1].bar.hasFocus()
    qtbot.keyClick(tabs.headers[1].bar, Qt.Key.Key_Left)
    assert tabs.currentIndex() == 0
    assert tabs.headers[0].bar.hasFocus()


def test_the_tabs_stay_in_place_where_a_header_has_buttons(qtbot: QtBot) -> None:
    first, second = place("Network"), place("Training")
    first.card.header.addWidget(QToolButton())
    tabs = on_view(qtbot, CardTabs([first, second]), 400, 300)
    before = tabs.headers[0].bar.mapTo(tabs, tabs.headers[0].bar.tabRect(0).center())
    tabs.setCurrentIndex(1)
    after = tabs.headers[1].bar.mapTo(tabs, tabs.headers[1].bar.tabRect(0).center())
    assert abs(before.y() - after.y()) <= 2
    assert before.x() == after.x()


def test_a_card_is_made_when_it_is_turned_to_and_only_once(qtbot: QtBot) -> None:
    made: list[str] = []

    def make(title: str) -> Card:
        made.append(title)
        return Card(title)

    tabs = CardTabs([Place(title, partial(make, title), 12) for title in ("Loss", "Epoch", "Why")])
    qtbot.addWidget(tabs)
    assert made == []
    tabs.resize(400, 300)
    tabs.show()
    assert made == ["Loss"]
    for index in (2, 0, 2):
        tabs.setCurrentIndex(index)
    assert made == ["Loss", "Why"]
    card = current_card(tabs)
    assert card.isVisible()
    assert card.size() == tabs.size()


def test_an_untied_card_shows_its_own_title(tabs: CardTabs) -> None:
    card = current_card(tabs)
    tabs.untie()
    assert _titles(card) == ["Network", "2–1"]


def test_a_title_chosen_after_its_cards_have_gone_elsewhere_changes_nothing(
    tabs: CardTabs,
) -> None:
    header, places = tabs.headers[0], [tabs.widget(i) for i in range(tabs.count())]
    tabs.untie()
    for each in places:
        tabs.removeWidget(each)
    header.chosen.emit(1)
    assert tabs.count() == 0


@pytest.fixture
def many(qtbot: QtBot) -> CardTabs:
    titles = ("Loss", "This step", "Audit", "Microscope")
    return on_view(qtbot, CardTabs([place(title) for title in titles]), 220, 200)


def _titles_seen(header: TitleTabs) -> list[str]:
    bar = header.bar
    return [bar.tabText(i) for i in range(bar.count()) if bar.isTabVisible(i)]


def test_titles_without_room_stand_in_a_menu_uncut(many: CardTabs) -> None:
    header = many.headers[0]
    assert _titles_seen(header) + header.titles_in_menu == [
        "Loss",
        "This step",
        "Audit",
        "Microscope",
    ]
    assert len(header.titles_in_menu) >= 1
    assert header.more.isVisible()
    for place in range(len(_titles_seen(header))):
        assert header.bar.tabRect(place).width() == header.bar.width_of(place)
        assert header.bar.tabRect(place).right() < header.bar.width()
    assert header.bar.geometry().right() < header.more.x() + 1
    assert header.more.geometry().right() < header.width()


def test_a_title_of_the_menu_leads_to_its_card_and_is_seen_there(many: CardTabs) -> None:
    header = many.headers[0]
    header.more.menu().actions()[-1].trigger()
    assert many.currentIndex() == 3
    assert "Microscope" in _titles_seen(many.headers[3])
    assert many.headers[0].bar.currentIndex() == 0
    assert many.headers[3].bar.currentIndex() == 3


def test_with_room_again_no_title_is_in_the_menu(many: CardTabs) -> None:
    many.resize(700, 200)
    assert many.headers[0].titles_in_menu == []
    assert not many.headers[0].more.isVisible()
    assert len(_titles_seen(many.headers[0])) == 4
