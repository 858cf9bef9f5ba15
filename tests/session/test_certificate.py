"""The certificate: asked for once, answered off the window's thread, never stale."""

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from mlpsim.core.experiment import Experiment, lecture_experiment
from mlpsim.core.feasible import Ball, Box
from mlpsim.core.proofs.question import OptimumQuestion
from mlpsim.core.window import Window
from mlpsim.session.certificate import Certificate, CertifyJob
from mlpsim.session.landscape import Landscape
from mlpsim.session.session import Session
from tests.experiments import DEAR_TO_CERTIFY, lecture_on


class Desk:
    def __init__(self, session: Session) -> None:
        self.session = session
        self.landscape = Landscape(session, session)
        self.certificate = Certificate(session, self.landscape, session)
        self.changes = list[bool]()
        self.certificate.changed.connect(lambda: self.changes.append(self.certificate.is_busy))


@pytest.fixture
def desk_at(open_session: Callable[..., Session]) -> Callable[[Experiment], Desk]:
    return lambda experiment: Desk(open_session(experiment))


def answered(qtbot: QtBot, desk: Desk) -> None:
    qtbot.waitUntil(lambda: desk.certificate.answer is not None and not desk.certificate.is_busy)


def test_nothing_is_computed_before_it_is_asked_for(desk_at, qtbot) -> None:
    desk = desk_at(lecture_on(Ball((0.0, 0.0), 1.0)))
    assert desk.certificate.answer is None
    assert not desk.certificate.is_busy
    desk.certificate.ask()
    assert desk.certificate.is_busy
    answered(qtbot, desk)
    assert desk.certificate.answer.shown.f_hi == pytest.approx(0.02962552956, rel=1e-8)
    assert desk.changes == [True, False]
    desk.certificate.ask()
    assert desk.changes == [True, False]


def test_another_problem_makes_the_answer_stale_and_is_asked_anew(desk_at, qtbot) -> None:
    desk = desk_at(lecture_on(Ball((0.0, 0.0), 1.0)))
    desk.certificate.ask()
    answered(qtbot, desk)
    desk.session.edit_problem("C", feasible=Box((-1.0, -1.0), (1.0, 1.0)))
    assert desk.certificate.answer is None
    desk.certificate.ask()
    answered(qtbot, desk)
    assert desk.certificate.answer.shown.f_hi == pytest.approx(0.02948513813, rel=1e-8)


def test_on_the_whole_space_the_window_is_asked_about_again(desk_at, qtbot) -> None:
    desk = desk_at(lecture_experiment())
    desk.certificate.ask()
    answered(qtbot, desk)
    first = desk.certificate.answer
    assert first.shown.verdict == "infimum-not-attained"
    assert first.is_free
    desk.landscape.set_window(Window(-8.0, 8.0, -8.0, 8.0))
    assert desk.certificate.answer is first  # it holds, and names its window
    desk.certificate.ask()
    qtbot.waitUntil(lambda: desk.certificate.answer is not first)
    assert desk.certificate.answer.question.window == Box((-8.0, -8.0), (8.0, 8.0))


def test_the_window_becomes_c_as_one_undoable_edit(desk_at) -> None:
    desk = desk_at(lecture_experiment())
    desk.landscape.set_window(Window(-4.0, 4.0, -2.0, 2.0))
    desk.certificate.use_window()
    assert desk.session.experiment.problem.feasible == Box((-4.0, -2.0), (4.0, 2.0))
    desk.session.undo_stack.undo()
    assert desk.session.experiment == lecture_experiment()
    desk.landscape.set_random(3)
    assert desk.certificate.window is None
    desk.certificate.use_window()
    assert desk.session.experiment == lecture_experiment()


def test_many_parameters_wait_to_be_asked_tell_their_bounds_and_can_be_ended(
    desk_at, qtbot
) -> None:
    desk = desk_at(DEAR_TO_CERTIFY)
    certificate = desk.certificate
    certificate.ask()
    assert not certificate.is_busy
    certificate.end()  # nothing to end
    certificate.complete()  # nor anything cheap
    assert certificate.answer is None
    told = list[tuple[float, float]]()
    certificate.progressed.connect(lambda lo, hi, _: told.append((lo, hi)))
    certificate.certify()
    qtbot.waitUntil(lambda: len(told) >= 2)
    assert certificate.is_busy
    certificate.ask()
    assert certificate.is_busy
    assert (np.diff([lo for lo, _ in told]) >= 0.0).all()
    assert (np.diff([hi for _, hi in told]) <= 0.0).all()
    certificate.end()
    answered(qtbot, desk)
    shown = certificate.answer.shown
    assert shown.verdict == "gap"
    assert told[-1][0] <= shown.f_lo <= shown.f_hi <= told[-1][1]


def test_a_search_for_a_problem_that_is_gone_is_dropped(desk_at, qtbot) -> None:
    desk = desk_at(DEAR_TO_CERTIFY)
    desk.certificate.certify()
    desk.session.edit_problem("C", feasible=Box((-2.0,) * 7, (2.0,) * 7))
    assert not desk.certificate.is_busy
    assert desk.certificate.reached is None
    told = list[tuple[float, float]]()
    desk.certificate.progressed.connect(lambda lo, hi, _: told.append((lo, hi)))
    look = desk.certificate.findChild(QTimer, "certificate look")
    with qtbot.waitSignal(look.timeout):
        pass
    assert told == []
    desk.certificate.ask()
    desk.session.undo_stack.undo()
    assert not desk.certificate.is_busy


def test_a_failure_is_told_and_the_next_question_answered(desk_at, qtbot) -> None:
    huge = Ball((0.0, 1e308), 1.7e308)
    desk = desk_at(lecture_on(huge))
    desk.certificate.ask()
    qtbot.waitUntil(lambda: not desk.certificate.is_busy)
    assert "beyond all numbers" in desk.certificate.failure
    assert desk.certificate.answer is None
    desk.session.edit_problem("C", feasible=Ball((0.0, 0.0), 1.0))
    desk.certificate.ask()
    answered(qtbot, desk)
    assert desk.certificate.failure == ""


def test_a_job_answers_as_the_question_does_and_tells_its_bounds() -> None:
    job = CertifyJob(OptimumQuestion(lecture_on(Ball((0.0, 0.0), 1.0)).problem, None))
    answer = job.run(lambda: False)
    assert job.channel.reached[:2] == (answer.shown.f_lo, answer.shown.f_hi)
    job.channel.is_ended = True
    assert job.run(lambda: False).shown.verdict == "gap"


def test_for_a_picture_the_answer_comes_at_once(desk_at) -> None:
    desk = desk_at(lecture_on(Box((-1.0, -1.0), (1.0, 1.0))))
    desk.certificate.complete()
    assert desk.certificate.answer.shown.verdict == "certified"
    desk.certificate.ask()
    assert not desk.certificate.is_busy
    desk.certificate.certify()
    desk.certificate.complete()
    assert not desk.certificate.is_busy
