"""The error mapper: what makes it map again, what only sum again, and what neither."""

from collections.abc import Callable
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
from mlpsim.core.starts import Given
from mlpsim.session import error_mapper
from mlpsim.session.error_mapper import ErrorMapper
from mlpsim.session.landscape import Landscape
from mlpsim.session.session import Session
from tests.failures import out_of_memory

LECTURE = lecture_experiment()
ALL, NONE = (0, 1, 2, 3), frozenset[int]()


@pytest.fixture
def opened(open_session: Callable[..., Session]) -> Callable[..., Any]:
    def make(experiment: Experiment = LECTURE) -> Any:
        session = open_session(experiment)
        landscape = Landscape(session, session)
        landscape.complete()
        mapper = ErrorMapper(session, landscape, session)
        return SimpleNamespace(session=session, landscape=landscape, mapper=mapper)

    return make


def answered(qtbot: QtBot, shown: Any, samples: tuple[int, ...], left_out: frozenset[int]) -> Any:
    with qtbot.waitSignal(shown.mapper.changed, timeout=5000):
        shown.mapper.ask(samples, left_out)
    return shown.mapper.maps


def test_another_tick_sums_again_and_maps_nothing(qtbot: QtBot, opened: Any) -> None:
    shown = opened()
    assert not shown.mapper.is_busy
    maps = answered(qtbot, shown, ALL, NONE)
    with qtbot.assertNotEmitted(shown.mapper.changed, wait=50):
        shown.mapper.ask(ALL, NONE)
    assert answered(qtbot, shown, ALL, frozenset({0})) is maps
    np.testing.assert_allclose(shown.mapper.total.values, maps.values[1:].sum(axis=0))


def test_another_window_problem_or_choice_maps_again(qtbot: QtBot, opened: Any) -> None:
    shown = opened()
    first = answered(qtbot, shown, ALL, NONE)
    shown.landscape.set_window(shown.landscape.window.moved(1.0, 0.0))
    second = answered(qtbot, shown, ALL, NONE)
    assert second is not first
    assert second.window == shown.landscape.shown_window
    assert answered(qtbot, shown, (1, 2), NONE).keys[:2] == (1, 2)
    data = shown.session.experiment.problem.data
    shown.session.edit_problem("Turn", data=Dataset(data.x, 1.0 - data.y))
    turned = answered(qtbot, shown, ALL, NONE)
    np.testing.assert_allclose(np.sqrt(turned.values[0]), 1.0 - np.sqrt(second.values[0]))


def test_a_tick_while_maps_are_under_way_waits_for_them(qtbot: QtBot, opened: Any) -> None:
    shown = opened()
    shown.mapper.ask(ALL, NONE)
    shown.mapper.ask(ALL, frozenset({3}))
    assert shown.mapper.is_busy
    qtbot.waitUntil(lambda: shown.mapper.maps is not None)
    maps = shown.mapper.maps
    np.testing.assert_allclose(shown.mapper.total.values, maps.values[:3].sum(axis=0))


def test_it_is_completed_at_once_for_a_picture(opened: Any) -> None:
    shown = opened()
    shown.mapper.complete(ALL, NONE)
    assert shown.mapper.total is not None
    shown.mapper.ask((0,), NONE)
    shown.mapper.complete(ALL, frozenset({1}))
    assert shown.mapper.maps.keys == ALL


def test_one_weight_has_no_maps(opened: Any) -> None:
    data = Dataset(np.array([[1.0], [2.0]]), np.array([[1.0], [0.0]]))
    problem = Problem(data, Network((1, 1), (SIGMOID,), (False,)))
    shown = opened(Experiment(problem, start=Given((0.0,))))
    shown.mapper.ask((0, 1), NONE)
    shown.mapper.complete((0, 1), NONE)
    assert not shown.mapper.is_possible
    assert shown.mapper.maps is None


def test_where_there_is_no_plane_the_maps_of_before_are_forgotten(
    qtbot: QtBot, opened: Any
) -> None:
    shown = opened()
    answered(qtbot, shown, ALL, NONE)
    data = Dataset(np.array([[1.0], [2.0]]), np.array([[1.0], [0.0]]))
    problem = Problem(data, Network((1, 1), (SIGMOID,), (False,)))
    shown.session.begin(Experiment(problem, start=Given((0.0,))), "One weight")
    shown.mapper.ask((), NONE)
    assert (shown.mapper.maps, shown.mapper.total) == (None, None)
    shown.session.undo_stack.undo()
    assert answered(qtbot, shown, ALL, NONE).keys == ALL


def test_a_failed_map_is_told(qtbot: QtBot, opened: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = opened()
    monkeypatch.setattr(error_mapper.MapsJob, "run", out_of_memory)
    with qtbot.waitSignal(shown.session.failed, timeout=5000) as told:
        shown.mapper.ask(ALL, NONE)
    assert "no room" in told.args[0]
