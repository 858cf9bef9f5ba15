"""Polylines cut to a rectangle, and thinned to what a screen can tell apart."""

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QRectF

from mlpsim.core.arrays import Array
from mlpsim.views.items.strokes import clipped, clipped_each, closed_polygons, straightened, thinned

RECT = QRectF(0.0, 0.0, 100.0, 50.0)
COORDINATE = st.one_of(
    st.floats(-300.0, 300.0), st.sampled_from([0.0, 50.0, 100.0, 1e12, -1e300, np.inf, np.nan])
)


def inside(points: np.ndarray) -> np.ndarray:
    slack = 1e-6
    low = (points >= -slack).all(axis=-1)
    return low & (points <= np.array([100.0, 50.0]) + slack).all(axis=-1)


def test_a_line_that_leaves_and_comes_back_is_two_pieces() -> None:
    points = np.array([[10.0, 10.0], [50.0, 30.0], [150.0, 30.0], [150.0, 40.0], [60.0, 40.0]])
    pieces = clipped(points, RECT)
    assert [piece.tolist() for piece in pieces] == [
        [[10.0, 10.0], [50.0, 30.0], [100.0, 30.0]],
        [[100.0, 40.0], [60.0, 40.0]],
    ]


def test_a_line_inside_is_left_alone_and_one_outside_is_gone() -> None:
    points = np.array([[1.0, 1.0], [99.0, 49.0]])
    assert clipped(points, RECT)[0] is points
    assert clipped(points + 1000.0, RECT) == []
    across = clipped(np.array([[-1e9, 25.0], [1e9, 25.0]]), RECT)
    assert across[0] == pytest.approx(np.array([[0.0, 25.0], [100.0, 25.0]]), abs=1e-3)


def test_points_that_are_not_finite_break_the_line() -> None:
    points = np.array(
        [[1.0, 1.0], [2.0, 2.0], [np.nan, 3.0], [4.0, 4.0], [5.0, 5.0], [np.inf, 5.0]]
    )
    assert [piece.tolist() for piece in clipped(points, RECT)] == [
        [[1.0, 1.0], [2.0, 2.0]],
        [[4.0, 4.0], [5.0, 5.0]],
    ]


LINES = st.lists(st.tuples(COORDINATE, COORDINATE), min_size=2, max_size=8).map(np.array)


@settings(max_examples=100)
@given(st.lists(LINES, min_size=1, max_size=5))
def test_several_lines_at_once_are_clipped_as_one_by_one(lines: list[np.ndarray]) -> None:
    for line, pieces in zip(lines, clipped_each(lines, RECT), strict=True):
        alone = clipped(line, RECT)
        assert len(pieces) == len(alone)
        for piece, expected in zip(pieces, alone, strict=True):
            assert piece == pytest.approx(expected, rel=1e-12)


@settings(max_examples=200)
@given(LINES)
def test_pieces_lie_inside_and_hold_every_point_of_the_line_that_does(
    points: np.ndarray,
) -> None:
    pieces = clipped(points, RECT)
    for piece in pieces:
        assert len(piece) >= 2
        assert np.isfinite(piece).all()
        assert inside(piece).all()
    for a, b in pairwise(points):
        if not np.isfinite([a, b]).all() or np.abs([a, b]).max() > 1e6:
            continue
        for share in (0.25, 0.5, 0.75):
            at = a + share * (b - a)
            if (at > 0.1).all() and (at < [99.9, 49.9]).all():
                assert min(distance(at, piece) for piece in pieces) < 1e-6


def distance(at: np.ndarray, line: np.ndarray) -> float:
    """How far a point lies from a polyline."""
    a, d = line[:-1], np.diff(line, axis=0)
    length = np.maximum((d * d).sum(axis=1), 1e-300)
    share = np.clip(((at - a) * d).sum(axis=1) / length, 0.0, 1.0)
    return float(np.linalg.norm(a + share[:, None] * d - at, axis=1).min())


def test_thinning_keeps_the_ends_and_stays_within_a_pixel() -> None:
    turn = np.linspace(0.0, 20.0, 5_000)
    points = np.stack([200.0 * np.cos(turn), 200.0 * np.sin(turn)], axis=1)
    kept = thinned(points)
    assert len(kept) < len(points)
    assert kept[0].tolist() == points[0].tolist()
    assert kept[-1].tolist() == points[-1].tolist()
    assert max(distance(point, kept) for point in points[::50]) < 1.0
    assert len(thinned(points * 1e6, most=100)) <= 102
    still = np.zeros((1_000, 2))
    assert len(thinned(still)) == 2
    assert thinned(points[:2]) is not None


def test_polygons_become_closed_parts_of_one_path() -> None:
    corners = np.array([[[0.0, 0.0], [10.0, 0.0], [10.0, 10.0]], [[20, 0], [30, 0], [30, 5]]])
    path = closed_polygons(corners)
    parts = [[point.toTuple() for point in part] for part in path.toSubpathPolygons()]
    assert parts == [[*map(tuple, part.tolist()), tuple(part[0].tolist())] for part in corners]
    assert closed_polygons(np.zeros((0, 4, 2))).isEmpty()


def distances(points: Array, line: Array) -> Array:
    """How far points (n, 2) are from a polyline (m, 2)."""
    a, along = line[:-1], np.diff(line, axis=0)
    t = ((points[:, None] - a) * along).sum(axis=-1) / (along**2).sum(axis=-1)
    nearest = a + np.clip(t, 0.0, 1.0)[..., None] * along
    found: Array = np.linalg.norm(points[:, None] - nearest, axis=-1).min(axis=1)
    return found


@pytest.mark.parametrize("curve", [np.sin, lambda x: 1.0 / (0.1 + x), lambda x: np.abs(x - 3.3)])
def test_a_smooth_line_keeps_its_course_through_fewer_points(
    curve: Callable[[Array], Array],
) -> None:
    x = np.arange(500.0)
    points = np.column_stack([x, 150.0 * curve(x / 80.0)])
    straight = straightened(points)
    assert len(straight) < 0.5 * len(points)
    assert distances(points, straight).max() <= 0.2
    assert (straight[[0, -1]] == points[[0, -1]]).all()


def test_a_zigzag_keeps_its_points() -> None:
    points = np.column_stack([np.arange(50.0), np.arange(50) % 2])
    assert (straightened(points) == points).all()


@pytest.mark.parametrize("count", range(4))
def test_of_a_few_points_none_but_the_ends_are_needed(count: int) -> None:
    points = np.column_stack([np.arange(float(count)), np.zeros(count)])
    assert straightened(points)[:, 0].tolist() == sorted({0.0, max(count - 1.0, 0.0)})[:count]
