"""The seeker: a state that is far is replayed by a worker; until then the one before stays."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from mlpsim.core import replaying, rows
from mlpsim.core.optimizers import GradientDescent, Momentum
from mlpsim.core.replaying import Way, way_to
from mlpsim.core.run import Run
from mlpsim.session.player import Player
from mlpsim.session.seeker import Return, Seeker
from mlpsim.session.session import Session
from mlpsim.session.worker import Worker
from tests.failures import out_of_memory
from tests.runs import lecture_run

LAST = 1500


@pytest.fixture
def session(qapp: object, monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    """At step 16 of a run that keeps every other state, as if a step took long."""
    monkeypatch.setattr(replaying, "AT_ONCE", 0)
    monkeypatch.setattr(rows, "BLOCK", 1024)
    session = Session(thinned())
    session.seek(16)
    yield session
    session.end()


@pytest.fixture
def seeker(player: Player) -> Seeker:
    return player.seeker


def whole() -> Run:
    return lecture_run(LAST)


def thinned() -> Run:
    run = whole()
    run.thin(thetas=2**14, keyframes=2**20)
    return run


def test_a_state_that_is_kept_is_shown_at_once(session: Session, seeker: Seeker) -> None:
    seeker.seek(32)
    assert session.cursor == 32
    assert seeker.expected is None
    assert seeker.place == 32


def test_one_that_is_far_is_shown_once_it_is_there(
    session: Session, seeker: Seeker, qtbot: QtBot
) -> None:
    expected: list[int | None] = []
    seeker.changed.connect(lambda: expected.append(seeker.expected))
    with qtbot.waitSignal(seeker.arrived):
        seeker.seek(43)
        seeker.seek(43)
        assert expected == [43]
        assert session.cursor == 16
        assert (seeker.expected, seeker.place) == (43, 43)
    assert session.cursor == 43
    assert expected == [43, None]
    assert session.run.keeps(43)
    assert np.array_equal(session.theta, whole().theta(43))
    record = session.record
    assert record is not None
    assert np.array_equal(record.theta_before, whole().theta(42))


def test_the_newest_wins(session: Session, seeker: Seeker, qtbot: QtBot) -> None:
    for k in (41, 45, 43, 43):
        seeker.seek(k)
    with qtbot.assertNotEmitted(seeker.arrived, wait=0):
        seeker.seek(48)
    assert session.cursor == 48
    seeker.seek(51)
    seeker.seek(48)  # where one is
    assert seeker.expected is None
    seeker.seek(51)
    qtbot.waitUntil(lambda: session.cursor == 51)


def test_what_lies_before_the_start_or_after_the_last_state_is_the_nearest_one(
    session: Session, seeker: Seeker
) -> None:
    for asked, shown in ((LAST + 9, LAST), (-3, 0), (2, 2), (0, 0)):
        seeker.seek(asked)
        assert session.cursor == shown


def test_a_state_that_is_expected_no_more_does_not_come(
    session: Session, seeker: Seeker, qtbot: QtBot
) -> None:
    expected: list[int | None] = []
    seeker.changed.connect(lambda: expected.append(seeker.expected))
    seeker.cancel()
    assert expected == []
    seeker.seek(43)
    session.seek(32)
    assert expected == [43, None]
    qtbot.waitUntil(lambda: not seeker.findChild(Worker).is_busy)
    assert session.cursor == 32
    seeker.seek(43)
    session.edit(replace(session.experiment, optimizer=GradientDescent(0.2)), "η")
    assert session.cursor == 32
    assert seeker.expected is None


def test_what_else_puts_a_state_on_view_ends_it(
    session: Session, seeker: Seeker, qtbot: QtBot
) -> None:
    seeker.seek(43)
    session.restart()
    assert seeker.expected is None
    assert seeker.place == 0
    session.undo_stack.undo()
    seeker.seek(43)
    session.seek(32)
    assert seeker.expected is None
    seeker.seek(45)
    qtbot.waitUntil(lambda: session.cursor == 45)


def test_runs_that_are_shown_beside_it_come_too(
    session: Session, seeker: Seeker, qtbot: QtBot
) -> None:
    other = thinned()
    seeker.set_beside((other,))
    with qtbot.waitSignal(seeker.arrived):
        seeker.seek(43)
    assert other.keeps(43)
    assert np.array_equal(other.theta(43), session.theta)


def test_a_run_beside_it_that_is_shorter_is_waited_for_no_further_than_it_goes(
    session: Session, seeker: Seeker
) -> None:
    shorter = session.run.head(30)
    seeker.set_beside((shorter,))
    seeker.seek(32, beside=43)
    assert session.cursor == 32


def test_a_picture_has_it_at_once(session: Session, seeker: Seeker) -> None:
    seeker.seek(43)
    seeker.complete()
    assert session.cursor == 43
    seeker.complete()
    assert session.cursor == 43
    seeker.set_beside((thinned(),))
    seeker.seek(43, beside=45)  # of another run alone
    assert seeker.expected == 43
    seeker.complete()
    assert seeker.expected is None


def test_a_failure_is_said_and_the_state_on_view_stays(
    session: Session, seeker: Seeker, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Way, "answer", out_of_memory)
    with qtbot.waitSignal(session.failed) as failed:
        seeker.seek(43)
    assert failed.args == ["MemoryError: no room"]
    assert seeker.expected is None
    assert session.cursor == 16


def test_steps_are_counted_from_the_state_that_is_expected(
    session: Session, player: Player
) -> None:
    player.seek(43)
    player.step_back()
    assert session.cursor == 42  # which is kept
    player.seek(51)
    player.step()
    assert session.cursor == 52


def test_playing_goes_on_from_the_state_that_is_expected(
    session: Session, player: Player, qtbot: QtBot
) -> None:
    player.set_speed(1e-6)
    player.seek(43)
    player.play()
    assert not player.playing
    qtbot.waitUntil(lambda: session.run.last == 44)
    assert player.playing
    assert np.array_equal(session.theta, whole().theta(44))


def test_playing_from_the_past_waits_for_the_optimizers_state(
    session: Session, player: Player, qtbot: QtBot
) -> None:
    session.open(lecture_run(LAST, optimizer=Momentum(0.1)), LAST)
    player.set_speed(1e-6)
    player.seek(43)
    assert session.cursor == 43  # theta of which is kept
    player.play()
    assert player.seeker.expected == 43
    assert not player.playing
    qtbot.waitUntil(lambda: session.run.last == 44)
    assert player.playing
    assert np.array_equal(session.theta, lecture_run(44, optimizer=Momentum(0.1)).theta(44))


def test_play_is_taken_back_before_the_state_has_come(
    session: Session, player: Player, qtbot: QtBot
) -> None:
    player.seek(43)
    player.toggle()
    player.toggle()
    qtbot.waitUntil(lambda: session.cursor == 43)
    assert not player.playing
    assert session.run.last == LAST


def test_another_state_sought_takes_play_back(
    session: Session, player: Player, qtbot: QtBot
) -> None:
    player.seek(43)
    player.play()
    player.seek(45)
    qtbot.waitUntil(lambda: session.cursor == 45)
    assert not player.playing
    assert session.run.last == LAST


def test_an_epoch_is_counted_from_the_state_that_is_expected(
    session: Session, player: Player
) -> None:
    player.seek(43)
    player.epoch()  # of gradient descent: one step
    assert session.cursor == 44


def test_a_pause_leaves_the_state_on_view(session: Session, player: Player) -> None:
    player.seek(43)
    player.play()
    player.pause()
    assert player.seeker.expected is None
    assert session.cursor == 16
    assert not player.playing


def test_the_job_leads_all_its_ways(session: Session) -> None:
    ways = (way_to(session.run, 43), way_to(session.run, 45))
    found = Return(43, 43, ways).run(lambda: False)
    assert [[checkpoint.k for checkpoint in states] for states in found] == [[42, 43], [44, 45]]
