"""Separation: a direction only where it is proved."""

from dataclasses import replace

import numpy as np
import pytest

from mlpsim.core.activations import IDENTITY, SIGMOID, TANH
from mlpsim.core.dataset import Dataset
from mlpsim.core.experiment import lecture_experiment
from mlpsim.core.losses import ABSOLUTE_ERROR, BCE_LOGITS, HALF_SQUARED_ERROR
from mlpsim.core.network import Network
from mlpsim.core.problem import Penalty, Problem
from mlpsim.core.proofs import separation
from mlpsim.core.proofs.separation import separates_strictly

LECTURE = lecture_experiment().problem


def neuron(x, y, bias=False, activation=SIGMOID, **changes):
    return Problem(Dataset(x, y), Network((len(x[0]), 1), (activation,), (bias,)), **changes)


@pytest.mark.parametrize("loss", [LECTURE.loss, HALF_SQUARED_ERROR])
def test_along_the_direction_the_lectures_error_falls_to_0(loss) -> None:
    problem = replace(LECTURE, loss=loss)
    direction = separates_strictly(problem)
    assert direction is not None
    signs = 2.0 * problem.data.y - 1.0
    assert (signs * (problem.data.x @ direction[:, None]) > 0.0).all()
    values = problem.value(np.array([1.0, 5.0, 25.0])[:, None] * direction)
    assert (np.diff(values) < 0.0).all()
    assert values[-1] < 1e-15


def test_cross_entropy_and_a_bias_are_covered() -> None:
    # Both positive inputs: only a threshold separates them.
    data = ([[1.0], [3.0]], [[0], [1]])
    assert separates_strictly(neuron(*data, loss=BCE_LOGITS, activation=IDENTITY)) is None
    problem = neuron(*data, bias=True, loss=BCE_LOGITS, activation=IDENTITY)
    w, b = separates_strictly(problem)
    assert w + b < 0.0 < 3.0 * w + b


@pytest.mark.parametrize(
    "problem",
    [
        neuron([[1.0], [2.0]], [[0], [1]]),  # not separable without a bias
        neuron([[0.0]], [[1]]),  # an input of length 0
        neuron([[1.0]], [[0.5]]),  # not a label
        neuron([[1.0]], [[1]], activation=TANH),
        neuron([[1.0]], [[1]], loss=ABSOLUTE_ERROR),
        neuron([[1.0]], [[1]], penalty=Penalty(l2=0.1)),
        Problem(Dataset([[1.0]], [[1]]), Network((1, 1, 1), (TANH, SIGMOID), (False, False))),
        Problem(Dataset([[1.0]], [[1, 1]]), Network((1, 2), (SIGMOID,), (False,))),
    ],
)
def test_nothing_is_claimed_where_it_is_not_proved(problem, monkeypatch) -> None:
    monkeypatch.setattr(separation, "MAX_UPDATES", 200)
    assert separates_strictly(problem) is None


def test_a_margin_within_rounding_is_no_proof() -> None:
    # Opposite labels at almost the same direction: the margin of any w is below its rounding.
    x = [[1.0, 1.0], [1.0, 1.0 + 1e-15]]
    assert separates_strictly(neuron(x, [[1], [0]])) is None
