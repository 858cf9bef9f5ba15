"""The gradient checker: asks a worker whether the gradient on view is right."""

from PySide6.QtCore import QObject, Signal, Slot

from mlpsim.core.arrays import Array
from mlpsim.core.lessons.gradient_check import GradientCheckQuestion
from mlpsim.core.problem import Problem
from mlpsim.core.work import DEAR, work_of
from mlpsim.session.session import Session
from mlpsim.session.worker import QuestionJob, Worker

MOST_AT_ONCE = 25 * DEAR  # parameters times work


class GradientChecker(QObject):
    """``checked`` carries a GradientCheck, or None if the check failed; the newest question wins.

    The worker begins with the first question and ends with the session.
    """

    checked = Signal(object)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._worker = Worker("gradient check", self, self._on_finished, self._on_failed)
        session.ended.connect(self._worker.stop)

    def ask(self, problem: Problem, theta: Array) -> None:
        """Check the gradient at theta (P,)."""
        self._worker.submit(QuestionJob(GradientCheckQuestion(problem, theta)))

    def complete(self, problem: Problem, theta: Array) -> None:
        """Check it here and now, unless that takes long; for pictures without an event loop."""
        self._worker.cancel()
        if problem.network.n_params * work_of(problem) <= MOST_AT_ONCE:
            self.checked.emit(GradientCheckQuestion(problem, theta).answer())

    def cancel(self) -> None:
        """Drop the question under way."""
        self._worker.cancel()

    @Slot(object, object)
    def _on_finished(self, job: object, check: object) -> None:
        self.checked.emit(check)

    @Slot(object, str)
    def _on_failed(self, job: object, message: str) -> None:
        self.checked.emit(None)
