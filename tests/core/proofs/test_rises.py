"""Rises: bounds of J(u) - J(z), against 60 decimal digits."""

from decimal import Decimal

import numpy as np
import pytest

from mlpsim.core.experiment import lecture_experiment
from mlpsim.core.proofs.rises import Rises
from tests.core.exact import lecture_drop

LECTURE = lecture_experiment().problem


@pytest.mark.parametrize("z", [(-10.0, -10.0), (-30.0, -30.0), (5.0, 5.0), (0.0, 0.0)])
def test_a_rise_is_enclosed_even_where_the_values_agree_in_all_digits(z) -> None:
    rises = Rises(LECTURE, np.array(z))
    points = np.array(z) + np.array([[0.1, 0.0], [-0.03, 0.05], [1e-9, -1e-9], [2.0, 1.0]])
    found = rises.of(points, 64)
    for lo, hi, u in zip(found.lo, found.hi, points, strict=True):
        exact = -lecture_drop(z, u)
        assert Decimal(float(lo)) <= exact <= Decimal(float(hi))
        assert lo * hi > 0.0  # the sign is told, on the plateaus too


def test_more_pieces_bound_it_closer() -> None:
    rises = Rises(LECTURE, np.array([-10.0, -10.0]))
    points = np.array([[-10.0, -9.9]])
    few, many = rises.of(points, 4), rises.of(points, 64)
    assert many.hi - many.lo < 0.2 * (few.hi - few.lo)


def test_over_a_box_no_point_rises_less_than_is_said() -> None:
    z = np.array([1.0, -4.0])
    rises = Rises(LECTURE, z)
    lo, hi = np.array([[1.0, -4.0], [1.5, -3.0]]), np.array([[1.2, -3.8], [1.6, -2.9]])
    value, gradient = rises.enclosure.value_and_gradient(lo, hi)
    by_value, by_slope = rises.above(lo, hi, value, gradient), rises.from_z(lo, hi)
    # At the corner (1, -4) both slopes are above 0, so J rises wherever both weights do.
    assert by_slope[0] == 0.0
    rng = np.random.default_rng(0)
    for k in range(2):
        for u in lo[k] + (hi[k] - lo[k]) * rng.random((50, 2)):
            rise = -lecture_drop(z, u)
            assert rise >= Decimal(float(by_value[k]))
            assert rise >= Decimal(float(by_slope[k]))
