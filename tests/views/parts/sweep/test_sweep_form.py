"""The form of a sweep: rows of axes, what is refused, and what is kept."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from mlpsim.core.experiment import lecture_experiment
from mlpsim.core.studies.sweep import Axis, Sweep
from mlpsim.core.studies.sweep_axes import KINDS
from mlpsim.views.parts.sweep.sweep_form import SweepForm
from tests.views.controls import running


@pytest.fixture
def form(qtbot: QtBot) -> Iterator[SweepForm]:
    with running() as context:
        form = SweepForm(context.session, context.appearance)
        qtbot.addWidget(form)
        form.show()
        yield form


def choose(form: SweepForm, row: int, name: str) -> None:
    combo = form.rows[row].kind
    combo.set_value(name)
    combo.activated.emit(combo.currentIndex())


def entered(qtbot: QtBot, form: SweepForm, row: int, text: str) -> None:
    entry = form.rows[row].values
    entry.clear()
    qtbot.keyClicks(entry, text)
    qtbot.keyClick(entry, Qt.Key.Key_Return)


def test_the_grid_is_what_the_form_says(qtbot: QtBot, form: SweepForm) -> None:
    entered(qtbot, form, 0, "1e-2;0.5")
    axes = (Axis("eta", ("1e-2", "0.5")), Axis("batch", ("1", "full")))
    assert form.sweep() == Sweep(lecture_experiment(), axes, 1, 100)
    form.seeds.set_value(4)
    qtbot.mouseClick(form.unit.button("steps"), Qt.MouseButton.LeftButton)
    assert form.sweep() == Sweep(lecture_experiment(), axes, 4, 100, 100)
    assert form.cells.text() == "2 × 2 × 4 seeds = 16 cells"


def test_what_was_typed_for_a_kind_comes_back(qtbot: QtBot, form: SweepForm) -> None:
    entered(qtbot, form, 0, "0.3, 0.2")
    choose(form, 0, "l2")
    assert form.rows[0].values.text() == "0, 0.001, 0.01"
    assert form.rows[0].values.accessibleName() == "Values of L2 penalty"
    choose(form, 0, "eta")
    assert form.rows[0].values.text() == "0.3, 0.2"


def test_axes_are_added_until_there_are_no_more_and_removed(form: SweepForm) -> None:
    form.add.click()
    assert [row.name for row in form.rows] == ["eta", "batch", "loss"]
    while form.add.isEnabled():
        form.add.click()
    assert sorted(row.name for row in form.rows) == sorted(kind.name for kind in KINDS)
    while form.rows:
        form.rows[0].remove.click()
    assert form.cells.text() == "1 cell"
    assert form.sweep() == Sweep(lecture_experiment(), (), 1, 100)


def test_rows_that_do_not_go_together_say_so_and_stay(qtbot: QtBot, form: SweepForm) -> None:
    form.show_axes((Axis("momentum", ("0", "0.9")), Axis("optimizer", ("momentum", "adam"))))
    assert form.sweep() is None
    said = "μ = 0: Adam has no momentum; these have one: momentum, variable-rate, rmsprop."
    assert form.error.text() == said
    assert form.rows[0].values.refusal == form.error.text()
    assert form.rows[1].values.refusal == ""
    entered(qtbot, form, 1, "momentum")
    assert form.error.isHidden()
    assert form.cells.text() == "2 × 1 = 2 cells"


def test_too_many_cells_are_for_the_command(form: SweepForm) -> None:
    form.seeds.set_value(1000)
    assert form.sweep() is None
    assert form.error.text().startswith("6000 cells are more than the window shows (2000)")
    choose(form, 1, "eta")
    assert form.sweep() is None
    assert form.error.text() == "An axis is named twice."


def test_a_refused_number_of_seeds_runs_nothing(qtbot: QtBot, form: SweepForm) -> None:
    form.seeds.clear()
    qtbot.keyClicks(form.seeds, "many")
    qtbot.keyClick(form.seeds, Qt.Key.Key_Return)
    assert form.sweep() is None
    assert form.error.text() == form.seeds.refusal != ""
    assert form.seeds.text() == "many"
