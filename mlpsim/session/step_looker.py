"""The step looker: looks along a step of the run; if that is dear, a worker does."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from weakref import ref

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from mlpsim.core.lessons.microscope import Look, LookQuestion
from mlpsim.core.run import Run
from mlpsim.core.work import is_dear
from mlpsim.session.session import Session
from mlpsim.session.worker import Worker

PATIENCE_MS = 300  # for an answer to another question than the newest


@dataclass(frozen=True)
class Aim:
    """What is looked at: step k of a run, up to η = ``end``; None leaves that to the look."""

    about: ref[Run]  # not kept for an answer that may be the last one
    k: int
    end: float | None


@dataclass(frozen=True, eq=False)
class LookJob:
    """A job: the look at an aim."""

    aim: Aim
    question: LookQuestion

    def run(self, cancelled: Callable[[], bool] = lambda: False) -> Any:
        return self.question.answer(cancelled)


class StepLooker(QObject):
    """Looks along a step when it is asked; on many samples the answer comes later.

    ``changed`` says that one has come. While steps are looked at one after another, each answer
    that is soon there comes; one that takes long gives way to the newest question. The worker
    begins with the first question and ends with the session.
    """

    changed = Signal()  # a look is there, or cannot be had
    failed = Signal(str)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._known: Aim | None = None  # answered, or failed
        self._present: Look | None = None
        self._latest: Look | None = None
        self._asked: LookJob | None = None  # under way
        self._newest: LookJob | None = None  # waits for the one under way
        self._worker = Worker("microscope", self, self._on_finished, self._on_failed)
        self._patience = QTimer(self, singleShot=True, interval=PATIENCE_MS)
        self._patience.setObjectName("microscope patience")
        self._patience.timeout.connect(self._lose_patience)
        session.ended.connect(self._worker.stop)
        session.ended.connect(self._patience.stop)

    @property
    def latest(self) -> Look | None:
        """The last look that there was, perhaps along another step."""
        return self._latest

    def present(self, k: int, end: float | None) -> Look | None:
        """The look along step k of the run on view; None as long as it is on its way."""
        aim = Aim(ref(self._session.run), k, end)
        if aim != self._known:
            job = LookJob(aim, self._question(aim))
            if is_dear(job.question.work):
                self._ask(job)
            else:
                self.cancel()
                self._keep(job, job.run())
        return self._present if aim == self._known else None

    def complete(self, k: int, end: float | None) -> None:
        """Look here and now; for pictures without an event loop."""
        if self.present(k, end) is None:
            self.cancel()
            aim = Aim(ref(self._session.run), k, end)
            job = LookJob(aim, self._question(aim))
            self._keep(job, job.run())

    def cancel(self) -> None:
        """Drop what is under way."""
        self._worker.cancel()
        self._patience.stop()
        self._asked = self._newest = None

    def _question(self, aim: Aim) -> LookQuestion:
        run, before = self._session.run, aim.k - 1
        return LookQuestion(run.segment_at(before), run.checkpoint(before), aim.end)

    def _ask(self, job: LookJob) -> None:
        if self._asked is None:
            self._submit(job)
        elif self._asked.aim == job.aim:
            self._newest = None
        elif self._patience.isActive():
            self._newest = job
        else:
            self._submit(job)

    def _submit(self, job: LookJob) -> None:
        self._asked, self._newest = job, None
        self._worker.submit(job)
        self._patience.start()

    def _keep(self, job: LookJob, answer: Look | None) -> None:
        self._known, self._present = job.aim, answer
        self._latest = answer or self._latest

    @Slot()
    def _lose_patience(self) -> None:
        if self._newest is not None:
            self._submit(self._newest)

    @Slot(object, object)
    def _on_finished(self, job: LookJob, answer: Look) -> None:
        self.cancel()  # whoever shows it asks for the newest again
        self._keep(job, answer)
        self.changed.emit()

    @Slot(object, str)
    def _on_failed(self, job: LookJob, message: str) -> None:
        self.cancel()
        self._keep(job, None)  # not asked again: it would fail again
        self.failed.emit(message)
        self.changed.emit()
