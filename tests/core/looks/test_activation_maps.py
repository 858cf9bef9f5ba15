"""Activation maps against a forward pass written out by hand."""

import numpy as np
import pytest

from mlpsim.core.activations import IDENTITY, TANH
from mlpsim.core.looks.activation_maps import activation_maps
from mlpsim.core.looks.input_grid import InputGrid
from mlpsim.core.network import Network
from mlpsim.core.window import Window

WINDOW = Window(-1.0, 2.0, 0.0, 4.0)


def test_every_neuron_is_mapped_over_two_inputs_with_the_others_held():
    network = Network((3, 2, 1), (TANH, IDENTITY), (True, False))
    w1, b1, w2 = np.array([[0.5, -1.0, 2.0], [0.0, 1.0, -0.5]]), np.array([0.1, -0.2]), [3.0, -4.0]
    theta = np.concatenate([w1.ravel(), b1, w2])
    others = np.array([99.0, 0.7, 99.0])  # of inputs 0 and 2 nothing is read
    inputs, hidden, output = activation_maps(
        network, theta, InputGrid((2, 0), others, WINDOW, 4, 4)
    )
    assert [a.shape for a in (inputs, hidden, output)] == [(3, 4, 4), (2, 4, 4), (1, 4, 4)]
    for row, column in ((0, 0), (3, 1), (1, 3)):
        # The first row is the top of the window: x₁ = 4; x₃ grows to the right.
        x = np.array([4.0 - row * 4.0 / 3.0, 0.7, -1.0 + column])
        a = np.tanh(w1 @ x + b1)
        assert inputs[:, row, column] == pytest.approx(x)
        assert hidden[:, row, column] == pytest.approx(a)
        assert output[0, row, column] == pytest.approx(3.0 * a[0] - 4.0 * a[1])


def test_a_single_input_is_mapped_along_one_row():
    network = Network((1, 2), (TANH,), (False,))
    grid = InputGrid((0, 0), np.array([0.3]), WINDOW, 5, 5)
    inputs, output = activation_maps(network, np.array([1.0, -2.0]), grid)
    assert inputs.tolist() == [[[-1.0, -0.25, 0.5, 1.25, 2.0]]]
    assert output[1, 0] == pytest.approx(np.tanh(-2.0 * inputs[0, 0]))


def test_the_grid_varies_two_inputs():
    grid = InputGrid((0, 1), np.zeros(2), WINDOW, 3, 2)
    assert grid.xs.tolist() == [-1.0, 0.5, 2.0]
    assert grid.ys.tolist() == [0.0, 4.0]
    assert grid.shape == (2, 3)
    assert grid.inputs.tolist() == [[-1.0, 0.5, 2.0] * 2, [0.0] * 3 + [4.0] * 3]
