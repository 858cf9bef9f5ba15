"""Ranges of activations and losses against the functions at points inside."""

from decimal import Decimal, localcontext
from math import cos, erfc, exp, expm1, log1p, pi, sin, sqrt, tanh

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlpsim.core.activations import ACTIVATIONS, activation, elu, leaky_relu
from mlpsim.core.losses import BCE_LOGITS, LOSSES, SOFTMAX_CE_LOGITS, huber
from mlpsim.core.problem import quiet
from mlpsim.core.proofs.interval import Interval
from mlpsim.core.proofs.ranges import (
    GELU_MINIMUM,
    activation_range,
    loss_ranges,
    residual_range,
    slope_range,
)
from tests.core.proofs.intervals import above, inside

ALL = (*ACTIVATIONS, leaky_relu(1.5), leaky_relu(-0.5), elu(-1.0), elu(3.0))
reals = st.floats(-60.0, 60.0)


def logistic(z):
    return 1.0 / (1.0 + exp(-z)) if z > 0 else exp(z) / (1.0 + exp(z))


def exact_residual(name, z, y):
    """σ(z) - y or tanh(z) - y in so many digits that the smallest float cancels none."""
    with localcontext(prec=700):
        output = 1 / (1 + (-Decimal(z) * (2 if name == "tanh" else 1)).exp())
        return (2 * output - 1 if name == "tanh" else output) - Decimal(y)


def gaussian(z):
    return exp(-0.5 * z * z) / sqrt(2.0 * pi)


def cdf(z):
    return 0.5 * erfc(-z / sqrt(2.0))


def oracle(entry):
    """The activation and its slope by the math module, elsewhere than at a kink."""
    value = entry.value
    return {
        "identity": (lambda z: z, lambda z: 1.0),
        "sigmoid": (logistic, lambda z: logistic(z) * logistic(-z)),
        "tanh": (tanh, lambda z: 4.0 * logistic(2 * z) * logistic(-2 * z)),
        "relu": (lambda z: max(z, 0.0), lambda z: float(z > 0)),
        "leaky_relu": (lambda z: z if z > 0 else value * z, lambda z: 1.0 if z > 0 else value),
        "elu": (
            lambda z: z if z > 0 else value * expm1(z),
            lambda z: 1.0 if z > 0 else value * exp(z),
        ),
        "softplus": (lambda z: max(z, 0.0) + log1p(exp(-abs(z))), logistic),
        "gelu": (lambda z: z * cdf(z), lambda z: cdf(z) + z * gaussian(z)),
        "sin": (sin, cos),
    }[entry.name]


@pytest.mark.parametrize("entry", ALL, ids=lambda entry: f"{entry.name}{entry.value:g}")
@given(z=reals, width=st.sampled_from([0.0, 1e-9, 0.3, 2.0, 9.0]), t=st.floats(0.0, 1.0))
@settings(max_examples=120)
def test_the_range_holds_the_function_and_its_slope(entry, z, width, t) -> None:
    fn, slope = oracle(entry)
    at = min(z + t * width, z + width)
    with quiet():
        assert inside(activation_range(entry, above(z, width)), fn(at))
        assert inside(slope_range(entry, above(z, width)), slope(at))


@pytest.mark.parametrize("entry", ALL, ids=lambda entry: f"{entry.name}{entry.value:g}")
def test_a_range_is_tight_at_a_point_and_bounded_after_overflow(entry) -> None:
    z = np.array([-5.0, -1.2, 0.7, 3.0])
    with quiet():
        for interval in (
            activation_range(entry, Interval(z, z)),
            slope_range(entry, Interval(z, z)),
        ):
            assert (interval.hi - interval.lo <= 1e-11 * np.abs(interval.hi) + 1e-12).all()
        everything = Interval(np.array([-np.inf, -1e308]), np.array([np.inf, 1e308]))
        for interval in (activation_range(entry, everything), slope_range(entry, everything)):
            assert (interval.lo <= interval.hi).all()  # no NaN


def test_at_a_kink_both_slopes_count_from_either_side() -> None:
    for name, left in (("relu", 0.0), ("leaky_relu", 0.01), ("elu", 1.0)):
        entry = activation(name)
        for lo, hi in ((-1.0, 0.0), (0.0, 1.0), (0.0, 0.0)):
            slopes = slope_range(entry, Interval(np.array([lo]), np.array([hi])))
            assert inside(slopes, left)
            assert inside(slopes, 1.0)


def test_extremes_inside_the_interval_count() -> None:
    with quiet():
        gelu = activation_range(activation("gelu"), above(-2.0, 3.0))
        assert inside(gelu, GELU_MINIMUM * cdf(GELU_MINIMUM))
        assert gelu.lo.item() == pytest.approx(-0.16997120747990369, rel=1e-12)
        slopes = slope_range(activation("gelu"), above(-3.0, 6.0))
        assert slopes.lo.item() == pytest.approx(-0.12890414, rel=1e-6)
        assert slopes.hi.item() == pytest.approx(1.12890414, rel=1e-6)
    wave = activation("sin")
    assert activation_range(wave, above(1.0, 1.0)).hi.item() == 1.0
    assert activation_range(wave, above(-2.0, 1.0)).lo.item() == -1.0
    far = activation_range(wave, above(1e9, 1e-3))
    assert inside(far, sin(1e9 + 5e-4))
    assert inside(activation_range(wave, above(2.0 * pi * 1e7 + 1.5, 0.1)), 1.0)


def test_the_sigmoid_is_not_called_smaller_than_it_is_where_its_power_overflows() -> None:
    with quiet():
        tail = activation_range(activation("sigmoid"), above(-710.0, 0.0))
    assert inside(tail, exp(-710.0))


@given(reals, st.sampled_from([0.0, 1e-6, 5.0]), st.floats(0.0, 1.0), st.floats(-2.0, 2.0))
@settings(max_examples=100)
def test_residuals_do_not_cancel(z, width, t, y) -> None:
    at = min(z + t * width, z + width)
    for name in ("sigmoid", "tanh"):
        entry, interval = activation(name), above(z, width)
        targets = np.array([y])
        residual = residual_range(entry, interval, activation_range(entry, interval), targets)
        assert residual.lo.item() <= exact_residual(name, at, y) <= residual.hi.item()
    one = residual_range(activation("sigmoid"), above(40.0, 0.0), above(1.0, 0.0), np.array([1.0]))
    assert inside(one, -logistic(-40.0))
    assert one.hi.item() - one.lo.item() <= 1e-13 * logistic(-40.0)


@pytest.mark.parametrize(
    "loss", [*LOSSES, huber(0.25)], ids=lambda loss: f"{loss.name}{loss.value}"
)
@given(
    outputs=st.integers(1, 3),
    seed=st.integers(0, 10**6),
    spread=st.sampled_from([1.0, 20.0, 900.0]),
    width=st.sampled_from([0.0, 1e-8, 0.5, 30.0]),
    labels=st.sampled_from(["bits", "signs", "one hot", "shares", "any"]),
)
@settings(max_examples=120)
def test_the_range_of_a_loss_holds_the_loss_and_its_slope(
    loss, outputs, seed, spread, width, labels
) -> None:
    rng = np.random.default_rng(seed)
    lo = rng.normal(0.0, spread, (outputs, 4))
    box = Interval(lo, lo + width * rng.random(lo.shape))
    y = {
        "bits": rng.integers(0, 2, lo.shape).astype(float),
        "signs": 2.0 * rng.integers(0, 2, lo.shape) - 1.0,
        "one hot": np.eye(outputs)[rng.integers(0, outputs, 4)].T,
        "shares": rng.random(lo.shape),
        "any": rng.normal(0.0, 2.0, lo.shape),
    }[labels]
    residual = residual_range(activation("identity"), box, box, y)
    with quiet():
        errors, slopes = loss_ranges(loss, box, y, residual)
        assert not np.isnan([*errors, *slopes[0], *slopes[1]]).any()
        for _ in range(8):
            a = box.lo + (box.hi - box.lo) * rng.choice([0.0, 1.0, rng.random()], lo.shape)
            a = np.clip(a, box.lo, box.hi)
            found, slope = loss.errors(a, y, a - y), loss.slope(a, y, a - y)
            # What the loss itself rounds, beside what its formula cancels.
            slack = 1e-15 * (1.0 + np.abs(a).max()) * (1.0 + np.abs(y).max()) * (labels == "any")
            assert (errors.lo <= found + slack).all()
            assert (errors.hi >= found - slack).all()
            assert (slopes.lo <= slope + slack).all()
            assert (slopes.hi >= slope - slack).all()


def test_cross_entropy_is_lowest_where_the_probability_is_the_target() -> None:
    a = Interval(np.array([[-4.0]]), np.array([[4.0]]))
    errors, _ = loss_ranges(BCE_LOGITS, a, np.array([[0.5]]), a)
    assert errors.lo.item() == pytest.approx(np.log(2.0), rel=1e-12)
    assert errors.hi.item() == pytest.approx(2.0 + log1p(exp(-4.0)), rel=1e-12)


def test_softmax_stays_finite_where_a_power_overflows() -> None:
    a = Interval(np.array([[0.0], [1000.0]]), np.array([[0.0], [1000.0]]))
    with quiet():
        errors, slopes = loss_ranges(SOFTMAX_CE_LOGITS, a, np.array([[1.0], [0.0]]), a)
    assert errors.lo.item() == pytest.approx(1000.0, rel=1e-12)
    assert errors.hi.item() <= 1000.7
    assert slopes.lo[0].item() == pytest.approx(-1.0, rel=1e-12)


def test_losses_are_proved_to_be_nonnegative_where_they_are() -> None:
    a = Interval(np.full((2, 1), -50.0), np.full((2, 1), 50.0))
    y = np.array([[1.0], [0.0]])
    with quiet():
        for loss in LOSSES:
            errors, _ = loss_ranges(loss, a, y, residual_range(activation("identity"), a, a, y))
            assert errors.lo.item() >= 0.0
