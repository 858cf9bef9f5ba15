"""The lens bench: where the ε-lens lies, and what is proved under it."""

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal, Slot

from mlpsim.core.arrays import Array
from mlpsim.core.proofs import LENS_PARAMS
from mlpsim.session.landscape import Landscape
from mlpsim.session.session import Session
from mlpsim.session.worker import QuestionJob, Worker

if TYPE_CHECKING:  # the proofs are imported when the lens is first laid down
    from mlpsim.core.proofs.lens import LensAnswer, LensQuestion
    from mlpsim.core.proofs.neighbourhood import Shape

# 0.01, 0.013, 0.016, 0.02 …: ten steps to a decade.
EPSILONS = tuple(float(f"{10.0 ** (step / 10.0):.2g}") for step in range(-40, 21))
EPSILON, DELTA = 0.5, 1e-9
PATIENCE_MS = 150  # for an answer to a lens that has moved on meanwhile
NUDGE = 0.01  # of the window's width


class LensBench(QObject):
    """Owns z, ε, the shape and δ, and has a worker prove what holds there, while it is on.

    While the lens is dragged, each answer that is soon there is shown; one that takes long gives
    way to the newest question. An answer to another question is soon taken down.
    """

    changed = Signal()  # switched, moved, or an answer has come
    switched = Signal(bool)

    def __init__(
        self, session: Session, landscape: Landscape, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._landscape = session, landscape
        self.is_on = False
        self.z = np.empty(0)  # nowhere yet
        self.epsilon, self.delta = EPSILON, DELTA
        self.shape: Shape = "disc"
        self.failure = ""
        self._answer: LensAnswer | None = None
        self._asked: LensQuestion | None = None
        self._waiting = False
        self._worker = Worker("lens", self, self._on_finished, self._on_failed)
        session.ended.connect(self._worker.stop)
        self._patience = QTimer(self, singleShot=True, interval=PATIENCE_MS)
        self._patience.setObjectName("lens patience")
        self._patience.timeout.connect(self._lose_patience)
        session.experiment_changed.connect(self._on_experiment_changed)
        session.run_started.connect(self._on_run_started)
        session.ended.connect(self._patience.stop)

    # -- what there is -------------------------------------------------------------------------

    @property
    def is_possible(self) -> bool:
        """Whether the network has few enough parameters."""
        return self._session.experiment.problem.network.n_params <= LENS_PARAMS

    @property
    def is_shown(self) -> bool:
        """Whether the lens lies on the map: where the map's axes are weights."""
        plane = self._landscape.plane
        return self.is_on and bool(plane.parameters) and len(plane.origin) == len(self.z)

    @property
    def answer(self) -> "LensAnswer | None":
        """What is proved of the problem on view, under the lens or where it was just before."""
        answer = self._answer
        if answer is None or answer.question.problem != self._session.experiment.problem:
            return None
        return answer

    @property
    def is_settled(self) -> bool:
        """Whether the answer is about the lens as it lies."""
        return self._answer is not None and self._answer.question == self._asked

    # -- requests ------------------------------------------------------------------------------

    def set_on(self, on: bool) -> None:
        """Lay the lens over the map, the first time around the state on view, or take it away."""
        if on == self.is_on or (on and not self.is_possible):
            return
        self.is_on = on
        if on:
            self._fit()
            self._ask()
        else:
            self._drop()
        self.switched.emit(on)
        self.changed.emit()

    def move(self, z: Array) -> None:
        """Put the lens elsewhere: on the nearest point of C."""
        if len(z) == len(self.z) and np.isfinite(z).all():
            self.z = self._session.experiment.problem.feasible.project(z)
            self._ask()
            self.changed.emit()

    def to_state(self) -> None:
        """Put it around the state on view."""
        self.move(self._session.theta)

    def nudge(self, right: int, up: int) -> None:
        """Move it by some hundredths of the window along the map's axes."""
        plane = self._landscape.plane
        if self.is_shown:
            step = float(f"{NUDGE * self._landscape.window.width:.1g}")
            z = self.z.copy()
            for place, count in zip(plane.parameters, (right, up), strict=False):
                z[place] = float(f"{z[place] + count * step:.12g}")
            self.move(z)

    def set_epsilon(self, epsilon: float) -> None:
        """Make the neighbourhood smaller or larger."""
        self.epsilon = epsilon
        self._ask()
        self.changed.emit()

    def step_epsilon(self, up: bool) -> None:
        """The next larger or smaller of the usual sizes."""
        place = bisect_right(EPSILONS, self.epsilon) if up else bisect_left(EPSILONS, self.epsilon)
        self.set_epsilon(EPSILONS[min(max(place if up else place - 1, 0), len(EPSILONS) - 1)])

    def set_shape(self, shape: "Shape") -> None:
        """A disc or a square."""
        self.shape = shape
        self._ask()
        self.changed.emit()

    def set_delta(self, delta: float) -> None:
        """How much lower than z a point may be in "up to δ"."""
        self.delta = delta
        self._ask()
        self.changed.emit()

    def complete(self) -> None:
        """Answer here and now; for pictures without an event loop."""
        if self.is_on:
            self._drop()
            self._asked = self._question()
            self._answer = self._asked.answer()
            self.changed.emit()

    # -- inside --------------------------------------------------------------------------------

    def _question(self) -> "LensQuestion":
        from mlpsim.core.proofs.lens import LensQuestion
        from mlpsim.core.proofs.neighbourhood import Lens

        lens = Lens(tuple(self.z.tolist()), self.epsilon, self.shape)
        return LensQuestion(self._session.experiment.problem, lens, self.delta)

    def _fit(self) -> None:
        """A lens that fits the problem on view."""
        problem, theta = self._session.experiment.problem, self._session.theta
        z = self.z if len(self.z) == problem.network.n_params else theta
        self.z = problem.feasible.project(z)

    def _ask(self) -> None:
        if not self.is_on:
            return
        question = self._question()
        if question == self._asked:
            self._waiting = False
        elif self._patience.isActive():
            self._waiting = True
        else:
            self._submit(question)

    def _submit(self, question: "LensQuestion") -> None:
        self._asked, self._waiting, self.failure = question, False, ""
        self._worker.submit(QuestionJob(question))
        self._patience.start()

    def _drop(self) -> None:
        self._patience.stop()
        self._worker.cancel()
        self._asked, self._answer, self._waiting, self.failure = None, None, False, ""

    @Slot(object, object)
    def _on_finished(self, _job: "QuestionJob[LensQuestion]", answer: "LensAnswer") -> None:
        self._answer = answer
        self._patience.stop()
        if self._waiting:
            self._submit(self._question())
        self.changed.emit()

    @Slot(object, str)
    def _on_failed(self, _job: "QuestionJob[LensQuestion]", message: str) -> None:
        self._drop()
        self.failure = message
        self.changed.emit()

    @Slot()
    def _lose_patience(self) -> None:
        self._answer = None
        if self._waiting:
            self._submit(self._question())
        self.changed.emit()

    @Slot()
    def _on_run_started(self) -> None:
        self._on_experiment_changed(self._session.experiment)

    @Slot(object)
    def _on_experiment_changed(self, experiment: object) -> None:
        if not self.is_possible:
            self.set_on(False)
        elif self.is_on:
            self._fit()
            self._ask()
            self.changed.emit()
