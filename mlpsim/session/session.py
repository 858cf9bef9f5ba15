"""The session: the present experiment, run and cursor, and the way back."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import QObject, Signal, Slot

from mlpsim.core import edits
from mlpsim.core.arrays import Array
from mlpsim.core.engine import Engine
from mlpsim.core.experiment import Experiment, lecture_experiment
from mlpsim.core.race import ALONE, Race
from mlpsim.core.record import StepRecord
from mlpsim.core.run import Run
from mlpsim.core.segment import Segment, able
from mlpsim.core.starts import next_random_start
from mlpsim.core.training import Burst
from mlpsim.session.selection import Selection
from mlpsim.session.undo import Shown, UndoStack


class Session(QObject):
    """Owns the run, the cursor and the undo stack; everything else on screen follows from them.

    The experiment in force is that of the state on view. An edit made there forks the run there
    (``mlpsim.core.edits``); undo brings the replaced run back whole.
    """

    experiment_changed = Signal(object)
    run_started = Signal()
    run_grew = Signal(int)
    cursor_moved = Signal(int)
    race_changed = Signal(object)
    engine_changed = Signal()
    said = Signal(str)
    failed = Signal(str)
    ended = Signal()

    def __init__(self, run: Run | None = None) -> None:
        super().__init__()
        self.run = run or Run.from_experiment(lecture_experiment())
        self.cursor = 0
        self.race = ALONE
        self.selection = Selection(len(self.experiment.problem.data), self)
        self.undo_stack = UndoStack(self)
        self.path: Path | None = None
        self.next_engine: Engine | None = None  # makes the runs that are still to begin
        self._record: StepRecord | None = None

    # -- the present ---------------------------------------------------------------------------

    @property
    def segment(self) -> Segment:
        """The segment in force at the state on view."""
        return self.run.segment_at(self.cursor)

    @property
    def experiment(self) -> Experiment:
        """The experiment in force at the state on view."""
        return self.segment.experiment

    @property
    def engine(self) -> Engine | None:
        """What makes the run on view, or will make it once it has begun; None is NumPy."""
        if self.run.last == 0:
            return able(self.next_engine, self.experiment)
        return self.segment.engine

    @property
    def theta(self) -> Array:
        """The parameters of the state on view (P,)."""
        return self.run.theta(self.cursor)

    @property
    def record(self) -> StepRecord | None:
        """The step that led to the state on view; None at state 0."""
        if self.cursor == 0:
            return None
        if self._record is None:
            self._record = self.run.record(self.cursor)
        return self._record

    def note_record(self, record: StepRecord | None) -> None:
        """Keep the record of the step to the state on view, which was computed elsewhere."""
        self._record = record

    @property
    def document_name(self) -> str:
        return self.path.name if self.path else "Untitled"

    @property
    def is_modified(self) -> bool:
        """Whether the experiment was edited since it was opened or saved."""
        return not self.undo_stack.isClean()

    @property
    def is_dragging(self) -> bool:
        """Whether edits in a row are under way that count as one."""
        return self.undo_stack.is_merging

    # -- requests ------------------------------------------------------------------------------

    def edit(self, experiment: Experiment, text: str, merge: str = "", about: str = "") -> None:
        """Change the experiment at the state on view, as one undoable edit.

        Edits in a row with the same ``merge`` key are one; ``end_merge`` ends the row. ``about``
        is said of what else changed with it.
        """
        if experiment == self.experiment:
            return
        old, theta = self.experiment, self.theta
        run = edits.edited(self.run, self.cursor, experiment)
        self.undo_stack.push_run(self._put, (run, run.last), text, merge)
        if (experiment.problem.feasible, experiment.start) != (old.problem.feasible, old.start):
            self._say_projection(theta)
        self.say(about)

    def edit_problem(self, text: str, merge: str = "", **changes: Any) -> None:
        """Change fields of the problem, as one undoable edit."""
        problem = replace(self.experiment.problem, **changes)
        self.edit(replace(self.experiment, problem=problem), text, merge)

    def set_theta(self, theta: Array, text: str, merge: str = "") -> None:
        """Set the parameters of the state on view; at state 0, the start."""
        if self.cursor == 0:
            self.edit(edits.with_start(self.experiment, theta), text, merge)
            return
        run = edits.with_theta(self.run, self.cursor, theta)
        self.undo_stack.push_run(self._put, (run, run.last), text, merge)
        self._say_projection(theta)

    def set_race(self, race: Race, text: str) -> None:
        """Let other experiments run beside this one, as one undoable edit."""
        if race != self.race:
            self.undo_stack.push_race(self._put_race, race, text)

    def end_merge(self) -> None:
        """The next edit is an undo step of its own."""
        self.undo_stack.end_merge()

    def restart(self) -> None:
        """Begin a new run at step 0 with the experiment in force."""
        self.begin(self.experiment, "Restart")

    def new_random_start(self) -> None:
        """Begin a new run from the start's next seed; a start without a seed becomes random."""
        start = next_random_start(self.experiment.start)
        self.begin(replace(self.experiment, start=start), "New random start")

    def begin(self, experiment: Experiment, text: str) -> None:
        """Begin a new run of another experiment at step 0, as one undoable edit."""
        self.undo_stack.push_run(self._put, (Run.from_experiment(experiment), 0), text)

    def continue_from_here(self) -> None:
        """Drop the steps after the state on view, undoably, so that training goes on from it."""
        if self.cursor < self.run.last:
            shown = self.run.head(self.cursor), self.cursor
            self.undo_stack.push_run(self._put, shown, "Continue from here")

    def seek(self, k: int) -> None:
        """Show state k, or the nearest one there is."""
        k = max(0, min(k, self.run.last))
        if k == self.cursor:
            return
        self.end_merge()
        before = self.experiment
        self._set_cursor(k)
        self.cursor_moved.emit(k)
        self._emit_if_changed(before)

    def set_engine(self, engine: Engine | None) -> None:
        """Have the runs that are still to begin made by this engine, as far as it can."""
        self.next_engine = engine
        self.engine_changed.emit()

    def begin_run(self) -> None:
        """A first step will be taken: from now on, the run keeps its engine."""
        self.run.choose_engine(self.next_engine)

    def say(self, sentence: str) -> None:
        """Say a sentence to the person; nothing if it is empty."""
        if sentence:
            self.said.emit(sentence)

    @Slot(str)
    def fail(self, message: str) -> None:
        """Tell that a computation failed which is no single panel's own."""
        self.failed.emit(message)

    def extend(self, burst: Burst) -> None:
        """Append a burst of steps and show its last state."""
        before = self.experiment
        self.run.extend(burst)
        self._set_cursor(self.run.last)
        self.run_grew.emit(self.run.last)
        self.cursor_moved.emit(self.cursor)
        self._emit_if_changed(before)

    def open(self, run: Run, cursor: int, path: Path | None = None, race: Race = ALONE) -> None:
        """Put another document in place; there is no way back by undo."""
        self.end_merge()
        self.undo_stack.clear()
        self.path = path
        self._put((run, min(cursor, run.last)))
        self._put_race(race)
        self._say_projection(self.theta)

    def saved(self, path: Path) -> None:
        """The document now stands in this file."""
        self.end_merge()
        self.path = path
        self.undo_stack.setClean()

    def end(self) -> None:
        """Let everybody who owns a worker end it; nothing is asked afterwards."""
        self.ended.emit()

    # -- inside --------------------------------------------------------------------------------

    def _put(self, shown: Shown) -> Shown:
        """Show a state of another run; what was shown before."""
        before, replaced = self.experiment, (self.run, self.cursor)
        self.run, cursor = shown
        self._set_cursor(cursor)
        if not before.problem.network.has_shape_of(self.experiment.problem.network):
            self.selection.select_parameter(None)
        self.run_started.emit()
        self.cursor_moved.emit(cursor)
        self._emit_if_changed(before)
        return replaced

    def _put_race(self, race: Race) -> Race:
        """Let another race run beside the run; the one before."""
        replaced, self.race = self.race, race
        if race != replaced:
            self.race_changed.emit(race)
        return replaced

    def _set_cursor(self, k: int) -> None:
        self.cursor = k
        self._record = None
        self.selection.limit(len(self.experiment.problem.data))

    def _emit_if_changed(self, before: Experiment) -> None:
        if self.experiment is not before:
            self.experiment_changed.emit(self.experiment)

    def _say_projection(self, theta: Array) -> None:
        """Say it where the state on view is not the theta that was asked for."""
        if self.cursor == 0:
            if self.experiment.start_is_projected:
                self.say("The start lies outside C: state 0 is its projection.")
        elif not np.array_equal(self.theta, theta, equal_nan=True):
            self.say(f"State {self.cursor} lay outside C: it was projected.")
