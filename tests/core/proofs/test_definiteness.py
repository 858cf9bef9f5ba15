"""Definiteness of symmetric interval matrices against the eigenvalues of matrices inside."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlpsim.core.proofs.definiteness import definiteness
from mlpsim.core.proofs.interval import Interval, point


@pytest.mark.parametrize(
    ("matrix", "signs"),
    [
        ([[2.0, 1.0], [1.0, 2.0]], "positive"),  # eigenvalues 1 and 3
        ([[1.0, 2.0], [2.0, 1.0]], "indefinite"),  # -1 and 3
        ([[-2.0, 1.0], [1.0, -2.0]], "negative"),
        ([[1.0, 1.0], [1.0, 1.0]], "open"),  # 0 and 2
        ([[3.0]], "positive"),
        (np.empty((0, 0)), "positive"),  # no direction in which it would not be
        ([[0.0, 0.0], [0.0, 0.0]], "open"),
    ],
)
def test_matrices_whose_eigenvalues_are_known(matrix, signs) -> None:
    assert definiteness(point(np.array(matrix))) == signs


def test_what_is_wide_or_unbounded_stays_open() -> None:
    middle = np.array([[2.0, 0.0], [0.0, 2.0]])
    assert definiteness(Interval(middle - 1.5, middle + 1.5)) == "open"
    assert definiteness(Interval(middle - 0.5, middle + 0.5)) == "positive"
    assert definiteness(Interval(middle - np.inf, middle + np.inf)) == "open"


@given(st.integers(0, 10**6), st.integers(1, 3), st.sampled_from([0.0, 1e-12, 0.1, 1.0]))
@settings(max_examples=300)
def test_every_matrix_inside_has_the_signs_that_are_proved(seed, size, width) -> None:
    rng = np.random.default_rng(seed)
    middle = rng.normal(0.0, 1.0, (size, size))
    middle = middle + middle.T + rng.choice([-3.0, 0.0, 3.0]) * np.eye(size)
    radius = width * rng.random((size, size))
    radius = radius + radius.T
    signs = definiteness(Interval(middle - radius, middle + radius))
    for _ in range(10):
        other = np.triu(middle + radius * rng.uniform(-1.0, 1.0, (size, size)))
        values = np.linalg.eigvalsh(other, "U")
        if signs == "positive":
            assert values[0] > 0.0
        if signs == "negative":
            assert values[-1] < 0.0
        if signs == "indefinite":
            assert values[0] < 0.0 < values[-1]
    if width == 0.0 and np.abs(np.linalg.eigvalsh(middle)).min() > 1e-9:
        assert signs != "open"
