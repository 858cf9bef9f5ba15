"""The sweep panel: from the course's assignment in two clicks to the run of a cell."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mlpsim.app import cli
from mlpsim.core.editing.splitting import held_out_by
from mlpsim.core.experiment import lecture_experiment
from mlpsim.core.files.presets import find_preset, load_presets
from mlpsim.core.held_out import Split
from mlpsim.core.studies.sweep import Axis, run_cell
from mlpsim.views.items.heat_layout import HeatLayout
from mlpsim.views.panels.sweep import SweepPanel
from mlpsim.views.throttle import flush
from mlpsim.views.widgets.combo import Combo
from tests.views.panel_stage import Stage

SIZE = (720, 780)
Open = Callable[..., Stage[SweepPanel]]


@pytest.fixture
def stage(opened: Open) -> Stage[SweepPanel]:
    return opened(SweepPanel, lecture_experiment(), size=SIZE)


def typed(qtbot: QtBot, stage: Stage[SweepPanel], row: int, text: str) -> None:
    entry = stage.panel.form.rows[row].values
    entry.clear()
    qtbot.keyClicks(entry, text)
    qtbot.keyClick(entry, Qt.Key.Key_Return)


def swept(qtbot: QtBot, stage: Stage[SweepPanel], epochs: int = 5) -> None:
    panel = stage.panel
    panel.form.set_length(epochs)
    qtbot.mouseClick(panel.run, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: panel.sweeper.errand.share is None, timeout=30_000)
    flush(panel)
    QApplication.processEvents()  # so that all have their places


def middle(stage: Stage[SweepPanel], place: tuple[int, int]) -> QPoint:
    heat = stage.panel.view.heat
    return HeatLayout(heat.map, QRectF(heat.rect()), heat.font()).tile(place).center().toPoint()


def test_the_cells_are_counted_before_they_are_run(qtbot: QtBot, stage: Stage[SweepPanel]) -> None:
    form = stage.panel.form
    assert form.cells.text() == "3 × 2 = 6 cells"
    typed(qtbot, stage, 0, "1; 0.1, 0.01 0.001")
    qtbot.keyClick(form.seeds, Qt.Key.Key_Up)
    assert form.cells.text() == "4 × 2 × 2 seeds = 16 cells"
    assert stage.panel.view.heat.isHidden()


def test_what_is_no_value_is_refused_and_stays(qtbot: QtBot, stage: Stage[SweepPanel]) -> None:
    form = stage.panel.form
    for text, reason in (
        ("0.1, fast", "η = fast: 'fast' is not a finite number."),
        ("0.1, 0.1", "The axis 'eta' names a value twice."),
        ("", "The axis 'eta' has no values."),
    ):
        typed(qtbot, stage, 0, text)
        stage.panel.run.click()
        assert form.rows[0].values.text() == text
        assert form.error.text() == reason
        assert form.cells.text() == ""
        assert stage.panel.sweeper.sweep is None
    typed(qtbot, stage, 0, "0.5")
    assert not form.error.isVisible()


def test_a_cell_opens_its_run_and_ends_at_the_same_loss(
    qtbot: QtBot, stage: Stage[SweepPanel]
) -> None:
    swept(qtbot, stage)
    stage.advance(3)
    before = stage.session.experiment
    panel = stage.panel
    qtbot.mouseClick(panel.view.heat, Qt.MouseButton.LeftButton, pos=middle(stage, (0, 1)))
    cell = next(c for c in panel.sweeper.cells if c.values == ("0.01", "1"))
    assert stage.session.experiment == cell.experiment
    qtbot.waitUntil(lambda: stage.session.cursor == cell.steps == 20)
    result = run_cell(cell)
    assert stage.session.run.value(20) == result.objective == panel.sweeper.results[2].objective
    problem = cell.experiment.problem
    assert float(problem.errors(stage.session.theta).mean()) == result.error
    assert len(panel.sweeper.results) == 6
    stage.session.undo_stack.undo()
    assert (stage.session.experiment, stage.session.cursor) == (before, 3)


def test_the_map_can_be_walked_with_the_keys(qtbot: QtBot, stage: Stage[SweepPanel]) -> None:
    swept(qtbot, stage)
    heat = stage.panel.view.heat
    heat.setFocus()
    assert stage.panel.view.words.text().startswith("η = 0.1, B = 1: training E per sample 0.0")
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Up):
        qtbot.keyClick(heat, key)
    assert heat.brushed == (1, 2)
    assert heat.accessibleDescription().startswith("η = 0.001, B = full: training E per sample 0.")
    curves = stage.panel.view.curves
    assert {curve.number for curve in curves.family.curves} & curves.lit == {5}
    qtbot.keyClick(heat, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: stage.session.cursor == 5)
    assert stage.session.run.value(5) == stage.panel.sweeper.results[5].objective


def test_the_assignment_is_two_clicks(opened: Open, qtbot: QtBot) -> None:
    blobs = find_preset("blobs-softmax", load_presets()).document(None).experiment
    stage = opened(SweepPanel, blobs, size=SIZE)
    panel = stage.panel
    panel.split.click()
    qtbot.waitUntil(panel.split.isHidden)
    assert stage.session.experiment == held_out_by(blobs, Split())[0]
    panel.course.click()
    assert panel.form.rows[0].axis() == Axis(
        "eta", ("0.1", "0.01", "0.001", "1e-4", "1e-5", "1e-6")
    )
    assert panel.form.rows[2].axis().values == ("squared_error", "softmax_ce_logits")
    swept(qtbot, stage, epochs=2)
    assert panel.sweeper.missing == ()
    assert panel.view.choice.pivot.held == (("loss", "squared_error"),)
    assert len(panel.view.heat.map.chosen) == 1
    assert "chosen on the hold-out" in panel.view.words.text()


def test_a_sweep_is_cancelled_and_goes_on(qtbot: QtBot, stage: Stage[SweepPanel]) -> None:
    panel = stage.panel
    panel.form.set_length(1000)
    panel.run.click()
    qtbot.waitUntil(lambda: len(panel.sweeper.results) > 0, timeout=30_000)
    assert not panel.run.isEnabled()
    panel.cancel.click()
    assert panel.subtitle == f"{len(panel.sweeper.results)} of 6 cells"
    assert panel.run.isEnabled()
    assert panel.run.text() == "Go on"
    before = dict(panel.sweeper.results)
    panel.run.click()
    qtbot.waitUntil(lambda: panel.sweeper.errand.share is None, timeout=30_000)
    assert sorted(panel.sweeper.results) == list(range(6))
    assert all(panel.sweeper.results[number] is kept for number, kept in before.items())


def test_results_are_saved_as_the_command_saves_them_and_opened_again(
    opened: Open, qtbot: QtBot, stage: Stage[SweepPanel], tmp_path
) -> None:
    swept(qtbot, stage)
    saved, out = tmp_path / "window.csv", tmp_path / "command.csv"
    stage.panel.save_results(saved)
    words = ["sweep", "lecture-gd-sgd-minibatch", "--grid", "eta=0.1,0.01,0.001"]
    words += ["--grid", "batch=1,full", "--epochs", "5", "--out", str(out)]
    assert cli.main(words) == 0
    assert saved.read_bytes() == out.read_bytes()
    other = opened(SweepPanel, lecture_experiment(), size=SIZE)
    other.panel.open_results(out)
    assert other.panel.sweeper.missing == ()
    assert other.panel.form.length.value == 5
    assert [row.name for row in other.panel.form.rows] == ["eta", "batch"]
    other.panel.open_results(tmp_path / "none.csv")
    assert "none.csv" in other.panel.note.text()
    assert other.panel.sweeper.missing == ()


def test_a_picture_has_a_sweep(stage: Stage[SweepPanel]) -> None:
    stage.panel.demonstrate()
    assert stage.panel.sweeper.missing == ()
    assert len(stage.panel.sweeper.cells) == 6


def choose(combo: Combo, text: str) -> None:
    combo.setCurrentIndex(combo.findText(text))
    combo.activated.emit(combo.currentIndex())


def test_an_axis_that_was_chosen_across_stays_with_the_next_sweep(
    qtbot: QtBot, stage: Stage[SweepPanel]
) -> None:
    choice = stage.panel.view.choice
    for etas in (("0.1", "0.01"), ("0.1", "0.02")):
        stage.panel.form.show_axes((Axis("eta", etas), Axis("l2", ("0", "0.1"))))
        swept(qtbot, stage)
        choose(choice.across, "L2")
        assert (choice.across.value, choice.up.value) == ("l2", "eta")


def test_curves_follow_the_loss_that_is_pointed_at(qtbot: QtBot, stage: Stage[SweepPanel]) -> None:
    stage.panel.form.show_axes(
        (Axis("loss", ("squared_error", "bce_logits")), Axis("eta", ("0.1", "0.01")))
    )
    swept(qtbot, stage)
    view = stage.panel.view
    assert (view.choice.across.value, view.choice.up.value) == ("eta", "loss")
    assert [curve.number for curve in view.curves.family.curves] == [0, 1]
    view.heat.point_at((1, 0))
    assert [curve.number for curve in view.curves.family.curves] == [2, 3]
    assert view.curves.lit == {2}
    choose(view.choice.up, "–")
    held = view.choice.held["loss"]
    assert (held.count(), held.currentText()) == (2, "squared error")  # no mean of two losses
    choose(view.choice.measure, "training accuracy")
    choose(held, "mean")
    assert [len(tile.cells) for tile in view.heat.map.tiles[0]] == [2, 2]
    choose(view.choice.measure, "training E per sample")
    assert held.currentText() == "squared error"


def test_a_curve_points_at_its_tile_and_opens_its_run(
    qtbot: QtBot, stage: Stage[SweepPanel]
) -> None:
    swept(qtbot, stage)
    view = stage.panel.view
    curve = next(curve for curve in view.curves.family.curves if curve.number == 4)
    at = QPointF(*view.curves.pixels(curve)[-1]).toPoint()
    found = view.curves.number_at(QPointF(at))
    qtbot.mouseMove(view.curves, at)
    qtbot.waitUntil(lambda: view.heat.brushed is not None)
    assert view.heat.brushed in view.heat.map.places_of(found)
    qtbot.mouseClick(view.curves, Qt.MouseButton.LeftButton, pos=at)
    cell = stage.panel.sweeper.cells[found]
    qtbot.waitUntil(lambda: stage.session.cursor == cell.steps)
    assert stage.session.experiment == cell.experiment


def test_it_is_said_that_the_data_have_changed(qtbot: QtBot, stage: Stage[SweepPanel]) -> None:
    swept(qtbot, stage)
    session = stage.session
    assert "The data have changed" not in stage.panel.note.text()
    data = session.experiment.problem.data.without([3])
    session.edit_problem("Fewer", data=data)
    qtbot.waitUntil(lambda: stage.panel.note.text().startswith("The data have changed since"))
    assert len(stage.panel.sweeper.results) == 6


def test_seeds_are_averaged_and_the_first_opens(qtbot: QtBot, stage: Stage[SweepPanel]) -> None:
    stage.panel.form.seeds.set_value(3)
    swept(qtbot, stage)
    view = stage.panel.view
    values = [stage.panel.sweeper.results[number].error for number in range(3)]
    tile = view.heat.map.tiles[0][0]
    assert tile.value == pytest.approx(sum(values) / 3.0)
    view.heat.point_at((0, 0))
    assert view.words.text().endswith("mean and standard deviation of 3 runs (the first opens)")
    assert view.curves.lit == {0, 1, 2}
    assert view.choice.held["seed"].currentText() == "mean"
    qtbot.mouseClick(view.heat, Qt.MouseButton.LeftButton, pos=middle(stage, (0, 0)))
    assert stage.session.experiment == stage.panel.sweeper.cells[0].experiment
