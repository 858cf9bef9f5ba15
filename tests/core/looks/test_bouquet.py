"""The bouquet: the lecture's pulls by hand, and that whatever is left out still adds up."""

from dataclasses import replace

import numpy as np
import pytest

from mlpsim.core.activations import IDENTITY, TANH
from mlpsim.core.dataset import Dataset
from mlpsim.core.experiment import lecture_experiment
from mlpsim.core.looks.bouquet import MOST, batch_problem, bouquet, sample_gradients
from mlpsim.core.network import Network
from mlpsim.core.plane import two_weights
from mlpsim.core.problem import Penalty, Problem

ORIGIN = np.zeros(2)
PLANE = two_weights(ORIGIN, 0, 1)


def lecture_problem() -> Problem:
    return lecture_experiment().problem


def many(samples: int, width: int = 2) -> Problem:
    rng = np.random.default_rng(1)
    data = Dataset(rng.normal(size=(samples, 2)), rng.normal(size=(samples, 1)))
    return Problem(data, Network((2, width, 1), (TANH, IDENTITY), (True, True)))


def test_the_lectures_pulls_at_the_origin_add_up() -> None:
    found = bouquet(lecture_problem(), ORIGIN, PLANE, np.array([3]))
    assert found.samples.tolist() == [3, 0, 1, 2]
    assert found.in_batch.tolist() == [True, False, False, False]
    assert found.pulls.tolist() == [[-0.5, 1.25], [-0.75, -0.75], [-0.5, -0.5], [-1.0, -1.0]]
    assert found.total.tolist() == [-2.75, -1.0]
    assert found.rest is None
    assert found.penalty is None
    assert found.share == 1.0


def test_without_samples_everything_is_the_rest() -> None:
    problem = replace(lecture_problem(), penalty=Penalty(l2=0.5))
    found = bouquet(problem, np.array([1.0, -2.0]), PLANE, np.array([3]), most=0)
    assert found.samples.shape == found.in_batch.shape == (0,)
    assert found.pulls.shape == (0, 2)
    assert found.rest is not None
    np.testing.assert_allclose(found.rest, found.total - [-0.5, 1.0])
    assert found.total.tolist() == (-problem.gradient(np.array([1.0, -2.0]))).tolist()


def test_of_a_mean_each_pull_is_a_share() -> None:
    problem = replace(lecture_problem(), reduction="mean")
    found = bouquet(problem, ORIGIN, PLANE, np.arange(4))
    assert found.pulls[0].tolist() == [-0.1875, -0.1875]
    assert found.total.tolist() == [-0.6875, -0.25]


def test_a_penalty_pulls_too() -> None:
    theta = np.array([1.0, -2.0])
    problem = replace(lecture_problem(), penalty=Penalty(l2=0.5))
    found = bouquet(problem, theta, PLANE, np.arange(4))
    assert found.penalty is not None
    assert found.penalty.tolist() == [-0.5, 1.0]
    np.testing.assert_allclose(found.pulls.sum(axis=0) + found.penalty, found.total)


def test_only_part_of_a_gradient_lies_in_a_slice() -> None:
    theta = np.array([0.3, -0.2, 0.5, 0.1, 0.2, -0.4, 0.7, 0.6, 0.1])
    problem = many(5)
    gradient = problem.gradient(theta)
    found = bouquet(problem, theta, two_weights(theta, 0, 3), np.arange(5))
    expected = np.hypot(gradient[0], gradient[3]) / np.linalg.norm(gradient)
    assert found.share == pytest.approx(expected)
    np.testing.assert_allclose(found.total, [-gradient[0], -gradient[3]])


def test_of_many_samples_the_batch_and_the_largest_are_kept_and_the_rest_is_added_up() -> None:
    problem, batch = many(200), np.array([7, 150])
    theta = np.linspace(-1.0, 1.0, 9)
    plane = two_weights(theta, 0, 1)
    pulls = -sample_gradients(problem, theta, slice(None))[:, :2]
    smallest = int(np.argmin((pulls**2).sum(axis=1)))
    found = bouquet(problem, theta, plane, batch, smallest)
    assert len(found.samples) == MOST
    assert found.samples[:2].tolist() == [7, 150]
    assert smallest in found.samples
    assert int(np.argmax((pulls**2).sum(axis=1))) in found.samples
    assert found.rest is not None
    np.testing.assert_allclose(found.pulls, pulls[found.samples], atol=1e-14)
    np.testing.assert_allclose(found.pulls.sum(axis=0) + found.rest, found.total, atol=1e-12)


@pytest.mark.parametrize(("batch", "picked"), [([5], None), ([5, 77], 30_001), (None, 3)])
def test_of_very_many_samples_only_some_are_computed(
    batch: list[int] | None, picked: int | None
) -> None:
    problem = many(40_000)
    members = np.arange(40_000) if batch is None else np.array(batch)
    theta = np.linspace(-1.0, 1.0, 9)
    found = bouquet(problem, theta, two_weights(theta, 0, 1), members, picked)
    assert len(found.samples) <= MOST
    assert picked is None or picked in found.samples
    assert batch is None or set(batch) <= set(found.samples.tolist())
    assert found.rest is not None


def test_pulls_beyond_all_numbers_are_left_for_the_eye_to_leave_out() -> None:
    found = bouquet(many(3), np.full(9, 1e300), two_weights(np.zeros(9), 0, 1), np.arange(3))
    assert not np.isfinite(found.total).all()


@pytest.mark.parametrize("reduction", ["sum", "mean"])
def test_a_step_on_a_batch_descends_the_batchs_problem(reduction: str) -> None:
    problem = replace(lecture_problem(), reduction=reduction, penalty=Penalty(0.1, 0.4))
    theta, batch = np.array([0.4, -0.3]), np.array([1, 3, 3])
    own = batch_problem(problem, batch).gradient(theta)
    step = problem.step_gradient(theta, batch, "unbiased")
    np.testing.assert_allclose(own / np.linalg.norm(own), step / np.linalg.norm(step))


def test_the_batchs_error_is_the_sum_of_its_samples() -> None:
    theta = np.array([0.4, -0.3])
    errors = lecture_problem().errors(theta)
    own = batch_problem(lecture_problem(), np.array([0, 3]))
    assert float(own.value(theta)) == pytest.approx(errors[0] + errors[3])
