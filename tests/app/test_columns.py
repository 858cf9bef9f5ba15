"""One card alone, for a projector; and all of them back where they stood."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from mlpsim.app.window import Window
from tests.views.controls import double_click

ESCAPE, F2, F10, F11 = Qt.Key.Key_Escape, Qt.Key.Key_F2, Qt.Key.Key_F10, Qt.Key.Key_F11


def on_view(window: Window) -> set[str]:
    return {name for name, place in window.cards.places.items() if place.isVisible()}


@pytest.fixture
def low(window: Window) -> Window:
    window.resize(1366, 768)
    QTest.qWait(50)
    return window


def test_f10_lets_the_surface_stand_alone_and_escape_brings_all_back(low: Window) -> None:
    before, sizes = on_view(low), low.columns.sizes()
    assert len(before) > 3
    QTest.keyClick(low, F10)
    assert on_view(low) == {"surface"}
    QTest.qWait(50)
    assert low.cards["surface"].width() > 1300
    assert low.preferences.splitters["columns"] == tuple(sizes)
    QTest.keyClick(low, ESCAPE)
    assert on_view(low) == before
    QTest.qWait(50)
    assert low.columns.sizes() == sizes
    QTest.keyClick(low, ESCAPE)  # nothing is left to bring back
    assert on_view(low) == before


def test_f10_takes_the_card_in_the_centre_that_is_in_front(low: Window) -> None:
    low.turn_to("race")
    low.setFocus()
    QTest.keyClick(low, F10)
    assert on_view(low) == {"race"}
    QTest.keyClick(low, ESCAPE)
    assert low.cards["race"].isVisible()


def test_the_card_with_the_focus_is_the_one(low: Window, qtbot: QtBot) -> None:
    low.turn_to("table")
    low.activateWindow()
    table = low.cards["table"].table
    table.setFocus()
    qtbot.waitUntil(table.hasFocus)
    QTest.keyClick(table, F10)
    assert on_view(low) == {"table"}
    QTest.keyClick(table, F10)
    assert len(on_view(low)) > 3


def test_a_double_click_on_a_tab_or_a_title_and_not_below(low: Window) -> None:
    before = on_view(low)
    card = low.cards["loss"]
    bar = card.findChild(QWidget, "titles")
    double_click(bar, bar.rect().center())
    assert on_view(low) == {"loss"}
    double_click(card, QPoint(card.width() // 2, 12))
    assert on_view(low) == before
    double_click(card, QPoint(5, card.height() - 5))
    assert on_view(low) == before


def test_another_tab_of_a_card_that_stands_alone_does_too(low: Window) -> None:
    QTest.keyClick(low, F10)
    low.turn_to("race")
    assert on_view(low) == {"race"}
    low.turn_to("network")
    assert {"race", "network"} < on_view(low)


def test_a_drawer_brings_all_back(low: Window) -> None:
    QTest.keyClick(low, F10)
    QTest.keyClick(low, F2)
    assert {"rail", "surface", "network"} <= on_view(low)


def test_it_stands_alone_in_a_window_of_another_height(low: Window) -> None:
    low.turn_to("seeds")
    before = low.columns.sizes()
    low.columns.show_alone(low.cards.places["seeds"])
    low.resize(1366, 1000)
    QTest.qWait(50)
    assert on_view(low) == {"seeds"}
    low.resize(1366, 768)
    QTest.qWait(50)
    QTest.keyClick(low, ESCAPE)
    assert {"data", "surface", "seeds"} <= on_view(low)
    QTest.qWait(50)
    assert low.columns.sizes() == before


def test_alone_there_is_room_for_larger_type_and_not_when_all_are_back(
    low: Window, qtbot: QtBot
) -> None:
    appearance = low.context.appearance

    def enlarge() -> float:
        for _ in range(12):
            appearance.scale_type(1)
            qtbot.waitUntil(lambda: low.type_room.is_settled)
        return appearance.point_size

    largest = enlarge()
    QTest.keyClick(low, F10)
    assert enlarge() > largest
    QTest.keyClick(low, ESCAPE)
    qtbot.waitUntil(lambda: low.type_room.is_settled and appearance.point_size == largest)
    assert low.height() <= 800


def test_f11_fills_the_screen_and_gives_it_back(low: Window, qtbot: QtBot) -> None:
    size = low.size()
    QTest.keyClick(low, F11)
    assert low.isFullScreen()
    QTest.keyClick(low, F11)
    assert not low.isFullScreen()
    qtbot.waitUntil(lambda: low.size() == size)
