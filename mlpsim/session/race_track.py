"""The race track: the runs beside the one on view, kept as far as it is, and their one cursor."""

from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from mlpsim.core.curves import Decimation
from mlpsim.core.files.document import go_on
from mlpsim.core.identity import are_same
from mlpsim.core.problem import Problem
from mlpsim.core.run import Run
from mlpsim.core.segment import Segment
from mlpsim.core.studies.lanes import ErrorSeries
from mlpsim.core.training import Burst, Checkpoint, advance, most_steps
from mlpsim.session.landscape import Landscape
from mlpsim.session.player import BURST_SECONDS, TICK_MS, WAITED_SECONDS, Player
from mlpsim.session.session import Session
from mlpsim.session.standings_finder import StandingsFinder
from mlpsim.session.worker import Worker

LATE_SECONDS = 0.5  # after which it is said how far the lanes are
BURST_STEPS, BURST_NUMBERS = 5_000, 2_000_000  # of a lane at a time, and numbers of their theta
LANE_THETAS, LANE_KEYFRAMES = 8 * 2**20, 2**20  # bytes that the states of a lane may take


@dataclass(frozen=True, eq=False)
class Lane:
    """A run that takes part, under its name; E along it, and the same summed up for a curve."""

    name: str
    run: Run
    errors: ErrorSeries
    curve: Decimation

    @property
    def problem(self) -> Problem:
        """The problem that it works on at its last state."""
        return self.run.segments[-1].experiment.problem


@dataclass(frozen=True, eq=False)
class Legs:
    """A job: the next steps of some lanes, each from a checkpoint on, together within ``seconds``.

    Every lane takes a step at least, unless the job is cancelled.
    """

    starts: tuple[tuple[Segment, Checkpoint, int], ...]
    seconds: float

    def run(self, cancelled: Callable[[], bool]) -> tuple[Burst, ...]:
        bursts: list[Burst] = []
        for segment, first, steps in self.starts:
            end = perf_counter() + self.seconds / len(self.starts)
            most = min(steps, most_steps(first))
            bursts.append(advance(segment, first, most, _until(end, cancelled)))
            if cancelled():
                break
        return tuple(bursts)


def _until(end: float, cancelled: Callable[[], bool]) -> Callable[[], bool]:
    return lambda: cancelled() or perf_counter() > end


class RaceTrack(QObject):
    """Owns the lanes: lane 0 is the session's run, each other one a run of its own from step 0.

    The others follow the session's run, or go on to a step that is asked for. The cursor is the
    session's; past the end of its run, which may have diverged, the longer ones are seen alone.
    """

    changed = Signal()  # who runs, how far, or which state is on view

    def __init__(
        self,
        session: Session,
        player: Player,
        landscape: Landscape,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._player, self._landscape = session, player, landscape
        self.failure = ""
        self.is_drawn = True  # over the loss surface
        self._here: tuple[tuple[object, ...], tuple[int, ...]] = ((), ())
        self._own = self._lane(session.race.own, session.run)
        self._others: tuple[Lane, ...] = ()
        self._asked = 0
        self._beyond: int | None = None
        self._is_halted = False
        self._late_from: float | None = None
        self._under_way: tuple[Lane, ...] = ()
        self.standings = StandingsFinder(session, self)
        self.standings.found.connect(self.changed)
        self._worker = Worker("race", self, self._on_finished, self._on_failed)
        self._rest = QTimer(self, singleShot=True, interval=TICK_MS)
        self._rest.setObjectName("race rest")
        self._rest.timeout.connect(self._go_on)
        session.race_changed.connect(self._on_race_changed)
        session.run_started.connect(self._on_run_started)
        session.run_grew.connect(self._on_run_grew)
        session.cursor_moved.connect(self._on_cursor_moved)
        player.seeker.arrived.connect(self._on_arrived)
        session.ended.connect(self.stop)
        self._on_race_changed()

    # -- what there is -------------------------------------------------------------------------

    @property
    def lanes(self) -> tuple[Lane, ...]:
        """All lanes, that of the run on view first."""
        return (self._own, *self._others)

    @property
    def longest(self) -> int:
        """The last step of the lane that has come furthest."""
        return max(lane.run.last for lane in self.lanes)

    @property
    def cursor(self) -> int:
        """The step on view; a lane that has not come as far shows its last state."""
        return self._session.cursor if self._beyond is None else self._beyond

    @property
    def share(self) -> float | None:
        """How much of what the lanes have to do is done; None while nobody has waited for it."""
        late_from = self._late_from
        if late_from is None or perf_counter() - late_from < LATE_SECONDS:
            return None
        goal, behind = self._goal, self._behind()
        missing = sum(goal - lane.run.last for lane in behind)
        return 1.0 - missing / (goal * len(self._others))

    @property
    def here(self) -> tuple[int, ...]:
        """The lanes whose problem is the one that the loss surface shows."""
        known = (self._landscape.problem, *self.lanes)
        before, found = self._here
        if not are_same(known, before):
            lanes = enumerate(self.lanes)
            found = tuple(n for n, lane in lanes if lane.problem == self._landscape.problem)
            self._here = known, found
        return found

    @property
    def short(self) -> tuple[int, ...]:
        """The lanes that do not come to the step on view; one that is on its way there does."""
        on_its_way = self._late_from is not None
        return tuple(
            n
            for n, lane in enumerate(self.lanes)
            if lane.run.last < self.cursor
            and (n == 0 or lane.run.diverged_at is not None or not on_its_way)
        )

    def can_tell(self) -> bool:
        """Whether it can be told how all lanes stand; if not, ``changed`` says when it can."""
        return self.standings.refine([lane.errors for lane in self.lanes], self.cursor)

    # -- requests ------------------------------------------------------------------------------

    def set_drawn(self, drawn: bool) -> None:
        """Draw the lanes over the loss surface, or no longer."""
        self.is_drawn = drawn
        self.changed.emit()

    def seek(self, k: int) -> None:
        """Show state k in all lanes, or the last one there is; one that takes long comes later."""
        self._player.seek(k, k)
        if self._player.seeker.expected is None:
            self._on_arrived(k)

    def run_to(self, k: int) -> None:
        """Have all lanes come to step k, the run on view too; those that diverge end there."""
        self._asked, self._is_halted, self.failure = k, False, ""
        run = self._session.run
        if run.last < k and run.diverged_at is None:
            self._player.run_to(k)
        self._go_on()

    @Slot()
    def cancel(self) -> None:
        """Let the lanes end where they are, until the run goes on or they are asked again."""
        self._player.pause()
        self._worker.cancel()
        self._asked, self._is_halted, self._late_from = 0, True, None
        self.changed.emit()

    def complete(self, k: int) -> None:
        """Let the lanes come to step k here and now; for pictures without an event loop."""
        self._worker.cancel()
        for lane in self._others:
            go_on(lane.run, max(k, self._session.run.last))
        self._late_from = None
        self.changed.emit()

    def complete_standings(self) -> None:
        """Find out here and now how the lanes stand at the cursor."""
        self.standings.complete([lane.errors for lane in self.lanes], self.cursor)

    @Slot()
    def stop(self) -> None:
        """End the worker; the lanes stay where they are afterwards."""
        self._rest.stop()
        self._worker.stop()

    # -- inside --------------------------------------------------------------------------------

    def _lane(self, name: str, run: Run) -> Lane:
        errors = ErrorSeries(run, self._session.run.segments[0].experiment.problem.reduction)
        return Lane(name, run, errors, Decimation(errors))

    @property
    def _goal(self) -> int:
        return max(self._session.run.last, self._asked)

    def _behind(self) -> list[Lane]:
        goal = self._goal
        return [
            lane for lane in self._others if lane.run.last < goal and lane.run.diverged_at is None
        ]

    @Slot()
    def _go_on(self) -> None:
        behind = self._behind()
        if not behind or self._is_halted:
            self._late_from = None
            return
        if self._worker.is_busy:
            return
        if self._late_from is None:
            self._late_from = perf_counter()
        self._under_way = tuple(behind)
        self._worker.submit(Legs(tuple(map(self._start, behind)), self._seconds))

    @property
    def _seconds(self) -> float:
        return BURST_SECONDS if self._player.playing else WAITED_SECONDS

    def _start(self, lane: Lane) -> tuple[Segment, Checkpoint, int]:
        run = lane.run
        run.choose_engine(self._session.engine)  # all lanes by the one that makes the run
        most = min(BURST_STEPS, max(1, BURST_NUMBERS // len(run.tip.theta)))
        return run.segments[-1], run.tip, min(self._goal - run.last, most)

    @Slot(object, object)
    def _on_finished(self, _job: Legs, bursts: tuple[Burst, ...]) -> None:
        for lane, burst in zip(self._under_way, bursts, strict=True):
            lane.run.extend(burst)
            lane.run.thin(LANE_THETAS, LANE_KEYFRAMES)
            lane.curve.follow()
        if self._player.playing:
            self._rest.start()  # the window has its time between two bursts
        else:
            self._go_on()
        if not self._behind():
            self._late_from = None
        self.changed.emit()

    @Slot(object, str)
    def _on_failed(self, _job: Legs, message: str) -> None:
        self.failure, self._is_halted, self._late_from = message, True, None
        self.changed.emit()

    @Slot()
    def _on_race_changed(self) -> None:
        """Lanes whose experiment stays keep their run; other ones were not asked to go anywhere."""
        session, before = self._session, self._others
        left = list(before)
        self._worker.cancel()
        self._own, self._others = self._lane(session.race.own, session.run), ()
        for racer in session.race.racers:
            known = [lane for lane in left if lane.run.segments[0].experiment == racer.experiment]
            if known:
                left.remove(known[0])
            run = known[0].run if known else Run.from_experiment(racer.experiment)
            self._others = (*self._others, self._lane(racer.name, run))
        self._player.seeker.set_beside(tuple(lane.run for lane in self._others))
        if len(left) == len(before):
            self._asked = 0
        self.failure, self._is_halted = "", False
        self._go_on()
        self.changed.emit()

    @Slot()
    def _on_run_started(self) -> None:
        """Another run is in lane 0; all are measured as it is."""
        self._beyond = None
        self._own = self._lane(self._session.race.own, self._session.run)
        if self._others and self._others[0].errors.reduction != self._own.errors.reduction:
            self._others = tuple(self._lane(lane.name, lane.run) for lane in self._others)
        self._go_on()
        self.changed.emit()

    @Slot(int)
    def _on_run_grew(self, _last: int) -> None:
        self._is_halted = False
        self._own.curve.follow()
        self._go_on()

    @Slot(int)
    def _on_cursor_moved(self, _k: int) -> None:
        self._beyond = None
        self.changed.emit()

    @Slot(int)
    def _on_arrived(self, k: int) -> None:
        """State k is on view in the lanes that come as far."""
        self._beyond = min(k, self.longest) if k > self._session.run.last else None
        self.changed.emit()
