"""Steps that are taken only where J allows it: by hand, and on least squares."""

from dataclasses import replace

import numpy as np
import pytest

from mlpsim.core.activations import IDENTITY, TANH
from mlpsim.core.dataset import Dataset
from mlpsim.core.experiment import Experiment, lecture_experiment
from mlpsim.core.feasible import Box
from mlpsim.core.line_search import ray_of
from mlpsim.core.network import Network
from mlpsim.core.optimizer import Optimizer
from mlpsim.core.optimizers import GradientDescent, Momentum, VariableRate
from mlpsim.core.problem import Problem
from mlpsim.core.run import Run
from mlpsim.core.sampling import Sampling
from mlpsim.core.second_order import LevenbergMarquardt
from mlpsim.core.starts import Given
from mlpsim.core.studies.fleet import run_fleet
from mlpsim.core.training import advance
from tests.core.quadratic import Quadratic

BOWL = Quadratic(np.diag([2.0, 20.0]))  # θ₁² + 10 θ₂²
START = np.array([1.0, 1.0])


def steps(optimizer: Optimizer, count: int) -> list[tuple[np.ndarray, tuple[np.ndarray, ...]]]:
    """theta and state after each step down the bowl."""
    theta, state, found = START, optimizer.init(START), []
    for t in range(count):
        gradient = BOWL.matrix @ theta
        theta, state = optimizer.update(theta, gradient, state, optimizer.learning_rate, t, BOWL)
        found.append((theta, state))
    return found


def grow(made: Experiment, count: int) -> Run:
    run = Run.from_experiment(made)
    run.extend(advance(run.segments[0], run.tip, count))
    return run


# -- a learning rate that adapts -------------------------------------------------------------------


def test_the_rate_grows_where_j_falls() -> None:
    """0.04·(2, 20) leads from (1, 1) to (0.92, 0.2), where J is 1.2464 instead of 11."""
    theta, (c, v, here, there) = steps(VariableRate(0.04), 1)[0]
    np.testing.assert_allclose(theta, [0.92, 0.2])
    np.testing.assert_allclose(c, [1.05])
    np.testing.assert_allclose(v, [2.0, 20.0])
    np.testing.assert_allclose([*here, *there], [11.0, 1.2464])


def test_a_step_that_raises_j_by_more_than_the_share_is_not_taken() -> None:
    """0.11·(2, 20) would lead to (0.78, −1.2), where J is 15.0084; 0.077·(2, 20) to 3.5516."""
    (first, (c, v, *_)), (second, (again, *_)) = steps(VariableRate(0.11, momentum=0.9), 2)
    np.testing.assert_array_equal(first, START)
    np.testing.assert_allclose(c, [0.7])
    np.testing.assert_array_equal(v, [0.0, 0.0])
    np.testing.assert_allclose(second, [0.846, -0.54])
    np.testing.assert_allclose(again, [0.7 * 1.05])


def test_within_the_share_the_step_is_taken_at_the_same_rate() -> None:
    theta, (c, *_) = steps(VariableRate(0.11, tolerance=0.5), 1)[0]
    np.testing.assert_allclose(theta, [0.78, -1.2])
    np.testing.assert_array_equal(c, [1.0])


def test_what_never_adapts_is_momentum() -> None:
    fixed = VariableRate(0.01, momentum=0.5, growth=1.0, shrinkage=1.0, tolerance=1e9)
    for (found, _), (expected, _) in zip(
        steps(fixed, 9), steps(Momentum(0.01, 0.5), 9), strict=True
    ):
        np.testing.assert_allclose(found, expected, rtol=1e-14)


def line(optimizer: Optimizer) -> Experiment:
    """A line through two points: J is a long bowl, with its minimum 0 at (1.5, 0.5)."""
    data = Dataset(np.array([[1.0], [3.0]]), np.array([[2.0], [5.0]]))
    problem = Problem(data, Network((1, 1), (IDENTITY,), (True,)))
    return Experiment(problem, optimizer, start=Given((0.0, 0.0)))


def test_where_gradient_descent_diverges_a_rate_is_found() -> None:
    assert grow(line(GradientDescent(10.0)), 400).diverged_at
    run = grow(line(VariableRate(10.0, tolerance=0.0)), 400)
    np.testing.assert_allclose(run.theta(400), [1.5, 0.5], atol=1e-4)
    values = np.array([run.value(k) for k in range(401)])
    assert (np.diff(values) <= 0.0).all()


def test_what_is_tolerated_at_every_step_adds_up() -> None:
    run = grow(line(VariableRate(10.0)), 400)
    values = np.array([run.value(k) for k in range(401)])
    assert (values[1:] <= 1.04 * values[:-1]).all()
    assert values[400] > 1e4 * values[0]


# -- Levenberg and Marquardt -----------------------------------------------------------------------


def test_a_damped_step_by_hand() -> None:
    theta, (damping, d, *_) = steps(LevenbergMarquardt(damping=5.0, factor=4.0), 1)[0]
    np.testing.assert_allclose(d, [2.0 / 7.0, 20.0 / 25.0])
    np.testing.assert_allclose(theta, START - d)
    np.testing.assert_allclose(damping, [1.25])


def test_more_damping_after_a_step_that_would_raise_j() -> None:
    """Three times the step would lead past the minimum by twice the distance."""
    theta, (damping, d, here, there) = steps(LevenbergMarquardt(3.0, damping=0.0, factor=4.0), 1)[0]
    np.testing.assert_allclose(d, START)
    np.testing.assert_array_equal(theta, START)
    np.testing.assert_allclose([*here, *there], [11.0, 44.0])
    assert damping > 0.0


def test_without_damping_it_solves_least_squares_in_one_step() -> None:
    rng = np.random.default_rng(1)
    data = Dataset(rng.normal(size=(20, 3)), rng.normal(size=(20, 1)))
    problem = Problem(data, Network((3, 1), (IDENTITY,), (True,)))
    best, *_ = np.linalg.lstsq(np.column_stack([data.x, np.ones(20)]), data.y[:, 0])
    made = Experiment(problem, LevenbergMarquardt(damping=0.0), start=Given((1.0, -2.0, 3.0, 4.0)))
    np.testing.assert_allclose(grow(made, 1).theta(1), best, rtol=1e-12)


def sine(optimizer: Optimizer) -> Experiment:
    """A 1-4-1 network on a period of the sine."""
    x = np.linspace(-np.pi, np.pi, 21)[:, None]
    network = Network((1, 4, 1), (TANH, IDENTITY), (True, True))
    start = Given(tuple(np.random.default_rng(3).normal(size=network.n_params).tolist()))
    return Experiment(Problem(Dataset(x, np.sin(x)), network), optimizer, start=start)


def test_it_fits_a_curve_in_a_few_steps_and_never_rises() -> None:
    run = grow(sine(LevenbergMarquardt()), 100)
    values = np.array([run.value(k) for k in range(101)])
    assert (np.diff(values) <= 0.0).all()
    assert (np.diff(values) == 0.0).any(), "no step was refused"
    assert values[100] < 1e-4
    assert grow(sine(GradientDescent(0.01)), 1000).value(1000) > 1e-2


# -- both ------------------------------------------------------------------------------------------

BOTH = pytest.mark.parametrize(
    "optimizer", [VariableRate(0.3, 0.5), LevenbergMarquardt(1.0, 0.1, 3.0)], ids=["rate", "lm"]
)


@BOTH
def test_a_step_that_leads_to_nothing_finite_is_not_taken(optimizer: Optimizer) -> None:
    far, steep = np.array([1.0, 1.0]), np.array([1e300, 1.0])
    with np.errstate(over="ignore"):
        theta, (number, *_) = optimizer.update(
            far, steep, optimizer.init(far), 1e20, 0, Quadratic(np.eye(2))
        )
    np.testing.assert_array_equal(theta, far)
    assert np.isfinite(number).all()


@BOTH
def test_the_number_that_adapts_stays_within_what_can_come_back(optimizer: Optimizer) -> None:
    """As often up, or down, as it takes: it neither vanishes nor overflows."""
    for objective in (Quadratic(np.eye(2)), Quadratic(-np.eye(2))):
        theta, state = START, optimizer.init(START)
        for t in range(4000):
            _, state = optimizer.update(theta, theta, state, 1e-30, t, objective)
        assert (state[0] >= 1e-20).all()
        assert (state[0] <= 1e20).all()


@BOTH
@pytest.mark.parametrize("sampling", [Sampling(), Sampling(2, "without_replacement", 7)])
def test_records_replays_and_fleets_are_the_run(sampling: Sampling, optimizer: Optimizer) -> None:
    made = replace(lecture_experiment(), sampling=sampling, optimizer=optimizer)
    made = replace(made, problem=replace(made.problem, feasible=Box((-0.4, -0.4), (0.5, 0.5))))
    run = grow(made, 150)
    refused = [k for k in range(1, 151) if np.array_equal(run.theta(k - 1), run.theta(k))]
    assert refused
    for k in (1, 2, 77, refused[0], 150):
        record = run.record(k)
        np.testing.assert_array_equal(record.theta_after, run.theta(k))
        np.testing.assert_array_equal(run.checkpoint(k).theta, run.theta(k))
    # Later J hardly changes, and rounding decides whether a step is taken.
    ends = run_fleet(made, np.array([made.start_theta(), [0.3, -0.2]]), 20)
    assert ends is not None
    np.testing.assert_allclose(ends.thetas[0], run.theta(20), rtol=1e-9)


@BOTH
def test_the_line_search_goes_along_a_step_that_is_not_taken(optimizer: Optimizer) -> None:
    run = grow(sine(replace(optimizer, learning_rate=50.0)), 1)
    record = run.record(1)
    np.testing.assert_array_equal(record.theta_after, record.theta_before)
    assert np.linalg.norm(ray_of(record).direction) > 0.01
