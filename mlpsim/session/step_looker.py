"""The step looker: looks along a step of the run; if that is dear, a worker does."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from weakref import ref

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from mlpsim.core.lessons.microscope import Profile, ProfileQuestion
from mlpsim.core.run import Run
from mlpsim.core.work import is_dear
from mlpsim.session.session import Session
from mlpsim.session.worker import Worker

PATIENCE_MS = 300  # for an answer to another question than the newest


@dataclass(frozen=True)
class StepRange:
    """What is looked at: step k of a run, up to η = ``end``; None leaves that to the answer."""

    about: ref[Run]  # not kept for an answer that may be the last one
    k: int
    end: float | None


@dataclass(frozen=True, eq=False)
class ProfileJob:
    """A job: the profile of a step."""

    step: StepRange
    question: ProfileQuestion

    def run(self, cancelled: Callable[[], bool] = lambda: False) -> Any:
        return self.question.answer(cancelled)


class StepLooker(QObject):
    """Looks along a step when it is asked; on many samples the answer comes later.

    ``changed`` says that one has come. While steps are looked at one after another, each answer
    that is soon there comes; one that takes long gives way to the newest question. The worker
    begins with the first question and ends with the session.
    """

    changed = Signal()  # a profile is there, or cannot be had
    failed = Signal(str)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._known: StepRange | None = None  # answered, or failed
        self._present: Profile | None = None
        self._latest: Profile | None = None
        self._asked: ProfileJob | None = None  # under way
        self._newest: ProfileJob | None = None  # waits for the one under way
        self._worker = Worker("microscope", self, self._on_finished, self._on_failed)
        self._patience = QTimer(self, singleShot=True, interval=PATIENCE_MS)
        self._patience.setObjectName("microscope patience")
        self._patience.timeout.connect(self._lose_patience)
        session.ended.connect(self._worker.stop)
        session.ended.connect(self._patience.stop)

    @property
    def latest(self) -> Profile | None:
        """The last profile that there was, perhaps along another step."""
        return self._latest

    def present(self, k: int, end: float | None) -> Profile | None:
        """The profile along step k of the run on view; None as long as it is on its way."""
        step = StepRange(ref(self._session.run), k, end)
        if step != self._known:
            job = ProfileJob(step, self._question(step))
            if is_dear(job.question.work):
                self._ask(job)
            else:
                self.cancel()
                self._keep(job, job.run())
        return self._present if step == self._known else None

    def complete(self, k: int, end: float | None) -> None:
        """Look here and now; for pictures without an event loop."""
        if self.present(k, end) is None:
            self.cancel()
            step = StepRange(ref(self._session.run), k, end)
            job = ProfileJob(step, self._question(step))
            self._keep(job, job.run())

    def cancel(self) -> None:
        """Drop what is under way."""
        self._worker.cancel()
        self._patience.stop()
        self._asked = self._newest = None

    def _question(self, step: StepRange) -> ProfileQuestion:
        run, before = self._session.run, step.k - 1
        return ProfileQuestion(run.segment_at(before), run.checkpoint(before), step.end)

    def _ask(self, job: ProfileJob) -> None:
        if self._asked is None:
            self._submit(job)
        elif self._asked.step == job.step:
            self._newest = None
        elif self._patience.isActive():
            self._newest = job
        else:
            self._submit(job)

    def _submit(self, job: ProfileJob) -> None:
        self._asked, self._newest = job, None
        self._worker.submit(job)
        self._patience.start()

    def _keep(self, job: ProfileJob, answer: Profile | None) -> None:
        self._known, self._present = job.step, answer
        self._latest = answer or self._latest

    @Slot()
    def _lose_patience(self) -> None:
        if self._newest is not None:
            self._submit(self._newest)

    @Slot(object, object)
    def _on_finished(self, job: ProfileJob, answer: Profile) -> None:
        self.cancel()  # whoever shows it asks for the newest again
        self._keep(job, answer)
        self.changed.emit()

    @Slot(object, str)
    def _on_failed(self, job: ProfileJob, message: str) -> None:
        self.cancel()
        self._keep(job, None)  # not asked again: it would fail again
        self.failed.emit(message)
        self.changed.emit()
