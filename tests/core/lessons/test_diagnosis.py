"""Why the lecture's runs stop: plateau, wall, divergence, or nothing."""

from dataclasses import replace

import numpy as np
import pytest

from mlpsim.core.activations import IDENTITY, SIGMOID, TANH
from mlpsim.core.arrays import Array
from mlpsim.core.dataset import Dataset
from mlpsim.core.edits import edited
from mlpsim.core.experiment import Experiment, lecture_experiment
from mlpsim.core.feasible import Box
from mlpsim.core.lessons.diagnosis import diagnose, sample_slopes
from mlpsim.core.lessons.gradient_check import GradientCheckQuestion
from mlpsim.core.network import Network
from mlpsim.core.optimizers import GradientDescent
from mlpsim.core.problem import Problem
from mlpsim.core.starts import Given
from mlpsim.core.training import advance
from tests.experiments import parabola
from tests.runs import trained


def lecture(*start: float, rate: float = 0.1) -> Experiment:
    return replace(lecture_experiment(), start=Given(tuple(start)), optimizer=GradientDescent(rate))


def test_5_5_is_saturated_and_not_optimal():
    found = diagnose(trained(lecture(5.0, 5.0), 0), 0)
    assert found.kind == "saturated"
    assert found.value == pytest.approx(3.0, abs=1e-6)
    assert found.gradient_norm == pytest.approx(1.2e-8, rel=0.05)
    assert found.held.tolist() == [0, 1, 2]
    assert found.lower == 1.0
    # σ′(z) = e^−|z| to first order, at z = −30, −20, 40, −15
    assert found.slopes == pytest.approx(np.exp([-30.0, -20.0, -40.0, -15.0]), rel=1e-5)


def test_at_0_the_run_moves():
    found = diagnose(trained(lecture(0.0, 0.0), 3), 1)
    assert (found.kind, found.held.tolist()) == ("moving", [])
    assert found.lower is not None
    assert found.slopes.shape == (4,)


def test_a_wall_stops_the_run_though_the_gradient_does_not_vanish():
    experiment = lecture(1.0, 0.7892581681)
    problem = replace(experiment.problem, feasible=Box((1.0, -4.0), (4.0, 4.0)))
    found = diagnose(trained(replace(experiment, problem=problem), 400), 400)
    assert found.kind == "boundary"
    assert found.gradient_norm > 1e-3
    # The corner (1, −4) is lower, but no state of this run and not (1, 0).
    at_zero = float(problem.value(np.array([1.0, 0.0])))
    assert found.lower == (at_zero if at_zero < found.value else None)


@pytest.mark.parametrize(("w12", "kind"), [(0.5, "boundary"), (-0.5, "saturated")])
def test_a_slow_run_on_a_wall_is_held_by_the_wall_or_by_a_flat_sigmoid(w12: float, kind: str):
    experiment = lecture(1.5, w12, rate=0.2)
    problem = replace(experiment.problem, feasible=Box((1.0, -4.0), (4.0, 4.0)))
    run = trained(replace(experiment, problem=problem), 60)
    found = diagnose(run, 60)
    assert found.kind == kind
    assert len(found.held) == 1
    # On the wall w¹₁₁ = 1 the edge takes ∂J/∂w¹₁₁, and ∂J/∂w¹₁₂ is left.
    across, along = np.abs(problem.gradient(run.theta(60)))
    assert (along < 1e-3 * across) == (kind == "boundary")


def test_the_bottom_of_a_parabola_is_stationary():
    found = diagnose(trained(parabola(1.0, 0.125), 1), 1)
    assert (found.kind, found.value, found.lower) == ("stationary", 0.0, None)


def test_a_short_step_is_slow_and_a_short_step_on_a_plateau_is_saturated():
    assert diagnose(trained(parabola(1.0, 1e-7), 1), 1).kind == "slow"
    plateau = trained(lecture(2.0, 2.0, rate=1e-3), 1)
    assert diagnose(plateau, 1).kind == "saturated"


def test_divergence_names_the_sample_and_the_factor():
    run = trained(parabola(1.0, 10.0), 400)
    assert run.diverged_at is not None
    found = diagnose(run, run.last)
    assert found.kind == "diverging"
    assert found.culprit is not None
    assert (found.culprit.sample, found.culprit.factor) == (0, "∂e/∂a")
    assert diagnose(run, 1).kind == "moving"


def test_a_deep_network_lets_through_what_its_flattest_layer_does():
    data = Dataset(np.array([[1.0], [0.0]]), np.array([[1.0], [0.0]]))
    network = Network((1, 2, 1), (TANH, SIGMOID), (False, False))
    problem = Problem(data, network)
    theta = np.array([10.0, 12.0, 0.0, 0.0])
    # Hidden: 1 − tanh²(10) for x = 1, and 1 for x = 0; output: σ′(0) = ¼
    assert sample_slopes(problem, theta) == pytest.approx([1 - np.tanh(10.0) ** 2, 0.25], rel=1e-6)
    run = trained(Experiment(problem, GradientDescent(1.0), start=Given(tuple(theta))), 1)
    assert diagnose(run, 1).slopes.shape == (2,)


def test_a_deep_networks_divergence_looks_below_the_last_layer():
    data = Dataset(np.array([[3.0]]), np.array([[1.0]]))
    problem = Problem(data, Network((1, 1, 1), (IDENTITY, IDENTITY), (False, False)))
    run = trained(Experiment(problem, GradientDescent(5.0), start=Given((1.0, 1.0))), 50)
    found = diagnose(run, run.last)
    assert found.culprit is not None
    assert found.culprit.factor in ("∂e/∂a", "a")
    assert found.culprit.size > 1.0


def test_the_gradient_agrees_with_central_differences():
    problem = lecture_experiment().problem
    for theta in ([0.0, 0.0], [5.0, 5.0], [-1.0, 0.3]):
        found = GradientCheckQuestion(problem, np.array(theta)).answer()
        assert found is not None
        assert found.agrees, found


def test_a_wrong_gradient_is_found_with_its_weight():
    class Wrong(Problem):
        def gradient(self, theta: Array) -> Array:
            return super().gradient(theta) + np.array([0.0, 1e-3])

    right = lecture_experiment().problem
    found = GradientCheckQuestion(Wrong(right.data, right.network), np.zeros(2)).answer()
    assert found is not None
    assert (found.worst, found.agrees) == (1, False)
    assert found.gradient == pytest.approx(1.001)
    assert found.difference == pytest.approx(1.0, abs=1e-8)


def test_a_check_that_nobody_wants_any_more_ends():
    assert (
        GradientCheckQuestion(lecture_experiment().problem, np.zeros(2)).answer(lambda: True)
        is None
    )


def test_states_after_an_edit_of_the_problem_are_not_compared():
    run = trained(lecture(0.0, 0.0), 5)
    experiment = run.segments[-1].experiment
    other = replace(experiment, problem=replace(experiment.problem, reduction="mean"))
    edited_run = edited(run, 3, other)
    edited_run.extend(advance(edited_run.segments[-1], edited_run.tip, 20))
    assert diagnose(edited_run, 2).lower is None
    assert diagnose(edited_run, 4).lower == edited_run.value(edited_run.last)
