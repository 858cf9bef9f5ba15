"""Activations against finite differences, mpmath-free tails and the rules at kinks."""

import math
import pickle

import numpy as np
import pytest

from mlpsim.core.activations import ACTIVATIONS, SIGMOID, TANH, Activation, activation, elu
from mlpsim.core.erf import erfc

Z = np.array([-30.0, -4.3, -1.0, -0.3, 0.2, 0.9, 3.7, 30.0])


@pytest.mark.parametrize("entry", ACTIVATIONS, ids=lambda entry: entry.name)
def test_slope_and_curvature_are_the_derivatives(entry: Activation) -> None:
    h = 1e-5
    a = entry.fn(Z)
    slope = (entry.fn(Z + h) - entry.fn(Z - h)) / (2 * h)
    np.testing.assert_allclose(entry.slope(Z, a), slope, atol=1e-9, rtol=1e-8)
    up, down = Z + h, Z - h
    curvature = (entry.slope(up, entry.fn(up)) - entry.slope(down, entry.fn(down))) / (2 * h)
    np.testing.assert_allclose(entry.curvature(Z, a), curvature, atol=1e-8, rtol=1e-8)


@pytest.mark.parametrize(
    ("name", "value", "slope"),
    [("relu", None, 0.0), ("leaky_relu", 0.1, 0.1), ("elu", 2.5, 2.5)],
)
def test_slope_at_the_kink(name: str, value: float | None, slope: float) -> None:
    entry, zero = activation(name, value), np.zeros(1)
    assert entry.slope(zero, entry.fn(zero)) == slope


def test_sigmoid_keeps_both_tails() -> None:
    z = np.array([-600.0, -40.0, 40.0])
    np.testing.assert_allclose(SIGMOID.fn(z)[:2], [math.exp(-600), math.exp(-40)], rtol=1e-13)
    assert SIGMOID.complement is not None
    np.testing.assert_allclose(SIGMOID.complement(z)[2], math.exp(-40), rtol=1e-13)
    np.testing.assert_allclose(SIGMOID.slope(z, SIGMOID.fn(z)), np.exp(-np.abs(z)), rtol=1e-13)


def test_tanh_slope_is_not_zero_where_tanh_rounds_to_one() -> None:
    z = np.array([25.0])
    assert TANH.fn(z) == 1.0
    np.testing.assert_allclose(TANH.slope(z, TANH.fn(z)), 4 * math.exp(-50), rtol=1e-12)


def test_erfc_agrees_with_the_c_library() -> None:
    x = np.concatenate([np.linspace(-8, 26, 5001), [0.46875, 4.0, -0.46875, -4.0]])
    np.testing.assert_allclose(erfc(x), [math.erfc(v) for v in x], rtol=2e-15)


def test_equality_and_pickling_go_by_name_and_hyperparameter() -> None:
    assert activation("elu", 1.0) == elu() != elu(0.5)
    for entry in (*ACTIVATIONS, elu(0.3)):
        assert pickle.loads(pickle.dumps(entry)) == entry


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("swish", None, "unknown activation 'swish'"),
        ("tanh", 1.0, "no hyperparameter"),
        ("elu", math.inf, "not a finite number"),
    ],
)
def test_what_is_not_an_activation_is_refused(name: str, value: float | None, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        activation(name, value)
