"""The lens bench: where the lens lies, and answers that belong to it."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from mlpsim.core.activations import IDENTITY, TANH
from mlpsim.core.dataset import Dataset
from mlpsim.core.experiment import Experiment, lecture_experiment
from mlpsim.core.feasible import Box
from mlpsim.core.network import Network
from mlpsim.core.problem import Problem
from mlpsim.core.proofs.neighbourhood import Lens
from mlpsim.core.run import Run
from mlpsim.core.starts import Given, Zeros
from mlpsim.session.landscape import Landscape
from mlpsim.session.lens_bench import EPSILONS, LensBench
from mlpsim.session.session import Session
from tests.experiments import MANY_WEIGHTS
from tests.failures import out_of_memory

LINE = Experiment(
    Problem(Dataset([[1.0], [2.0]], [[1.0], [2.0]]), Network((1, 1), (IDENTITY,), (False,))),
    start=Zeros(),
)
BOX = Box((-10.0, -10.0), (10.0, 10.0))


class Desk:
    def __init__(self, session: Session) -> None:
        self.session = session
        self.landscape = Landscape(session, session)
        self.bench = LensBench(session, self.landscape, session)


def on_box() -> Experiment:
    experiment = lecture_experiment()
    return replace(experiment, problem=replace(experiment.problem, feasible=BOX))


@pytest.fixture
def desk_at(open_session: Callable[..., Session]) -> Callable[[Experiment], Desk]:
    return lambda experiment: Desk(open_session(experiment))


def settled(qtbot: QtBot, bench: LensBench) -> None:
    qtbot.waitUntil(lambda: bench.answer is not None and bench.is_settled, timeout=20_000)


def test_nothing_is_asked_while_the_lens_is_off(desk_at) -> None:
    desk = desk_at(on_box())
    bench = desk.bench
    bench.set_epsilon(0.1)
    bench.set_delta(1e-8)
    bench.set_shape("square")
    desk.session.edit_problem("C", feasible=Box((1.0, 1.0), (2.0, 2.0)))
    bench.nudge(1, 1)
    bench.complete()
    assert bench.answer is None
    assert not bench.is_shown
    assert not bench.is_settled


def test_the_plateau_is_refuted_exactly_and_certified_up_to_delta(desk_at, qtbot) -> None:
    desk = desk_at(on_box())
    bench, said = desk.bench, list[bool]()
    bench.switched.connect(said.append)
    bench.set_on(True)
    bench.set_on(True)
    assert said == [True]
    assert bench.z.tolist() == [0.0, 0.0]  # around the state on view
    bench.set_epsilon(0.1)
    bench.move(np.array([-12.0, -10.0]))
    assert bench.z.tolist() == [-10.0, -10.0]  # onto C
    settled(qtbot, bench)
    answer = bench.answer
    assert answer is not None
    assert answer.question.lens.z == (-10.0, -10.0)
    assert (answer.exactly, answer.up_to_delta) == ("refuted", "certified")
    bench.set_on(False)
    assert bench.answer is None
    bench.set_on(True)
    assert bench.z.tolist() == [-10.0, -10.0]  # where it was left
    bench.to_state()
    assert bench.z.tolist() == [0.0, 0.0]
    bench.switched.disconnect(said.append)


def test_the_last_of_many_lenses_is_answered(desk_at, qtbot) -> None:
    bench = desk_at(on_box()).bench
    bench.set_on(True)
    for x in np.linspace(-5.0, 5.0, 21):
        bench.move(np.array([x, 1.0]))
    bench.set_shape("square")
    bench.set_delta(0.25)
    settled(qtbot, bench)
    question = bench.answer.question
    assert (question.lens.z, question.lens.shape, question.delta) == ((5.0, 1.0), "square", 0.25)


def test_back_where_it_was_nothing_new_is_asked(desk_at, qtbot) -> None:
    bench = desk_at(on_box()).bench
    bench.set_on(True)
    settled(qtbot, bench)
    first = bench.answer
    bench.move(np.array([0.0, 0.0]))
    assert bench.answer is first
    assert bench.is_settled


def test_a_lens_that_takes_long_shows_no_stale_answer(desk_at, qtbot) -> None:
    """Along the valley w₁w₂ = ½ all points are as low as z: too many boxes to be proved."""
    data = Dataset([[1.0]] * 60, [[0.0], [1.0]] * 30)
    valley = Problem(data, Network((1, 1, 1), (IDENTITY, IDENTITY), (False, False)))
    bench = desk_at(Experiment(valley, start=Zeros())).bench
    bench.set_on(True)
    settled(qtbot, bench)
    bench.set_epsilon(3.0)
    bench.move(np.array([1.0, 0.5]))
    qtbot.waitUntil(lambda: bench.answer is None, timeout=20_000)
    assert not bench.is_settled
    bench.move(np.array([0.0, 0.0]))
    settled(qtbot, bench)
    assert bench.answer.question.lens.z == (0.0, 0.0)


def test_the_keys_move_and_resize_it(desk_at) -> None:
    desk = desk_at(on_box())
    bench = desk.bench
    bench.set_on(True)
    bench.nudge(1, 0)
    bench.nudge(0, -10)
    # A hundredth of the window's width of 4, in one digit.
    assert bench.z.tolist() == [0.04, -0.4]
    bench.set_epsilon(0.5)
    bench.step_epsilon(True)
    assert bench.epsilon == 0.63
    bench.step_epsilon(False)
    bench.step_epsilon(False)
    assert bench.epsilon == 0.4
    bench.set_epsilon(0.45)
    bench.step_epsilon(False)
    assert bench.epsilon == 0.4
    bench.set_epsilon(EPSILONS[0])
    bench.step_epsilon(False)
    assert bench.epsilon == EPSILONS[0]
    bench.set_epsilon(1e6)
    bench.step_epsilon(True)
    assert bench.epsilon == EPSILONS[-1]


def test_another_problem_is_asked_about_anew(desk_at, qtbot) -> None:
    desk = desk_at(on_box())
    bench = desk.bench
    bench.set_on(True)
    settled(qtbot, bench)
    desk.session.edit_problem("C", feasible=Box((1.0, 1.0), (2.0, 2.0)))
    assert bench.answer is None
    assert bench.z.tolist() == [1.0, 1.0]  # onto the new C
    settled(qtbot, bench)
    assert bench.answer.question.problem.feasible == Box((1.0, 1.0), (2.0, 2.0))


def test_with_another_number_of_weights_it_goes_to_the_state(desk_at, qtbot) -> None:
    desk = desk_at(on_box())
    bench = desk.bench
    bench.set_on(True)
    bench.move(np.array([1.0, 2.0]))
    desk.session.open(Run.from_experiment(replace(LINE, start=Given((3.0,)))), 0)
    assert bench.z.tolist() == [3.0]
    assert bench.is_shown
    bench.nudge(-1, 5)  # of one weight, only across
    assert len(bench.z) == 1
    assert bench.z[0] < 3.0
    bench.move(np.array([1.0, 2.0]))  # from before
    assert len(bench.z) == 1
    settled(qtbot, bench)


def test_a_large_network_takes_the_lens_away(desk_at) -> None:
    desk = desk_at(on_box())
    bench = desk.bench
    bench.set_on(True)
    desk.session.open(Run.from_experiment(MANY_WEIGHTS), 0)
    assert not bench.is_possible
    assert not bench.is_on
    bench.set_on(True)
    assert not bench.is_on


def test_on_axes_that_are_no_weights_it_is_not_shown(desk_at) -> None:
    desk = desk_at(on_box())
    desk.bench.set_on(True)
    desk.landscape.set_random(3)
    assert not desk.bench.is_shown
    before = desk.bench.z
    desk.bench.nudge(1, 1)
    assert desk.bench.z is before


def test_a_picture_is_answered_at_once(desk_at) -> None:
    bench = desk_at(on_box()).bench
    bench.set_on(True)
    bench.complete()
    assert bench.is_settled
    assert bench.answer.exactly == "refuted"


def test_a_failure_is_told_and_the_next_question_answered(desk_at, qtbot, monkeypatch) -> None:
    bench = desk_at(on_box()).bench
    with monkeypatch.context() as patch:
        patch.setattr("mlpsim.core.proofs.lens.locally", out_of_memory)
        bench.set_on(True)
        qtbot.waitUntil(lambda: bool(bench.failure))
    assert bench.failure == "MemoryError: no room"
    assert bench.answer is None
    bench.to_state()
    settled(qtbot, bench)
    assert bench.failure == ""


def test_a_lens_that_moves_on_gives_up_an_answer_that_takes_long(desk_at, qtbot: QtBot) -> None:
    rng = np.random.default_rng(0)
    many = Dataset(rng.normal(size=(1500, 3)), rng.normal(size=(1500, 1)))
    slow = Problem(many, Network((3, 1), (TANH,), (False,)))
    bench = desk_at(Experiment(slow, start=Zeros())).bench
    bench.set_on(True)
    bench.move(np.full(3, 0.25))
    bench.set_epsilon(1e-3)
    qtbot.waitUntil(lambda: bench.answer is not None and bench.is_settled, timeout=60_000)
    assert bench.answer.question.lens == Lens((0.25, 0.25, 0.25), 1e-3)
