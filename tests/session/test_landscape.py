"""The landscape: what makes it look again, and what does not."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from mlpsim.core.activations import IDENTITY, SIGMOID, TANH
from mlpsim.core.compiled.engine import COMPILED
from mlpsim.core.dataset import Dataset
from mlpsim.core.edits import with_start
from mlpsim.core.experiment import Experiment, lecture_data, lecture_experiment
from mlpsim.core.looks.aim import PCA, RANDOM
from mlpsim.core.looks.camera import Camera
from mlpsim.core.looks.framing import LECTURE_WINDOW
from mlpsim.core.network import Network
from mlpsim.core.optimizers import GradientDescent
from mlpsim.core.problem import Problem
from mlpsim.core.slices import Slice
from mlpsim.core.starts import Given, GlorotUniform, Zeros
from mlpsim.core.surface import Surface
from mlpsim.core.window import FAR, Window
from mlpsim.session import surface_job
from mlpsim.session.landscape import Landscape
from mlpsim.session.player import Player
from mlpsim.session.session import Session
from tests.core.engines import needs_numba
from tests.failures import out_of_memory
from tests.runs import train

LECTURE = lecture_experiment()


class Seen:
    """A session, its landscape and the surfaces that it showed."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.landscape = Landscape(session, session)
        self.surfaces: list[Surface] = []
        self.failures: list[str] = []
        self.landscape.surface_changed.connect(self.surfaces.append)
        self.session.failed.connect(self.failures.append)

    def settle(self, qtbot: QtBot) -> Surface:
        qtbot.waitUntil(lambda: not self.landscape.is_busy, timeout=20_000)
        assert self.landscape.surface is not None
        return self.landscape.surface


@pytest.fixture
def open_landscape(open_session: Callable[..., Session]) -> Callable[..., Seen]:
    return lambda experiment=LECTURE: Seen(open_session(experiment))


def xor_experiment(start: Any = None, samples: int = 4) -> Experiment:
    x = np.array([[0, 0], [0, 1], [1, 0], [1, 1]] * (samples // 4), dtype=float)
    y = np.array([[0], [1], [1], [0]] * (samples // 4), dtype=float)
    network = Network((2, 2, 1), (TANH, SIGMOID), (True, True))
    problem = Problem(Dataset(x, y), network)
    return Experiment(problem, GradientDescent(learning_rate=0.5), start=start or GlorotUniform())


def test_the_lectures_surface_is_there_at_once_and_fine(qtbot: QtBot, open_landscape: Any) -> None:
    seen = open_landscape()
    surface = seen.settle(qtbot)
    assert seen.surfaces == [surface]
    assert surface.values.size == pytest.approx(40_000, rel=0.01)
    assert surface.window == seen.landscape.window == LECTURE_WINDOW
    assert seen.landscape.log
    middle = seen.landscape.value_at(0.0, 0.0)
    assert middle == 1.0


def test_a_learning_rate_never_samples_again_but_data_do(qtbot: QtBot, open_landscape: Any) -> None:
    seen = open_landscape()
    before = seen.settle(qtbot)
    session = seen.session
    session.edit(replace(session.experiment, optimizer=GradientDescent(learning_rate=0.7)), "η")
    session.edit(with_start(session.experiment, np.array([0.1, 0.2])), "start")
    assert not seen.landscape.is_busy
    x = lecture_data().x.copy()
    x[0] = [-1.0, 3.0]
    session.edit_problem("Move a sample", data=Dataset(x, lecture_data().y))
    assert seen.landscape.is_busy
    after = seen.settle(qtbot)
    assert not np.array_equal(before.values, after.values)
    assert seen.landscape.problem is session.experiment.problem
    session.undo_stack.undo()
    assert np.array_equal(seen.settle(qtbot).values, before.values)


def test_windows_are_sampled_with_the_pictures_aspect(qtbot: QtBot, open_landscape: Any) -> None:
    seen = open_landscape()
    windows: list[Window] = []
    seen.landscape.window_changed.connect(windows.append)
    seen.landscape.set_aspect(2.0)
    seen.landscape.set_window(Window(-1.0, 1.0, -1.0, 1.0))
    seen.landscape.set_window(Window(-1.0, 1.0, -1.0, 1.0))
    seen.landscape.set_aspect(0.0)
    seen.landscape.set_aspect(2.0)
    surface = seen.settle(qtbot)
    assert windows == [Window(-1.0, 1.0, -1.0, 1.0)]
    assert surface.window == Window(-1.0, 1.0, -2.0, 2.0)
    ny, nx = surface.values.shape
    assert ny == pytest.approx(2 * nx, rel=0.02)
    seen.landscape.set_aspect(0.5)
    assert seen.settle(qtbot).window == Window(-2.0, 2.0, -1.0, 1.0)
    seen.landscape.reset_window()
    assert seen.landscape.window == LECTURE_WINDOW
    seen.landscape.set_home(Window(0.0, 1.0, 0.0, 1.0))
    seen.landscape.set_window(LECTURE_WINDOW)
    seen.landscape.reset_window()
    assert seen.landscape.window == Window(0.0, 1.0, 0.0, 1.0)


def test_the_scale_is_chosen_by_the_values_until_a_person_chooses(
    qtbot: QtBot, open_landscape: Any
) -> None:
    seen = open_landscape()
    assert not seen.landscape.log
    assert seen.settle(qtbot).log
    assert seen.landscape.chosen_log is None
    seen.landscape.set_log(False)
    seen.landscape.set_log(False)
    assert seen.landscape.chosen_log is False
    assert not seen.landscape.log
    assert not seen.settle(qtbot).log
    seen.landscape.set_log(None)
    assert seen.settle(qtbot).log


def test_the_scale_does_not_turn_during_a_drag(qtbot: QtBot, open_landscape: Any) -> None:
    seen = open_landscape()
    assert seen.settle(qtbot).log
    contradicting = lecture_data().with_sample(2, np.array([-2.0, -2.0]), np.array([0.0]))
    seen.session.edit_problem("Move", "sample 3", data=contradicting)
    assert seen.settle(qtbot).log
    seen.session.end_merge()
    seen.session.undo_stack.undo()
    seen.session.edit_problem("Move", data=contradicting)
    assert not seen.settle(qtbot).log


def test_a_dear_surface_comes_coarse_first_then_fine(qtbot: QtBot, open_landscape: Any) -> None:
    seen = open_landscape(xor_experiment(samples=8))
    surface = seen.settle(qtbot)
    sizes = [found.values.size for found in seen.surfaces]
    assert sizes == pytest.approx([10_000, 40_000], rel=0.03)
    assert seen.landscape.surface is surface
    assert not seen.landscape.is_dear


def test_each_answer_is_shown_while_requests_come_faster(qtbot: QtBot, open_landscape: Any) -> None:
    seen = open_landscape(xor_experiment(samples=400))
    qtbot.waitSignal(seen.landscape.surface_changed).wait()
    assert len(seen.surfaces) == 1
    seen.landscape.set_window(Window(-1.0, 1.0, -1.0, 1.0))  # the fine surface gives way
    for n in range(3):
        seen.landscape.set_window(Window(-2.0 - n, 2.0, -2.0, 2.0))
    qtbot.waitUntil(lambda: len(seen.surfaces) >= 3)
    assert [found.window.x0 for found in seen.surfaces[1:3]] == [-1.0, -4.0]
    assert seen.settle(qtbot).values.size > 30_000


def test_a_slice_follows_the_state_when_it_rests(qtbot: QtBot, open_landscape: Any) -> None:
    seen = open_landscape(xor_experiment())
    landscape = seen.landscape
    planes: list[Any] = []
    landscape.plane_changed.connect(planes.append)
    train(seen.session, 20)
    assert landscape.step == 0
    assert float(landscape.plane.distance(seen.session.theta)) > 0.0
    qtbot.waitUntil(lambda: landscape.step == 20)
    assert len(planes) == 1
    assert float(landscape.plane.distance(seen.session.theta)) == 0.0
    landscape.refresh_plane()
    assert len(planes) == 1
    assert seen.settle(qtbot).plane is landscape.plane


@pytest.mark.parametrize(("speed", "rests"), [(60.0, False), (2.0, True)])
def test_a_run_rests_between_steps_only_where_they_are_meant_to_be_slow(
    qtbot: QtBot, open_landscape: Any, speed: float, rests: bool
) -> None:
    seen = open_landscape(xor_experiment())
    seen.settle(qtbot)
    player = Player(seen.session)
    seen.landscape.watch(player)
    player.set_speed(speed)
    player.playing = True
    player.playing_changed.emit(True)
    train(seen.session, 3)  # and the next step takes long
    qtbot.waitUntil(lambda: not seen.landscape.findChild(QTimer, "landscape idle").isActive())
    assert seen.landscape.step == (3 if rests else 0)
    player.pause()
    qtbot.waitUntil(lambda: seen.landscape.step == 3)
    player.stop()


def test_two_other_weights_make_another_plane(qtbot: QtBot, open_landscape: Any) -> None:
    seen = open_landscape(xor_experiment())
    theta = seen.session.theta
    seen.landscape.set_window(Window(-9.0, 9.0, -9.0, 9.0))
    seen.landscape.set_parameters(0, 1)
    assert seen.landscape.window == Window(-9.0, 9.0, -9.0, 9.0)
    seen.landscape.set_parameters(8, 3)
    assert seen.landscape.plane.parameters == (8, 3)
    assert seen.landscape.window.x0 < theta[8] < seen.landscape.window.x1
    assert seen.landscape.window.y0 < theta[3] < seen.landscape.window.y1
    with pytest.raises(ValueError, match="choose two different"):
        seen.landscape.set_parameters(3, 3)
    assert seen.settle(qtbot).plane.parameters == (8, 3)


def test_random_planes_and_the_plane_of_the_path(qtbot: QtBot, open_landscape: Any) -> None:
    seen = open_landscape(xor_experiment())
    landscape = seen.landscape
    with pytest.raises(ValueError, match="a path of two or more"):
        landscape.set_pca()
    assert landscape.plane.kind == "two_weights"
    train(seen.session, 30)
    landscape.set_random(3)
    assert landscape.plane.kind == "random"
    assert np.array_equal(landscape.plane.origin, seen.session.theta)
    assert landscape.window == Window(-1.5, 1.5, -1.5, 1.5)
    landscape.refresh_plane()
    assert landscape.plane.kind == "random"
    landscape.set_pca()
    assert sum(landscape.plane.explained) > 0.9
    window = landscape.window
    for k in range(31):
        x, y = landscape.plane.project(seen.session.run.theta(k))
        assert window.x0 < x < window.x1
        assert window.y0 < y < window.y1
    ahead = np.outer(np.arange(5.0), np.arange(9.0))
    landscape.set_aim(PCA, ahead)
    assert np.array_equal(landscape.plane.origin, ahead.mean(axis=0))
    seen.settle(qtbot)


def test_a_plane_follows_the_run_while_it_plays_or_stays(qtbot: QtBot, open_landscape: Any) -> None:
    seen = open_landscape(xor_experiment())
    landscape = seen.landscape
    landscape.set_follow("run")
    assert landscape.aim.follow == "run"
    train(seen.session, 3)
    qtbot.waitUntil(lambda: landscape.step == 3)
    landscape.set_random(4)
    train(seen.session, 3)
    landscape.refresh_plane()
    assert landscape.step == 3
    assert landscape.has_been_left
    landscape.set_follow("run")
    assert np.array_equal(landscape.plane.origin, seen.session.theta)
    assert not landscape.has_been_left
    seen.settle(qtbot)


def test_the_plane_of_the_path_follows_as_soon_as_there_is_a_path(
    qtbot: QtBot, open_landscape: Any
) -> None:
    seen = open_landscape(xor_experiment())
    landscape = seen.landscape
    ahead = np.outer(np.arange(5.0), np.arange(9.0))
    landscape.set_aim(PCA, ahead)
    landscape.set_follow("rest")
    assert np.array_equal(landscape.plane.origin, ahead.mean(axis=0))
    train(seen.session, 30)
    landscape.refresh_plane()
    path = seen.session.run.recorded(0, 30)[1]
    assert landscape.plane.origin == pytest.approx(path.mean(axis=0))
    before = landscape.plane
    train(seen.session, 30)
    landscape.set_follow("run")
    assert float(landscape.plane.u @ before.u) > 0.0
    x, y = landscape.plane.project(seen.session.theta)
    assert landscape.shown_window.x0 < x < landscape.shown_window.x1
    assert landscape.shown_window.y0 < y < landscape.shown_window.y1
    seen.settle(qtbot)


def test_a_window_goes_along_with_a_state_that_leaves_it(qtbot: QtBot, open_landscape: Any) -> None:
    seen = open_landscape(xor_experiment())
    landscape = seen.landscape
    landscape.set_follow("run")
    theta = seen.session.theta.copy()
    theta[:3] += 50.0
    train(seen.session, 1)
    seen.session.set_theta(theta, "Set by hand")
    landscape.refresh_plane()
    window = landscape.window
    assert (0.5 * (window.x0 + window.x1), 0.5 * (window.y0 + window.y1)) == pytest.approx(
        (theta[0], theta[1])
    )
    assert window.width == pytest.approx(landscape.home.width)
    landscape.set_pca()
    landscape.set_follow("run")
    landscape.set_window(Window(-1.0, 1.0, 900.0, 902.0))
    train(seen.session, 1)
    landscape.refresh_plane()
    assert landscape.window.y1 < 500.0
    seen.settle(qtbot)


def test_a_centre_is_kept_for_other_weights_and_another_kind_has_its_own(
    qtbot: QtBot, open_landscape: Any
) -> None:
    seen = open_landscape(xor_experiment())
    landscape = seen.landscape
    start = seen.session.theta
    train(seen.session, 20)
    landscape.set_window(Window(-9.0, 9.0, -9.0, 9.0))
    landscape.set_centre("start")
    assert landscape.window == Window(-9.0, 9.0, -9.0, 9.0)
    assert float(landscape.plane.distance(start)) == 0.0
    landscape.set_parameters(2, 5)
    assert landscape.aim.centre == "start"
    assert float(landscape.plane.distance(start)) == 0.0
    assert float(landscape.plane.distance(seen.session.theta)) > 0.0
    landscape.set_random(1)
    assert np.array_equal(landscape.plane.origin, seen.session.theta)
    landscape.set_centre("mean")
    mean = seen.session.run.recorded(0, 20)[1].mean(axis=0)
    assert landscape.plane.origin == pytest.approx(mean)
    landscape.set_aim(PCA)
    landscape.set_centre("state")
    assert float(landscape.plane.distance(seen.session.theta)) == 0.0
    landscape.set_aim(RANDOM, step=7)
    assert np.array_equal(landscape.plane.origin, seen.session.run.theta(7))
    assert landscape.step == 7
    seen.settle(qtbot)


def test_a_very_dear_surface_is_sampled_in_parts_ever_finer(
    qtbot: QtBot, open_landscape: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As if a point cost what it costs with thousands of samples.
    monkeypatch.setitem(surface_job.WORK, "middle", 200_000)
    monkeypatch.setattr(surface_job, "BURST_WORK", 500_000)
    monkeypatch.setattr(surface_job, "SMOOTH_WORK", 0)
    seen = open_landscape(xor_experiment(samples=8))
    shares: list[float] = []
    seen.landscape.progressed.connect(shares.append)
    surface = seen.settle(qtbot)
    sizes = [found.values.size for found in seen.surfaces]
    assert sizes == pytest.approx([10_000, 2_777, 40_000], rel=0.05)
    assert shares
    assert all(0.0 < share < 1.0 for share in shares)
    row, column = 17, 150
    place = surface.plane.point(surface.xs[column], surface.ys[row])
    assert surface.values[row, column] == pytest.approx(
        float(seen.landscape.problem.value(place)), rel=1e-12
    )
    assert np.array_equal(seen.landscape.complete().values, surface.values)


def test_a_surface_in_parts_is_completed_at_once_for_a_picture(
    qtbot: QtBot, open_landscape: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(surface_job, "BURST_WORK", 500_000)
    monkeypatch.setattr(surface_job, "SMOOTH_WORK", 0)
    seen = open_landscape(xor_experiment(samples=8))
    seen.landscape.set_window(Window(-3.0, 3.0, -3.0, 3.0))
    surface = seen.landscape.complete()
    place = surface.plane.point(surface.xs[-1], surface.ys[-1])
    exact = float(seen.landscape.problem.value(place))
    assert surface.values[-1, -1] == pytest.approx(exact, rel=1e-12)
    seen.settle(qtbot)


def test_fitting_a_path_that_is_a_point_goes_home(qtbot: QtBot, open_landscape: Any) -> None:
    seen = open_landscape()
    seen.landscape.set_window(Window(5.0, 6.0, 5.0, 6.0))
    seen.landscape.fit_path()
    assert seen.landscape.window == LECTURE_WINDOW
    train(seen.session, 10)
    seen.landscape.fit_path()
    assert seen.landscape.window.width < 1.5
    seen.settle(qtbot)


def test_a_path_beyond_reach_spans_no_window_and_no_plane(open_landscape: Any) -> None:
    seen = open_landscape(replace(lecture_experiment(), start=Given((1e200, 1e307))))
    home = seen.landscape.window
    assert home.x0 < 1e200 < home.x1
    assert home.y1 == FAR
    seen.landscape.set_window(Window(5.0, 6.0, 5.0, 6.0))
    seen.landscape.fit_path()
    assert seen.landscape.window == home
    with pytest.raises(ValueError, match="has moved"):
        seen.landscape.set_pca()


def test_a_start_elsewhere_is_in_the_first_window(qtbot: QtBot, open_landscape: Any) -> None:
    far = replace(lecture_experiment(), start=Given((50.0, 0.0)))
    seen = open_landscape(far)
    window = seen.landscape.window
    assert window == Window(48.0, 52.0, -2.0, 2.0)
    seen.settle(qtbot)


def test_another_network_has_another_plane(qtbot: QtBot, open_landscape: Any) -> None:
    seen = open_landscape()
    session = seen.session
    session.edit(xor_experiment(Zeros()), "Another network")
    assert len(seen.landscape.plane.origin) == 9
    session.edit(lecture_experiment(), "Back")
    assert seen.landscape.plane.parameters == (0, 1)
    wider = Network((2, 1), (SIGMOID,), (True,))
    problem = replace(session.experiment.problem, network=wider)
    session.edit(Experiment(problem, start=Zeros()), "With a bias")
    assert len(seen.landscape.plane.origin) == 3
    seen.settle(qtbot)


def test_a_bias_in_another_layer_makes_another_plane(qtbot: QtBot, open_landscape: Any) -> None:
    experiment = lecture_experiment()
    first, second = (
        Network((2, 1, 1), (SIGMOID, SIGMOID), bias) for bias in ((True, False), (False, True))
    )
    problem = replace(experiment.problem, network=first)
    seen = open_landscape(Experiment(problem, start=Given((1.0, 2.0, 3.0, 4.0))))
    seen.landscape.set_parameters(2, 3)
    problem = replace(problem, network=second)
    seen.session.edit(Experiment(problem, start=Given((5.0, 6.0, 7.0, 8.0))), "As many weights")
    assert seen.landscape.plane.parameters == (0, 1)
    assert seen.landscape.plane.origin.tolist() == [0.0, 0.0, 7.0, 8.0]
    seen.settle(qtbot)


def test_the_surface_of_another_network_is_never_seen(qtbot: QtBot, open_landscape: Any) -> None:
    seen = open_landscape()
    seen.settle(qtbot)
    experiment = seen.session.experiment
    data = Dataset(np.ones((50_000, 3)), np.ones((50_000, 1)))
    problem = Problem(data, Network((3, 4, 1), (TANH, SIGMOID), (True, True)))
    found: list[Surface | None] = []
    seen.landscape.plane_changed.connect(lambda plane: found.append(seen.landscape.surface))
    seen.session.edit(replace(experiment, problem=problem, start=Zeros()), "wide")
    assert found == [None]
    assert seen.landscape.surface is None  # the coarse one is under way


def test_one_weight_is_shown_as_a_line(qtbot: QtBot, open_landscape: Any) -> None:
    data = Dataset(np.array([[1.0], [2.0]]), np.array([[1.0], [0.0]]))
    problem = Problem(data, Network((1, 1), (IDENTITY,), (False,)))
    seen = open_landscape(Experiment(problem, start=Given((0.5,))))
    seen.landscape.set_aspect(1.0)
    surface = seen.settle(qtbot)
    assert surface.plane.kind == "one_weight"
    assert surface.values.shape[0] == 1
    assert seen.landscape.shown_window == seen.landscape.window


def test_a_picture_without_an_event_loop_is_complete(open_landscape: Any) -> None:
    seen = open_landscape(xor_experiment())
    train(seen.session, 5)
    surface = seen.landscape.complete()
    assert surface.plane is seen.landscape.plane
    assert seen.landscape.step == 5
    assert surface.values.size > 30_000
    assert not seen.landscape.is_busy


def test_a_failure_is_said_once_and_the_next_request_is_answered(
    qtbot: QtBot, open_landscape: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = open_landscape()
    good = seen.settle(qtbot)

    with monkeypatch.context() as patch:
        patch.setattr("mlpsim.session.surface_job.Slice", out_of_memory)
        seen.landscape.set_window(Window(-1.0, 1.0, -1.0, 1.0))
        qtbot.waitUntil(lambda: len(seen.failures) == 1)
        assert seen.failures == ["MemoryError: no room"]
        assert seen.landscape.surface is good
        seen.landscape.set_window(Window(-2.0, 1.0, -1.0, 1.0))
        seen.landscape.set_window(Window(-3.0, 1.0, -1.0, 1.0))
        qtbot.waitUntil(lambda: len(seen.failures) == 3)
    seen.landscape.set_window(Window(-4.0, 1.0, -1.0, 1.0))
    assert seen.settle(qtbot).window.x0 == -4.0


def test_a_dragged_sample_moves_the_surface_while_it_is_dragged(
    qtbot: QtBot, open_landscape: Any
) -> None:
    seen = open_landscape()
    seen.settle(qtbot)
    session, x = seen.session, lecture_data().x.copy()
    seen.surfaces.clear()

    def drag() -> bool:
        for _ in range(2):  # the second before any machine has answered the first
            x[0, 0] += 0.01
            session.edit_problem("Move a sample", "drag", data=Dataset(x, lecture_data().y))
        return len(seen.surfaces) >= 5

    qtbot.waitUntil(drag)
    assert min(found.values.size for found in seen.surfaces) == pytest.approx(10_000, rel=0.03)
    assert seen.settle(qtbot).values.size == pytest.approx(40_000, rel=0.03)
    assert np.array_equal(seen.landscape.problem.data.x, x)


def test_looking_from_elsewhere_is_said_and_samples_nothing(
    qtbot: QtBot, open_landscape: Any
) -> None:
    seen = open_landscape()
    surface = seen.settle(qtbot)
    changes: list[None] = []
    seen.landscape.camera_changed.connect(lambda: changes.append(None))
    for look in ("both", "both", "relief"):
        seen.landscape.set_look(look)
    for camera in (Camera(10.0), Camera(10.0), None):
        seen.landscape.set_camera(camera)
    assert len(changes) == 4
    assert seen.landscape.look == "relief"
    assert seen.landscape.camera is None
    assert not seen.landscape.is_busy
    assert seen.landscape.surface is surface


def test_a_finished_surface_is_not_computed_again(qtbot: QtBot, open_landscape: Any) -> None:
    seen = open_landscape()
    surface = seen.settle(qtbot)
    shown: list[object] = []
    seen.landscape.surface_changed.connect(shown.append)
    assert seen.landscape.complete() is surface
    assert shown == []
    seen.landscape.set_window(Window(-1.0, 1.0, -1.0, 1.0))
    fresh = seen.landscape.complete()
    assert fresh is not surface
    assert seen.landscape.complete() is fresh
    assert shown == [fresh]


@needs_numba
def test_an_engine_that_gets_ready_samples_nothing_again(open_landscape: Any, qtbot: QtBot) -> None:
    seen = open_landscape()
    surface = seen.settle(qtbot)
    seen.session.set_engine(COMPILED)
    assert not seen.landscape.is_busy
    assert seen.landscape.complete() is surface
    problem, plane = seen.session.experiment.problem, seen.landscape.plane
    Slice(problem, plane, COMPILED).values(surface.xs[:2], surface.ys[:2])  # it is ready
    seen.landscape.set_window(Window(-2.0, 2.0, -1.0, 1.0))
    settled = seen.settle(qtbot)
    expected = problem.value(plane.points(settled.xs, settled.ys))
    assert settled.values == pytest.approx(expected, abs=max(2.0 * settled.error, 1e-12))
