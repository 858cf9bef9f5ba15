"""The chain rule against backpropagation, finite differences and the lecture's numbers."""

from dataclasses import replace
from math import prod

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlpsim.core.activations import ACTIVATIONS, IDENTITY, SIGMOID, TANH
from mlpsim.core.dataset import Dataset
from mlpsim.core.experiment import lecture_experiment
from mlpsim.core.lessons.chain import PassStep, both_passes, chain, neuron_values, pass_steps
from mlpsim.core.losses import LOSSES, SQUARED_ERROR, Loss
from mlpsim.core.network import Network
from mlpsim.core.problem import Problem

LECTURE = lecture_experiment().problem


def targets(loss: Loss, random: np.random.Generator, samples: int, outputs: int) -> np.ndarray:
    if loss.labels == "one_hot":
        return np.eye(outputs)[random.integers(outputs, size=samples)]
    if loss.labels == "any":
        return random.normal(size=(samples, outputs))
    y = random.integers(2, size=(samples, outputs)).astype(float)
    return 2.0 * y - 1.0 if loss.labels == "plus_minus_one" else y


def problem_of(sizes: tuple[int, ...], loss: Loss, hidden: object, seed: int) -> Problem:
    random = np.random.default_rng(seed)
    depth = len(sizes) - 1
    last = IDENTITY if loss.on_logits else hidden
    bias = tuple(bool(b) for b in random.integers(2, size=depth))
    network = Network(sizes, (hidden,) * (depth - 1) + (last,), bias)
    x = random.normal(size=(3, sizes[0]))
    return Problem(Dataset(x, targets(loss, random, 3, sizes[-1])), network, loss)


def assert_products_are_the_gradients(problem: Problem, theta: np.ndarray) -> None:
    gradients = problem.sample_gradients(theta)
    for s in range(len(problem.data)):
        passes = both_passes(problem, theta, s)
        products = [chain(passes, p).value for p in range(problem.network.n_params)]
        np.testing.assert_allclose(products, gradients[s], rtol=1e-12, atol=1e-300)


@pytest.mark.parametrize("loss", LOSSES, ids=lambda loss: loss.name)
@pytest.mark.parametrize("activation", ACTIVATIONS, ids=lambda activation: activation.name)
def test_the_product_is_the_gradient_for_every_loss_and_activation(loss, activation):
    for sizes in ((2, 2), (2, 3, 2), (1, 2, 2, 2)):
        problem = problem_of(sizes, loss, activation, 3)
        theta = np.random.default_rng(5).normal(size=problem.network.n_params)
        assert_products_are_the_gradients(problem, theta)


@settings(max_examples=40)
@given(
    st.lists(st.integers(1, 4), min_size=2, max_size=5),
    st.sampled_from(LOSSES),
    st.sampled_from(ACTIVATIONS),
    st.integers(0, 10_000),
    st.floats(0.0, 8.0),
)
def test_the_product_is_the_gradient_of_any_network(sizes, loss, activation, seed, scale):
    problem = problem_of(tuple(sizes), loss, activation, seed)
    theta = scale * np.random.default_rng(seed).normal(size=problem.network.n_params)
    # One sample alone: a product of matrices rounds several columns in another order than one.
    one = Dataset(problem.data.x[:1], problem.data.y[:1])
    problem = replace(problem, data=one)
    assert_products_are_the_gradients(problem, theta)


def test_the_lectures_first_sample_at_the_origin_by_hand():
    passes = both_passes(LECTURE, np.zeros(2), 0)
    found = chain(passes, 0)
    (delta,) = found.deltas
    # 2(0.5 − 1)·0.25·(−3) = 0.75
    assert (delta.above, delta.slope, found.below) == (-1.0, 0.25, -3.0)
    assert found.value == 0.75
    assert (passes.error, passes.prediction[0], passes.residual[0]) == (0.25, 0.5, -0.5)
    assert delta.chosen is None


def test_a_hidden_weights_chain_by_hand():
    # x = 2 → a = 0.5·2 = 1 (identity) → ŷ = 3·1 = 3, y = 1: e = 4.
    network = Network((1, 1, 1), (IDENTITY, IDENTITY), (True, False))
    problem = Problem(Dataset(np.array([[2.0]]), np.array([[1.0]])), network)
    passes = both_passes(problem, np.array([0.5, 0.0, 3.0]), 0)
    weight, bias, output = (chain(passes, p) for p in range(3))
    # ∂e/∂ŷ = 4, δ¹ = 3·4 = 12, ∂e/∂w¹ = 12·2.
    assert [delta.value for delta in weight.deltas] == [12.0, 4.0]
    assert (weight.value, bias.value, output.value) == (24.0, 12.0, 4.0)
    assert bias.origin is None
    assert bias.below == 1.0
    (term,) = weight.deltas[0].terms
    assert (term.parameter, term.weight, term.delta, term.value) == (2, 3.0, 4.0, 12.0)


def test_the_derivative_is_that_of_finite_differences():
    problem = problem_of((2, 3, 2), SQUARED_ERROR, TANH, 8)
    theta = np.random.default_rng(2).normal(size=problem.network.n_params)
    for p in range(problem.network.n_params):
        step = np.zeros_like(theta)
        step[p] = 1e-6
        rise = problem.errors(theta + step)[1] - problem.errors(theta - step)[1]
        assert chain(both_passes(problem, theta, 1), p).value == pytest.approx(
            rise / 2e-6, rel=1e-6, abs=1e-8
        )


def test_a_saturated_sample_keeps_its_digits():
    found = chain(both_passes(LECTURE, np.array([-50.0, 0.0]), 0), 0)
    assert found.passes.prediction[0] == 1.0
    assert 0.0 < abs(found.value) < 1e-120
    assert found.value == LECTURE.sample_gradients(np.array([-50.0, 0.0]))[0, 0]


def test_the_way_to_the_loss_follows_the_largest_term_or_the_chosen_one():
    problem = problem_of((2, 3, 4, 1), SQUARED_ERROR, SIGMOID, 4)
    theta = np.random.default_rng(7).normal(size=problem.network.n_params)
    passes = both_passes(problem, theta, 0)
    found = chain(passes, 0)
    first = found.deltas[0]
    assert len(first.terms) == 4
    assert sum(term.value for term in first.terms) == pytest.approx(first.above, rel=1e-12)
    largest = max(first.terms, key=lambda term: abs(term.value))
    assert found.deltas[1].neuron == first.chosen == largest.neuron
    other = (largest.neuron + 1) % 4
    assert [delta.neuron for delta in chain(passes, 0, {1: other}).deltas] == [0, other, 0]
    for delta in found.deltas:
        assert prod((delta.above, delta.slope)) == pytest.approx(delta.value, rel=1e-12)


def test_z_of_a_neuron_by_hand():
    z = neuron_values(LECTURE, np.array([0.5, -0.5]), np.array([3, 0]), 0, 0)
    assert z.tolist() == [3.5, 0.0]


def test_infinite_weights_make_no_warning():
    assert np.isnan(chain(both_passes(LECTURE, np.array([np.inf, -np.inf]), 0), 0).value)


def test_both_passes_go_neuron_by_neuron():
    network = Network((2, 2, 1), (TANH, TANH), (False, False))
    assert pass_steps(network) == (
        PassStep("forward", 0, 0),
        PassStep("forward", 0, 1),
        PassStep("forward", 1, 0),
        PassStep("error", 1, 0),
        PassStep("backward", 1, 0),
        PassStep("backward", 0, 0),
        PassStep("backward", 0, 1),
    )


def test_there_is_no_chain_of_a_parameter_beyond_the_last():
    with pytest.raises(IndexError, match="parameter 2 of 2"):
        chain(both_passes(LECTURE, np.zeros(2), 0), 2)
