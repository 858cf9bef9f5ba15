"""Settling, against the flow of the gradient integrated by hand, and basins under noise."""

from dataclasses import replace

import numpy as np
import pytest

from mlpsim.core.experiment import lecture_experiment
from mlpsim.core.feasible import Box
from mlpsim.core.files.presets import find_preset, load_presets
from mlpsim.core.plane import two_weights
from mlpsim.core.sampling import Sampling
from mlpsim.core.studies.basins import FLAT, UNSETTLED, BasinQuestion, basin_map
from mlpsim.core.studies.fleet import run_fleet
from mlpsim.core.studies.settling import settled
from mlpsim.core.window import Window

TWO_MINIMA = find_preset("bad-local-minimum", load_presets()).document(None).experiment
NOISY = replace(TWO_MINIMA, sampling=Sampling(1, seed=3))
X = np.array([[-1, -5], [1, -4], [-1, -5], [-2, -2], [5, -5], [0, -2]], float)
Y = np.array([0.0, 0.0, 0.0, 1.0, 1.0, 1.0])
MINIMA = np.array([[0.3348347, 0.1576304], [-1.1533197, 0.4937425]])  # the preset's text


def slope(w: np.ndarray) -> np.ndarray:
    """∇E of the preset, E = Σ (y − σ(w·x))², written out: w (n, 2)."""
    y_hat = 1.0 / (1.0 + np.exp(-(w @ X.T)))
    return (-2.0 * (Y - y_hat) * y_hat * (1.0 - y_hat)) @ X


def flow(w: np.ndarray, time: float = 150.0, pace: float = 0.01) -> np.ndarray:
    """Where dw/dt = −∇E leads: the classical Runge-Kutta method."""
    for _ in range(round(time / pace)):
        a = -slope(w)
        b = -slope(w + 0.5 * pace * a)
        c = -slope(w + 0.5 * pace * b)
        d = -slope(w + pace * c)
        w = w + pace / 6.0 * (a + 2.0 * b + 2.0 * c + d)
    return w


def nearest(w: np.ndarray) -> np.ndarray:
    """Which minimum each state is at; -1 where at none."""
    away = np.linalg.norm(w[:, None] - MINIMA, axis=-1)
    return np.where(away.min(axis=1) < 0.02, away.argmin(axis=1), -1)


def test_every_start_settles_where_the_flow_of_the_gradient_leads() -> None:
    grid = np.linspace(-1.5, 1.5, 13)
    starts = np.stack(np.meshgrid(grid, grid), axis=-1).reshape(-1, 2)
    expected = nearest(flow(starts))
    found = nearest(settled(TWO_MINIMA.problem, starts, 0.05))
    known = expected >= 0
    assert known.mean() > 0.7
    assert (np.bincount(expected[known]) > 20).all()
    assert found[known].tolist() == expected[known].tolist()


def test_under_noise_a_start_counts_for_the_basin_of_its_last_state() -> None:
    plane = two_weights(NOISY.start_theta(), 0, 1)
    question = BasinQuestion(NOISY, plane, Window(-2.0, 2.0, -2.0, 2.0), 60, 15)
    found = basin_map(question)
    np.testing.assert_allclose([basin.theta for basin in found.basins], MINIMA, atol=5e-8)
    alphas, betas = question.axes()
    starts = plane.points(alphas, betas).reshape(-1, 2)
    ends = run_fleet(NOISY, starts, 60).thetas
    expected = nearest(flow(ends))
    labels = found.labels.ravel()
    known = expected >= 0
    assert known.mean() > 0.7
    assert labels[known].tolist() == expected[known].tolist()
    assert all(basin.share > 0.1 for basin in found.basins)
    # None of the last states was at rest; the spread tells how far they are off.
    assert (np.linalg.norm(slope(ends[known]), axis=1) > 1e-3).all()
    for place, basin in enumerate(found.basins):
        off = np.linalg.norm(ends[labels == place] - MINIMA[place], axis=1)
        assert basin.spread == pytest.approx(np.sqrt((off**2).mean()), rel=1e-5)
        assert basin.spread > 0.01


def test_without_noise_nothing_is_moved() -> None:
    plane = two_weights(TWO_MINIMA.start_theta(), 0, 1)
    question = BasinQuestion(TWO_MINIMA, plane, Window(-2.0, 2.0, -2.0, 2.0), 3, 5)
    assert basin_map(question).share(UNSETTLED) == 1.0


def test_a_plateau_stays_where_it_is_and_is_no_minimum() -> None:
    lecture = lecture_experiment()
    flat = np.array([[40.0, 40.0]])
    assert np.array_equal(settled(lecture.problem, flat, 0.1), flat)
    noisy = replace(lecture, sampling=Sampling(1))
    plane = two_weights(lecture.start_theta(), 0, 1)
    found = basin_map(BasinQuestion(noisy, plane, Window(39.0, 41.0, 39.0, 41.0), 2, 3))
    assert found.basins == ()
    assert found.share(FLAT) == 1.0


def test_the_ridge_of_a_saddle_is_no_minimum() -> None:
    saddle = find_preset("saddle", load_presets()).document("on the ridge").experiment
    ridge = np.array([[0.7, -0.7], [-0.2, 0.2]])
    rests = settled(saddle.problem, ridge, 0.02)
    np.testing.assert_allclose(rests, 0.0, atol=1e-3)
    assert np.array_equal(ridge, [[0.7, -0.7], [-0.2, 0.2]])  # what is asked is not moved
    plane = two_weights(saddle.start_theta(), 0, 1)
    window = Window(-1.0, 1.0, -1.0, 1.0)
    whole = BasinQuestion(replace(saddle, sampling=Sampling(1)), plane, window, 5, 3)
    assert not whole.is_noisy  # one sample a batch, and one sample
    drawn = replace(saddle, sampling=Sampling(1, order="with_replacement"))
    found = basin_map(BasinQuestion(drawn, plane, window, 5, 3))
    assert found.question.is_noisy
    assert found.labels[0, 2] < 0  # (1, -1) stays on the ridge


def test_it_stays_in_c_and_stops_when_asked() -> None:
    boxed = replace(TWO_MINIMA.problem, feasible=Box((0.5, -1.0), (1.0, 1.0)))
    (rest,) = settled(boxed, np.array([[3.0, 0.9]]), 0.05)
    assert rest[0] == pytest.approx(0.5)
    along = np.linspace(-1.0, 1.0, 2001)
    on_wall = np.stack([np.full_like(along, 0.5), along], axis=1)
    assert rest[1] == pytest.approx(along[boxed.value(on_wall).argmin()], abs=1e-3)
    assert settled(boxed, np.zeros((1, 2)), 0.05, lambda: True) is None
    plane = two_weights(NOISY.start_theta(), 0, 1)
    question = BasinQuestion(NOISY, plane, Window(-2.0, 2.0, -2.0, 2.0), 1, 3)
    looks = iter([False, True])
    assert basin_map(question, lambda: next(looks)) is None


def test_it_goes_no_further_than_its_stride_and_its_number_of_steps() -> None:
    start = np.array([[2.0, 1.0]])
    for most in (0, 1, 3):
        rest = settled(TWO_MINIMA.problem, start, 0.05, most=most)
        assert np.linalg.norm(rest - start) <= most * 0.05 + 1e-12
        assert (rest == start).all() == (most == 0)


def test_in_a_tiny_window_a_minimum_beside_it_is_reached_by_none() -> None:
    plane = two_weights(TWO_MINIMA.start_theta(), 0, 1)
    x, y = MINIMA[0].tolist()
    window = Window(x + 1e-7, x + 2e-7, y + 1e-7, y + 2e-7)
    (basin,) = basin_map(BasinQuestion(TWO_MINIMA, plane, window, 1, 3)).basins
    assert (basin.count, basin.share, basin.spread) == (0, 0.0, 0.0)


def test_what_is_not_finite_is_left() -> None:
    lost = np.array([[np.nan, 0.0]])
    assert np.isnan(settled(TWO_MINIMA.problem, lost, 0.1)[0, 0])


def test_minima_that_are_one_are_counted_once() -> None:
    # A valley so flat that ends stand far apart before Newton's method joins them.
    plane = two_weights(NOISY.start_theta(), 0, 1)
    found = basin_map(BasinQuestion(NOISY, plane, Window(-4.0, 4.0, -4.0, 4.0), 30, 11))
    places = np.array([basin.theta for basin in found.basins])
    apart = np.linalg.norm(places[:, None] - places, axis=-1)
    assert (apart[~np.eye(len(places), dtype=bool)] > found.question.reach).all()
