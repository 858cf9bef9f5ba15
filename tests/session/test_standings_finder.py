"""The finder of standings: what is dear comes from a worker, for the state that was asked about."""

import pytest
from pytestqt.qtbot import QtBot

from mlpsim.core.experiment import lecture_experiment
from mlpsim.core.files.document import go_on
from mlpsim.core.optimizers import Adam
from mlpsim.core.studies.lanes import ErrorSeries, StandingsQuestion, standing
from mlpsim.session.session import Session
from mlpsim.session.standings_finder import StandingsFinder
from mlpsim.session.worker import Worker
from tests.failures import out_of_memory
from tests.runs import lecture_run

LECTURE = lecture_experiment()


@pytest.fixture
def lanes() -> list[ErrorSeries]:
    runs = lecture_run(9), lecture_run(9, optimizer=Adam(0.1))
    return [ErrorSeries(run, "sum") for run in runs]


@pytest.fixture
def finder(session: Session) -> StandingsFinder:
    return StandingsFinder(session, session)


def test_what_is_cheap_can_be_told_at_once(
    finder: StandingsFinder, lanes: list[ErrorSeries]
) -> None:
    assert finder.refine(lanes, 4)
    assert not finder.findChild(Worker).is_busy


@pytest.mark.usefixtures("dear")
def test_a_worker_finds_what_is_dear_and_is_asked_again_for_the_next(
    finder: StandingsFinder, lanes: list[ErrorSeries], qtbot: QtBot
) -> None:
    with qtbot.waitSignal(finder.found):
        assert not finder.refine(lanes, 4)
        assert not finder.refine(lanes, 7)  # the answer on its way is not given up
    assert finder.latest == dict.fromkeys(lanes, 4)
    assert [standing(lane, 4, 0.1).accuracy for lane in lanes] == [1.0, 1.0]
    assert finder.refine(lanes, 4)
    with qtbot.waitSignal(finder.found):
        assert not finder.refine(lanes, 7)
    assert finder.latest == dict.fromkeys(lanes, 7)
    assert finder.refine(lanes, 7)


@pytest.mark.usefixtures("dear")
def test_a_lane_that_was_behind_is_told_of_at_the_state_that_it_had(
    finder: StandingsFinder, lanes: list[ErrorSeries], qtbot: QtBot
) -> None:
    with qtbot.waitSignal(finder.found):
        finder.refine(lanes, 12)
    go_on(lanes[1].run, 12)
    assert not finder.refine(lanes, 12)
    assert finder.latest == dict.fromkeys(lanes, 9)
    assert standing(lanes[1], 9, 0.1).accuracy == 1.0


@pytest.mark.usefixtures("dear")
def test_a_picture_has_all_of_it_at_once(finder: StandingsFinder, lanes: list[ErrorSeries]) -> None:
    assert not finder.refine(lanes, 4)
    finder.complete(lanes, 4)
    assert finder.refine(lanes, 4)
    finder.complete(lanes, 4)  # nothing is left
    assert not finder.findChild(Worker).is_busy


@pytest.mark.usefixtures("dear")
def test_a_failure_is_said_once(
    finder: StandingsFinder,
    lanes: list[ErrorSeries],
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(StandingsQuestion, "answer", out_of_memory)
    with qtbot.waitSignal(finder.failed) as failed, qtbot.waitSignal(finder.found):
        finder.refine(lanes, 4)
    assert failed.args == ["MemoryError: no room"]
    assert finder.refine(lanes, 4)
    assert standing(lanes[0], 4, 0.1).accuracy is None
