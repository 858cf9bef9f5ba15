"""Feasible sets: projections onto them, and what is none."""

from collections.abc import Callable

import numpy as np
import pytest

from mlpsim.core.feasible import Ball, Box, WholeSpace


def test_projections() -> None:
    box, ball = Box((-1.0, 0.0), (1.0, 2.0)), Ball((1.0, 0.0), 2.0)
    np.testing.assert_array_equal(box.project(np.array([[3.0, -1.0], [0.5, 1.0]]))[0], [1.0, 0.0])
    np.testing.assert_allclose(ball.project(np.array([1.0, 7.0])), [1.0, 2.0])
    np.testing.assert_array_equal(ball.project(np.array([1.0, 1.0])), [1.0, 1.0])
    assert list(box.contains(np.array([[3.0, -1.0], [0.5, 1.0]]))) == [False, True]
    assert ball.contains(ball.project(np.array([9.0, 7.0])))
    assert WholeSpace().contains(np.array([1e300]))


def test_a_projection_lies_in_the_set_whatever_is_rounded() -> None:
    rng = np.random.default_rng(0)
    ball = Ball((0.1, 0.7, -0.3), 0.3)
    assert ball.contains(ball.project(rng.normal(size=(1000, 3)))).all()
    box = Box((-1.0, 0.0), (1.0, 2.0))
    assert box.contains(np.array([[-1.0, 0.0], [1.0, 2.0]])).all()


def test_a_set_of_one_point_is_a_set() -> None:
    for point in (Box((1.0, 2.0), (1.0, 2.0)), Ball((1.0, 2.0), 0.0)):
        for theta in (np.array([1.0, 2.0]), np.array([7.0, -1.0])):
            np.testing.assert_array_equal(point.project(theta), [1.0, 2.0])


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Box((0.0,), (1.0, 2.0)), "1 lower and 2 upper"),
        (lambda: Box((2.0,), (1.0,)), "empty"),
        (lambda: Ball((0.0,), -1.0), "not 0 or above"),
        (lambda: Ball((np.inf,), 1.0), "not finite"),
    ],
)
def test_what_is_no_set_is_refused(make: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make()
