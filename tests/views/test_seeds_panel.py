"""The seeds panel: a fan on request, what is said of it, and what it looks like on the map."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QBuffer, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPdfWriter
from pytestqt.qtbot import QtBot

from mlpsim.core.activations import SIGMOID
from mlpsim.core.dataset import Dataset
from mlpsim.core.experiment import Experiment, lecture_experiment
from mlpsim.core.network import Network
from mlpsim.core.optimizers import GradientDescent
from mlpsim.core.problem import Problem
from mlpsim.core.sampling import Sampling
from mlpsim.core.starts import Uniform, Zeros
from mlpsim.core.studies.fan import FanQuestion, NoiseBall, expectation, fan
from mlpsim.core.window import Window
from mlpsim.views.items.overlays.fan import MEAN
from mlpsim.views.items.plot_frame import PlotFrame
from mlpsim.views.labels.seed_words import (
    BALL,
    DEAR,
    NOT_RUN,
    ball_words,
    expectation_words,
    fan_words,
    growth_words,
    note_words,
)
from mlpsim.views.panels.seeds import SeedsPanel
from mlpsim.views.throttle import flush
from mlpsim.views.widgets.typesetting import typeset
from tests.views.controls import has
from tests.views.panel_stage import Stage

SGD = replace(lecture_experiment(), sampling=Sampling(1))
AREA = QRectF(0.0, 0.0, 400.0, 400.0)
Open = Callable[..., Stage[SeedsPanel]]


@pytest.fixture
def stage(opened: Open) -> Stage[SeedsPanel]:
    return opened(SeedsPanel, SGD, steps=8)


def frame_of(stage: Stage[SeedsPanel], half: float = 1.5) -> PlotFrame:
    return PlotFrame(Window(-half, half, -half, half), AREA, "", "", stage.panel.font())


def ran(qtbot: QtBot, stage: Stage[SeedsPanel], seeds: int = 12, steps: int = 30) -> None:
    panel = stage.panel
    panel.seeds.set_value(seeds)
    panel.steps.set_value(steps)
    qtbot.keyClick(panel.run, Qt.Key.Key_Space)
    assert panel.maker.errand.share is not None
    qtbot.waitUntil(
        lambda: panel.maker.errand.share is None and panel.run.isEnabled(), timeout=20_000
    )


def painted(stage: Stage[SeedsPanel], half: float = 1.5) -> QImage:
    image = QImage(400, 400, QImage.Format.Format_ARGB32)
    image.fill(QColor("black"))
    painter = QPainter(image)
    try:
        stage.panel.overlay.paint(painter, frame_of(stage, half))
    finally:
        painter.end()
    return image


def lit(image: QImage) -> int:
    return sum(image.pixelColor(x, y) != QColor("black") for x in range(400) for y in range(400))


def test_both_sides_of_the_expectation_stand_in_numbers(stage: Stage[SeedsPanel]) -> None:
    panel = stage.panel
    assert panel.note.text() == NOT_RUN
    stage.session.seek(0)
    flush(panel)
    # ∇eˢ = (0.75, 0.75), (0.5, 0.5), (1, 1), (0.5, −1.25): 5.4375/4 − 0.6875² − 0.25² = 0.9079².
    assert panel.average.text().split("\n") == [
        "mean of ∇eˢ: (0.6875, 0.25)",
        "∇E/S: (0.6875, 0.25)",
        "a single ∇eˢ is 0.9079 off (root mean square)",
    ]
    assert typeset(panel.formula.tex, "#000000", 14.0).width > 50.0
    assert panel.formula.accessibleName().endswith("∇E/S")


def test_dots_stay_on_the_line_of_the_numbers_before_them() -> None:
    problem = replace(
        lecture_experiment().problem, network=Network((2, 3, 1), (SIGMOID,) * 2, (True,) * 2)
    )
    text = expectation_words(problem.network, expectation(problem, np.full(13, 0.1)))
    assert text.count(",\u00a0…") == 2
    assert " …" not in text


def test_the_fan_is_told_at_the_step_on_view(qtbot: QtBot, stage: Stage[SeedsPanel]) -> None:
    ran(qtbot, stage)
    found = fan(FanQuestion(SGD, 12, 30))
    assert found is not None
    mean = found.thetas[:, 8].mean(axis=0)
    text = stage.panel.spread.text().replace("−", "-")
    assert text.startswith("State 8, 12 seeds: mean (")
    shown = [float(part) for part in text.split("(")[1].split(")")[0].split(", ")]
    assert shown == pytest.approx(mean, rel=1e-3)
    largest = np.sqrt(np.linalg.eigvalsh(np.cov(found.thetas[:, 8].T))[-1])
    told = float(text.split("standard deviations ")[1].split(" ")[0])
    assert told == pytest.approx(largest, rel=1e-2)
    stage.session.seek(0)
    qtbot.waitUntil(lambda: "standard deviations 0 and 0" in stage.panel.spread.text())


def test_a_picture_keeps_the_fan_that_a_person_has_asked_for(
    qtbot: QtBot, stage: Stage[SeedsPanel]
) -> None:
    ran(qtbot, stage)
    there = stage.panel.maker.fan
    stage.panel.seeds.set_value(5)
    stage.panel.demonstrate()
    assert stage.panel.maker.fan is there


def test_paths_mean_and_ellipse_are_painted(qtbot: QtBot, stage: Stage[SeedsPanel]) -> None:
    assert lit(painted(stage)) == 0
    ran(qtbot, stage)
    image = painted(stage)
    assert painted(stage) == image  # from its layer
    overlay = stage.panel.overlay
    found = stage.panel.maker.fan
    assert found is not None
    around = overlay.spread(found)
    assert around is not None
    frame = frame_of(stage)
    deviations, axes = around.axes()
    for place in (around.mean, around.mean + 2.0 * deviations[0] * axes[0]):
        x, y = (round(part) for part in frame.pixels(place).tolist())
        near = [image.pixelColor(x + i, y + j) for i in range(-2, 3) for j in range(-2, 3)]
        assert MEAN in near
    assert lit(painted(stage, 0.5)) != lit(image)
    qtbot.mouseClick(stage.panel.draws, Qt.MouseButton.LeftButton)
    assert lit(painted(stage)) == 0


def test_the_mean_path_lies_on_the_sheet(qtbot: QtBot, stage: Stage[SeedsPanel]) -> None:
    ran(qtbot, stage)
    assert has(stage.on_sheet(qtbot), MEAN)
    stage.panel.draws.setChecked(False)
    assert not has(stage.on_sheet(qtbot), MEAN)


def test_a_step_to_be_guessed_is_not_given_away(qtbot: QtBot, stage: Stage[SeedsPanel]) -> None:
    ran(qtbot, stage)
    stage.context.overlays.hide_step(True)
    assert lit(painted(stage)) == 0


def test_a_pdf_has_the_paths_as_lines(qtbot: QtBot, stage: Stage[SeedsPanel]) -> None:
    ran(qtbot, stage)
    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    painter = QPainter(writer)
    try:
        stage.panel.overlay.paint(painter, frame_of(stage))
    finally:
        painter.end()
    assert b"/Subtype /Image" not in bytes(buffer.data().data())


def test_noise_balls_are_listed_against_the_rate(qtbot: QtBot, stage: Stage[SeedsPanel]) -> None:
    panel = stage.panel
    panel.seeds.set_value(3)
    panel.steps.set_value(20)
    qtbot.mouseClick(panel.measure, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(panel.balls.text().split("\n")) == 4)
    assert [line.split(":")[0] for line in panel.balls.text().split("\n")] == [
        "η = 0.025",
        "η = 0.05",
        "η = 0.1",
        "η = 0.2",
    ]
    stage.session.edit(replace(SGD, optimizer=GradientDescent(0.3)), "rate")
    qtbot.waitUntil(lambda: panel.balls.isHidden())


def test_running_is_shown_and_can_be_cancelled(qtbot: QtBot, stage: Stage[SeedsPanel]) -> None:
    panel = stage.panel
    panel.seeds.set_value(500)
    panel.steps.set_value(100_000)
    panel.run.click()
    qtbot.waitUntil(lambda: panel.subtitle.startswith("running: ") and panel.cancel.isVisible())
    assert not panel.run.isEnabled()
    panel.cancel.click()
    qtbot.waitUntil(panel.run.isEnabled)
    assert not panel.cancel.isVisible()
    stage.player.playing_changed.emit(True)
    stage.player.playing_changed.emit(False)


def test_a_single_weight_has_no_ellipse(opened: Open) -> None:
    problem = Problem(
        Dataset([[1.0], [2.0]], [[1.0], [0.0]]), Network((1, 1), (SIGMOID,), (False,))
    )
    stage = opened(SeedsPanel, Experiment(problem, sampling=Sampling(1), start=Zeros()))
    stage.panel.seeds.set_value(3)
    stage.panel.steps.set_value(4)
    stage.panel.demonstrate()
    assert stage.panel.spread.text() == "State 0, 3 seeds."
    assert not stage.panel.draws.isEnabled()
    assert lit(painted(stage)) == 0


def test_many_gradients_are_not_averaged_while_one_watches(
    opened: Open,
) -> None:
    random = np.random.default_rng(1)
    data = Dataset(random.normal(size=(100_000, 2)), np.zeros((100_000, 1)))
    problem = Problem(data, Network((2, 1), (SIGMOID,), (True,)))
    experiment = Experiment(problem, sampling=Sampling(1), start=Zeros())
    stage = opened(SeedsPanel, experiment)
    assert stage.panel.average.text() == DEAR


def test_words_of_fans_and_balls() -> None:
    assert ball_words(NoiseBall(0.25, 0.5)) == "η = 0.25: radius 0.5"
    assert ball_words(NoiseBall(9.0, float("nan"))) == "η = 9: diverged"
    full = fan(FanQuestion(lecture_experiment(), 2, 5))
    assert full is not None
    assert "this start is not drawn: all seeds take the same path" in note_words(full, 50)
    drawn = fan(FanQuestion(replace(lecture_experiment(), start=Uniform(1.0, 3)), 2, 5))
    assert drawn is not None
    assert "differ in their start alone" in note_words(drawn, 50)
    assert "One state in 3 is kept." in note_words(replace(full, stride=3), 50)
    many = fan(FanQuestion(SGD, 60, 1))
    assert many is not None
    assert "The first 50 paths are drawn." in note_words(many, 50)
    assert "are drawn" not in note_words(many, 60)
    thetas = full.thetas.copy()
    thetas[1, 3:] = np.nan
    assert fan_words(replace(full, thetas=thetas), None, 4) == "State 4, 1 seed (1 diverged)."


def test_how_the_noise_ball_grows_is_measured_and_explained() -> None:
    balls = (NoiseBall(0.1, 0.2), NoiseBall(0.4, 0.4))
    drawn = growth_words(balls, Sampling(1, "with_replacement"))
    assert "Here it grows as η to the 0.50. With independent draws" in drawn
    assert "each sample once" in growth_words(balls, Sampling(1))
    assert growth_words(balls[:1], Sampling()) == BALL
    still = (NoiseBall(0.1, 0.0517), NoiseBall(0.2, 0.0508))
    assert growth_words(still, Sampling()) == f"{BALL} Here it does not grow with η."
