"""Observations: the words for divergence, convergence and plateaus, on states known by hand."""

from dataclasses import replace

import numpy as np
import pytest

from mlpsim.core.activations import IDENTITY, TANH
from mlpsim.core.dataset import Dataset
from mlpsim.core.edits import with_start
from mlpsim.core.experiment import Experiment, lecture_experiment
from mlpsim.core.feasible import Box
from mlpsim.core.network import Network
from mlpsim.core.optimizers import Adam, GradientDescent
from mlpsim.core.problem import Penalty, Problem
from mlpsim.core.run import Run
from mlpsim.core.schedules import Exponential
from mlpsim.core.starts import Given
from mlpsim.views.labels.observations import observation
from tests.experiments import ravine
from tests.runs import trained

LECTURE = lecture_experiment()


def test_a_divergence_is_held_against_two() -> None:
    run = trained(ravine(0.5), 1000)
    said = observation(run, run.last)
    assert said.startswith("Diverged at step 131: E or a weight is not finite. Last finite E:")
    assert said.endswith("η·λₘₐₓ = 16, above 2.")
    assert observation(run, 3) == ""


def test_a_divergence_of_unknown_curvature_is_said_without_it() -> None:
    network = Network((1, 40, 1), (TANH, IDENTITY), (True, True))
    problem = Problem(Dataset(np.ones((1, 1)), np.ones((1, 1))), network)
    start = Given((0.0,) * network.n_params)
    run = trained(Experiment(problem, GradientDescent(1e200), start=start), 9)
    assert run.diverged_at == 1
    assert observation(run, 0).endswith("Last finite E: 1.")


@pytest.mark.parametrize(
    ("change", "product"),
    [
        ({"optimizer": GradientDescent(1e300)}, "η·λₘₐₓ = 3.2·10³⁰¹, above 2."),
        ({"optimizer": GradientDescent(1e308)}, "η·λₘₐₓ = ∞, above 2."),
        (
            {"optimizer": GradientDescent(0.0), "schedule": Exponential(1e200)},
            "Last finite E: 3.62.",
        ),
    ],
)
def test_a_rate_beyond_all_numbers_is_no_reason_for_another_word(
    change: dict[str, object], product: str
) -> None:
    run = trained(replace(ravine(0.1), **change), 9)
    assert run.diverged_at is not None
    assert observation(run, run.last).endswith(product)


def test_zero_by_zero_diverges_at_its_step_and_is_nowhere_kept() -> None:
    flat = with_start(replace(LECTURE, optimizer=Adam(0.1, eps=0.0)), np.array([1e4, 1e4]))
    run = trained(flat, 5)
    assert (run.diverged_at, run.last) == (1, 0)
    said = "Diverged at step 1: E or a weight is not finite. Last finite E: 3."
    assert observation(run, 0) == said


def test_a_start_far_out_on_a_plateau_is_no_divergence() -> None:
    run = trained(with_start(LECTURE, np.array([1e200, 1e200])), 5)
    assert run.diverged_at is None
    assert "plateau; eigenvalues of ∇²E: 0 to 0." in observation(run, 5)


def test_a_start_that_is_not_finite_says_so() -> None:
    run = trained(with_start(ravine(0.1), np.array([1e200, 1e200])), 5)
    assert observation(run, 0) == "E is not finite at state 0: start somewhere else."
    penalized = replace(ravine(0.1).problem, penalty=Penalty(l2=1.0))
    start = Given((1e200, 1e200))
    run = trained(Experiment(penalized, start=start), 5)
    assert observation(run, 0).startswith("J is not finite")


def test_what_may_be_said_of_a_stationary_state() -> None:
    assert observation(trained(LECTURE, 3), 3) == ""
    valley = observation(trained(ravine(0.05), 2000), 2000)
    assert valley.startswith("‖∇E‖ ≤ 10⁻⁶, curved upwards")
    assert valley.endswith("∇²E: 0.32 to 32.")
    plateau = trained(with_start(LECTURE, np.array([6.0, 6.0])), 1)
    assert "stationary point or plateau; eigenvalues of ∇²E" in observation(plateau, 1)
    fenced = replace(LECTURE.problem, feasible=Box((-1.0, -1.0), (1.0, 1.0)))
    on_wall = trained(replace(LECTURE, problem=fenced, optimizer=GradientDescent(0.5)), 2000)
    assert "stationary on C" in observation(on_wall, 2000)


def test_a_saddle_is_called_one() -> None:
    network = Network((1, 1, 1), (IDENTITY, IDENTITY), (False, False))
    problem = Problem(Dataset(np.ones((1, 1)), np.ones((1, 1))), network)
    run = Run.from_experiment(Experiment(problem, start=Given((0.0, 0.0))))
    assert "a saddle" in observation(run, 0)


@pytest.mark.parametrize("penalty", [Penalty(), Penalty(l2=0.5)])
def test_a_large_network_is_a_plateau_for_all_one_knows(penalty: Penalty) -> None:
    network = Network((1, 40, 1), (TANH, IDENTITY), (True, True))
    data = Dataset(np.zeros((1, 1)), np.zeros((1, 1)))
    problem = Problem(data, network, penalty=penalty)
    run = Run.from_experiment(Experiment(problem, start=Given((0.0,) * network.n_params)))
    symbol = "J" if penalty else "E"
    assert observation(run, 0) == f"‖∇{symbol}‖ ≤ 10⁻⁶: stationary point or plateau."
