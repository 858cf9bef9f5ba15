"""The player: play, pause, single steps and speed."""

import gc
from collections.abc import Callable
from dataclasses import dataclass
from math import inf
from time import perf_counter

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from mlpsim.core.curvature import TOLERANCE
from mlpsim.core.segment import Segment
from mlpsim.core.training import Burst, Checkpoint, advance, most_steps
from mlpsim.session.seeker import Seeker
from mlpsim.session.session import Session
from mlpsim.session.worker import Worker

TICK_MS = 16
BURST_SECONDS = 0.004  # at full speed: while a burst runs, the window has half of Python's time
WAITED_SECONDS = 0.012  # on the way to a step that is waited for
COMPILED_SECONDS = 0.03  # by an engine that leaves Python to the window
MAX_BURST = 20_000
OFTEN, RARELY = 10, 10_000  # collections of younger objects before one of all objects
MOST_AHEAD = 8  # steps that a person can ask for ahead of those that are taken


@dataclass(frozen=True, eq=False)
class Advance:
    """A job: at most n steps from a checkpoint, within ``seconds``."""

    segment: Segment
    first: Checkpoint
    n: int
    seconds: float
    tolerance: float | None

    def run(self, cancelled: Callable[[], bool]) -> Burst:
        end = perf_counter() + self.seconds
        return advance(
            self.segment,
            self.first,
            self.n,
            lambda: cancelled() or perf_counter() > end,
            self.tolerance,
        )


class Player(QObject):
    """Asks the worker for bursts of steps, one at a time, and gives them to the session."""

    playing_changed = Signal(bool)
    speed_changed = Signal(float)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.playing = False
        self.speed = 10.0
        self.stops_when_stationary = False
        self.seeker = Seeker(session, self)
        self.seeker.arrived.connect(self._on_arrived)
        self._plays_on = False  # once the state that is expected is there
        self._target: int | None = None
        self._debt = 0.0  # steps owed to the speed since the last burst
        self._last_tick = 0.0
        self._worker = Worker("training", self, self._on_finished, self._on_failed)
        self._timer = QTimer(self, interval=TICK_MS)
        self._timer.setObjectName("player tick")
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_tick)
        session.run_started.connect(self._on_run_started)
        session.cursor_moved.connect(self._on_cursor_moved)
        session.ended.connect(self.stop)

    # -- requests ------------------------------------------------------------------------------

    def play(self) -> None:
        """Go on from the state on view, or the one expected; steps ahead of it are replaced."""
        if self.seeker.expected is not None or self.seeker.prepare():
            self._plays_on = True
            return
        self._session.continue_from_here()
        self._start(None)

    def pause(self) -> None:
        """Stop after the state on view; a burst under way is dropped, and a state expected."""
        self._halt()
        self.seeker.cancel()

    def seek(self, k: int, beside: int | None = None) -> None:
        """Show state k, or the nearest one there is, paused; one that takes long comes later.

        Runs beside it are shown at ``beside``, or at k too.
        """
        self._halt()
        self.seeker.seek(k, beside)

    def toggle(self) -> None:
        """Play or pause; what will play once the state expected is there, does not then."""
        if self.playing:
            self.pause()
        elif self._plays_on:
            self._plays_on = False
        else:
            self.play()

    def step(self) -> None:
        """One step forward: the recorded one, or a new one at the end of the run.

        Steps asked for before the last one has come are taken too, up to ``MOST_AHEAD``.
        """
        if self._target is not None and not self.playing:
            self._target = min(self._target + 1, self._session.run.last + MOST_AHEAD)
        else:
            self.run_to(self.seeker.place + 1)

    def step_back(self) -> None:
        self.seek(self.seeker.place - 1)

    def epoch(self) -> None:
        """To the end of the epoch."""
        place = self.seeker.place
        segment = self._session.run.segment_at(place)
        sampling = segment.experiment.sampling
        per_epoch = sampling.steps_per_epoch(len(segment.experiment.problem.data))
        done = (place - segment.epoch_step) % per_epoch
        self.run_to(place + per_epoch - done)

    def to_start(self) -> None:
        self.seek(0)

    def to_end(self) -> None:
        self.seek(self._session.run.last)

    def run_to(self, k: int) -> None:
        """Show state k: recorded, or computed as fast as it goes.

        More than a step counts as playing, so that it can be paused.
        """
        self.seek(k)
        if k > self._session.run.last:
            self._start(k)

    def set_speed(self, speed: float) -> None:
        """Steps per second while playing; inf is as fast as it goes."""
        if not speed > 0.0:
            raise ValueError(f"speed {speed!r} is not above 0")
        if speed != self.speed:
            self.speed = speed
            self._debt = 0.0
            self.speed_changed.emit(speed)

    def set_stops_when_stationary(self, stops: bool) -> None:
        """Whether a run ends at the first state whose gradient is below the tolerance."""
        self.stops_when_stationary = stops

    @Slot()
    def stop(self) -> None:
        """End the worker; the player is not used afterwards."""
        self.pause()
        self._worker.stop()
        self.seeker.stop()

    # -- inside --------------------------------------------------------------------------------

    def _halt(self) -> None:
        self._worker.cancel()
        self._timer.stop()
        self._target, self._plays_on = None, False
        if self.playing:
            self._set_playing(False)

    def _set_playing(self, playing: bool) -> None:
        # To look through all objects of the window for cycles would hold a frame up.
        first, second, _ = gc.get_threshold()
        gc.set_threshold(first, second, RARELY if playing else OFTEN)
        self.playing = playing
        self.playing_changed.emit(playing)

    def _start(self, target: int | None) -> None:
        if self._session.run.diverged_at is not None:
            return
        if not self._worker.is_busy:  # else a first step is being taken already
            self._session.begin_run()
        self._target = target
        self._debt = 1.0  # the first step comes at once
        self._last_tick = perf_counter()
        is_long = target is None or target > self._session.run.last + 1
        if is_long and not self.playing:
            self._set_playing(True)
        self._timer.start()
        self._on_tick()

    @Slot()
    def _on_tick(self) -> None:
        now = perf_counter()
        self._debt += (now - self._last_tick) * min(self.speed, 1e9)
        self._last_tick = now
        if self._worker.is_busy:
            return
        steps = self._steps_due()
        if steps:
            self._ask(self._session.run.tip, steps)

    def _steps_due(self) -> int:
        if self._target is not None:
            return min(self._target - self._session.run.last, MAX_BURST)
        if self.speed == inf:
            return MAX_BURST
        due = int(self._debt)
        self._debt -= due  # of which what is more than a burst is not made up for later
        return min(due, MAX_BURST)

    @property
    def _is_compiled(self) -> bool:
        """Whether the steps are taken without Python's lock, which the window needs."""
        return self._session.run.segments[-1].engine is not None

    def _ask(self, first: Checkpoint, steps: int) -> None:
        tolerance = TOLERANCE if self.stops_when_stationary else None
        seconds = BURST_SECONDS if self._target is None else WAITED_SECONDS
        if self._is_compiled:
            seconds = COMPILED_SECONDS
        segment = self._session.run.segments[-1]
        steps = min(steps, most_steps(first))
        self._worker.submit(Advance(segment, first, steps, seconds, tolerance))

    @Slot()
    def _on_arrived(self) -> None:
        if self._plays_on:
            self.play()

    @Slot(object, object)
    def _on_finished(self, job: Advance, burst: Burst) -> None:
        ends = burst.stationary or burst.diverged_at is not None
        if self._is_compiled and self.speed == inf and self._target is None and not ends:
            # The next burst is made while the window shows this one.
            self._ask(burst.last, MAX_BURST)
        self._session.extend(burst)
        reached = self._target is not None and self._session.run.last >= self._target
        if reached or ends:
            self.pause()

    @Slot(object, str)
    def _on_failed(self, job: Advance, message: str) -> None:
        self.pause()
        self._session.fail(message)

    @Slot(int)
    def _on_cursor_moved(self, k: int) -> None:
        """Looking back pauses; only a burst moves the cursor to the end while playing."""
        if self._timer.isActive() and k != self._session.run.last:
            self.pause()

    @Slot()
    def _on_run_started(self) -> None:
        """Another run is in place: a burst under way belongs to the old one."""
        self._worker.cancel()
        if self._target is not None:
            self.pause()
