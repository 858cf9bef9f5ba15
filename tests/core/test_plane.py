"""Planes against PyTorch's slices and against hand calculation."""

import json
from typing import Any

import numpy as np
import pytest

from mlpsim.core.activations import activation
from mlpsim.core.network import Network
from mlpsim.core.oracles.case import read_case
from mlpsim.core.plane import (
    Plane,
    directions,
    filter_normalised,
    one_weight,
    pca,
    random_directions,
    two_weights,
)
from mlpsim.core.problem import Problem
from mlpsim.core.slices import Slice
from tests.recorded import recorded_case


def slices(name: str, kind: str) -> dict[str, Any]:
    found: dict[str, Any] = next(s for s in recorded_case(name)["slices"] if s["kind"] == kind)
    return found


def problem_of(name: str) -> Problem:
    return read_case(json.dumps(recorded_case(name)).encode()).problem


def assert_close(actual: Any, expected: Any, tolerance: float = 1e-12) -> None:
    expected = np.array(expected)
    assert np.max(np.abs(actual - expected) / np.maximum(1.0, np.abs(expected))) <= tolerance


@pytest.mark.parametrize("name", ["s01", "s12"])
def test_values_over_two_weights_are_pytorchs(name: str) -> None:
    expected = slices(name, "two_weights")
    plane = two_weights(np.array(expected["origin"]), *expected["params"])
    values = Slice(problem_of(name), plane).values(
        np.array(expected["xs"]), np.array(expected["ys"])
    )
    assert_close(values, expected["values_[y][x]"])


def test_values_over_given_directions_are_pytorchs() -> None:
    expected = slices("s05", "directions")
    plane = directions(*(np.array(expected[key]) for key in ("origin", "d1", "d2")))
    alphas, betas = np.array(expected["alphas"]), np.array(expected["betas"])
    values = Slice(problem_of("s05"), plane).values(alphas, betas)
    assert_close(values, expected["values_[b][a]"])


def test_filter_normalised_directions_are_pytorchs() -> None:
    expected = slices("s06", "filter_normalised")
    problem = problem_of("s06")
    plane = filter_normalised(
        problem.network, *(np.array(expected[key]) for key in ("origin", "raw1", "raw2"))
    )
    assert_close(plane.u, expected["normalised1"])
    assert_close(plane.v, expected["normalised2"])
    values = Slice(problem, plane).values(np.array(expected["alphas"]), np.array(expected["betas"]))
    assert_close(values, expected["values_[b][a]"])


@pytest.mark.parametrize("name", ["s05", "s13"])
def test_pca_of_a_path_is_pytorchs(name: str) -> None:
    expected = slices(name, "pca")
    path = np.array(recorded_case(name)["runs"][expected["run"]]["trajectory"])
    plane = pca(path)
    assert_close(plane.origin, expected["origin"], 1e-9)
    assert_close(plane.u, expected["d1"], 1e-9)
    assert_close(plane.v, expected["d2"], 1e-9)
    assert_close(plane.project(path), expected["coordinates"], 1e-9)
    assert_close(plane.distance(path), expected["projection_error"], 1e-9)
    assert_close(plane.explained, expected["explained_variance_ratio"], 1e-9)


def test_on_two_weights_alpha_and_beta_are_the_weights() -> None:
    theta = np.array([0.5, -1.0, 0.2, 7.0])
    plane = two_weights(theta, 2, 0)
    assert plane.project(theta).tolist() == [0.2, 0.5]
    assert plane.point(0.2, 0.5).tolist() == theta.tolist()
    assert float(plane.distance(theta)) == 0.0
    away = theta + np.array([0.0, 3.0, 0.0, 4.0])
    assert float(plane.distance(away)) == 5.0


def test_the_distance_of_a_run_that_is_about_to_diverge_does_not_overflow() -> None:
    plane = two_weights(np.zeros(4), 2, 0)
    far = np.array([[0.0, 3e200, 0.0, 4e200], [1.0, 3e-200, 2.0, 4e-200], [1.0, 3.0, 2.0, 4.0]])
    assert plane.distance(far) == pytest.approx([5e200, 5e-200, 5.0], rel=1e-14)
    with np.errstate(all="raise"):
        assert not np.isfinite(plane.distance(np.array([0.0, np.inf, 0.0, 0.0])))


def test_projection_onto_skew_directions_is_the_least_squares_answer() -> None:
    rng = np.random.Generator(np.random.PCG64(3))
    origin, u, v, *thetas = rng.normal(size=(8, 6))
    plane = directions(origin, u, v)
    for theta in thetas:
        answer = np.linalg.lstsq(np.stack([u, v], axis=1), theta - origin, rcond=None)
        assert_close(plane.project(theta), answer[0])
        assert_close(plane.distance(theta) ** 2, answer[1][0])


def test_random_directions_repeat_with_their_seed_and_keep_the_rows_sizes() -> None:
    network = problem_of("s06").network
    theta = np.array(slices("s06", "filter_normalised")["origin"])
    first = random_directions(network, 4)
    assert np.array_equal(first, random_directions(network, 4))
    assert not np.array_equal(first, random_directions(network, 5))
    plane = filter_normalised(network, theta, *first)
    for layer in range(network.depth):
        expected = np.linalg.norm(network.weights(theta, layer), axis=-1)
        assert_close(np.linalg.norm(network.weights(plane.u, layer), axis=-1), expected, 1e-9)
        assert not np.any(network.connections(plane.v)[layer].b)


def test_directions_of_weights_that_are_all_zero_span_nothing() -> None:
    network = problem_of("s06").network
    theta = np.zeros(network.n_params)
    plane = filter_normalised(network, theta, *random_directions(network, 1))
    assert plane.is_degenerate
    assert plane.project(theta + 1.0).tolist() == [0.0, 0.0]
    assert not two_weights(theta, 0, 1).is_degenerate


def test_one_weight_is_a_line() -> None:
    plane = one_weight(np.array([0.75]))
    assert plane.is_degenerate
    assert plane.project(np.array([[0.75], [2.0]])).tolist() == [[0.75, 0.0], [2.0, 0.0]]
    assert plane.points(np.array([1.0, 2.0]), np.zeros(1)).tolist() == [[[1.0], [2.0]]]


@pytest.mark.parametrize(
    ("places", "sentence"),
    [((0, 0), "choose two different"), ((0, 3), "no parameter 4"), ((-1, 1), "no parameter 0")],
)
def test_axes_that_do_not_exist_are_refused(places: tuple[int, int], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        two_weights(np.zeros(3), *places)


@pytest.mark.parametrize("path", [np.zeros((1, 3)), np.ones((4, 3)), np.ones((5, 1))])
def test_a_path_that_spans_nothing_has_no_plane(path: np.ndarray[Any, Any]) -> None:
    with pytest.raises(ValueError, match="a path of two or more weights"):
        pca(path)


def test_a_straight_path_explains_itself_along_u() -> None:
    plane: Plane = pca(np.outer(np.arange(4.0), [3.0, 4.0]))
    assert_close(plane.u, [0.6, 0.8])
    assert plane.explained[0] == pytest.approx(1.0)
    assert float(plane.u @ plane.v) == pytest.approx(0.0, abs=1e-15)


def test_a_planes_unit_is_the_geometric_mean_of_its_directions_lengths() -> None:
    plane = directions(np.zeros(3), np.array([3.0, 4.0, 0.0]), np.array([0.0, 0.0, 20.0]))
    assert plane.unit == pytest.approx(10.0)
    assert two_weights(np.zeros(3), 0, 2).unit == 1.0


def test_a_place_beyond_all_numbers_is_infinite_in_silence() -> None:
    plane = directions(np.zeros(2), np.array([2.0, 0.0]), np.array([0.0, -3.0]))
    assert plane.point(1e308, 0.0).tolist() == [np.inf, 0.0]
    assert plane.points(np.array([0.5]), np.array([1e308])).tolist() == [[[1.0, -np.inf]]]


def test_weights_beyond_all_lengths_have_no_random_plane() -> None:
    network = Network((3, 1), (activation("sigmoid"),), (False,))
    raw = random_directions(network, 1)
    assert np.isfinite(filter_normalised(network, np.full(3, 1e150), *raw).u).all()
    with pytest.raises(ValueError, match="too large for random directions"):
        filter_normalised(network, np.full(3, 1e300), *raw)
