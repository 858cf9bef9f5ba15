"""Neighbourhoods: what lies in N(z, ε) ∩ C, exactly, and where its minimisers may be."""

from fractions import Fraction

import numpy as np
import pytest

from mlpsim.core.feasible import Ball, Box, WholeSpace
from mlpsim.core.proofs.interval import Interval, point
from mlpsim.core.proofs.neighbourhood import Lens

REGIONS = [
    (feasible, shape)
    for feasible in (WholeSpace(), Box((-1.0, -0.5), (0.3, 2.0)), Ball((0.4, -0.2), 0.9))
    for shape in ("disc", "square")
]


def is_inside(feasible, shape, z, epsilon, u) -> bool:
    """Whether u lies in the neighbourhood of z, in rational arithmetic."""
    z, u = ([Fraction(float(x)) for x in point] for point in (z, u))
    away = [abs(a - b) for a, b in zip(z, u, strict=True)]
    reach = Fraction(epsilon)
    near = max(away) <= reach if shape == "square" else sum(a * a for a in away) <= reach * reach
    if isinstance(feasible, Box):
        walls = zip(feasible.lo, u, feasible.hi, strict=True)
        return near and all(Fraction(lo) <= x <= Fraction(hi) for lo, x, hi in walls)
    if isinstance(feasible, Ball):
        offset = [x - Fraction(c) for x, c in zip(u, feasible.center, strict=True)]
        return near and sum(x * x for x in offset) <= Fraction(feasible.radius) ** 2
    return near


@pytest.mark.parametrize(("feasible", "shape"), REGIONS)
def test_what_is_said_to_lie_inside_does_so_exactly(feasible, shape) -> None:
    rng = np.random.default_rng(3)
    region = Lens((0.25, 0.125), 0.7, shape).within(feasible)
    wild = region.z + rng.uniform(-1.5, 1.5, (300, 2))
    near = region.near(wild)
    points, inside = region.surely(near)
    assert inside.mean() > 0.9
    for u in points[inside]:
        assert is_inside(feasible, shape, region.z, 0.7, u)
    assert np.abs(points - near)[inside].max() < 2e-3
    raw, is_raw_inside = region.surely(wild)
    for u, said in zip(raw, is_raw_inside, strict=True):
        if said:
            assert is_inside(feasible, shape, region.z, 0.7, u)


def test_a_point_far_outside_is_never_said_to_lie_inside() -> None:
    region = Lens((0.0, 0.0), 0.5, "square").within(WholeSpace())
    _, inside = region.surely(np.array([[0.0, 0.0], [0.5, -0.5]]))
    assert inside.all()
    disc = Lens((0.0, 0.0), 0.5).within(WholeSpace())
    _, inside = disc.surely(np.array([[0.0, 0.0], [0.5, 0.0], [0.5, -0.5]]))
    assert inside.tolist() == [True, True, False]


def test_z_is_projected_onto_c() -> None:
    box = Box((-10.0, -10.0), (10.0, 10.0))
    assert Lens((-12.0, 3.0), 0.1).within(box).z.tolist() == [-10.0, 3.0]
    assert Lens((3.0, 4.0), 0.1).within(Ball((0.0, 0.0), 1.0)).z == pytest.approx([0.6, 0.8])


@pytest.mark.parametrize(("feasible", "shape"), REGIONS)
def test_a_box_around_it_holds_all_of_it(feasible, shape) -> None:
    region = Lens((0.25, 0.125), 0.7, shape).within(feasible)
    lo, hi = region.corners
    grid = np.stack(np.meshgrid(*[np.linspace(-2.0, 2.0, 41)] * 2), axis=-1).reshape(-1, 2)
    inside = np.array([is_inside(feasible, shape, region.z, 0.7, u) for u in grid])
    assert inside.any()
    assert ((grid >= lo) & (grid <= hi)).all(axis=-1)[inside].all()


@pytest.mark.parametrize(("feasible", "shape"), REGIONS)
@pytest.mark.parametrize("slope", [(1.0, 0.5), (-1.0, 0.0), (0.3, -2.0)])
def test_no_box_with_a_minimiser_is_dropped(feasible, shape, slope) -> None:
    """J linear: its minimisers over the neighbourhood are found on a fine grid of its points."""
    region = Lens((0.25, 0.125), 0.7, shape).within(feasible)
    lo, hi = region.corners
    side = np.linspace(0.0, 1.0, 401)
    grid = np.stack(np.meshgrid(*[side] * 2), axis=-1).reshape(-1, 2)
    points, inside = region.surely(region.near(lo + (hi - lo) * grid))
    points = points[inside]
    best = points[(points @ np.array(slope)).argmin()]
    x, y = np.linspace(lo, hi, 6).T  # the last cut is the end itself
    box_lo = np.stack(np.meshgrid(x[:-1], y[:-1]), axis=-1).reshape(-1, 2)
    box_hi = np.stack(np.meshgrid(x[1:], y[1:]), axis=-1).reshape(-1, 2)
    gradient = np.broadcast_to(slope, box_lo.shape)
    kept, new_lo, new_hi = region.prune(box_lo, box_hi, Interval(gradient, gradient))
    assert not kept.all()
    slack = 5e-3
    reached = ((best >= new_lo - slack) & (best <= new_hi + slack)).all(axis=-1)
    assert reached[kept].any()


def test_what_is_no_lens_is_refused() -> None:
    for epsilon in (0.0, -1.0, np.inf, np.nan):
        with pytest.raises(ValueError, match="ε has to be above 0"):
            Lens((0.0, 0.0), epsilon)
    with pytest.raises(ValueError, match="unknown shape 'star'"):
        Lens((0.0, 0.0), 1.0, "star")
    with pytest.raises(ValueError, match="z has to be finite"):
        Lens((0.0, np.nan), 1.0)


def test_a_box_in_the_corner_of_a_wall_and_a_ball_is_kept() -> None:
    """u₁ − u₂ is lowest at (0, 1) on the half disc u₁ ≥ 0, where no wall alone holds it."""
    region = Lens((0.0, 0.0), 1.0).within(Box((0.0, -9.0), (9.0, 9.0)))
    corner, gradient = (np.array([[0.0, 0.9]]), np.array([[0.1, 1.1]])), np.array([[1.0, -1.0]])
    kept, lo, hi = region.prune(*corner, point(gradient))
    assert kept.tolist() == [True]
    assert ((lo <= [0.0, 1.0]) & (hi >= [0.0, 1.0])).all()
