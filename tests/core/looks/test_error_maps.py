"""Error maps: each sample's own surface, and that they add up to E, or to J."""

from dataclasses import replace

import numpy as np
import pytest

from mlpsim.core.experiment import lecture_experiment
from mlpsim.core.looks.error_maps import PENALTY, REST, error_maps
from mlpsim.core.plane import two_weights
from mlpsim.core.problem import Penalty, Problem
from mlpsim.core.window import Window

PROBLEM = lecture_experiment().problem
PLANE = two_weights(np.zeros(2), 0, 1)
WINDOW = Window(-3.0, 1.0, -1.5, 1.5)


def maps_of(problem: Problem, samples: tuple[int, ...]):
    found = error_maps(problem, PLANE, WINDOW, samples)
    assert found is not None
    return found


def grid(maps) -> np.ndarray:
    return PLANE.points(maps.xs, maps.ys)


def test_the_lectures_four_maps_are_its_four_errors_and_add_up_to_its_loss() -> None:
    maps = maps_of(PROBLEM, (0, 1, 2, 3))
    w1, w2 = np.moveaxis(grid(maps), -1, 0)
    sigma = [1.0 / (1.0 + np.exp(-z)) for z in (3 * w1 + 3 * w2, 2 * w1 + 2 * w2)]
    np.testing.assert_allclose(maps.values[0], sigma[0] ** 2, atol=1e-15)
    np.testing.assert_allclose(maps.values[1], sigma[1] ** 2, atol=1e-15)
    assert maps.keys == (0, 1, 2, 3)
    total = maps.total(frozenset(maps.keys))
    np.testing.assert_allclose(total.values, PROBLEM.value(grid(maps)))
    assert total.isolines
    np.testing.assert_allclose(maps.total(frozenset({1, 3})).values, maps.values[[1, 3]].sum(0))
    assert (maps.total(frozenset()).values == 0.0).all()


def test_the_samples_maps_have_one_scale() -> None:
    maps = maps_of(PROBLEM, (0, 1, 2, 3))
    limits = {part.limits for part in maps.parts}
    assert len(limits) == 1
    assert all(part.log == maps.log for part in maps.parts)


def test_what_is_left_out_the_mean_and_the_penalty_add_up_to_the_objective() -> None:
    problem = replace(PROBLEM, reduction="mean", penalty=Penalty(l2=0.3))
    maps = maps_of(problem, (2,))
    assert maps.keys == (2, REST, PENALTY)
    np.testing.assert_allclose(
        maps.total(frozenset(maps.keys)).values, problem.value(grid(maps)), rtol=1e-12
    )
    assert len(maps.parts) == 3


@pytest.mark.parametrize("limit", [0, 5])
def test_a_cancelled_map_is_none(limit: int) -> None:
    asked = iter(range(1000))
    found = error_maps(PROBLEM, PLANE, WINDOW, (0,), lambda: next(asked) >= limit)
    assert found is None
