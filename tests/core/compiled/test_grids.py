"""Slices of the compiled engine: the problem's own J at every point of a plane, of any kind."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlpsim.core.activations import (
    ACTIVATIONS,
    IDENTITY,
    SIGMOID,
    TANH,
    Activation,
    elu,
    leaky_relu,
)
from mlpsim.core.compiled.engine import COMPILED
from mlpsim.core.dataset import Dataset
from mlpsim.core.experiment import lecture_experiment
from mlpsim.core.losses import BCE_LOGITS, LOSSES, SQUARED_ERROR, huber
from mlpsim.core.network import Network
from mlpsim.core.plane import directions, filter_normalised, one_weight, two_weights
from mlpsim.core.problem import Penalty, Problem
from mlpsim.core.slices import Slice
from tests.core.engines import needs_numba
from tests.core.random_problems import targets

pytestmark = needs_numba

ENTRIES = (*ACTIVATIONS, leaky_relu(1.5), elu(-0.5))
ALPHAS, BETAS = np.linspace(-1.5, 2.0, 11), np.linspace(-1.0, 1.5, 6)


def made(sizes, activations, bias, loss, samples, rng, penalty=None):
    """A problem of these layers on random data, and weights for it."""
    if loss.on_logits:
        activations = (*activations[:-1], IDENTITY)
    network = Network(sizes, activations, bias)
    x = rng.normal(0.0, 1.0, (samples, sizes[0]))
    y = np.asarray(targets(loss, samples, sizes[-1], rng), float)
    problem = Problem(Dataset(x, y), network, loss, "mean", penalty or Penalty())
    return problem, rng.normal(0.0, 1.0, network.n_params)


def assert_own_values(problem, plane, alphas=ALPHAS, betas=BETAS):
    """The problem's own J at every point, to 1e-12 of the largest; no number where it has none."""
    found = Slice(problem, plane, COMPILED).values(alphas, betas)
    with np.errstate(over="ignore", invalid="ignore"):
        expected = problem.value(plane.points(alphas, betas))
    finite = np.isfinite(expected)
    assert np.array_equal(np.isfinite(found), finite)
    size = np.abs(expected[finite]).max(initial=1e-300)
    assert np.abs(found[finite] - expected[finite]).max(initial=0.0) <= 1e-12 * size


@st.composite
def problems(draw):
    """Layers of one to seven neurons of any kind over one to 600 samples."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    sizes = tuple(draw(st.lists(st.integers(1, 7), min_size=2, max_size=5)))
    activations = tuple(draw(st.sampled_from(ENTRIES)) for _ in sizes[1:])
    bias = tuple(draw(st.booleans()) for _ in sizes[1:])
    loss = draw(st.sampled_from((*LOSSES, huber(0.3))))
    penalty = draw(st.sampled_from((Penalty(), Penalty(0.1, 0.2, True))))
    samples = draw(st.integers(1, 9) | st.integers(10, 600))
    return *made(sizes, activations, bias, loss, samples, rng, penalty), rng


@settings(max_examples=150)
@given(problems(), st.data())
def test_every_plane_has_the_problems_own_values(found, data) -> None:
    problem, theta, rng = found
    count = len(theta)
    u, v = rng.normal(0.0, 1.0, (2, count))
    thin = rng.random((2, count)) < 0.2
    planes = [directions(theta, u, v), directions(theta, u * thin[0], v * thin[1])]
    planes.append(filter_normalised(problem.network, theta, u, v))
    if count > 1:
        planes.append(two_weights(theta, *data.draw(st.permutations(range(count)))[:2]))
    for plane in planes:
        assert_own_values(problem, plane)
    line = one_weight(theta, data.draw(st.integers(0, count - 1)))
    assert_own_values(problem, line, betas=np.zeros(1))


@pytest.mark.parametrize("loss", [*LOSSES, huber(0.3)], ids=lambda loss: loss.name)
@pytest.mark.parametrize("activation", ENTRIES, ids=lambda entry: f"{entry.name}{entry.value}")
@pytest.mark.parametrize("samples", [5, 300])
def test_every_activation_goes_with_every_loss(activation, loss, samples) -> None:
    rng = np.random.default_rng(7)
    problem, theta = made((2, 5, 3, 2), (activation,) * 3, (True,) * 3, loss, samples, rng)
    assert_own_values(problem, directions(theta, *rng.normal(0.0, 1.0, (2, len(theta)))))
    assert_own_values(problem, two_weights(theta, 0, 1))
    assert_own_values(problem, two_weights(theta, 0, len(theta) - 1))
    assert_own_values(problem, two_weights(theta, 15, 21))


@pytest.mark.parametrize("samples", [3, 200])
@pytest.mark.parametrize("scale", [1e-9, 1e-4, 1.0, 300.0, 1e5, 1e160])
@pytest.mark.parametrize("activation", [SIGMOID, TANH], ids=lambda entry: entry.name)
def test_planes_of_any_extent_have_the_problems_own_values(activation, scale, samples) -> None:
    rng = np.random.default_rng(3)
    problem, theta = made(
        (2, 4, 1), (activation, SIGMOID), (True, False), SQUARED_ERROR, samples, rng
    )
    u, v = rng.normal(0.0, scale, (2, len(theta)))
    assert_own_values(problem, directions(0.0 * theta, u, v))
    assert_own_values(problem, directions(theta, u, v))


@pytest.mark.parametrize("samples", [3, 200])
@pytest.mark.parametrize("scale", [1.0, 80.0, 120.0, 300.0])
@pytest.mark.parametrize("activation", [SIGMOID, TANH], ids=lambda entry: entry.name)
def test_a_hidden_z_may_be_beyond_any_exponential(activation, scale, samples) -> None:
    """Three inputs of up to 1 and a bias, of weights ±scale; e^709 is a number."""
    rng = np.random.default_rng(23)
    problem, theta = made((2, 3, 3, 1), (activation,) * 3, (True,) * 3, SQUARED_ERROR, samples, rng)
    second = problem.network.layout[1]
    for part in (second.w, second.b):
        theta[part] = scale * np.sign(theta[part])
    u, v = rng.normal(0.0, 0.3, (2, len(theta)))
    assert_own_values(problem, directions(theta, u, v))
    theta[problem.network.layout[0].w] *= 1e6
    assert_own_values(problem, directions(theta, u, v))


def test_close_to_zero_a_network_keeps_the_digits_of_its_small_output() -> None:
    network = Network((1, 2, 1), (TANH, IDENTITY), (False, False))
    data = Dataset(np.linspace(-2.0, 2.0, 80)[:, None], np.zeros((80, 1)))
    problem = Problem(data, network)
    plane = directions(np.array([0.0, 0.0, 1.0, 1.0]), np.eye(4)[0], np.eye(4)[1])
    assert_own_values(problem, plane, 1e-9 * ALPHAS, 1e-9 * BETAS)


@pytest.mark.parametrize("far", [40.0, 700.0])
def test_errors_as_small_as_they_come_keep_their_digits(far) -> None:
    """Where a sigmoid, or cross-entropy, is all but right, its error is a small number, not 0."""
    x, y = np.array([[1.0], [2.0], [-1.0]]), np.array([[1.0], [1.0], [0.0]])
    for loss, activation in ((SQUARED_ERROR, SIGMOID), (BCE_LOGITS, IDENTITY)):
        problem = Problem(Dataset(x, y), Network((1, 1), (activation,), (True,)), loss)
        plane = directions(np.array([0.4 * far, 0.0]), *np.eye(2))
        found = Slice(problem, plane, COMPILED).values(0.01 * ALPHAS, 0.01 * BETAS)
        expected = problem.value(plane.points(0.01 * ALPHAS, 0.01 * BETAS))
        assert found == pytest.approx(expected, rel=2e-12, abs=0.0)


def test_where_numpy_overflows_there_is_no_number() -> None:
    rng = np.random.default_rng(5)
    for name in (IDENTITY, leaky_relu()):
        problem, theta = made((2, 3, 1), (name, IDENTITY), (True, True), SQUARED_ERROR, 100, rng)
        u, v = rng.normal(0.0, 1.0, (2, len(theta)))
        assert_own_values(problem, directions(theta, 1e155 * u, v))
        assert_own_values(problem, directions(theta, 1e307 * u, 1e307 * v))


@pytest.mark.parametrize("samples", [4, 120])
def test_neither_calls_nor_tiles_nor_parts_change_a_value(monkeypatch, samples) -> None:
    for name in ("NUMBERS", "ROW_NUMBERS", "PRODUCTS", "KEPT"):
        monkeypatch.setattr(f"mlpsim.core.compiled.surfaces.{name}", 1)
    rng = np.random.default_rng(11)
    problem, theta = made((2, 6, 3), (TANH, IDENTITY), (True, True), BCE_LOGITS, samples, rng)
    plane = directions(theta, *rng.normal(0.0, 1.0, (2, len(theta))))
    assert_own_values(problem, plane, np.linspace(-1.0, 1.0, 130))
    answers = iter([False, False, True])
    assert Slice(problem, plane, COMPILED).values(ALPHAS, BETAS, lambda: next(answers)) is None


def test_many_outputs_do_not_overflow_what_stands_for_their_logarithms() -> None:
    rng = np.random.default_rng(2)
    problem, theta = made((2, 64), (IDENTITY,), (True,), BCE_LOGITS, 60, rng)
    assert_own_values(problem, directions(0.0 * theta, 0.01 * theta, theta))


UNEVEN = np.sort(np.random.default_rng(1).uniform(-1.0, 1.5, 47))


@pytest.mark.parametrize("samples", [7, 150])
@pytest.mark.parametrize("betas", [BETAS, np.linspace(-1.0, 1.5, 47), np.ones(40), UNEVEN])
@pytest.mark.parametrize("outputs", [1, 3])
def test_a_weight_of_the_last_layer_goes_with_one_of_the_first(outputs, betas, samples) -> None:
    """On either axis; the weight multiplies what depends on the other one."""
    rng = np.random.default_rng(13)
    sizes, activations = (2, 4, 3, outputs), (TANH, SIGMOID, IDENTITY)
    problem, theta = made(sizes, activations, (True,) * 3, BCE_LOGITS, samples, rng)
    first, last = (problem.network.layout[layer].w.start for layer in (0, 2))
    for parameters in ((first, last), (last, first), (last, last + 1)):
        plane = two_weights(theta, *parameters)
        assert_own_values(problem, plane, ALPHAS, betas)
        assert_own_values(problem, plane, betas, ALPHAS)
        assert_own_values(problem, plane, betas, betas)


@pytest.mark.parametrize("samples", [7, 300])
@pytest.mark.parametrize("hidden", [SIGMOID, TANH, IDENTITY], ids=lambda entry: entry.name)
def test_what_a_layer_of_zeros_stops_counts_no_more(hidden, samples) -> None:
    """The first layer needs both axes, the next one nothing, and the last one both again."""
    rng = np.random.default_rng(17)
    problem, theta = made((2, 4, 3, 1), (hidden,) * 3, (True,) * 3, BCE_LOGITS, samples, rng)
    first, second, last = problem.network.layout
    theta[second.w] = 0.0
    u, v = np.zeros((2, len(theta)))
    u[first.w], v[first.w] = rng.normal(0.0, 1.0, (2, first.w.stop - first.w.start))
    assert_own_values(problem, directions(theta, u, v))
    u[last.w], v[last.b] = 1.0, 0.5
    assert_own_values(problem, directions(theta, u, v))


@pytest.mark.parametrize("scale", [0.1, 3.0, 100.0])
@pytest.mark.parametrize("samples", [3, 40, 700])
def test_targets_may_lie_between_the_classes(samples, scale) -> None:
    rng = np.random.default_rng(19)
    problem, theta = made((2, 5, 1), (TANH, IDENTITY), (True,) * 2, BCE_LOGITS, samples, rng)
    soft = Dataset(problem.data.x, rng.uniform(0.0, 1.0, (samples, 1)))
    for data in (problem.data, soft):
        own = Problem(data, problem.network, BCE_LOGITS)
        u, v = scale * rng.normal(0.0, 1.0, (2, len(theta)))
        assert_own_values(own, directions(theta, u, v))
        assert_own_values(own, two_weights(scale * theta, 0, 2))


def test_what_has_no_twin_is_computed_by_numpy() -> None:
    cube = Activation("cube", lambda z: z**3, lambda z, a: 3.0 * z * z, lambda z, a: 6.0 * z)
    data = lecture_experiment().problem.data
    problem = Problem(data, Network((2, 1), (cube,), (False,)))
    plane = two_weights(np.array([0.1, 0.2]), 0, 1)
    found = Slice(problem, plane, COMPILED).values(ALPHAS, BETAS)
    assert np.array_equal(found, Slice(problem, plane).values(ALPHAS, BETAS))
