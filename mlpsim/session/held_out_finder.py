"""The finder of held-out errors: a worker finds those that are dear, a few states at a time."""

import numpy as np
from PySide6.QtCore import QObject, Signal, Slot

from mlpsim.core.held_out_curve import HeldOutCurve, HeldOutQuestion
from mlpsim.core.work import is_dear
from mlpsim.session.session import Session
from mlpsim.session.worker import QuestionJob, Worker


class HeldOutFinder(QObject):
    """Fills curves of held-out samples; what costs less than a frame is found when it is asked for.

    ``found`` says that a curve knows more states; whoever shows it asks for the next ones. The
    worker begins with the first question and ends with the session.
    """

    found = Signal()
    failed = Signal(str)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._worker = Worker("held-out errors", self, self._on_finished, self._on_failed)
        session.ended.connect(self._worker.stop)

    def refine(self, curve: HeldOutCurve, points: int, first: int) -> None:
        """Find state ``first`` of a curve, and some of those that so many points go through."""
        if self._worker.is_busy:
            return
        question = curve.question(points, first)
        if question is None:
            return
        if not is_dear(question.work):
            curve.keep(question.answer() or {})
        else:
            self._worker.submit(QuestionJob(question))

    def complete(self, curve: HeldOutCurve, points: int, first: int) -> None:
        """Find all of a curve here and now; for pictures without an event loop."""
        self._worker.cancel()
        while (question := curve.question(points, first)) is not None:
            curve.keep(question.answer() or {})

    @Slot(object, object)
    def _on_finished(self, job: QuestionJob[HeldOutQuestion], answer: dict[int, float]) -> None:
        job.question.curve.keep(answer)
        self.found.emit()

    @Slot(object, str)
    def _on_failed(self, job: QuestionJob[HeldOutQuestion], message: str) -> None:
        # Not asked for again: it would fail again.
        job.question.curve.keep({k: np.nan for k, _, _ in job.question.states})
        self.failed.emit(message)
        self.found.emit()
