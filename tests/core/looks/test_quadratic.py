"""The quadratic model: J itself where J is quadratic, else off by third order; Newton's step."""

from dataclasses import replace

import numpy as np
import pytest

from mlpsim.core.activations import SIGMOID, TANH
from mlpsim.core.dataset import Dataset
from mlpsim.core.experiment import lecture_experiment
from mlpsim.core.files.presets import find_preset, load_presets
from mlpsim.core.looks.quadratic import POINTS, QuadraticModel, quadratic_model
from mlpsim.core.network import Network
from mlpsim.core.plane import directions, two_weights
from mlpsim.core.problem import Penalty, Problem
from mlpsim.core.window import Window

RNG = np.random.default_rng(7)


def preset(name: str) -> Problem:
    return find_preset(name, load_presets()).variant().experiment.problem


def deep() -> Problem:
    data = Dataset(RNG.normal(size=(12, 2)), RNG.uniform(size=(12, 1)))
    network = Network((2, 3, 1), (TANH, SIGMOID), (True, False))
    return Problem(data, network, reduction="mean", penalty=Penalty(l2=0.1))


def test_of_a_linear_network_it_is_j_itself_and_newtons_step_ends_in_the_minimum() -> None:
    problem = preset("ravine")
    theta = np.array([-1.0, 1.5])
    model = quadratic_model(problem, theta, two_weights(theta, 0, 1))
    places = RNG.normal(size=(50, 2))
    assert model.values(places) == pytest.approx(problem.value(places), rel=1e-12)
    least, *_ = np.linalg.lstsq(problem.data.x, problem.data.y[:, 0], rcond=None)
    assert model.shape == "minimum"
    assert model.flat_place == pytest.approx(least, rel=1e-12)


@pytest.mark.parametrize("scale", [1.0, 3.0])
def test_elsewhere_it_is_off_by_the_third_power_of_the_distance(scale) -> None:
    """Over directions that are neither unit vectors nor at right angles."""
    problem = deep()
    origin, theta, u, v = RNG.normal(size=(4, problem.network.n_params))
    plane = directions(origin, scale * u, v + 0.5 * u)
    model = quadratic_model(problem, theta, plane)
    d = RNG.normal(size=2) / scale

    def off(h: float) -> float:
        place = model.place + h * d
        return float(abs(model.values(place) - problem.value(plane.point(*place.tolist()))))

    assert off(0.0) == 0.0
    assert off(0.02) / off(0.01) == pytest.approx(8.0, rel=0.1)


def test_the_place_is_the_projection_of_the_state() -> None:
    problem = deep()
    theta = RNG.normal(size=problem.network.n_params)
    moved = theta.copy()
    moved[5] += 1.0  # off the plane of the first two weights through theta
    plane = two_weights(theta, 0, 1)
    here, there = (quadratic_model(problem, state, plane) for state in (theta, moved))
    assert here.place == pytest.approx(theta[:2])
    assert there.value == pytest.approx(here.value)
    assert there.curvature == pytest.approx(here.curvature)


@pytest.mark.parametrize(
    ("curvature", "shape"),
    [
        ([[2.0, 0.5], [0.5, 1.0]], "minimum"),
        ([[-2.0, 0.5], [0.5, -1.0]], "maximum"),
        ([[2.0, 0.0], [0.0, -1e-9]], "saddle"),
        ([[1.0, 1.0], [1.0, 1.0]], "valley"),
        ([[1.0, 0.0], [0.0, 1e-13]], "valley"),
        ([[0.0, 0.0], [0.0, 0.0]], "valley"),
        ([[np.inf, 0.0], [0.0, 1.0]], "valley"),
    ],
)
def test_the_shape_is_told_by_the_signs_of_the_curvatures(curvature, shape) -> None:
    place, slope = np.array([1.0, -2.0]), np.array([0.3, -0.4])
    model = QuadraticModel(place, 1.0, slope, np.array(curvature), np.eye(2))
    assert model.shape == shape
    if shape == "valley":
        assert model.flat_place is None
        return
    assert model.flat_place is not None
    rise = slope + np.array(curvature) @ (model.flat_place - place)
    assert rise == pytest.approx(np.zeros(2), abs=1e-12)


def test_at_the_saddle_of_the_preset_newtons_step_is_to_the_saddle() -> None:
    problem = preset("saddle")
    theta = np.array([0.3, -0.2])
    model = quadratic_model(problem, theta, two_weights(theta, 0, 1))
    w1, w2 = theta
    cross = -2.0 + 4.0 * w1 * w2  # of J = (1 - w1·w2)²
    hessian = np.array([[2.0 * w2 * w2, cross], [cross, 2.0 * w1 * w1]])
    assert model.curvature == pytest.approx(hessian, rel=1e-12)
    assert model.shape == "saddle"
    assert model.flat_place is not None
    assert np.abs(model.flat_place).max() < 0.1


def test_its_isolines_lie_where_it_has_their_value() -> None:
    problem = lecture_experiment().problem
    theta = np.array([-0.4, -0.05])
    model = quadratic_model(problem, theta, two_weights(theta, 0, 1))
    window = Window(-2.0, 1.0, -1.0, 1.0)
    levels = (0.2, 0.5, 1.0)
    lines = model.isolines(window, levels)
    assert [line.value for line in lines] == list(levels)
    step = max(window.width, window.height) / (POINTS - 1)
    bend = float(np.abs(np.linalg.eigvalsh(model.curvature)).max()) * step**2
    for line in lines:
        assert line.lines
        for points in line.lines:
            assert model.values(points) == pytest.approx(line.value, abs=bend)
    assert model.isolines(window, (-1.0,))[0].lines == ()


def test_what_is_not_finite_has_no_lines_and_no_step() -> None:
    problem = replace(lecture_experiment().problem, penalty=Penalty(l2=1.0))
    theta = np.array([1e200, 0.0])
    model = quadratic_model(problem, theta, two_weights(theta, 0, 1))
    assert model.isolines(Window(-1.0, 1.0, -1.0, 1.0), (0.5,))[0].lines == ()


def test_the_derivatives_towards_a_place_are_those_of_j_along_the_line_in_space() -> None:
    """Over directions that are neither unit vectors nor at right angles, by differences."""
    problem = deep()
    origin, u, v = RNG.normal(size=(3, problem.network.n_params))
    plane = directions(origin, 3.0 * u, v + 0.5 * u)
    model = quadratic_model(problem, origin, plane)
    for alpha, beta in RNG.normal(size=(5, 2)):
        line = plane.point(alpha, beta) - origin
        d, h = line / np.linalg.norm(line), 1e-4
        behind, here, ahead = problem.value(origin + np.array([[-h], [0.0], [h]]) * d)
        found = model.towards(np.array([alpha, beta]))
        assert found is not None
        assert found.slope == pytest.approx((ahead - behind) / (2.0 * h), rel=1e-6)
        assert found.curvature == pytest.approx((ahead - 2.0 * here + behind) / h**2, abs=1e-5)


def test_the_slope_is_least_along_the_step_and_none_across_it() -> None:
    theta = np.array([0.0, 0.0])
    model = quadratic_model(lecture_experiment().problem, theta, two_weights(theta, 0, 1))
    gradient = np.array([2.75, 1.0])  # the lecture's, by hand
    down, across = model.towards(-1e300 * gradient), model.towards(np.array([1.0, -2.75]))
    assert down is not None
    assert across is not None
    assert down.slope == pytest.approx(-np.hypot(2.75, 1.0), rel=1e-12)
    assert across.slope == pytest.approx(0.0, abs=1e-12)


def test_there_is_no_direction_from_the_state_to_itself_nor_in_a_plane_without_extent() -> None:
    problem, theta = deep(), RNG.normal(size=12)
    model = quadratic_model(problem, theta, two_weights(theta, 0, 1))
    assert model.towards(model.place) is None
    flat = quadratic_model(problem, theta, directions(theta, 0.0 * theta, 0.0 * theta))
    assert flat.towards(np.array([1.0, 2.0])) is None
    wild = QuadraticModel(np.zeros(2), 1.0, np.ones(2), np.full((2, 2), np.inf), np.eye(2))
    assert wild.towards(np.array([1.0, 2.0])) is None
