"""Symbols: the lecture's table, letter by letter, and what other networks and losses give."""

import numpy as np
import pytest

from mlpsim.core.activations import IDENTITY, SIGMOID, TANH
from mlpsim.core.dataset import Dataset
from mlpsim.core.experiment import lecture_data, lecture_experiment
from mlpsim.core.losses import LOSSES, SQUARED_ERROR, loss
from mlpsim.core.network import Network
from mlpsim.core.problem import Problem
from mlpsim.views.labels.symbols import (
    error_in_symbols,
    hidden_in_symbols,
    predictions_in_symbols,
    total_in_symbols,
)

LECTURE = [
    ("σ(−3w¹₁₁ − 3w¹₁₂)", "(1 − σ(−3w¹₁₁ − 3w¹₁₂))²"),
    ("σ(−2w¹₁₁ − 2w¹₁₂)", "(1 − σ(−2w¹₁₁ − 2w¹₁₂))²"),
    ("σ(4w¹₁₁ + 4w¹₁₂)", "σ(4w¹₁₁ + 4w¹₁₂)²"),
    ("σ(2w¹₁₁ − 5w¹₁₂)", "σ(2w¹₁₁ − 5w¹₁₂)²"),
]


@pytest.mark.parametrize("s", range(4))
def test_the_lectures_table_is_written_as_the_lecture_writes_it(s):
    problem = lecture_experiment().problem
    assert (predictions_in_symbols(problem, s)[0], error_in_symbols(problem, s)) == LECTURE[s]
    assert hidden_in_symbols(problem, s) == ""


def test_the_total_is_the_sum_of_the_errors():
    problem = lecture_experiment().problem
    assert total_in_symbols(problem) == "e¹ + e² + e³ + e⁴"
    many = Problem(Dataset(np.zeros((12, 2)), np.zeros((12, 1))), problem.network, reduction="mean")
    assert total_in_symbols(many) == "(e¹ + e² + … + e¹²) / 12"


def one_neuron(x, y, activation, of, bias=True):
    data = Dataset([x], [y])
    return Problem(data, Network((len(x), len(y)), (activation,), (bias,)), of)


@pytest.mark.parametrize(
    ("x", "y", "activation", "of", "y_hat", "error"),
    [
        (
            [1, -1],
            [1],
            SIGMOID,
            "squared_error",
            "σ(w¹₁₁ − w¹₁₂ + b¹₁)",
            "(1 − σ(w¹₁₁ − w¹₁₂ + b¹₁))²",
        ),
        ([0, 2], [0], TANH, "half_squared_error", "tanh(2w¹₁₂ + b¹₁)", "½tanh(2w¹₁₂ + b¹₁)²"),
        ([0.5], [2], IDENTITY, "squared_error", "0.5w¹₁₁ + b¹₁", "(2 − (0.5w¹₁₁ + b¹₁))²"),
        ([0.5], [0], IDENTITY, "squared_error", "0.5w¹₁₁ + b¹₁", "(0.5w¹₁₁ + b¹₁)²"),
        ([-2], [0], IDENTITY, "absolute_error", "−2w¹₁₁ + b¹₁", "|−2w¹₁₁ + b¹₁|"),
        ([3], [-1], IDENTITY, "absolute_error", "3w¹₁₁ + b¹₁", "|−1 − (3w¹₁₁ + b¹₁)|"),
        ([3], [1], IDENTITY, "hinge", "3w¹₁₁ + b¹₁", "max(0, 1 − (3w¹₁₁ + b¹₁))"),
        ([3], [-1], IDENTITY, "hinge", "3w¹₁₁ + b¹₁", "max(0, 1 + (3w¹₁₁ + b¹₁))"),
        ([3], [1], IDENTITY, "bce_logits", "σ(3w¹₁₁ + b¹₁)", "−ln σ(3w¹₁₁ + b¹₁)"),
        ([3], [0], IDENTITY, "bce_logits", "σ(3w¹₁₁ + b¹₁)", "−ln(1 − σ(3w¹₁₁ + b¹₁))"),
        ([3], [1], SIGMOID, "huber", "σ(3w¹₁₁ + b¹₁)", "huber(1 − σ(3w¹₁₁ + b¹₁))"),
        ([1e-9], [1], SIGMOID, "absolute_error", "σ(10⁻⁹·w¹₁₁ + b¹₁)", None),
    ],
)
def test_every_loss_has_its_form(x, y, activation, of, y_hat, error):
    problem = one_neuron(x, y, activation, loss(of))
    assert predictions_in_symbols(problem, 0) == (y_hat,)
    assert error is None or error_in_symbols(problem, 0) == error


def test_softmax_names_the_classes():
    problem = one_neuron([2.0], [0.0, 1.0], IDENTITY, loss("softmax_ce_logits"), bias=False)
    assert predictions_in_symbols(problem, 0)[1] == "softmax(2w¹₁₁, 2w¹₂₁)₂"
    assert error_in_symbols(problem, 0) == "−ln ŷ₂"


def test_deeper_networks_are_written_with_their_activations():
    network = Network((2, 2, 1), (TANH, SIGMOID), (False, True))
    problem = Problem(lecture_data(), network)
    assert predictions_in_symbols(problem, 0) == ("σ(w²₁₁a¹₁ + w²₁₂a¹₂ + b²₁)",)
    assert error_in_symbols(problem, 0) == "(1 − ŷ)²"
    assert error_in_symbols(problem, 2) == "ŷ²"
    assert hidden_in_symbols(problem, 3).splitlines()[0] == "a¹₁ = tanh(2w¹₁₁ − 5w¹₁₂)"


def test_wide_sums_are_cut_and_an_input_of_zeros_is_zero():
    wide = one_neuron([1.0] * 20, [1.0], SIGMOID, SQUARED_ERROR, bias=False)
    assert predictions_in_symbols(wide, 0)[0].endswith("+ w¹₁₆ + …)")
    nothing = one_neuron([0.0, 0.0], [1.0], SIGMOID, SQUARED_ERROR, bias=False)
    assert predictions_in_symbols(nothing, 0) == ("σ(0)",)


@pytest.mark.parametrize("of", LOSSES, ids=lambda of: of.name)
def test_every_loss_writes_several_outputs(of):
    problem = one_neuron([1.0, 2.0], [1.0, 0.0, 0.0], IDENTITY, of)
    assert len(predictions_in_symbols(problem, 0)) == 3
    assert "ŷ₁" in error_in_symbols(problem, 0)
