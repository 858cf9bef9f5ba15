"""The stationary points of the problem on view, looked for when a view asks, and the chosen one."""

from PySide6.QtCore import QObject, Signal, Slot

from mlpsim.core.feasible import Box, WholeSpace
from mlpsim.core.proofs.question import box_around, window_box
from mlpsim.core.proofs.stationary import MOST_PARAMS, StationaryQuestion, StationarySet
from mlpsim.core.proofs.stationary_point import StationaryPoint
from mlpsim.session.landscape import Landscape
from mlpsim.session.session import Session
from mlpsim.session.worker import QuestionJob, Worker


class StationaryPoints(QObject):
    """Owns the stationary points of the problem on view, and which of them is chosen.

    What shows the points calls ``ask`` whenever the question may be another one.
    """

    changed = Signal()  # points have come, a search has begun or failed
    chosen = Signal()  # another point is chosen, or none

    def __init__(
        self, session: Session, landscape: Landscape, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._landscape = session, landscape
        self._worker = Worker("stationary points", self, self._on_finished, self._on_failed)
        session.ended.connect(self._worker.stop)
        self._asked: StationaryQuestion | None = None
        self._answer: StationarySet | None = None
        self._chosen: int | None = None
        self.failure = ""

    # -- what there is -------------------------------------------------------------------------

    @property
    def question(self) -> StationaryQuestion | None:
        """What there is to ask; None of a large network, or where no box of weights is on view."""
        problem = self._session.experiment.problem
        if problem.network.n_params > MOST_PARAMS:
            return None
        if not isinstance(problem.feasible, WholeSpace):
            return StationaryQuestion(problem, None)
        window = self._window
        return None if window is None else StationaryQuestion(problem, window)

    @property
    def is_busy(self) -> bool:
        """Whether the points of the present question are being looked for."""
        return self._worker.is_busy

    @property
    def answer(self) -> StationarySet | None:
        """The points of the problem on view; those of a window stay until the next ones come."""
        answer, problem = self._answer, self._session.experiment.problem
        if answer is None or self.question is None or answer.question.problem != problem:
            return None
        return answer

    @property
    def chosen_place(self) -> int | None:
        """Which of the answer's points is chosen, from 0."""
        return None if self.answer is None else self._chosen

    @property
    def chosen_point(self) -> StationaryPoint | None:
        answer, place = self.answer, self.chosen_place
        return None if answer is None or place is None else answer.points[place]

    @property
    def _window(self) -> Box | None:
        plane, window = self._landscape.plane, self._landscape.shown_window
        return window_box(plane, window) or box_around(plane, window)

    # -- requests ------------------------------------------------------------------------------

    def ask(self) -> None:
        """Look for the points, if they are neither known nor being looked for."""
        question = self.question
        if question == self._asked:
            return
        self._asked = question
        self.failure = ""
        if question is None:
            self._worker.cancel()
        else:
            self._worker.submit(QuestionJob(question))
        self.changed.emit()

    def complete(self) -> None:
        """Answer here and now; for pictures without an event loop."""
        self._worker.cancel()
        self._asked = self.question
        if self._asked is not None:
            self._take(self._asked.answer())

    def choose(self, place: int | None) -> None:
        """Choose one of the answer's points, from 0, or none."""
        if place != self._chosen:
            self._chosen = place
            self.chosen.emit()

    # -- inside --------------------------------------------------------------------------------

    def _take(self, answer: StationarySet) -> None:
        # Of another answer the first point is chosen: the lowest.
        self._answer = answer
        self._chosen = 0 if answer.points else None
        self.changed.emit()
        self.chosen.emit()

    @Slot(object, object)
    def _on_finished(self, _job: QuestionJob[StationaryQuestion], answer: StationarySet) -> None:
        self._take(answer)

    @Slot(object, str)
    def _on_failed(self, _job: QuestionJob[StationaryQuestion], message: str) -> None:
        self.failure = message
        self.changed.emit()
