"""The basin mapper: has the basins of the window on view mapped when it is asked."""

from collections.abc import Callable
from dataclasses import dataclass, field

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from mlpsim.core.studies.basins import BasinMap, BasinQuestion, basin_map
from mlpsim.session.landscape import Landscape
from mlpsim.session.session import Session
from mlpsim.session.worker import Worker

LOOK_MS = 100


class Progress:
    """What a job under way leaves for the window to look at: written by the worker alone."""

    def __init__(self) -> None:
        self.share = 0.0
        self.coarse: BasinMap | None = None

    def report(self, share: float, coarse: BasinMap | None) -> None:
        self.share = share
        self.coarse = coarse or self.coarse


@dataclass(frozen=True, eq=False)
class BasinJob:
    """A job: the map of a question's basins; None when it was cancelled."""

    question: BasinQuestion
    progress: Progress = field(default_factory=Progress)

    def run(self, cancelled: Callable[[], bool]) -> BasinMap | None:
        return basin_map(self.question, cancelled, self.progress.report)


class BasinMapper(QObject):
    """Owns the map of the basins, coarse while the fine one is computed.

    A map stands for the experiment, but for its start, that it was made with.
    """

    changed = Signal()

    def __init__(
        self, session: Session, landscape: Landscape, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._landscape = session, landscape
        self._worker: Worker | None = None
        self._job: BasinJob | None = None
        self._map: BasinMap | None = None
        self.failure = ""
        self._look = QTimer(self)
        self._look.setObjectName("basins look")
        self._look.setInterval(LOOK_MS)
        self._look.timeout.connect(self._tell)
        landscape.stopped.connect(self._stop)

    @property
    def is_possible(self) -> bool:
        """Whether there is a plane whose places are starts."""
        return self._landscape.plane.kind != "one_weight"

    @property
    def share(self) -> float | None:
        """How much of a map under way is done; None where none is."""
        return None if self._job is None else self._job.progress.share

    @property
    def map(self) -> BasinMap | None:
        """The map that stands for what is on view."""
        found = self._map if self._job is None else (self._job.progress.coarse or self._map)
        return found if found is not None and self._is_present(found.question) else None

    def question(self, steps: int, side: int) -> BasinQuestion:
        """What there is to ask of the plane and the window on view."""
        landscape = self._landscape
        return BasinQuestion(
            self._session.experiment, landscape.plane, landscape.window, steps, side
        )

    def ask(self, steps: int, side: int) -> None:
        """Have the window mapped: ``side``² starts, so many steps each."""
        if self._worker is None:
            self._worker = Worker("basins", self)
            self._worker.finished.connect(self._on_finished)
            self._worker.failed.connect(self._on_failed)
        self.failure = ""
        self._job = BasinJob(self.question(steps, side))
        self._worker.submit(self._job)
        self._look.start()
        self.changed.emit()

    def complete(self, steps: int, side: int) -> None:
        """The same, here and now; for pictures without an event loop."""
        self._map = basin_map(self.question(steps, side))
        self.changed.emit()

    def cancel(self) -> None:
        """Stop mapping; a coarse map that is there stays."""
        if self._worker is not None and self._job is not None:
            self._worker.cancel()
            self._map = self._job.progress.coarse or self._map
            self._end()

    def _is_present(self, question: BasinQuestion) -> bool:
        now, then = self._session.experiment, question.experiment
        return (
            now.problem == then.problem
            and (now.optimizer, now.schedule) == (then.optimizer, then.schedule)
            and (now.sampling, now.scaling) == (then.sampling, then.scaling)
        )

    def _end(self) -> None:
        self._job = None
        self._look.stop()
        self.changed.emit()

    @Slot(object, object)
    def _on_finished(self, job: BasinJob, answer: BasinMap | None) -> None:
        self._map = answer or self._map
        self._end()

    @Slot(object, str)
    def _on_failed(self, job: BasinJob, message: str) -> None:
        self.failure = message
        self._end()

    @Slot()
    def _tell(self) -> None:
        self.changed.emit()

    @Slot()
    def _stop(self) -> None:
        self._look.stop()
        if self._worker is not None:
            self._worker.stop()
