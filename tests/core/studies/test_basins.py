"""Basins and fleets, against single runs and against the shares that a preset is known to have."""

from dataclasses import replace

import numpy as np
import pytest

from mlpsim.core.activations import IDENTITY, TANH
from mlpsim.core.dataset import Dataset
from mlpsim.core.experiment import Experiment, lecture_experiment
from mlpsim.core.feasible import Box
from mlpsim.core.files.document import go_on
from mlpsim.core.files.presets import find_preset, load_presets
from mlpsim.core.network import Network
from mlpsim.core.optimizers import Adam, GradientDescent
from mlpsim.core.plane import two_weights
from mlpsim.core.problem import Penalty, Problem
from mlpsim.core.run import Run
from mlpsim.core.sampling import Sampling
from mlpsim.core.schedules import Exponential
from mlpsim.core.starts import Given, Zeros
from mlpsim.core.studies.basins import DIVERGED, FLAT, UNSETTLED, BasinQuestion, basin_map
from mlpsim.core.studies.fleet import chunk_size, run_fleet
from mlpsim.core.window import Window


def experiment_of(preset: str, variant: str | None = None) -> Experiment:
    return find_preset(preset, load_presets()).document(variant).experiment


def question(experiment: Experiment, reach: float, steps: int, side: int) -> BasinQuestion:
    plane = two_weights(experiment.start_theta(), 0, 1)
    return BasinQuestion(experiment, plane, Window(-reach, reach, -reach, reach), steps, side)


TWO_MINIMA = experiment_of("bad-local-minimum")
STEEP = replace(
    TWO_MINIMA,
    problem=replace(TWO_MINIMA.problem, penalty=Penalty(l2=1.0)),
    optimizer=GradientDescent(1e60),
)


def test_how_near_a_minimum_an_end_has_to_be_goes_by_the_windows_larger_side() -> None:
    plane = two_weights(np.zeros(2), 0, 1)
    longer = replace(plane, u=2.0 * plane.u, v=8.0 * plane.v)  # a step of 1 is one of 4 in weights
    asked = BasinQuestion(lecture_experiment(), longer, Window(-1.0, 1.0, -3.0, 3.0), 10, 3)
    assert asked.reach == pytest.approx(0.01 * 6.0 * 4.0)


@pytest.mark.parametrize(
    "experiment",
    [
        TWO_MINIMA,
        replace(lecture_experiment(), sampling=Sampling(1, seed=3), schedule=Exponential(0.9)),
        replace(experiment_of("spiral"), optimizer=Adam(0.01)),
        experiment_of("lecture-constrained"),
    ],
)
def test_a_fleet_goes_where_every_single_run_goes(experiment) -> None:
    rng = np.random.default_rng(0)
    starts = rng.normal(size=(3, experiment.problem.network.n_params))
    ends = run_fleet(experiment, starts, 20)
    for start, theta, value in zip(starts, ends.thetas, ends.values, strict=True):
        run = Run.from_experiment(replace(experiment, start=Given(tuple(start))))
        go_on(run, 20)
        np.testing.assert_allclose(theta, run.theta(20), rtol=1e-12, atol=1e-12)
        assert value == pytest.approx(run.value(20), rel=1e-12)
    assert not ends.diverged.any()


def test_a_member_that_diverges_keeps_its_last_finite_place() -> None:
    ends = run_fleet(STEEP, np.array([[1.0, 1.0], [2.0, -1.0]]), 50)
    assert ends.diverged.all()
    assert np.isfinite(ends.thetas).all()


def test_a_member_that_is_lost_stays_where_it_is() -> None:
    # e = (y − w x)²: from w = 3 sample 1 leads beyond all numbers, and sample 2 would lead to 1.
    problem = Problem(
        Dataset([[1e200], [1.0]], [[0.0], [1.0]]), Network((1, 1), (IDENTITY,), (False,))
    )
    cyclic = Sampling(1, "cyclic")
    experiment = Experiment(problem, GradientDescent(0.5), sampling=cyclic, start=Given((0.0,)))
    ends = run_fleet(experiment, np.array([[3.0], [0.0]]), 2)
    assert ends.thetas.tolist() == [[3.0], [1.0]]


def test_an_interrupted_fleet_gives_nothing() -> None:
    assert run_fleet(TWO_MINIMA, np.zeros((2, 2)), 10, lambda: True) is None
    assert basin_map(question(TWO_MINIMA, 4.0, 10, 5), lambda: True) is None


def test_large_networks_are_advanced_a_few_at_a_time() -> None:
    assert chunk_size(TWO_MINIMA) == 1365
    wide = replace(experiment_of("spiral"), sampling=Sampling())
    assert chunk_size(wide) == 16


def test_the_shares_are_those_that_the_preset_is_known_for() -> None:
    # 34.5 % and 30.2 % for 101×101 starts on [−4, 4]² and 2000 steps; here every fifth of them.
    told = []
    found = basin_map(
        question(TWO_MINIMA, 4.0, 2000, 21), report=lambda share, coarse: told.append(coarse)
    )
    globally, locally = found.basins
    np.testing.assert_allclose(globally.theta, [0.3348347, 0.1576304], atol=5e-8)
    np.testing.assert_allclose(locally.theta, [-1.1533197, 0.4937425], atol=5e-8)
    assert globally.value == pytest.approx(1.2521085, abs=5e-8)
    assert locally.value == pytest.approx(1.6661157, abs=5e-8)
    assert globally.share == pytest.approx(0.345, abs=0.03)
    assert locally.share == pytest.approx(0.302, abs=0.03)
    labels = [0, 1, FLAT, UNSETTLED, DIVERGED]
    assert sum(found.share(label) for label in labels) == pytest.approx(1.0)
    assert globally.count == (found.labels == 0).sum()
    alphas, betas = found.question.axes()
    near = (np.abs(alphas - 1.2).argmin(), np.abs(betas - 1.2).argmin())
    assert found.labels[near[1], near[0]] == 0
    assert found.labels[np.abs(betas - 1.2).argmin(), np.abs(alphas + 2.0).argmin()] == 1
    coarse = next(entry for entry in told if entry is not None)
    assert coarse.step == 4
    assert (coarse.labels[::4, ::4] == found.labels[::4, ::4]).all()
    assert (coarse.labels[1, :4] == coarse.labels[0, 0]).all()


def test_a_small_map_comes_whole() -> None:
    told = []
    basin_map(question(TWO_MINIMA, 4.0, 5, 5), report=lambda share, coarse: told.append(share))
    assert told == [4 / 25, 1.0]


def test_a_minimum_on_the_wall_is_one() -> None:
    lecture = lecture_experiment()
    boxed = replace(lecture.problem, feasible=Box((-1.0, -1.0), (1.0, 1.0)))
    found = basin_map(question(replace(lecture, problem=boxed), 1.0, 2000, 5))
    (basin,) = found.basins
    np.testing.assert_allclose(basin.theta, [-1.0, 0.0526082746], atol=1e-6)
    assert basin.share == 1.0


def test_a_plateau_is_no_minimum() -> None:
    found = basin_map(question(lecture_experiment(), 40.0, 3, 5))
    assert found.basins == ()
    assert found.labels[-1, -1] == FLAT  # (40, 40): E = 3, saturated
    assert found.share(UNSETTLED) > 0.0


def test_a_diverging_map_says_so() -> None:
    assert basin_map(question(STEEP, 4.0, 50, 4)).share(DIVERGED) == 1.0


def test_no_end_of_a_wide_plateau_is_a_minimum() -> None:
    found = basin_map(question(lecture_experiment(), 400.0, 2, 11))
    assert found.basins == ()
    assert found.share(FLAT) > 0.8


def test_a_flat_network_with_many_weights_is_called_flat() -> None:
    network = Network((13, 5), (TANH,), (False,))
    still = Problem(Dataset(np.zeros((2, 13)), np.zeros((2, 5))), network)
    found = basin_map(question(Experiment(still, start=Zeros()), 1.0, 2, 3))
    assert found.share(FLAT) == 1.0


def test_a_method_is_noisy_where_a_step_may_miss_a_sample() -> None:
    samples = len(TWO_MINIMA.problem.data)
    everything = tuple(range(samples))
    for sampling, is_noisy in (
        (Sampling(), False),
        (Sampling(samples), False),
        (Sampling(samples, "with_replacement"), True),
        (Sampling(samples, "given", batches=(everything[1:],)), True),
        (Sampling(1), True),
    ):
        asked = question(replace(TWO_MINIMA, sampling=sampling), 1.0, 1, 2)
        assert asked.is_noisy == is_noisy
