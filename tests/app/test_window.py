"""The window, driven as a person does: keys, mouse, files, presets, undo."""

from dataclasses import replace
from itertools import groupby, pairwise
from math import inf
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QSize, Qt, QUrl
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QFileDialog,
    QLineEdit,
    QMenu,
    QMessageBox,
    QTableView,
    QWidget,
)
from pytestqt.qtbot import QtBot

from mlpsim.app.commands import resolve_source
from mlpsim.app.export import picture, png_bytes
from mlpsim.app.layout import fills
from mlpsim.app.stage import settle
from mlpsim.app.window import Window
from mlpsim.core.experiment import lecture_experiment
from mlpsim.core.files.presets import Variant, find_preset, load_presets
from mlpsim.core.optimizers import GradientDescent
from mlpsim.core.race import ALONE
from mlpsim.session import files
from mlpsim.views.appearance import SIZES
from mlpsim.views.parts.surface.lens_button import LensButton
from mlpsim.views.widgets.segmented import Segmented
from tests.app.boxes import answer
from tests.drops import drop
from tests.experiments import large


def rated(rate: float) -> object:
    return replace(lecture_experiment(), optimizer=GradientDescent(rate))


def test_it_opens_with_the_lectures_example_and_its_surface(window: Window) -> None:
    assert window.context.session.experiment == lecture_experiment()
    assert window.context.landscape.surface.values.shape[0] > 100
    assert not QApplication.activeModalWidget()


def test_space_plays_at_once_and_pauses(window: Window, qtbot: QtBot) -> None:
    QTest.keyClick(window, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: window.context.session.run.last > 2)
    QTest.keyClick(window, Qt.Key.Key_Space)
    assert not window.context.player.playing


def test_space_plays_after_a_press_of_the_mouse(window: Window) -> None:
    player, card = window.context.player, window.cards["surface"]
    log = next(b for b in card.findChildren(QAbstractButton) if b.text() == "log")
    for button in (window.toolbar.findChildren(Segmented)[0].button("SGD"), log):
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        was = button.isChecked()
        focused = QApplication.focusWidget()
        QTest.keyClick(focused, Qt.Key.Key_Space)
        assert player.playing
        QTest.keyClick(focused, Qt.Key.Key_Space)
        assert not player.playing
        assert button.isChecked() is was


def test_the_menu_of_pictures_opens_below_its_button_by_keyboard_too(
    window: Window, qtbot: QtBot
) -> None:
    button, menu = window.toolbar.screenshot, window.screenshots.menu
    QTest.keyClick(button, Qt.Key.Key_Space)
    qtbot.waitUntil(menu.isVisible)
    below = button.mapToGlobal(button.rect().bottomLeft())
    assert menu.geometry().contains(QPoint(below.x() + 5, below.y() + 5))
    menu.close()


def part_of(window: Window, widget: QWidget) -> str:
    """The part of the window that a widget stands in."""
    parts = {"toolbar": window.toolbar, "transport": window.transport}
    parts |= {name: window.cards[name] for name in ("homework", "surface", "network", "loss")}
    return next((name for name, part in parts.items() if part.isAncestorOf(widget)), "window")


def test_tab_goes_from_part_to_part_and_from_row_to_row(window: Window, qtbot: QtBot) -> None:
    window.resize(1366, 768)
    window.toggle_homework()
    window.activateWindow()
    window.setFocus()
    qtbot.waitUntil(window.hasFocus)
    settle()
    reached: list[QWidget] = []
    while not reached or reached[-1] is not window:
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        reached.append(QApplication.focusWidget())
    parts = [part for part, _ in groupby(part_of(window, widget) for widget in reached)]
    assert parts == ["toolbar", "homework", "surface", "network", "loss", "transport", "window"]
    homework = window.cards["homework"]
    assert reached.index(homework.rows[0]) == reached.index(homework.next) + 3
    assert reached.index(homework.reveal) == reached.index(homework.rows[-1]) + 1
    for widget in reversed(reached[:-1]):
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Backtab)
        assert QApplication.focusWidget() is widget


def test_enter_presses_the_button_that_has_the_focus(window: Window) -> None:
    button = window.toolbar.findChildren(Segmented)[0].button("SGD")
    window.activateWindow()
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_Return)
    assert button.isChecked()


def test_the_homework_is_opened_done_and_closed_with_keys_alone(
    window: Window, qtbot: QtBot
) -> None:
    window.activateWindow()
    window.setFocus()
    qtbot.waitUntil(window.hasFocus)
    QTest.keyClick(window, Qt.Key.Key_F4)
    homework = window.cards["homework"]
    assert QApplication.focusWidget() is homework.rows[0]
    # At w = 0 every ŷ is ½.
    QTest.keyClicks(homework.rows[0], "0.5")
    QTest.keyClick(homework.rows[0], Qt.Key.Key_Return)
    assert homework.subtitle == "1 of 6 right"
    assert QApplication.focusWidget() is homework.rows[1]
    QTest.keyClick(homework.rows[1], Qt.Key.Key_F4)
    qtbot.waitUntil(window.hasFocus)
    QTest.keyClick(window, Qt.Key.Key_F4)
    assert QApplication.focusWidget() is homework.rows[1]


def test_the_homework_that_is_opened_on_another_experiment_has_the_keys(
    window: Window, qtbot: QtBot
) -> None:
    window.activateWindow()
    QTest.keyClick(window, Qt.Key.Key_F4)
    QTest.keyClick(window, Qt.Key.Key_F4)
    window.context.session.begin(large(0.1), "A line")
    QTest.keyClick(window, Qt.Key.Key_F4)
    homework = window.cards["homework"]
    assert len(homework.rows) == 6  # ŷ, e and two of each: ∂e/∂w, w⁺
    assert QApplication.focusWidget() is homework.rows[0]


def test_what_is_hidden_leaves_the_keys_to_the_window(window: Window, qtbot: QtBot) -> None:
    window.toggle_homework()
    window.activateWindow()
    row = window.cards["homework"].rows[0]
    row.setFocus()
    qtbot.waitUntil(row.hasFocus)
    window.toggle_homework()
    qtbot.waitUntil(window.hasFocus)


def test_tab_leaves_every_table(window: Window, qtbot: QtBot) -> None:
    window.activateWindow()
    window.documents.put(resolve_source("blobs-softmax"))
    for name in ("table", "evaluation", "audit", "race", "gradients"):
        card = window.turn_to(name)
        settle()
        for table in filter(QWidget.isVisible, card.findChildren(QTableView)):
            table.setFocus()
            qtbot.waitUntil(table.hasFocus)
            QTest.keyClick(table, Qt.Key.Key_Tab)
            assert not table.hasFocus(), table.accessibleName()


def test_tab_reaches_every_button_and_no_press_of_the_mouse_takes_the_keys(window: Window) -> None:
    for name in window.cards:
        window.turn_to(name)
    found = [w for kind in (QAbstractButton, QComboBox) for w in window.findChildren(kind)]
    assert len(found) > 150
    policies = {w: w.focusPolicy() for w in found if "corner" not in w.objectName()}
    takers = [w for w, policy in policies.items() if policy & Qt.FocusPolicy.ClickFocus]
    assert [w.accessibleName() or w.objectName() for w in takers] == []
    unreached = [w for w, policy in policies.items() if not policy & Qt.FocusPolicy.TabFocus]
    assert [w.accessibleName() or w.objectName() for w in unreached] == []


def test_arrows_home_and_end_move_through_the_run(window: Window, qtbot: QtBot) -> None:
    session = window.context.session
    for k in (1, 2, 3):
        QTest.keyClick(window, Qt.Key.Key_Right)
        qtbot.waitUntil(lambda k=k: session.run.last == k)
    QTest.keyClick(window, Qt.Key.Key_Left)
    assert session.cursor == 2
    QTest.keyClick(window, Qt.Key.Key_Home)
    assert session.cursor == 0
    QTest.keyClick(window, Qt.Key.Key_End)
    assert session.cursor == 3
    np.testing.assert_allclose(session.run.theta(1), [-0.275, -0.1])


def test_arrows_reach_the_run_from_what_has_no_use_for_them(window: Window, qtbot: QtBot) -> None:
    session, diagram = window.context.session, window.cards["network"].diagram
    diagram.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(diagram, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: session.cursor == 1)
    QTest.keyClick(diagram, Qt.Key.Key_Left)
    assert session.cursor == 0


def test_keys_stay_in_a_text_entry(window: Window) -> None:
    entry = window.toolbar.findChild(QLineEdit, "learning rate")
    entry.setFocus()
    entry.setText("0.5")
    QTest.keyClick(entry, Qt.Key.Key_Space)
    QTest.keyClick(entry, Qt.Key.Key_Left)
    QTest.keyClick(entry, Qt.Key.Key_Home)
    assert not window.context.player.playing
    assert window.context.session.run.last == 0


def test_undo_and_redo_by_keys(window: Window) -> None:
    session = window.context.session
    session.edit(rated(0.5), "Set η")
    assert "•" in window.windowTitle()
    QTest.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert session.experiment == lecture_experiment()
    QTest.keyClick(window, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    assert session.experiment.optimizer == GradientDescent(0.5)


def test_a_table_is_pasted_wherever_no_text_is_typed(window: Window) -> None:
    QApplication.clipboard().setText("1\t2\t1\n3\t4,5\t0\n")
    data = window.context.session.experiment.problem.data
    entry = window.toolbar.findChild(QLineEdit)
    entry.setFocus()
    QTest.keyClick(entry, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert window.context.session.experiment.problem.data is data
    window.setFocus()
    QTest.keyClick(window, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert window.context.session.experiment.problem.data.x.tolist() == [[1.0, 2.0], [3.0, 4.5]]


def test_a_refused_paste_is_said_where_the_table_is_not_seen(window: Window) -> None:
    window.cards["table"].hide()
    QApplication.clipboard().setText("1\tfoo\t1\n")
    QTest.keyClick(window, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert "foo" in window.transport.sentence.text()
    assert not window.context.session.is_modified


def test_type_scales_for_a_projector(window: Window) -> None:
    before = window.fontMetrics().height()
    QTest.keyClick(window, Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
    assert window.fontMetrics().height() > before
    QTest.keyClick(window, Qt.Key.Key_0, Qt.KeyboardModifier.ControlModifier)
    assert window.fontMetrics().height() == before


@pytest.mark.parametrize("size", [(1366, 800), (1600, 1000)])
def test_type_grows_no_larger_than_the_screen_has_room_for(
    window: Window, qtbot: QtBot, size: tuple[int, int]
) -> None:
    said: list[str] = []
    window.context.session.said.connect(said.append)
    window.resize(*size)
    before = window.size()
    window.context.appearance.scale_type(3)  # to 14 points, for which there is room
    for _ in SIZES:
        QTest.keyClick(window, Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
        qtbot.waitUntil(lambda: window.type_room.is_settled, timeout=120_000)
        if said:
            break
    assert window.size() == before
    assert window.context.appearance.point_size >= 16.0
    assert "no room for larger type" in said[-1]


@pytest.mark.parametrize("size", [(1, 1), (1366, 768), (16_000, 10), (1600, 1000)])
def test_any_size_is_laid_out(window: Window, size: tuple[int, int]) -> None:
    window.resize(*size)
    for _ in range(5):
        QApplication.processEvents()
    assert not picture(window, 1.0).isNull()


@pytest.mark.parametrize("size", [(1366, 768), (1600, 1000)])
def test_no_card_makes_the_window_outgrow_its_size(
    window: Window, qtbot: QtBot, size: tuple[int, int]
) -> None:
    preset = find_preset("lecture-gd-sgd-minibatch", load_presets())
    window.resize(*size)
    window.strip.show_preset(preset, preset.variants[0])
    for name in window.cards:
        qtbot.waitUntil(window.turn_to(name).isVisible)
        for _ in range(5):
            QApplication.processEvents()
        assert window.size().toTuple() == size, name


@pytest.mark.parametrize("name", ["blobs-softmax", "dying-relu", "ravine", "sine", "spiral"])
def test_a_card_in_the_drawer_and_one_below_it_fit_a_projector(window: Window, name: str) -> None:
    preset = find_preset(name, load_presets())
    window.documents.put(resolve_source(name, preset.variants[0].name))
    window.resize(1366, 768)
    window.strip.show_preset(preset, preset.variants[0])
    for drawn in ("rail", "homework"):
        for below in ("data", "table", "gradients"):
            window.turn_to(drawn)
            window.turn_to(below)
            for _ in range(5):
                QApplication.processEvents()
            assert window.size().toTuple() == (1366, 768), (drawn, below)


@pytest.mark.parametrize("name", ["lecture-gd-sgd-minibatch", "spiral"])
@pytest.mark.parametrize("size", [(1, 1), (950, 1), (1100, 1)])
def test_nothing_overlaps_in_the_smallest_window(
    window: Window, qtbot: QtBot, name: str, size: tuple[int, int]
) -> None:
    preset = find_preset(name, load_presets())
    window.documents.put(resolve_source(name, preset.variants[0].name))
    window.strip.show_preset(preset, preset.variants[0])
    window.resize(*size)
    rows = window.scroller.content.layout()

    def has_room() -> None:
        shown = [item for i in range(rows.count()) if not (item := rows.itemAt(i)).isEmpty()]
        for above, below in pairwise(shown):
            assert above.geometry().bottom() < below.geometry().top()
        for item in shown:
            place = item.geometry()
            least = max(item.minimumSize().height(), item.minimumHeightForWidth(place.width()))
            assert place.height() >= least
            assert rows.contentsRect().contains(place)

    qtbot.waitUntil(has_room)


def test_on_a_screen_that_is_too_small_the_window_scrolls(window: Window, qtbot: QtBot) -> None:
    room = QSize(400, 400)
    window.resize(*room.toTuple())
    qtbot.waitUntil(lambda: window.width() > room.width())
    window.scroller.set_room(room)
    qtbot.waitUntil(lambda: window.minimumSize() == room)
    window.resize(room)
    assert window.size() == room
    bars = (window.scroller.horizontalScrollBar(), window.scroller.verticalScrollBar())
    qtbot.waitUntil(lambda: all(bar.maximum() > 0 for bar in bars))
    qtbot.waitUntil(lambda: window.scroller.content.size() == window.scroller.least)
    window.resize(1600, 1000)
    qtbot.waitUntil(lambda: not any(bar.maximum() for bar in bars))
    assert window.scroller.content.size() == QSize(1600, 1000)


def test_the_tools_of_the_surface_take_two_rows_at_most(window: Window) -> None:
    window.scroller.set_room(QSize(800, 500))  # of a projector that shows all twice as large
    lens = window.cards["surface"].findChild(LensButton)
    for width, most in ((1600, 1), (1366, 1), (800, 2)):
        window.resize(width, 500)
        for _ in range(5):
            QApplication.processEvents()
        tools = lens.parentWidget().findChildren(
            QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly
        )
        rows = {tool.geometry().center().y() for tool in tools if tool.isVisible()}
        assert len(rows) <= most, width


@pytest.mark.parametrize("width", [1, 1000, 1100])
def test_a_card_in_a_narrow_window_has_room_for_its_lines(
    window: Window, qtbot: QtBot, width: int
) -> None:
    window.documents.put(resolve_source("spiral", None))
    window.resize(width, 1)
    card = window.cards["surface"]
    qtbot.waitUntil(lambda: card.height() >= card.layout().minimumHeightForWidth(card.width()))


def test_no_card_is_wider_than_a_side_column_of_a_laptop(window: Window) -> None:
    window.resize(1366, 768)
    QApplication.processEvents()
    column = window.cards.places["network"].width()
    for name in window.cards.places:
        card = window.turn_to(name)
        QApplication.processEvents()
        assert card.minimumSizeHint().width() <= column, name


def test_a_window_that_is_made_low_at_once_is_low(window: Window) -> None:
    window.resize(1600, 1000)
    QApplication.processEvents()
    window.resize(1366, 768)
    assert window.height() == 768


@pytest.mark.parametrize(
    ("width", "height", "whole"),
    [(1366, 728, True), (1600, 1000, True), (1920, 1040, True), (1920, 1080, False)],
)
def test_a_screen_without_room_for_window_and_frame_is_filled(
    width: int, height: int, whole: bool
) -> None:
    assert fills(QSize(width, height)) is whole


def test_side_columns_become_tabs_where_there_is_no_height(window: Window) -> None:
    window.resize(1366, 768)
    QApplication.processEvents()
    assert not window.cards["table"].isVisible()
    assert not window.cards["step"].isVisible()
    window.resize(1600, 1000)
    QApplication.processEvents()
    for name in ("data", "table", "surface", "network", "loss", "step"):
        assert window.cards[name].isVisible()
    assert not window.cards["training"].isVisible()


def test_the_lens_comes_to_the_front_with_its_card(window: Window) -> None:
    assert not window.cards["lens"].isVisible()
    window.context.lens.set_on(True)
    assert window.cards["lens"].isVisible()
    window.context.lens.set_on(False)
    assert window.cards["lens"].isVisible()  # whoever reads it goes on


def test_themes_switch_live(window: Window) -> None:
    dark = picture(window, 1.0).pixelColor(2, 2).lightness()
    window.context.appearance.set_theme("light")
    QApplication.processEvents()
    assert picture(window, 1.0).pixelColor(2, 2).lightness() > dark + 100
    window.context.appearance.set_theme("dark")


def test_a_document_comes_back_at_its_step(window: Window, qtbot: QtBot, tmp_path: Path) -> None:
    session, player = window.context.session, window.context.player
    player.run_to(30)
    qtbot.waitUntil(lambda: session.run.last == 30)
    session.edit(rated(0.02), "Set η")
    player.run_to(40)
    qtbot.waitUntil(lambda: session.run.last == 40)
    session.seek(35)
    thetas = session.run.recorded(0, 40)[1]
    path = tmp_path / "run.mlpsim"
    files.save(window.documents.current(), path)
    session.saved(path)
    session.restart()
    session.undo_stack.setClean()
    window.documents.open(path)
    qtbot.waitUntil(lambda: session.run.last == 40)
    assert session.cursor == 35
    assert np.array_equal(session.run.recorded(0, 40)[1], thetas)
    assert session.document_name == "run.mlpsim"


def test_recent_files_are_opened_from_a_menu(window: Window, qtbot: QtBot, tmp_path: Path) -> None:
    menu = window.toolbar.open.menu()
    assert [action.isEnabled() for action in menu.actions()] == [False]
    path = tmp_path / "mine.mlpsim"
    files.save(window.documents.current(), path)
    window.documents.open(path)
    qtbot.waitUntil(lambda: window.context.session.path == path)
    window.context.session.path = None
    (action,) = menu.actions()
    assert action.text() == "mine.mlpsim"
    action.trigger()
    qtbot.waitUntil(lambda: window.context.session.path == path)
    assert window.preferences.recent_files == (str(path),)


def test_a_table_is_opened_like_any_other_file(
    window: Window, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "data.csv"
    path.write_text("a,b,y\n1.5,2,1\n3,4,0\n")
    answer = (str(path), "")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: answer)
    QTest.keyClick(window, Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier)
    importing = window.cards["table"].importing
    qtbot.waitUntil(lambda: importing.dialog is not None)
    importing.dialog.accept()
    assert window.context.session.experiment.problem.data.x.tolist() == [[1.5, 2.0], [3.0, 4.0]]


def test_a_table_may_be_dropped_wherever_there_is_room(window: Window) -> None:
    mime = QMimeData()
    mime.setText("1,5\t2\t1\n3\t4\t0\n")
    assert drop(window, mime)
    assert window.context.session.experiment.problem.data.x.tolist() == [[1.5, 2.0], [3.0, 4.0]]


def test_dropping_a_picture_opens_it_at_its_step(
    window: Window, qtbot: QtBot, tmp_path: Path
) -> None:
    session = window.context.session
    window.context.player.run_to(20)
    qtbot.waitUntil(lambda: session.run.last == 20)
    session.seek(12)
    path = tmp_path / "figure.png"
    path.write_bytes(png_bytes(picture(window, 1.0), window.documents.current()))
    session.restart()
    session.undo_stack.setClean()
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    assert drop(window, mime)
    qtbot.waitUntil(lambda: session.cursor == 12)
    assert session.run.last == 20
    assert session.document_name == "Untitled"


def test_a_broken_file_is_refused_and_the_document_stays(window: Window, tmp_path: Path) -> None:
    path = tmp_path / "broken.mlpsim"
    path.write_text('{"format": "mlpsim", "version": 1, "experiment": {')
    run = window.context.session.run
    window.documents.open(path)
    box = window.findChild(QMessageBox, "document box")
    assert "broken.mlpsim cannot be opened" in box.text()
    assert window.context.session.run is run
    box.close()


@pytest.mark.parametrize("button", ["Cancel", "Discard", "Save"])
def test_unsaved_changes_are_asked_about(window: Window, tmp_path: Path, button: str) -> None:
    session = window.context.session
    path = tmp_path / "mine.mlpsim"
    session.edit(rated(0.3), "Set η")
    session.saved(path)
    session.edit(rated(0.5), "Set η")
    asked: list[str] = []
    answer(QMessageBox.StandardButton[button], asked)
    assert window.documents.may_discard() == (button != "Cancel")
    assert "mine.mlpsim" in asked[0]
    assert path.exists() == (button == "Save")


def test_edit_and_undo_asks_nothing(window: Window) -> None:
    session = window.context.session
    session.edit(rated(0.5), "Set η")
    session.undo_stack.undo()
    assert window.documents.may_discard()


def test_closing_while_playing_is_clean(window: Window, qtbot: QtBot) -> None:
    window.context.player.set_speed(inf)
    window.context.player.play()
    qtbot.waitUntil(lambda: window.context.session.run.last > 100)
    assert window.close()
    assert not window.context.player.playing


@pytest.mark.parametrize("preset", load_presets(), ids=lambda preset: preset.id)
def test_every_preset_opens_and_plays(window: Window, qtbot: QtBot, preset: object) -> None:
    session = window.context.session
    variant = preset.variants[0]
    with qtbot.waitSignal(window.documents.changed):
        window.presets.open(preset, variant)
    assert session.experiment == variant.experiment
    window.context.player.run_to(5)
    qtbot.waitUntil(lambda: session.run.last >= 5)
    session.selection.select_sample(0)
    for size in ((1366, 768), (1600, 1000)):
        window.resize(*size)
        QApplication.processEvents()
        assert not picture(window, 1.0).isNull()
    assert window.strip.isVisible()
    assert window.strip.chips.checkedId() == 0


def test_the_chip_of_a_variant_is_checked_while_it_is_in_force(
    window: Window, qtbot: QtBot
) -> None:
    session, chips = window.context.session, window.strip.chips
    preset = find_preset("lecture-gd-sgd-minibatch", load_presets())
    with qtbot.waitSignal(window.documents.changed):
        window.presets.open(preset, preset.variants[0])
    session.edit(replace(session.experiment, optimizer=GradientDescent(0.3)), "Learning rate")
    assert chips.checkedId() == -1
    asked: list[str] = []
    answer(QMessageBox.StandardButton.Cancel, asked)
    chips.button(1).click()
    assert len(asked) == 1
    assert chips.checkedId() == -1
    session.undo_stack.undo()
    assert chips.checkedId() == 0
    session.edit(preset.variants[1].experiment, "By hand")
    assert chips.checkedId() == 1


def test_what_is_said_of_other_data_is_taken_down(window: Window, qtbot: QtBot) -> None:
    session, strip, button = window.context.session, window.strip, window.toolbar.preset
    preset = find_preset("ravine", load_presets())
    with qtbot.waitSignal(window.documents.changed):
        window.presets.open(preset, preset.variants[0])
    table = window.cards["table"]
    own = session.experiment.problem.data
    session.edit_problem("Move a sample", data=own.with_sample(0, own.x[0] + 1.0, own.y[0]))
    scale = next(a for a in table.menu().actions() if a.text() == "Standardise the inputs")
    scale.trigger()
    assert strip.isVisible()
    assert button.text() == "Ravine"
    QApplication.clipboard().setText("1\t2\t0\n4\t5\t1\n")
    table.paste()
    assert not strip.isVisible()
    assert button.text() == "Presets"
    session.undo_stack.undo()
    assert strip.isVisible()
    assert button.text() == "Ravine"
    strip.hide()
    session.undo_stack.redo()
    session.undo_stack.undo()
    assert not strip.isVisible()


def test_a_file_bears_its_name_with_any_data(window: Window, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "mine.mlpsim"
    files.save(window.documents.current(), path)
    window.documents.open(path)
    qtbot.waitUntil(lambda: window.context.session.path == path)
    QApplication.clipboard().setText("1\t2\t0\n4\t5\t1\n")
    window.cards["table"].paste()
    assert window.toolbar.preset.text() == "mine.mlpsim"


def test_the_variants_of_a_preset_race_and_are_saved(
    window: Window, qtbot: QtBot, tmp_path: Path
) -> None:
    window.dialogs.show_gallery()
    gallery = window.dialogs.gallery
    assert gallery is not None
    gallery.list.setCurrentRow([preset.id for preset in load_presets()].index("ravine"))
    with qtbot.waitSignal(window.documents.changed):
        gallery.detail.race.click()
    session, race = window.context.session, window.context.race
    names = ["GD", "momentum", "Nesterov", "Adam", "at the limit", "beyond the limit"]
    assert list(session.race.names) == names
    assert window.cards["race"].isVisible()
    race.run_to(20)
    qtbot.waitUntil(lambda: [lane.run.last for lane in race.lanes] == [20] * 6)
    path = tmp_path / "race.mlpsim"
    files.save(window.documents.current(), path)
    wanted = session.race
    with qtbot.waitSignal(window.documents.changed):
        window.presets.open(find_preset("saddle", load_presets()), _first("saddle"))
    assert session.race == ALONE
    with qtbot.waitSignal(window.documents.changed):
        window.open_file(path)
    assert session.race == wanted
    qtbot.waitUntil(lambda: [lane.run.last for lane in race.lanes] == [20] * 6)


def _first(preset_id: str) -> Variant:
    return find_preset(preset_id, load_presets()).variants[0]


def test_a_preset_of_a_path_is_seen_in_its_plane(window: Window, qtbot: QtBot) -> None:
    preset = find_preset("sine", load_presets())
    window.presets.open(preset, preset.variants[0])
    qtbot.waitUntil(lambda: window.context.landscape.plane.kind == "pca")


def test_a_failing_job_is_said_once(window: Window) -> None:
    window.context.session.fail("RuntimeError: no such luck")
    boxes = window.findChildren(QMessageBox, "failure box")
    assert len(boxes) == 1
    assert "no such luck" in boxes[0].informativeText()
    boxes[0].close()


def test_figures_of_what_is_on_view_stand_first(window: Window) -> None:
    window.resize(1366, 768)
    menu = window.screenshots.menu

    def entries(menu: QMenu) -> list[str]:
        return [action.text() for action in menu.actions() if not action.isSeparator()]

    menu.aboutToShow.emit()
    assert entries(menu)[:5] == ["Window", "Data", "Loss surface", "Network", "Loss"]
    others = next(a.menu() for a in menu.actions() if a.text() == "Other panels")
    assert menu.sizeHint().height() < 400
    assert "Race" in entries(others)
    window.turn_to("race")
    menu.aboutToShow.emit()
    assert "Race" in entries(menu)
    assert "Loss surface" in entries(others)


def test_a_figure_is_copied(window: Window) -> None:
    window.screenshots.copy_window()
    mime = QApplication.clipboard().mimeData()
    assert mime.hasImage()


def test_help_and_gallery_open_by_key(window: Window) -> None:
    QTest.keyClick(window, Qt.Key.Key_F1)
    assert window.findChild(object, "help").isVisible()
    window.findChild(object, "help").close()
    window.dialogs.show_gallery()
    window.dialogs.gallery.close()


def test_clicking_the_play_button_plays(window: Window) -> None:
    button = window.transport.play
    QTest.mouseClick(button, Qt.MouseButton.LeftButton, pos=QPoint(button.width() // 2, 20))
    assert window.context.player.playing
    window.context.player.pause()


def test_the_network_comes_to_the_front_while_axes_are_picked(window: Window) -> None:
    window.turn_to("training")
    assert not window.cards["network"].isVisible()
    window.context.axis_pick.begin()
    assert window.cards["network"].isVisible()
