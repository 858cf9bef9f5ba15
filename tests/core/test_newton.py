"""Newton's method: against least squares, by hand, and the same in runs, records and fleets."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlpsim.core.activations import IDENTITY, TANH
from mlpsim.core.dataset import Dataset
from mlpsim.core.experiment import Experiment, first_segment, lecture_experiment
from mlpsim.core.feasible import Box
from mlpsim.core.line_search import ray_of
from mlpsim.core.network import Network
from mlpsim.core.optimizers import Adam, GradientDescent, Momentum, exchanged
from mlpsim.core.problem import SCALINGS, Penalty, Problem
from mlpsim.core.run import Run
from mlpsim.core.sampling import Sampling
from mlpsim.core.second_order import MOST_PARAMS, Newton
from mlpsim.core.starts import Given
from mlpsim.core.studies.fleet import run_fleet, run_paths
from mlpsim.core.training import advance

G = np.array([2.0, -3.0])


def step(optimizer: Newton, hessian: np.ndarray, gradient: np.ndarray = G) -> np.ndarray:
    """How far it moves from the origin."""
    origin = np.zeros_like(gradient)
    theta, (direction,) = optimizer.update(
        origin, gradient, optimizer.init(origin), optimizer.learning_rate, 0, lambda: hessian
    )
    np.testing.assert_array_equal(theta, -optimizer.learning_rate * direction)
    return theta


def experiment(**changes: object) -> Experiment:
    """A 2-3-1 network with seven samples and Newton's method."""
    rng = np.random.default_rng(5)
    data = Dataset(rng.normal(size=(7, 2)), rng.normal(size=(7, 1)))
    network = Network((2, 3, 1), (TANH, IDENTITY), (True, True))
    problem = Problem(data, network, penalty=Penalty(l2=0.3))
    start = Given(tuple(rng.normal(size=network.n_params).tolist()))
    made = Experiment(problem, Newton(0.5, 0.1), start=start)
    return replace(made, **changes)


def grow(made: Experiment, steps: int) -> Run:
    run = Run.from_experiment(made)
    run.extend(advance(run.segments[0], run.tip, steps))
    return run


# -- one step by hand ------------------------------------------------------------------------------


def test_the_step_solves_the_equations() -> None:
    hessian = np.array([[4.0, 1.0], [1.0, 3.0]])
    np.testing.assert_allclose(step(Newton(), hessian), -np.linalg.solve(hessian, G), rtol=1e-14)
    np.testing.assert_allclose(step(Newton(0.25), hessian), 0.25 * step(Newton(), hessian))


def test_damping_is_added_to_every_curvature() -> None:
    hessian = np.array([[4.0, 1.0], [1.0, 3.0]])
    damped = -np.linalg.solve(hessian + 2.0 * np.eye(2), G)
    np.testing.assert_allclose(step(Newton(damping=2.0), hessian), damped, rtol=1e-14)
    # With much of it the step is that of gradient descent with η = 1/λ.
    np.testing.assert_allclose(step(Newton(damping=1e9), hessian), -G / 1e9, rtol=1e-8)


def test_saddle_free_goes_down_where_the_curvature_is_negative() -> None:
    hessian = np.diag([4.0, -3.0])
    np.testing.assert_allclose(step(Newton(), hessian), [-0.5, -1.0])
    np.testing.assert_allclose(step(Newton(saddle_free=True), hessian), [-0.5, 1.0])
    np.testing.assert_allclose(step(Newton(damping=1.0, saddle_free=True), hessian), [-0.4, 0.75])


@pytest.mark.parametrize("saddle_free", [False, True])
def test_nothing_moves_along_what_is_singular(saddle_free: bool) -> None:
    np.testing.assert_array_equal(step(Newton(1.0, 0.0, saddle_free), np.zeros((2, 2))), [0.0, 0.0])
    flat = np.array([[1.0, 1.0], [1.0, 1.0]])
    np.testing.assert_allclose(step(Newton(1.0, 0.0, saddle_free), flat), -np.linalg.pinv(flat) @ G)


def test_a_curvature_that_the_damping_cancels_is_singular() -> None:
    np.testing.assert_allclose(step(Newton(damping=3.0), np.diag([1.0, -3.0])), [-0.5, 0.0])


def test_a_hessian_that_is_not_finite_leads_nowhere() -> None:
    hessians = np.array([np.eye(2), np.full((2, 2), np.inf), 2.0 * np.eye(2)])
    moved = step(Newton(), hessians, np.array([G, G, G]))
    np.testing.assert_array_equal(moved, [-G, [np.nan, np.nan], -G / 2.0])


# -- the Hessian of a step -------------------------------------------------------------------------


@settings(max_examples=20)
@given(st.sampled_from(SCALINGS), st.sampled_from(["sum", "mean"]), st.integers(1, 9))
def test_the_hessian_is_the_slope_of_the_step_gradient(scaling, reduction, size) -> None:
    problem = replace(experiment().problem, reduction=reduction)
    rng = np.random.default_rng(size)
    theta, batch = rng.normal(size=problem.network.n_params), rng.integers(0, 7, size)
    h = 1e-5 * np.eye(len(theta))
    up, down = (problem.step_gradient(theta + sign * h, batch, scaling) for sign in (1.0, -1.0))
    found = problem.step_hessian(theta, problem.data.batch(batch), scaling)
    np.testing.assert_allclose(found, (up - down) / 2e-5, atol=1e-7, rtol=1e-6)


# -- runs ------------------------------------------------------------------------------------------


def test_one_step_solves_least_squares() -> None:
    rng = np.random.default_rng(1)
    data = Dataset(rng.normal(size=(20, 3)), rng.normal(size=(20, 1)))
    problem = Problem(data, Network((3, 1), (IDENTITY,), (True,)))
    run = grow(Experiment(problem, Newton(), start=Given((1.0, -2.0, 3.0, 4.0))), 1)
    design = np.column_stack([data.x, np.ones(20)])
    best, *_ = np.linalg.lstsq(design, data.y[:, 0])
    np.testing.assert_allclose(run.theta(1), best, rtol=1e-12)


def test_near_a_minimum_the_right_digits_double() -> None:
    problem = replace(lecture_experiment().problem, penalty=Penalty(l2=0.1))
    run = grow(Experiment(problem, Newton(), start=Given((-0.3, -0.1))), 8)
    sizes = [float(np.linalg.norm(run.gradient(k))) for k in range(9)]
    assert sizes[3] > 1e-2
    assert all(after < 5.0 * before**2 for before, after in pairwise(sizes[3:7]))
    assert sizes[8] < 1e-15


def test_from_a_ridge_it_goes_to_the_saddle_and_saddle_free_past_it() -> None:
    data = Dataset(np.ones((1, 1)), np.ones((1, 1)))
    problem = Problem(data, Network((1, 1, 1), (IDENTITY, IDENTITY), (False, False)))
    start = Given((0.3, -0.2))
    saddle = grow(Experiment(problem, Newton(), start=start), 20)
    np.testing.assert_allclose(saddle.theta(20), [0.0, 0.0], atol=1e-12)
    past = grow(Experiment(problem, Newton(saddle_free=True), start=start), 20)
    assert past.value(20) < 1e-20


@pytest.mark.parametrize(
    "sampling", [Sampling(), Sampling(3, "without_replacement", 7), Sampling(1, "cyclic")]
)
def test_records_and_replays_are_the_run(sampling: Sampling) -> None:
    made = experiment(sampling=sampling, scaling="unbiased")
    run = grow(made, 200)
    for k in (1, 2, 3, 77, 200):
        record = run.record(k)
        np.testing.assert_array_equal(record.theta_after, run.theta(k))
        np.testing.assert_array_equal(run.checkpoint(k).theta, run.theta(k))
        np.testing.assert_allclose(
            ray_of(record).direction, record.state_after[0], rtol=1e-9, atol=1e-14
        )


@pytest.mark.parametrize("sampling", [Sampling(), Sampling(3, "with_replacement", 7)])
def test_fleets_take_the_steps_of_runs(sampling: Sampling) -> None:
    made = experiment(sampling=sampling)
    made = replace(made, problem=replace(made.problem, feasible=Box((-1.0,) * 13, (1.0,) * 13)))
    starts = np.random.default_rng(2).uniform(-1.0, 1.0, (5, 13))
    ends = run_fleet(made, starts, 12)
    assert ends is not None
    for start, end in zip(starts, ends.thetas, strict=True):
        run = grow(replace(made, start=Given(tuple(start.tolist()))), 12)
        np.testing.assert_allclose(end, run.theta(12), rtol=1e-9, atol=1e-12)


def test_members_with_seeds_of_their_own_see_their_own_batches() -> None:
    made = experiment(sampling=Sampling(2, "without_replacement", 0))
    starts = np.tile(made.start_theta(), (3, 1))
    paths = run_paths(made, [4, 5, 6], starts, 10, 5, lambda: False)
    assert paths is not None
    for seed, path in zip([4, 5, 6], paths, strict=True):
        run = grow(replace(made, sampling=replace(made.sampling, seed=seed)), 10)
        np.testing.assert_allclose(path[2], run.theta(10), rtol=1e-9)


# -- what it takes ---------------------------------------------------------------------------------


def test_a_hessian_too_large_to_take_apart_is_refused() -> None:
    data = Dataset(np.zeros((1, MOST_PARAMS + 1)), np.zeros((1, 1)))
    problem = Problem(data, Network((MOST_PARAMS + 1, 1), (IDENTITY,), (False,)))
    start = Given((0.0,) * (MOST_PARAMS + 1))
    with pytest.raises(ValueError, match="at most 512"):
        Experiment(problem, Newton(), start=start)
    assert first_segment(Experiment(problem, start=start)).theta is not None


def test_only_newtons_learning_rate_is_not_kept() -> None:
    assert exchanged(GradientDescent(0.3), Momentum) == Momentum(0.3)
    assert exchanged(GradientDescent(0.3), Newton) == Newton(1.0)
    assert exchanged(Newton(0.5), Adam) == Adam()
