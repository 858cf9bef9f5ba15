"""Pruning: never a minimiser dropped, and the boxes that have to go, gone."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from mlpsim.core.feasible import Ball, Box
from mlpsim.core.proofs.interval import Interval
from mlpsim.core.proofs.pruning import prune_in_ball, prune_in_box
from tests.core.proofs.intervals import box as gradient_of
from tests.core.proofs.intervals import rows


def test_where_j_grows_the_box_shrinks_to_the_lower_face_of_c() -> None:
    box = Box((0.0, 0.0), (4.0, 4.0))
    kept, lo, hi = prune_in_box(
        box, rows(0.0, 1.0), rows(2.0, 2.0), gradient_of((1.0, 2.0), (-1.0, 1.0))
    )
    assert kept.all()
    assert (lo.tolist(), hi.tolist()) == ([[0.0, 1.0]], [[0.0, 2.0]])


def test_where_j_falls_the_box_shrinks_to_the_upper_face_of_c() -> None:
    box = Box((0.0, 0.0), (4.0, 4.0))
    kept, lo, hi = prune_in_box(
        box, rows(1.0, 3.0), rows(2.0, 4.0), gradient_of((-1.0, 1.0), (-2.0, -1.0))
    )
    assert kept.all()
    assert (lo.tolist(), hi.tolist()) == ([[1.0, 4.0]], [[2.0, 4.0]])


def test_away_from_the_walls_a_slope_that_keeps_its_sign_drops_the_box() -> None:
    box = Box((0.0,), (4.0,))
    for slope in ((1.0, 2.0), (-2.0, -1.0)):
        assert not prune_in_box(box, rows(1.0), rows(2.0), gradient_of(slope))[0].any()
    # A slope that may vanish proves nothing.
    assert prune_in_box(box, rows(1.0), rows(2.0), gradient_of((0.0, 2.0)))[0].all()


def test_a_ball_drops_what_lies_outside_and_where_the_slope_cannot_vanish_inside() -> None:
    ball = Ball((0.0, 0.0), 1.0)
    anything = gradient_of((-1.0, 1.0), (-1.0, 1.0))
    steep = gradient_of((1.0, 2.0), (-1.0, 1.0))
    assert not prune_in_ball(ball, rows(0.8, 0.8), rows(0.9, 0.9), anything)[0].any()
    assert prune_in_ball(ball, rows(0.1, 0.1), rows(0.2, 0.2), anything)[0].all()
    assert not prune_in_ball(ball, rows(0.1, 0.1), rows(0.2, 0.2), steep)[0].any()


def test_on_the_sphere_the_slope_has_to_point_inwards() -> None:
    ball = Ball((0.0, 0.0), 1.0)
    lo, hi = rows(0.9, -0.1), rows(1.1, 0.1)
    inwards = gradient_of((-2.0, -1.0), (-0.1, 0.1))
    outwards = gradient_of((1.0, 2.0), (-0.1, 0.1))
    sideways = gradient_of((-1.1, -1.0), (5.0, 6.0))
    kept, _, new_hi = prune_in_ball(ball, lo, hi, inwards)
    assert kept.all()
    assert 1.0 <= new_hi[0, 0] < 1.0 + 1e-12  # shrunk to the sphere
    assert not prune_in_ball(ball, lo, hi, outwards)[0].any()
    assert not prune_in_ball(ball, lo, hi, sideways)[0].any()


@given(st.integers(0, 10**6), st.integers(1, 3))
@settings(max_examples=300)
def test_the_minimiser_of_a_slope_over_a_ball_is_kept(seed, n_params) -> None:
    """min g·w over the ball lies at c - r·g/‖g‖, in whatever box one looks."""
    rng = np.random.default_rng(seed)
    g, centre = rng.normal(size=n_params), rng.normal(size=n_params)
    radius = float(rng.uniform(0.1, 3.0))
    best = centre - radius * g / np.linalg.norm(g)
    lo, hi = best - rng.random(n_params), best + rng.random(n_params)
    slope = Interval((g - 1e-9)[None], (g + 1e-9)[None])
    kept, new_lo, new_hi = prune_in_ball(Ball(tuple(centre), radius), lo[None], hi[None], slope)
    assert kept.all()
    assert (new_lo <= best + 1e-12).all()
    assert (new_hi >= best - 1e-12).all()


@given(st.integers(0, 10**6), st.integers(1, 3))
@settings(max_examples=200)
def test_a_box_cut_to_the_sphere_keeps_every_point_of_it(seed, n_params) -> None:
    rng = np.random.default_rng(seed)
    direction = rng.normal(size=n_params)
    at = direction / np.linalg.norm(direction)
    lo, hi = at - rng.random(n_params), at + rng.random(n_params)
    # ∇J = -λ(w - c) is possible all over, vanishing nowhere.
    slope = Interval((-2.0 * at - 50.0)[None], (-2.0 * at + 50.0)[None])
    slope.lo[0, 0], slope.hi[0, 0] = (-60.0, -1e-3) if at[0] > 0 else (1e-3, 60.0)
    kept, new_lo, new_hi = prune_in_ball(Ball((0.0,) * n_params, 1.0), lo[None], hi[None], slope)
    assert kept.all()
    assert (new_lo <= at + 1e-15).all()
    assert (new_hi >= at - 1e-15).all()


def test_a_box_between_the_sheets_of_a_sphere_holds_nothing() -> None:
    # Along the first axis the box reaches from pole to pole, but not to where the sphere is.
    ball = Ball((0.0, 0.0), 1.0)
    steep = gradient_of((-1.0, 1.0), (-2.0, -1.0))
    kept, lo, hi = prune_in_ball(ball, rows(-0.1, 0.5), rows(0.1, 1.5), steep)
    assert kept.all()
    assert lo[0, 1] >= 0.994  # √(1 - 0.1²) at least
    assert hi[0, 1] <= 1.0 + 1e-12
