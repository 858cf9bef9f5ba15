"""Krawczyk's operator on systems whose zeros are known."""

import numpy as np
import pytest

from mlpsim.core.proofs.interval import Interval, point
from mlpsim.core.proofs.krawczyk import krawczyk, middle_inverse
from tests.core.proofs.intervals import box


def of_square_root(lo, hi):
    """x² = 2 over [lo, hi], lo above 0."""
    centre = np.array([[0.5 * (lo + hi)]])
    slope = Interval(np.array([[[2.0 * lo]]]), np.array([[[2.0 * hi]]]))
    return krawczyk(box((lo, hi)), centre, point(centre * centre - 2.0), slope)


def test_the_image_of_a_box_around_a_zero_lies_inside_and_around_it() -> None:
    image = of_square_root(1.3, 1.5)
    assert 1.3 < image.lo.item() < np.sqrt(2.0) < image.hi.item() < 1.5
    # By hand, with c = 1.4 and Y = 1/2.8: c + 0.04/2.8 = 1.4142857, give or take 0.1/14.
    assert image.lo.item() == pytest.approx(1.4 + 0.04 / 2.8 - 0.1 / 14.0, rel=1e-12)
    assert image.hi.item() == pytest.approx(1.4 + 0.04 / 2.8 + 0.1 / 14.0, rel=1e-12)


def test_the_image_of_a_box_without_a_zero_lies_elsewhere() -> None:
    image = of_square_root(2.0, 2.2)
    assert image.hi.item() < 2.0


def test_a_linear_system_is_solved_whatever_the_box() -> None:
    # x + y = 3, x - y = 1: (2, 1).
    matrix = np.array([[[1.0, 1.0], [1.0, -1.0]]])
    at_centre = point(np.array([[-3.0, -1.0]]))
    image = krawczyk(box((-9.0, 9.0), (-9.0, 9.0)), np.zeros((1, 2)), at_centre, point(matrix))
    assert image.lo[0] == pytest.approx([2.0, 1.0], abs=1e-13)
    assert image.hi[0] == pytest.approx([2.0, 1.0], abs=1e-13)
    assert (image.lo[0] <= [2.0, 1.0]).all()
    assert (image.hi[0] >= [2.0, 1.0]).all()


def test_without_an_inverse_nothing_is_cut_off() -> None:
    singular = np.array([[[1.0, 1.0], [1.0, 1.0]]])
    assert np.array_equal(middle_inverse(point(singular))[0], np.eye(2))
    unknown = Interval(np.full((1, 2, 2), -np.inf), np.full((1, 2, 2), np.inf))
    x = box((-1.0, 1.0), (-1.0, 1.0))
    image = krawczyk(x, np.zeros((1, 2)), point(np.zeros((1, 2))), unknown)
    assert (image.lo <= x.lo).all()
    assert (image.hi >= x.hi).all()


def test_what_may_be_anything_has_the_unit_matrix_for_an_inverse() -> None:
    anything = np.full((1, 2, 2), np.inf)
    with np.errstate(invalid="ignore"):
        inverse = middle_inverse(Interval(-anything, anything))
    assert inverse.tolist() == [np.eye(2).tolist()]
