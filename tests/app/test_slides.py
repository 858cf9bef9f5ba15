"""The slide rail in the window: keys, the drawer, unsaved changes, and a lecturer's own rail."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from mlpsim.app.window import Window
from mlpsim.core.optimizers import GradientDescent
from mlpsim.core.resources import resource
from mlpsim.session import files
from tests.app.boxes import answer

LECTURE = resource("rails", "lecture.json")


def choose(window: Window, qtbot: QtBot, row: int) -> None:
    """Choose a slide, and wait until it is shown."""
    with qtbot.waitSignal(window.slides.shown):
        window.cards["rail"].list.setCurrentRow(row)


def change_rate(window: Window, rate: float) -> None:
    session = window.context.session
    session.edit(replace(session.experiment, optimizer=GradientDescent(rate)), "Set η")


def test_f2_opens_the_rail_in_the_place_of_the_left_column(window: Window) -> None:
    window.resize(1366, 768)
    QTest.keyClick(window, Qt.Key.Key_F2)
    rail = window.cards["rail"]
    assert rail.isVisible()
    assert rail.list.count() == 19
    assert window.toolbar.slides.isChecked()
    assert not window.cards["data"].isVisible()
    assert window.context.session.run.last == 0
    assert not window.context.session.is_modified
    QTest.keyClick(window, Qt.Key.Key_F2)
    assert not rail.isVisible()
    assert window.cards["data"].isVisible()
    assert not window.toolbar.slides.isChecked()


def test_tab_reaches_the_slides_and_chooses_none(window: Window, qtbot: QtBot) -> None:
    window.slides.toggle()
    window.activateWindow()
    rail = window.cards["rail"]
    rail.list.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(rail.list.hasFocus)
    assert rail.slide is None
    assert not rail.place.text()
    with qtbot.waitSignal(window.slides.shown):
        QTest.keyClick(rail.list, Qt.Key.Key_Down)
    assert rail.list.currentRow() == 0
    QTest.mouseClick(
        rail.list.viewport(),
        Qt.MouseButton.LeftButton,
        pos=rail.list.visualItemRect(rail.list.item(3)).center(),
    )
    assert rail.list.currentRow() == 3


def test_page_down_walks_through_the_slides(window: Window, qtbot: QtBot) -> None:
    QTest.keyClick(window, Qt.Key.Key_PageDown)  # nothing while the rail is closed
    window.slides.toggle()
    rail = window.cards["rail"]
    for place in range(2):
        with qtbot.waitSignal(window.slides.shown):
            QTest.keyClick(window, Qt.Key.Key_PageDown)
        assert rail.list.currentRow() == place
    with qtbot.waitSignal(window.slides.shown):
        QTest.keyClick(window, Qt.Key.Key_PageUp)
    assert rail.list.currentRow() == 0
    assert not rail.previous.isEnabled()


def test_a_slide_shows_what_it_is_about(window: Window, qtbot: QtBot) -> None:
    window.slides.toggle()
    session = window.context.session
    choose(window, qtbot, 15)
    assert session.cursor == session.run.last == 1
    assert session.selection.sample == 3
    np.testing.assert_allclose(session.theta, [-0.05, 0.125])
    assert session.run.value(1) == pytest.approx(1.0344, abs=5e-5)
    assert not session.is_modified
    choose(window, qtbot, 10)
    assert session.cursor == 200
    assert session.selection.sample is None
    assert window.context.landscape.window.x0 == -2.0
    assert not window.strip.isVisible()


def test_panels_of_the_left_column_stand_below_the_rail(window: Window, qtbot: QtBot) -> None:
    window.resize(1600, 1000)
    window.slides.toggle()
    choose(window, qtbot, 4)
    assert window.cards["data"].isVisible()
    assert not window.cards["table"].isVisible()
    choose(window, qtbot, 5)
    assert window.cards["table"].isVisible()
    assert window.cards["rail"].isVisible()
    choose(window, qtbot, 9)
    assert not window.cards["table"].isVisible()
    window.slides.toggle()
    assert window.cards["data"].isVisible()
    assert window.cards["table"].isVisible()


def test_in_a_low_window_all_samples_are_seen_below_the_slide(window: Window, qtbot: QtBot) -> None:
    window.resize(1366, 740)
    window.slides.toggle()
    for row, card in ((5, "table"), (7, "table"), (17, "gradients")):
        choose(window, qtbot, row)
        panel = window.cards[card]
        qtbot.waitUntil(panel.isVisible)
        area = panel.table if card == "table" else panel.grid
        qtbot.waitUntil(lambda area=area: area.verticalScrollBar().maximum() == 0)


def test_a_slide_turns_to_its_tabs(window: Window, qtbot: QtBot) -> None:
    window.resize(1366, 768)
    window.slides.toggle()
    choose(window, qtbot, 16)
    assert window.cards["step"].isVisible()
    choose(window, qtbot, 10)
    assert window.cards["op"].isVisible()


def test_the_slide_on_neighbourhoods_lays_the_lens_around_the_state(
    window: Window, qtbot: QtBot
) -> None:
    lens = window.context.lens
    window.slides.toggle()
    choose(window, qtbot, 12)
    assert window.cards["lens"].isVisible()
    assert lens.is_on
    assert lens.z.tolist() == window.context.session.theta.tolist()
    choose(window, qtbot, 14)
    assert not lens.is_on


def test_what_was_changed_is_kept_if_it_is_wanted(window: Window, qtbot: QtBot) -> None:
    session, rail = window.context.session, window.cards["rail"]
    window.slides.toggle()
    choose(window, qtbot, 2)
    change_rate(window, 0.7)
    asked: list[str] = []
    answer(QMessageBox.StandardButton.Cancel, asked)
    rail.list.setCurrentRow(5)
    qtbot.waitUntil(lambda: rail.list.currentRow() == 2)
    assert len(asked) == 1
    assert rail.heading.text() == "A simple example"
    assert session.experiment.optimizer == GradientDescent(0.7)


def test_who_discards_once_is_not_asked_on_every_slide(window: Window, qtbot: QtBot) -> None:
    window.slides.toggle()
    change_rate(window, 0.7)
    asked: list[str] = []
    answer(QMessageBox.StandardButton.Discard, asked)
    choose(window, qtbot, 2)
    change_rate(window, 0.8)
    choose(window, qtbot, 3)
    change_rate(window, 0.9)
    choose(window, qtbot, 4)
    assert len(asked) == 1
    assert not window.context.session.is_modified


def test_another_document_is_asked_about_again(
    window: Window, qtbot: QtBot, tmp_path: Path
) -> None:
    window.slides.toggle()
    change_rate(window, 0.7)
    asked: list[str] = []
    answer(QMessageBox.StandardButton.Discard, asked)
    choose(window, qtbot, 2)
    path = tmp_path / "mine.mlpsim"
    files.save(window.documents.current(), path)
    window.documents.open(path)
    qtbot.waitUntil(lambda: window.context.session.path == path)
    change_rate(window, 0.6)
    answer(QMessageBox.StandardButton.Discard, asked)
    choose(window, qtbot, 4)
    assert len(asked) == 2
    assert window.context.session.path is None


def test_a_slide_comes_back_as_it_was_by_enter(window: Window, qtbot: QtBot) -> None:
    window.slides.toggle()
    choose(window, qtbot, 14)
    window.context.player.to_start()
    with qtbot.waitSignal(window.slides.shown):
        QTest.keyClick(window.cards["rail"].list, Qt.Key.Key_Return)
    assert window.context.session.cursor == 1


def test_a_lecturers_rail_is_opened_by_dropping_it(
    window: Window, qtbot: QtBot, tmp_path: Path
) -> None:
    text = json.loads(LECTURE.read_text(encoding="utf-8"))
    path = tmp_path / "mine.json"
    mine = [{**entry, "panels": ["surface"]} for entry in text["slides"][2:4]]
    path.write_text(json.dumps({**text, "title": "Mine", "slides": mine}), encoding="utf-8")
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    copy, left, plain = (
        Qt.DropAction.CopyAction,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    window.dropEvent(QDropEvent(QPointF(5, 5), copy, mime, left, plain))
    rail = window.cards["rail"]
    assert rail.isVisible()
    assert rail.subtitle == "Mine"
    assert rail.list.count() == 2
    choose(window, qtbot, 1)
    assert window.context.session.cursor == 500


@pytest.mark.parametrize(
    ("entry", "value", "place"),
    [
        ("formula", r"\frac{1", "$.slides[3].formula"),
        ("formula", r"\left( x", "$.slides[3].formula"),
        ("formula", 1, "$.slides[3].formula"),
        ("panels", ["no such panel"], "$.slides[3].panels[0]"),
        ("preset", "nope", "$.slides[3].preset"),
    ],
)
def test_a_malformed_rail_is_refused_with_its_place(
    window: Window, tmp_path: Path, entry: str, value: object, place: str
) -> None:
    text = json.loads(LECTURE.read_text(encoding="utf-8"))
    for slide in text["slides"]:
        slide["panels"] = []
    text["slides"][3][entry] = value
    path = tmp_path / "mine.json"
    path.write_text(json.dumps(text), encoding="utf-8")
    window.open_file(path)
    (box,) = window.findChildren(QMessageBox, "rail box")
    assert f"(at {place})" in box.informativeText()
    assert not window.cards["rail"].isVisible()
    box.close()


def test_the_homework_takes_the_place_of_the_slides(window: Window) -> None:
    window.resize(1366, 768)
    QTest.keyClick(window, Qt.Key.Key_F2)
    QTest.keyClick(window, Qt.Key.Key_F4)
    assert window.cards["homework"].isVisible()
    assert not window.cards["rail"].isVisible()
    assert window.toolbar.homework.isChecked()
    assert not window.toolbar.slides.isChecked()
    QTest.keyClick(window, Qt.Key.Key_F4)
    assert not window.cards["homework"].isVisible()
    assert window.cards["data"].isVisible()
    assert not window.toolbar.homework.isChecked()


def test_the_menu_opens_what_the_keys_open(window: Window) -> None:
    window.toolbar.slides.trigger()
    assert window.cards["rail"].isVisible()
    window.cards["rail"].close_button.click()
    assert not window.cards["rail"].isVisible()
    window.toolbar.rosetta.trigger()
    assert window.rosetta.isVisible()
    assert window.toolbar.rosetta.isChecked()
    window.toolbar.homework.trigger()
    assert window.cards["homework"].isVisible()


def test_the_line_of_letters_is_toggled_and_remembered(window: Window) -> None:
    assert not window.rosetta.isVisible()
    QTest.keyClick(window, Qt.Key.Key_F3)
    assert window.rosetta.isVisible()
    assert window.toolbar.rosetta.isChecked()
    assert window.preferences.rosetta
    window.rosetta.close_button.click()
    assert not window.rosetta.isVisible()
    assert not window.preferences.rosetta
