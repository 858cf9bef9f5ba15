"""Second-order steps: against least squares, by hand, and the same in runs, records and fleets."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlpsim.core.activations import IDENTITY, TANH
from mlpsim.core.dataset import Dataset
from mlpsim.core.experiment import Experiment, lecture_experiment
from mlpsim.core.feasible import Box
from mlpsim.core.line_search import ray_of
from mlpsim.core.network import Network
from mlpsim.core.optimizer import Optimizer
from mlpsim.core.optimizers import Adam, GradientDescent, Momentum, exchanged
from mlpsim.core.problem import SCALINGS, Penalty, Problem
from mlpsim.core.run import Run
from mlpsim.core.sampling import Sampling
from mlpsim.core.second_order import (
    MOST_PARAMS,
    ConjugateGradient,
    LevenbergMarquardt,
    Newton,
)
from mlpsim.core.segment import first_segment
from mlpsim.core.starts import Given
from mlpsim.core.studies.fleet import run_fleet, run_paths
from mlpsim.core.training import advance
from tests.core.quadratic import Quadratic

G = np.array([2.0, -3.0])


def step(optimizer: Newton, hessian: np.ndarray, gradient: np.ndarray = G) -> np.ndarray:
    """How far it moves from the origin."""
    origin = np.zeros_like(gradient)
    theta, (direction,) = optimizer.update(
        origin, gradient, optimizer.init(origin), optimizer.learning_rate, 0, Quadratic(hessian)
    )
    np.testing.assert_array_equal(theta, -optimizer.learning_rate * direction)
    return theta


EACH = pytest.mark.parametrize(
    "optimizer",
    [Newton(0.5, 0.1), ConjugateGradient(0.9, 0.01, 30), LevenbergMarquardt(1.0, 0.1, 3.0)],
    ids=["newton", "cg", "lm"],
)


def least_squares(optimizer: Optimizer) -> tuple[Experiment, np.ndarray]:
    """A line through 20 samples with three inputs, and the best one."""
    rng = np.random.default_rng(1)
    data = Dataset(rng.normal(size=(20, 3)), rng.normal(size=(20, 1)))
    problem = Problem(data, Network((3, 1), (IDENTITY,), (True,)))
    design = np.column_stack([data.x, np.ones(20)])
    best, *_ = np.linalg.lstsq(design, data.y[:, 0])
    return Experiment(problem, optimizer, start=Given((1.0, -2.0, 3.0, 4.0))), best


def experiment(**changes: object) -> Experiment:
    """A 2-3-1 network with seven samples."""
    rng = np.random.default_rng(5)
    data = Dataset(rng.normal(size=(7, 2)), rng.normal(size=(7, 1)))
    network = Network((2, 3, 1), (TANH, IDENTITY), (True, True))
    problem = Problem(data, network, penalty=Penalty(l2=0.3))
    start = Given(tuple(rng.normal(size=network.n_params).tolist()))
    return replace(Experiment(problem, start=start), **changes)


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


def conjugate_step(optimizer: ConjugateGradient, hessian: np.ndarray) -> np.ndarray:
    """How far its first step moves from the origin."""
    origin = np.zeros(2)
    theta, (direction, moved, gradient) = optimizer.update(
        origin, G, optimizer.init(origin), optimizer.learning_rate, 0, Quadratic(hessian)
    )
    np.testing.assert_array_equal(direction, G)
    np.testing.assert_array_equal(gradient, G)
    np.testing.assert_array_equal(theta, -optimizer.learning_rate * moved)
    return theta


def test_the_curvature_along_the_gradient_tells_the_first_step() -> None:
    """g·g = 13, g·∇²g = 4·4 + 3·9 = 43."""
    hessian = np.diag([4.0, 3.0])
    np.testing.assert_allclose(conjugate_step(ConjugateGradient(), hessian), -13.0 / 43.0 * G)
    half = conjugate_step(ConjugateGradient(0.5, 1.0), hessian)
    np.testing.assert_allclose(half, -0.5 * 13.0 / (43.0 + 13.0) * G)
    down = conjugate_step(ConjugateGradient(), -hessian)
    np.testing.assert_allclose(down, -13.0 / 43.0 * G)
    np.testing.assert_array_equal(
        conjugate_step(ConjugateGradient(), np.zeros((2, 2))), np.zeros(2)
    )


def test_a_direction_that_would_lead_up_is_the_gradient() -> None:
    optimizer = ConjugateGradient()
    # β = (2·1 + 3·4) / 2 = 7, and g·(g + βd) = 13 − 700
    state = (np.array([-50.0, 0.0]), np.zeros(2), np.array([1.0, 1.0]))
    _, (direction, _, _) = optimizer.update(np.zeros(2), G, state, 1.0, 3, Quadratic(np.eye(2)))
    np.testing.assert_array_equal(direction, G)


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


def test_one_step_of_newton_solves_least_squares() -> None:
    made, best = least_squares(Newton())
    np.testing.assert_allclose(grow(made, 1).theta(1), best, rtol=1e-12)


def test_conjugate_gradients_solve_least_squares_in_as_many_steps_as_parameters() -> None:
    made, best = least_squares(ConjugateGradient())
    run = grow(made, 4)
    assert np.linalg.norm(run.theta(3) - best) > 1e-3
    np.testing.assert_allclose(run.theta(4), best, rtol=1e-10)
    directions = np.array([run.record(k).state_after[0] for k in (1, 2, 3, 4)])
    conjugate = directions @ made.problem.hessian(best) @ directions.T
    np.testing.assert_allclose(conjugate, np.diag(np.diag(conjugate)), atol=1e-9)


def test_steepest_descent_turns_by_a_right_angle_at_every_step() -> None:
    made, _ = least_squares(ConjugateGradient(restart=1))
    run = grow(made, 6)
    for k in range(6):
        record, after = run.record(k + 1), run.gradient(k + 1)
        np.testing.assert_array_equal(record.state_after[0], record.gradient)
        size = np.linalg.norm(record.gradient) * np.linalg.norm(after)
        assert abs(record.gradient @ after) < 1e-12 * size


def test_steps_until_the_gradient_is_followed_again() -> None:
    run = grow(least_squares(ConjugateGradient(restart=3))[0], 6)
    records = [run.record(k) for k in range(1, 7)]
    restarted = [np.array_equal(record.state_after[0], record.gradient) for record in records]
    assert restarted == [True, False, False, True, False, False]


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
@EACH
def test_records_and_replays_are_the_run(sampling: Sampling, optimizer: Optimizer) -> None:
    made = experiment(sampling=sampling, scaling="unbiased", optimizer=optimizer)
    run = grow(made, 200)
    for k in (1, 2, 3, 77, 200):
        record = run.record(k)
        np.testing.assert_array_equal(record.theta_after, run.theta(k))
        np.testing.assert_array_equal(run.checkpoint(k).theta, run.theta(k))
        names = type(optimizer).state_names
        step = record.state_after[names.index("s" if "s" in names else "d")]
        np.testing.assert_allclose(ray_of(record).direction, step, rtol=1e-9, atol=1e-14)


@pytest.mark.parametrize("sampling", [Sampling(), Sampling(3, "with_replacement", 7)])
@EACH
def test_fleets_take_the_steps_of_runs(sampling: Sampling, optimizer: Optimizer) -> None:
    made = experiment(sampling=sampling, optimizer=optimizer)
    made = replace(made, problem=replace(made.problem, feasible=Box((-1.0,) * 13, (1.0,) * 13)))
    starts = np.random.default_rng(2).uniform(-1.0, 1.0, (5, 13))
    ends = run_fleet(made, starts, 12)
    assert ends is not None
    for start, end in zip(starts, ends.thetas, strict=True):
        run = grow(replace(made, start=Given(tuple(start.tolist()))), 12)
        np.testing.assert_allclose(end, run.theta(12), rtol=1e-9, atol=1e-12)


@EACH
def test_members_with_seeds_of_their_own_see_their_own_batches(optimizer: Optimizer) -> None:
    made = experiment(sampling=Sampling(2, "without_replacement", 0), optimizer=optimizer)
    starts = np.tile(made.start_theta(), (3, 1))
    paths = run_paths(made, [4, 5, 6], starts, 10, 5, lambda: False)
    assert paths is not None
    for seed, path in zip([4, 5, 6], paths, strict=True):
        run = grow(replace(made, sampling=replace(made.sampling, seed=seed)), 10)
        np.testing.assert_allclose(path[2], run.theta(10), rtol=1e-9)


# -- what it takes ---------------------------------------------------------------------------------


@EACH
def test_too_large_a_hessian_is_refused(optimizer: Optimizer) -> None:
    data = Dataset(np.zeros((1, MOST_PARAMS + 1)), np.zeros((1, 1)))
    problem = Problem(data, Network((MOST_PARAMS + 1, 1), (IDENTITY,), (False,)))
    start = Given((0.0,) * (MOST_PARAMS + 1))
    with pytest.raises(ValueError, match="513 parameters, and it takes at most 512"):
        Experiment(problem, optimizer, start=start)
    assert first_segment(Experiment(problem, start=start)).theta is not None


def test_a_learning_rate_is_kept_among_its_like() -> None:
    assert exchanged(GradientDescent(0.3), Momentum) == Momentum(0.3)
    assert exchanged(GradientDescent(0.3), Newton) == Newton(1.0)
    assert exchanged(Newton(0.5), ConjugateGradient) == ConjugateGradient(0.5)
    assert exchanged(Newton(0.5), Adam) == Adam()
