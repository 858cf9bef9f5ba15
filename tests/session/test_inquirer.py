"""The inquirer: on many samples a worker answers what is asked of the state on view."""

import gc
from weakref import ref

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from mlpsim.core.editing.splitting import held_out_by
from mlpsim.core.evaluation import EvaluationQuestion, Evaluations
from mlpsim.core.held_out import Split
from mlpsim.core.run import Run
from mlpsim.session.inquirer import Inquire, Inquirer
from mlpsim.session.session import Session
from mlpsim.session.worker import Worker
from tests.failures import out_of_memory
from tests.runs import train

Evaluator = Inquirer[Evaluations]


def question(session: Session) -> EvaluationQuestion:
    """How well the state on view predicts."""
    held_out = session.experiment.held_out
    others = None if held_out is None else held_out.data
    return EvaluationQuestion(session.experiment.problem, session.theta, others)


@pytest.fixture
def evaluator(session: Session) -> Evaluator:
    return Inquirer("evaluator", question, session, session)


def state_and_answer(evaluator: Evaluator) -> tuple[int, Evaluations]:
    """The state that the last answer is about, and the answer."""
    assert evaluator.latest is not None
    asked, answer = evaluator.latest
    return asked.k, answer


def test_on_few_samples_it_is_there_at_once(session: Session, evaluator: Evaluator) -> None:
    assert evaluator.latest is None
    present = evaluator.present()
    assert present is not None
    trained, tested = present
    assert (trained.mean_error, trained.accuracy, tested) == (0.25, 0.5, None)
    assert evaluator.present() is present
    train(session, 1)
    present = evaluator.present()
    assert present is not None
    assert present[0].mean_error == pytest.approx(0.433931 / 4, abs=2e-7)
    assert state_and_answer(evaluator) == (1, present)


def test_the_samples_held_out_are_evaluated_beside(session: Session, evaluator: Evaluator) -> None:
    session.edit(held_out_by(session.experiment, Split(0.25, 1, by_class=False))[0], "Split")
    present = evaluator.present()
    assert present is not None
    assert present[1] is not None
    assert (present[0].samples, present[1].samples, present[1].mean_error) == (3, 1, 0.25)


@pytest.mark.usefixtures("dear")
def test_on_many_the_last_answer_stays_until_the_next_one_comes(
    session: Session, evaluator: Evaluator, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(evaluator.changed):
        assert evaluator.present() is None
    first = evaluator.present()
    assert first is not None
    train(session, 1)
    with qtbot.waitSignal(evaluator.changed):
        assert evaluator.present() is None
        assert state_and_answer(evaluator) == (0, first)
        train(session, 1)
        assert evaluator.present() is None  # state 1 is under way, and answered first
    assert evaluator.present() is None
    assert state_and_answer(evaluator)[0] == 1
    qtbot.waitUntil(lambda: evaluator.present() is not None)
    assert state_and_answer(evaluator)[0] == 2


@pytest.mark.usefixtures("dear")
def test_a_picture_has_it_at_once(session: Session, evaluator: Evaluator) -> None:
    evaluator.complete()
    present = evaluator.present()
    assert present is not None
    evaluator.complete()
    assert evaluator.present() is present


@pytest.mark.usefixtures("dear")
def test_a_failure_is_said_and_not_asked_for_again(
    session: Session, evaluator: Evaluator, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(EvaluationQuestion, "answer", out_of_memory)
    with qtbot.waitSignal(evaluator.failed) as failed:
        assert evaluator.present() is None
    assert failed.args == ["MemoryError: no room"]
    assert evaluator.present() is None
    assert evaluator.latest is None
    assert not evaluator.findChild(Worker).is_busy


@pytest.mark.usefixtures("dear")
def test_a_state_that_has_moved_on_is_asked_about_after_a_failure_too(
    session: Session, evaluator: Evaluator, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer, start = EvaluationQuestion.answer, session.theta

    def broken_at_the_start(question: EvaluationQuestion) -> Evaluations:
        if np.array_equal(question.theta, start):
            raise MemoryError("no room")
        return answer(question)

    monkeypatch.setattr(EvaluationQuestion, "answer", broken_at_the_start)
    evaluator.changed.connect(evaluator.present)  # as panels do
    with qtbot.waitSignal(evaluator.failed):
        assert evaluator.present() is None
        train(session, 1)
        assert evaluator.present() is None  # state 0 is under way
    qtbot.waitUntil(lambda: evaluator.latest is not None)
    assert state_and_answer(evaluator)[0] == 1


def test_the_run_of_the_last_answer_is_not_kept(session: Session, evaluator: Evaluator) -> None:
    run = ref(session.run)
    assert evaluator.present() is not None
    session.open(Run.from_experiment(session.experiment), 0)
    gc.collect()
    assert run() is None
    assert evaluator.latest is not None


def test_the_job_answers_its_question(session: Session) -> None:
    problem = session.experiment.problem
    question = EvaluationQuestion(problem, session.theta, problem.data)
    trained, others = Inquire(ref(session.run), 0, question).run(lambda: False)
    assert others is not None
    assert trained.mean_error == others.mean_error == 0.25
