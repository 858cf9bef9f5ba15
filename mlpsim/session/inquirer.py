"""The inquirer: has one question about the state on view answered; if it is dear, by a worker."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar
from weakref import ref

from PySide6.QtCore import QObject, Signal, Slot

from mlpsim.core.run import Run
from mlpsim.core.work import is_dear
from mlpsim.session.session import Session
from mlpsim.session.worker import Worker

Answer = TypeVar("Answer")
Told = TypeVar("Told", covariant=True)


class Question(Protocol[Told]):
    """A frozen question, and how many samples times parameters its answer goes through."""

    @property
    def work(self) -> int: ...

    def answer(self) -> Told: ...


@dataclass(frozen=True, eq=False)
class Inquire:
    """A job: the answer to a question about state k of a run."""

    about: ref[Run]  # not kept for an answer that may be the last one
    k: int
    question: Question[Any]

    def run(self, cancelled: Callable[[], bool]) -> Any:
        return self.question.answer()


class Inquirer(QObject, Generic[Answer]):
    """Answers what ``question`` makes of a session, about the state on view.

    On few samples the answer is there at once. On many it comes later, and ``changed`` says so; a
    state that is asked about while another one's answer is under way has to be asked about again
    then, so that there are answers while playing. The worker begins with the first question and
    ends with the session.
    """

    changed = Signal()  # an answer has come, or cannot be found
    failed = Signal(str)

    def __init__(
        self,
        name: str,
        question: Callable[[Session], Question[Answer]],
        session: Session,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._question = session, question
        self._known: tuple[Inquire, Answer | None] | None = None
        self._worker = Worker(name, self, self._keep, self._on_failed)
        session.ended.connect(self._worker.stop)

    @property
    def latest(self) -> tuple[Inquire, Answer] | None:
        """The last answer, and what was asked: perhaps about another state, run or data."""
        if self._known is None or self._known[1] is None:
            return None
        return self._known[0], self._known[1]

    def present(self) -> Answer | None:
        """The answer about the state on view; None as long as it is on its way."""
        if self._known is None or not self._is_of_present(self._known[0]):
            self._ask(self._job())
        known = self._known
        return known[1] if known is not None and self._is_of_present(known[0]) else None

    def complete(self) -> None:
        """Answer here and now; for pictures without an event loop."""
        if self.present() is None:
            self._worker.cancel()
            job = self._job()
            self._known = job, job.question.answer()

    def _is_of_present(self, job: Inquire) -> bool:
        session = self._session
        return job.about() is session.run and job.k == session.cursor

    def _job(self) -> Inquire:
        session = self._session
        return Inquire(ref(session.run), session.cursor, self._question(session))

    def _ask(self, job: Inquire) -> None:
        if not is_dear(job.question.work):
            self._worker.cancel()
            self._known = job, job.question.answer()
        elif not self._worker.is_busy:
            self._worker.submit(job)

    @Slot(object, object)
    def _keep(self, job: Inquire, answer: Answer) -> None:
        self._known = job, answer
        self.changed.emit()

    @Slot(object, str)
    def _on_failed(self, job: Inquire, message: str) -> None:
        self._known = job, None  # not asked again: it would fail again
        self.failed.emit(message)
        self.changed.emit()
