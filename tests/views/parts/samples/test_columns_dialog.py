"""Choosing columns: ticked by mouse and keys, read with progress, and refused with the place."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication, QProgressDialog, QPushButton, QWidget

from mlpsim.core.dataset import MAX_SAMPLES
from mlpsim.core.experiment import lecture_data
from mlpsim.core.tables.columns import Choice, suggested
from mlpsim.core.tables.csv_table import CHUNK, read_csv
from mlpsim.session.session import Session
from mlpsim.views.parts.samples.columns_dialog import ColumnsDialog
from mlpsim.views.parts.samples.columns_model import INPUT, TARGET, ColumnsModel
from mlpsim.views.parts.samples.data_import import DataImport
from mlpsim.views.widgets.message import Message

TEXT = "length,colour,width,kind\n1,red,2,cat\n3,blue,?,dog\n5,red,6,bird\n7,red,8,cat\n"
ROLE = Qt.ItemDataRole


@pytest.fixture
def dialog(qtbot):
    table = read_csv(TEXT)
    dialog = ColumnsDialog("pets.csv", table, suggested(table), "About\nthese pets")
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitExposed(dialog)
    return dialog


def text_of(dialog, row, column):
    return dialog.model.index(row, column).data()


def test_large_type_leaves_its_buttons_on_the_screen(qapp, qtbot):
    usual = qapp.font()
    large = QFont(usual)
    large.setPointSizeF(24.0)
    qapp.setFont(large)
    try:
        table = read_csv("a,b\n1,2\n3,4\n")
        dialog = ColumnsDialog("numbers.csv", table, suggested(table), "")
    finally:
        qapp.setFont(usual)
    qtbot.addWidget(dialog)
    room = dialog.screen().availableSize()
    assert room.expandedTo(dialog.size()) == room


def test_the_keyboard_alone_takes_rows_out_and_the_data(dialog, qtbot):
    dialog.activateWindow()
    dialog.table.setFocus()
    qtbot.waitUntil(dialog.table.hasFocus)
    qtbot.keyClick(dialog.table, Qt.Key.Key_Down)
    qtbot.keyClick(dialog.table, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is dialog.all_inputs
    while QApplication.focusWidget() is not dialog.drop:
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        assert QApplication.focusWidget() is not dialog.table
    qtbot.keyClick(dialog.drop, Qt.Key.Key_Space)
    qtbot.keyClick(dialog.drop, Qt.Key.Key_Return)
    assert len(dialog.data_chosen) == 3
    assert not dialog.isVisible()


def test_every_column_tells_its_name_and_what_it_holds(dialog):
    assert [text_of(dialog, row, 0) for row in range(4)] == ["length", "colour", "width", "kind"]
    assert text_of(dialog, 0, 1) == "1 to 7"
    assert text_of(dialog, 1, 1) == "2 labels: blue, red"
    assert text_of(dialog, 2, 1) == "2 to 8, 1 missing"
    assert text_of(dialog, 3, 1) == "3 labels: bird, cat, dog"
    assert dialog.model.headerData(2, Qt.Orientation.Horizontal) == "input"
    assert dialog.model.index(2, INPUT).data(ROLE.ToolTipRole).startswith("width: 2 to 8")
    assert dialog.model.index(3, TARGET).data(ROLE.AccessibleTextRole) == "kind as target, ticked"
    assert dialog.model.index(3, INPUT).data(ROLE.AccessibleTextRole).endswith("not ticked")
    wide = read_csv("1,,a\n2,,b\n3,,c\n4,,d\n")
    model = ColumnsModel(wide, Choice((0,), (2,)))
    assert model.index(1, 1).data() == "nothing"
    assert model.index(2, 1).data() == "4 labels: a, b, c, …"


def test_a_gap_is_refused_with_its_place_until_its_row_is_left_out(dialog):
    assert "Row 3, column 3" in dialog.error.text()
    assert not dialog.use.isEnabled()
    assert dialog.drop.text() == "Leave out the 1 row with a missing cell"
    dialog.drop.click()
    assert not dialog.error.isVisible()
    assert dialog.use.isEnabled()
    assert dialog.summary.text() == "3 samples, 2 inputs, one target: 0 is “bird”, 1 is “cat”."
    assert dialog.data_chosen.x.tolist() == [[1, 2], [5, 6], [7, 8]]


def test_columns_are_ticked_by_keys(dialog, qtbot):
    table = dialog.table
    table.setFocus()
    table.setCurrentIndex(dialog.model.index(2, INPUT))
    qtbot.keyClick(table, Qt.Key.Key_Space)
    assert dialog.choice.inputs == (0,)
    assert not dialog.drop.isVisible()
    assert dialog.summary.text().endswith("3 targets, one-hot: bird, cat, dog.")
    qtbot.keyClick(table, Qt.Key.Key_Right)
    qtbot.keyClick(table, Qt.Key.Key_Space)
    # A column is one or the other, and two targets are no classes.
    assert dialog.choice == Choice((0,), (2, 3), False, False)
    assert not dialog.classes.isEnabled()
    assert "Row 3, column 3: the cell is missing" in dialog.error.text()
    dialog.drop.click()
    assert "Row 2, column 4: “cat” is not a number" in dialog.error.text()
    table.setCurrentIndex(dialog.model.index(3, TARGET))
    qtbot.keyClick(table, Qt.Key.Key_Space)
    assert dialog.choice.targets == (2,)
    assert not dialog.model.setData(dialog.model.index(0, 0), True, ROLE.CheckStateRole)


def test_a_column_of_words_is_the_only_target(dialog):
    assert dialog.choice.targets == (3,)
    dialog.model.toggle(1, TARGET)
    assert dialog.choice == Choice((0, 2), (1,), True)
    dialog.model.toggle(0, TARGET)
    dialog.model.toggle(1, TARGET)
    assert dialog.choice == Choice((2,), (0,), False)


def test_all_and_no_inputs(dialog):
    dialog.no_inputs.click()
    assert "No input is chosen" in dialog.error.text()
    dialog.all_inputs.click()
    assert dialog.choice.inputs == (0, 2)


def test_numbers_may_be_classes_or_numbers(qtbot):
    table = read_csv("".join(f"{i},{i % 3}\n" for i in range(30)))
    dialog = ColumnsDialog("three", table, suggested(table), "")
    qtbot.addWidget(dialog)
    assert dialog.classes.isChecked()
    assert dialog.summary.text() == "30 samples, 1 input, 3 targets, one-hot: 0, 1, 2."
    dialog.classes.click()
    assert dialog.summary.text() == "30 samples, 1 input, 1 target."
    assert dialog.data_chosen.y[:3].tolist() == [[0], [1], [2]]


@pytest.fixture
def importing(qtbot):
    session = Session()
    host = QWidget()
    qtbot.addWidget(host)
    host.show()
    importing = DataImport(session, host)
    importing.host = host
    yield importing
    session.end()


def test_a_hundred_thousand_rows_are_read_and_cancelling_leaves_all_as_it_was(
    importing, qtbot, tmp_path
):
    rng = np.random.default_rng(1)
    x = rng.normal(size=(MAX_SAMPLES, 4)).round(6)
    kinds = np.array(["a", "b", "c"])[rng.integers(0, 3, MAX_SAMPLES)]
    rows = (",".join(map(repr, row)) for row in x.tolist())
    path = tmp_path / "large.csv"
    path.write_text("\n".join(f"{row},{k}" for row, k in zip(rows, kinds, strict=True)))
    heard = []
    importing.chosen.connect(lambda data, name: heard.append((data, name)))
    importing.read_file(path, lecture_data())
    progress = importing.host.findChild(QProgressDialog)
    progress.findChild(QPushButton).click()
    assert importing.reader.errand.share is None
    assert importing.host.findChild(QProgressDialog, "reading progress") is None or (
        not progress.isVisible()
    )
    assert importing.dialog is None
    importing.read_file(path, lecture_data())
    qtbot.waitUntil(lambda: importing.dialog is not None, timeout=60_000)
    importing.dialog.accept()
    ((data, name),) = heard
    assert name == "large.csv"
    assert np.array_equal(data.x, x)
    assert data.labels == ("a", "b", "c")
    assert np.array_equal(np.array(data.labels)[data.y.argmax(axis=1)], kinds)


@pytest.mark.parametrize(
    ("comments", "said"),
    [
        ("", ""),
        ("# mine\n", "One line before the table, which begins with #, is skipped."),
        ("# mine\n#\n", "2 lines before the table, which begin with #, are skipped."),
    ],
)
def test_it_is_said_which_lines_are_skipped(importing, qtbot, tmp_path, comments, said):
    path = tmp_path / "pets.csv"
    path.write_text(comments + TEXT)
    importing.read_file(path, lecture_data())
    qtbot.waitUntil(lambda: importing.dialog is not None)
    assert importing.dialog.findChild(Message).text() == said
    importing.dialog.reject()


def test_a_dialog_that_is_refused_changes_nothing_and_a_new_one_takes_its_place(importing, qtbot):
    heard = []
    importing.chosen.connect(lambda data, name: heard.append(name))
    table = read_csv("1,2\n3,4\n")
    importing.ask("first", table, suggested(table))
    first = importing.dialog
    importing.ask("second", table, suggested(table))
    assert importing.dialog is not first
    importing.dialog.reject()
    assert importing.dialog is None
    assert heard == []


def test_what_cannot_be_read_is_said(importing, qtbot, tmp_path):
    path = tmp_path / "bad.csv"
    path.write_text("1,2\n" * CHUNK + "3\n")
    with qtbot.waitSignal(importing.refused) as said:
        importing.read_file(path, lecture_data())
    assert said.args[0] == (
        f"Nothing was changed: bad.csv, row {CHUNK + 1}: it has 1 column, expected 2."
    )
    assert QApplication.activeModalWidget() is None
