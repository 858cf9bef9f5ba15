"""The gradient checker answers from its worker, and ends with the session."""

import numpy as np
from pytestqt.qtbot import QtBot

from mlpsim.core.experiment import lecture_experiment
from mlpsim.core.lessons.gradient_check import GradientCheck
from mlpsim.session.gradient_checker import GradientChecker
from mlpsim.session.session import Session


def test_the_newest_question_is_answered(session: Session, qtbot: QtBot):
    checker = GradientChecker(session, session)
    checker.cancel()
    answers: list[GradientCheck] = []
    checker.checked.connect(answers.append)
    problem = lecture_experiment().problem
    checker.ask(problem, np.array([3.0, 3.0]))
    checker.ask(problem, np.zeros(2))
    qtbot.waitUntil(lambda: bool(answers))
    assert answers[-1].agrees
    assert answers[-1].gradient in (2.75, 1.0)
    checker.ask(problem, np.zeros(2))
    checker.cancel()


def test_a_check_that_fails_is_answered_by_none(session: Session, qtbot: QtBot):
    checker = GradientChecker(session, session)
    with qtbot.waitSignal(checker.checked) as said:
        checker.ask(lecture_experiment().problem, np.zeros(3))
    assert said.args == [None]
