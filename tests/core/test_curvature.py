"""Curvature: eigenvalues against quadratics worked out by hand, and what is too large for them."""

from dataclasses import replace

import numpy as np
import pytest

from mlpsim.core.activations import IDENTITY, SIGMOID, TANH
from mlpsim.core.curvature import edge_of_stability, eigenvalues, quick_eigenvalues
from mlpsim.core.dataset import Dataset
from mlpsim.core.experiment import Experiment
from mlpsim.core.network import Network
from mlpsim.core.optimizers import Adam, GradientDescent
from mlpsim.core.problem import Problem
from mlpsim.core.run import Run
from mlpsim.core.schedules import Exponential, InverseTime
from mlpsim.core.second_order import Newton
from mlpsim.core.starts import Given
from mlpsim.core.training import advance
from tests.runs import trained


def saddle(rate: float, start: tuple[float, float]) -> Experiment:
    """E = (1 - uv)²: at the origin its Hessian is ((0, -2), (-2, 0))."""
    network = Network((1, 1, 1), (IDENTITY, IDENTITY), (False, False))
    problem = Problem(Dataset(np.ones((1, 1)), np.ones((1, 1))), network)
    return Experiment(problem, GradientDescent(rate), start=Given(start))


def test_the_eigenvalues_of_a_saddle() -> None:
    found = eigenvalues(saddle(0.1, (0.0, 0.0)).problem, np.zeros(2))
    np.testing.assert_allclose(found, [-2.0, 2.0])


def test_a_hessian_that_is_not_finite_has_no_eigenvalues() -> None:
    assert eigenvalues(saddle(0.1, (0.0, 0.0)).problem, np.array([1e160, 1.0])) is None


def test_a_hessian_near_the_largest_float_has_eigenvalues() -> None:
    network = Network((1, 1), (IDENTITY,), (False,))
    problem = Problem(Dataset(np.array([[8e153]]), np.zeros((1, 1))), network)  # E = (xw)²
    np.testing.assert_allclose(eigenvalues(problem, np.zeros(1)), [1.28e308])


def test_a_large_network_is_spared_its_hessian() -> None:
    network = Network((1, 40, 1), (TANH, IDENTITY), (True, True))
    problem = Problem(Dataset(np.zeros((1, 1)), np.zeros((1, 1))), network)
    assert eigenvalues(problem, np.zeros(network.n_params)) is None


def test_eigenvalues_that_take_long_are_not_waited_for() -> None:
    ones = np.ones((20_001, 1))
    problem = Problem(Dataset(ones, ones), Network((1, 5, 1), (IDENTITY, IDENTITY), (False, False)))
    few = saddle(0.1, (0.0, 0.0)).problem
    np.testing.assert_allclose(quick_eigenvalues(few, np.zeros(2)), [-2.0, 2.0])
    assert quick_eigenvalues(problem, np.zeros(10)) is None
    assert eigenvalues(problem, np.zeros(10), lambda: True) is None
    # E = S·(1 - uᵀv)²: each pair of weights is a saddle as above.
    found = eigenvalues(problem, np.zeros(10))
    np.testing.assert_allclose(found, [-40_002.0] * 5 + [40_002.0] * 5)


def test_the_edge_of_stability_is_taken_where_it_is_known() -> None:
    run = Run.from_experiment(saddle(0.5, (0.0, 0.0)))
    assert edge_of_stability(run) == pytest.approx(1.0)
    network = Network((1, 1), (IDENTITY,), (False,))
    flat = Problem(Dataset(np.zeros((1, 1)), np.zeros((1, 1))), network)
    assert edge_of_stability(Run.from_experiment(Experiment(flat, start=Given((1.0,))))) is None
    assert edge_of_stability(Run.from_experiment(saddle(0.5, (1e160, 1.0)))) is None
    wild = Run.from_experiment(saddle(0.5, (3.0, 3.0)))
    wild.extend(advance(wild.segments[0], wild.tip, 100))
    assert wild.diverged_at is not None
    assert edge_of_stability(wild) > 2.0


def test_where_the_run_ends_curved_downwards_the_edge_is_that_of_its_beginning() -> None:
    """E = (σ(w) − ½)² is convex at 1, from where a long step leads to −17, where it is concave."""
    network = Network((1, 1), (SIGMOID,), (False,))
    problem = Problem(Dataset(np.ones((1, 1)), np.full((1, 1), 0.5)), network)
    start, halving = Given((1.0,)), Exponential(0.5)
    run = trained(Experiment(problem, GradientDescent(200.0), halving, start=start), 1)
    second = float(problem.hessian(np.ones(1))[0, 0])
    assert problem.hessian(run.theta(1)) < 0.0 < second
    assert edge_of_stability(run) == pytest.approx(0.5 * 200.0 * second)


def test_the_edge_is_none_of_steps_that_are_not_as_long_as_the_gradient() -> None:
    for optimizer in (Adam(0.5), Newton()):
        run = Run.from_experiment(replace(saddle(0.5, (3.0, 3.0)), optimizer=optimizer))
        assert edge_of_stability(run) is None


def test_no_rate_at_all_times_infinity_tells_nothing() -> None:
    still = replace(saddle(0.0, (0.5, 0.5)), schedule=InverseTime(-1.0))
    run = trained(still, 1)
    assert edge_of_stability(run) is None
