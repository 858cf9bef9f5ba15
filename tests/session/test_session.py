"""The session: one present, edits that fork, and the way back."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from mlpsim.core import replaying
from mlpsim.core.compiled.engine import COMPILED
from mlpsim.core.experiment import lecture_experiment
from mlpsim.core.feasible import Box
from mlpsim.core.optimizers import Adam, GradientDescent
from mlpsim.core.race import ALONE, Race, Racer
from mlpsim.core.rows import BLOCK
from mlpsim.core.run import Run
from mlpsim.core.starts import Given, GlorotUniform
from mlpsim.session import undo
from mlpsim.session.session import Session
from tests.runs import train, trained

LECTURE = lecture_experiment()


def rated(rate: float) -> object:
    return replace(LECTURE, optimizer=GradientDescent(rate))


def test_it_begins_with_the_lectures_example(session: Session) -> None:
    assert session.experiment == LECTURE
    assert session.cursor == session.run.last == 0
    assert session.record is None
    assert session.document_name == "Untitled"
    assert not session.is_modified


def test_a_burst_moves_the_cursor_to_its_end(session: Session, qtbot: QtBot) -> None:
    with (
        qtbot.waitSignal(session.run_grew) as grew,
        qtbot.waitSignal(session.cursor_moved) as moved,
    ):
        train(session, 5)
    assert grew.args == moved.args == [5]
    np.testing.assert_array_equal(session.theta, session.run.theta(5))
    assert session.record.k == 5
    assert session.record is session.record


def test_seeking_shows_a_state_again_bit_for_bit(session: Session, qtbot: QtBot) -> None:
    train(session, 10)
    theta = session.run.theta(4).copy()
    session.seek(4)
    assert np.array_equal(session.theta, theta)
    session.seek(-3)
    assert session.cursor == 0
    session.seek(99)
    assert session.cursor == 10
    with qtbot.assertNotEmitted(session.cursor_moved):
        session.seek(10)


def test_a_run_that_waits_for_undo_is_small_and_whole(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(undo, "LEFT_THETAS", 16 * BLOCK)
    steps = 2 * BLOCK
    train(session, steps)
    old, thetas = session.run, [session.run.theta(k).copy() for k in (1, steps - 1, steps)]
    assert old.stride == 1
    session.edit(rated(0.5), "Set η")
    assert old.stride > 1
    session.set_theta(np.array([0.6, 0.0]), "Drag", "drag")
    passed = session.run
    session.set_theta(np.array([0.7, 0.0]), "Drag", "drag")
    assert passed.stride == 1  # nothing is done with what undo does not bring back
    forked = session.run
    session.undo_stack.undo()
    session.undo_stack.undo()
    assert session.run is old
    assert forked.stride > 1
    assert all(
        np.array_equal(old.theta(k), theta)
        for k, theta in zip((1, steps - 1, steps), thetas, strict=True)
    )


@pytest.mark.parametrize("is_dear", [False, True])
def test_undo_replays_nothing_for_the_state_that_was_on_view(
    session: Session, monkeypatch: pytest.MonkeyPatch, is_dear: bool
) -> None:
    monkeypatch.setattr(undo, "LEFT_THETAS", 16 * BLOCK)
    monkeypatch.setattr(undo, "LEFT_KEYFRAMES", 2**12)
    if is_dear:
        monkeypatch.setattr(replaying, "AT_ONCE", 0)
    train(session, 2 * BLOCK)
    old, theta = session.run, session.run.theta(1001).copy()
    session.seek(1001)
    session.edit(rated(0.5), "Set η")
    session.undo_stack.undo()
    assert old.stride > 1
    assert old.key_before(1001).k == session.cursor == 1001
    assert np.array_equal(session.theta, theta)


def test_undo_of_a_restart_replays_nothing_unless_that_took_long_before(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(undo, "LEFT_THETAS", 16 * BLOCK)
    train(session, 2 * BLOCK)
    old = session.run
    session.seek(1001)
    session.restart()
    session.undo_stack.undo()
    assert old.key_before(1000).k == 1000
    assert old.key_before(1001).k == session.cursor == 1001
    monkeypatch.setattr(replaying, "AT_ONCE", 0)
    session.seek(777)
    session.restart()
    assert not old.keeps(777)


def test_an_edit_in_the_past_forks_and_undo_brings_the_steps_back(session: Session) -> None:
    train(session, 10)
    old = session.run
    session.seek(4)
    session.edit(rated(0.5), "Set η")
    assert session.run.last == session.cursor == 4
    train(session, 3)
    forked = session.run
    assert session.is_modified
    session.undo_stack.undo()
    assert session.run is old
    assert session.cursor == 4
    assert session.experiment == LECTURE
    assert not session.is_modified
    session.undo_stack.redo()
    assert session.run is forked
    assert session.cursor == 7


def test_looking_back_brings_back_the_experiment_of_that_time(
    session: Session, qtbot: QtBot
) -> None:
    train(session, 4)
    session.edit(rated(0.5), "Set η")
    train(session, 4)
    with qtbot.waitSignal(session.experiment_changed) as changed:
        session.seek(2)
    assert changed.args == [LECTURE]
    with qtbot.waitSignal(session.experiment_changed):
        session.seek(4)
    assert session.experiment.optimizer == GradientDescent(0.5)


def test_an_edit_that_changes_nothing_is_none(session: Session) -> None:
    session.edit(lecture_experiment(), "Nothing")
    assert session.undo_stack.count() == 0


def test_drags_merge_into_one_edit(session: Session) -> None:
    for rate in (0.2, 0.3, 0.4):
        session.edit(rated(rate), f"Drag η to {rate}", merge="η")
    assert session.undo_stack.count() == 1
    assert session.undo_stack.undoText() == "Drag η to 0.4"
    session.end_merge()
    session.edit(rated(0.5), "Drag η", merge="η")
    assert session.undo_stack.count() == 2
    session.undo_stack.undo()
    assert session.experiment.optimizer == GradientDescent(0.4)
    session.undo_stack.undo()
    assert session.experiment == LECTURE


def test_a_drag_that_ends_where_it_began_still_merges(session: Session) -> None:
    train(session, 3)
    for theta in ([0.5, 0.0], [0.25, 0.5]):
        session.set_theta(np.array(theta), "Drag", merge="weight")
    assert session.undo_stack.count() == 1
    assert list(session.theta) == [0.25, 0.5]
    assert list(session.record.set_by_hand) == [0.25, 0.5]


def test_a_weight_set_at_state_0_is_the_start(session: Session) -> None:
    session.set_theta(np.array([0.5, -0.5]), "Set w")
    assert session.experiment.start.values == (0.5, -0.5)


def test_a_start_outside_the_feasible_set_is_projected_and_said(
    session: Session, qtbot: QtBot
) -> None:
    session.set_theta(np.array([5.0, 0.0]), "Set w")
    with qtbot.waitSignal(session.said) as said:
        session.edit_problem("Set C", feasible=Box((-1.0, -1.0), (1.0, 1.0)))
    assert "start lies outside C" in said.args[0]
    assert list(session.theta) == [1.0, 0.0]


def test_a_start_outside_the_feasible_set_is_said_where_it_is_opened(
    session: Session, qtbot: QtBot
) -> None:
    problem = replace(session.experiment.problem, feasible=Box((-1.0, -1.0), (1.0, 1.0)))
    outside = replace(session.experiment, problem=problem, start=Given((5.0, 0.0)))
    with qtbot.waitSignal(session.said) as said:
        session.open(Run.from_experiment(outside), 0)
    assert said.args == ["The start lies outside C: state 0 is its projection."]
    with qtbot.assertNotEmitted(session.said):
        session.open(Run.from_experiment(replace(outside, start=Given((0.5, 0.0)))), 0)


def test_a_state_outside_the_feasible_set_is_projected_and_said(
    session: Session, qtbot: QtBot
) -> None:
    train(session, 5)
    with qtbot.waitSignal(session.said) as said:
        session.edit_problem("Set C", feasible=Box((-0.1, -1.0), (1.0, 1.0)))
    assert "State 5 lay outside C" in said.args[0]
    with qtbot.assertNotEmitted(session.said):
        session.edit(replace(session.experiment, optimizer=Adam()), "Adam")


def test_a_feasible_set_around_weights_set_by_hand_projects_nothing(
    session: Session, qtbot: QtBot
) -> None:
    train(session, 5)
    session.set_theta(np.array([-1.25, 0.5]), "Set w")
    with qtbot.assertNotEmitted(session.said):
        session.edit_problem("Set C", feasible=Box((-2.0, -2.0), (2.0, 2.0)))
    assert list(session.theta) == [-1.25, 0.5]


def test_weights_set_outside_the_feasible_set_are_projected_and_it_is_said(
    session: Session, qtbot: QtBot
) -> None:
    session.edit_problem("Set C", feasible=Box((-1.0, -1.0), (1.0, 1.0)))
    train(session, 5)
    with qtbot.waitSignal(session.said) as said:
        session.set_theta(np.array([3.0, 0.5]), "Set w")
    assert said.args == ["State 5 lay outside C: it was projected."]
    assert list(session.theta) == [1.0, 0.5]


def test_playing_on_from_the_past_drops_what_lay_ahead_undoably(session: Session) -> None:
    train(session, 10)
    session.continue_from_here()
    assert session.undo_stack.count() == 0
    session.seek(6)
    session.continue_from_here()
    assert session.run.last == session.cursor == 6
    session.undo_stack.undo()
    assert session.run.last == 10


def test_restart_and_new_random_start(session: Session) -> None:
    train(session, 10)
    session.restart()
    assert session.run.last == 0
    session.new_random_start()
    assert session.experiment.start == GlorotUniform(0)
    session.new_random_start()
    assert session.experiment.start == GlorotUniform(1)
    assert session.undo_stack.count() == 3


def test_opening_and_saving_name_the_document(session: Session) -> None:
    session.edit(rated(0.5), "Set η")
    session.saved(Path("a.mlpsim"))
    assert session.document_name == "a.mlpsim"
    assert not session.is_modified
    run = trained(rated(0.7), 5)
    session.edit(rated(0.6), "Drag η", merge="η")
    session.open(run, 3, Path("b.mlpsim"))
    assert (session.document_name, session.cursor, session.run) == ("b.mlpsim", 3, run)
    assert session.undo_stack.count() == 0
    assert not session.is_dragging
    session.open(run, 9)  # as where the run diverges earlier than it did elsewhere
    assert session.cursor == 5


def test_edits_of_another_kind_do_not_merge(session: Session) -> None:
    session.edit(rated(0.2), "Drag η", merge="η")
    session.edit(rated(0.3), "Set η")
    assert session.undo_stack.count() == 2


@pytest.mark.parametrize("between", [lambda session: session.seek(2), Session.restart])
def test_a_drag_after_something_else_is_an_edit_of_its_own(
    session: Session, between: Callable[[Session], None]
) -> None:
    train(session, 3)
    session.edit(rated(0.2), "Drag η", merge="η")
    between(session)
    run = session.run
    session.edit(rated(0.5), "Drag η", merge="η")
    session.undo_stack.undo()
    assert session.run is run


def test_a_drag_after_undo_does_not_merge_into_an_older_edit(session: Session) -> None:
    session.edit(rated(0.2), "Type η")
    session.edit(rated(0.3), "Drag η", merge="η")
    session.undo_stack.undo()
    session.edit(rated(0.4), "Drag η", merge="η")
    session.undo_stack.undo()
    assert session.experiment == rated(0.2)


def test_the_first_step_decides_which_engine_makes_a_run(session: Session) -> None:
    changes = []
    session.engine_changed.connect(lambda: changes.append(session.engine))
    assert session.engine is None
    session.set_engine(COMPILED)
    assert session.engine is COMPILED
    session.begin_run()
    assert session.run.segments[0].engine is COMPILED
    session.set_engine(None)
    assert changes == [COMPILED, None]
    session.begin_run()
    train(session, 1)
    session.set_engine(COMPILED)
    assert session.engine is None


def test_who_runs_beside_the_run_is_undone_and_opened_with_it(qtbot: QtBot) -> None:
    session = Session()
    race = Race((Racer("Adam", replace(session.experiment, optimizer=Adam(0.1))),), "GD")
    session.set_race(ALONE, "Nothing")
    assert not session.is_modified
    with qtbot.waitSignal(session.race_changed) as told:
        session.set_race(race, "Race")
    assert told.args == [race]
    assert session.is_modified
    assert session.undo_stack.undoText() == "Race"
    session.undo_stack.undo()
    assert session.race == ALONE
    session.undo_stack.redo()
    assert session.race == race
    session.open(Run.from_experiment(session.experiment), 0)
    assert session.race == ALONE
    session.open(Run.from_experiment(session.experiment), 0, race=race)
    assert session.race == race
    assert not session.is_modified
