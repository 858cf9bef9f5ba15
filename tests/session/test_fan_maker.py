"""The fan maker: a fan and noise balls on request, an end at any time, and what makes them old."""

from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from mlpsim.core.experiment import lecture_experiment
from mlpsim.core.optimizers import GradientDescent
from mlpsim.core.sampling import Sampling
from mlpsim.core.studies.fan import FanQuestion, fan, noise_balls
from mlpsim.session.errand import StudyJob
from mlpsim.session.fan_maker import FanMaker
from mlpsim.session.session import Session

SGD = replace(lecture_experiment(), sampling=Sampling(1))


@pytest.fixture
def shown(open_session: Callable[..., Session]) -> Any:
    session = open_session(SGD)
    return SimpleNamespace(session=session, maker=FanMaker(session, session))


def test_a_fan_and_noise_balls_come_when_they_are_asked_for(qtbot: QtBot, shown: Any) -> None:
    maker = shown.maker
    maker.errand.cancel()  # nothing is under way
    assert (maker.fan, maker.balls, maker.errand.share) == (None, (), None)
    maker.ask_fan(5, 20)
    assert maker.errand.share is not None
    qtbot.waitUntil(lambda: maker.errand.share is None)
    assert maker.fan.thetas.shape == (5, 21, 2)
    maker.ask_balls(3, 20)
    qtbot.waitUntil(lambda: maker.errand.share is None)
    assert [ball.rate for ball in maker.balls] == [0.025, 0.05, 0.1, 0.2]
    assert maker.fan is not None


def test_they_stand_for_the_experiment_that_they_were_made_with(qtbot: QtBot, shown: Any) -> None:
    session, maker = shown.session, shown.maker
    maker.complete(3, 10)
    maker.ask_balls(2, 10)
    qtbot.waitUntil(lambda: len(maker.balls) == 4)
    session.edit(replace(session.experiment, optimizer=GradientDescent(0.2)), "rate")
    assert maker.fan is None
    assert maker.balls == ()
    session.undo_stack.undo()
    assert maker.fan is not None
    assert len(maker.balls) == 4


def test_a_job_is_cancelled_and_what_was_there_stays(qtbot: QtBot, shown: Any) -> None:
    maker = shown.maker
    maker.complete(3, 10)
    found = maker.fan
    maker.ask_fan(500, 100_000)
    with qtbot.waitSignal(maker.changed):
        pass  # told while it is under way
    maker.errand.cancel()
    assert maker.errand.share is None
    assert maker.fan is found
    maker.ask_fan(2, 5)
    qtbot.waitUntil(lambda: maker.errand.share is None)
    assert maker.fan.thetas.shape == (2, 6, 2)


def test_a_failure_is_told(qtbot: QtBot, shown: Any) -> None:
    maker = shown.maker
    maker.ask_fan(-1, 5)
    qtbot.waitUntil(lambda: maker.errand.share is None)
    assert maker.errand.failure
    assert maker.fan is None


def test_jobs_say_nothing_when_they_were_cancelled() -> None:
    question = FanQuestion(SGD, 2, 5)
    assert StudyJob(fan, question).run(lambda: True) is None
    assert StudyJob(noise_balls, question).run(lambda: True) is None
    job = StudyJob(noise_balls, question)
    assert job.run(lambda: False) is not None
    assert job.progress.share == 1.0


def test_a_maker_without_a_thread_stops(shown: Any) -> None:
    shown.maker.complete(2, 5)
    shown.session.end()
    assert shown.maker.fan is not None
