"""The microscope panel: what it says of η, and η dragged on the curve."""

import re
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QFontMetricsF
from pytestqt.qtbot import QtBot

from mlpsim.app.stage import settle
from mlpsim.core.activations import IDENTITY
from mlpsim.core.dataset import Dataset
from mlpsim.core.experiment import Experiment, lecture_experiment
from mlpsim.core.feasible import Box
from mlpsim.core.lessons.microscope import ProfileQuestion
from mlpsim.core.network import Network
from mlpsim.core.optimizers import Adam, GradientDescent
from mlpsim.core.problem import Problem
from mlpsim.core.sampling import Sampling
from mlpsim.core.schedules import StepDecay
from mlpsim.core.starts import Given, Zeros
from mlpsim.views.panels.microscope import AT_REST, COMING, TOO_LARGE, MicroscopePanel
from mlpsim.views.throttle import flush
from tests.failures import out_of_memory
from tests.views.panel_stage import Stage

LEFT = Qt.MouseButton.LeftButton
ON_4 = Sampling(order="given", batches=((3,),))
Open = Callable[..., Stage[MicroscopePanel]]


@pytest.fixture
def opened(opened: Open) -> Open:
    return partial(opened, MicroscopePanel)


def rate(stage: Stage[MicroscopePanel]) -> float:
    return stage.session.experiment.optimizer.learning_rate


def test_it_says_that_the_step_on_sample_4_increases_e(opened: Open):
    panel = opened(replace(lecture_experiment(), sampling=ON_4), steps=1).panel
    assert panel.sentence.text().startswith("This η increases E: 1 → 1.0344 at η = 0.1.")
    assert panel.subtitle == "step 1: φ(η) = E(w − ηg)"


def test_no_number_under_the_plot_is_cut_at_its_edge(opened: Open):
    few = replace(lecture_experiment(), optimizer=GradientDescent(0.0005))
    stage = opened(few, steps=1)
    plot = stage.panel.plot
    picture = plot.grab().toImage()
    edge = {picture.pixel(picture.width() - 1, y) for y in range(picture.height())}
    assert len(edge) == 1


def test_a_small_change_of_a_small_error_is_seen_in_the_sentence_and_at_the_axis(opened: Open):
    stage = opened(replace(lecture_experiment(), start=Given((-2.925, 0.065))))
    first, second = re.findall(r"E: (\S+) → (\S+) at", stage.panel.sentence.text())[0]
    assert first != second
    plot = stage.panel.plot
    metrics = QFontMetricsF(plot.font())
    name = metrics.height()  # the axis's name is written upwards beside the numbers
    assert plot.x_of(0.0) > name + metrics.horizontalAdvance(first)


def test_at_the_start_it_looks_along_the_step_to_come(opened: Open):
    panel = opened(lecture_experiment()).panel
    assert panel.subtitle == "next step, 1: φ(η) = E(w − ηg)"
    assert panel.sentence.text().startswith("This η lowers E: 1 → 0.43393 at η = 0.1.")
    # 16 / 65.2087, the largest eigenvalue of Σ xxᵀ = (33, 19; 19, 54)
    assert "η is below 2/λₘₐₓ = 0.2454." in panel.sentence.text()


def test_the_least_value_is_written_below_those_that_it_lies_under(opened: Open):
    wall = replace(lecture_experiment().problem, feasible=Box((-1.0, -1.0), (1.0, 1.0)))
    experiment = Experiment(wall, GradientDescent(0.2), start=Given((-1.0, 0.0527)))
    said = opened(experiment).panel.sentence.text()
    first, second = re.findall(r"E: (\S+) → (\S+) at", said)[0]
    least = re.findall(r"Least along this step: (\S+) at", said)[0]
    assert float(least) <= float(second) < float(first)


def test_a_change_within_rounding_is_no_gain(opened: Open):
    data = Dataset(np.array([[1.0], [1.0]]), np.array([[1.0], [0.0]]))
    problem = Problem(data, Network((1, 1), (IDENTITY,), (False,)))
    start = Given((0.5 + 1e-8,))
    panel = opened(Experiment(problem, GradientDescent(0.125), start=start)).panel
    assert panel.plot.profile is not None
    assert panel.plot.profile.at_rate < panel.plot.profile.at_zero
    assert panel.sentence.text().startswith("This η leaves E at 0.5 but for rounding.")


def test_a_drag_goes_back_before_the_step_and_is_one_undoable_edit(opened: Open, qtbot: QtBot):
    stage = opened(lecture_experiment(), steps=2)
    plot = stage.panel.plot
    y = plot.height() // 2
    qtbot.mousePress(plot, LEFT, pos=QPoint(round(plot.x_of(0.05)), y))
    assert stage.session.cursor == 1
    assert rate(stage) == pytest.approx(0.05, abs=2e-3)
    qtbot.mouseMove(plot, QPoint(round(plot.x_of(0.15)), y))
    qtbot.waitUntil(lambda: rate(stage) > 0.1)
    qtbot.mouseRelease(plot, LEFT, pos=QPoint(round(plot.x_of(0.15)), y))
    assert rate(stage) == pytest.approx(0.15, abs=2e-3)
    assert not stage.session.is_dragging
    qtbot.waitUntil(lambda: stage.panel.subtitle.startswith("next step, 2"))
    stage.session.undo_stack.undo()
    assert rate(stage) == 0.1
    assert stage.session.run.last == 2


def test_arrow_keys_change_the_rate_under_a_schedule(opened: Open, qtbot: QtBot):
    experiment = replace(lecture_experiment(), schedule=StepDecay(gamma=0.5, every=1))
    stage = opened(experiment, steps=1)
    stage.panel.next_step.setChecked(True)
    flush(stage.panel)
    seen = stage.panel.plot.profile
    assert seen is not None
    assert seen.rate == 0.05
    qtbot.keyClick(stage.panel.plot, Qt.Key.Key_Right)
    assert rate(stage) == 2.0 * float(f"{0.05 + seen.end / 100:.3g}")


def test_a_schedule_that_leaves_nothing_is_told(opened: Open, qtbot: QtBot):
    stage = opened(replace(lecture_experiment(), schedule=StepDecay(gamma=0.0, every=1)), steps=1)
    stage.panel.next_step.setChecked(True)
    flush(stage.panel)
    said: list[str] = []
    stage.session.said.connect(said.append)
    qtbot.keyClick(stage.panel.plot, Qt.Key.Key_Right)
    assert said == ["The schedule leaves no learning rate to set at this step."]


def test_other_optimizers_have_a_direction_of_their_own(opened: Open):
    panel = opened(replace(lecture_experiment(), optimizer=Adam()), steps=1).panel
    assert panel.subtitle == "step 1: φ(η) = E(w − ηd)"


def test_large_problems_and_overflow_are_told(opened: Open):
    lecture = lecture_experiment()
    many = Dataset(np.ones((60_000, 10)), np.ones((60_000, 1)))
    wide = Network((10, 10, 1), (IDENTITY, IDENTITY), (False, False))
    large = replace(lecture, problem=Problem(many, wide), start=Zeros())
    assert opened(large).panel.sentence.text() == TOO_LARGE
    far = replace(lecture, start=Given((1e308, 1e308)), optimizer=GradientDescent(1e300))
    assert opened(far).panel.grab().width() > 0


def test_what_is_slow_to_draw_waits_until_the_run_rests(opened: Open, qtbot: QtBot):
    lecture = lecture_experiment()
    many = Dataset(np.ones((30_000, 2)), np.ones((30_000, 1)))
    slow = replace(lecture, problem=replace(lecture.problem, data=many, reduction="mean"))
    stage = opened(slow)
    qtbot.waitUntil(lambda: stage.panel.plot.profile is not None)
    stage.player.play()
    qtbot.waitUntil(lambda: stage.panel.sentence.text() == AT_REST)
    stage.player.pause()
    qtbot.waitUntil(lambda: stage.panel.plot.profile is not None)


@pytest.mark.usefixtures("dear")
def test_on_many_samples_another_step_is_looked_along_by_a_worker(opened: Open, qtbot: QtBot):
    stage = opened(lecture_experiment())
    panel = stage.panel
    assert panel.sentence.text() == COMING
    assert panel.subtitle == "next step, 1: φ(η) = E(w − ηg) …"
    stage.context.appraiser.stop()
    stage.context.appraiser.complete()
    qtbot.waitUntil(lambda: panel.subtitle == "next step, 1: φ(η) = E(w − ηg)")
    settle()  # the sentence that has come is of more lines
    first = panel.plot.profile
    clear, said = panel.plot.grab().toImage(), panel.sentence.grab().toImage()
    stage.advance(1)
    qtbot.waitUntil(lambda: panel.subtitle == "step 1: φ(η) = E(w − ηg) …")
    assert panel.plot.profile is first  # of the step that it is not about any more: faint
    assert panel.plot.grab().toImage() != clear
    assert panel.sentence.grab().toImage() != said
    stage.context.appraiser.complete()
    qtbot.waitUntil(lambda: panel.subtitle == "step 1: φ(η) = E(w − ηg)")
    settle()
    assert panel.plot.profile is not None
    assert panel.plot.profile.at_zero == 1.0
    assert panel.plot.grab().toImage() == clear  # step 1 is the step that was next before
    assert panel.sentence.grab().toImage() == said
    stage.advance(1)
    stage.context.appraiser.complete()
    panel.complete()  # as for a picture
    assert panel.plot.profile.at_zero == pytest.approx(0.433931, abs=5e-7)


@pytest.mark.usefixtures("dear")
def test_what_is_seen_of_a_step_cannot_be_computed_is_said(
    opened: Open, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(ProfileQuestion, "answer", out_of_memory)
    stage = opened(lecture_experiment())
    with qtbot.waitSignal(stage.session.said) as said:
        stage.context.appraiser.complete()
    assert said.args[0].startswith("The objective along this step could not be computed")


def test_on_a_plateau_the_objective_is_drawn_as_flat_as_it_is(opened: Open):
    plateau = replace(lecture_experiment(), start=Given((3.5, 3.5)))
    panel = opened(plateau).panel
    values = panel.plot.profile.values
    assert 1e-11 < np.ptp(values) < 1e-10
    assert values == pytest.approx(3.0, abs=1e-5)
    assert not panel.plot.grab().isNull()  # its axis has no room for such a range
