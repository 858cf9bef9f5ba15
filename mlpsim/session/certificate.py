"""The certificate: what is proved about (OP) as it stands on screen."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from mlpsim.core.feasible import Box, WholeSpace
from mlpsim.core.proofs.question import Answer, OptimumQuestion, box_around, window_box
from mlpsim.session.landscape import Landscape
from mlpsim.session.session import Session
from mlpsim.session.worker import Worker

FEW = 3  # parameters up to which an answer is there within a second or two
PATIENCE = 4.0  # for more, when asked for
LOOK_MS = 100

Reached = tuple[float, float, float]  # bounds of f*, and the share of the search at most


class Channel:
    """One reference each way between a job under way and the window."""

    def __init__(self) -> None:
        self.reached: Reached | None = None  # written by the worker
        self.is_ended = False  # written by the window: answer with what there is

    def report(self, f_lo: float, f_hi: float, share: float) -> None:
        self.reached = f_lo, f_hi, share


@dataclass(frozen=True, eq=False)
class CertifyJob:
    """A job: a question's certified answer; ended early, with the bounds reached so far."""

    question: OptimumQuestion
    channel: Channel = field(default_factory=Channel)

    def run(self, cancelled: Callable[[], bool]) -> Answer:
        answer = self.question.answer(
            lambda: cancelled() or self.channel.is_ended, self.channel.report
        )
        return replace(answer, is_stopped=self.channel.is_ended)


class Certificate(QObject):
    """Owns the question of (OP) on view and its answer, and looks for it when asked.

    What shows the answer calls ``ask`` whenever the question may be another one.
    """

    changed = Signal()  # an answer has come, a search has begun or failed
    progressed = Signal(float, float, float)  # what a search under way has ``reached``

    def __init__(
        self, session: Session, landscape: Landscape, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._landscape = session, landscape
        self._worker = Worker("certificate", self, self._on_finished, self._on_failed)
        session.ended.connect(self._worker.stop)
        self._asked: OptimumQuestion | None = None
        self._job: CertifyJob | None = None
        self._answer: Answer | None = None
        self.failure = ""
        self._look = QTimer(self, interval=LOOK_MS)
        self._look.setObjectName("certificate look")
        self._look.timeout.connect(self._tell)
        session.ended.connect(self._look.stop)

    # -- what there is -------------------------------------------------------------------------

    @property
    def is_cheap(self) -> bool:
        """Whether the problem is small enough to be answered unasked."""
        return self._session.experiment.problem.network.n_params <= FEW

    @property
    def is_busy(self) -> bool:
        """Whether an answer to the present question is being looked for."""
        return self._job is not None and self._is_present(self._job.question)

    @property
    def reached(self) -> Reached | None:
        """Bounds of f* that a search under way has reached, and how far it is."""
        return self._job.channel.reached if self._job is not None and self.is_busy else None

    @property
    def answer(self) -> Answer | None:
        """The answer for the problem on view; that for a window stays until the next one comes."""
        answer = self._answer
        return answer if answer is not None and self._is_present(answer.question) else None

    @property
    def is_settled(self) -> bool:
        """Whether a search for the present question came to its own end: another finds no more."""
        answer = self._answer
        return answer is not None and not answer.is_stopped and answer.question == self.question

    @property
    def question(self) -> OptimumQuestion:
        """What there is to ask now."""
        problem = self._session.experiment.problem
        landscape = self._landscape
        window = None
        if isinstance(problem.feasible, WholeSpace):
            window = window_box(landscape.plane, landscape.shown_window)
        return OptimumQuestion(problem, window, 1.0 if self.is_cheap else PATIENCE)

    @property
    def window(self) -> Box | None:
        """What is on screen as a set C; None where the plane's axes are no parameters."""
        return box_around(self._landscape.plane, self._landscape.shown_window)

    # -- requests ------------------------------------------------------------------------------

    def ask(self) -> None:
        """Look for the answer, if it is cheap, neither known nor being looked for."""
        question = self.question
        if question == self._asked:
            return
        if self.is_cheap:
            self._submit(question)
        elif self._job is not None and not self.is_busy:
            self._drop()

    def certify(self) -> None:
        """Look for the answer, whatever it costs."""
        self._submit(self.question)

    def end(self) -> None:
        """Answer with the bounds reached so far."""
        if self._job is not None:
            self._job.channel.is_ended = True

    def complete(self) -> None:
        """Answer here and now what is cheap; for pictures without an event loop."""
        if self.is_cheap:
            self._drop()
            self._asked = self.question
            self._take(self._asked.answer())

    def use_window(self) -> None:
        """Make what is on screen the feasible set C, as one undoable edit."""
        box = self.window
        if box is not None:
            self._session.edit_problem("C = window on screen", feasible=box)

    # -- inside --------------------------------------------------------------------------------

    def _is_present(self, question: OptimumQuestion) -> bool:
        problem = self._session.experiment.problem
        return question.problem is problem or question.problem == problem

    def _submit(self, question: OptimumQuestion) -> None:
        self._asked = question
        self._job = CertifyJob(question)
        self.failure = ""
        self._worker.submit(self._job)
        self._look.start()
        self.changed.emit()

    def _drop(self) -> None:
        self._look.stop()
        self._worker.cancel()
        self._asked = self._job = None

    def _take(self, answer: Answer) -> None:
        self._job = None
        self._look.stop()
        self._answer = answer
        self.changed.emit()

    @Slot(object, object)
    def _on_finished(self, job: CertifyJob, answer: Answer) -> None:
        # The worker drops what is superseded: this answers what was asked last.
        self._take(answer)

    @Slot(object, str)
    def _on_failed(self, job: CertifyJob, message: str) -> None:
        self._job = None
        self._look.stop()
        self.failure = message
        self.changed.emit()

    @Slot()
    def _tell(self) -> None:
        reached = self.reached
        if reached is not None:
            self.progressed.emit(*reached)
