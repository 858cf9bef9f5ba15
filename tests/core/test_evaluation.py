"""Evaluation against numbers counted by hand."""

from dataclasses import replace

import numpy as np
import pytest

from mlpsim.core.activations import IDENTITY, SIGMOID
from mlpsim.core.dataset import Dataset
from mlpsim.core.evaluation import evaluate
from mlpsim.core.experiment import lecture_experiment
from mlpsim.core.held_out import HeldOut, Split
from mlpsim.core.losses import SOFTMAX_CE_LOGITS, SQUARED_ERROR
from mlpsim.core.network import Network
from mlpsim.core.problem import Penalty, Problem
from mlpsim.core.readout import readout
from mlpsim.core.run import Run

ONE = Network((1, 1), (IDENTITY,), (False,))


def test_numbers_have_a_root_mean_square_and_a_share_of_variance():
    data = Dataset([[1.0], [2.0], [3.0]], [[1.0], [2.0], [6.0]])
    # ŷ = 2x: residuals −1, −2, 0; ȳ = 3 with squares 4 + 1 + 9.
    shown = evaluate(Problem(data, ONE), np.array([2.0]), data)
    assert shown.samples == 3
    assert shown.mean_error == pytest.approx(5.0 / 3.0)
    assert shown.rms == pytest.approx((5.0 / 3.0) ** 0.5)
    assert shown.r2 == pytest.approx(1.0 - 5.0 / 14.0)
    assert shown.accuracy is None
    assert shown.confusion is None


def test_targets_that_do_not_vary_have_no_share_of_variance():
    data = Dataset([[1.0], [2.0]], [[3.0], [3.0]])
    assert np.isnan(evaluate(Problem(data, ONE), np.array([1.0]), data).r2)


def test_two_classes_are_counted_by_what_they_are_and_what_is_told():
    data = Dataset([[1.0], [2.0], [-1.0], [-3.0], [4.0]], [[1], [1], [1], [0], [0]])
    problem = Problem(data, Network((1, 1), (SIGMOID,), (False,)), SQUARED_ERROR)
    shown = evaluate(problem, np.array([1.0]), data)
    # Told 1 where x > 0: of the ones two right and one not, of the noughts one right, one not.
    assert shown.confusion.tolist() == [[1, 1], [1, 2]]
    assert shown.accuracy == pytest.approx(3.0 / 5.0)


def test_three_classes():
    x = np.array([[0.1, 3.0, 0.0], [2.0, 1.0, 0.0], [0.0, 0.5, 4.0], [0.0, 5.0, 4.0]])
    y = np.array([[0, 1, 0], [0, 1, 0], [0, 0, 1], [0, 0, 1]], dtype=np.float64)
    network = Network((3, 3), (IDENTITY,), (False,))
    data = Dataset(x, y)
    shown = evaluate(Problem(data, network, SOFTMAX_CE_LOGITS), np.eye(3).ravel(), data)
    assert shown.confusion.tolist() == [[0, 0, 0], [1, 1, 0], [0, 1, 1]]
    assert shown.accuracy == 0.5
    p = np.exp(x) / np.exp(x).sum(axis=1, keepdims=True)
    assert shown.mean_error == pytest.approx(-np.log(p[y == 1.0]).mean(), rel=1e-12)


def test_the_penalty_is_no_error_and_the_reduction_does_not_matter():
    lecture = lecture_experiment().problem
    theta = np.array([0.1, -0.4])
    plain = evaluate(lecture, theta, lecture.data)
    other = replace(lecture, reduction="mean", penalty=Penalty(1.0, 1.0))
    assert evaluate(other, theta, lecture.data).mean_error == plain.mean_error
    assert plain.mean_error == pytest.approx(float(lecture.value(theta)) / 4.0)


def test_the_readout_tells_of_held_out_samples():
    lecture = lecture_experiment()
    assert readout(Run.from_experiment(lecture), 0).held_out is None
    # At w = 0 every ŷ is ½: an error of ¼, and class 0.
    held_out = HeldOut(Dataset([[1.0, 2.0], [3.0, 4.0]], [[1.0], [0.0]]), (0, 3), Split())
    shown = readout(Run.from_experiment(replace(lecture, held_out=held_out)), 0).held_out
    assert (shown.samples, shown.mean_error, shown.accuracy) == (2, 0.25, 0.5)
