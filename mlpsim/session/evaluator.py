"""The evaluator: how well the state on view predicts; on many samples a worker finds out."""

from collections.abc import Callable
from dataclasses import dataclass, field

from PySide6.QtCore import QObject, Signal, Slot

from mlpsim.core.appraisal import DEAR
from mlpsim.core.evaluation import Evaluation, EvaluationQuestion
from mlpsim.core.run import Run
from mlpsim.session.landscape import Landscape
from mlpsim.session.session import Session
from mlpsim.session.worker import Worker

Both = tuple[Evaluation, Evaluation | None]


@dataclass(frozen=True, eq=False)
class Evaluate:
    """A job: the answer about state k of a run."""

    run_asked: Run = field(repr=False)  # who it is about; the answer does not read it
    k: int
    question: EvaluationQuestion

    def run(self, cancelled: Callable[[], bool]) -> Both:
        return self.question.answer()


class Evaluator(QObject):
    """Evaluates the state on view when it is asked to.

    On few samples the answer is there at once. On many it is ``answered`` later; a state that is
    asked about while another one's answer is under way has to be asked about again then, so that
    there are answers while playing. The worker begins with the first question and ends with the
    landscape.
    """

    answered = Signal()
    failed = Signal(str)

    def __init__(
        self, session: Session, landscape: Landscape, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._known: tuple[Evaluate, Both | None] | None = None
        self._worker = Worker("evaluator", self)
        self._worker.finished.connect(self._keep)
        self._worker.failed.connect(self._on_failed)
        landscape.stopped.connect(self._worker.stop)

    @property
    def latest(self) -> tuple[Evaluate, Both] | None:
        """The last answer, and what was asked: perhaps about another state, run or data."""
        if self._known is None or self._known[1] is None:
            return None
        return self._known[0], self._known[1]

    def present(self) -> Both | None:
        """The answer about the state on view; None as long as it is on its way."""
        session = self._session
        if self._known is None or not self._is_of_present(self._known[0]):
            self._ask(Evaluate(session.run, session.cursor, self._question()))
        known = self._known
        return known[1] if known is not None and self._is_of_present(known[0]) else None

    def complete(self) -> None:
        """Answer here and now; for pictures without an event loop."""
        if self.present() is None:
            self._worker.cancel()
            job = Evaluate(self._session.run, self._session.cursor, self._question())
            self._known = job, job.question.answer()

    def _is_of_present(self, job: Evaluate) -> bool:
        session = self._session
        return (job.run_asked, job.k) == (session.run, session.cursor)

    def _question(self) -> EvaluationQuestion:
        session = self._session
        held_out = session.experiment.held_out
        others = None if held_out is None else held_out.data
        return EvaluationQuestion(session.experiment.problem, session.theta, others)

    def _ask(self, job: Evaluate) -> None:
        if job.question.work <= DEAR:
            self._worker.cancel()
            self._known = job, job.question.answer()
        elif not self._worker.is_busy:
            self._worker.submit(job)

    @Slot(object, object)
    def _keep(self, job: Evaluate, answer: Both) -> None:
        self._known = job, answer
        self.answered.emit()

    @Slot(object, str)
    def _on_failed(self, job: Evaluate, message: str) -> None:
        self._known = job, None  # not asked again: it would fail again
        self.failed.emit(message)
