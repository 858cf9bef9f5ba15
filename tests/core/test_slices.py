"""Slices: the same J as the problem's own at every point, whatever of the network is skipped."""

from itertools import combinations

import numpy as np
import pytest

from mlpsim.core.activations import IDENTITY, SIGMOID, TANH
from mlpsim.core.dataset import Dataset
from mlpsim.core.network import Network
from mlpsim.core.plane import directions, filter_normalised, one_weight, two_weights
from mlpsim.core.problem import Penalty, Problem
from mlpsim.core.slices import Slice
from tests.core.random_problems import ACTIVATIONS_TRIED, LOSSES_TRIED, targets

ALPHAS, BETAS = np.linspace(-2.0, 1.5, 7), np.linspace(-1.0, 2.0, 5)


def deep_problem(seed):
    """One to four layers of one to four neurons over up to 9 samples, of every kind in turn."""
    rng = np.random.default_rng(seed)
    loss = LOSSES_TRIED[seed % len(LOSSES_TRIED)]
    sizes = tuple(rng.integers(1, 5, rng.integers(2, 6)).tolist())
    layers = [ACTIVATIONS_TRIED[rng.integers(len(ACTIVATIONS_TRIED))] for _ in sizes[1:]]
    if loss.on_logits:
        layers[-1] = IDENTITY
    network = Network(sizes, tuple(layers), tuple((rng.random(len(layers)) < 0.7).tolist()))
    samples = int(rng.integers(1, 10))
    y = targets(loss, samples, sizes[-1], rng)
    penalty = Penalty(*(rng.uniform(0.0, 0.3, 2) * (rng.random(2) < 0.3)))
    data = Dataset(rng.normal(0.0, 1.0, (samples, sizes[0])), np.asarray(y, dtype=np.float64))
    problem = Problem(data, network, loss, "mean" if seed % 2 else "sum", penalty)
    return problem, rng.normal(0.0, 1.0, network.n_params), rng


def agrees(problem, plane):
    with np.errstate(all="ignore"):
        expected = problem.value(plane.points(ALPHAS, BETAS))
    found = Slice(problem, plane).values(ALPHAS, BETAS)
    return np.allclose(found, expected, rtol=1e-10, atol=1e-12, equal_nan=True)


@pytest.mark.parametrize("seed", range(60))
def test_every_plane_of_a_deep_network_has_the_problems_own_values(seed):
    problem, theta, rng = deep_problem(seed)
    count = len(theta)
    u, v = rng.normal(0.0, 1.0, (2, count))
    sparse_u, sparse_v = u * (rng.random(count) < 0.2), v * (rng.random(count) < 0.2)
    planes = [
        directions(theta, u, v),
        directions(theta, sparse_u, sparse_v),
        directions(theta, u, np.zeros(count)),
        filter_normalised(problem.network, theta, u, v),
    ]
    assert all(agrees(problem, plane) for plane in planes)


@pytest.mark.parametrize("seed", range(0, 60, 4))
def test_every_two_weights_have_the_problems_own_values(seed):
    problem, theta, _ = deep_problem(seed)
    theta[::3] = 0.0  # a weight of 0 passes nothing on
    pairs = list(combinations(range(len(theta)), 2))
    for i, j in pairs[:: max(1, len(pairs) // 40)]:
        assert agrees(problem, two_weights(theta, i, j))


@pytest.mark.parametrize("activation", [TANH, SIGMOID], ids=lambda entry: entry.name)
@pytest.mark.parametrize("reach", [1.0, 100.0, 1e3, 1e5])
def test_far_planes_have_the_problems_own_values(activation, reach):
    """Near ones take exponentials along the axes, whose products overflow on far ones."""
    rng = np.random.default_rng(0)
    network = Network((2, 3, 3, 1), (activation, activation, IDENTITY), (True, True, False))
    problem = Problem(Dataset(rng.normal(size=(6, 2)), rng.normal(size=(6, 1))), network)
    theta, u, v = rng.normal(size=(3, network.n_params))
    assert agrees(problem, directions(theta, reach * u, reach * v))
    assert agrees(problem, directions(reach * theta, u, v))


@pytest.mark.parametrize("activation", [TANH, SIGMOID], ids=lambda entry: entry.name)
def test_large_shares_of_the_axes_that_cancel_leave_the_problems_own_values(activation):
    """w x = 30 β - 30 α, which is small on a diagonal where e^(κ 30 β) is not."""
    network = Network((2, 1, 1), (activation, IDENTITY), (False, False))
    data = Dataset(np.array([[30.0, 30.0]]), np.zeros((1, 1)))
    problem = Problem(data, network)
    for sign in (1.0, -1.0):
        plane = directions(np.array([0.0, 0.0, 1.0]), np.eye(3)[0], np.eye(3)[1])
        alphas, betas = np.linspace(-1.0, 1.0, 21), np.linspace(-1.0, 1.0, 21)
        found = Slice(problem, plane).values(sign * alphas, betas)
        expected = problem.value(plane.points(sign * alphas, betas))
        np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-14)


def test_small_activations_keep_their_digits():
    """J = tanh²(w x) where w x is 1e-9 and less: e^(2 w x) - 1 would have seven digits."""
    network = Network((2, 1, 1), (TANH, IDENTITY), (False, False))
    problem = Problem(Dataset(np.ones((1, 2)), np.zeros((1, 1))), network)
    plane = two_weights(np.array([3e-10, 0.0, 1.0]), 0, 1)
    alphas, betas = 1e-10 * ALPHAS, 1e-10 * BETAS
    found = Slice(problem, plane).values(alphas, betas)
    np.testing.assert_allclose(found, problem.value(plane.points(alphas, betas)), rtol=1e-13)


def test_a_line_along_one_weight_is_a_row():
    problem, theta, _ = deep_problem(3)
    plane = one_weight(theta, 1)
    found = Slice(problem, plane).values(ALPHAS, np.zeros(1))
    assert found == pytest.approx(problem.value(plane.points(ALPHAS, np.zeros(1))), rel=1e-12)


@pytest.mark.parametrize("numbers", [1, 30, 10**9])
def test_neither_tiles_nor_parts_of_the_data_change_a_value(monkeypatch, numbers):
    for name in ("CHUNK", "KEPT", "FEWEST"):
        monkeypatch.setattr(f"mlpsim.core.slices.{name}", min(numbers, 10**6))
    for seed in (0, 5, 11, 17):
        problem, theta, rng = deep_problem(seed)
        assert agrees(problem, directions(theta, *rng.normal(0.0, 1.0, (2, len(theta)))))
        if len(theta) > 1:
            assert agrees(problem, two_weights(theta, 0, len(theta) - 1))


def test_a_cancelled_slice_has_no_values():
    problem, theta, rng = deep_problem(1)
    plane = directions(theta, *rng.normal(0.0, 1.0, (2, len(theta))))
    assert Slice(problem, plane).values(ALPHAS, BETAS, lambda: True) is None
