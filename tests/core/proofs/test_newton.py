"""Interval Newton: roots that exist, and matrices that are definite, against closed forms."""

import numpy as np
import pytest

from mlpsim.core.proofs.interval import Interval, down, up
from mlpsim.core.proofs.newton import is_positive_definite, root_distance


def test_a_definite_matrix_is_told_from_one_that_is_not() -> None:
    rng = np.random.default_rng(1)
    matrices = rng.normal(size=(400, 3, 3))
    matrices = matrices + matrices.swapaxes(-1, -2)
    matrices[:150] = matrices[:150] @ matrices[:150].swapaxes(-1, -2)
    found = is_positive_definite(Interval(down(matrices), up(matrices)))
    lowest = np.linalg.eigvalsh(matrices)[:, 0]
    assert not found[lowest <= 0.0].any()
    assert found[lowest > 1e-9].all()


def test_an_interval_with_one_indefinite_matrix_is_not_definite() -> None:
    middle = np.array([[[2.0, 1.0], [1.0, 2.0]]])
    for width, definite in ((0.4, True), (0.6, False)):
        wide = Interval(middle - width, middle + width)
        # [[2-w, 1+w], [1+w, 2-w]] has the eigenvalue 1 - 2w.
        assert is_positive_definite(wide).tolist() == [definite]
    unknown = Interval(middle - np.inf, middle + np.inf)
    assert is_positive_definite(unknown).tolist() == [False]


def test_a_root_is_proved_where_it_is() -> None:
    """F(x) = (x₁² - 2, x₁·x₂ - 1) near (1.4142, 0.7071)."""
    x = np.array([1.4142, 0.7071])
    value = np.array([x[0] ** 2 - 2.0, x[0] * x[1] - 1.0])
    radii = np.array([[1e-6, 1e-6], [1e-3, 1e-3], [1.0, 1.0]])
    lo, hi = x - radii, x + radii

    def jacobian(bounds):
        zero = np.zeros(len(bounds))
        return np.array([[2 * bounds[:, 0], zero], [bounds[:, 1], bounds[:, 0]]]).transpose(2, 0, 1)

    matrix = Interval(down(jacobian(lo)), up(jacobian(hi)))
    found = root_distance(Interval(down(value), up(value)), matrix, radii)
    away = np.abs(np.array([np.sqrt(2.0), np.sqrt(0.5)]) - x)
    assert np.isinf(found[0]).all()  # the root is farther away than 1e-6
    assert (found[1] >= away).all()
    assert found[1] == pytest.approx(away, abs=5e-6)
    assert np.isinf(found[2]).all()  # too wide for a proof


def test_nothing_is_proved_with_a_singular_or_an_unknown_matrix() -> None:
    value = Interval(np.zeros(2), np.zeros(2))
    singular = np.array([[[1.0, 1.0], [1.0, 1.0]]])
    unknown = np.full((1, 2, 2), np.inf)
    radii = np.ones((1, 2))
    assert np.isinf(root_distance(value, Interval(singular, singular), radii)).all()
    assert np.isinf(root_distance(value, Interval(-unknown, unknown), radii)).all()


def test_a_matrix_with_a_pivot_that_may_be_0_is_not_definite() -> None:
    for lowest, definite in ((0.0, False), (1e-300, True)):
        matrix = Interval(np.array([[[lowest]]]), np.array([[[1.0]]]))
        assert is_positive_definite(matrix).tolist() == [definite]
