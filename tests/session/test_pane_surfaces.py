"""Pane surfaces: each problem's once, coarse before fine, over the window that was asked for."""

from dataclasses import replace

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from mlpsim.core.activations import TANH
from mlpsim.core.experiment import lecture_experiment
from mlpsim.core.generators import Moons
from mlpsim.core.network import Network
from mlpsim.core.plane import two_weights
from mlpsim.core.problem import Penalty, Problem
from mlpsim.core.window import Window
from mlpsim.session import surface_job
from mlpsim.session.pane_surfaces import PaneSurfaces
from mlpsim.session.session import Session
from mlpsim.session.surface_job import SurfaceJob
from tests.failures import out_of_memory

LECTURE = lecture_experiment().problem
PENALIZED = replace(LECTURE, penalty=Penalty(l2=1.0))
PLANE = two_weights(np.zeros(2), 0, 1)
HERE, THERE = Window(-1.0, 1.0, -1.0, 1.0), Window(-2.0, 2.0, -2.0, 2.0)


@pytest.fixture
def surfaces(session: Session) -> PaneSurfaces:
    return PaneSurfaces(session, session)


def settled(qtbot: QtBot, surfaces: PaneSurfaces) -> None:
    qtbot.waitUntil(lambda: not surfaces.is_busy, timeout=20_000)


def test_every_problem_has_its_surface(qtbot: QtBot, surfaces: PaneSurfaces) -> None:
    again = replace(LECTURE)
    assert again is not LECTURE
    shown: list[None] = []
    surfaces.changed.connect(lambda: shown.append(None))
    surfaces.ask([LECTURE, PENALIZED, again, LECTURE], PLANE, HERE)
    assert surfaces.surface(LECTURE) is None
    settled(qtbot, surfaces)
    assert len(shown) == 4  # two problems, coarse and fine
    plain, penalized = surfaces.surface(LECTURE), surfaces.surface(PENALIZED)
    assert plain is not None
    assert penalized is not None
    assert surfaces.surface(again) is plain
    assert plain.window == penalized.window == HERE
    x, y = float(plain.xs[3]), float(plain.ys[7])
    assert plain.values[7, 3] == pytest.approx(float(LECTURE.value(np.array([x, y]))))
    r = 0.5 * (x * x + y * y)
    assert penalized.values[7, 3] == pytest.approx(plain.values[7, 3] + r)


def test_coarse_ones_come_first_and_fine_ones_stay(qtbot: QtBot, surfaces: PaneSurfaces) -> None:
    sizes: list[tuple[int, ...]] = []

    def note() -> None:
        found = [surfaces.surface(problem) for problem in (LECTURE, PENALIZED)]
        sizes.append(tuple(0 if each is None else each.values.size for each in found))

    surfaces.changed.connect(note)
    surfaces.ask([LECTURE, PENALIZED], PLANE, HERE)
    settled(qtbot, surfaces)
    coarse, fine = 10_000, 40_000
    assert sizes == [(coarse, 0), (coarse, coarse), (fine, coarse), (fine, fine)]
    surfaces.ask([LECTURE, PENALIZED], PLANE, HERE)
    assert not surfaces.is_busy
    surfaces.ask([PENALIZED, replace(LECTURE, reduction="mean")], PLANE, HERE)
    assert surfaces.is_busy
    assert surfaces.surface(LECTURE) is None
    assert surfaces.surface(PENALIZED) is not None
    settled(qtbot, surfaces)


def test_the_old_ones_stay_until_the_new_ones_are_there(
    qtbot: QtBot, surfaces: PaneSurfaces
) -> None:
    surfaces.complete([LECTURE, PENALIZED], PLANE, HERE)
    before = surfaces.surface(LECTURE)
    assert before is not None
    assert before.values.size == 40_000
    surfaces.ask([LECTURE], PLANE, THERE)
    assert surfaces.surface(LECTURE) is before
    assert surfaces.surface(PENALIZED) is None
    settled(qtbot, surfaces)
    after = surfaces.surface(LECTURE)
    assert after is not None
    assert after.window == THERE
    surfaces.ask([LECTURE], two_weights(np.ones(2), 0, 1), THERE)
    assert surfaces.surface(LECTURE) is None  # what lies over another plane is another surface
    settled(qtbot, surfaces)


def test_a_picture_waits_for_no_worker(surfaces: PaneSurfaces) -> None:
    surfaces.complete([LECTURE], PLANE, THERE)
    surfaces.ask([LECTURE], PLANE, HERE)
    surfaces.complete([LECTURE], PLANE, HERE)
    found = surfaces.surface(LECTURE)
    assert found is not None
    assert (found.window, found.values.size) == (HERE, 40_000)
    assert not surfaces.is_busy


def test_a_dear_one_comes_in_parts(qtbot: QtBot, surfaces: PaneSurfaces, monkeypatch) -> None:
    monkeypatch.setattr(surface_job, "BURST_WORK", 2_000_000)
    monkeypatch.setattr(surface_job, "SMOOTH_WORK", 0)
    monkeypatch.setitem(surface_job.WORK, "middle", 20_000_000)
    monkeypatch.setitem(surface_job.WORK, "fine", 40_000_000)
    network = Network((2, 8, 1), (TANH, TANH), (True, True))
    problem = Problem(Moons(samples=100).generate(), network)
    plane = two_weights(np.full(network.n_params, 0.1), 0, 1)
    surfaces.ask([problem], plane, HERE)
    settled(qtbot, surfaces)
    found = surfaces.surface(problem)
    assert found is not None
    surfaces.complete([problem], plane, HERE)
    whole = surfaces.surface(problem)
    assert whole is not None
    assert np.array_equal(found.values, whole.values)
    surfaces.complete([problem], plane, HERE)  # of the next picture of a film
    assert surfaces.surface(problem) is whole


def test_a_failure_is_told(qtbot: QtBot, surfaces: PaneSurfaces, monkeypatch) -> None:
    monkeypatch.setattr(SurfaceJob, "run", out_of_memory)
    with qtbot.waitSignal(surfaces.changed):
        surfaces.ask([LECTURE, PENALIZED], PLANE, HERE)
    assert surfaces.failure == "MemoryError: no room"
    assert not surfaces.is_busy
