"""The player: steps in order, forks in the past, and a failure that loses nothing."""

import gc
import random
import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass, replace
from math import inf

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication
from pytestqt.qtbot import QtBot

from mlpsim.core.activations import SIGMOID, TANH
from mlpsim.core.arrays import Array
from mlpsim.core.compiled.engine import COMPILED
from mlpsim.core.experiment import lecture_experiment
from mlpsim.core.network import Network
from mlpsim.core.optimizer import Objective, State
from mlpsim.core.optimizers import GradientDescent, Momentum
from mlpsim.core.run import THETA_BUDGET
from mlpsim.core.sampling import Sampling
from mlpsim.core.starts import GlorotUniform
from mlpsim.core.training import advance, begin
from mlpsim.session.player import MOST_AHEAD, Advance, Player
from mlpsim.session.session import Session
from tests.runs import serial_replay

LECTURE = lecture_experiment()


def test_playing_at_a_speed_makes_that_many_steps(
    session: Session, player: Player, qtbot: QtBot
) -> None:
    player.set_speed(200.0)
    with qtbot.waitSignal(player.playing_changed):
        player.play()
    qtbot.waitUntil(lambda: session.run.last >= 20)
    player.toggle()
    assert not player.playing
    last = session.run.last
    expected = advance(session.run.segments[0], begin(session.run.segments[0], None), last)
    assert np.array_equal(session.theta, expected.last.theta)


def test_full_speed_runs_until_paused(session: Session, player: Player, qtbot: QtBot) -> None:
    player.set_speed(inf)
    player.toggle()
    qtbot.waitUntil(lambda: session.run.last > 1000)
    player.pause()
    assert session.cursor == session.run.last


def test_a_burst_of_a_wide_network_asks_for_no_more_memory_than_a_run_has(
    session: Session, player: Player, qtbot: QtBot
) -> None:
    experiment = session.experiment
    network = Network((2, 700, 700, 1), (TANH, TANH, SIGMOID), (True,) * 3)
    problem = replace(experiment.problem, network=network)
    session.edit(replace(experiment, problem=problem, start=GlorotUniform()), "Widen")
    said: list[str] = []
    session.failed.connect(said.append)
    player.set_speed(inf)
    tracemalloc.start()
    player.play()
    qtbot.waitUntil(lambda: session.run.last > 3 or bool(said))
    player.stop()  # Python crashes where another thread allocates as the tracing stops
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert not said
    assert most < 4 * THETA_BUDGET


def test_one_step_is_recorded_first_and_then_looked_up(
    session: Session, player: Player, qtbot: QtBot
) -> None:
    player.step()
    qtbot.waitUntil(lambda: session.run.last == 1)
    player.step()
    qtbot.waitUntil(lambda: session.run.last == 2)
    player.step_back()
    assert session.cursor == 1
    player.step_back()
    assert session.cursor == 0
    run = session.run
    player.step()
    assert session.cursor == 1
    assert session.run is run
    assert run.last == 2
    assert not player.playing


def test_steps_that_are_asked_for_faster_than_they_are_taken_all_come(
    session: Session, player: Player, qtbot: QtBot
) -> None:
    for _ in range(3):
        player.step()
    qtbot.waitUntil(lambda: session.cursor == 3)
    for _ in range(MOST_AHEAD + 5):
        player.step()
    qtbot.waitUntil(lambda: session.cursor == 3 + MOST_AHEAD)
    assert session.run.last == 3 + MOST_AHEAD
    assert not player.playing


def test_a_step_that_is_under_way_keeps_the_engine_that_takes_it(
    session: Session, player: Player, qtbot: QtBot
) -> None:
    player.step()
    session.set_engine(COMPILED)  # as when the engine gets ready just then
    player.play()
    qtbot.waitUntil(lambda: session.run.last >= 1)
    player.pause()
    assert session.run.segments[0].engine is None


def test_a_step_ends_a_long_way_to_a_step(session: Session, player: Player, qtbot: QtBot) -> None:
    player.run_to(10**6)
    player.step()
    qtbot.waitUntil(lambda: not player.playing)
    qtbot.waitUntil(lambda: session.cursor == session.run.last > 0)
    assert session.run.last < 10**6


def test_an_epoch_ends_where_the_epoch_ends(session: Session, player: Player, qtbot: QtBot) -> None:
    session.edit(replace(LECTURE, sampling=Sampling(3)), "mini-batch")
    player.step()
    qtbot.waitUntil(lambda: session.cursor == 1)
    player.epoch()
    qtbot.waitUntil(lambda: session.cursor == 2)
    player.epoch()
    qtbot.waitUntil(lambda: session.cursor == 4)
    player.to_start()
    assert session.cursor == 0
    player.to_end()
    assert session.cursor == 4


def test_an_epoch_is_counted_from_where_the_samples_are_drawn_anew(
    session: Session, player: Player, qtbot: QtBot
) -> None:
    player.run_to(5)
    qtbot.waitUntil(lambda: session.cursor == 5)
    session.edit(replace(LECTURE, sampling=Sampling(1)), "SGD")
    player.step()
    qtbot.waitUntil(lambda: session.cursor == 6)
    player.epoch()
    qtbot.waitUntil(lambda: not player.playing)
    assert session.cursor == 5 + len(LECTURE.problem.data)


def test_a_long_way_to_a_step_is_shown_as_playing_and_pauses(
    session: Session, player: Player, qtbot: QtBot
) -> None:
    player.run_to(10**7)
    assert player.playing
    qtbot.waitUntil(lambda: session.run.last > 0)
    player.toggle()
    assert not player.playing
    last = session.run.last
    qtbot.wait(50)
    assert session.run.last == last
    player.run_to(last + 5)
    qtbot.waitUntil(lambda: session.run.last == last + 5)
    assert not player.playing
    player.step()
    assert not player.playing


def test_run_to_a_step_ends_exactly_there(session: Session, player: Player, qtbot: QtBot) -> None:
    player.run_to(5000)
    qtbot.waitUntil(lambda: session.run.last == 5000, timeout=20_000)
    with qtbot.assertNotEmitted(session.failed, wait=50):
        player.run_to(17)
    assert session.cursor == 17
    assert session.run.last == 5000


def test_a_slow_player_takes_its_first_step_at_once_and_no_second(
    session: Session, player: Player, qtbot: QtBot
) -> None:
    player.set_speed(0.01)
    player.play()
    qtbot.waitUntil(lambda: session.run.last > 0)
    qtbot.wait(50)
    assert session.run.last == 1


def test_a_burst_ends_with_its_time_and_takes_a_step_at_least(session: Session) -> None:
    job = Advance(session.segment, session.run.tip, n=1000, seconds=0.0, tolerance=None)
    assert job.run(lambda: False).last.k == 1
    long = replace(job, seconds=inf)
    assert long.run(lambda: False).last.k == 1000
    assert long.run(lambda: True).last.k == 1


def test_only_what_plays_is_paused_or_stopped(player: Player, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(player.playing_changed):
        player.pause()
    player.play()
    player.stop()
    assert not player.playing


def test_no_collection_of_all_objects_holds_up_what_plays(player: Player) -> None:
    first, second, all_objects = gc.get_threshold()
    player.play()
    assert gc.get_threshold()[:2] == (first, second)
    assert gc.get_threshold()[2] > 100 * all_objects
    player.pause()
    assert gc.get_threshold() == (first, second, all_objects)


def test_looking_back_while_playing_pauses(session: Session, player: Player, qtbot: QtBot) -> None:
    player.set_speed(inf)
    player.play()
    qtbot.waitUntil(lambda: session.run.last > 100)
    session.seek(50)
    assert not player.playing
    assert session.cursor == 50


def test_playing_in_the_past_forks(session: Session, player: Player, qtbot: QtBot) -> None:
    player.run_to(30)
    qtbot.waitUntil(lambda: session.run.last == 30)
    old = session.run
    session.seek(10)
    player.play()
    qtbot.waitUntil(lambda: session.run.last > 12)
    player.pause()
    assert session.run is not old
    assert old.last == 30
    assert np.array_equal(session.run.theta(12), old.theta(12))


def test_an_edit_while_playing_goes_on_under_the_new_experiment(
    session: Session, player: Player, qtbot: QtBot
) -> None:
    player.set_speed(inf)
    player.play()
    qtbot.waitUntil(lambda: session.run.last > 100)
    session.edit(replace(LECTURE, optimizer=GradientDescent(0.01)), "Set η")
    k = session.cursor
    qtbot.waitUntil(lambda: session.run.last > k + 100)
    assert player.playing
    player.pause()
    assert session.experiment.optimizer == GradientDescent(0.01)
    assert np.array_equal(session.theta, serial_replay(session.run))


def test_the_end_of_the_session_is_that_of_its_player(session: Session, player: Player) -> None:
    player.play()
    session.end()
    assert not player.playing


def test_steps_that_are_under_way_at_an_edit_are_dropped(
    session: Session, player: Player, qtbot: QtBot
) -> None:
    player.set_speed(inf)
    player.play()
    session.edit(replace(LECTURE, optimizer=GradientDescent(0.01)), "Set η")
    qtbot.waitUntil(lambda: session.run.last > 100)
    player.pause()
    assert np.array_equal(session.theta, serial_replay(session.run))


def test_an_edit_while_running_to_a_step_pauses(
    session: Session, player: Player, qtbot: QtBot
) -> None:
    player.run_to(10**7)
    qtbot.waitUntil(lambda: session.run.last > 10)
    session.restart()
    assert session.run.last == 0
    assert not player.playing
    player.step()
    qtbot.waitUntil(lambda: session.run.last == 1)


def test_divergence_pauses_and_cannot_be_played_through(
    session: Session, player: Player, qtbot: QtBot
) -> None:
    start = replace(LECTURE.start, values=(1e154, 0.0))
    steep = replace(LECTURE, start=start, optimizer=Momentum(1e308, momentum=5.0))
    data = replace(LECTURE.problem.data, x=LECTURE.problem.data.x * 1e150)
    problem = replace(LECTURE.problem, data=data, penalty=replace(LECTURE.problem.penalty, l2=1e10))
    session.edit(replace(steep, problem=problem), "Diverge")
    player.play()
    qtbot.waitUntil(lambda: session.run.diverged_at is not None)
    assert not player.playing
    player.play()
    assert not player.playing


def test_a_run_stops_when_stationary_if_asked(
    session: Session, player: Player, qtbot: QtBot
) -> None:
    penalty = replace(LECTURE.problem.penalty, l2=0.02)
    session.edit_problem("Penalty", penalty=penalty)
    player.set_stops_when_stationary(True)
    player.set_speed(inf)
    player.play()
    qtbot.waitUntil(lambda: not player.playing, timeout=20_000)
    problem = session.experiment.problem
    assert (
        problem.stationarity(session.theta)
        <= 1e-6
        < problem.stationarity(session.run.theta(session.run.last - 1))
    )


@dataclass(frozen=True)
class Broken(GradientDescent):
    """An optimizer with a mistake in it."""

    def update(
        self, theta: Array, gradient: Array, state: State, rate: float, t: int, objective: Objective
    ) -> tuple[Array, State]:
        raise RuntimeError("no such luck")


def test_an_exception_in_the_worker_is_said_once_and_nothing_is_lost(
    session: Session, player: Player, qtbot: QtBot
) -> None:
    player.run_to(5)
    qtbot.waitUntil(lambda: session.run.last == 5)
    session.edit(replace(LECTURE, optimizer=Broken()), "Break")
    said: list[str] = []
    session.failed.connect(said.append)
    player.play()
    qtbot.waitUntil(lambda: bool(said))
    assert said == ["RuntimeError: no such luck"]
    assert not player.playing
    assert session.run.last == 5
    session.undo_stack.undo()
    player.step()
    qtbot.waitUntil(lambda: session.run.last == 6)


def test_a_speed_is_above_zero(player: Player, qtbot: QtBot) -> None:
    with pytest.raises(ValueError, match="not above 0"):
        player.set_speed(0.0)
    with qtbot.waitSignal(player.speed_changed):
        player.set_speed(3.0)
    with qtbot.assertNotEmitted(player.speed_changed):
        player.set_speed(3.0)


def test_what_full_speed_did_not_come_to_is_not_made_up_for_at_another_speed(
    session: Session, player: Player, qtbot: QtBot
) -> None:
    player.set_speed(inf)
    player.play()
    with qtbot.waitSignal(session.run_grew):
        session.run_grew.connect(lambda _last: player.set_speed(1e-6))
    last = session.run.last
    qtbot.wait(50)
    assert session.run.last == last


def test_ten_thousand_random_events_equal_a_serial_replay(session: Session, player: Player) -> None:
    rng = random.Random(7)
    player.set_speed(inf)

    def edit() -> None:
        choices = (
            {"optimizer": GradientDescent(rng.choice((0.01, 0.1, 0.3)))},
            {"optimizer": Momentum(rng.choice((0.02, 0.05)))},
            {"sampling": Sampling(rng.choice((None, 1, 2, 3)), seed=rng.randrange(3))},
        )
        session.edit(replace(session.experiment, **rng.choice(choices)), "Edit")

    def move_point() -> None:
        data = session.experiment.problem.data
        x = np.array([rng.uniform(-4, 4), rng.uniform(-4, 4)])
        session.edit_problem("Move", merge="drag", data=data.with_sample(1, x, data.y[1]))

    events: list[Callable[[], None]] = [
        player.play,
        player.pause,
        player.toggle,
        player.step,
        player.step_back,
        player.epoch,
        player.to_start,
        player.to_end,
        lambda: session.seek(rng.randrange(session.run.last + 1)),
        lambda: session.set_theta(np.array([rng.uniform(-1, 1), 0.5]), "Set w"),
        session.undo_stack.undo,
        session.undo_stack.redo,
        edit,
        move_point,
        QCoreApplication.processEvents,
    ]
    for _ in range(10_000):
        rng.choice(events)()
    player.pause()
    QCoreApplication.processEvents()
    session.seek(session.run.last)
    assert np.array_equal(session.theta, serial_replay(session.run))
    assert 0 <= session.cursor <= session.run.last
