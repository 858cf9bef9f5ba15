"""What a step sees of the objective: its value, and the Gauss-Newton matrix by differences."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlpsim.core import step_objective
from mlpsim.core.activations import IDENTITY, SIGMOID, TANH, Activation
from mlpsim.core.dataset import Dataset
from mlpsim.core.feasible import Box
from mlpsim.core.losses import (
    ABSOLUTE_ERROR,
    BCE_LOGITS,
    HALF_SQUARED_ERROR,
    SOFTMAX_CE_LOGITS,
    SQUARED_ERROR,
    Loss,
    huber,
)
from mlpsim.core.network import Network
from mlpsim.core.problem import REDUCTIONS, SCALINGS, Penalty, Problem
from mlpsim.core.step_objective import StepObjective

BATCH = np.array([0, 3, 3, 5])


def problem_of(loss: Loss, last: Activation = IDENTITY, **changes: object) -> Problem:
    """A 2-3-2 network with seven samples of two one-hot targets."""
    rng = np.random.default_rng(5)
    data = Dataset(rng.normal(size=(7, 2)), np.eye(2)[rng.integers(0, 2, 7)])
    return Problem(data, Network((2, 3, 2), (TANH, last), (True, True)), loss, **changes)


def theta_of(problem: Problem, *lead: int) -> np.ndarray:
    return np.random.default_rng(1).normal(size=(*lead, problem.network.n_params))


def matrix_by_differences(problem: Problem, theta: np.ndarray, batch: np.ndarray) -> np.ndarray:
    """Σ Jᵀ (∂²e/∂a²) J, with J by central differences of the outputs and e's curvature of e."""

    def outputs(theta: np.ndarray) -> np.ndarray:
        return problem.forward(theta).output[:, batch].T  # (B, K)

    h = 1e-6
    steps = h * np.eye(len(theta))
    jacobian = np.array([(outputs(theta + s) - outputs(theta - s)) / (2 * h) for s in steps])
    a, y = outputs(theta), problem.data.y[batch]

    def error(a: np.ndarray) -> np.ndarray:
        return problem.loss.errors(a.T, y.T, (a - y).T)

    k, h = a.shape[1], 1e-4
    total = np.zeros((len(theta), len(theta)))
    for i in range(k):
        for j in range(k):
            u, v = h * np.eye(k)[i], h * np.eye(k)[j]
            bend = error(a + u + v) - error(a + u - v) - error(a - u + v) + error(a - u - v)
            total += np.einsum(
                "pb,b,qb->pq", jacobian[:, :, i], bend / (4 * h * h), jacobian[:, :, j]
            )
    return total


@pytest.mark.parametrize(
    ("loss", "last"),
    [
        (SQUARED_ERROR, SIGMOID),
        (HALF_SQUARED_ERROR, IDENTITY),
        (huber(0.7), TANH),
        (ABSOLUTE_ERROR, IDENTITY),
        (BCE_LOGITS, IDENTITY),
        (SOFTMAX_CE_LOGITS, IDENTITY),
    ],
    ids=lambda entry: entry.name,
)
def test_the_gauss_newton_matrix_by_differences(loss: Loss, last: Activation) -> None:
    problem = problem_of(loss, last)
    theta = theta_of(problem)
    seen = StepObjective(problem, "batch_sum", problem.data.batch(BATCH))
    found, expected = seen.gauss_newton(theta), matrix_by_differences(problem, theta, BATCH)
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-5)
    assert np.linalg.eigvalsh(found).min() > -1e-12


def test_it_is_the_hessian_where_the_outputs_are_linear() -> None:
    rng = np.random.default_rng(2)
    data = Dataset(rng.normal(size=(9, 3)), np.eye(2)[rng.integers(0, 2, 9)])
    network = Network((3, 2), (IDENTITY,), (True,))
    problem = Problem(data, network, SOFTMAX_CE_LOGITS, "mean", Penalty(l2=0.3))
    theta = rng.normal(size=network.n_params)
    seen = StepObjective(problem, "unbiased", data.batch(np.array([1, 1, 4])))
    np.testing.assert_allclose(seen.gauss_newton(theta), seen.hessian(theta), atol=1e-14)


@settings(max_examples=20)
@given(st.sampled_from(SCALINGS), st.sampled_from(REDUCTIONS), st.integers(1, 9))
def test_the_value_is_what_the_step_gradient_is_the_slope_of(scaling, reduction, size) -> None:
    problem = problem_of(SQUARED_ERROR, reduction=reduction, penalty=Penalty(0.1, 0.3))
    theta, batch = theta_of(problem), np.random.default_rng(size).integers(0, 7, size)
    seen = StepObjective(problem, scaling, problem.data.batch(batch))
    h = 1e-6 * np.eye(len(theta))
    slope = (seen.value(theta + h) - seen.value(theta - h)) / 2e-6
    np.testing.assert_allclose(slope, problem.step_gradient(theta, batch, scaling), atol=1e-7)


def test_of_all_samples_the_value_is_j_on_c() -> None:
    problem = problem_of(BCE_LOGITS, penalty=Penalty(l1=0.2), reduction="mean")
    problem = replace(problem, feasible=Box((-0.5,) * 17, (0.5,) * 17))
    theta = theta_of(problem, 4)
    seen = StepObjective(problem, "unbiased", problem.data.columns)
    np.testing.assert_allclose(seen.value(theta), problem.value(np.clip(theta, -0.5, 0.5)))


def test_each_theta_may_see_samples_of_its_own() -> None:
    problem, rng = problem_of(SOFTMAX_CE_LOGITS), np.random.default_rng(3)
    thetas, batches = theta_of(problem, 3), rng.integers(0, 7, (3, 5))
    together = StepObjective(problem, "unbiased", problem.data.batch(batches))
    for theta, batch, matrix, value in zip(
        thetas, batches, together.gauss_newton(thetas), together.value(thetas), strict=True
    ):
        alone = StepObjective(problem, "unbiased", problem.data.batch(batch))
        np.testing.assert_allclose(matrix, alone.gauss_newton(theta), rtol=1e-12, atol=1e-14)
        np.testing.assert_allclose(value, alone.value(theta), rtol=1e-14)


def test_many_samples_are_gone_through_a_few_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = problem_of(SQUARED_ERROR, SIGMOID)
    theta = theta_of(problem, 2)
    seen = StepObjective(problem, "unbiased", problem.data.columns)
    whole = seen.gauss_newton(theta)
    monkeypatch.setattr(step_objective, "NUMBERS", 2 * 17 * 2)
    np.testing.assert_allclose(seen.gauss_newton(theta), whole, rtol=1e-13, atol=1e-15)
