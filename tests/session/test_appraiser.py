"""The appraiser: on many samples a worker finds what is shown of a state, and says when."""

import gc
from collections.abc import Iterator
from weakref import ref

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from mlpsim.core import work
from mlpsim.core.appraisal import AppraisalQuestion
from mlpsim.core.run import Run
from mlpsim.session.appraiser import Appraiser
from mlpsim.session.seeker import Seeker
from mlpsim.session.session import Session
from mlpsim.session.worker import Worker
from tests.experiments import overflow
from tests.failures import out_of_memory
from tests.runs import train


@pytest.fixture
def appraiser(session: Session) -> Iterator[Appraiser]:
    appraiser = Appraiser(session, Seeker(session, session), session)
    yield appraiser
    appraiser.stop()


def test_on_few_samples_nothing_is_ever_pending(session: Session, appraiser: Appraiser) -> None:
    train(session, 1)
    assert not appraiser.is_pending
    assert not appraiser.findChild(Worker).is_busy
    assert appraiser.present is None
    assert appraiser.value == pytest.approx(0.433931, abs=5e-7)
    assert appraiser.place == 1


@pytest.mark.usefixtures("dear")
def test_on_many_a_worker_leaves_it_with_run_and_session(
    session: Session, appraiser: Appraiser, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(appraiser.changed):
        train(session, 3)
        assert appraiser.is_pending
        assert appraiser.value == session.run.recorded_value(3)
    assert not appraiser.is_pending
    present = appraiser.present
    assert present is not None
    assert session.record is present.record
    assert session.run.gradient(3) is present.gradient
    assert present.readout.value == appraiser.value == session.run.value(3)


@pytest.mark.usefixtures("dear")
def test_a_state_that_has_moved_on_is_asked_for_next(
    session: Session, appraiser: Appraiser, qtbot: QtBot
) -> None:
    train(session, 1)
    train(session, 1)
    session.seek(0)
    qtbot.waitUntil(lambda: not appraiser.is_pending)
    assert appraiser.present is not None
    assert appraiser.present.readout.epoch == 0
    assert appraiser.present.record is None
    assert session.record is None
    session.seek(2)
    assert appraiser.is_pending
    qtbot.waitUntil(lambda: not appraiser.is_pending)
    assert appraiser.present.readout.epoch == 2


@pytest.mark.usefixtures("dear")
def test_j_of_a_start_that_was_left_is_kept_as_well(
    session: Session, appraiser: Appraiser, qtbot: QtBot
) -> None:
    session.restart()
    assert np.isnan(session.run.recorded_value(0))
    train(session, 1)
    qtbot.waitUntil(lambda: not appraiser.is_pending)
    assert session.run.recorded_value(0) == 1.0


@pytest.mark.usefixtures("dear")
def test_an_answer_about_a_state_that_is_no_more_is_dropped(
    session: Session, appraiser: Appraiser, qtbot: QtBot
) -> None:
    session.begin(overflow(), "Overflow")
    qtbot.waitUntil(lambda: not appraiser.is_pending)
    train(session, 1)
    train(session, 3)
    assert session.run.last == 0
    qtbot.waitUntil(lambda: not appraiser.findChild(Worker).is_busy)
    assert session.run.diverged_at == 0


@pytest.mark.usefixtures("dear")
def test_a_state_that_is_known_is_not_computed_again_when_it_is_come_back_to(
    session: Session, appraiser: Appraiser, qtbot: QtBot
) -> None:
    train(session, 1)
    qtbot.waitUntil(lambda: not appraiser.is_pending)
    present = appraiser.present
    train(session, 1)
    assert appraiser.is_pending  # the answer about state 2 is under way
    session.seek(1)
    assert appraiser.present is present
    assert session.record is present.record


@pytest.mark.usefixtures("dear")
def test_an_edit_makes_it_pending_again(
    session: Session, appraiser: Appraiser, qtbot: QtBot
) -> None:
    train(session, 1)
    qtbot.waitUntil(lambda: not appraiser.is_pending)
    data = session.experiment.problem.data
    session.edit_problem("Move", data=data.with_sample(0, np.array([1.0, 1.0]), data.y[0]))
    assert appraiser.is_pending
    qtbot.waitUntil(lambda: not appraiser.is_pending)
    assert appraiser.present is not None
    errors = session.experiment.problem.errors(session.theta)
    assert appraiser.present.error == pytest.approx(errors.sum(), rel=1e-15)


@pytest.mark.usefixtures("dear")
def test_a_picture_has_it_at_once(session: Session, appraiser: Appraiser) -> None:
    train(session, 1)
    appraiser.complete()
    assert not appraiser.is_pending
    present = appraiser.present
    assert present is not None
    assert session.record is present.record
    appraiser.complete()
    assert appraiser.present is present


@pytest.mark.usefixtures("dear")
def test_a_failure_is_said_and_leaves_it_to_whoever_asks(
    session: Session, appraiser: Appraiser, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as without_room:
        without_room.setattr(AppraisalQuestion, "answer", out_of_memory)
        with qtbot.waitSignal(appraiser.changed), qtbot.waitSignal(session.failed) as failed:
            train(session, 1)
    assert failed.args == ["MemoryError: no room"]
    assert not appraiser.is_pending
    assert appraiser.value == session.run.value(1)
    train(session, 1)
    assert appraiser.is_pending  # of another state it is asked again
    qtbot.waitUntil(lambda: appraiser.present is not None)


@pytest.mark.usefixtures("dear")
def test_a_run_that_is_not_on_view_any_more_is_not_kept(
    session: Session, appraiser: Appraiser, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    train(session, 1)
    qtbot.waitUntil(lambda: not appraiser.is_pending)
    run = ref(session.run)
    monkeypatch.undo()  # nothing is asked about the next one
    session.open(Run.from_experiment(session.experiment), 0)

    def is_let_go() -> bool:
        gc.collect()
        return run() is None

    qtbot.waitUntil(is_let_go)  # by the worker's thread as well, which may come to it later


def test_a_run_that_was_put_in_place_is_asked_about(
    session: Session, appraiser: Appraiser, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = Run.from_experiment(session.experiment)
    monkeypatch.setattr(work, "DEAR", 0)
    with qtbot.waitSignal(appraiser.changed):
        session.open(run, 0)
    assert appraiser.present is not None
