"""Boxes: splitting and joining lose no point."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlpsim.core.proofs.boxes import Boxes, clusters, merged
from mlpsim.core.proofs.interval import Interval


def boxes_of(lo, hi, axis):
    lo, hi = np.array(lo, dtype=float), np.array(hi, dtype=float)
    return Boxes(lo, hi, np.zeros(len(lo)), np.array(axis))


@given(st.integers(0, 10**6), st.integers(2, 8))
@settings(max_examples=100)
def test_the_parts_of_a_box_cover_it(seed, parts) -> None:
    rng = np.random.default_rng(seed)
    lo, hi = np.sort(rng.normal(0.0, 10.0 ** rng.uniform(-300, 300), (2, 3, 2)), axis=0)
    whole = boxes_of(lo, hi, rng.integers(0, 2, 3))
    new_lo, new_hi, lower = whole.split(parts)
    assert len(lower) == 3 * parts
    for i in range(3):
        axis = whole.axis[i]
        los, his = new_lo[i::3, axis], new_hi[i::3, axis]
        assert los[0] == lo[i, axis]
        assert his[-1] == hi[i, axis]
        assert (los[1:] == his[:-1]).all()
        assert (new_lo[i::3, 1 - axis] == lo[i, 1 - axis]).all()


def test_the_parts_of_a_box_are_equal_and_inherit_its_bound() -> None:
    one, other = [1.0, -4.0], [0.0, 2.0]
    boxes = Boxes(
        np.array([one, other]),
        np.array([[3.0, 4.0], [8.0, 2.5]]),
        np.array([5.0, 7.0]),
        np.array([1, 0]),
    )
    lo, hi, lower = boxes.split(4)
    assert lo[0::2].tolist() == [[1.0, -4.0], [1.0, -2.0], [1.0, 0.0], [1.0, 2.0]]
    assert hi[0::2].tolist() == [[3.0, -2.0], [3.0, 0.0], [3.0, 2.0], [3.0, 4.0]]
    assert lo[1::2, 0].tolist() == [0.0, 2.0, 4.0, 6.0]
    assert lower.tolist() == 4 * [5.0, 7.0]
    assert boxes.widths.tolist() == [8.0, 8.0]


@pytest.mark.parametrize("floats", [0, 1, 3])
def test_the_parts_of_a_box_of_few_floats_lie_in_it_in_order(floats) -> None:
    lo = np.random.default_rng(0).normal(size=(500, 1))
    hi = lo.copy()
    for _ in range(floats):
        hi = np.nextafter(hi, np.inf)
    for parts in range(2, 9):
        los, his, _ = boxes_of(lo, hi, [0] * len(lo)).split(parts)
        ends = np.concatenate([los.reshape(parts, -1), his.reshape(parts, -1)[-1:]])
        assert (np.diff(ends, axis=0) >= 0.0).all()
        assert (ends[0] == lo[:, 0]).all()
        assert (ends[-1] == hi[:, 0]).all()


def test_a_box_without_a_float_inside_cannot_be_split() -> None:
    odd = np.nextafter(
        1.0, 2.0
    )  # the middle of this and the next is rounded up, of 1 and this down
    lo, hi = [[0.0], [1.0], [odd], [2.0]], [[1.0], [odd], [np.nextafter(odd, 2.0)], [2.0]]
    one = boxes_of(lo, hi, [0, 0, 0, 0])
    assert one.splittable.tolist() == [True, False, False, False]
    assert one.widths[0] == 1.0
    assert len(one.take(np.array([0])).joined(one)) == 5


def test_boxes_that_share_a_cell_become_one_around_them() -> None:
    joined = merged(
        Interval(
            np.array([[0.1, 0.1], [0.2, 0.2], [5.0, 5.0]]),
            np.array([[0.15, 0.15], [0.3, 0.25], [5.1, 5.1]]),
        ),
        1.0,
    )
    assert joined.lo.tolist() == [[0.1, 0.1], [5.0, 5.0]]
    assert joined.hi.tolist() == [[0.3, 0.25], [5.1, 5.1]]
    none = merged(Interval(np.empty((0, 2)), np.empty((0, 2))), 1.0)
    assert none.lo.shape == (0, 2)


def test_so_many_boxes_are_joined_that_few_are_left_around_all() -> None:
    rng = np.random.default_rng(0)
    lo = rng.normal(size=(5_000, 9))
    hi = lo + 0.1
    joined = merged(Interval(lo, hi), 1e-3, 300)
    assert 1 < len(joined.lo) <= 300
    for one, other in zip(lo, hi, strict=True):
        assert ((joined.lo <= one) & (joined.hi >= other)).all(axis=-1).any()
    assert len(merged(Interval(lo, hi), 1e-3).lo) == 5_000


def test_boxes_as_far_apart_as_numbers_go_are_joined_too() -> None:
    ends = np.array([[-1.7e308], [0.0], [1.7e308]])
    joined = merged(Interval(ends, ends), 1.0, 1)
    assert (joined.lo.tolist(), joined.hi.tolist()) == ([[-1.7e308]], [[1.7e308]])


def test_boxes_that_touch_in_a_row_become_one_around_them() -> None:
    row = Interval(
        np.array([[2.0, 0.0], [0.0, 0.0], [1.05, 0.5], [5.0, 0.0], [0.0, 2.0]]),
        np.array([[3.0, 1.0], [1.0, 1.0], [2.0, 1.5], [6.0, 1.0], [1.0, 3.0]]),
    )
    joined = clusters(row, 0.1)
    assert joined.lo.tolist() == [[0.0, 0.0], [5.0, 0.0], [0.0, 2.0]]
    assert joined.hi.tolist() == [[3.0, 1.5], [6.0, 1.0], [1.0, 3.0]]
    assert len(clusters(row, 0.01).lo) == 4
    none = clusters(Interval(np.empty((0, 2)), np.empty((0, 2))), 1.0)
    assert none.lo.shape == (0, 2)
