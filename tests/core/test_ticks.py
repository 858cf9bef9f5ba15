"""Ticks: round numbers of a range, and the levels of isolines between them."""

import pytest

from mlpsim.core.ticks import levels, linear_ticks, log_ticks, round_below


@pytest.mark.parametrize(
    ("lo", "hi", "expected"),
    [
        (0.0, 4.0, [-0.5, 0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0, 4.5]),
        (-2.0, 7.0, [-4.0, -2.0, 0.0, 2.0, 4.0, 6.0, 8.0]),
        (1.23e-9, 3.4e-9, [1.0e-9, 1.5e-9, 2.0e-9, 2.5e-9, 3.0e-9, 3.5e-9]),
    ],
)
def test_linear_ticks_are_nice_numbers(lo: float, hi: float, expected: list[float]) -> None:
    assert linear_ticks(lo, hi) == expected


@pytest.mark.parametrize("limits", [(1.0, 1.0), (5.0, 5.0 + 1e-13), (-1e308, 1.7e308)])
def test_a_flat_or_overflowing_range_has_no_levels(limits: tuple[float, float]) -> None:
    assert linear_ticks(*limits) == []
    assert levels(*limits, log=False) == []


def test_log_ticks_are_1_2_5_then_decades_then_strides() -> None:
    assert log_ticks(0.012, 2.5) == [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0]
    assert log_ticks(2e-5, 3.0) == [1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1.0, 10.0]
    assert log_ticks(3e-87, 4.0)[:3] == [1e-90, 1e-80, 1e-70]
    assert log_ticks(1.1, 1.9) == pytest.approx([1 + n / 10 for n in range(10)])
    assert log_ticks(5e-324, 1e308)
    # Room for two, and no power of ten of the stride among the values.
    assert log_ticks(1.5, 25.0, most=2) == [0.0, 10.0, 20.0, 30.0]


def test_two_thin_levels_stand_between_the_bold() -> None:
    assert levels(0.1, 0.9, log=False)[:4] == [
        (0.1, True),
        (pytest.approx(0.1 + 0.1 / 3), False),
        (pytest.approx(0.2 - 0.1 / 3), False),
        (0.2, True),
    ]
    decades = levels(1e-5, 1.0, log=True)
    assert decades[:4] == [(1e-5, True), (2e-5, False), (5e-5, False), (1e-4, True)]
    ladder = dict(levels(0.01, 1.0, log=True))
    assert ladder[0.01]
    assert list(ladder.values()) == [True, False, False] * 6 + [True]


@pytest.mark.parametrize(
    ("value", "below"),
    [
        *((1.0, 1.0), (1.99, 1.0), (2.0, 2.0), (4.9, 2.0), (0.0999, 0.05), (1e-5, 1e-5)),
        *((1e300, 1e300), (0.1 * 104.0, 10.0), (0.0, 0.0), (-3.0, 0.0)),
        *((float("nan"), 0.0), (float("inf"), 0.0)),
    ],
)
def test_a_value_is_rounded_down_to_1_2_or_5(value, below) -> None:
    assert round_below(value) == below
