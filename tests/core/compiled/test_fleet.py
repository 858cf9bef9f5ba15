"""Fleets and paths of the compiled engine: many runs at once, each as NumPy makes it."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

from mlpsim.core.activations import IDENTITY
from mlpsim.core.compiled.engine import COMPILED
from mlpsim.core.compiled.fleet import MOST
from mlpsim.core.dataset import Dataset
from mlpsim.core.experiment import Experiment, lecture_experiment
from mlpsim.core.network import Network
from mlpsim.core.optimizers import Adam, GradientDescent
from mlpsim.core.plane import two_weights
from mlpsim.core.problem import Problem
from mlpsim.core.sampling import Order, Sampling
from mlpsim.core.starts import Given, Uniform
from mlpsim.core.studies.basins import BasinQuestion, basin_map
from mlpsim.core.studies.fan import FanQuestion, fan
from mlpsim.core.studies.fleet import run_fleet
from mlpsim.core.window import Window
from tests.core.compiled.random_experiments import assert_close, experiments
from tests.core.engines import needs_numba

pytestmark = needs_numba

LECTURE = lecture_experiment()


@settings(max_examples=120)
@given(experiments())
def test_a_fleet_takes_numpys_step(experiment) -> None:
    rng = np.random.default_rng(1)
    starts = np.array(experiment.start.values) + rng.normal(size=(7, len(experiment.start.values)))
    reference = run_fleet(experiment, starts, 1)
    compiled = run_fleet(experiment, starts, 1, engine=COMPILED)
    assert_close(compiled.thetas, reference.thetas, 1e-12)
    assert_close(compiled.values, reference.values, 1e-12)
    assert np.array_equal(compiled.diverged, reference.diverged)


@pytest.mark.parametrize("sampling", [Sampling(), Sampling(3, seed=2)])
def test_a_fleet_of_several_groups_goes_numpys_way(sampling) -> None:
    starts = np.random.default_rng(3).uniform(-3.0, 3.0, (2 * MOST + 5, 2))
    experiment = replace(LECTURE, optimizer=Adam(0.1), sampling=sampling)
    reference = run_fleet(experiment, starts, 50)
    compiled = run_fleet(experiment, starts, 50, engine=COMPILED)
    assert_close(compiled.thetas, reference.thetas, 1e-10)


def test_a_lost_member_stays_at_its_last_finite_theta() -> None:
    data = Dataset(np.array([[1.0], [2.0]]), np.array([[1.0], [1.0]]))
    problem = Problem(data, Network((1, 1), (IDENTITY,), (True,)))
    steep = Experiment(problem, GradientDescent(1e20), start=Given((0.0, 0.0)))
    starts = np.array([[0.5, 0.5], [0.0, 1.0], [-3.0, 2.0]])  # the second one solves it exactly
    reference = run_fleet(steep, starts, 40)
    compiled = run_fleet(steep, starts, 40, engine=COMPILED)
    assert list(reference.diverged) == list(compiled.diverged) == [True, False, True]
    np.testing.assert_allclose(compiled.thetas, reference.thetas, rtol=1e-9)
    question = FanQuestion(replace(steep, start=Uniform(1.0)), 3, 40, COMPILED)
    paths = fan(question).thetas
    assert np.isnan(paths[:, -1]).all()
    assert np.isfinite(paths[:, 1]).all()


@pytest.mark.parametrize(
    "sampling", [Sampling(1), Sampling(3, "with_replacement"), Sampling(2, "cyclic"), Sampling()]
)
def test_a_fans_paths_are_numpys(sampling, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mlpsim.core.studies.fan.GROUP", 64)
    experiment = replace(LECTURE, sampling=sampling, start=Uniform(1.0, seed=4))
    question = FanQuestion(experiment, 70, 45)
    reference, told = fan(question).thetas, []
    compiled = fan(replace(question, engine=COMPILED), report=told.append).thetas
    assert_close(compiled, reference, 1e-10)
    assert told == [64 / 70, 1.0]


def test_a_fan_of_long_paths_keeps_every_nth_state(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mlpsim.core.studies.fan.MOST_NUMBERS", 200)
    monkeypatch.setattr("mlpsim.core.compiled.fleet.PRODUCTS", 40)
    question = FanQuestion(replace(LECTURE, sampling=Sampling(1)), 5, 61)
    reference, compiled = fan(question), fan(replace(question, engine=COMPILED))
    assert compiled.stride == reference.stride > 1
    assert_close(compiled.thetas, reference.thetas, 1e-10)


@pytest.mark.parametrize("seeds", [1, 2, 9])
@pytest.mark.parametrize("order", ["without_replacement", "with_replacement", "cyclic"])
def test_a_kernel_is_compiled_once_for_all_samplings(seeds: int, order: Order) -> None:
    from mlpsim.core.compiled.draws import draw
    from mlpsim.core.compiled.lanes import advance_lanes

    for size in (1, 3, None):
        experiment = replace(LECTURE, sampling=Sampling(size, order))
        fan(FanQuestion(experiment, seeds, 9, COMPILED))
        run_fleet(experiment, np.zeros((seeds, 2)), 9, engine=COMPILED)
    assert len(advance_lanes.signatures) == len(draw.signatures) == 1


def test_what_is_interrupted_has_no_answer() -> None:
    starts = np.zeros((3, 2))
    assert run_fleet(LECTURE, starts, 5, lambda: True, COMPILED) is None
    assert fan(FanQuestion(LECTURE, 3, 5, COMPILED), lambda: True) is None


def test_basins_are_numpys() -> None:
    data = Dataset(np.array([[1.0], [0.5]]), np.array([[0.5], [0.2]]))
    network = Network((1, 1, 1), (LECTURE.problem.network.activations[0],) * 2, (False, False))
    experiment = Experiment(Problem(data, network), GradientDescent(0.5), start=Given((0.0, 0.0)))
    plane = two_weights(np.zeros(2), 0, 1)
    question = BasinQuestion(experiment, plane, Window(-2.0, 2.0, -2.0, 2.0), 300, 12)
    reference, compiled = basin_map(question), basin_map(replace(question, engine=COMPILED))
    assert np.array_equal(compiled.labels, reference.labels)
