"""First-order conditions on boxes, windows and balls, one box at a time."""

from mlpsim.core.feasible import Ball, Box
from mlpsim.core.proofs.first_order import InBall, InBox, InWindow
from tests.core.proofs.intervals import box, rows

SQUARE = Box((0.0, 0.0), (4.0, 4.0))


def test_in_a_window_the_gradient_has_to_vanish_and_edges_are_no_walls() -> None:
    place = InWindow(SQUARE)
    either, steep = box((-1.0, 1.0), (-1.0, 1.0)), box((1.0, 2.0), (-1.0, 1.0))
    for gradient, kept in ((either, True), (steep, False)):
        assert place.pruned(rows(0.0, 0.0), rows(1.0, 1.0), gradient)[0].tolist() == [kept]
    role = place.role(rows(0.0, 0.0), rows(1.0, 1.0), either)
    assert role.free.all()
    assert role.is_settled.all()
    for x, holds in (
        (box((1.0, 2.0), (3.0, 3.5), (0.0, 0.0)), True),
        (box((4.5, 5.0), (3.0, 3.5), (0.0, 0.0)), False),
        (box((3.5, 4.5), (3.0, 3.5), (0.0, 0.0)), None),
    ):
        assert place.holds(x, role, either) is holds


def test_at_the_wall_of_a_box_the_gradient_points_out_of_the_others_way() -> None:
    place = InBox(SQUARE)
    lo, hi = rows(0.0, 1.0), rows(1.0, 2.0)
    grows = box((1.0, 2.0), (-1.0, 1.0))
    kept, lo, hi = place.pruned(lo, hi, grows)
    role = place.role(lo, hi, grows)
    assert (kept.tolist(), hi.tolist()) == ([True], [[0.0, 2.0]])
    assert role.free.tolist() == [[False, True]]
    assert role.is_settled.all()
    # Which of both it is stays open while the gradient may vanish at the wall.
    open_role = place.role(rows(0.0, 1.0), rows(1.0, 2.0), box((-1.0, 1.0), (-1.0, 1.0)))
    assert not open_role.is_settled.any()
    x = box((0.0, 0.0), (1.2, 1.3), (0.0, 0.0))
    assert place.holds(x, role, grows) is True
    assert place.holds(x, role, box((-1.0, 2.0), (-1.0, 1.0))) is None
    outside = box((0.0, 0.0), (-2.0, -1.0), (0.0, 0.0))
    assert place.holds(outside, role, grows) is False


def test_a_box_without_width_is_a_wall_whatever_the_gradient() -> None:
    place = InBox(Box((1.0, 0.0), (1.0, 4.0)))
    role = place.role(rows(1.0, 1.0), rows(1.0, 2.0), box((-1.0, 1.0), (-1.0, 1.0)))
    assert role.free.tolist() == [[False, True]]
    assert role.is_settled.all()


def test_a_ball_tells_its_inside_from_its_sphere() -> None:
    place = InBall(Ball((0.0, 0.0), 2.0))
    lo, hi = place.bounds
    assert (lo <= -2.0).all()
    assert (hi >= 2.0).all()
    flat, steep = box((-1.0, 1.0), (-1.0, 1.0)), box((-2.0, -1.0), (-1.0, 1.0))
    inner = place.role(rows(0.0, 0.0), rows(1.0, 1.0), flat)
    assert not inner.on_sphere.any()
    assert inner.is_settled.all()
    outer = place.role(rows(1.9, -0.5), rows(2.1, 0.5), steep)
    assert outer.on_sphere.all()
    assert outer.is_settled.all()
    assert place.pruned(rows(1.9, -0.5), rows(2.1, 0.5), steep)[0].all()
    assert not place.role(rows(1.9, -0.5), rows(2.1, 0.5), flat).is_settled.any()
    for x, holds in (
        (box((0.1, 0.2), (0.1, 0.2), (0.0, 0.0)), True),
        (box((1.9, 2.1), (0.0, 0.0), (0.0, 0.0)), None),
        (box((2.9, 3.1), (0.0, 0.0), (0.0, 0.0)), False),
    ):
        assert place.holds(x, inner, flat) is holds
    for multiplier, holds in (((0.5, 0.6), True), ((-0.1, 0.1), None), ((-0.6, -0.5), False)):
        assert place.holds(box((1.9, 2.1), (0.0, 0.0), multiplier), outer, steep) is holds


def test_a_ball_without_width_has_no_sphere_to_speak_of() -> None:
    place = InBall(Ball((1.0, 1.0), 0.0))
    role = place.role(rows(1.0, 1.0), rows(1.0, 1.0), box((1.0, 2.0), (1.0, 2.0)))
    assert not role.is_settled.any()
