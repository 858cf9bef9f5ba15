"""Neurons: the lecture's network and a deeper one, by hand."""

from dataclasses import replace
from math import exp, tanh

import numpy as np
import pytest

from mlpsim.core.activations import IDENTITY, TANH
from mlpsim.core.dataset import Dataset
from mlpsim.core.experiment import lecture_experiment
from mlpsim.core.losses import loss
from mlpsim.core.network import Network
from mlpsim.core.neurons import neurons
from mlpsim.core.problem import Problem


def test_the_lectures_neuron_at_sample_4() -> None:
    state = neurons(lecture_experiment().problem, np.array([0.5, 0.25]), 3)
    assert state.activations[0].tolist() == [2.0, -5.0]
    assert state.pre_activations[0].tolist() == [-0.25]
    assert state.activations[1] == pytest.approx([1 / (1 + exp(0.25))])
    assert state.prediction == pytest.approx([1 / (1 + exp(0.25))])
    assert (state.sample, state.theta.tolist()) == (3, [0.5, 0.25])


def test_a_logit_is_shown_beside_its_probability() -> None:
    network = Network((1, 1, 1), (TANH, IDENTITY), (True, False))
    data = Dataset(np.array([[2.0]]), np.array([[1.0]]))
    problem = replace(Problem(data, network), loss=loss("bce_logits"))
    state = neurons(problem, np.array([0.5, -0.25, 3.0]), 0)
    logit = 3.0 * tanh(0.75)
    assert [z.tolist() for z in state.pre_activations] == [[0.75], pytest.approx([logit])]
    assert state.activations[2] == pytest.approx([logit])
    assert state.prediction == pytest.approx([1 / (1 + exp(-logit))])


def test_far_out_nothing_is_said_of_overflow() -> None:
    state = neurons(lecture_experiment().problem, np.array([1e308, 1e308]), 2)
    assert state.pre_activations[0].tolist() == [np.inf]
    assert state.prediction.tolist() == [1.0]
