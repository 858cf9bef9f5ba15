"""Bounds as text: never inside what is proved, never a tiny one as 0."""

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlpsim.views.labels.bounds import around, at_most, bounds, within

SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")


def parsed(text: str) -> Decimal:
    mantissa, _, power = text.replace("−", "-").partition("·10")
    return Decimal(mantissa).scaleb(int(power.translate(SUPERSCRIPTS) or 0))


numbers = st.floats(allow_nan=False, allow_infinity=False)
close = st.tuples(st.floats(1e-300, 1e300), st.sampled_from([1e-16, 1e-12, 1e-7, 0.01, 0.3])).map(
    lambda pair: (pair[0], pair[0] * (1.0 + pair[1]))
)


@given(st.one_of(st.tuples(numbers, numbers).map(sorted), close))
@settings(max_examples=500)
def test_what_is_read_holds_what_is_proved(pair) -> None:
    for lo, hi in (pair, (-pair[1], -pair[0])):
        low, high = bounds(lo, hi)
        assert parsed(low.text) <= Decimal(lo)
        assert parsed(high.text) >= Decimal(hi)
        assert low.head == high.head
        if hi > 0.0:
            assert parsed(high.text) > 0
        assert len(low.text) < 40


@pytest.mark.parametrize(
    ("lo", "hi", "low", "high"),
    [
        (1.25, 1.3125, "<b>1.</b>250", "<b>1.</b>313"),
        (1.25e-18, 1.2625e-18, "<b>1.2</b>50·10⁻¹⁸", "<b>1.2</b>63·10⁻¹⁸"),
        (0.0, 6.3587891e-15, "0", "6.359·10⁻¹⁵"),
        (0.0, 0.0, "0", "0"),
        (-np.inf, 2.5, "−∞", "2.5"),
        (0.25, np.inf, "0.25", "∞"),
        (-1.25, 3.0, "−1.25", "3"),
        (1.0, 1.0, "<b>1</b>", "<b>1</b>"),
        (99.75, 100.25, "99.75", "100.25"),
        (9.5, 10.5, "9.5", "10.5"),
    ],
)  # fmt: skip
def test_bounds_show_the_digits_that_agree(lo, hi, low, high) -> None:
    first, second = bounds(lo, hi)
    assert (first.html, second.html) == (low, high)


def test_a_number_within_bounds_shows_its_certain_digits() -> None:
    assert within(0.06544912, 0.06544987) == "0.065449…"
    assert within(-10.0, -10.0) == "−10"
    assert within(-0.25, 0.5) == "[−0.25, 0.5]"
    assert within(2.517264e-87, 2.517269e-87) == "2.51726…·10⁻⁸⁷"


def test_a_number_without_a_certain_digit_is_told_give_or_take() -> None:
    assert around(0.06544912, 0.06544987) == "0.065449…"
    assert around(0.9999999, 1.0000001) == "1 ± 1.1·10⁻⁷"
    assert around(-3e-320, 2e-320) == "0 ± 1·10⁻³⁰⁰"
    assert around(-0.25, 0.5) == "0 ± 0.5"
    assert around(-np.inf, np.inf) == "[−∞, ∞]"


def test_a_size_is_rounded_up() -> None:
    assert at_most(1.01e-14) == "1.1·10⁻¹⁴"
    assert at_most(0.25) == "0.25"
