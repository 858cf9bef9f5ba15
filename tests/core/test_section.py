"""Sections of the feasible set."""

import numpy as np
import pytest

from mlpsim.core.feasible import Ball, Box, WholeSpace
from mlpsim.core.plane import directions, two_weights
from mlpsim.core.section import (
    BoxSection,
    DiscSection,
    inside,
    move_edge,
    move_rim,
    rims,
    section,
)
from mlpsim.core.window import Window

BOX = Box((-1.0, -2.0, -3.0), (1.0, 2.0, 3.0))
BALL = Ball((1.0, 0.0, 3.0), 5.0)


def test_a_box_shows_the_limits_of_the_two_weights() -> None:
    plane = two_weights(np.zeros(3), 2, 0)
    assert section(BOX, plane) == BoxSection(-3.0, 3.0, -1.0, 1.0)


def test_a_box_that_the_other_weights_leave_shows_nothing() -> None:
    assert section(BOX, two_weights(np.array([9.0, 2.1, 9.0]), 0, 2)) is None
    assert section(BOX, two_weights(np.array([9.0, 1.9, 9.0]), 0, 2)) is not None


def test_a_ball_shows_the_disc_that_the_slice_cuts_out() -> None:
    assert section(BALL, two_weights(np.array([0.0, 0.0, 0.0]), 0, 1)) == DiscSection(1.0, 0.0, 4.0)
    assert section(BALL, two_weights(np.array([0.0, 0.0, 8.0]), 0, 1)) == DiscSection(1.0, 0.0, 0.0)
    assert section(BALL, two_weights(np.array([0.0, 0.0, 8.1]), 0, 1)) is None


@pytest.mark.parametrize("radius", [0.0, 5e-324, 1e308])
def test_a_ball_of_any_radius_has_its_disc(radius: float) -> None:
    plane = two_weights(np.array([7.0, 7.0]), 0, 1)
    assert section(Ball((1.0, 2.0), radius), plane) == DiscSection(1.0, 2.0, radius)


def test_other_sets_and_planes_show_nothing() -> None:
    plane = two_weights(np.zeros(3), 0, 1)
    assert section(WholeSpace(), plane) is None
    assert section(BOX, directions(plane.origin, plane.u, plane.v)) is None


@pytest.mark.parametrize(
    ("edge", "to", "expected"),
    [
        ("x0", -4.0, Box((-1.0, -2.0, -4.0), (1.0, 2.0, 3.0))),
        ("x1", -9.0, Box((-1.0, -2.0, -3.0), (1.0, 2.0, -3.0))),
        ("y0", 0.5, Box((0.5, -2.0, -3.0), (1.0, 2.0, 3.0))),
        ("y1", 0.5, Box((-1.0, -2.0, -3.0), (0.5, 2.0, 3.0))),
    ],
)
def test_an_edge_moves_alone_and_stops_at_the_opposite_one(
    edge: str, to: float, expected: Box
) -> None:
    assert move_edge(BOX, two_weights(np.zeros(3), 2, 0), edge, to) == expected


def test_the_rim_passes_through_the_place_it_is_dragged_to() -> None:
    plane = two_weights(np.zeros(3), 0, 1)
    moved = move_rim(BALL, plane, 1.0, 4.0)
    assert moved.radius == 5.0
    found = section(move_rim(BALL, plane, 3.0, 0.0), plane)
    assert isinstance(found, DiscSection)
    assert found.radius == pytest.approx(2.0)
    flat = two_weights(np.array([0.0, 0.0, 3.0]), 0, 1)
    assert move_rim(BALL, flat, 1.0, 0.0).radius > 0.0


WINDOW = Window(-2.0, 2.0, -1.0, 3.0)


def test_places_lie_in_a_section_up_to_its_edge() -> None:
    places = np.array([[0.0, 0.0], [1.0, 1.0], [1.0, 1.01], [-1.01, 0.0], [0.6, 0.8], [0.61, 0.8]])
    box, disc = BoxSection(-1.0, 1.0, -1.0, 1.0), DiscSection(0.0, 0.0, 1.0)
    assert inside(box, places).tolist() == [True, True, False, False, True, True]
    assert inside(disc, places).tolist() == [True, False, False, False, True, False]


def test_the_rims_of_a_box_are_its_edges_as_far_as_the_window_shows_them() -> None:
    left, low = rims(BoxSection(-1.0, 9.0, 0.5, 9.0), WINDOW)
    assert np.array_equal(left[[0, -1]], [[-1.0, 0.5], [-1.0, 3.0]])
    assert np.array_equal(low[[0, -1]], [[-1.0, 0.5], [2.0, 0.5]])
    assert rims(BoxSection(-9.0, 9.0, -9.0, 9.0), WINDOW) == []
    assert rims(BoxSection(5.0, 9.0, -9.0, 9.0), WINDOW) == []
    assert rims(BoxSection(-9.0, 9.0, -9.0, -8.0), WINDOW) == []


@pytest.mark.parametrize("disc", [DiscSection(0.5, 1.0, 1.5), DiscSection(300.0, -400.0, 500.0)])
def test_the_rim_of_a_disc_is_as_far_from_its_middle_everywhere(disc: DiscSection) -> None:
    (rim,) = rims(disc, WINDOW)
    away = np.hypot(rim[:, 0] - disc.x, rim[:, 1] - disc.y)
    assert away == pytest.approx(disc.radius, rel=1e-12)
    shown = rim[(np.abs(rim[:, 0]) <= 2.0) & (np.abs(rim[:, 1] - 1.0) <= 2.0)]
    assert len(shown) > 60  # close enough together to look round
    assert np.hypot(*np.diff(shown, axis=0).T).max() < 0.1 or disc.radius < 2.0
