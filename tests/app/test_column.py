"""The columns: shares of the height, and cards that ask for more of it."""

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from mlpsim.app.column import Column, divided
from mlpsim.app.layout import WIDE_LOW
from mlpsim.app.stage import settle
from mlpsim.app.window import Window
from mlpsim.core.dataset import Dataset
from mlpsim.core.editing.data_edits import with_data
from mlpsim.core.experiment import lecture_experiment
from mlpsim.core.files.presets import find_preset, load_presets
from mlpsim.views.items.loss_curve import LossCurve
from mlpsim.views.panels.training import TOPICS
from mlpsim.views.parts.evaluation.confusion_matrix import ConfusionMatrix
from mlpsim.views.widgets.card import Card
from mlpsim.views.widgets.scroll_column import ScrollColumn
from mlpsim.views.widgets.typesetting import typesetter

Present = Callable[..., None]


@pytest.mark.parametrize(
    ("room", "needs", "sizes"),
    [
        (600, (100, 100, 100), [200, 200, 200]),
        (600, (300, 100, 100), [300, 150, 150]),
        (600, (300, 150, 200), [250, 150, 200]),
        (600, (400, 400, 150), [225, 225, 150]),
        (600, (300, 300, 300), [200, 200, 200]),
    ],
)
def test_what_a_part_needs_is_given_by_those_that_can_spare_it(
    room: int, needs: tuple[int, ...], sizes: list[int]
) -> None:
    assert divided(room, (1, 1, 1), needs) == sizes


def test_shares_are_kept_where_nobody_needs_more() -> None:
    assert divided(800, (33, 31, 36), (0, 0, 0)) == [264, 248, 288]


def right(window: Window) -> Column:
    column = window.findChild(Column, "right column")
    assert isinstance(column, Column)
    return column


def test_a_card_that_asks_for_more_has_it_while_it_is_in_front(
    window: Window, qtbot: QtBot
) -> None:
    window.resize(1600, 1000)
    sizes = right(window).splitter.sizes
    before, asked = sizes(), window.preferences.splitters
    card = window.turn_to("op")
    facts = card.findChild(ScrollColumn)
    qtbot.waitUntil(lambda: sizes()[0] > before[0] + 40)
    assert sum(sizes()) == sum(before)
    card.complete()
    assert facts.content.sizeHint().height() > 150
    qtbot.waitUntil(lambda: facts.verticalScrollBar().maximum() == 0)
    assert window.preferences.splitters == asked
    window.turn_to("network")
    assert sizes() == before


def test_a_share_that_is_drawn_by_hand_stays_until_another_card_asks(window: Window) -> None:
    window.resize(1600, 1200)
    column = right(window)
    handle, before = column.splitter.handle(1), column.splitter.sizes()
    middle = handle.rect().center()
    QTest.mousePress(handle, Qt.MouseButton.LeftButton, pos=middle)
    QTest.mouseMove(handle, middle + QPoint(0, 30))
    QTest.mouseRelease(handle, Qt.MouseButton.LeftButton, pos=middle + QPoint(0, 30))
    drawn = column.splitter.sizes()
    assert drawn[0] > before[0] + 20
    window.turn_to("op")
    window.turn_to("network")
    assert column.splitter.sizes() == drawn
    assert window.preferences.splitters["right column tall"] == tuple(drawn)


def test_of_two_cards_that_ask_for_more_the_one_turned_to_last_has_it(
    window: Window, presented: Present
) -> None:
    presented("spiral")
    window.strip.hide()
    window.resize(1600, 1000)
    settle()
    sizes, line = right(window).splitter.sizes, window.fontMetrics().height()
    window.turn_to("op")
    window.turn_to("ledger")
    assert sizes()[2] >= 27 * line > sizes()[0]
    window.turn_to("network")
    window.turn_to("op")
    assert sizes()[0] >= 22 * line
    assert sizes()[2] < 27 * line


@pytest.fixture
def presented(window: Window, qtbot: QtBot) -> Present:
    """Opens a preset's variant in a small window, with its text."""
    typesetter()
    window.resize(1366, 768)

    def present(name: str, place: int = 0) -> None:
        preset = find_preset(name, load_presets())
        with qtbot.waitSignal(window.documents.changed):
            window.presets.open(preset, preset.variants[place])

    return present


def test_the_transport_is_seen_whatever_cards_are_in_front_beside_the_text_of_a_preset(
    window: Window, presented: Present
) -> None:
    window.resize(1366, 749)  # with a title bar 768
    presented("lecture-constrained")
    window.turn_to("ledger").page.button("activation").click()
    names = [name for names, _ in WIDE_LOW.right for name in names]
    for name in [*names, "ledger", "audit"]:
        window.turn_to(name)
        settle()
        assert window.scroller.least.height() <= 749, name


def hidden_height(card: Card) -> int:
    """How much of a card has to be scrolled to."""
    settle()
    return card.findChild(ScrollColumn).verticalScrollBar().maximum()


def test_no_choice_of_a_plain_training_is_scrolled_to_beside_the_text_of_a_preset(
    window: Window, presented: Present
) -> None:
    window.resize(1366, 749)  # with a title bar 768
    presented("lecture-gd-sgd-minibatch")
    card = window.turn_to("training")
    for topic in range(len(TOPICS)):
        card.show_topic(topic)
        assert hidden_height(card) == 0, topic


@pytest.mark.parametrize("preset", ["lecture-gd-sgd-minibatch", "lecture-constrained", "spiral"])
def test_op_is_whole_beside_the_text_of_a_preset(
    window: Window, presented: Present, preset: str
) -> None:
    presented(preset)
    card = window.turn_to("op")
    settle()
    card.complete()
    assert hidden_height(card) == 0


@pytest.mark.parametrize(
    ("preset", "place"), [("sine", 2), ("saddle", 1), ("spiral", 0), ("blobs-softmax", 0)]
)
def test_the_chain_rule_is_whole_beside_the_text_of_a_preset(
    window: Window, presented: Present, preset: str, place: int
) -> None:
    presented(preset, place)
    assert hidden_height(window.turn_to("ledger")) == 0


@pytest.mark.parametrize("preset", ["sine", "ravine"])
def test_every_line_of_adam_is_seen_at_once(
    window: Window, qtbot: QtBot, presented: Present, preset: str
) -> None:
    adam = {"sine": 2, "ravine": 3}[preset]
    presented(preset, adam)
    window.context.player.run_to(20)
    qtbot.waitUntil(lambda: window.context.session.cursor == 20)
    card = window.turn_to("anatomy")
    qtbot.waitUntil(lambda: len(card.rows) == 6)
    assert hidden_height(card) == 0


@pytest.mark.parametrize("panel", ["anatomy", "ledger"])
def test_a_card_that_needs_less_leaves_the_rest_to_others_and_asks_when_it_needs_more(
    window: Window, qtbot: QtBot, presented: Present, panel: str
) -> None:
    presented("lecture-gd-sgd-minibatch")
    window.resize(1600, 1000)
    card, line = window.turn_to(panel), window.fontMetrics().height()
    window.context.player.run_to(5)
    qtbot.waitUntil(lambda: window.context.session.cursor == 5)
    settle()
    before = card.height()
    assert before <= 18 * line
    assert hidden_height(card) == 0
    presented("spiral")  # two hidden layers, and Adam
    window.context.player.run_to(5)
    qtbot.waitUntil(lambda: window.context.session.cursor == 5)
    assert hidden_height(card) == 0
    assert card.height() > before


def test_the_confusion_matrix_of_ten_classes_is_whole_in_a_small_window(
    window: Window, qtbot: QtBot
) -> None:
    window.resize(1366, 768)
    targets = np.eye(10)[np.arange(2_000) % 10]  # counts of three digits
    data = Dataset(np.random.default_rng(0).normal(size=(2_000, 2)), targets)
    matrix = window.turn_to("evaluation").findChild(ConfusionMatrix)
    window.context.session.edit(with_data(lecture_experiment(), data)[0], "Ten classes")
    qtbot.waitUntil(lambda: matrix.counts.rowCount() == 10)
    bars = matrix.verticalScrollBar(), matrix.horizontalScrollBar()
    settle()
    assert [bar.maximum() for bar in bars] == [0, 0]
    header, picture = matrix.horizontalHeader(), matrix.horizontalHeader().grab().toImage()
    ground = picture.pixel(0, 0)
    y = header.height() // 2
    for k in range(10):  # and the mark of no class is cut at a side
        left = header.sectionViewportPosition(k)
        assert (
            picture.pixel(left, y) == picture.pixel(left + header.sectionSize(k) - 1, y) == ground
        )


def test_an_exercise_is_whole_beside_the_text_of_a_preset(
    window: Window, presented: Present
) -> None:
    presented("lecture-gd-sgd-minibatch", 1)
    assert hidden_height(window.turn_to("homework")) == 0


def test_the_loss_has_a_plot_and_the_step_all_its_rows_beside_the_text_of_a_preset(
    window: Window, qtbot: QtBot, presented: Present
) -> None:
    window.resize(1600, 1000)
    presented("spiral")  # Adam, and a row that tells which weights are shown
    window.context.player.run_to(5)
    qtbot.waitUntil(lambda: window.context.session.cursor == 5)
    assert hidden_height(window.turn_to("step")) == 0
    curve = window.turn_to("loss").findChild(LossCurve)
    assert curve is not None
    assert curve.height() >= 9 * window.fontMetrics().height()
