"""The lens: verdicts on known points, and no claim that a random search refutes."""

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest

from mlpsim.core.activations import IDENTITY, RELU, SIGMOID
from mlpsim.core.dataset import Dataset
from mlpsim.core.experiment import lecture_experiment
from mlpsim.core.feasible import Ball, Box
from mlpsim.core.network import Network
from mlpsim.core.problem import Problem
from mlpsim.core.proofs.lens import LensQuestion
from mlpsim.core.proofs.neighbourhood import Lens
from tests.core.exact import lecture_drop
from tests.core.random_problems import descended, points_of, random_problem
from tests.recorded import OPTIMA, problem_of

LECTURE = lecture_experiment().problem
ON_BOX = replace(LECTURE, feasible=Box((-10.0, -10.0), (10.0, 10.0)))
SEEDS = range(0, 150, 5)


def answer(problem, z, epsilon, shape="disc", delta=1e-9):
    return LensQuestion(problem, Lens(tuple(map(float, z)), epsilon, shape), delta).answer()


def verdicts(found) -> tuple[str, str, str]:
    return found.exactly, found.up_to_delta, found.locally.verdict


@pytest.mark.parametrize("problem", [LECTURE, ON_BOX])
@pytest.mark.parametrize("shape", ["disc", "square"])
def test_on_the_plateau_it_is_refuted_exactly_and_certified_up_to_delta(problem, shape) -> None:
    found = answer(problem, (-10.0, -10.0), 0.1, shape)
    assert verdicts(found) == ("refuted", "certified", "refuted")
    u, (low, high) = found.lower.theta, found.lower.drop
    exact = lecture_drop((-10.0, -10.0), u)
    assert 0.0 < low <= high < 1.02 * low
    assert Decimal(low) <= exact <= Decimal(high)
    assert problem.feasible.contains(u)
    assert found.locally.by == "slope"
    # ∂E/∂v there is 2e⁻³⁰, and v = 2w₁₁ - 5w₁₂: E falls where w₁₂ grows.
    assert found.locally.way.direction[1] == pytest.approx(1.0)
    steepest = 2.0 * np.exp(-30.0) * (5.0 if problem is ON_BOX else 5.8)
    assert found.locally.way.bend == pytest.approx((-steepest, -steepest), rel=1e-9)


def test_where_the_values_agree_in_all_digits_the_slope_still_tells() -> None:
    found = answer(LECTURE, (-30.0, -30.0), 0.1)
    assert verdicts(found) == ("refuted", "certified", "refuted")
    exact = lecture_drop((-30.0, -30.0), found.lower.theta)
    assert Decimal(found.lower.drop[0]) <= exact <= Decimal(found.lower.drop[1])
    assert LECTURE.value(found.lower.theta) == LECTURE.value(np.array([-30.0, -30.0]))


@pytest.mark.parametrize(
    ("case", "epsilon", "expected", "by"),
    [
        # A corner holds exactly; it is the global optimum, so in every neighbourhood.
        ("lecture-wall-1 global", 0.5, ("certified", "certified", "certified"), "signs"),
        ("lecture-wall-1 global", 10.0, ("certified", "certified", "certified"), "signs"),
        # A rounded minimiser is not told from the true one beside it.
        ("lecture-wall-1 local", 0.5, ("open", "certified", "certified"), "curvature"),
        ("lecture-wall-1 local", 10.0, ("refuted", "refuted", "certified"), "curvature"),
        ("lecture-wall-1 kkt-not-minimum", 0.01, ("refuted", "refuted", "refuted"), "curvature"),
        ("lecture-box-1.0 global", 3.0, ("open", "certified", "certified"), "curvature"),
        ("lecture-box-10.0 global", 3.0, ("open", "certified", "certified"), "curvature"),
        ("lecture-ball-1 global", 3.0, ("open", "certified", "certified"), "curvature"),
        ("lecture-l2-0.02 global", 1.0, ("open", "certified", "certified"), "curvature"),
        ("bad-local-minimum global", 1.0, ("open", "certified", "certified"), "curvature"),
        ("bad-local-minimum local", 0.1, ("open", "certified", "certified"), "curvature"),
        ("bad-local-minimum local", 10.0, ("refuted", "refuted", "certified"), "curvature"),
        ("bad-local-minimum saddle", 0.1, ("refuted", "refuted", "refuted"), "curvature"),
    ],
)
def test_golden_points(case, epsilon, expected, by) -> None:
    name, kind = case.split()
    problem = problem_of(OPTIMA[name])
    for known in OPTIMA[name]["points"]:
        if known["kind"] != kind:
            continue
        z = [float(w) for w in known["w"]]
        found = answer(problem, z, epsilon)
        assert verdicts(found) == expected
        assert found.locally.by == by
        if by == "curvature" and expected[2] == "certified":
            assert 0.0 < found.locally.distance < 1e-12
        if kind == "kkt-not-minimum":
            # On the wall E'' along w₁₂ is what bends it down.
            bend = problem.hessian(np.array(z))[1, 1]
            assert found.locally.way.direction.tolist() == [0.0, pytest.approx(1.0, abs=2.0)]
            assert found.locally.way.bend == pytest.approx((bend, bend), rel=1e-9)
        if found.lower is not None:
            drop = float(known["f"]) - float(problem.value(found.lower.theta))
            assert found.lower.drop == pytest.approx((drop, drop), rel=1e-6)


def test_the_lowest_point_is_found_far_away_in_a_narrow_valley() -> None:
    found = answer(replace(LECTURE, feasible=Box((1.0, -4.0), (4.0, 4.0))), (1.0, 0.79), 20.0)
    assert found.lower.theta.tolist() == [1.0, -4.0]


def test_up_to_a_larger_delta_the_same_point_passes() -> None:
    for delta, verdict in ((1e-9, "refuted"), (1e-5, "certified")):
        found = answer(LECTURE, (5.0, 5.0), 0.1, delta=delta)
        assert verdicts(found) == ("refuted", verdict, "refuted")


def test_an_epsilon_below_the_floats_leaves_the_way_that_falls() -> None:
    found = answer(LECTURE, (-10.0, -10.0), 1e-20)
    assert verdicts(found) == ("refuted", "certified", "refuted")
    assert found.lower is None


@pytest.mark.parametrize("seed", SEEDS)
def test_no_random_search_refutes_what_is_claimed(seed) -> None:
    problem, rng = random_problem(seed), np.random.default_rng(seed)
    n_params = problem.network.n_params
    z = points_of(problem.feasible, n_params, 1, rng)[0]
    if seed % 2:
        thetas, values = descended(problem, 8, 100, rng)
        z = thetas[np.nanargmin(values)]
    elif isinstance(problem.feasible, Box):
        z = np.where(rng.random(n_params) < 0.5, problem.feasible.lo, problem.feasible.hi)
    epsilon = 10.0 ** rng.uniform(-2.0, 1.0)
    found = answer(problem, z, epsilon, "square" if seed % 4 else "disc")
    region = found.question.region
    here = float(problem.value(region.z))
    slack = 1e-13 * max(1.0, abs(here))
    around = region.near(region.z + epsilon * rng.uniform(-1.0, 1.0, (3_000, n_params)))
    lowest = float(np.nanmin(problem.value(around))) - here
    if found.exactly == "certified":
        assert lowest >= -slack
        assert found.up_to_delta == "certified"
    if found.up_to_delta == "certified":
        assert lowest >= -1e-9 - slack
    if found.up_to_delta == "refuted":
        assert found.exactly == "refuted"
        assert found.lower.drop[0] > 1e-9
    if found.lower is not None:
        drop = here - float(problem.value(found.lower.theta))
        assert found.lower.drop[0] - slack <= drop <= found.lower.drop[1] + slack
        assert 0.0 < found.lower.drop[0] <= found.lower.drop[1]
        assert problem.feasible.contains(found.lower.theta)
    if found.locally.verdict == "certified":
        near = problem.feasible.project(region.z + rng.uniform(-1e-4, 1e-4, (2_000, n_params)))
        assert float(np.nanmin(problem.value(near))) - here >= -slack
    if found.locally.by == "slope":
        way = found.locally.way.direction
        lengths = np.array([1e-12, 1e-9, 1e-7, 1e-5, 1e-3])  # descent ends very near to kinks
        ahead = problem.value(region.z + lengths[:, None] * way)
        assert (ahead <= here + slack).any()


def test_a_long_search_ends_when_it_is_interrupted() -> None:
    case = OPTIMA["lecture-wall-1"]
    corner = LensQuestion(problem_of(case), Lens((1.0, -4.0), 10.0))
    found = corner.answer(lambda: True)
    assert verdicts(found) == ("open", "open", "certified")


def test_a_delta_below_the_rounding_of_j_is_left_open() -> None:
    problem = problem_of(OPTIMA["lecture-l2-0.02"])
    z = [float(w) for w in OPTIMA["lecture-l2-0.02"]["points"][0]["w"]]
    found = answer(problem, z, 1.0, delta=1e-30)
    assert verdicts(found) == ("open", "open", "certified")


def test_one_weight_and_three_are_looked_at_too() -> None:
    line = Problem(Dataset([[1.0], [2.0]], [[1.0], [2.0]]), Network((1, 1), (IDENTITY,), (False,)))
    # E = 5(w - 1)²: at w = 0.9 the lowest point within 0.2 is w = 1, lower by 0.05.
    found = answer(line, (0.9,), 0.2)
    assert verdicts(found) == ("refuted", "refuted", "refuted")
    assert found.lower.theta == pytest.approx([1.0], abs=1e-4)
    assert found.lower.drop[1] == pytest.approx(0.05, rel=1e-6)
    held = replace(line, feasible=Box((-1.0,), (0.9,)))
    assert verdicts(answer(held, (0.9,), 0.2)) == ("certified",) * 3
    three = Problem(
        Dataset([[1.0, 2.0], [-1.0, 0.5]], [[1.0], [0.0]]),
        Network((2, 1), (SIGMOID,), (True,)),
        feasible=Ball((0.0, 0.0, 0.0), 2.0),
    )
    found = answer(three, (0.1, -0.2, 0.3), 0.5, "square")
    assert verdicts(found) == ("refuted", "refuted", "refuted")


def test_where_nothing_is_finite_nothing_is_claimed() -> None:
    steep = Problem(Dataset([[1e200]], [[0.0]]), Network((1, 1), (IDENTITY,), (False,)))
    found = answer(steep, (1e200,), 1.0)
    assert verdicts(found) == ("open", "open", "open")


def test_what_is_no_question_is_refused() -> None:
    with pytest.raises(ValueError, match="δ has to be above 0"):
        LensQuestion(LECTURE, Lens((0.0, 0.0), 0.1), 0.0)
    with pytest.raises(ValueError, match="z has 3 coordinates, the network 2 parameters"):
        LensQuestion(LECTURE, Lens((0.0, 0.0, 0.0), 0.1))
    wide = Problem(Dataset([[0.0]], [[0.0]]), Network((1, 2, 1), (RELU, IDENTITY), (False, False)))
    with pytest.raises(ValueError, match="one to three parameters, not at 4"):
        LensQuestion(wide, Lens((0.0,) * 4, 0.1))
