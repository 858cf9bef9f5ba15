"""Stationary points of the problem on view: asked for once, found off the window's thread."""

from collections.abc import Callable

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from mlpsim.core.activations import IDENTITY
from mlpsim.core.dataset import Dataset
from mlpsim.core.experiment import Experiment, lecture_experiment
from mlpsim.core.feasible import Ball, Box
from mlpsim.core.network import Network
from mlpsim.core.problem import Problem
from mlpsim.core.starts import Zeros
from mlpsim.core.window import Window
from mlpsim.session.landscape import Landscape
from mlpsim.session.session import Session
from mlpsim.session.stationary import StationaryPoints
from tests.experiments import MANY_WEIGHTS, lecture_on

WALLED = Box((1.0, -4.0), (4.0, 4.0))  # of the lecture's error: three stationary points
LINE = Experiment(
    Problem(
        Dataset([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0], [2.0, 1.0]], [[1.0], [2.0], [0.0], [1.0]]),
        Network((2, 1), (IDENTITY,), (True,)),
    ),
    start=Zeros(),
)


class Desk:
    def __init__(self, session: Session) -> None:
        self.session = session
        self.landscape = Landscape(session, session)
        self.points = StationaryPoints(session, self.landscape, session)
        self.changes = list[bool]()
        self.choices = list[int | None]()
        self.points.changed.connect(lambda: self.changes.append(self.points.is_busy))
        self.points.chosen.connect(lambda: self.choices.append(self.points.chosen_place))


@pytest.fixture
def desk_at(open_session: Callable[..., Session]) -> Callable[[Experiment], Desk]:
    return lambda experiment: Desk(open_session(experiment))


def answered(qtbot: QtBot, desk: Desk) -> None:
    qtbot.waitUntil(lambda: desk.points.answer is not None and not desk.points.is_busy)


def test_nothing_is_computed_before_it_is_asked_for_and_then_once(desk_at, qtbot) -> None:
    desk = desk_at(lecture_on(WALLED))
    assert desk.points.answer is None
    assert desk.points.chosen_place is None
    assert desk.points.chosen_point is None
    assert not desk.points.is_busy
    desk.points.ask()
    assert desk.points.is_busy
    answered(qtbot, desk)
    assert len(desk.points.answer.points) == 3
    assert desk.points.chosen_place == 0
    assert desk.points.chosen_point.theta.tolist() == [1.0, -4.0]
    desk.points.ask()
    assert desk.changes == [True, False]


def test_another_problem_makes_the_points_stale_and_is_asked_anew(desk_at, qtbot) -> None:
    desk = desk_at(lecture_on(WALLED))
    desk.points.ask()
    answered(qtbot, desk)
    desk.points.choose(2)
    desk.session.edit_problem("C", feasible=Ball((0.0, 0.0), 1.0))
    assert desk.points.answer is None
    assert desk.points.chosen_place is None
    desk.points.ask()
    answered(qtbot, desk)
    assert desk.points.answer.points[0].theta == pytest.approx([-0.9988795408, 0.0473250774])
    assert desk.points.chosen_place == 0


def test_on_the_whole_space_the_window_is_looked_at_and_again_when_it_moves(desk_at, qtbot) -> None:
    desk = desk_at(lecture_experiment())
    desk.landscape.set_window(Window(-8.0, 8.0, -8.0, 8.0))
    desk.points.ask()
    answered(qtbot, desk)
    first = desk.points.answer
    assert first.question.window == Box((-8.0, -8.0), (8.0, 8.0))
    assert first.is_complete
    assert desk.points.chosen_place is None
    desk.landscape.set_window(Window(-4.0, 4.0, -4.0, 4.0))
    assert desk.points.answer is first  # it holds, and names its window
    desk.points.ask()
    qtbot.waitUntil(lambda: desk.points.answer is not first)


def test_a_third_weight_is_looked_at_as_far_around_the_plane(desk_at) -> None:
    desk = desk_at(LINE)
    desk.landscape.set_window(Window(-5.0, 5.0, -5.0, 5.0))
    desk.points.complete()
    found = desk.points.answer
    assert found.question.window == Box((-5.0,) * 3, (5.0,) * 3)
    # The least-squares line, by another way.
    design = np.array([[1.0, 0.0, 1.0], [0.0, 1.0, 1.0], [1.0, 1.0, 1.0], [2.0, 1.0, 1.0]])
    solution, *_ = np.linalg.lstsq(design, np.array([1.0, 2.0, 0.0, 1.0]), rcond=None)
    assert found.points[0].theta == pytest.approx(solution)
    assert found.points[0].kind == "minimum"


def test_there_is_nothing_to_ask_of_a_large_network_or_off_the_weights(desk_at) -> None:
    large = desk_at(MANY_WEIGHTS)
    assert large.points.question is None
    large.points.ask()
    large.points.complete()
    assert large.points.answer is None
    assert not large.points.is_busy
    desk = desk_at(lecture_experiment())
    desk.points.ask()
    assert desk.points.is_busy
    desk.landscape.set_random(3)
    desk.points.ask()
    assert not desk.points.is_busy
    assert desk.points.answer is None
    assert desk.points.question is None


def test_choices_are_told_once(desk_at) -> None:
    desk = desk_at(lecture_on(WALLED))
    desk.points.complete()
    assert desk.choices == [0]
    desk.points.choose(2)
    desk.points.choose(2)
    desk.points.choose(None)
    assert desk.choices == [0, 2, None]
    assert desk.points.chosen_point is None


def test_a_failure_is_told_and_the_next_question_answered(desk_at, qtbot) -> None:
    desk = desk_at(lecture_on(Ball((0.0, 1e308), 1.7e308)))
    desk.points.ask()
    qtbot.waitUntil(lambda: not desk.points.is_busy)
    assert "beyond all numbers" in desk.points.failure
    desk.session.edit_problem("C", feasible=Ball((0.0, 0.0), 1.0))
    desk.points.ask()
    assert desk.points.failure == ""
    answered(qtbot, desk)


def test_for_a_picture_the_points_are_there_at_once(desk_at) -> None:
    desk = desk_at(lecture_on(WALLED))
    desk.points.ask()
    desk.points.complete()
    assert not desk.points.is_busy
    assert len(desk.points.answer.points) == 3
    desk.points.ask()
    assert not desk.points.is_busy
