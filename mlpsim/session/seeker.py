"""The seeker: has a worker make states again that a run does not keep, before they are shown."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal, Slot

from mlpsim.core.replaying import Way, is_far, way_to
from mlpsim.core.run import Run
from mlpsim.core.training import Checkpoint
from mlpsim.session.session import Session
from mlpsim.session.worker import Worker


@dataclass(frozen=True, eq=False)
class Return:
    """A job: the ways to state k of a run and to one of the runs beside it."""

    k: int
    beside: int
    ways: tuple[Way, ...]

    def run(self, cancelled: Callable[[], bool]) -> tuple[tuple[Checkpoint, ...], ...]:
        return tuple(way.answer(cancelled) for way in self.ways)


class Seeker(QObject):
    """Moves the session's cursor; where that takes long, once a worker is there.

    Until then the state before stays on view, and ``expected`` is the one to come. Whatever else
    puts another state on view ends that.
    """

    changed = Signal()  # whether a state is expected, or which
    arrived = Signal(int)  # the state that was asked of the runs beside it

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._beside: tuple[Run, ...] = ()
        self._job: Return | None = None
        self._worker = Worker("replay", self, self._on_finished, self._on_failed)
        session.run_started.connect(self.cancel)
        session.cursor_moved.connect(self.cancel)

    @property
    def expected(self) -> int | None:
        """The state that will be on view, if it is not there yet."""
        return None if self._job is None else self._job.k

    @property
    def place(self) -> int:
        """The state that is expected, or else the one on view."""
        expected = self.expected
        return self._session.cursor if expected is None else expected

    def set_beside(self, runs: tuple[Run, ...]) -> None:
        """Make the same states of these runs again too, for they are shown together."""
        self._beside = runs

    def seek(self, k: int, beside: int | None = None) -> None:
        """Show state k, or the nearest one there is; of the runs beside it ``beside``, or k too."""
        run, awaited = self._session.run, self._job
        k = max(0, min(k, run.last))
        beside = k if beside is None else beside
        others = ((other, min(beside, other.last)) for other in self._beside)
        far = tuple(way_to(*state) for state in ((run, k), *others) if is_far(*state))
        if not far:
            self.cancel()
            self._session.seek(k)
        elif awaited is None or (k, beside) != (awaited.k, awaited.beside):
            self._submit(Return(k, beside, far))

    def prepare(self) -> bool:
        """Whether the state on view is made again first, before training can go on from it."""
        run, k = self._session.run, self._session.cursor
        way = way_to(run, k)
        if not way.is_long:
            return False
        self._submit(Return(k, k, (way,)))
        return True

    @Slot()
    def cancel(self) -> None:
        """Stay at the state on view."""
        if self._job is not None:
            self._job = None
            self._worker.cancel()
            self.changed.emit()

    def complete(self) -> None:
        """Show the state that is expected here and now; for pictures without an event loop."""
        if (k := self.expected) is not None:
            self.cancel()
            self._session.seek(k)

    def stop(self) -> None:
        """End the worker; a state that is far is not shown afterwards."""
        self._worker.stop()

    def _submit(self, job: Return) -> None:
        self._job = job
        self._worker.submit(job)
        self.changed.emit()

    @Slot(object, object)
    def _on_finished(self, job: Return, found: tuple[tuple[Checkpoint, ...], ...]) -> None:
        for way, checkpoints in zip(job.ways, found, strict=True):
            way.run.visit(checkpoints)
        self._job = None
        self._session.seek(job.k)
        self.changed.emit()
        self.arrived.emit(job.beside)

    @Slot(object, str)
    def _on_failed(self, _job: Return, message: str) -> None:
        self.cancel()
        self._session.fail(message)
