"""The quadratic model on the map: dashed lines, Newton's arrow, and what the legend says of it."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from mlpsim.core.activations import IDENTITY, TANH
from mlpsim.core.dataset import Dataset
from mlpsim.core.experiment import Experiment, lecture_experiment
from mlpsim.core.files.presets import find_preset, load_presets
from mlpsim.core.network import Network
from mlpsim.core.problem import Problem
from mlpsim.core.starts import GlorotUniform
from mlpsim.views.items.overlays.model import COLOUR
from mlpsim.views.panels.surface import SurfacePanel
from mlpsim.views.throttle import flush
from tests.views.panel_stage import Stage

Open = Callable[..., Stage[SurfacePanel]]


def ravine() -> Experiment:
    return find_preset("ravine", load_presets()).variant("GD").experiment


def legend(stage: Stage[SurfacePanel]) -> str:
    flush(stage.panel)
    return stage.panel.legend.accessibleDescription()


def pink(stage: Stage[SurfacePanel]) -> int:
    """How many pixels of the map have the model's colour, as a dash or an arrow gives it."""
    image = stage.panel.map.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.frombuffer(image.constBits(), np.uint32).reshape(image.height(), -1)
    return int((pixels & 0xFFFFFF == int(COLOUR.rgb()) & 0xFFFFFF).sum())


def test_the_model_lies_dashed_over_the_map_and_its_arrow_above(opened_surface: Open) -> None:
    stage = opened_surface(ravine())
    form = stage.panel.window_form
    assert pink(stage) == 0
    assert "model" not in legend(stage)
    form.model.click()
    with_step = pink(stage)
    assert with_step > 100
    assert "quadratic model, Newton’s step (minimum)" in legend(stage)
    stage.context.overlays.hide_step(True)
    assert pink(stage) == 0
    stage.context.overlays.hide_step(False)
    assert pink(stage) == with_step
    form.model.click()
    assert pink(stage) == 0
    assert "model" not in legend(stage)


def test_the_model_is_that_of_the_state_on_view(opened_surface: Open) -> None:
    stage = opened_surface(lecture_experiment(), steps=3)
    stage.panel.model.set_on(True)
    for k in (0, 2, 3):
        stage.player.seek(k)
        model = stage.panel.model.model
        assert model is not None
        assert model.place.tolist() == stage.session.theta.tolist()
        assert model.value == stage.session.experiment.problem.value(stage.session.theta)
        assert stage.panel.model.model is model


def test_an_edit_of_the_problem_gives_another_model(opened_surface: Open) -> None:
    stage = opened_surface(ravine())
    stage.panel.model.set_on(True)
    before = stage.panel.model.model
    problem = stage.session.experiment.problem
    stage.session.edit_problem("Use the mean", reduction="mean")
    after = stage.panel.model.model
    assert before is not None
    assert after is not None
    assert after.curvature == pytest.approx(before.curvature / len(problem.data))


def test_on_a_slice_newtons_step_is_that_in_the_plane(opened_surface: Open) -> None:
    rng = np.random.default_rng(3)
    data = Dataset(rng.normal(size=(9, 2)), rng.normal(size=(9, 1)))
    network = Network((2, 3, 1), (TANH, IDENTITY), (True, True))
    stage = opened_surface(Experiment(Problem(data, network), start=GlorotUniform()))
    stage.panel.window_form.model.click()
    assert "Newton’s step in the plane (" in legend(stage)


def test_the_pointer_reads_slope_and_curvature_of_the_line_towards_it(
    opened_surface: Open, qtbot: QtBot
) -> None:
    stage = opened_surface(lecture_experiment())
    panel, said = stage.panel, stage.panel.readout.text
    pixels = panel.map.frame().pixels(np.array([[-0.5, -1.2], [-0.25, -0.6]]))
    place, midway = (QPoint(*pixel) for pixel in np.round(pixels).astype(int).tolist())

    def shown_midway() -> str:
        return panel.map.grab().toImage().pixelColor(midway).name()

    qtbot.mouseMove(panel.map, place)
    qtbot.waitUntil(lambda: "E =" in said())
    assert "model" not in said()
    assert panel.pointer.text == ""
    without_line = shown_midway()
    panel.window_form.model.click()
    qtbot.mouseMove(panel.map, place - QPoint(1, 0))
    qtbot.waitUntil(lambda: "model" in said())
    # By hand: σ² has the second derivative 1/8 at 0, and the sample (x₁, x₂) the z w₁₁x₁ + w₁₂x₂.
    gradient, hessian = np.array([2.75, 1.0]), np.array([[33, 19], [19, 54]]) / 8
    d = np.array(panel.map.frame().numbers(QPointF(place - QPoint(1, 0))))
    value = 1.0 + gradient @ d + 0.5 * d @ hessian @ d
    assert float(said().rpartition("model = ")[2]) == pytest.approx(value, rel=1e-3)
    slope, curvature = gradient @ d / np.hypot(*d), d @ hessian @ d / (d @ d)
    assert panel.pointer.text == f"slope −{-slope:.4g}, curvature {curvature:.4g}"
    assert shown_midway() != without_line
    stage.context.overlays.hide_step(True)
    assert panel.pointer.text == ""
    assert shown_midway() == without_line
    stage.context.overlays.hide_step(False)
    qtbot.mouseMove(panel.map, QPoint(2, 2))
    qtbot.waitUntil(lambda: panel.pointer.text == "")
    assert shown_midway() == without_line


def test_over_one_weight_there_is_none(opened_surface: Open) -> None:
    data = Dataset([[1.0], [2.0]], [[1.0], [3.0]])
    problem = Problem(data, Network((1, 1), (IDENTITY,), (False,)))
    stage = opened_surface(replace(lecture_experiment(), problem=problem, start=GlorotUniform()))
    assert not stage.panel.window_form.model.isEnabled()
    stage.panel.model.set_on(True)
    assert stage.panel.model.model is None
    assert pink(stage) == 0
