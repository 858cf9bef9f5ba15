"""Ranges of second derivatives against the functions' own at points inside."""

from math import cosh, exp, pi, sin, sqrt, tanh

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlpsim.core.activations import ACTIVATIONS, activation, elu, leaky_relu
from mlpsim.core.losses import ABSOLUTE_ERROR, HINGE, LOSSES, SOFTMAX_CE_LOGITS, huber
from mlpsim.core.problem import quiet
from mlpsim.core.proofs.curvature_ranges import curvature_range, loss_curvature_range
from mlpsim.core.proofs.interval import Interval, point
from tests.core.proofs.intervals import above, inside

ALL = (*ACTIVATIONS, leaky_relu(1.5), leaky_relu(-0.5), elu(-1.0), elu(3.0))
reals = st.floats(-60.0, 60.0)


def oracle(entry):
    """The second derivative by the math module, elsewhere than at a kink."""
    value = entry.value
    return {
        "identity": lambda z: 0.0,
        # σ'' = -sinh(z/2)/(4·cosh³(z/2)), tanh'' = -2·sinh(z)/cosh³(z).
        "sigmoid": lambda z: -tanh(0.5 * z) / (4.0 * cosh(0.5 * z) ** 2),
        "tanh": lambda z: -2.0 * tanh(z) / cosh(z) ** 2,
        "relu": lambda z: 0.0,
        "leaky_relu": lambda z: 0.0,
        "elu": lambda z: 0.0 if z > 0 else value * exp(z),
        "softplus": lambda z: 1.0 / (4.0 * cosh(0.5 * z) ** 2),
        "gelu": lambda z: exp(-0.5 * z * z) / sqrt(2.0 * pi) * (2.0 - z * z),
        "sin": lambda z: -sin(z),
    }[entry.name]


@pytest.mark.parametrize("entry", ALL, ids=lambda entry: f"{entry.name}{entry.value:g}")
@given(z=reals, width=st.sampled_from([0.0, 1e-9, 0.3, 2.0, 9.0]), t=st.floats(0.0, 1.0))
@settings(max_examples=120)
def test_the_range_holds_the_second_derivative(entry, z, width, t) -> None:
    at = min(z + t * width, z + width)
    with quiet():
        assert inside(curvature_range(entry, above(z, width)), oracle(entry)(at))


@pytest.mark.parametrize("entry", ALL, ids=lambda entry: f"{entry.name}{entry.value:g}")
def test_a_range_is_tight_at_a_point_and_a_number_after_overflow(entry) -> None:
    z = np.array([-5.0, -1.2, 0.7, 3.0])
    with quiet():
        at = curvature_range(entry, Interval(z, z))
        everything = Interval(np.array([-np.inf, -1e308]), np.array([np.inf, 1e308]))
        far = curvature_range(entry, everything)
    assert (at.hi - at.lo <= 1e-11 * np.abs(at.hi) + 1e-12).all()
    assert (far.lo <= far.hi).all()  # no NaN


def test_extremes_inside_the_interval_count() -> None:
    # The largest |σ''| is √3/18 where σ = (3 ± √3)/6, the largest |tanh''| 4/(3√3).
    sigmoid = curvature_range(activation("sigmoid"), above(-4.0, 8.0))
    assert sigmoid.hi.item() == pytest.approx(sqrt(3.0) / 18.0, rel=1e-13)
    assert sigmoid.lo.item() == pytest.approx(-sqrt(3.0) / 18.0, rel=1e-13)
    tangent = curvature_range(activation("tanh"), above(-2.0, 4.0))
    assert tangent.hi.item() == pytest.approx(4.0 / (3.0 * sqrt(3.0)), rel=1e-13)
    gelu = curvature_range(activation("gelu"), above(-4.0, 8.0))
    assert gelu.hi.item() == pytest.approx(2.0 / sqrt(2.0 * pi), rel=1e-13)
    assert gelu.lo.item() == pytest.approx(-2.0 * exp(-2.0) / sqrt(2.0 * pi), rel=1e-12)


def test_a_kink_leaves_nothing_known_and_a_jump_both_sides() -> None:
    for entry in (activation("relu"), leaky_relu(0.1), elu(2.0)):
        for z in (above(-1.0, 2.0), above(0.0, 1.0), above(-1.0, 1.0)):
            bends = curvature_range(entry, z)
            assert np.isneginf(bends.lo).all()
            assert np.isposinf(bends.hi).all()
        assert np.isfinite(curvature_range(entry, above(-2.0, 1.0)).hi).all()
    smooth = curvature_range(elu(1.0), above(-1.0, 2.0))
    assert smooth.lo.item() <= 0.0
    assert smooth.hi.item() == pytest.approx(1.0)


@pytest.mark.parametrize(
    "loss", [*LOSSES, huber(0.25)], ids=lambda loss: f"{loss.name}{loss.value}"
)
@given(
    outputs=st.integers(1, 3),
    seed=st.integers(0, 10**6),
    spread=st.sampled_from([1.0, 20.0, 900.0]),
    width=st.sampled_from([0.0, 1e-8, 0.5, 30.0]),
)
@settings(max_examples=80)
def test_the_range_of_a_loss_holds_its_second_derivative(
    loss, outputs, seed, spread, width
) -> None:
    rng = np.random.default_rng(seed)
    lo = rng.normal(0.0, spread, (outputs, 4))
    box = Interval(lo, lo + width * rng.random(lo.shape))
    y = np.eye(outputs)[rng.integers(0, outputs, 4)].T
    residual = Interval(box.lo - y, box.hi - y)
    along = rng.normal(0.0, 2.0, lo.shape)
    direction = Interval(along, along + width * rng.random(lo.shape))
    with quiet():
        bends = loss_curvature_range(loss, box, y, residual, direction)
        assert not np.isnan([*bends[0], *bends[1]]).any()
        for _ in range(8):
            t, s = rng.random(lo.shape), rng.random(lo.shape)
            a = np.clip(box.lo + (box.hi - box.lo) * t, *box)
            v = np.clip(direction.lo + (direction.hi - direction.lo) * s, *direction)
            found = loss.curvature(a, y, a - y, v)
            slack = 1e-15 * np.abs(v).max()  # what the loss itself rounds
            assert (bends.lo <= found + slack).all()
            assert (bends.hi >= found - slack).all()


def test_the_curvature_of_softmax_is_that_of_its_covariance() -> None:
    # p = (¼, ¾): p·(v - Σ p·v) with v = (1, 0) is (3/16, -3/16).
    a = point(np.array([[0.0], [np.log(3.0)]]))
    bends = loss_curvature_range(
        SOFTMAX_CE_LOGITS, a, np.array([[1.0], [0.0]]), a, point(np.array([[1.0], [0.0]]))
    )
    assert bends.lo.ravel() == pytest.approx([3.0 / 16.0, -3.0 / 16.0], rel=1e-13)
    assert bends.hi.ravel() == pytest.approx([3.0 / 16.0, -3.0 / 16.0], rel=1e-13)


def test_a_loss_has_a_kink_where_its_slope_jumps() -> None:
    one, y = point(np.ones((1, 1))), np.ones((1, 1))
    a = Interval(np.array([[0.5]]), np.array([[1.5]]))
    residual = Interval(a.lo - y, a.hi - y)
    for loss in (ABSOLUTE_ERROR, HINGE):
        assert np.isposinf(loss_curvature_range(loss, a, y, residual, one).hi).all()
    bends = loss_curvature_range(huber(0.25), a, y, residual, one)
    assert bends.lo.item() <= 0.0
    assert bends.hi.item() == pytest.approx(1.0)
