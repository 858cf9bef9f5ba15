"""The basin mapper: a map on request, its progress, an end at any time, and what makes it old."""

from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from mlpsim.core.edits import with_start
from mlpsim.core.files.presets import find_preset, load_presets
from mlpsim.core.optimizers import GradientDescent
from mlpsim.core.studies.basins import basin_map
from mlpsim.core.window import Window
from mlpsim.session.basin_mapper import BasinMapper
from mlpsim.session.errand import StudyJob
from mlpsim.session.landscape import Landscape
from mlpsim.session.session import Session

TWO_MINIMA = find_preset("bad-local-minimum", load_presets()).document(None).experiment


@pytest.fixture
def shown(open_session: Callable[..., Session]) -> Any:
    session = open_session(TWO_MINIMA)
    landscape = Landscape(session, session)
    mapper = BasinMapper(session, landscape, session)
    return SimpleNamespace(session=session, landscape=landscape, mapper=mapper)


def test_a_map_comes_when_it_is_asked_for(qtbot: QtBot, shown: Any) -> None:
    mapper = shown.mapper
    assert mapper.is_possible
    assert mapper.map is None
    assert mapper.errand.share is None
    mapper.ask(200, 9)
    assert mapper.errand.share is not None
    qtbot.waitUntil(lambda: mapper.errand.share is None)
    assert mapper.map.step == 1
    assert mapper.map.question.window == shown.landscape.window


def test_all_that_is_seen_is_mapped_where_the_picture_is_wider_than_the_window(shown: Any) -> None:
    landscape, mapper = shown.landscape, shown.mapper
    landscape.set_window(Window(-2.0, 2.0, -1.0, 1.0))
    landscape.set_aspect(1.0)
    mapper.complete(20, 5)
    assert mapper.map.question.window == Window(-2.0, 2.0, -2.0, 2.0)


def test_a_coarse_map_is_there_before_the_fine_one(qtbot: QtBot, shown: Any) -> None:
    mapper = shown.mapper
    mapper.ask(3000, 101)
    qtbot.waitUntil(lambda: mapper.map is not None, timeout=20_000)
    assert mapper.map.step == 4
    assert 0.0 < mapper.errand.share < 1.0
    mapper.cancel()
    assert mapper.errand.share is None
    assert mapper.map.step == 4
    mapper.cancel()  # nothing is under way


def test_a_map_stands_for_its_problem_and_optimizer_but_not_for_the_start(shown: Any) -> None:
    session, mapper = shown.session, shown.mapper
    mapper.complete(20, 5)
    found = mapper.map
    session.edit(with_start(session.experiment, session.theta + 1.0), "start")
    assert mapper.map is found
    session.edit(replace(session.experiment, optimizer=GradientDescent(0.3)), "rate")
    assert mapper.map is None
    session.undo_stack.undo()
    assert mapper.map is found
    session.edit_problem("mean", reduction="mean")
    assert mapper.map is None


def test_a_failure_is_told(qtbot: QtBot, shown: Any) -> None:
    mapper = shown.mapper
    with qtbot.waitSignal(mapper.changed):
        mapper.ask(10, 0)
    qtbot.waitUntil(lambda: mapper.errand.share is None)
    assert mapper.errand.failure
    assert mapper.map is None


def test_a_job_reports_how_far_it_is(shown: Any) -> None:
    job = StudyJob(basin_map, shown.mapper.question(5, 9))
    assert job.run(lambda: False) is not None
    assert job.progress.share == 1.0
    assert job.progress.part is not None
    assert StudyJob(basin_map, shown.mapper.question(5, 9)).run(lambda: True) is None


def test_a_new_question_replaces_the_one_before(qtbot: QtBot, shown: Any) -> None:
    shown.mapper.ask(100_000, 101)
    shown.mapper.ask(5, 7)
    qtbot.waitUntil(lambda: shown.mapper.errand.share is None)
    assert shown.mapper.map.question.side == 7
