"""Contours: lines of one height, where all heights are known."""

import numpy as np

from mlpsim.core.contours import contours

XS, YS = np.linspace(-2.0, 2.0, 81), np.linspace(-1.5, 1.5, 61)
BOWL = XS**2 + YS[:, None] ** 2


def test_a_line_of_a_bowl_is_a_circle() -> None:
    (circle,) = contours(XS, YS, BOWL)(1.0)
    np.testing.assert_allclose(np.hypot(*circle.T), 1.0, atol=1e-3)
    np.testing.assert_array_equal(circle[0], circle[-1])


def test_there_is_no_line_at_a_height_that_is_not_reached() -> None:
    assert contours(XS, YS, BOWL)(-1.0) == ()


def test_no_line_passes_where_a_height_is_not_finite() -> None:
    for unknown in (np.nan, np.inf):
        heights = np.where(XS > 0.5, unknown, BOWL)
        lines = contours(XS, YS, heights)(1.0)
        assert len(lines) == 1
        assert max(line[:, 0].max() for line in lines) <= 0.5
