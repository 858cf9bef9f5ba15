"""Interval arithmetic against exact rational arithmetic."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlpsim.core.proofs import interval as iv
from mlpsim.core.proofs.interval import Interval

MAX = float(np.finfo(float).max)
numbers = st.floats(allow_nan=False, allow_infinity=False)
pairs = st.tuples(numbers, numbers).map(sorted)
moderate = st.floats(-1e6, 1e6)


def interval(*values):
    return Interval(np.array([min(values)]), np.array([max(values)]))


def holds(x: Interval, value: Fraction) -> bool:
    """Whether an interval of one entry contains an exact number."""
    lo, hi = float(x.lo.item()), float(x.hi.item())
    assert not np.isnan(lo)
    assert not np.isnan(hi)
    above = lo == -np.inf or Fraction(lo) <= value
    return above and (hi == np.inf or value <= Fraction(hi))


def ends(pair):
    return [Fraction(end) for end in pair]


@given(pairs, pairs, st.floats(0.0, 1.0))
@settings(max_examples=300)
def test_every_operation_encloses_the_exact_result(x, y, t) -> None:
    with np.errstate(all="ignore"):
        a, b = interval(*x), interval(*y)
        for p in ends(x):
            assert holds(iv.square(a), p * p)
            assert holds(iv.magnitude(a), abs(p))
            assert holds(iv.scale(a, -t), -Fraction(t) * p)
            assert holds(iv.divide(a, 7), p / 7)
            for q in ends(y):
                assert holds(iv.add(a, b), p + q)
                assert holds(iv.subtract(a, b), p - q)
                assert holds(iv.multiply(a, b), p * q)


@given(st.lists(st.tuples(numbers, numbers), min_size=1, max_size=30))
@settings(max_examples=200)
def test_sums_and_products_of_matrices_enclose_the_exact_ones(rows) -> None:
    left, right = np.array(rows).T
    exact = sum(Fraction(a) * Fraction(b) for a, b in rows)
    with np.errstate(all="ignore"):
        plain = iv.total(iv.point(left[None]), axis=-1)
        assert holds(plain, sum(Fraction(a) for a in left))
        w = iv.point(left[None, None, :])
        assert holds(iv.linear(w, right[:, None]), exact)
        assert holds(iv.matmul(w, iv.point(right[None, :, None])), exact)


@given(st.integers(0, 10_000))
@settings(max_examples=50)
def test_products_enclose_every_choice_within_wide_intervals(seed) -> None:
    rng = np.random.default_rng(seed)
    lo, hi = np.sort(rng.normal(0, 3, (2, 2, 3)), axis=0)
    x = rng.normal(0, 3, (3, 4))
    y_lo, y_hi = np.sort(rng.normal(0, 3, (2, 3, 4)), axis=0)
    linear = iv.linear(Interval(lo[None], hi[None]), x)
    product = iv.matmul(Interval(lo[None], hi[None]), Interval(y_lo[None], y_hi[None]))
    for _ in range(20):
        w = lo + (hi - lo) * rng.integers(0, 2, lo.shape)
        y = y_lo + (y_hi - y_lo) * rng.integers(0, 2, y_lo.shape)
        for enclosure, value in ((linear, w @ x), (product, w @ y)):
            slack = 1e-12
            assert (enclosure.lo[0] <= value + slack).all()
            assert (enclosure.hi[0] >= value - slack).all()


def test_products_that_underflow_one_by_one_are_not_lost() -> None:
    # Each product is below half the smallest float, their sum is well above it.
    w, x = np.full((1, 1, 8), 2.0**-538), np.full((8, 1), 2.0**-538)
    enclosure = iv.linear(iv.point(w), x)
    assert holds(enclosure, 8 * Fraction(1, 2**1076))


def test_overflow_leaves_no_nan_and_keeps_the_exact_result() -> None:
    with np.errstate(all="ignore"):
        huge = interval(MAX, MAX)
        both = interval(-MAX, MAX)
        assert holds(iv.add(huge, huge), 2 * Fraction(MAX))
        difference = iv.add(interval(-np.inf, np.inf), both)
        assert (difference.lo, difference.hi) == (-np.inf, np.inf)
        total = iv.total(iv.point(np.array([[MAX, MAX, -MAX, -MAX]])), axis=-1)
        assert holds(total, Fraction(0))
        assert holds(iv.multiply(interval(0.0, 0.0), interval(-np.inf, np.inf)), Fraction(0))
        mixed = iv.linear(iv.point(np.array([[[MAX, MAX]]])), np.array([[10.0], [-10.0]]))
        assert holds(mixed, Fraction(0))
        grown = iv.elementary(Interval(np.array([np.inf]), np.array([-np.inf])))
        assert (grown.lo, grown.hi) == (-np.inf, np.inf)


def test_a_sum_of_what_is_never_negative_is_never_negative() -> None:
    result = iv.total(interval(0.0, 1e-3), axis=0)
    assert result.lo == 0.0
    assert iv.total(interval(-1.0, 1.0), axis=0).lo < -1.0
    kept = iv.at_least_zero(Interval(np.array([-1.0, -1.0]), np.ones(2)), np.array([True, False]))
    assert kept.lo.tolist() == [0.0, -1.0]


def test_what_an_interval_says_of_itself() -> None:
    x = Interval(np.array([-3.0, 1.0, 0.0]), np.array([2.0, 4.0, 0.0]))
    assert x.magnitude.tolist() == [3.0, 4.0, 0.0]
    assert x.straddles_zero.tolist() == [True, False, True]
    turned = iv.transpose(Interval(np.zeros((2, 3)), np.ones((2, 3))))
    assert turned.lo.shape == (3, 2)
    assert iv.gamma(2) == pytest.approx(5 * 2.0**-52)


def test_the_magnitude_of_what_may_be_0_begins_at_0() -> None:
    assert iv.magnitude(interval(-1.0, 2.0)) == (0.0, 2.0)
    assert iv.magnitude(interval(-3.0, -2.0)) == (2.0, 3.0)


def test_0_times_what_has_overflowed_is_0() -> None:
    with np.errstate(invalid="ignore"):
        product = iv.multiply(interval(0.0), interval(1.0, np.inf))
    assert (product.lo, product.hi) == (iv.down(np.zeros(1)), iv.up(np.zeros(1)))
