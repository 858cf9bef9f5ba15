"""The table panel: typing, pasting, files and columns, in step with the state on view."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QModelIndex, QObject, Qt, QUrl
from PySide6.QtGui import QAction, QGuiApplication, QPaintEvent
from PySide6.QtWidgets import QApplication, QLineEdit

from mlpsim.core.activations import IDENTITY
from mlpsim.core.dataset import Dataset
from mlpsim.core.generators import Blobs
from mlpsim.core.network import Network
from mlpsim.core.problem import Problem
from mlpsim.core.readout import predictions_and_errors
from mlpsim.core.starts import Given, GlorotUniform
from mlpsim.views.panels.table import TablePanel
from mlpsim.views.parts.samples import sample_model
from tests.drops import drop
from tests.views.controls import on_view

ROLE = Qt.ItemDataRole


@pytest.fixture
def panel(context, qtbot):
    return on_view(qtbot, TablePanel(context), 420, 430)


def data_of(context):
    return context.session.experiment.problem.data


def cells(context):
    data = data_of(context)
    return np.hstack([data.x, data.y]).tolist()


def shown(panel, row):
    model = panel.model
    return [model.index(row, c).data() for c in range(model.columnCount())]


def header(panel):
    horizontal = Qt.Orientation.Horizontal
    model = panel.model
    return [model.headerData(c, horizontal) for c in range(model.columnCount())]


def editor_of(panel, row, column):
    panel.table.edit_cell(row, column)
    return panel.table.findChildren(QLineEdit)[-1]  # an earlier one may still be on its way out


def commit(qtbot, panel, editor):
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    state = panel.table.State.NoState
    qtbot.waitUntil(lambda: panel.table.state() == state)


def clipboard(text):
    QGuiApplication.clipboard().setText(text)


LECTURE = [[-3, -3, 1], [-2, -2, 1], [4, 4, 0], [2, -5, 0]]


def test_columns_are_laid_out_once_where_the_numbers_of_the_samples_need_more_room(
    panel, context, qtbot, monkeypatch
):
    data = data_of(context)

    def put(times):
        more = Dataset(np.tile(data.x, (times, 1)), np.tile(data.y, (times, 1)))
        context.session.edit_problem("More", data=more)
        qtbot.waitUntil(lambda: panel.model.rowCount() == 4 * times)
        for _ in range(5):
            QApplication.processEvents()

    put(25)
    laid_out, fits = [], panel.table.fits
    monkeypatch.setattr(panel.table, "fits", lambda room: (laid_out.append(room), fits(room))[1])
    size, width = panel.table.size(), panel.table.verticalHeader().width()
    put(2500)
    assert panel.table.size() == size
    assert panel.table.verticalHeader().width() > width
    assert len(laid_out) == 1
    side, bar = panel.table.verticalHeader(), panel.table.verticalScrollBar()
    assert laid_out == [panel.table.width() - side.width() - bar.sizeHint().width()]


def test_the_lectures_table_is_shown_with_its_total(panel, context, qtbot):
    assert header(panel) == ["x₁", "x₂", "y", "ŷ", "eˢ"]
    assert shown(panel, 0) == ["−3", "−3", "1", "0.5", "0.25"]
    assert panel.total.text() == "1"
    assert panel.total_label.text() == "Σ eˢ = E"
    context.session.set_theta(np.array([-0.275, -0.1]), "Set")
    qtbot.waitUntil(lambda: panel.total.text() == "0.43393")
    assert panel.model.value(3, 3) == pytest.approx(1.0 / (1.0 + np.exp(0.05)))
    assert shown(panel, 3)[3] == "0.4875"


def test_symbols_are_the_lectures_and_the_numbers_come_back(panel):
    panel.symbols_button.click()
    assert shown(panel, 0)[3:] == ["σ(−3w¹₁₁ − 3w¹₁₂)", "(1 − σ(−3w¹₁₁ − 3w¹₁₂))²"]
    assert panel.total_label.text() == "E = e¹ + e² + e³ + e⁴"
    tip = panel.model.index(0, 3).data(ROLE.ToolTipRole)
    assert tip.splitlines()[1] == "= 0.5"
    panel.symbols_button.click()
    assert shown(panel, 0)[3] == "0.5"


@pytest.mark.parametrize("text", ["0,5", "0.5", " 5e-1 "])
def test_a_number_is_typed_the_same_in_every_locale(panel, context, qtbot, text):
    editor = editor_of(panel, 1, 0)
    assert editor.text() == "-2"
    editor.selectAll()
    qtbot.keyClicks(editor, text)
    commit(qtbot, panel, editor)
    assert cells(context)[1] == [0.5, -2, 1]
    assert context.session.undo_stack.count() == 1


def test_a_cell_is_typed_over_in_full_sight_though_the_table_is_refreshed(panel, context, qtbot):
    panel.add_button.click()
    editor = panel.table.findChild(QLineEdit)
    panel.model.show_symbols(False)
    qtbot.keyClicks(editor, "-12.375")
    assert editor.text() == "-12.375"
    room = editor.width() - 2 * editor.fontMetrics().horizontalAdvance("0")
    assert editor.fontMetrics().horizontalAdvance("-12.375") < room
    assert panel.table.viewport().rect().contains(editor.geometry())
    commit(qtbot, panel, editor)
    assert cells(context)[4] == [-12.375, 0, 0]


def test_what_is_typed_into_samples_that_were_replaced_is_dropped(panel, context):
    panel.hide()  # as behind another tab
    few = context.session.experiment.problem.data.without([1, 2, 3])
    context.session.edit_problem("Replace", data=few)
    panel.table.cells.typed.emit(3, 0, 9.0)
    assert context.session.experiment.problem.data is few


def test_a_text_that_is_no_number_stays_to_be_mended(panel, context, qtbot):
    editor = editor_of(panel, 1, 0)
    editor.selectAll()
    qtbot.keyClicks(editor, "1.2.3")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert panel.message.isVisible()
    assert "1.2.3" in panel.message.text()
    assert editor.property("invalid")
    assert editor.text() == "1.2.3"
    assert cells(context) == LECTURE
    qtbot.keyClick(editor, Qt.Key.Key_Backspace)
    qtbot.keyClick(editor, Qt.Key.Key_Backspace)
    assert not panel.message.isVisible()
    commit(qtbot, panel, editor)
    assert cells(context)[1] == [1.2, -2, 1]


def test_escape_gives_a_refused_text_up(panel, context, qtbot):
    editor = editor_of(panel, 1, 0)
    qtbot.keyClicks(editor, "nan")
    qtbot.keyClick(editor, Qt.Key.Key_Tab)
    assert panel.message.isVisible()
    qtbot.keyClick(editor, Qt.Key.Key_Escape)
    assert not panel.message.isVisible()
    assert cells(context) == LECTURE


def test_an_unchanged_cell_is_no_edit_and_computed_cells_are_not_typed_into(panel, context, qtbot):
    editor = editor_of(panel, 1, 0)
    commit(qtbot, panel, editor)
    assert context.session.undo_stack.count() == 0
    assert not panel.model.flags(panel.model.index(0, 3)) & Qt.ItemFlag.ItemIsEditable
    assert panel.model.flags(panel.model.index(0, 2)) & Qt.ItemFlag.ItemIsEditable


def test_every_digit_survives_an_edit_that_changes_nothing(panel, context, qtbot):
    x = [[1.0 / 3.0, 1e-17]]
    context.session.edit_problem("thirds", data=Dataset(x, [[1.0]]))
    qtbot.waitUntil(lambda: panel.model.rowCount() == 1)
    for column in (0, 1):
        editor = editor_of(panel, 0, column)
        commit(qtbot, panel, editor)
    assert data_of(context).x.tolist() == x


def test_the_selected_sample_is_the_same_in_plot_and_table(panel, context):
    context.session.selection.select_sample(2)
    assert panel.table.selected_rows == [2]
    panel.table.setCurrentIndex(panel.model.index(1, 1))
    assert context.session.selection.sample == 1
    context.session.selection.select_sample(None)
    assert panel.table.selected_rows == []


def test_rows_are_added_and_deleted(panel, context, qtbot):
    panel.add_button.click()
    assert cells(context) == [*LECTURE, [0, 0, 0]]
    editor = panel.table.findChild(QLineEdit)
    qtbot.keyClicks(editor, "7")
    commit(qtbot, panel, editor)
    assert cells(context)[4] == [7, 0, 0]
    panel.table.show_sample(None)
    panel.table.selectRow(0)
    qtbot.keyClick(panel.table, Qt.Key.Key_Delete)
    assert cells(context) == [*LECTURE[1:], [7, 0, 0]]
    qtbot.waitUntil(lambda: panel.model.rowCount() == 4)
    panel.table.selectAll()
    qtbot.keyClick(panel.table, Qt.Key.Key_Delete)
    assert "needs at least one sample" in panel.message.text()
    assert len(data_of(context)) == 4


def test_a_pasted_table_replaces_the_data_where_nothing_is_selected(panel, context, qtbot):
    clipboard("x1\tx2\ty\r\n0,5\t1\t0\r\n2\t3\t1\r\n")
    panel.table.setFocus()
    qtbot.keyClick(panel.table, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert cells(context) == [[0.5, 1, 0], [2, 3, 1]]
    assert context.session.undo_stack.count() == 1
    qtbot.waitUntil(lambda: panel.model.rowCount() == 2)
    context.session.undo_stack.undo()
    assert cells(context) == LECTURE


def test_a_paste_at_the_selected_cell_overwrites_and_extends(panel, context):
    panel.table.setCurrentIndex(panel.model.index(3, 0))
    clipboard("7;8;1\n9;10;1")
    panel.paste()
    assert cells(context) == [*LECTURE[:3], [7, 8, 1], [9, 10, 1]]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("1\t2\t3\n4\tabc\t6", "row 2, column 2: “abc” is not a number"),
        ("1\t2\t3\n4\t5", "row 2: it has 2 columns, expected 3"),
        ("1\t2\t3\n4\t5\tnan", "row 2, column 3: “nan” is not a finite number"),
        ("1\t2", "row 1: it has 2 columns, expected 3"),
        ("", "there are no numbers in it"),
    ],
)
def test_a_bad_paste_changes_nothing_and_names_the_place(panel, context, text, said):
    clipboard(text)
    panel.paste()
    assert panel.message.isVisible()
    assert said in panel.message.text()
    assert cells(context) == LECTURE
    clipboard("1\t2\t3")
    panel.paste()
    assert not panel.message.isVisible()
    assert cells(context) == [[1, 2, 3]]


def load(panel, qtbot, path):
    """Read a file and take the columns that are offered."""
    panel.load(path)
    qtbot.waitUntil(lambda: panel.importing.dialog is not None)
    panel.importing.dialog.accept()


def test_a_refusal_is_gone_with_the_data_it_was_about(panel, context, qtbot):
    panel.load(Path("there-is-no-such-file.csv"))
    qtbot.waitUntil(panel.message.isVisible)
    context.session.edit_problem("Other data", data=data_of(context).without([0]))
    qtbot.waitUntil(lambda: panel.model.rowCount() == 3)
    assert not panel.message.isVisible()


def test_copied_cells_are_pasted_back_as_they_were(panel, context):
    panel.copy()
    assert QGuiApplication.clipboard().text().splitlines()[0] == "x₁\tx₂\ty"
    panel.paste()
    assert cells(context) == LECTURE
    panel.table.setCurrentIndex(panel.model.index(3, 1))
    panel.copy()
    assert QGuiApplication.clipboard().text() == "-5.0\n"


def test_a_file_is_opened_and_the_network_follows_its_columns(panel, context, qtbot, tmp_path):
    path = tmp_path / "data.csv"
    path.write_text("\ufeffa;b;c;y\n1,5;2;3;0\n4;5;6;1\n", encoding="utf-8")
    with qtbot.waitSignal(context.session.said) as said:
        load(panel, qtbot, path)
    assert cells(context) == [[1.5, 2, 3, 0], [4, 5, 6, 1]]
    assert [feature.name for feature in data_of(context).features] == ["a", "b", "c"]
    assert context.session.experiment.problem.network.sizes == (3, 1)
    assert context.session.experiment.start == GlorotUniform()
    assert "3–1" in said.args[0]
    context.session.undo_stack.undo()
    assert cells(context) == LECTURE


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"1;2;3\n4;\xe4;6\n", "row 2: byte 9 is not UTF-8"),
        ("1;2;3".encode("utf-16"), "UTF-16"),
        (b"1;2;3\n4;5\n", "row 2: it has 2 columns, expected 3"),
        (b"", "there are no rows of data in it"),
    ],
)
def test_a_bad_file_is_refused_by_name(panel, context, qtbot, tmp_path, content, said):
    path = tmp_path / "bad.csv"
    path.write_bytes(content)
    panel.load(path)
    qtbot.waitUntil(panel.message.isVisible)
    assert said in panel.message.text()
    assert "bad.csv" in panel.message.text()
    assert cells(context) == LECTURE


def test_what_was_refused_is_taken_back_when_another_file_is_read(panel, qtbot, tmp_path):
    panel.load(tmp_path / "none.csv")
    qtbot.waitUntil(panel.message.isVisible)
    path = tmp_path / "data.csv"
    path.write_text("1,2,0\n3,4,1\n")
    panel.load(path)
    qtbot.waitUntil(lambda: panel.importing.dialog is not None)
    panel.importing.dialog.reject()
    assert not panel.message.isVisible()


def test_a_file_that_is_not_there_is_refused(panel, context, qtbot, tmp_path):
    panel.load(tmp_path / "none.csv")
    qtbot.waitUntil(panel.message.isVisible)
    assert "cannot be read" in panel.message.text()
    assert cells(context) == LECTURE


def test_tables_are_dropped_as_files_and_text_and_nothing_else_is_taken(
    panel, context, qtbot, tmp_path
):
    path = tmp_path / "data.csv"
    path.write_text("1,2,0\n3,4,1\n")
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    assert drop(panel, mime)
    qtbot.waitUntil(lambda: panel.importing.dialog is not None)
    panel.importing.dialog.accept()
    assert cells(context) == [[1, 2, 0], [3, 4, 1]]
    mime = QMimeData()
    mime.setText("5\t6\t1")
    assert drop(panel, mime)
    assert cells(context) == [[5, 6, 1]]
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(tmp_path / "run.png"))])
    assert not drop(panel, mime)
    mime = QMimeData()
    mime.setData("application/x-qabstractitemmodeldatalist", b"\x80\x04.")
    assert not drop(panel, mime)
    assert cells(context) == [[5, 6, 1]]


def test_columns_are_added_and_removed_and_the_network_follows(panel, context, qtbot):
    session = context.session

    def choose(text):
        menu = panel.menu()
        menu.findChild(QAction, text).trigger()
        menu.deleteLater()

    choose("Add an input column")
    assert session.experiment.problem.network.sizes == (3, 1)
    qtbot.waitUntil(lambda: header(panel) == ["x₁", "x₂", "x₃", "y", "ŷ", "eˢ"])
    choose("Add a target column")
    qtbot.waitUntil(lambda: len(header(panel)) == 8)
    assert header(panel)[3:] == ["y₁", "y₂", "ŷ₁", "ŷ₂", "eˢ"]
    panel.table.setCurrentIndex(panel.model.index(0, 0))
    choose("Remove an input column")
    assert data_of(context).x.tolist() == [[-3, 0], [-2, 0], [4, 0], [-5, 0]]
    choose("Remove the last target column")
    assert session.experiment.problem.network.sizes == (2, 1)
    assert session.undo_stack.count() == 4
    for _ in range(4):
        session.undo_stack.undo()
    assert cells(context) == LECTURE
    panel.remove_target()
    assert "0 targets" in panel.message.text()


def test_classes_have_their_mark_beside_the_target(panel):
    index = panel.model.index(0, 2)
    assert not index.data(ROLE.DecorationRole).isNull()
    assert index.data(ROLE.ToolTipRole) == "class B"
    assert panel.model.index(0, 1).data(ROLE.DecorationRole) is None


def test_a_hundred_thousand_rows_scroll_and_compute_only_what_is_seen(
    panel, context, qtbot, monkeypatch
):
    computed = []

    def noted(problem, theta, samples):
        found = predictions_and_errors(problem, theta, samples)
        computed.append(len(found[1]))
        return found

    monkeypatch.setattr(sample_model, "predictions_and_errors", noted)
    data = Blobs(samples=100_000).generate()
    context.session.edit_problem("many", data=data)
    qtbot.waitUntil(lambda: panel.model.rowCount() == 100_000)
    for row in (99_999, 50_000, 10):
        panel.table.scrollTo(panel.model.index(row, 0))
        panel.grab()
    assert 0 < sum(computed) < 3_000
    e = panel.model.value(77_777, 4)
    assert e == pytest.approx(0.25)


def test_a_longer_prediction_measures_no_cell_of_the_data_again(panel, context, qtbot, monkeypatch):
    data = Dataset(np.full((200, 30), 0.25), np.zeros((200, 1)))
    network = Network((30, 1), (IDENTITY,), (False,))
    context.session.edit(
        replace(
            context.session.experiment,
            problem=Problem(data, network),
            start=Given((0.0,) * 30),
        ),
        "wide",
    )
    qtbot.waitUntil(lambda: panel.model.columnCount() == 33)
    before = panel.table.columnWidth(31)
    looked_at = set()
    text = panel.model.text
    monkeypatch.setattr(panel.model, "text", lambda s, c: looked_at.add((s, c)) or text(s, c))
    context.session.set_theta(np.full(30, 123456.789), "far")
    qtbot.waitUntil(lambda: panel.table.columnWidth(31) > before)
    assert not {(s, c) for s, c in looked_at if s >= 100}  # out of sight, but once measured


def test_the_total_of_a_mean_is_the_mean(panel, context, qtbot):
    context.session.edit_problem("mean", reduction="mean")
    qtbot.waitUntil(lambda: panel.total.text() == "0.25")
    assert panel.total_label.text() == "E/S = Σ eˢ / S"


def test_the_rows_of_a_parent_are_none(panel):
    child = panel.model.index(0, 0)
    assert panel.model.rowCount(child) == panel.model.columnCount(child) == 0
    assert panel.model.rowCount(QModelIndex()) == 4


def test_every_control_has_a_name_and_a_tooltip(panel):
    for widget in (panel.symbols_button, panel.add_button, panel.open_button, panel.more_button):
        assert widget.accessibleName()
        assert widget.toolTip()
    assert panel.table.accessibleName()


def test_the_lectures_formulas_fit_into_the_windows_left_column(panel, qtbot):
    panel.resize(390, 340)
    panel.symbols_button.click()
    assert not panel.table.horizontalScrollBar().isVisible()
    assert panel.table.cells.symbol_size < 1.0
    panel.resize(700, 340)
    qtbot.waitUntil(lambda: panel.table.cells.symbol_size == 1.0)


def widths_of(table):
    header = table.horizontalHeader()
    return [header.sectionSize(column) for column in range(header.count())]


def test_a_step_paints_only_what_is_computed(qtbot, context, panel):
    context.session.edit_problem("Many", data=Blobs(samples=200).generate())
    table, painted = panel.table, []

    class Watch(QObject):
        def eventFilter(self, watched, event):
            if isinstance(event, QPaintEvent):
                painted.append(event.region().boundingRect())
            return False

    watch = Watch()
    qtbot.wait(50)
    table.viewport().installEventFilter(watch)
    for row in (0, 100, 199):  # the last one is in sight only then
        table.scrollTo(panel.model.index(row, 0))
        widths = None
        while widths != widths_of(table):  # columns that grow are painted whole
            widths = widths_of(table)
            qtbot.wait(50)
            painted.clear()
            context.session.set_theta(context.session.theta + 0.1, "Weights")
            qtbot.waitUntil(lambda: bool(painted))
        first = table.columnViewportPosition(panel.model.n_cells)
        assert {area.left() for area in painted} == {first}
        assert painted[-1].right() >= first + table.columnWidth(panel.model.n_cells)
    data = context.session.experiment.problem.data
    painted.clear()
    context.session.edit_problem("Move", data=data.with_sample(199, data.x[199] + 1.0, data.y[199]))
    qtbot.waitUntil(lambda: any(area.left() == 0 for area in painted))


def test_a_cell_that_another_field_takes_away_as_it_loses_the_focus_is_not_typed_into(
    panel, context, qtbot
):
    field = QLineEdit(panel)
    field.show()
    data = data_of(context)
    fewer = Dataset(data.x[:2, :1], data.y[:2])
    one_input = Problem(fewer, Network((1, 1), (IDENTITY,), (False,)))
    field.editingFinished.connect(lambda: panel.model.show_state(one_input, np.zeros(1)))
    for cell in ((1, 2), (3, 0)):
        panel.model.show_state(context.session.experiment.problem, np.zeros(2))
        field.setFocus()
        qtbot.keyClicks(field, "7")
        panel.table.edit_cell(*cell)
        assert panel.model.rowCount() == 2
        assert panel.table.state() == panel.table.State.NoState
    panel.table.edit_cell(1, 0)
    assert panel.table.state() == panel.table.State.EditingState
