"""The readout against the lecture's numbers and classes counted by hand."""

import numpy as np
import pytest

from mlpsim.core.activations import IDENTITY, SIGMOID, TANH
from mlpsim.core.dataset import Dataset
from mlpsim.core.experiment import lecture_experiment
from mlpsim.core.losses import HINGE, SOFTMAX_CE_LOGITS, SQUARED_ERROR
from mlpsim.core.network import Network
from mlpsim.core.problem import Problem
from mlpsim.core.readout import accuracy, length, predictions_and_errors, readout
from mlpsim.core.sampling import Sampling
from tests.runs import lecture_run


def test_the_start_of_the_lectures_example():
    shown = readout(lecture_run(0), 0)
    assert (shown.epoch, shown.place) == (0, 0)
    assert shown.value == 1.0
    assert shown.gradient_norm == pytest.approx(np.hypot(2.75, 1.0), rel=1e-15)
    # At w = 0 every ŷ is ½, which is not strictly above ½: class 0, right for two of four.
    assert shown.accuracy == 0.5


def test_one_step_of_gradient_descent():
    shown = readout(lecture_run(3), 1)
    assert (shown.epoch, shown.place, shown.steps_per_epoch) == (1, 1, 1)
    assert shown.value == pytest.approx(0.433931, abs=5e-7)
    assert shown.accuracy == 1.0


@pytest.mark.parametrize(
    ("k", "epoch", "place"), [(0, 0, 0), (1, 1, 1), (2, 1, 2), (3, 2, 1), (4, 2, 2)]
)
def test_epoch_and_place_count_from_one(k, epoch, place):
    shown = readout(lecture_run(4, sampling=Sampling(3)), k)
    assert (shown.epoch, shown.place, shown.steps_per_epoch) == (epoch, place, 2)


def test_the_length_of_a_vector_neither_overflows_nor_hides_what_is_not_finite():
    assert length(np.array([3e200, 4e200])) == pytest.approx(5e200, rel=1e-15)
    assert length(np.array([3e-200, -4e-200])) == pytest.approx(5e-200, rel=1e-15)
    assert length(np.zeros(2)) == 0.0
    assert length(np.array([1.0, -np.inf])) == np.inf
    assert np.isnan(length(np.array([1.0, np.nan])))


def problem(y, loss, last, x=((1.0,), (-2.0,), (3.0,))) -> Problem:
    y = np.array(y, dtype=np.float64).reshape(len(x), -1)
    return Problem(Dataset(np.array(x), y), Network((1, y.shape[1]), (last,), (False,)), loss)


def test_hinge_tells_classes_by_the_sign():
    assert accuracy(problem([1, 1, -1], HINGE, IDENTITY), np.array([1.0])) == pytest.approx(1 / 3)
    assert accuracy(problem([-1, 1, -1], HINGE, IDENTITY), np.array([-1.0])) == 1.0


def test_tanh_tells_classes_by_the_sign():
    assert accuracy(problem([1, -1, -1], SQUARED_ERROR, TANH), np.array([1.0])) == pytest.approx(
        2 / 3
    )


def test_several_outputs_tell_the_largest():
    y = [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
    three = problem(y, SOFTMAX_CE_LOGITS, IDENTITY)
    assert accuracy(three, np.array([0.0, -1.0, 1.0])) == pytest.approx(2 / 3)
    assert accuracy(three, np.zeros(3)) == pytest.approx(1 / 3)


@pytest.mark.parametrize(
    ("y", "last"),
    [
        ([0.2, 1, 0], SIGMOID),
        ([0, 1, 1], IDENTITY),
        ([0, 1, 1], TANH),
        ([[1, 1], [0, 1], [1, 0]], SIGMOID),
    ],
)
def test_numbers_are_no_classes(y, last):
    given = problem(y, SQUARED_ERROR, last)
    assert accuracy(given, np.ones(given.network.n_params)) is None


def test_some_samples_are_predicted_as_all_of_them() -> None:
    problem, theta = lecture_experiment().problem, np.array([0.3, -0.2])
    y_hat, errors = predictions_and_errors(problem, theta, slice(1, 3))
    np.testing.assert_array_equal(y_hat, problem.predict(theta, problem.data.x)[1:3])
    np.testing.assert_array_equal(errors, problem.errors(theta)[1:3])
