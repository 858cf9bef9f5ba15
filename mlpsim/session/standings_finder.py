"""The finder of standings: a worker finds what is dear to know of how the lanes of a race stand."""

from collections.abc import Sequence
from math import nan

from PySide6.QtCore import QObject, Signal, Slot

from mlpsim.core.studies.lanes import ErrorSeries, Reading, StandingsQuestion, standings_question
from mlpsim.session.session import Session
from mlpsim.session.worker import QuestionJob, Worker


class StandingsFinder(QObject):
    """Leaves with the lanes what a frame cannot wait for; the rest they find when they are asked.

    ``found`` says that an answer is there; whoever shows it asks again, perhaps of another state.
    The worker begins with the first question and ends with the session.
    """

    found = Signal()
    failed = Signal(str)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.latest: dict[ErrorSeries, int] = {}  # the states of the last answer
        self._worker = Worker("standings", self, self._on_finished, self._on_failed)
        session.ended.connect(self._worker.stop)

    def refine(self, lanes: Sequence[ErrorSeries], k: int) -> bool:
        """Whether it can be told how all lanes stand at state k; if not, that is on its way."""
        question = standings_question(lanes, k)
        if question is not None and not self._worker.is_busy:
            self._worker.submit(QuestionJob(question))
        return question is None

    def complete(self, lanes: Sequence[ErrorSeries], k: int) -> None:
        """Find it out here and now; for pictures without an event loop."""
        self._worker.cancel()
        question = standings_question(lanes, k)
        if question is not None:
            question.keep(question.answer())

    def _keep(self, question: StandingsQuestion, answer: Sequence[Reading]) -> None:
        question.keep(answer)
        self.latest = question.states
        self.found.emit()

    @Slot(object, object)
    def _on_finished(
        self, job: QuestionJob[StandingsQuestion], answer: tuple[Reading, ...]
    ) -> None:
        self._keep(job.question, answer)

    @Slot(object, str)
    def _on_failed(self, job: QuestionJob[StandingsQuestion], message: str) -> None:
        # Not asked for again: it would fail again.
        self.failed.emit(message)
        self._keep(job.question, [(nan, None)] * len(job.question.readings))
