"""The plane's bar: what it says of the slice, and what it asks for."""

from dataclasses import replace
from math import nan
from typing import Any

import numpy as np
import pytest

from mlpsim.core.activations import IDENTITY, TANH
from mlpsim.core.dataset import Dataset
from mlpsim.core.experiment import Experiment, lecture_experiment
from mlpsim.core.files.presets import find_preset, load_presets
from mlpsim.core.network import Network
from mlpsim.core.problem import Problem
from mlpsim.core.starts import Given
from mlpsim.views import labels
from mlpsim.views.labels.plane_words import PlaneFigures, slice_sentence
from mlpsim.views.panels.surface import SurfacePanel
from mlpsim.views.throttle import flush
from tests.views.panel_stage import Stage

KNOWN = PlaneFigures("E", 0.5, 0.071, 0.0734, False, nan, nan, 3, False, False)


@pytest.fixture
def staged(opened: Any) -> Any:
    def make(name: str, steps: int) -> Stage[SurfacePanel]:
        experiment = find_preset(name, load_presets()).variant().experiment
        return opened(SurfacePanel, experiment, size=(700, 700), steps=steps)

    return make


def test_both_values_and_the_distance_are_said() -> None:
    both = "E = 0.071 at the state, 0.0734 at its projection · 0.5 off the plane"
    assert slice_sentence(KNOWN) == both
    assert "about 0.0734 at" in slice_sentence(replace(KNOWN, about=True))
    on_it = replace(KNOWN, distance=0.0, explained=0.973, is_left=True, pull=0.025)
    assert slice_sentence(on_it) == (
        "state on the plane: E = 0.071 · 97.3 % of the path’s variance · laid at step 3"
        " · 2.5 % of ‖∇E‖ in it"
    )


@pytest.mark.parametrize("weight", [0.0, 1.0])  # along the only one lies every direction
def test_a_flat_map_of_weights_that_are_0_is_told_beside_it(opened: Any, weight: float) -> None:
    network = Network((1, 1, 1, 1), (TANH, TANH, IDENTITY), (False,) * 3)
    problem = Problem(Dataset([[1.0], [2.0]], [[0.5], [-0.5]]), network)
    experiment = Experiment(problem, start=Given((weight, 0.0, 0.0)))
    stage = opened(SurfacePanel, experiment, size=(700, 700))
    row = stage.panel.plane_row
    row.planes.chosen.emit("random")
    flush(stage.panel)
    assert "so many weights are 0 that the directions span no plane" in row.sentence
    stage.session.set_theta(np.array([1.0, 2.0, 3.0]), "No weight")
    row.planes.chosen.emit("random")
    flush(stage.panel)
    assert "span no plane" not in row.sentence


@pytest.mark.parametrize("name", ["spiral", "sine", "xor-symmetry"])
def test_the_values_said_are_those_of_the_state_and_of_its_projection(
    staged: Any, name: str
) -> None:
    stage = staged(name, 40)
    row, landscape, session = stage.panel.plane_row, stage.landscape, stage.session
    row.planes.chosen.emit("pca")
    problem, theta = session.experiment.problem, session.theta
    path = session.run.recorded(0, 40)[1]
    mean = path.mean(axis=0)
    basis = np.linalg.svd(path - mean, full_matrices=False)[2][:2].T
    below = mean + basis @ (basis.T @ (theta - mean))
    # Read from the field itself: the sentence on screen may be cut.
    assert f"= {labels.number(float(problem.value(theta)))} at the state" in row.sentence
    assert f"{labels.number(float(problem.value(below)))} at its projection" in row.sentence
    assert f"{labels.number(float(np.linalg.norm(theta - below)), 3)} off" in row.sentence
    assert landscape.plane.kind == "pca"


def test_the_share_of_the_variance_is_that_of_the_singular_values(staged: Any) -> None:
    stage = staged("sine", 60)
    stage.panel.plane_row.planes.chosen.emit("pca")
    path = stage.session.run.recorded(0, 60)[1]
    squares = np.linalg.svd(path - path.mean(axis=0), compute_uv=False) ** 2
    share = labels.percent(float(squares[:2].sum() / squares.sum()))
    assert f"{share} of the path’s variance" in stage.panel.plane_row.sentence


def test_a_seed_is_typed_or_is_the_next_one(staged: Any) -> None:
    stage = staged("xor-symmetry", 5)
    row, landscape = stage.panel.plane_row, stage.landscape
    row.planes.chosen.emit("random")
    assert (landscape.aim.seed, row.seed.isVisible(), row.pick.isVisible()) == (0, True, False)
    row.seed.setText("41")
    row.seed.commit()
    assert landscape.aim.seed == 41
    before = landscape.plane
    row.dice.click()
    assert (landscape.aim.seed, row.seed.text()) == (42, "42")
    assert not np.array_equal(before.u, landscape.plane.u)


def test_centre_and_moves_are_chosen_and_shown(staged: Any) -> None:
    stage = staged("xor-symmetry", 30)
    row, landscape = stage.panel.plane_row, stage.landscape
    row.centre.chosen.emit("start")
    assert landscape.aim.centre == row.centre.value == "start"
    row.follow.chosen.emit("run")
    assert landscape.aim.follow == row.follow.value == "run"
    row.planes.chosen.emit("pca")
    assert (row.centre.value, row.follow.value) == ("mean", "off")
    stage.session.restart()
    row.centre.chosen.emit("state")
    assert landscape.aim.centre == row.centre.value


def test_of_a_plane_that_has_no_path_left_nothing_is_asked_twice(staged: Any) -> None:
    stage = staged("xor-symmetry", 30)
    row = stage.panel.plane_row
    row.planes.chosen.emit("pca")
    stage.session.restart()
    said: list[str] = []
    stage.session.said.connect(said.append)
    row.centre.chosen.emit("start")
    assert row.centre.value == "mean"
    assert "a path of two or more weights that has moved" in said[-1]


def test_of_weights_too_large_for_other_directions_the_old_ones_stay(staged: Any) -> None:
    stage = staged("xor-symmetry", 5)
    row, landscape = stage.panel.plane_row, stage.landscape
    row.planes.chosen.emit("random")
    stage.session.set_theta(np.full(len(stage.session.theta), 1e200), "Far")
    before, said = landscape.plane, list[str]()
    stage.session.said.connect(said.append)
    row.dice.click()
    assert said == ["The weights are too large for random directions of their size."]
    assert (landscape.plane, landscape.aim.seed, row.seed.text()) == (before, 0, "0")


def test_two_weights_have_no_row(opened: Any) -> None:
    stage = opened(SurfacePanel, lecture_experiment(), size=(700, 700), steps=5)
    assert not stage.panel.plane_row.isVisible()
    assert stage.panel.plane_row.sentence == ""
