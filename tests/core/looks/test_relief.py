"""The relief: what hides what against rays cast at triangles one by one, and what the box holds."""

from math import inf, nan

import numpy as np
import pytest

from mlpsim.core.activations import SIGMOID, TANH
from mlpsim.core.experiment import Experiment, lecture_experiment
from mlpsim.core.files.presets import find_preset, load_presets
from mlpsim.core.generators import Blobs
from mlpsim.core.looks.camera import Camera
from mlpsim.core.looks.relief import HEIGHT, Relief, best_camera, relief_of
from mlpsim.core.looks.relief_path import MOST, ReliefPath
from mlpsim.core.network import Network
from mlpsim.core.plane import two_weights
from mlpsim.core.problem import Problem
from mlpsim.core.run import Run
from mlpsim.core.sampling import Sampling
from mlpsim.core.starts import GlorotUniform
from mlpsim.core.surface import Surface, surface_of
from mlpsim.core.training import recording_interval
from mlpsim.core.window import Window
from tests.core.surfaces import compute_surface
from tests.runs import trained

SQUARE = Window(-2.0, 2.0, -2.0, 2.0)


def hills(nx: int, ny: int, lift: float = 0.0) -> np.ndarray:
    x, y = np.meshgrid(np.linspace(-1.0, 1.0, nx), np.linspace(-1.0, 1.0, ny))
    waves = 0.45 + 0.3 * np.sin(4.0 * x + 1.0) * np.cos(3.0 * y) + 0.15 * np.cos(7.0 * x - 2.0 * y)
    return np.asarray(waves + lift)


def triangles(relief: Relief) -> np.ndarray:
    """The sheet as triangles (n, 3, 3), two a cell."""
    at = relief.vertices
    a, b, c, d = at[:-1, :-1], at[:-1, 1:], at[1:, 1:], at[1:, :-1]
    both = [np.stack(three, axis=-2).reshape(-1, 3, 3) for three in ((a, b, c), (a, c, d))]
    return np.concatenate(both)


def is_hidden(relief: Relief, point: np.ndarray, camera: Camera) -> bool:
    """Whether a triangle is between a point and the eye: Möller and Trumbore (1997)."""
    a, b, c = np.moveaxis(triangles(relief), 1, 0)
    way, to = camera.eye - point, point - a
    one, other = b - a, c - a
    across, turned = np.cross(way, other), np.cross(to, one)
    det = (one * across).sum(axis=-1)
    u = (to * across).sum(axis=-1) / det
    v, t = (turned @ way) / det, (other * turned).sum(axis=-1) / det
    met = (u >= 0.0) & (v >= 0.0) & (u + v <= 1.0) & (t > 0.0) & (t < 1.0)
    return bool(met.any())


@pytest.mark.parametrize(
    ("azimuth", "elevation"), [(-60.0, 34.0), (20.0, 12.0), (135.0, 48.0), (-90.0, 75.0)]
)
def test_points_are_hidden_where_a_triangle_is_between_them_and_the_eye(
    azimuth: float, elevation: float
) -> None:
    window, camera = Window(-2.0, 2.0, -1.0, 2.0), Camera(azimuth, elevation)
    relief = Relief(window, hills(15, 12))
    rng = np.random.default_rng(7)
    points = rng.uniform([-0.98, -0.73, 0.0], [0.98, 0.73, HEIGHT], (160, 3))
    # What nearly touches the sheet, anywhere on its way, is no matter of right and wrong.
    higher, lower = Relief(window, hills(15, 12, 0.05)), Relief(window, hills(15, 12, -0.05))
    away = np.abs(points[:, 2] - relief.floor_of(points)) > 0.06
    answers = [[is_hidden(r, p, camera) for p in points[away]] for r in (relief, higher, lower)]
    clear = [len(set(three)) == 1 for three in zip(*answers, strict=True)]
    expected = ~np.array(answers[0])[clear]
    assert relief.is_seen(points[away], camera, 400)[clear].tolist() == expected.tolist()
    agreeing = relief.is_seen(points[away], camera)[clear] == expected
    assert agreeing.mean() > 0.97
    assert 5 < expected.sum() < len(expected) - 5 or elevation > 70.0
    assert sum(clear) > 50


def test_what_lies_on_the_sheet_is_seen_on_the_near_side_of_a_ridge_only() -> None:
    x = np.linspace(-1.0, 1.0, 81)
    ridge = np.tile(np.exp(-12.0 * x**2), (81, 1))
    relief = Relief(SQUARE, ridge)
    places = np.array([[0.4, 0.0], [-0.4, 0.0], [0.5, 1.0], [-0.5, -1.0], [1.9, 0.0]])
    shares = np.exp(-12.0 * (places[:, 0] / 2.0) ** 2)
    points = relief.box(places, shares)
    assert relief.is_seen(points, Camera(0.0, 15.0)).tolist() == [True, False, True, False, True]
    assert relief.is_seen(points, Camera(180.0, 15.0)).tolist() == [
        *(False, True, False, True, False)
    ]
    assert relief.is_seen(points, Camera(0.0, 88.0)).all()


def test_the_box_holds_the_window_and_its_scale() -> None:
    relief = Relief(Window(0.0, 4.0, 10.0, 12.0), hills(5, 4), lo=-0.5, hi=1.5)
    assert relief.half == (1.0, 0.5)
    corners = np.array([[0.0, 10.0], [4.0, 12.0], [2.0, 11.0]])
    found = relief.box(corners, np.array([-0.5, 1.5, 0.5]))
    assert found == pytest.approx(
        np.array([[-1.0, -0.5, 0.0], [1.0, 0.5, HEIGHT], [0.0, 0.0, HEIGHT / 2.0]])
    )
    assert relief.holds(found).all()
    outside = relief.box(
        np.array([[-0.1, 11.0], [2.0, 12.1], [2.0, 11.0], [2.0, 11.0], [nan, 11.0]]),
        np.array([0.0, 0.0, 1.6, -0.6, 0.0]),
    )
    assert not relief.holds(outside).any()
    assert np.allclose(relief.floor_of(relief.vertices), relief.vertices[..., 2])


def test_cells_are_painted_before_what_hides_them() -> None:
    relief = Relief(Window(-2.0, 2.0, -1.5, 1.5), hills(9, 8))
    middles = 0.25 * sum(relief.vertices[i : i + 7, j : j + 8] for i in (0, 1) for j in (0, 1))
    for azimuth in range(-180, 180, 25):
        camera = Camera(float(azimuth), 30.0)
        row, column = relief.cells(camera)
        turn = {(int(i), int(j)): n for n, (i, j) in enumerate(zip(row, column, strict=True))}
        assert len(turn) == 7 * 8
        for (i, j), n in turn.items():
            way = camera.eye[:2] - middles[i, j, :2]
            on_way = middles[i, j, :2] + np.linspace(0.0, 1.0, 4000)[:, None] * way
            x = np.floor((on_way[:, 0] + 1.0) / 2.0 * 8).astype(int)
            y = np.floor((on_way[:, 1] + 0.75) / 1.5 * 7).astype(int)
            inside = (x >= 0) & (x < 8) & (y >= 0) & (y < 7)
            for other in set(zip(y[inside].tolist(), x[inside].tolist(), strict=True)):
                assert turn[other] >= n


def test_holes_are_no_cells_and_hide_nothing() -> None:
    heights = np.full((21, 21), 0.9)
    heights[10, 10] = inf
    heights[3, 3] = nan
    relief = Relief(SQUARE, heights)
    row, column = relief.cells(Camera())
    cells = set(zip(row.tolist(), column.tolist(), strict=True))
    assert len(cells) == 400 - 8
    assert not cells & {(9, 9), (9, 10), (10, 9), (10, 10), (2, 2), (3, 3)}
    everywhere = Relief(SQUARE, np.full((5, 5), nan))
    point = np.array([[0.0, 0.0, 0.1]])
    assert everywhere.is_seen(point, Camera()).all()
    assert not relief.is_seen(np.array([[0.5, 0.5, 0.1]]), Camera()).any()
    assert not relief.is_seen(np.array([[nan, 0.0, 0.1]]), Camera()).any()
    assert len(everywhere.cells(Camera())[0]) == 0


def lecture(steps: int, experiment: Experiment | None = None) -> tuple[Run, Surface]:
    run = trained(experiment or lecture_experiment(), steps)
    plane = two_weights(run.theta(0), 0, 1)
    problem = run.segments[-1].experiment.problem
    return run, compute_surface(problem, plane, Window(-3.0, 1.0, -1.5, 1.5), 200, 150)


def test_a_relief_takes_the_surfaces_scale() -> None:
    _, surface = lecture(1)
    assert surface.log
    relief = relief_of(surface, 48, np.zeros(0))
    assert relief.heights.shape == (42, 55)
    assert (relief.lo, relief.hi) == (0.0, 1.0)
    lo, hi = surface.limits or (0.0, 0.0)
    value = lecture_experiment().problem.value(np.array([-3.0, 1.5]))
    expected = np.log10(np.clip(value, lo, hi) / lo) / np.log10(hi / lo)
    assert relief.heights[-1, 0] == pytest.approx(expected)
    few = relief_of(surface, 1_000, np.zeros(0))
    assert few.heights.shape == surface.values.shape


def test_the_box_has_room_for_a_path_that_is_deeper_than_its_plane() -> None:
    _, surface = lecture(1)
    lo, hi = surface.limits or (0.0, 0.0)
    deep = lo * (lo / hi) ** 0.23
    assert relief_of(surface, 20, np.array([deep, hi])).lo == pytest.approx(-0.3)
    high = hi * (hi / lo) ** 0.41
    assert relief_of(surface, 20, np.array([high])).hi == pytest.approx(1.5)
    beyond = np.array([0.0, -1.0, inf, nan, 1e-200])
    assert relief_of(surface, 20, beyond).lo == 0.0


def test_on_a_plane_that_holds_the_states_the_path_lies_on_the_sheet() -> None:
    run, surface = lecture(50)
    path = ReliefPath.of(run, surface.plane, 0, 50)
    places, heights, sheet = path.line(surface)
    assert len(places) > 51
    assert heights == pytest.approx(sheet, abs=0.01)
    relief = relief_of(surface, 110, path.values)
    assert relief.holds(relief.box(places, heights)).all()


def test_off_its_plane_every_state_stands_at_its_own_height() -> None:
    experiment = find_preset("xor-symmetry", load_presets()).variant("random A").experiment
    run = trained(experiment, 60)
    plane = two_weights(run.theta(0), 0, 1)
    surface = compute_surface(experiment.problem, plane, Window(-4.0, 4.0, -4.0, 4.0), 60, 60)
    assert surface is not None
    path = ReliefPath.of(run, plane, 0, 60)
    assert path.values == pytest.approx(experiment.problem.value(run.recorded(0, 60)[1]))
    assert path.places == pytest.approx(run.recorded(0, 60)[1][:, :2])
    places, heights, sheet = path.line(surface)
    lo, hi = surface.limits or (0.0, 0.0)
    at = [int(np.abs(places - place).sum(axis=1).argmin()) for place in path.places]
    if surface.log:
        expected = np.log10(path.values / lo) / np.log10(hi / lo)
    else:
        expected = (path.values - lo) / (hi - lo)
    assert heights[at] == pytest.approx(expected, abs=1e-9)
    assert abs(heights[-1] - sheet[-1]) > 0.05


def test_of_a_thinned_run_the_known_states_and_the_last_one_are_drawn() -> None:
    run, surface = lecture(60)
    run.thin(16 * 9, 1 << 20)
    assert run.stride > 1
    path = ReliefPath.of(run, surface.plane, 0, 59)
    assert path.places[-1] == pytest.approx(run.theta(59))
    assert path.values[-1] == pytest.approx(run.value(59))
    single = ReliefPath.of(run, surface.plane, 7, 7)
    places, heights, _ = single.line(surface)
    assert places == pytest.approx(run.theta(7)[None])
    assert len(heights) == 1


def test_the_path_of_a_long_run_leads_through_its_first_states() -> None:
    run, surface = lecture(3 * MOST)
    path = ReliefPath.of(run, surface.plane, 0, 3 * MOST)
    assert len(path.values) < 2 * MOST
    for k in range(40):
        assert path.places[k] == pytest.approx(run.theta(k))
        assert path.values[k] == pytest.approx(run.value(k))
    assert path.places[-1] == pytest.approx(run.theta(3 * MOST))
    few = ReliefPath.of(run, surface.plane, 0, 3 * MOST, 50)
    assert 50 < len(few.values) <= 102
    assert few.places[:5] == pytest.approx(path.places[:5])
    assert few.places[-1] == pytest.approx(path.places[-1])


def test_the_path_leads_through_states_whose_objective_is_recorded() -> None:
    data = Blobs(samples=300).generate()
    network = Network((2, 30, 1), (TANH, SIGMOID), (True, True))
    experiment = Experiment(Problem(data, network), sampling=Sampling(60), start=GlorotUniform())
    run = trained(experiment, 40)
    every = recording_interval(run.segments[0])
    assert every > 1
    path = ReliefPath.of(run, two_weights(run.theta(0), 0, 1), 0, 40)
    expected = [run.value(k) for k in range(0, 40, every)] + [run.value(40)]
    assert path.values == pytest.approx(expected)


def test_the_first_view_shows_most_of_the_path() -> None:
    run, surface = lecture(60)
    path = ReliefPath.of(run, surface.plane, 0, 60)
    relief = relief_of(surface, 48, path.values)
    places, heights, _ = path.line(surface)
    points = relief.box(places, heights)
    best = best_camera(relief, points)
    assert relief.is_seen(points, best).mean() > 0.95
    usual = relief.is_seen(points, Camera()).mean()
    assert usual < 0.5
    drawn = np.linalg.norm(np.diff(best.project(points), axis=0), axis=1).sum()
    assert drawn > 0.5 * np.linalg.norm(np.diff(points, axis=0), axis=1).sum()


def test_without_a_path_most_of_the_sheet_is_seen_and_a_hole_is_no_matter() -> None:
    nothing = np.zeros((0, 3))
    flat = Relief(SQUARE, np.full((20, 20), 0.5))
    assert best_camera(flat, nothing) == Camera()
    assert best_camera(flat, np.array([[0.0, 0.0, 0.45]])) == Camera()
    holes = Relief(SQUARE, np.full((20, 20), nan))
    assert best_camera(holes, nothing) == Camera()


def test_shares_go_on_beyond_the_scale_and_shades_do_not() -> None:
    xs = ys = np.linspace(0.0, 1.0, 10)
    plane, window = two_weights(np.zeros(2), 0, 1), Window(0.0, 1.0, 0.0, 1.0)
    linear = surface_of(plane, window, xs, ys, np.tile(10.0 * xs, (10, 1)), False)
    values = np.array([-5.0, 0.0, 2.5, 20.0, nan, inf])
    assert linear.share(values)[:4] == pytest.approx([-0.5, 0.0, 0.25, 2.0])
    assert np.isnan(linear.share(values)[4:]).all()
    assert linear.shade(values)[:4] == pytest.approx([0.0, 0.0, 0.25, 1.0])
    flat = surface_of(plane, window, xs, ys, np.ones((10, 10)), False)
    assert flat.share(np.array([1.0])).tolist() == [0.5]
    assert np.isnan(flat.share(np.array([2.0]))).all()
    log = surface_of(plane, window, xs, ys, np.tile(10.0**xs, (10, 1)), True)
    # The scale begins at the lowest value that 3 × 3 neighbours lie below: 10^(2/9).
    expected = [(-1.0 - 2.0 / 9.0) / (7.0 / 9.0), (2.0 - 2.0 / 9.0) / (7.0 / 9.0)]
    assert log.share(np.array([0.1, 100.0])) == pytest.approx(expected)
    assert np.isnan(log.share(np.array([0.0, -1.0]))).all()


@pytest.mark.parametrize(
    "camera", [Camera(), Camera(120.0, 20.0, 2.0), Camera(-90.0, 88.0)], ids=str
)
def test_the_place_that_is_seen_is_the_one_that_was_drawn_there(camera: Camera) -> None:
    window = Window(-2.0, 2.0, -1.0, 2.0)
    relief = Relief(window, hills(41, 33))
    points = relief.vertices[3:-3:5, 2:-3:6].reshape(-1, 3)
    places = np.stack(np.meshgrid(np.linspace(-2.0, 2.0, 41), np.linspace(-1.0, 2.0, 33)), axis=-1)
    places = places[3:-3:5, 2:-3:6].reshape(-1, 2)
    open_to_view = [
        not is_hidden(relief, point + np.array([0.0, 0.0, 0.02]), camera) for point in points
    ]
    near = []
    for point, place, is_open in zip(points, places, open_to_view, strict=True):
        found = relief.met(camera, camera.project(point))
        if found is None:
            continue
        near.append(is_open and np.allclose(found, place, atol=0.1))
        # Whatever is seen lies on the line of sight.
        floor = relief.box(np.array(found), np.array(0.0))
        at = np.array([*floor[:2], float(relief.floor_of(floor))])
        assert camera.project(at) == pytest.approx(camera.project(point), abs=0.03)
    # Where the line of sight grazes a crest it may pass it by.
    assert sum(near) > 0.75 * sum(open_to_view) > 11


def test_beside_the_sheet_and_through_a_hole_nothing_is_met() -> None:
    flat = np.full((41, 41), 0.5)
    relief, camera = Relief(SQUARE, flat), Camera(-90.0, 60.0)
    assert relief.met(camera, np.array([5.0, 5.0])) is None
    middle = camera.project(np.array([0.0, 0.0, 0.5 * HEIGHT]))
    assert relief.met(camera, middle) == pytest.approx((0.0, 0.0), abs=1e-6)
    flat[10:31, 10:31] = nan
    assert Relief(SQUARE, flat).met(camera, middle) is None
    floor = Relief(SQUARE, np.zeros((5, 5)))
    assert floor.met(camera, camera.project(np.zeros(3))) == pytest.approx((0.0, 0.0), abs=1e-6)


def test_the_middles_of_the_cells_lie_between_their_corners() -> None:
    relief = Relief(Window(-2.0, 2.0, -1.0, 2.0), hills(5, 4))
    assert relief.middles.shape == (3, 4, 2)
    assert relief.middles[0, 0].tolist() == [-1.5, -0.5]
    assert relief.middles[2, 3].tolist() == [1.5, 1.5]
