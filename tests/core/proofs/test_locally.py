"""Locally: what the gradient and the Hessian at a point prove, on problems solved by hand."""

from dataclasses import replace

import numpy as np
import pytest

from mlpsim.core.activations import IDENTITY, RELU
from mlpsim.core.dataset import Dataset
from mlpsim.core.experiment import lecture_experiment
from mlpsim.core.feasible import Ball, Box, WholeSpace
from mlpsim.core.losses import ABSOLUTE_ERROR
from mlpsim.core.network import Network
from mlpsim.core.problem import Penalty, Problem
from mlpsim.core.proofs.locally import locally
from mlpsim.core.proofs.rises import Rises

LECTURE = lecture_experiment().problem


def quadratic(feasible=None, l2=0.0) -> Problem:
    """J = (w₁ - 1)² + (w₂ - 2)²."""
    data = Dataset([[1.0, 0.0], [0.0, 1.0]], [[1.0], [2.0]])
    network = Network((2, 1), (IDENTITY,), (False,))
    return Problem(data, network, penalty=Penalty(l2=l2), feasible=feasible or WholeSpace())


def at(problem, z):
    return locally(problem, Rises(problem, np.array(z, dtype=np.float64)))


def test_at_a_corner_the_signs_decide() -> None:
    found = at(quadratic(Box((2.0, 3.0), (5.0, 5.0))), (2.0, 3.0))
    assert (found.verdict, found.by) == ("certified", "signs")
    fixed = at(quadratic(Box((2.0, 0.5), (5.0, 0.5))), (2.0, 0.5))
    assert (fixed.verdict, fixed.by) == ("certified", "signs")


def test_off_the_corner_the_way_that_falls_is_feasible() -> None:
    found = at(quadratic(Box((2.0, 3.0), (5.0, 5.0))), (2.0, 4.0))
    # ∇J = (2, 4): along the wall J falls, through it nothing goes.
    assert (found.verdict, found.by) == ("refuted", "slope")
    assert found.way.direction.tolist() == [0.0, -1.0]
    assert found.way.bend == pytest.approx((-4.0, -4.0))


def test_inside_the_minimiser_is_certified_within_its_last_digits() -> None:
    found = at(quadratic(l2=0.1), (2.0 / 2.1, 4.0 / 2.1))
    assert (found.verdict, found.by) == ("certified", "curvature")
    assert 0.0 < found.distance < 1e-14


def test_a_wall_that_the_slope_does_not_press_against_leaves_it_open() -> None:
    # The minimiser (1, 2) itself lies on the wall: the sign of ∂J/∂w₁ is not known.
    assert at(quadratic(Box((1.0, 0.0), (5.0, 5.0))), (1.0, 2.0)).verdict == "open"


def test_on_a_sphere_the_nearest_point_is_certified_and_the_others_fall() -> None:
    problem = quadratic(Ball((0.0, 0.0), 1.0))
    nearest = np.array([1.0, 2.0]) / np.sqrt(5.0)
    found = at(problem, nearest)
    assert (found.verdict, found.by) == ("certified", "curvature")
    assert found.distance < 1e-14
    for angle in (0.0, 1.0, 1.2, 3.0, 4.5):
        z = np.array([np.cos(angle), np.sin(angle)])
        found = at(problem, z)
        assert (found.verdict, found.by) == ("refuted", "slope")
        assert found.way.direction @ z < 0.0  # inwards
        assert problem.value(z + 1e-6 * found.way.direction) < problem.value(z)
    found = at(problem, 0.5 * nearest)
    assert (found.verdict, found.by) == ("refuted", "slope")


def test_on_a_sphere_a_highest_point_is_not_certified() -> None:
    away = quadratic(Ball((4.0, 2.0), 1.0))
    # At (5, 2), the farthest point of the ball from (1, 2), the slope leads straight inwards.
    assert at(away, (5.0, 2.0)).verdict == "refuted"
    # The lecture's E on the unit ball: minimal and maximal along the circle, by golden/optima.json.
    ball = replace(LECTURE, feasible=Ball((0.0, 0.0), 1.0))
    best = at(ball, (-0.998879540811817253, 0.0473250773646817224))
    assert (best.verdict, best.by) == ("certified", "curvature")


def test_a_ball_of_radius_0_holds_its_only_point() -> None:
    found = at(quadratic(Ball((3.0, 3.0), 0.0)), (3.0, 3.0))
    assert (found.verdict, found.by) == ("certified", "signs")


def test_on_a_sphere_nothing_is_claimed_where_the_gradient_vanishes() -> None:
    # The minimiser (1, 2) lies on the sphere: the multiplier is 0.
    assert at(quadratic(Ball((0.0, 2.0), 1.0)), (1.0, 2.0)).verdict == "open"


def test_a_kink_is_left_open_and_a_slope_beside_it_is_not() -> None:
    data, line = Dataset([[1.0]], [[1.0]]), Network((1, 1), (IDENTITY,), (False,))
    absolute = Problem(data, line, ABSOLUTE_ERROR)
    assert at(absolute, (1.0,)).verdict == "open"  # |w - 1|
    assert at(absolute, (1.5,)).way.direction.tolist() == [-1.0]
    dead = Problem(Dataset([[1.0]], [[1.0]]), Network((1, 1), (RELU,), (False,)))
    assert at(dead, (-1.0,)).verdict == "open"  # constant around w = -1
    assert at(dead, (0.0,)).verdict == "open"


def test_a_plateau_too_flat_for_floats_is_left_open() -> None:
    assert at(LECTURE, (-400.0, -400.0)).verdict == "open"
