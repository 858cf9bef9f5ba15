"""The columns: three in a wide window, two on half of a small screen, and all as it was again."""

import pytest
from PySide6.QtCore import QMargins, QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QTableView, QWidget
from pytestqt.qtbot import QtBot

from mlpsim.app.commands import resolve_source
from mlpsim.app.export import as_figure, picture
from mlpsim.app.scroller import Scroller
from mlpsim.app.stage import settle
from mlpsim.app.window import Window
from mlpsim.core.files.presets import find_preset, load_presets
from mlpsim.views.widgets.elided import ElidedLabel

HALF = (683, 700)  # of a screen of 1366 by 768, without a panel and a title bar
WIDE_SIZES = [(1366, 768), (1600, 1000)]


def resize(window: Window, size: tuple[int, int]) -> None:
    window.resize(*size)
    settle()


def places(window: Window) -> dict[str, QRect]:
    """Where the cards are that are seen."""
    cards = {name: window.cards[name] for name in window.cards}
    return {
        name: QRect(card.mapTo(window, QPoint()), card.size())
        for name, card in cards.items()
        if card.isVisible()
    }


def text_margins(window: Window) -> dict[QWidget, QMargins]:
    return {label: label.contentsMargins() for label in window.findChildren(ElidedLabel)}


@pytest.mark.parametrize("name", ["lecture-gd-sgd-minibatch", "spiral", "blobs-softmax"])
def test_half_a_small_screen_has_room_for_every_card(window: Window, name: str) -> None:
    preset = find_preset(name, load_presets())
    window.documents.put(resolve_source(name, preset.variants[-1].name))
    window.strip.show_preset(preset, preset.variants[-1])
    for size, letters in ((HALF, False), ((683, 768), True)):
        window.rosetta.setVisible(letters)
        resize(window, size)
        for panel in window.cards:
            window.turn_to(panel)
            settle()
            assert window.size().toTuple() == size, panel
            bars = [s.horizontalScrollBar() for s in window.findChildren(Scroller)]
            assert not any(bar.maximum() for bar in bars), panel


@pytest.mark.parametrize("panel", ["evaluation", "sweep", "basins"])
def test_a_window_takes_half_a_small_screen_in_one_jump(
    window: Window, qtbot: QtBot, panel: str
) -> None:
    resize(window, (1600, 1000))
    preset = find_preset("spiral", load_presets())
    with qtbot.waitSignal(window.documents.changed):
        window.presets.open(preset, preset.variants[0])
    window.turn_to(panel)
    for _ in range(3):
        settle()
    resize(window, (683, 740))
    assert window.size().toTuple() == (683, 740)


def test_half_a_small_screen_has_room_for_every_slide(window: Window, qtbot: QtBot) -> None:
    resize(window, HALF)
    QTest.keyClick(window, Qt.Key.Key_F2)
    rail = window.cards["rail"]
    for row in range(rail.list.count()):
        with qtbot.waitSignal(window.slides.shown):
            rail.go_on()
        settle()
        assert window.size().toTuple() == HALF, row
        assert rail.isVisible()
        side = [n for n in places(window) if n in rail.slide.panels]
        assert side, row


def test_a_preset_says_what_to_look_for_where_there_is_room(window: Window) -> None:
    preset = find_preset("spiral", load_presets())
    window.strip.show_preset(preset, preset.variants[0])
    for size, has_room in (((683, 768), False), ((1366, 768), True), ((683, 1000), True)):
        resize(window, size)
        assert window.strip.short.isVisible() is not has_room, size


@pytest.mark.parametrize(("name", "rows"), [("table", 3), ("audit", 2)])
def test_half_a_small_screen_has_room_for_rows_beside_a_preset(
    window: Window, qtbot: QtBot, name: str, rows: int
) -> None:
    resize(window, (683, 740))
    preset = find_preset("lecture-gd-sgd-minibatch", load_presets())
    with qtbot.waitSignal(window.documents.changed):
        window.presets.open(preset, preset.variants[0])
    window.context.player.run_to(3)
    qtbot.waitUntil(lambda: window.context.session.cursor == 3)
    table = window.turn_to(name).findChild(QTableView)
    settle()
    middles = [table.visualRect(table.model().index(row, 0)).center() for row in range(4)]
    assert sum(table.viewport().rect().contains(middle) for middle in middles) >= rows
    assert window.size().toTuple() == (683, 740)


def test_no_tool_of_a_header_is_cut_in_a_narrow_column(window: Window) -> None:
    resize(window, HALF)
    for name in window.cards:
        card = window.turn_to(name)
        settle()
        tools = [t for t in card.findChildren(QAbstractButton) if is_in_header(card, t)]
        for tool in tools:
            assert tool.width() >= tool.minimumSizeHint().width(), (name, tool)
            assert card.rect().contains(QRect(tool.mapTo(card, QPoint()), tool.size())), name
        spans = [QRect(tool.mapTo(card, QPoint()), tool.size()) for tool in tools]
        for place, span in enumerate(spans):
            assert not any(span.intersects(other) for other in spans[:place]), name


def is_in_header(card: QWidget, tool: QWidget) -> bool:
    held: QWidget | None = tool
    while held is not None and held.parentWidget() is not card:
        held = held.parentWidget()
    return tool.isVisible() and held is not None and card.header.indexOf(held) >= 0


@pytest.mark.parametrize("size", WIDE_SIZES)
def test_wide_again_all_is_where_it_was(window: Window, size: tuple[int, int]) -> None:
    resize(window, size)
    for name in ("table", "evaluation", "training", "sum"):
        window.turn_to(name)
    settle()
    before, margins = places(window), text_margins(window)
    for _ in range(2):
        resize(window, HALF)
        assert window.size().toTuple() == HALF
        seen = places(window)
        assert len({place.left() for place in seen.values()}) == 2
        assert "sum" in seen
        resize(window, size)
        assert places(window) == before
        assert text_margins(window) == margins


def test_what_is_turned_to_in_a_narrow_window_stays_in_front(window: Window) -> None:
    resize(window, (1366, 768))
    resize(window, HALF)
    window.turn_to("gradients")
    window.turn_to("why")
    resize(window, (1366, 768))
    assert {"gradients", "network", "why"} <= set(places(window))


def test_widths_drawn_by_hand_are_kept_for_three_columns_and_for_two(window: Window) -> None:
    drawn = {}
    for size in ((1366, 768), HALF):
        resize(window, size)
        handle = window.columns.handle(1)
        middle = handle.rect().center()
        QTest.mousePress(handle, Qt.MouseButton.LeftButton, pos=middle)
        QTest.mouseMove(handle, middle + QPoint(20, 0))
        QTest.mouseRelease(handle, Qt.MouseButton.LeftButton, pos=middle + QPoint(20, 0))
        drawn[size] = window.columns.sizes()
    for size in ((1366, 768), HALF):
        resize(window, size)
        assert window.columns.sizes() == drawn[size]
    sizes = window.preferences.splitters
    assert [list(sizes[name]) for name in ("columns", "columns narrow")] == list(drawn.values())


def test_pictures_of_panels_in_a_narrow_window_are_whole_and_leave_it_well(window: Window) -> None:
    resize(window, (1366, 768))
    before = places(window)
    resize(window, HALF)
    for name in ("surface", "ledger", "table", "network", "loss"):
        card = window.turn_to(name)
        settle()
        size = card.size()
        with as_figure(card):
            assert picture(card, 1.0).size() == size
        settle()
        assert card.size() == size
    for size in ((1366, 768), HALF, (1366, 768)):
        resize(window, size)
    for name in ("data", "surface", "network", "loss"):
        window.turn_to(name)
    settle()
    assert places(window) == before
