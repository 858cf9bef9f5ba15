"""The objective and its derivatives against finite differences, by hand and over the tables."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlpsim.core.activations import ACTIVATIONS, IDENTITY, TANH
from mlpsim.core.dataset import Dataset
from mlpsim.core.experiment import lecture_experiment
from mlpsim.core.feasible import Ball, Box
from mlpsim.core.losses import BCE_LOGITS, LOSSES, SOFTMAX_CE_LOGITS
from mlpsim.core.network import Network
from mlpsim.core.problem import Penalty, Problem

LECTURE = lecture_experiment().problem
ORIGIN = np.zeros(2)
SMOOTH = [a for a in ACTIVATIONS if a.name not in ("relu", "leaky_relu")]


@st.composite
def problems(draw: st.DrawFn) -> tuple[Problem, np.ndarray]:
    """A random smooth problem and a parameter vector."""
    depth = draw(st.integers(1, 3))
    sizes = tuple(draw(st.integers(1, 4)) for _ in range(depth + 1))
    loss = draw(st.sampled_from([x for x in LOSSES if x.name not in ("hinge", "absolute_error")]))
    activations = [draw(st.sampled_from(SMOOTH)) for _ in range(depth)]
    if loss.on_logits:
        activations[-1] = IDENTITY
    bias = tuple(draw(st.booleans()) for _ in range(depth))
    network = Network(sizes, tuple(activations), bias)
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    samples = draw(st.integers(1, 5))
    data = Dataset(rng.normal(size=(samples, sizes[0])), rng.uniform(size=(samples, sizes[-1])))
    penalty = Penalty(draw(st.sampled_from([0.0, 0.1])), draw(st.sampled_from([0.0, 0.3])))
    reduction = draw(st.sampled_from(["sum", "mean"]))
    problem = Problem(data, network, loss, reduction, penalty)
    return problem, rng.normal(size=network.n_params)


@settings(max_examples=60)
@given(problems())
def test_gradient_and_curvature_are_the_derivatives(drawn: tuple[Problem, np.ndarray]) -> None:
    problem, theta = drawn
    h, steps = 1e-5, 1e-5 * np.eye(len(theta))
    value = (problem.value(theta + steps) - problem.value(theta - steps)) / (2 * h)
    np.testing.assert_allclose(problem.gradient(theta), value, atol=2e-7, rtol=1e-6)
    if problem.loss.name != "huber":  # its second derivative jumps
        rows = (problem.gradient(theta + steps) - problem.gradient(theta - steps)) / (2 * h)
        hessian = problem.hessian(theta)
        np.testing.assert_allclose(hessian, rows, atol=2e-6, rtol=1e-5)
        np.testing.assert_array_equal(hessian, hessian.T)


@settings(max_examples=30)
@given(problems())
def test_one_vector_a_fleet_and_a_grid_are_one_call(drawn: tuple[Problem, np.ndarray]) -> None:
    problem, theta = drawn
    grid = theta + 0.1 * np.arange(6).reshape(2, 3, 1)
    for name in ("value", "errors", "gradient", "sample_gradients", "penalty_value"):
        together = getattr(problem, name)(grid)
        for i in np.ndindex(2, 3):
            alone = getattr(problem, name)(grid[i])
            np.testing.assert_allclose(together[i], alone, rtol=1e-12, atol=1e-12)


@settings(max_examples=30)
@given(problems())
def test_sample_gradients_add_up(drawn: tuple[Problem, np.ndarray]) -> None:
    problem, theta = drawn
    data = problem.scale * problem.sample_gradients(theta).sum(axis=0)
    whole = problem.gradient(theta)
    np.testing.assert_allclose(data + problem.penalty_gradient(theta), whole, atol=1e-12)
    one = problem.step_gradient(theta, np.arange(len(problem.data)), "unbiased")
    np.testing.assert_allclose(one, whole, atol=1e-12)


def test_the_lectures_numbers_at_the_origin() -> None:
    assert LECTURE.value(ORIGIN) == 1.0
    np.testing.assert_array_equal(LECTURE.errors(ORIGIN), [0.25] * 4)
    expected = [[0.75, 0.75], [0.5, 0.5], [1.0, 1.0], [0.5, -1.25]]
    np.testing.assert_array_equal(LECTURE.sample_gradients(ORIGIN), expected)
    np.testing.assert_array_equal(LECTURE.gradient(ORIGIN), [2.75, 1.0])


def test_the_lectures_closed_form_far_out() -> None:
    def sigma(z: float) -> float:
        return float(np.exp(z) / (1 + np.exp(z)) if z < 0 else 1 / (1 + np.exp(-z)))

    for w in ([-10.0, 0.0654493379], [-50.0, 0.07], [3.0, -1.0]):
        u, v = w[0] + w[1], 2 * w[0] - 5 * w[1]
        expected = sigma(2 * u) ** 2 + sigma(3 * u) ** 2 + sigma(4 * u) ** 2 + sigma(v) ** 2
        np.testing.assert_allclose(LECTURE.value(np.array(w)), expected, rtol=1e-12)
    assert 2.5e-87 < LECTURE.value(np.array([-50.0, 0.0654493379])) < 2.6e-87


@pytest.mark.parametrize(
    ("scaling", "reduction", "expected"),
    [
        ("batch_sum", "sum", [0.5, -1.25]),
        ("unbiased", "sum", [2.0, -5.0]),
        ("batch_sum", "mean", [0.125, -0.3125]),
        ("unbiased", "mean", [0.5, -1.25]),
    ],
)
def test_scaling_of_a_batch(scaling: str, reduction: str, expected: list[float]) -> None:
    problem = replace(LECTURE, reduction=reduction)
    gradient = problem.step_gradient(ORIGIN, np.array([3]), scaling)
    np.testing.assert_allclose(gradient, expected)


def test_penalty_is_scaled_with_the_batch() -> None:
    problem = replace(LECTURE, penalty=Penalty(l1=0.5, l2=2.0))
    theta = np.array([1.0, -3.0])
    data = LECTURE.step_gradient(theta, np.array([1, 1]), "batch_sum")
    penalty = np.array([0.5 + 2.0, -0.5 - 6.0])
    np.testing.assert_allclose(
        problem.step_gradient(theta, np.array([1, 1]), "batch_sum"), data + 0.5 * penalty
    )
    assert problem.penalty_value(theta) == 0.5 * 4.0 + 10.0


def test_penalty_spares_biases_unless_asked() -> None:
    network = Network((1, 1), (IDENTITY,), (True,))
    data = Dataset(np.zeros((1, 1)), np.zeros((1, 1)))
    theta = np.array([2.0, 3.0])
    assert Problem(data, network, penalty=Penalty(l2=1.0)).penalty_value(theta) == 2.0
    everything = Problem(data, network, penalty=Penalty(l2=1.0, include_bias=True))
    assert everything.penalty_value(theta) == 6.5


def test_a_penalty_pulls_no_weight_that_is_0() -> None:
    problem = replace(LECTURE, penalty=Penalty(l1=0.5, l2=2.0))
    np.testing.assert_array_equal(problem.penalty_gradient(ORIGIN), ORIGIN)


def test_gradient_at_infinity_warns_nobody() -> None:
    for value in (1e200, np.inf):
        LECTURE.value(np.array([value, -value]))
        LECTURE.gradient(np.array([value, -value]))


def test_stationarity_uses_the_projection_on_a_feasible_set() -> None:
    w = np.array([-1.0, 0.0526082746201983301])
    assert 0.11 < LECTURE.stationarity(w) < 0.12
    fenced = replace(LECTURE, feasible=Box((-1.0, -1.0), (1.0, 1.0)))
    assert fenced.stationarity(w) < 1e-15


def test_predictions() -> None:
    x = np.array([[1.0, 1.0], [0.0, 0.0], [2.0, -1.0]])
    theta = np.array([0.5, -0.25])
    expected = 1 / (1 + np.exp(-(x @ theta)))
    np.testing.assert_allclose(LECTURE.predict(theta, x)[:, 0], expected)
    assert LECTURE.predict(np.zeros((5, 2)), x).shape == (5, 3, 1)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: replace(LECTURE, reduction="median"), "unknown reduction 'median'"),
        (lambda: replace(LECTURE, loss=BCE_LOGITS), "identity, not sigmoid"),
        (lambda: replace(LECTURE, loss=SOFTMAX_CE_LOGITS), "identity, not sigmoid"),
        (lambda: replace(LECTURE, feasible=Box((0.0,), (1.0,))), "limits 1 parameters"),
        (lambda: replace(LECTURE, feasible=Ball((0.0,), 1.0)), "1 coordinates"),
        (lambda: Penalty(l1=-1.0), "l1 -1.0 is below 0"),
        (lambda: Penalty(l2=np.nan), "l2 nan is not a finite number"),
        (lambda: replace(LECTURE, network=Network((3, 1), (TANH,), (True,))), "2 inputs"),
        (lambda: replace(LECTURE, network=Network((2, 2), (TANH,), (True,))), "1 targets"),
    ],
)
def test_what_is_not_a_problem_is_refused(make: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make()


@pytest.mark.parametrize("length", [1, 3])
def test_a_gradient_at_parameters_of_another_network_is_refused(length) -> None:
    with pytest.raises(ValueError, match=f"theta has {length} numbers, the network 2"):
        lecture_experiment().problem.gradient(np.zeros(length))
