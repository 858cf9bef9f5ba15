"""The audit panel: the lecture's step on sample 4, sums, the batch, and brushing."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from itertools import pairwise
from math import exp

import numpy as np
import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from mlpsim.core.activations import IDENTITY
from mlpsim.core.dataset import Dataset
from mlpsim.core.experiment import Experiment, lecture_experiment
from mlpsim.core.network import Network
from mlpsim.core.optimizers import GradientDescent
from mlpsim.core.problem import Penalty, Problem
from mlpsim.core.sampling import Sampling
from mlpsim.core.starts import Given
from mlpsim.views.labels.audit_words import audit_sentence, totals
from mlpsim.views.panels.audit import NOTHING_YET, AuditPanel
from tests.runs import trained
from tests.views.panel_stage import Stage

Open = Callable[..., Stage[AuditPanel]]


@pytest.fixture
def opened(opened: Open) -> Open:
    return partial(opened, AuditPanel)


def on(*samples: int, **changes: object) -> Experiment:
    sampling = Sampling(order="given", batches=(samples,))
    experiment = lecture_experiment()
    problem = replace(experiment.problem, **changes)
    return replace(experiment, problem=problem, sampling=sampling)


def sentence(experiment: Experiment) -> str:
    run = trained(experiment, 1)
    return audit_sentence(run.record(1))


def test_sgd_on_sample_4_lowers_its_error_and_raises_the_sum(opened: Open, qtbot: QtBot):
    stage = opened(on(3), steps=1, size=(620, 360))
    panel = stage.panel
    qtbot.waitUntil(lambda: not panel.model.is_narrow)
    assert panel.sentence.text() == (
        "Step 1 on sample 4 lowers e⁴ from 0.25 to 0.1065 and raises E from 1 to 1.0344."
    )
    shown = [[panel.model.index(s, c).data() for c in range(4)] for s in range(4)]
    assert [row[0] for row in shown] == ["e¹", "e²", "e³", "e⁴  batch"]
    # z = −0.05·x1 + 0.125·x2: σ(−0.225), σ(−0.15), σ(0.3), σ(−0.725)
    y_hat = [1 / (1 + exp(-z)) for z in (-0.225, -0.15, 0.3, -0.725)]
    after = [(1 - y_hat[0]) ** 2, (1 - y_hat[1]) ** 2, y_hat[2] ** 2, y_hat[3] ** 2]
    assert [row[2] for row in shown] == [f"{e:.5f}".rstrip("0") for e in after]
    assert shown[3][3] == "−0.1435"
    assert panel.totals.texts == (("Σ eˢ = E", "1", "1.0344", "+0.03443"),)


def test_seed_0_of_the_lectures_sgd_begins_with_the_sample_that_it_says():
    experiment = replace(lecture_experiment(), sampling=Sampling(batch_size=1, seed=0))
    first = int(experiment.sampling.batch(4, 0, 0)[0])
    assert sentence(experiment).startswith(f"Step 1 on sample {first + 1} lowers")


def test_a_batch_and_all_samples_are_named():
    assert sentence(on(0, 3)) == (
        "Step 1 on samples 1, 4 lowers e¹ + e⁴ from 0.5 to 0.3397 and lowers E from 1 to 0.7347."
    )
    assert sentence(lecture_experiment()) == "Step 1 on all 4 samples lowers E from 1 to 0.4339."


def test_errors_that_rise_while_the_sum_falls_are_named():
    data = Dataset(np.array([[1.0], [1.0], [1.0]]), np.array([[1.0], [1.0], [-0.5]]))
    problem = Problem(data, Network((1, 1), (IDENTITY,), (False,)))
    experiment = Experiment(problem, GradientDescent(0.1), start=Given((0.0,)))
    # w: 0 → 0.3; e: 1, 1, 0.25 → 0.49, 0.49, 0.64
    assert sentence(experiment) == ("Step 1 on all 3 samples lowers E from 2.25 to 1.62; e³ rises.")


def test_three_errors_that_rise_are_listed():
    x, y = np.array([[1.0], [0.1], [0.1], [0.1]]), np.array([[1.0], [0.0], [0.0], [0.0]])
    problem = Problem(Dataset(x, y), Network((1, 1), (IDENTITY,), (False,)))
    experiment = Experiment(problem, GradientDescent(0.1), start=Given((0.0,)))
    assert sentence(experiment).endswith("; e², e³ and e⁴ rise.")


@pytest.mark.parametrize("y", [0.0217742, 1.2345e152])
def test_errors_are_not_cut_in_a_narrow_panel(opened: Open, qtbot: QtBot, y: float):
    data = Dataset(np.array([[1.0], [1.0]]), np.array([[1.0], [y]]))
    problem = Problem(data, Network((1, 1), (IDENTITY,), (False,)))
    experiment = Experiment(problem, GradientDescent(1e-6), start=Given((0.0,)))
    stage = opened(experiment, steps=1, size=(385, 300))
    panel = stage.panel
    qtbot.waitUntil(lambda: panel.model.is_narrow)
    for column in (1, 2, 3):
        assert is_whole(panel, panel.model.index(1, column))  # 0.000474…, 1.5·10³⁰⁴


def test_a_step_of_length_0_leaves_everything():
    experiment = replace(on(3), optimizer=GradientDescent(0.0))
    assert sentence(experiment) == "Step 1 on sample 4 leaves e⁴ at 0.25 and leaves E at 1."


def test_a_change_within_rounding_is_called_so():
    data = Dataset(np.array([[1.0], [1.0]]), np.array([[1.0], [0.0]]))
    problem = Problem(data, Network((1, 1), (IDENTITY,), (False,)))
    start = Given((0.5 + 1e-8,))  # E = ½ + 2·(w − ½)², so that a step of half the way lowers it
    experiment = Experiment(problem, GradientDescent(0.125), start=start)
    run = trained(experiment, 1)
    assert 0.0 < run.value(0) - run.value(1) < 3e-16
    assert audit_sentence(run.record(1)) == (
        "Step 1 on all 2 samples leaves E at 0.5 but for rounding; e¹ rises."
    )


def test_the_first_step_is_written_as_the_next_ones_are(opened: Open, qtbot: QtBot):
    stage = opened(on(3), size=(370, 300))
    assert stage.panel.table.isHidden()
    stage.advance(1)
    qtbot.waitUntil(lambda: stage.panel.model.rowCount() == 4)
    assert stage.panel.model.is_narrow


def is_whole(panel: AuditPanel, cell: QModelIndex) -> bool:
    """Whether a cell of the table shows its text without an ellipsis."""
    return panel.table.sizeHintForIndex(cell).width() <= panel.table.columnWidth(cell.column())


def test_in_a_narrow_panel_no_text_of_the_table_is_cut(opened: Open, qtbot: QtBot):
    stage = opened(on(3), steps=3000, size=(370, 300))
    panel = stage.panel

    def is_narrow() -> bool:
        return panel.model.is_narrow

    qtbot.waitUntil(is_narrow)
    for row in range(4):
        for column in range(1, 4):
            assert is_whole(panel, panel.model.index(row, column))
    panel.resize(620, 300)
    qtbot.waitUntil(lambda: not is_narrow())


def test_on_half_a_small_screen_no_number_is_cut(opened: Open, qtbot: QtBot):
    x = np.linspace(-1.0, 1.0, 120)[:, None]
    problem = Problem(Dataset(x, x + 0.02), Network((1, 1), (IDENTITY,), (True,)))
    experiment = Experiment(problem, GradientDescent(1e-4), start=Given((0.9, 0.02)))
    stage = opened(experiment, steps=1, size=(303, 300))
    panel = stage.panel
    qtbot.waitUntil(lambda: panel.model.is_narrow)
    cells = [panel.model.index(row, column) for row in range(120) for column in range(4)]
    assert any(len(cell.data()) == len("0.00045") for cell in cells)
    assert [cell.data() for cell in cells if not is_whole(panel, cell)] == []


def test_the_batch_is_named_unless_it_is_all_samples(opened: Open, qtbot: QtBot):
    panel = opened(lecture_experiment(), steps=1, size=(620, 360)).panel
    qtbot.waitUntil(lambda: not panel.model.is_narrow)
    assert [panel.model.index(s, 0).data() for s in range(4)] == ["e¹", "e²", "e³", "e⁴"]
    assert all(panel.model.is_marked(s) for s in range(4))


def test_in_larger_type_no_number_is_cut(opened: Open, qtbot: QtBot):
    stage = opened(on(3), steps=1, size=(384, 300))
    stage.appearance.scale_type(3)
    panel = stage.panel
    qtbot.waitUntil(lambda: panel.model.index(0, 3).data() == "+0.059")
    cells = [panel.model.index(row, column) for row in range(4) for column in range(4)]
    assert all(is_whole(panel, cell) for cell in cells)


def test_beside_a_scroll_bar_no_small_change_is_cut_and_no_totals_touch(opened: Open, qtbot: QtBot):
    lecture = lecture_experiment()
    data = lecture.problem.data
    many = Dataset(np.tile(data.x, (3000, 1)), np.tile(data.y, (3000, 1)))
    problem = replace(lecture.problem, data=many, reduction="mean")
    small = replace(lecture, problem=problem, optimizer=GradientDescent(1e-3))
    stage = opened(small, steps=2, size=(358, 300))
    panel, record = stage.panel, stage.session.record
    qtbot.waitUntil(lambda: panel.model.is_narrow)
    for row in (0, 1, 2, 3, 11_999):
        assert 0.0 < abs(record.errors_after[row] - record.errors_before[row]) < 0.01
        assert is_whole(panel, panel.model.index(row, 0))
        assert is_whole(panel, panel.model.index(row, 3))
    metrics = panel.totals.fontMetrics()
    cells = iter(panel.totals.findChildren(QLabel))
    for row in zip(*[cells] * 4, strict=True):
        for left, right in pairwise(row):
            assert right.geometry().right() - metrics.horizontalAdvance(right.text()) > left.x() + (
                left.width() if left is not row[0] else metrics.horizontalAdvance(left.text())
            )


def test_numbers_that_differ_late_are_told_apart():
    experiment = replace(on(3), optimizer=GradientDescent(1e-6))
    # ‖∇e⁴‖² = 1.8125
    assert "lowers e⁴ from 0.25 to 0.249998" in sentence(experiment)


def test_a_penalty_and_a_mean_have_lines_of_their_own():
    run = trained(on(3, penalty=Penalty(l2=2.0), reduction="mean"), 1)
    record = run.record(1)
    lines = {line.name: line for line in totals(record)}
    assert list(lines) == ["Σ eˢ = E", "E/S", "R", "J = E/S + R"]
    # g = ∇e⁴/4 = (0.125, −0.3125), so w = (−0.0125, 0.03125) and R = ‖w‖²
    assert lines["R"].after == pytest.approx(0.0125**2 + 0.03125**2)
    assert lines["E/S"].before == pytest.approx(0.25)
    after = lines["E/S"].after + lines["R"].after
    assert lines["J = E/S + R"].after == pytest.approx(after)
    assert "J from 0.25" in audit_sentence(record)


def test_at_the_start_there_is_nothing_to_audit(opened: Open):
    panel = opened(lecture_experiment()).panel
    assert panel.sentence.text() == NOTHING_YET
    assert not panel.table.isVisible()
    assert panel.totals.texts == ()


def test_a_row_selects_the_sample_and_a_sample_the_row(opened: Open, qtbot: QtBot):
    stage = opened(on(3), steps=1)
    table = stage.panel.table
    place = table.visualRect(stage.panel.model.index(2, 1)).center()
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert stage.session.selection.sample == 2
    stage.session.selection.select_sample(1)
    assert table.currentIndex().row() == 1
    stage.session.selection.select_sample(None)
    assert not table.selectionModel().hasSelection()


def test_weights_set_by_hand_are_told_from_the_step(opened: Open, qtbot: QtBot):
    stage = opened(on(3), steps=1)
    assert not stage.panel.note.isVisible()
    stage.session.set_theta(np.array([1.0, 1.0]), "Set w")
    qtbot.waitUntil(stage.panel.note.isVisible)
    assert stage.panel.totals.texts[0][2] == "1.0344"


def test_an_edit_of_the_problem_after_the_step_is_told(opened: Open, qtbot: QtBot):
    stage = opened(on(3), steps=1)
    stage.session.edit_problem("Mean", reduction="mean")
    qtbot.waitUntil(stage.panel.note.isVisible)
    assert stage.panel.note.text().startswith("The problem was edited after this step")
    stage.session.seek(0)
    qtbot.waitUntil(lambda: not stage.panel.note.isVisible())
