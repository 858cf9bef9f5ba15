"""The race track: lanes that follow the run, the one cursor, and how a race is stopped."""

from dataclasses import replace

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from mlpsim.core import replaying, rows
from mlpsim.core.compiled.engine import COMPILED
from mlpsim.core.experiment import lecture_experiment
from mlpsim.core.files.document import go_on
from mlpsim.core.files.presets import find_preset, load_presets
from mlpsim.core.optimizers import Adam, GradientDescent
from mlpsim.core.problem import Penalty
from mlpsim.core.race import ALONE, Race, Racer
from mlpsim.core.run import Run
from mlpsim.core.sampling import Sampling
from mlpsim.core.segment import first_segment
from mlpsim.session import race_track
from mlpsim.session.landscape import Landscape
from mlpsim.session.player import Player
from mlpsim.session.race_track import Legs, RaceTrack
from mlpsim.session.session import Session
from mlpsim.session.worker import Worker
from tests.core.engines import needs_numba
from tests.failures import out_of_memory
from tests.runs import train, trained

LECTURE = lecture_experiment()
ADAM = Racer("Adam", replace(LECTURE, optimizer=Adam(0.1)))
SGD = Racer("SGD", replace(LECTURE, sampling=Sampling(1)))
RAVINE = find_preset("ravine", load_presets()).variants[0].experiment
WILD = Racer("wild", replace(RAVINE, optimizer=GradientDescent(1e3)))


class Stage:
    def __init__(self, session: Session) -> None:
        self.session = session
        self.player = Player(session, session)
        self.landscape = Landscape(session, session)
        self.track = RaceTrack(session, self.player, self.landscape, session)

    def race(self, *racers: Racer) -> None:
        self.session.set_race(Race(racers), "Race")

    def lasts(self) -> list[int]:
        return [lane.run.last for lane in self.track.lanes]


@pytest.fixture
def stage(session: Session) -> Stage:
    return Stage(session)


def alone(racer: Racer, steps: int) -> Run:
    return trained(racer.experiment, steps)


def test_lanes_follow_the_run_bit_for_bit(qtbot: QtBot, stage: Stage) -> None:
    train(stage.session, 30)
    stage.race(ADAM, SGD)
    assert [lane.name for lane in stage.track.lanes] == ["this run", "Adam", "SGD"]
    assert stage.track.lanes[0].run is stage.session.run
    qtbot.waitUntil(lambda: stage.lasts() == [30, 30, 30])
    train(stage.session, 25)
    qtbot.waitUntil(lambda: stage.lasts() == [55, 55, 55])
    assert stage.track.longest == 55
    for lane, racer in zip(stage.track.lanes[1:], (ADAM, SGD), strict=True):
        wanted = alone(racer, 55)
        for k in (0, 1, 30, 31, 55):
            assert np.array_equal(lane.run.theta(k), wanted.theta(k))


def test_lanes_catch_up_with_a_longer_run_that_is_opened(qtbot: QtBot, stage: Stage) -> None:
    stage.race(ADAM)
    stage.session.open(alone(Racer("longer", LECTURE), 40), 40, race=stage.session.race)
    qtbot.waitUntil(lambda: stage.lasts() == [40, 40])


@needs_numba
def test_they_are_made_by_the_engine_of_the_run(qtbot: QtBot, stage: Stage) -> None:
    stage.session.set_engine(COMPILED)
    stage.session.begin_run()
    train(stage.session, 30)
    stage.race(ADAM, SGD)
    # The kernels may have to be compiled first.
    qtbot.waitUntil(lambda: stage.lasts() == [30, 30, 30], timeout=120_000)
    for lane, racer in zip(stage.track.lanes[1:], (ADAM, SGD), strict=True):
        wanted = Run(first_segment(racer.experiment, COMPILED))
        go_on(wanted, 30)
        assert lane.run.segments[0].engine is COMPILED
        assert np.array_equal(lane.run.theta(30), wanted.theta(30))


def test_they_follow_while_it_plays(qtbot: QtBot, stage: Stage) -> None:
    stage.race(ADAM)
    stage.player.set_speed(1e4)
    stage.player.play()
    qtbot.waitUntil(lambda: stage.session.run.last > 200 and stage.lasts()[1] > 100)
    stage.player.pause()
    qtbot.waitUntil(lambda: stage.lasts()[1] == stage.session.run.last)
    assert stage.track.share is None


def test_all_come_to_a_step_that_is_asked_for(qtbot: QtBot, stage: Stage) -> None:
    stage.race(ADAM, WILD)
    stage.track.run_to(300)
    qtbot.waitUntil(lambda: stage.lasts()[:2] == [300, 300], timeout=20_000)
    qtbot.waitUntil(lambda: stage.track.lanes[2].run.diverged_at is not None)
    assert stage.lasts()[2] == stage.track.lanes[2].run.diverged_at - 1 < 300
    stage.track.run_to(100)  # all are farther already
    assert stage.lasts()[:2] == [300, 300]


def test_a_run_that_diverged_does_not_hold_the_others_back(qtbot: QtBot, stage: Stage) -> None:
    stage.session.open(alone(WILD, 500), 3, race=Race((ADAM, SGD), "wild"))
    last = stage.session.run.last
    stage.track.run_to(400)
    qtbot.waitUntil(lambda: stage.lasts() == [last, 400, 400], timeout=20_000)
    assert stage.track.short == ()
    stage.track.seek(350)
    assert (stage.session.cursor, stage.track.cursor) == (last, 350)
    assert stage.track.short == (0,)
    stage.track.seek(1000)
    assert stage.track.cursor == 400
    stage.session.seek(2)
    assert stage.track.cursor == 2
    stage.track.seek(1)
    assert (stage.session.cursor, stage.track.cursor) == (1, 1)


def thinned(stage: Stage, monkeypatch: pytest.MonkeyPatch, steps: int) -> Run:
    """The run of a second lane at step 1500, most of whose states have to be replayed."""
    monkeypatch.setattr(rows, "BLOCK", 1024)
    stage.race(ADAM)
    train(stage.session, steps)
    stage.track.complete(1500)
    other = stage.track.lanes[1].run
    other.thin(2**14, 2**20)
    monkeypatch.setattr(replaying, "AT_ONCE", 0)
    return other


def test_states_that_are_far_are_replayed_in_all_lanes_before_they_are_shown(
    qtbot: QtBot, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = thinned(stage, monkeypatch, 1500)
    assert stage.session.run.stride < other.stride
    stage.track.seek(43)
    assert stage.track.cursor == 1500
    qtbot.waitUntil(lambda: stage.track.cursor == 43)
    assert other.keeps(43)


def test_a_state_past_the_end_is_not_left_for_one_that_was_expected_before(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on(thinned(stage, monkeypatch, 1500), 1600)
    stage.track.seek(43)
    assert stage.player.seeker.expected == 43
    stage.track.seek(1600)
    assert stage.player.seeker.expected is None
    assert (stage.session.cursor, stage.track.cursor) == (1500, 1600)


def test_past_the_end_of_the_run_far_states_are_replayed_before_they_are_shown_too(
    qtbot: QtBot, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = thinned(stage, monkeypatch, 20)
    for k in (943, 945):  # with the cursor at the end of the run it is only the others that move
        assert not other.keeps(k)
        before = stage.track.cursor
        with qtbot.waitSignal(stage.player.seeker.arrived):
            stage.track.seek(k)
            assert stage.track.cursor == before
        assert stage.track.cursor == k
        assert other.keeps(k)
        assert stage.session.cursor == 20
    stage.track.seek(947)
    train(stage.session, 5)
    assert stage.player.seeker.expected is None
    assert stage.track.cursor == 25


def test_past_the_end_of_the_run_is_left_when_it_goes_on(stage: Stage) -> None:
    stage.race(ADAM)
    stage.track.complete(80)
    stage.track.seek(60)
    assert stage.track.cursor == 60
    train(stage.session, 5)
    assert stage.track.cursor == stage.session.cursor == 5
    stage.track.seek(60)
    stage.session.restart()
    assert stage.track.cursor == 0


def test_lanes_that_stay_keep_their_run(stage: Stage) -> None:
    stage.race(ADAM, SGD)
    stage.track.complete(40)
    runs = [lane.run for lane in stage.track.lanes]
    stage.session.set_race(stage.session.race.renamed(2, "one sample"), "Rename")
    assert [lane.run for lane in stage.track.lanes] == runs
    assert stage.track.lanes[2].name == "one sample"
    stage.session.set_race(stage.session.race.without(1), "Remove")
    assert [lane.run for lane in stage.track.lanes] == [runs[0], runs[2]]
    stage.session.undo_stack.undo()
    assert [lane.name for lane in stage.track.lanes] == ["this run", "Adam", "one sample"]
    stage.session.undo_stack.undo()
    stage.session.undo_stack.undo()
    assert stage.session.race == ALONE
    stage.session.undo_stack.redo()
    assert len(stage.track.lanes) == 3


def test_an_edit_of_the_run_leaves_the_others_alone(qtbot: QtBot, stage: Stage) -> None:
    train(stage.session, 20)
    stage.race(ADAM)
    qtbot.waitUntil(lambda: stage.lasts() == [20, 20])
    lane = stage.track.lanes[1]
    stage.session.seek(10)
    stage.session.edit(replace(LECTURE, optimizer=GradientDescent(0.5)), "Faster")
    assert stage.track.lanes[0].run is stage.session.run
    assert stage.track.lanes[1] is lane
    assert stage.lasts() == [10, 20]


def test_all_lanes_are_measured_as_the_run_is(stage: Stage) -> None:
    stage.race(ADAM)
    stage.track.complete(3)
    assert stage.track.lanes[1].errors.value(0) == pytest.approx(1.0)
    mean = replace(LECTURE.problem, reduction="mean", penalty=Penalty(l2=0.1))
    stage.session.edit(replace(LECTURE, problem=mean), "Mean")
    assert [lane.errors.reduction for lane in stage.track.lanes] == ["mean", "mean"]
    assert stage.track.lanes[1].errors.value(0) == pytest.approx(0.25)
    assert stage.track.lanes[0].problem == mean
    assert stage.track.lanes[1].problem == LECTURE.problem


def test_a_race_that_takes_long_says_how_far_it_is_and_can_be_stopped(
    qtbot: QtBot, stage: Stage, monkeypatch
) -> None:
    stage.race(ADAM, SGD)
    stage.track.complete(0)
    monkeypatch.setattr(race_track, "LATE_SECONDS", 0.0)
    stage.track.run_to(1_000_000)
    qtbot.waitUntil(lambda: min(stage.lasts()[1:]) > 1000)
    assert stage.track.share == pytest.approx(sum(stage.lasts()[1:]) / 2_000_000)
    stage.track.cancel()
    assert stage.track.share is None
    assert not stage.player.playing
    last = stage.lasts()[1]
    stage.session.seek(0)
    stage.session.restart()
    assert stage.lasts()[1] == last


def test_lanes_that_were_stopped_follow_the_run_and_no_longer_what_was_asked(
    qtbot: QtBot, stage: Stage
) -> None:
    stage.race(ADAM)
    stage.track.run_to(1_000_000)
    stage.track.cancel()
    stage.session.restart()
    train(stage.session, 50)
    qtbot.waitUntil(lambda: not stage.track.findChild(Worker).is_busy)
    assert stage.lasts() == [50, max(50, stage.lasts()[1])]
    assert stage.lasts()[1] < 100_000


def test_another_race_does_not_go_where_the_one_before_was_asked_to(
    qtbot: QtBot, stage: Stage
) -> None:
    stage.race(ADAM)
    stage.track.run_to(200)
    qtbot.waitUntil(lambda: stage.lasts() == [200, 200])
    stage.session.open(Run.from_experiment(LECTURE), 0, race=Race((SGD,)))
    train(stage.session, 3)
    qtbot.waitUntil(lambda: not stage.track.findChild(Worker).is_busy)
    assert stage.lasts() == [3, 3]


def test_nothing_is_said_of_a_race_that_is_soon_there(stage: Stage) -> None:
    stage.race(ADAM)
    train(stage.session, 5)
    stage.track.run_to(200_000)
    assert stage.track.share is None
    assert stage.track.short == ()  # it is on its way
    stage.track.cancel()
    assert stage.track.short == (1,)


def test_a_failure_is_told_and_the_lanes_stay(qtbot: QtBot, stage: Stage, monkeypatch) -> None:
    stage.race(ADAM)
    monkeypatch.setattr(race_track, "advance", out_of_memory)
    train(stage.session, 3)
    qtbot.waitUntil(lambda: stage.track.failure != "")
    assert stage.track.failure == "MemoryError: no room"
    assert stage.lasts() == [3, 0]
    monkeypatch.undo()
    stage.track.run_to(3)
    qtbot.waitUntil(lambda: stage.lasts() == [3, 3])
    assert stage.track.failure == ""


def test_every_lane_takes_a_step_unless_it_is_cancelled() -> None:
    runs = [Run.from_experiment(racer.experiment) for racer in (ADAM, SGD)]
    legs = Legs(tuple((run.segments[0], run.tip, 50) for run in runs), -1.0)
    assert [burst.last.k for burst in legs.run(lambda: False)] == [1, 1]
    assert [burst.last.k for burst in legs.run(lambda: True)] == [1]


def test_lanes_of_the_same_problem_are_on_the_surface(qtbot: QtBot, stage: Stage) -> None:
    penalized = replace(LECTURE.problem, penalty=Penalty(l2=0.1))
    stage.race(ADAM, Racer("penalty", replace(LECTURE, problem=penalized)), SGD)
    assert stage.track.here == (0, 1, 3)
    assert stage.track.here == (0, 1, 3)
    stage.session.edit(replace(LECTURE, problem=penalized), "Penalty")
    assert stage.track.here == (0, 2)
    with qtbot.waitSignal(stage.track.changed):
        stage.track.set_drawn(False)
    assert not stage.track.is_drawn
