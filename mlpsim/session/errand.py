"""Errands: long jobs that say how far they are, looked at while they are under way."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from mlpsim.session.worker import Worker

LOOK_MS = 100


@dataclass(eq=False)
class Progress:
    """What a job under way leaves for the window to look at: written by the worker alone."""

    share: float = 0.0
    part: Any = field(default=None)  # what is there already, if the job makes anything on its way

    def report(self, share: float, part: Any = None) -> None:
        self.share = share
        self.part = part or self.part


class LongJob(Protocol):
    """A frozen question that reports to its ``progress`` while it is answered."""

    @property
    def progress(self) -> Progress: ...

    def run(self, cancelled: Callable[[], bool]) -> Any: ...


@dataclass(frozen=True, eq=False)
class StudyJob:
    """A job: what a study, such as ``basin_map``, finds out; None when it was cancelled."""

    study: Callable[..., Any]
    question: Any
    progress: Progress = field(default_factory=Progress)

    def run(self, cancelled: Callable[[], bool]) -> Any:
        return self.study(self.question, cancelled, self.progress.report)


class Errand(QObject):
    """Has one long job done at a time; whoever owns it stops it at the end."""

    answered = Signal(object, object)  # job, answer; of a job that was not cancelled
    changed = Signal()  # a job has begun, come further, been cancelled, or failed

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.job: LongJob | None = None
        self.failure = ""
        self._worker = Worker(name, self, self._on_finished, self._on_failed)
        self._look = QTimer(self, interval=LOOK_MS)
        self._look.setObjectName(f"{name} look")
        self._look.timeout.connect(self.changed)

    @property
    def share(self) -> float | None:
        """How much of the job under way is done; None where none is."""
        return None if self.job is None else self.job.progress.share

    def run(self, job: LongJob) -> None:
        """Have a job done; one that is under way is dropped."""
        self.failure, self.job = "", job
        self._worker.submit(job)
        self._look.start()
        self.changed.emit()

    @Slot()
    def cancel(self) -> None:
        """Drop the job under way."""
        self._worker.cancel()
        self._end()

    @Slot()
    def stop(self) -> None:
        """End the worker; nothing is done afterwards."""
        self._look.stop()
        self._worker.stop()

    def _rest(self) -> None:
        self.job = None
        self._look.stop()

    def _end(self) -> None:
        self._rest()
        self.changed.emit()

    @Slot(object, object)
    def _on_finished(self, job: LongJob, answer: object) -> None:
        self._rest()
        self.answered.emit(job, answer)

    @Slot(object, str)
    def _on_failed(self, job: LongJob, message: str) -> None:
        self.failure = message
        self._end()
