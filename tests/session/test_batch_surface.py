"""The batch's surface: of the coming step's samples, and through the state on view."""

from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from mlpsim.core.activations import SIGMOID
from mlpsim.core.dataset import Dataset
from mlpsim.core.experiment import Experiment, lecture_experiment
from mlpsim.core.network import Network
from mlpsim.core.problem import Problem
from mlpsim.core.sampling import Sampling
from mlpsim.core.starts import Given
from mlpsim.session import batch_surface, surface_job
from mlpsim.session.batch_surface import BatchSurface
from mlpsim.session.landscape import Landscape
from mlpsim.session.session import Session
from tests.failures import out_of_memory


def sgd(order: Any = "cyclic") -> Experiment:
    return replace(lecture_experiment(), sampling=Sampling(1, order))


@pytest.fixture
def opened(open_session: Callable[..., Session]) -> Callable[..., Any]:
    """Puts the start of a run of so many steps on view."""

    def make(experiment: Experiment, steps: int = 0) -> Any:
        session = open_session(experiment, steps)
        landscape = Landscape(session, session)
        landscape.complete()
        batch = BatchSurface(session, landscape, session)
        return SimpleNamespace(session=session, landscape=landscape, batch=batch)

    return make


def settled(qtbot: QtBot, opened: Any) -> Any:
    with qtbot.waitSignal(opened.batch.changed, timeout=5000):
        opened.batch.ask()
    return opened.batch.surface


def test_the_surface_of_one_sample_is_its_error_and_the_step_is_normal_to_it(
    qtbot: QtBot, opened: Any
) -> None:
    shown = opened(sgd(), steps=4)
    shown.session.seek(3)
    assert shown.batch.batch == (3,)
    assert shown.batch.surface is None
    assert shown.batch.through_state() is None
    surface = settled(qtbot, shown)
    errors = shown.landscape.problem.errors(surface.plane.points(surface.xs, surface.ys))
    np.testing.assert_allclose(surface.values, errors[..., 3])
    theta, after = shown.session.theta, shown.session.run.theta(4)
    line = np.concatenate(shown.batch.through_state().lines)
    nearest = int(np.argmin(np.hypot(*(line - theta).T)))
    tangent = line[nearest + 1] - line[nearest - 1]
    step = after - theta
    cosine = float(tangent @ step) / np.linalg.norm(tangent) / np.linalg.norm(step)
    assert abs(cosine) < 0.02


def test_gradient_descent_has_no_surface_but_that_of_the_whole(opened: Any) -> None:
    shown = opened(lecture_experiment())
    shown.batch.ask()
    assert shown.batch.batch is None
    assert shown.batch.surface is None
    assert shown.batch.through_state() is None


def test_a_batch_that_comes_again_is_not_computed_again(qtbot: QtBot, opened: Any) -> None:
    shown = opened(sgd(), steps=5)
    first = settled(qtbot, shown)
    shown.session.seek(1)
    second = settled(qtbot, shown)
    assert second is not first
    shown.session.seek(4)
    shown.batch.ask()
    assert shown.batch.surface is first


def test_another_window_or_problem_is_another_surface(qtbot: QtBot, opened: Any) -> None:
    shown = opened(sgd())
    first = settled(qtbot, shown)
    shown.landscape.set_window(first.window.moved(1.0, 0.0))
    assert shown.batch.surface is None
    second = settled(qtbot, shown)
    assert second.window.x0 == first.window.x0 + 1.0
    data = shown.session.experiment.problem.data
    shown.session.edit_problem("Turn", data=Dataset(data.x, 1.0 - data.y))
    assert shown.batch.surface is None
    shown.batch.ask()
    shown.batch.ask()  # it is under way already
    qtbot.waitUntil(lambda: shown.batch.surface is not None)


def test_only_some_batches_are_kept(
    qtbot: QtBot, opened: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch_surface, "KEPT", 2)
    shown = opened(sgd(), steps=3)
    for k in range(3):
        shown.session.seek(k)
        settled(qtbot, shown)
    shown.session.seek(0)
    assert shown.batch.surface is None


def test_one_weight_has_no_plane_to_draw_lines_in(opened: Any) -> None:
    data = Dataset(np.array([[1.0], [2.0]]), np.array([[1.0], [0.0]]))
    problem = Problem(data, Network((1, 1), (SIGMOID,), (False,)))
    shown = opened(Experiment(problem, sampling=Sampling(1), start=Given((0.0,))))
    shown.batch.ask()
    assert shown.batch.surface is None


def test_a_dear_batch_is_sampled_in_parts(
    qtbot: QtBot, opened: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = opened(sgd())
    whole = settled(qtbot, shown)
    monkeypatch.setattr(surface_job, "BURST_WORK", 4_000)
    other = BatchSurface(shown.session, shown.landscape, shown.session)
    again = settled(qtbot, SimpleNamespace(batch=other))
    assert again is not whole
    assert np.array_equal(again.values, whole.values)


def test_a_failed_surface_is_told(
    qtbot: QtBot, opened: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = opened(sgd())
    monkeypatch.setattr(surface_job.SurfaceJob, "run", out_of_memory)
    with qtbot.waitSignal(shown.session.failed, timeout=5000) as told:
        shown.batch.ask()
    assert "no room" in told.args[0]
