"""The appraiser: has a worker find what is dear to know of the state on view."""

from PySide6.QtCore import QObject, Signal, Slot

from mlpsim.core.appraisal import Appraisal, AppraisalQuestion, question_of, takes_long
from mlpsim.session.seeker import Seeker
from mlpsim.session.session import Session
from mlpsim.session.worker import QuestionJob, Worker


class Appraiser(QObject):
    """Knows whether J, its gradient and the record of the step on view may be asked for.

    On few samples they always may: asking computes them. On many samples, or where the step asked
    for the Hessian of many parameters, a worker computes them first and leaves them with run and
    session; until then they are pending. Another answer that is under way is waited for, not given
    up, so that there are answers while playing. They are pending too as long as the seeker has
    another state to come.
    """

    changed = Signal()  # what is pending, or known

    def __init__(self, session: Session, seeker: Seeker, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._seeker = session, seeker
        self._known: tuple[AppraisalQuestion, Appraisal] | None = None
        self._has_failed = False
        self._worker = Worker("appraiser", self, self._on_finished, self._on_failed)
        session.run_started.connect(self._ask)
        session.cursor_moved.connect(self._on_moved)
        seeker.changed.connect(self.changed)
        session.ended.connect(self.stop)

    @property
    def is_pending(self) -> bool:
        """Whether what is dear to know of the state on view is still to come, or that state is."""
        return self._seeker.expected is not None or self._is_waiting

    @property
    def place(self) -> int:
        """The state that is pending, or else known."""
        return self._seeker.place

    @property
    def value(self) -> float:
        """J of the state on view; NaN while it is pending and is not recorded."""
        run, k = self._session.run, self._session.cursor
        return run.recorded_value(k) if self.is_pending else run.value(k)

    @property
    def present(self) -> Appraisal | None:
        """The answer about the state on view, if it was asked for and is there."""
        session = self._session
        if self._known is None:
            return None
        question, answer = self._known
        return answer if (question.run, question.k) == (session.run, session.cursor) else None

    def complete(self) -> None:
        """Answer here and now; for pictures without an event loop."""
        self._seeker.complete()
        if self._is_waiting:
            self._worker.cancel()
            question = question_of(self._session.run, self._session.cursor)
            answer = question.answer()
            assert answer is not None
            self._keep(question, answer)

    @Slot()
    def stop(self) -> None:
        """End the worker; nothing is answered afterwards."""
        self._worker.stop()

    @property
    def _is_waiting(self) -> bool:
        """Whether an answer about the state on view is still to come."""
        session = self._session
        return not self._has_failed and (
            takes_long(session.run, session.cursor) and self.present is None
        )

    @Slot()
    def _ask(self) -> None:
        self._has_failed = False
        if self._known is not None and self._known[0].run is not self._session.run:
            self._known = None  # what a run has recorded goes with it
        if (present := self.present) is not None:
            # The session has been at another state meanwhile, and keeps the record of one.
            self._session.note_record(present.record)
        elif self._is_waiting and not self._worker.is_busy:
            question = question_of(self._session.run, self._session.cursor)
            self._worker.submit(QuestionJob(question))

    @Slot(int)
    def _on_moved(self, _k: int) -> None:
        self._ask()

    def _keep(self, question: AppraisalQuestion, answer: Appraisal) -> None:
        self._known = question, answer
        if question.k <= question.run.last:
            question.run.note(question.k, answer.readout.value, answer.gradient)
        if self.present is not None:
            question.run.visit(answer.reached)
            self._session.note_record(answer.record)
        self.changed.emit()

    @Slot(object, object)
    def _on_finished(self, job: QuestionJob[AppraisalQuestion], answer: Appraisal) -> None:
        self._keep(job.question, answer)
        self._ask()

    @Slot(object, str)
    def _on_failed(self, job: QuestionJob[AppraisalQuestion], message: str) -> None:
        self._has_failed = True
        self._session.fail(message)
        self.changed.emit()
