"""Activations against finite differences, mpmath-free tails and the rules at kinks."""

import math
import pickle
from decimal import Decimal, localcontext

import numpy as np
import pytest

from mlpsim.core.activations import (
    ACTIVATIONS,
    SIGMOID,
    TANH,
    Activation,
    activation,
    elu,
)
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


@pytest.mark.parametrize("entry", ACTIVATIONS, ids=lambda entry: entry.name)
def test_numbers_without_axes_are_taken_too(entry: Activation) -> None:
    many, one = Z[:1], Z[0]
    a = entry.fn(many)
    assert entry.fn(one) == a[0]
    assert entry.slope(one, a[0]) == entry.slope(many, a)[0]
    assert entry.curvature(one, a[0]) == entry.curvature(many, a)[0]


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
    assert SIGMOID.with_complement is not None
    complement = SIGMOID.with_complement(z, np.empty(3))
    np.testing.assert_allclose(complement[2], math.exp(-40), rtol=1e-13)
    np.testing.assert_allclose(SIGMOID.slope(z, SIGMOID.fn(z)), np.exp(-np.abs(z)), rtol=1e-13)


def test_tanh_slope_is_not_zero_where_tanh_rounds_to_one() -> None:
    z = np.array([25.0])
    assert TANH.fn(z) == 1.0
    np.testing.assert_allclose(TANH.slope(z, TANH.fn(z)), 4 * math.exp(-50), rtol=1e-12)


@pytest.mark.parametrize("count", [1, 1000], ids=["few", "many"])
@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_tanh_and_its_slope_come_together_to_the_last_digits(sign: float, count: int) -> None:
    """Against decimals of 60 digits, from the smallest numbers to where the slope underflows."""
    sizes = [5e-324, 1e-310, 2.3e-308, 1e-100, 1e-17, 1e-8, 0.01, 0.3, 0.34657, 0.55, 0.9, 1.7, 2.5]
    sizes += [5.0, 9.3, 18.7, 19.1, 22.0, 25.0, 40.0, 100.0, 300.0, 353.0]
    rng = np.random.default_rng(0)
    sizes += [*10.0 ** rng.uniform(-18.0, 2.5, 300), *rng.uniform(0.0, 3.0, 300)]
    with localcontext(prec=60), np.errstate(over="ignore"):
        for size in sizes:
            a = np.full(count, sign * size)
            slope = TANH.with_slope(a, a)
            square = (2 * Decimal(size)).exp()
            # The series, where what is left of the quotient's 60 digits would be too little.
            exact = Decimal(size) if size < 1e-25 else (square - 1) / (square + 1)
            for found in (a, TANH.fn(np.full(count, sign * size))):
                error = abs(Decimal(float(found[-1])) - Decimal(sign) * exact)
                assert error <= ulps(4.0, float(exact))
            exact = 4 * square / (square + 1) ** 2
            assert abs(Decimal(float(slope[-1])) - exact) <= ulps(6.0, float(exact))


def ulps(count: float, x: float) -> Decimal:
    """So many units of the last digit of x."""
    return Decimal(count) * Decimal(math.ulp(x))


@pytest.mark.parametrize("count", [6, 3000])
def test_tanh_and_its_slope_at_the_ends_of_the_line(count: int) -> None:
    z = np.resize([0.0, -0.0, 400.0, -math.inf, math.inf, math.nan], count)
    a = np.empty_like(z)
    with np.errstate(over="ignore"):
        slope = TANH.with_slope(z, a)
        activations = a, TANH.fn(z)
    for found in activations:
        np.testing.assert_array_equal(found[:6], [0.0, -0.0, 1.0, -1.0, 1.0, math.nan])
        assert list(np.signbit(found[:2])) == [False, True]
    np.testing.assert_array_equal(slope[:6], [1.0, 1.0, 0.0, 0.0, 0.0, math.nan])


def test_sigmoid_and_its_complement_come_together_to_the_last_digits() -> None:
    """Against decimals of 60 digits, and what overflows on the way."""
    sizes = np.random.default_rng(0).uniform(-700.0, 700.0, 300)
    small = np.random.default_rng(1).uniform(-4.0, 4.0, 300)
    z = np.concatenate([sizes, small, [0.0, -0.0]])
    assert SIGMOID.with_complement is not None
    a = np.empty_like(z)
    complement = SIGMOID.with_complement(z, a)
    with localcontext(prec=60):
        for x, output, other in zip(z.tolist(), a.tolist(), complement.tolist(), strict=True):
            exact = 1 / (1 + (-Decimal(x)).exp())
            assert abs(Decimal(output) - exact) <= ulps(4.0, float(exact))
            exact = 1 / (1 + Decimal(x).exp())
            assert abs(Decimal(other) - exact) <= ulps(4.0, float(exact))
    with np.errstate(over="ignore", divide="ignore"):
        a = np.array([-math.inf, -800.0, 800.0, math.inf])
        complement = SIGMOID.with_complement(a, a)
        unknown = SIGMOID.with_complement(np.array([math.nan]), np.empty(1))
    np.testing.assert_array_equal(a, [0.0, 0.0, 1.0, 1.0])
    np.testing.assert_array_equal(complement, [1.0, 1.0, 0.0, 0.0])
    assert np.isnan(unknown).all()


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
