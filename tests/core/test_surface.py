"""The loss surface: values, levels and isolines."""

from dataclasses import replace

import numpy as np
import pytest

from mlpsim.core.activations import IDENTITY
from mlpsim.core.dataset import Dataset
from mlpsim.core.experiment import lecture_experiment
from mlpsim.core.network import Network
from mlpsim.core.plane import one_weight, two_weights
from mlpsim.core.problem import Problem
from mlpsim.core.slices import Slice
from mlpsim.core.surface import drawn_limits, isoline_at, surface_of, wants_log
from mlpsim.core.window import FAR, Window
from tests.core.surfaces import compute_surface

PROBLEM = lecture_experiment().problem
PLANE = two_weights(np.zeros(2), 0, 1)
WINDOW = Window(-3.0, 1.0, -1.5, 1.5)


def sigma(z: float) -> float:
    return float(1.0 / (1.0 + np.exp(-z)))


def lecture_loss(w1: float, w2: float) -> float:
    """The lecture's E in u and v, as written in its slides."""
    u, v = w1 + w2, 2.0 * w1 - 5.0 * w2
    return sigma(3 * u) ** 2 + sigma(2 * u) ** 2 + sigma(4 * u) ** 2 + sigma(v) ** 2


def test_the_surface_is_the_lectures_loss() -> None:
    surface = compute_surface(PROBLEM, PLANE, WINDOW, 21, 13)
    assert surface is not None
    assert surface.values.shape == (13, 21)
    for i, beta in enumerate(surface.ys):
        for j, alpha in enumerate(surface.xs):
            expected = lecture_loss(float(alpha), float(beta))
            assert surface.values[i, j] == pytest.approx(expected, rel=1e-12)
    assert surface.log
    assert surface.n_missing == 0
    assert set(surface.ticks) == {line.value for line in surface.isolines if line.bold}


def test_isolines_lie_where_the_loss_has_their_value() -> None:
    surface = compute_surface(PROBLEM, PLANE, WINDOW, 200, 200)
    assert surface is not None
    assert len(surface.isolines) > 8
    for line in surface.isolines:
        for points in line.lines:
            values = PROBLEM.value(points)
            assert np.allclose(np.log10(values), np.log10(line.value), atol=2e-3)


def test_chunks_do_not_change_a_value(monkeypatch: pytest.MonkeyPatch) -> None:
    xs, ys = np.linspace(-2, 2, 17), np.linspace(-1, 1, 11)
    whole = PROBLEM.value(PLANE.points(xs, ys))
    for chunk in (1, 100, 10**9):
        monkeypatch.setattr("mlpsim.core.slices.CHUNK", chunk)
        assert Slice(PROBLEM, PLANE).values(xs, ys) == pytest.approx(whole, rel=1e-13)


def test_a_cancelled_job_stops_between_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mlpsim.core.slices.CHUNK", 1)
    asked = []

    def cancelled() -> bool:
        asked.append(True)
        return len(asked) > 3

    assert compute_surface(PROBLEM, PLANE, WINDOW, 50, 50, cancelled=cancelled) is None
    assert len(asked) == 4


def test_cancelling_during_the_isolines_leaves_the_rest_out() -> None:
    xs = np.linspace(0.0, 1.0, 5)
    sums = np.add.outer(xs, xs)
    assert surface_of(PLANE, WINDOW, xs, xs, sums, False).isolines != ()
    assert surface_of(PLANE, WINDOW, xs, xs, sums, False, lambda: True).isolines == ()


def test_values_as_small_as_1e_87_keep_their_digits() -> None:
    surface = compute_surface(PROBLEM, PLANE, Window(-51.0, -49.0, -1.0, 1.0), 40, 40)
    assert surface is not None
    assert surface.log
    limits = surface.limits
    assert limits is not None
    assert 0.0 < limits[0] < 1e-80
    assert surface.ticks
    assert surface.isolines[0].lines
    wide = compute_surface(PROBLEM, PLANE, Window(-50.0, 50.0, -50.0, 50.0), 60, 60, log=True)
    assert wide is not None
    assert 3 <= len(wide.ticks) <= 9
    assert np.nanmax(wide.shades) == 1.0


def test_a_figure_without_finite_values_says_so() -> None:
    network = Network((2, 1), (IDENTITY,), (False,))
    problem = replace(PROBLEM, network=network)
    surface = compute_surface(problem, PLANE, Window(1e300, 2e300, 1e300, 2e300), 8, 8)
    assert surface is not None
    assert surface.limits is None
    assert surface.n_missing == 64
    assert surface.isolines == ()
    assert surface.ticks == ()
    assert np.isnan(surface.shades).all()


def test_values_that_are_not_finite_are_never_drawn() -> None:
    xs = np.linspace(0.0, 1.0, 6)
    values = np.add.outer(xs, xs)
    values[:2] = np.nan
    values[2, 0] = np.inf
    found = surface_of(PLANE, WINDOW, xs, xs, values, False).isolines
    assert found
    assert all(np.isfinite(points).all() for line in found for points in line.lines)
    assert min(points[:, 1].min() for line in found for points in line.lines) >= xs[2]


def test_one_weight_gives_a_curve() -> None:
    data = Dataset(np.array([[1.0], [2.0]]), np.array([[1.0], [0.0]]))
    problem = Problem(data, Network((1, 1), (IDENTITY,), (False,)))
    surface = compute_surface(problem, one_weight(np.zeros(1)), WINDOW, 5, 99, log=False)
    assert surface is not None
    expected = [(1 - w) ** 2 + 4 * w * w for w in surface.xs]
    assert surface.values[0].tolist() == pytest.approx(expected)
    assert surface.isolines == ()


def test_a_log_scale_is_taken_where_the_loss_spans_decades() -> None:
    assert wants_log(np.array([0.01, 1.0]))
    assert not wants_log(np.array([0.02, 1.0]))
    assert not wants_log(np.array([0.0, 1.0]))
    assert not wants_log(np.array([np.nan]))
    assert wants_log(np.array([1e-87, np.inf, 1e-80]))
    assert not wants_log(np.array([1e-87, 1.0]))


def test_zero_on_a_log_scale_is_drawn_as_the_lowest_positive_value() -> None:
    values = np.array([[0.0, 0.01], [0.1, 1.0]])
    assert drawn_limits(values, log=True) == (0.01, 1.0)
    ends = np.array([0.0, 1.0])
    surface = surface_of(PLANE, WINDOW, ends, ends, values, True)
    assert surface.shades.tolist() == [[0.0, 0.0], [0.5, 1.0]]
    assert surface.shade(values).tolist() == surface.shades.tolist()


def test_a_log_scale_begins_where_the_grid_resolves_the_valley() -> None:
    x, y = np.meshgrid(np.linspace(-2.0, 2.0, 41), np.linspace(-2.0, 2.0, 41))
    valley = (1.0 - x * y) ** 2 + 1e-12
    limits = drawn_limits(valley, log=True)
    assert limits is not None
    assert limits[0] == pytest.approx(0.04)
    assert limits[1] == valley.max()
    bowl = x**2 + y**2
    assert drawn_limits(bowl, log=True) == (pytest.approx(0.02), pytest.approx(8.0))
    gaps = np.where(x > -1.95, np.nan, valley)
    assert drawn_limits(gaps, log=True) == (gaps[:, 0].min(), gaps[:, 0].max())


def test_a_flat_surface_is_one_shade() -> None:
    xs = np.linspace(0.0, 1.0, 3)
    flat = surface_of(PLANE, WINDOW, xs, xs, np.ones((3, 3)), False)
    assert set(flat.shades.ravel()) == {0.5}
    assert flat.isolines == ()


def test_a_window_of_huge_limits_has_a_surface_or_says_so() -> None:
    far = Window(-FAR, FAR, -FAR, FAR)
    grown = far.with_aspect(1e4)
    assert (grown.y0, grown.y1) == (-FAR, FAR)
    flat = compute_surface(PROBLEM, PLANE, grown, 11, 11)
    assert np.isfinite(flat.values).all()
    assert set(np.round(flat.values[np.array([0, -1, 0, -1]), [0, 0, -1, -1]])) <= {0, 1, 2, 3, 4}
    linear = replace(PROBLEM, network=Network((2, 1), (IDENTITY,), (False,)))
    nowhere = compute_surface(linear, PLANE, Window(1e200, 1e201, 1e200, 1e201), 11, 11)
    assert nowhere.limits is None
    assert nowhere.n_missing == 121
    assert nowhere.isolines == ()


def test_the_isoline_through_a_place_is_where_the_value_is_its_own() -> None:
    surface = compute_surface(PROBLEM, PLANE, Window(-1.0, 1.0, -1.0, 1.0), 101, 101)
    assert surface is not None
    line = isoline_at(surface, 1.0)
    points = np.concatenate(line.lines)
    np.testing.assert_allclose(PROBLEM.value(points), 1.0, atol=2e-3)
    assert np.hypot(*points.T).min() < 0.02  # E = 1 at the origin
    assert isoline_at(surface, 9.0).lines == ()


def test_between_grid_points_a_bilinear_function_is_read_off_exactly() -> None:
    xs, ys = np.linspace(-1.0, 3.0, 5), np.linspace(0.0, 1.0, 4)
    values = 2.0 + 3.0 * xs - ys[:, None] + 0.5 * xs * ys[:, None]
    surface = surface_of(PLANE, Window(-1.0, 3.0, 0.0, 1.0), xs, ys, values, False)
    x, y = np.array([-1.0, 0.3, 2.99, 3.0, 1.7]), np.array([0.0, 0.77, 0.01, 1.0, 0.5])
    found = surface.at(np.stack([x, y], axis=-1))
    assert found == pytest.approx(2.0 + 3.0 * x - y + 0.5 * x * y, rel=1e-13)
    outside = np.array([[-1.01, 0.5], [0.0, 1.1], [np.nan, 0.5], [np.inf, 0.5]])
    assert np.isnan(surface.at(outside)).all()
    values[1, 1] = np.inf
    assert not np.isfinite(surface.at(np.array([0.2, 0.4])))


def test_a_place_beyond_all_numbers_is_outside_the_grid() -> None:
    surface = compute_surface(PROBLEM, PLANE, WINDOW, 9, 9)
    assert surface is not None
    assert np.isnan(surface.at(np.array([[1e308, 0.0], [0.0, -np.inf]]))).all()
