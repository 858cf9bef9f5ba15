"""The loss panel: the curves of a run, and seeking in them."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRectF, Qt
from pytestqt.qtbot import QtBot

from mlpsim.core.activations import IDENTITY, TANH
from mlpsim.core.dataset import Dataset
from mlpsim.core.experiment import Experiment, lecture_experiment
from mlpsim.core.generators import Blobs
from mlpsim.core.losses import SOFTMAX_CE_LOGITS as SOFTMAX
from mlpsim.core.network import Network
from mlpsim.core.optimizers import GradientDescent
from mlpsim.core.problem import Penalty, Problem
from mlpsim.core.sampling import Sampling
from mlpsim.core.starts import Given, GlorotUniform
from mlpsim.core.training import Burst, Checkpoint
from mlpsim.views import labels
from mlpsim.views.items.loss_axes import LossAxes
from mlpsim.views.items.loss_paint import LossPicture
from mlpsim.views.panels.loss import LossPanel
from mlpsim.views.throttle import flush
from tests.views.panel_stage import Stage

LEFT = Qt.MouseButton.LeftButton
Open = Callable[..., Stage[LossPanel]]


@pytest.fixture
def opened(opened: Open) -> Open:
    return partial(opened, LossPanel)


def picture_of(stage: Stage[LossPanel]) -> LossPicture:
    flush(stage.panel)
    picture = stage.panel.curve.picture
    assert picture is not None
    return picture


def parabola(rate: float) -> Experiment:
    """J(w) = w² from w = 1: gradient descent multiplies w by 1 − 2·rate."""
    data = Dataset(np.array([[1.0]]), np.array([[0.0]]))
    problem = Problem(data, Network((1, 1), (IDENTITY,), (False,)))
    return Experiment(problem, GradientDescent(rate), start=Given((1.0,)))


def test_the_curve_is_the_objective_of_every_step(opened: Open):
    picture = picture_of(opened(parabola(0.25), steps=20))
    assert picture.x.tolist() == list(range(21))
    assert picture.mean == pytest.approx(0.25 ** np.arange(21))
    assert picture.scale.log
    assert picture.cursor == (20.0, 0.25**20)
    assert picture.errors[0].name == "e¹"


def test_a_sample_that_was_selected_before_the_panel_was_made_stands_out(opened: Open):
    stage = opened(lecture_experiment(), steps=3)
    stage.session.selection.select_sample(2)
    later = LossPanel(stage.context)
    later.curve.resize(300, 200)
    assert later.curve.lit == 2
    later.deleteLater()


def test_at_the_start_it_says_that_no_step_was_taken(opened: Open):
    stage = opened(lecture_experiment())
    assert picture_of(stage).cursor == (0.0, 1.0)
    assert stage.panel.curve.message == "No step has been taken yet."


def test_every_sample_error_of_the_lecture_is_drawn_until_switched_off(opened: Open):
    stage = opened(lecture_experiment(), steps=5)
    picture, run = picture_of(stage), stage.session.run
    assert [line.name for line in picture.errors] == ["e¹", "e²", "e³", "e⁴"]
    fourth = [stage.session.experiment.problem.errors(run.theta(k))[3] for k in range(6)]
    assert picture.errors[3].y == pytest.approx(fourth)
    stage.panel.errors.setChecked(False)
    assert picture_of(stage).errors == ()


def test_a_penalty_makes_it_j(opened: Open):
    experiment = lecture_experiment()
    problem = replace(experiment.problem, penalty=Penalty(l2=0.1))
    picture = picture_of(opened(replace(experiment, problem=problem), steps=3))
    assert picture.symbol == "J"
    assert picture.y_label.startswith("J = E + R")


def test_a_click_seeks_and_a_drag_scrubs(opened: Open, qtbot: QtBot):
    stage = opened(lecture_experiment(), steps=200)
    curve = stage.panel.curve
    plot = curve.plot()
    at = QPoint(round(plot.left() + 0.25 * plot.width()), round(plot.center().y()))
    qtbot.mousePress(curve, LEFT, pos=at)
    assert stage.session.cursor == pytest.approx(50, abs=1)
    qtbot.mouseMove(curve, QPoint(round(plot.left() + 0.75 * plot.width()), at.y()))
    qtbot.mouseMove(curve, QPoint(round(plot.right() + 40), at.y()))
    assert stage.session.cursor == 200
    qtbot.mouseRelease(curve, LEFT, pos=at)
    qtbot.keyClick(curve, Qt.Key.Key_PageUp)
    assert stage.session.cursor == 180
    flush(stage.panel)
    assert "step 180 / 200" in curve.accessibleDescription()


def test_epochs_are_counted_where_asked(opened: Open):
    experiment = replace(lecture_experiment(), sampling=Sampling(batch_size=1))
    stage = opened(experiment, steps=40)
    stage.panel.epochs.setChecked(True)
    picture = picture_of(stage)
    assert picture.end == 10.0
    assert picture.x_label == "epoch"
    stage.panel.curve.sought.emit(2.5)
    assert stage.session.cursor == 10


def test_the_scale_follows_the_choice_once_made(opened: Open):
    stage = opened(parabola(0.25), steps=20)
    assert stage.panel.log.isChecked()
    stage.panel.log.click()
    assert not picture_of(stage).scale.log
    stage.advance(5)
    assert not picture_of(stage).scale.log


def test_a_fork_is_marked_and_what_is_replaced_is_gone(opened: Open):
    stage = opened(lecture_experiment(), steps=30)
    stage.session.seek(10)
    stage.session.edit(
        replace(stage.session.experiment, optimizer=GradientDescent(0.5)), "Learning rate"
    )
    stage.advance(5)
    picture = picture_of(stage)
    assert picture.marks == (10.0,)
    assert picture.x[-1] == 15


def test_divergence_is_told_and_nothing_infinite_is_drawn(opened: Open):
    stage = opened(parabola(3.0), steps=5000)
    picture = picture_of(stage)
    assert stage.session.run.diverged_at is not None
    assert picture.diverged == f"diverged at step {stage.session.run.diverged_at}"
    assert np.isfinite(picture.scale.share(picture.mean)).all()
    stage.panel.grab()
    stage.panel.log.click()
    picture_of(stage)
    stage.panel.grab()


def test_a_run_without_a_finite_value_says_so(opened: Open):
    experiment = replace(parabola(0.1), start=Given((1e300,)))
    stage = opened(experiment)
    flush(stage.panel)
    assert stage.panel.curve.picture is None
    assert "not finite" in stage.panel.curve.message
    stage.panel.grab()


def test_tiny_values_keep_their_digits(opened: Open):
    picture = picture_of(opened(parabola(0.495), steps=40))
    assert picture.scale.log
    assert picture.mean[-1] == pytest.approx(0.01**80, rel=1e-9)
    assert np.isfinite(picture.scale.share(picture.mean)).all()


def test_a_million_steps_are_drawn_with_as_many_points_as_there_are_pixels(opened: Open):
    stage = opened(lecture_experiment())
    run, n = stage.session.run, 1_000_000
    random = np.random.default_rng(0)
    values = np.exp(-np.linspace(0.0, 9.0, n)) * (1.0 + 0.2 * random.normal(size=n) ** 2)
    run.extend(
        Burst(
            run.tip, np.zeros((n, 2)), values, (), run.tip, Checkpoint(n, np.zeros(2), (), n), None
        )
    )
    stage.session.seek(n // 2)
    picture = picture_of(stage)
    assert len(picture.x) <= stage.panel.curve.columns
    assert picture.hi.max() == pytest.approx(run.values(0, n).max())


def test_values_that_were_not_recorded_are_never_drawn(opened: Open):
    stage = opened(lecture_experiment())
    run = stage.session.run
    values = np.full(50, np.nan)
    values[9::10] = [0.5, 0.4, 0.3, 0.2, 0.1]
    run.extend(
        Burst(
            run.tip,
            np.zeros((50, 2)),
            values,
            (),
            run.tip,
            Checkpoint(50, np.zeros(2), (), 50),
            None,
        )
    )
    picture = picture_of(stage)
    assert picture.x.tolist() == [0, 10, 20, 30, 40, 50]
    assert np.isfinite(picture.mean).all()
    stage.panel.grab()


def test_recorded_values_are_joined_and_it_is_said_how_far_apart_they_are(opened: Open):
    data = Blobs(samples=1_200, classes=3).generate()
    problem = Problem(data, Network((2, 8, 3), (TANH, IDENTITY), (True, True)), SOFTMAX, "mean")
    experiment = Experiment(problem, sampling=Sampling(100), start=GlorotUniform())
    stage = opened(experiment, steps=80)
    picture = picture_of(stage)
    assert picture.x.tolist() == list(range(0, 81, 16))  # one in about 5 · 1200 / (10 + 3 · 100)
    assert picture.x_label == "step (E/S every 16 steps)"
    axes = LossAxes(QRectF(0.0, 0.0, 300.0, 100.0), picture.end, picture.scale)
    assert [len(line) for line in axes.polylines(picture.x, picture.mean)] == [6]
    said = stage.panel.curve.read(33.0)
    assert said.endswith(
        f"E/S = {labels.number(float(problem.value(stage.session.run.theta(33))))}"
    )


def test_the_curve_waits_for_what_is_dragged(opened: Open, qtbot: QtBot) -> None:
    stage = opened(lecture_experiment())
    shown, session = list[object](), stage.session
    set_picture = stage.panel.curve.set_picture
    stage.panel.curve.set_picture = lambda *given: (shown.append(given), set_picture(*given))
    for _ in range(20):
        session.set_theta(session.theta + 0.01, "Weight", merge="weight")
    assert len(shown) <= 1
    value = session.run.value(0)
    qtbot.waitUntil(lambda: stage.panel.curve.picture.cursor[1] == value)
    assert len(shown) <= 2
