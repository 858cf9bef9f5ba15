"""The step looker: on many samples a worker looks along a step, and the newest one is looked at."""

import gc
from collections.abc import Callable, Iterator
from threading import Event
from weakref import ref

import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from mlpsim.core.lessons.microscope import Profile, ProfileQuestion
from mlpsim.core.run import Run
from mlpsim.session.session import Session
from mlpsim.session.step_looker import StepLooker
from mlpsim.session.worker import Worker
from tests.failures import out_of_memory
from tests.runs import train


@pytest.fixture
def session(qapp: object) -> Iterator[Session]:
    """The lecture's example after three steps."""
    session = Session()
    train(session, 3)
    yield session
    session.end()


def patience(looker: StepLooker) -> QTimer:
    return looker.findChild(QTimer, "microscope patience")


@pytest.fixture
def looker(session: Session) -> StepLooker:
    return StepLooker(session, session)


@pytest.fixture
def step_1_takes_for_ever(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """As if; the steps whose profiles were begun."""
    answer, begun = ProfileQuestion.answer, []

    def slow(question: ProfileQuestion, cancelled: Callable[[], bool]) -> Profile | None:
        begun.append(question.before.k + 1)
        while question.before.k == 0 and not cancelled():
            Event().wait(1e-3)
        return answer(question, cancelled)

    monkeypatch.setattr(ProfileQuestion, "answer", slow)
    return begun


def test_on_few_samples_it_is_there_at_once(looker: StepLooker) -> None:
    assert looker.latest is None
    first = looker.present(1, None)
    assert first is not None
    assert first.at_zero == 1.0
    assert looker.present(1, None) is first
    assert looker.latest is first
    second = looker.present(2, 0.7)
    assert second is not None
    assert (second.at_zero, second.end) == (first.at_rate, 0.7)


@pytest.mark.usefixtures("dear")
def test_on_many_the_last_look_stays_until_the_next_one_comes(
    looker: StepLooker, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(looker.changed):
        assert looker.present(1, None) is None
    first = looker.present(1, None)
    assert first is not None
    with qtbot.waitSignal(looker.changed):
        assert looker.present(2, None) is None
        assert looker.latest is first
    second = looker.present(2, None)
    assert second is not None
    assert second.at_zero == first.at_rate
    assert looker.present(1, None) is None


@pytest.mark.usefixtures("dear")
def test_an_answer_that_is_soon_there_is_waited_for(
    looker: StepLooker, qtbot: QtBot, step_1_takes_for_ever: list[int]
) -> None:
    patience(looker).setInterval(60_000)
    with qtbot.waitSignal(looker.changed):
        assert looker.present(2, None) is None
        assert looker.present(3, None) is None
        assert looker.present(1, None) is None
        assert looker.present(2, None) is None  # none of them is begun
    assert looker.present(2, None) is not None
    assert step_1_takes_for_ever == [2]


@pytest.mark.usefixtures("dear")
def test_one_that_takes_long_gives_way_to_the_newest(
    looker: StepLooker, qtbot: QtBot, step_1_takes_for_ever: list[int]
) -> None:
    patience(looker).setInterval(60_000)
    assert looker.present(1, None) is None
    qtbot.waitUntil(lambda: step_1_takes_for_ever == [1])
    with qtbot.waitSignal(looker.changed):
        assert looker.present(2, None) is None
        assert looker.present(3, None) is None
        patience(looker).start(0)  # the minute is over
    assert looker.present(3, None) is not None
    assert step_1_takes_for_ever == [1, 3]


@pytest.mark.usefixtures("dear")
def test_one_that_has_taken_long_gives_way_at_once(
    looker: StepLooker, qtbot: QtBot, step_1_takes_for_ever: list[int]
) -> None:
    patience(looker).setInterval(0)
    assert looker.present(1, None) is None
    qtbot.waitUntil(lambda: not patience(looker).isActive())
    with qtbot.waitSignal(looker.changed):
        assert looker.present(2, None) is None
    assert looker.present(2, None) is not None


@pytest.mark.usefixtures("dear")
def test_a_picture_has_it_at_once(looker: StepLooker) -> None:
    assert looker.present(1, None) is None
    looker.complete(2, None)
    second = looker.present(2, None)
    assert second is not None
    looker.complete(2, None)
    assert looker.present(2, None) is second


@pytest.mark.usefixtures("dear")
def test_what_is_dropped_does_not_come(
    looker: StepLooker, qtbot: QtBot, step_1_takes_for_ever: list[int]
) -> None:
    assert looker.present(1, None) is None
    looker.cancel()
    with qtbot.waitSignal(looker.changed):
        assert looker.present(2, None) is None
    assert looker.latest is looker.present(2, None)


@pytest.mark.usefixtures("dear")
def test_closing_ends_what_is_under_way(
    session: Session, qtbot: QtBot, step_1_takes_for_ever: list[int]
) -> None:
    looker = StepLooker(session, session)
    assert looker.present(1, None) is None
    qtbot.waitUntil(lambda: step_1_takes_for_ever == [1])
    session.end()  # would not return
    assert not looker.findChild(Worker).is_busy


@pytest.mark.usefixtures("dear")
def test_a_failure_is_said_and_not_asked_for_again(
    looker: StepLooker, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    looker.complete(2, None)
    second = looker.latest

    monkeypatch.setattr(ProfileQuestion, "answer", out_of_memory)
    with qtbot.waitSignal(looker.failed) as failed:
        assert looker.present(1, None) is None
    assert failed.args == ["MemoryError: no room"]
    assert looker.present(1, None) is None
    assert looker.latest is second
    assert not looker.findChild(Worker).is_busy


def test_the_run_of_the_last_look_is_not_kept(session: Session, looker: StepLooker) -> None:
    run = ref(session.run)
    assert looker.present(1, None) is not None
    session.open(Run.from_experiment(session.experiment), 0)
    gc.collect()
    assert run() is None
    assert looker.latest is not None
