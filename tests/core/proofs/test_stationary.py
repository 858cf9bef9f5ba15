"""All stationary points: against golden ones, known by hand, and found by other means."""

from math import pi, sqrt

import numpy as np
import pytest

from mlpsim.core.activations import IDENTITY, RELU, SIN, activation
from mlpsim.core.dataset import Dataset
from mlpsim.core.experiment import lecture_experiment
from mlpsim.core.feasible import Ball, Box, WholeSpace
from mlpsim.core.losses import ABSOLUTE_ERROR
from mlpsim.core.network import Network
from mlpsim.core.problem import Problem
from mlpsim.core.proofs import stationary
from mlpsim.core.proofs.stationary import StationaryQuestion
from tests.core.random_problems import descended, random_problem
from tests.recorded import OPTIMA, problem_of

LECTURE = lecture_experiment().problem
KINDS = {"global": "minimum", "local": "minimum"}
# Two linear neurons in a row: J = (w1·w2 - 1)², with a saddle at 0 and the hyperbola w1·w2 = 1.
HYPERBOLA = Network((1, 1, 1), (IDENTITY, IDENTITY), (False, False))


def neuron(activation, feasible=None, y=0.0, loss=None):
    """One neuron on the sample (1, y)."""
    rest = {} if loss is None else {"loss": loss}
    network = Network((1, 1), (activation,), (False,))
    return Problem(Dataset([[1.0]], [[y]]), network, feasible=feasible or WholeSpace(), **rest)


def stationary_points(problem, window=None):
    return StationaryQuestion(problem, window).answer()


def thetas(found):
    return [point.theta.tolist() for point in found.points]


# -- golden and by hand ------------------------------------------------------------------------


@pytest.mark.parametrize("case", OPTIMA.values(), ids=OPTIMA)
def test_the_golden_points_are_found_and_called_what_they_are(case) -> None:
    found = stationary_points(problem_of(case))
    assert found.is_complete
    for golden in case["points"]:
        w = np.array([float(text) for text in golden["w"]])
        point = min(found.points, key=lambda point: np.abs(point.theta - w).max())
        # The golden digits are rounded to 53 bits here, the box is some of those wide.
        slack = 4e-16 * np.abs(w).max()
        assert (point.lo <= w + slack).all()
        assert (point.hi >= w - slack).all()
        assert (point.hi - point.lo < 1e-12).all()
        assert point.value[0] <= float(golden["f"]) <= point.value[1]
        assert point.kind == KINDS.get(golden["kind"], "saddle")
        eigenvalues = [float(text) for text in golden["hessian_eigenvalues"]]
        assert point.eigenvalues == pytest.approx(eigenvalues, rel=1e-6)


def test_on_the_wall_of_the_lectures_box_there_are_three_and_one_is_no_minimum() -> None:
    case = OPTIMA["lecture-wall-1"]
    corner, wall, ridge = stationary_points(problem_of(case)).points
    assert corner.is_corner
    assert corner.walls.tolist() == [-1, -1]
    assert wall.walls.tolist() == ridge.walls.tolist() == [-1, 0]
    assert not wall.is_corner
    assert (wall.kind, ridge.kind) == ("minimum", "saddle")


def test_the_bad_local_minimum_has_five_inside_and_one_on_each_of_two_walls() -> None:
    case = OPTIMA["bad-local-minimum"]
    found = stationary_points(problem_of(case))
    assert sum(not point.is_on_wall for point in found.points) == len(case["points"]) == 5
    assert [point.walls.tolist() for point in found.points if point.is_on_wall] == [[1, 0], [-1, 0]]


def test_the_lecture_has_none_in_any_window() -> None:
    found = stationary_points(LECTURE, Box((-50.0, -50.0), (50.0, 50.0)))
    assert found.is_complete
    assert not found.points
    assert not found.question.has_walls


def test_a_square_of_a_sine_is_stationary_at_the_multiples_of_a_quarter_turn() -> None:
    # J = sin²w, J' = sin 2w: at ±4 it grows outwards, so that the walls hold none.
    found = stationary_points(neuron(SIN, Box((-4.0,), (4.0,))))
    assert found.is_complete
    by_place = sorted(found.points, key=lambda point: point.theta[0])
    places = [-pi, -0.5 * pi, 0.0, 0.5 * pi, pi]
    assert [point.theta[0] for point in by_place] == pytest.approx(places, abs=1e-14)
    kinds = [point.kind for point in by_place]
    assert kinds == ["minimum", "maximum", "minimum", "maximum", "minimum"]
    assert found.points[0].value[0] <= 0.0 <= found.points[0].value[1]


def test_a_window_has_no_walls() -> None:
    # J = sin²w on [0.5, 2]: a maximum at π/2; as a set C the wall at 0.5 holds a minimum too.
    window = Box((0.5,), (2.0,))
    assert len(stationary_points(neuron(SIN), window).points) == 1
    walled = stationary_points(neuron(SIN, window)).points
    assert [(point.kind, point.walls.tolist()) for point in walled] == [
        ("minimum", [-1]),
        ("minimum", [1]),
        ("maximum", [0]),
    ]


def test_on_a_ball_the_multiplier_tells_which_ones_count() -> None:
    # On the unit disc (w1·w2 - 1)² has its saddle at 0 and, by hand, minima at ±(1, 1)/√2 with
    # λ = 1; at ±(1, -1)/√2, where λ = -3, it falls inwards.
    problem = Problem(Dataset([[1.0]], [[1.0]]), HYPERBOLA, feasible=Ball((0.0, 0.0), 1.0))
    found = stationary_points(problem)
    assert found.is_complete
    first, second, saddle = found.points
    assert first.theta == pytest.approx([-sqrt(0.5)] * 2, abs=1e-14)
    assert second.theta == pytest.approx([sqrt(0.5)] * 2, abs=1e-14)
    assert saddle.theta == pytest.approx([0.0, 0.0], abs=1e-14)
    assert [point.kind for point in found.points] == ["minimum", "minimum", "saddle"]
    assert [point.on_sphere for point in found.points] == [True, True, False]
    assert first.is_on_wall
    assert not first.is_corner


@pytest.mark.parametrize("centre", [(2.5, 0.0), (-1.0, 3.0), (0.5, -2.0), (0.0, 0.0)])
@pytest.mark.parametrize("name", ["lecture-box-1.0", "bad-local-minimum"])
def test_on_a_circle_the_same_are_found_as_by_walking_around_it(name, centre) -> None:
    case = OPTIMA[name]
    problem = problem_of(
        {**case, "feasible_set": {"type": "ball", "center": centre, "radius": 1.5}}
    )
    found = stationary_points(problem)
    assert found.is_complete
    angle = np.linspace(0.0, 2.0 * pi, 20_001)[:-1] + 1e-4
    normal = np.stack([np.cos(angle), np.sin(angle)], axis=-1)
    tangent = np.stack([-np.sin(angle), np.cos(angle)], axis=-1)
    gradient = problem.gradient(np.array(centre) + 1.5 * normal)
    along = (gradient * tangent).sum(axis=-1)
    turns = np.flatnonzero(along * np.roll(along, -1) < 0.0)
    turns = turns[(gradient * normal).sum(axis=-1)[turns] < 0.0]
    on_sphere = [point for point in found.points if point.on_sphere]
    assert len(on_sphere) == len(turns)
    for i in turns:
        at = np.array(centre) + 1.5 * normal[i]
        point = min(on_sphere, key=lambda point: np.linalg.norm(point.theta - at))
        assert np.linalg.norm(point.theta - at) < 1e-3
        assert point.kind == ("minimum" if along[i] < 0.0 else "saddle")


def test_in_one_dimension_a_ball_is_an_interval() -> None:
    found = stationary_points(neuron(SIN, Ball((1.25,), 0.75)))
    assert sorted(point.kind for point in found.points) == ["maximum", "minimum", "minimum"]
    assert sorted(thetas(found)) == pytest.approx(np.array([[0.5], [pi / 2.0], [2.0]]), abs=1e-14)


# -- what is not isolated or not proved --------------------------------------------------------


def test_a_curve_of_minima_is_covered_by_a_bounded_number_of_boxes() -> None:
    problem = Problem(Dataset([[1.0]], [[1.0]]), HYPERBOLA)
    found = stationary_points(problem, Box((-3.0, -3.0), (3.0, 3.0)))
    assert not found.is_isolated
    assert not found.is_complete
    assert [point.kind for point in found.points] == ["saddle"]
    assert 0 < len(found.cover.lo) <= stationary.MOST_REPORTED
    t = np.linspace(1.0 / 3.0, 3.0, 500)
    for branch in (np.column_stack([t, 1.0 / t]), np.column_stack([-t, -1.0 / t])):
        inside = (found.cover.lo <= branch[:, None]) & (branch[:, None] <= found.cover.hi)
        assert inside.all(axis=-1).any(axis=-1).all()
    middle = 0.5 * (found.cover.lo + found.cover.hi)
    assert np.abs(middle.prod(axis=-1) - 1.0).max() < 0.3


def test_where_a_relu_is_dead_everything_is_stationary() -> None:
    found = stationary_points(neuron(RELU, y=1.0), Box((-2.0,), (3.0,)))
    assert not found.is_isolated
    alive = found.points[-1] if found.points[-1].theta[0] > 0.5 else found.points[0]
    assert alive.theta[0] == pytest.approx(1.0, abs=1e-13)
    assert found.cover.lo.min() == -2.0
    assert found.cover.hi.max() == pytest.approx(0.0, abs=1e-3)


def test_a_kink_is_a_place_where_a_stationary_point_may_be() -> None:
    found = stationary_points(neuron(IDENTITY, y=1.0, loss=ABSOLUTE_ERROR), Box((-2.0,), (3.0,)))
    assert found.is_isolated
    assert not found.is_complete
    (point,) = found.points
    assert point.kind == "open"
    assert point.eigenvalues is None
    assert point.eigenvectors is None
    assert point.lo[0] <= 1.0 <= point.hi[0] <= point.lo[0] + 1e-4


def test_a_minimum_of_fourth_order_stays_open() -> None:
    # (sin w - 1)² is about (w - π/2)⁴/4: its second derivative vanishes.
    found = stationary_points(neuron(SIN, y=1.0), Box((1.0,), (2.0,)))
    (point,) = found.points
    assert (point.kind, point.is_proved) == ("open", False)
    assert point.lo[0] <= 0.5 * pi <= point.hi[0]
    assert point.eigenvalues == pytest.approx([0.0], abs=1e-6)


def test_a_gradient_that_vanishes_at_the_wall_stays_open() -> None:
    found = stationary_points(neuron(IDENTITY, Box((0.0,), (1.0,))))
    (point,) = found.points
    assert not point.is_proved
    assert point.lo[0] == 0.0
    assert point.hi[0] < 1e-5


def test_a_zero_outside_of_c_is_told_from_those_inside() -> None:
    # The parabola's zero lies just beyond the edge of the window, and just outside of C.
    parabola = neuron(IDENTITY)
    assert not stationary_points(parabola, Box((1e-7,), (2.0,))).points
    (wall,) = stationary_points(neuron(IDENTITY, Box((1e-7,), (2.0,)))).points
    assert wall.walls.tolist() == [-1]


def test_sets_c_without_a_width() -> None:
    (corner,) = stationary_points(neuron(SIN, Box((0.7,), (0.7,)))).points
    assert (corner.kind, corner.is_corner, corner.theta.tolist()) == ("minimum", True, [0.7])
    (centre,) = stationary_points(neuron(SIN, Ball((0.7,), 0.0))).points
    assert centre.theta.tolist() == [0.7]
    flat = Problem(
        Dataset([[1.0]], [[1.0]]), HYPERBOLA, feasible=Box((0.5, -3.0), (0.5, 3.0))
    )  # J = (w2/2 - 1)², lowest at w2 = 2
    (point,) = stationary_points(flat).points
    assert point.theta.tolist() == pytest.approx([0.5, 2.0], abs=1e-13)


def test_interrupted_it_still_covers_everything() -> None:
    case = OPTIMA["bad-local-minimum"]
    question = StationaryQuestion(problem_of(case), None)
    found = question.answer(lambda: True)
    assert not found.is_isolated
    for golden in question.answer().points:
        inside = (found.cover.lo <= golden.theta) & (golden.theta <= found.cover.hi)
        assert inside.all(axis=-1).any()


def test_too_many_undecided_places_are_not_called_isolated(monkeypatch) -> None:
    monkeypatch.setattr(stationary, "MOST_FINE", 0)
    found = stationary_points(neuron(SIN, y=1.0), Box((1.0,), (2.0,)))
    assert not found.is_isolated
    assert not found.points


def test_there_has_to_be_somewhere_to_look() -> None:
    with pytest.raises(ValueError, match="choose a set C"):
        stationary_points(LECTURE)
    with pytest.raises(ValueError, match="beyond all numbers"):
        stationary_points(neuron(SIN, Ball((1e308,), 1.7e308)))
    with pytest.raises(ValueError, match="1 parameters"):
        stationary_points(LECTURE, Box((0.0,), (1.0,)))


# -- soundness ---------------------------------------------------------------------------------


def is_stationary(problem, theta):
    """Whether a point is stationary to about 1e-7, found without intervals.

    On the boundary the projected step of length 1e-3 along -∇J, whatever its size, has to end
    where it began; inside, Newton's step has to be short.
    """
    gradient = problem.gradient(theta)
    size = np.linalg.norm(gradient)
    if size > 0.0:
        moved = problem.feasible.project(theta - 1e-3 * gradient / size)
        if np.linalg.norm(moved - theta) < 1e-10:
            return True
    values, vectors = np.linalg.eigh(problem.hessian(theta))
    if not np.abs(values).min() > 1e-3:
        return False
    step = vectors @ ((vectors.T @ gradient) / values)
    return bool(np.linalg.norm(step) < 1e-7)


@pytest.mark.parametrize("seed", range(50))
def test_descent_finds_no_other_points_and_no_point_is_called_what_it_is_not(seed) -> None:
    problem = random_problem(seed)
    rng = np.random.default_rng(seed)
    found = stationary_points(problem)
    lo = np.concatenate([found.cover.lo, *(point.lo[None] for point in found.points)])
    hi = np.concatenate([found.cover.hi, *(point.hi[None] for point in found.points)])
    ends, _ = descended(problem, 12, 250, rng)
    for theta in ends:
        if is_stationary(problem, theta):
            off = np.maximum(np.maximum(lo - theta, theta - hi), 0.0).max(axis=-1)
            assert off.min(initial=np.inf) < 1e-5
    for point in found.points:
        reach = 1e-3 * (1.0 + np.abs(point.theta).max())
        near = problem.feasible.project(
            point.theta + rng.normal(0.0, reach, (400, len(point.theta)))
        )
        change = problem.value(near) - problem.value(point.theta)
        rounding = 1e-13 * (1.0 + abs(point.value[1]))
        if point.kind == "minimum":
            assert change.min() >= -rounding
        if point.kind == "maximum":
            assert change.max() <= rounding


def test_every_activation_can_be_searched() -> None:
    for name in ("identity", "sigmoid", "tanh", "relu", "leaky_relu", "elu", "softplus", "gelu"):
        problem = neuron(activation(name), Box((-1.0,), (2.0,)), y=0.5)
        found = stationary_points(problem)
        assert found.points or len(found.cover.lo)
