"""Certified optima against known ones, and against many-start projected descent."""

from dataclasses import replace

import numpy as np
import pytest

from mlpsim.core.activations import IDENTITY, RELU, SIGMOID, SIN, TANH
from mlpsim.core.dataset import Dataset
from mlpsim.core.experiment import lecture_experiment
from mlpsim.core.feasible import Ball, Box, WholeSpace
from mlpsim.core.losses import ABSOLUTE_ERROR
from mlpsim.core.network import Network
from mlpsim.core.problem import Penalty, Problem
from mlpsim.core.proofs import certify
from mlpsim.core.proofs.certify import minimize
from tests.core.random_problems import descended, random_problem
from tests.recorded import OPTIMA, problem_of

LECTURE = lecture_experiment().problem
# One layer after another with one weight each: f* = 0 on a hyperbola.
SADDLE = Problem(Dataset([[1.0]], [[1.0]]), Network((1, 1, 1), (IDENTITY,) * 2, (False,) * 2))


def square(reach, n_params=2):
    return Box((-reach,) * n_params, (reach,) * n_params)


def covers(optimum, theta, slack):
    inside = (optimum.cover.lo - slack <= theta) & (theta <= optimum.cover.hi + slack)
    return inside.all(axis=-1).any()


@pytest.mark.parametrize("case", OPTIMA.values(), ids=OPTIMA)
def test_known_optima_lie_within_the_bounds_and_the_cover(case) -> None:
    problem = problem_of(case)
    optimum = minimize(problem)
    assert optimum.verdict == "certified"
    assert optimum.isolated
    known = [point for point in case["points"] if point["kind"] == "global"]
    assert known
    for point in known:
        value = float(point["f"])
        # 18 digits rounded to a float, nothing more.
        assert optimum.f_lo <= value * (1.0 + 1e-15)
        assert optimum.f_hi >= value * (1.0 - 1e-15)
        theta = np.array([float(w) for w in point["w"]])
        assert covers(optimum, theta, 1e-15 * np.abs(theta).max())
    for point in case["points"]:
        if point["kind"] != "global" and float(point["f"]) > 1.001 * optimum.f_hi:
            assert not covers(optimum, np.array([float(w) for w in point["w"]]), 0.0)
    assert optimum.gap <= 1e-9 * optimum.f_hi
    assert problem.feasible.contains(optimum.theta)
    assert problem.value(optimum.theta) <= optimum.f_hi


@pytest.mark.parametrize(("reach", "known"), [(5.0, 3.748964867e-9), (50.0, 2.517264206e-87)])
def test_the_lectures_tiny_optima_are_never_0(reach, known) -> None:
    optimum = minimize(LECTURE, square(reach))
    assert optimum.verdict == "certified"
    assert 0.0 < optimum.f_lo <= optimum.f_hi
    assert optimum.f_lo == pytest.approx(known, rel=1e-8)
    assert optimum.theta[0] == -reach


def test_no_descent_gets_below_the_lower_bound() -> None:
    rng = np.random.default_rng(2024)
    certified = 0
    for seed in range(150):
        problem = random_problem(seed)
        optimum = minimize(problem, tolerance=1e-6, patience=0.01)
        thetas, values = descended(problem, 24, 25, rng)
        lowest = values.min()
        slack = 1e-13 * (1.0 + abs(lowest))  # what float64 loses while it computes J
        assert optimum.f_lo <= lowest + slack, (seed, thetas[values.argmin()])
        assert optimum.f_lo <= optimum.f_hi
        assert problem.value(optimum.theta) <= optimum.f_hi + slack, seed
        assert problem.feasible.contains(optimum.theta), seed
        certified += optimum.verdict == "certified"
        if optimum.verdict == "certified":
            # Descent that ended at the optimum ended in its cover.
            best = thetas[values <= optimum.f_lo]
            assert all(covers(optimum, theta, 1e-9) for theta in best), seed
    assert certified >= 100  # of about 120


def test_on_the_whole_space_the_lectures_infimum_is_not_attained() -> None:
    optimum = minimize(replace(LECTURE, feasible=square(1.0)), WholeSpace())
    assert (optimum.f_lo, optimum.f_hi, optimum.gap) == (0.0, 0.0, 0.0)
    assert optimum.verdict == "infimum-not-attained"
    assert len(optimum.cover.lo) == 0
    assert LECTURE.value(100.0 * optimum.theta) < 1e-60


def test_on_the_whole_space_a_penalty_makes_the_infimum_a_minimum() -> None:
    """The optimum of lecture-l2-0.02 is inside its box, and so that of the whole plane."""
    case = OPTIMA["lecture-l2-0.02"]
    optimum = minimize(problem_of(case), WholeSpace())
    assert (optimum.verdict, optimum.isolated) == ("certified", True)
    assert optimum.f_lo <= 0.0258918076530855414 <= optimum.f_hi
    assert covers(optimum, np.array([-1.37103627238118904, 0.0568676382019591418]), 1e-15)


def test_on_the_whole_space_nothing_else_is_claimed() -> None:
    for other in (
        SADDLE,
        replace(LECTURE, data=Dataset(LECTURE.data.x, 1.0 - LECTURE.data.y[[1, 2, 3, 0]])),
    ):
        with pytest.raises(ValueError, match="choose a box or a ball"):
            minimize(other, WholeSpace())


def lecture_error(w11, w12):
    """E of the lecture's example, as its formula has it."""
    u, v = w11 + w12, 2.0 * w11 - 5.0 * w12
    return sum((1.0 / (1.0 + np.exp(-z))) ** 2 for z in (2.0 * u, 3.0 * u, 4.0 * u, v))


def least_on(path):
    """The least E along a closed curve t in [0, 1] -> (w11, w12), zoomed in on."""
    best, reach = 0.5, 0.5
    for _ in range(14):
        t = np.linspace(best - reach, best + reach, 4001)
        best, reach = float(t[np.argmin(lecture_error(*path(t)))]), reach / 200.0
    return float(lecture_error(*path(np.array(best))))


def rim(centre, radius):
    return lambda t: (
        centre[0] + radius * np.cos(2.0 * np.pi * t),
        centre[1] + radius * np.sin(2.0 * np.pi * t),
    )


def walls(lo, hi):
    """Around a box: its corners at t = 0, 1/4, 1/2 and 3/4."""
    x, y = [lo[0], hi[0], hi[0], lo[0], lo[0]], [lo[1], lo[1], hi[1], hi[1], lo[1]]
    corners = [0.0, 0.25, 0.5, 0.75, 1.0]
    return lambda t: (np.interp(t % 1.0, corners, x), np.interp(t % 1.0, corners, y))


@pytest.mark.parametrize(
    "feasible",
    [
        *(Ball((0.0, 0.0), radius) for radius in (0.25, 4.0, 10.0)),
        *(Ball((3.0, -1.0), 2.5), Ball((-4.0, 6.0), 5.0), Ball((1.0, 1.0), 2.0)),
        *(Ball((5.0, 5.0), 1.0), Ball((0.3, -7.0), 3.0), Ball((-2.0, -2.0), 0.01)),
        *(square(0.1), square(3.0), Box((-2.0, 2.0), (3.0, 7.0)), Box((0.5, -1.0), (0.7, 1.0))),
        *(Box((-6.0, -9.0), (-1.0, -2.0)), Box((4.0, 4.0), (5.0, 6.0))),
    ],
    ids=str,
)
def test_the_lectures_optimum_is_the_least_on_the_boundary_of_c(feasible) -> None:
    """There is no stationary point on the plane, so that every optimum lies on the boundary."""
    if isinstance(feasible, Ball):
        known = least_on(rim(feasible.center, feasible.radius))
    else:
        known = least_on(walls(feasible.lo, feasible.hi))
    optimum = minimize(LECTURE, feasible)
    assert optimum.verdict == "certified"
    assert optimum.f_lo <= known * (1.0 + 1e-12)
    assert optimum.f_hi >= known * (1.0 - 1e-12)


def test_a_minimum_on_a_curve_is_not_isolated_and_0_is_not_certified() -> None:
    optimum = minimize(SADDLE, square(3.0))
    assert optimum.verdict == "gap"
    assert not optimum.isolated
    assert 0.0 == optimum.f_lo <= optimum.f_hi < 1e-11
    assert certify.MAX_COVER < len(optimum.cover.lo) <= certify.MAX_REPORTED
    t = np.linspace(0.4, 2.5, 50)
    for theta in np.stack([t, 1.0 / t], axis=-1):
        assert covers(optimum, theta, 1e-12)
    assert minimize(SADDLE, square(3.0), 1e-9, absolute=True).verdict == "certified"


def test_a_minimum_of_0_at_one_point_is_isolated() -> None:
    line = Problem(Dataset([[1.0], [2.0]], [[1.0], [2.0]]), Network((1, 1), (IDENTITY,), (False,)))
    optimum = minimize(line, Box((-4.0,), (5.0,)))
    assert optimum.isolated
    assert covers(optimum, np.array([1.0]), 0.0)
    assert (optimum.f_lo, optimum.verdict) == (0.0, "gap")


def test_three_parameters_and_several_minima() -> None:
    wave = Problem(Dataset([[1.0]], [[-1.5]]), Network((1, 1), (SIN,), (False,)))
    optimum = minimize(wave, square(6.0, 1))
    assert optimum.verdict == "certified"
    for minimiser in (-0.5 * np.pi, 1.5 * np.pi):
        assert covers(optimum, np.array([minimiser]), 0.0)
    biased = Problem(
        Dataset([[-1.0, 0.0], [1.0, 2.0], [0.5, -1.0]], [[0], [1], [1]]),
        Network((2, 1), (SIGMOID,), (True,)),
        penalty=Penalty(l2=0.1),
    )
    optimum = minimize(biased, square(5.0, 3))
    assert optimum.verdict == "certified"
    assert optimum.isolated
    assert biased.stationarity(optimum.theta) < 1e-3


def test_degenerate_sets_are_single_points() -> None:
    for feasible in (Box((0.5, -0.25), (0.5, -0.25)), Ball((0.5, -0.25), 0.0)):
        optimum = minimize(LECTURE, feasible)
        assert optimum.verdict == "certified"
        assert optimum.theta.tolist() == [0.5, -0.25]
        assert optimum.f_lo <= LECTURE.value(optimum.theta) <= optimum.f_hi
    flat = minimize(LECTURE, Box((-1.0, 0.5), (2.0, 0.5)))
    assert flat.theta.tolist() == [-1.0, 0.5]


def test_the_best_point_of_a_far_small_ball_lies_inside_it() -> None:
    ball = Ball((1e6, 0.0), 1e-9)
    optimum = minimize(LECTURE, ball)
    assert np.hypot(optimum.theta[0] - 1e6, optimum.theta[1]) <= 1e-9


def test_what_overflows_is_never_certified() -> None:
    steep = Problem(Dataset([[1e200]], [[0.0]]), Network((1, 1), (IDENTITY,), (False,)))
    optimum = minimize(steep, Box((1e200,), (2e200,)))
    assert optimum.f_hi == np.inf
    assert optimum.verdict == "gap"
    whole = minimize(LECTURE, square(1e308))
    assert 0.0 <= whole.f_lo <= whole.f_hi < 1e-100
    for feasible in (square(1.7e308), Ball((0.0, 0.0), 1e308)):
        vast = minimize(LECTURE, feasible)
        assert 0.0 <= vast.f_lo <= vast.f_hi
        assert not vast.isolated
    with pytest.raises(ValueError, match="beyond all numbers"):
        minimize(LECTURE, Ball((0.0, 1e308), 1.7e308))


def test_it_stops_when_interrupted_with_bounds_that_hold() -> None:
    told = []
    optimum = minimize(
        LECTURE,
        square(10.0),
        interrupted=lambda: len(told) >= 3,
        report=lambda *reached: told.append(reached),
    )
    assert len(told) == 3
    assert optimum.verdict == "gap"
    assert not optimum.isolated
    assert optimum.f_lo <= 7.727622597e-18 <= optimum.f_hi
    assert (np.diff([lo for lo, _, _ in told]) >= 0.0).all()
    assert (np.diff([hi for _, hi, _ in told]) <= 0.0).all()
    shares = [share for _, _, share in told]
    assert 0.0 < shares[0] < shares[-1] < 1.0
    assert (np.diff(shares) > 0.0).all()
    assert covers(optimum, np.array([-10.0, 0.06544933792]), 0.0)


def test_it_gives_up_with_bounds_that_hold_when_there_are_too_many_boxes() -> None:
    problem = Problem(
        Dataset([[-1.0], [0.5], [2.0]], [[0.3], [-0.2], [0.9]]),
        Network((1, 2, 1), (TANH, IDENTITY), (True, True)),
        ABSOLUTE_ERROR,
    )
    optimum = minimize(problem, square(2.0, problem.network.n_params), patience=0.01)
    assert (optimum.verdict, optimum.ending) == ("gap", "boxes")
    assert not optimum.isolated
    assert 0.0 <= optimum.f_lo <= optimum.f_hi < 3.0


def test_it_looks_at_fewer_boxes_where_each_takes_longer_for_many_weights() -> None:
    rng = np.random.default_rng(3)
    data = Dataset(rng.normal(size=(48, 2)), rng.normal(size=(48, 1)))
    rounds: list[int] = []
    for sizes in ((2, 2, 1), (2, 16, 16, 1)):
        network = Network(sizes, (TANH,) * len(sizes[1:]), (True,) * len(sizes[1:]))
        problem, told = Problem(data, network), []
        optimum = minimize(
            problem,
            square(1.0, network.n_params),
            patience=0.1,
            report=lambda *reached, told=told: told.append(reached),
        )
        assert optimum.ending == "boxes"
        rounds.append(len(told))
    assert rounds[1] < rounds[0] < 200


def test_many_samples_are_judged_in_small_batches() -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(30_000, 1))
    problem = Problem(Dataset(x, x), Network((1, 1), (RELU,), (False,)))
    optimum = minimize(problem, Box((0.5,), (0.75,)))
    assert optimum.verdict == "certified"
    assert optimum.theta.tolist() == [0.75]


def test_c_has_to_fit_the_network() -> None:
    with pytest.raises(ValueError, match="3 parameters"):
        minimize(LECTURE, square(1.0, 3))
