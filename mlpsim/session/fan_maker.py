"""The fan maker: has an experiment run with many seeds when it is asked."""

from collections.abc import Callable
from dataclasses import dataclass, field

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from mlpsim.core.studies.fan import Ball, Fan, FanQuestion, fan, noise_balls
from mlpsim.session.landscape import Landscape
from mlpsim.session.session import Session
from mlpsim.session.worker import Worker

LOOK_MS = 100


class Progress:
    """How far a job is, for the window to look at: written by the worker alone."""

    def __init__(self) -> None:
        self.share = 0.0

    def report(self, share: float) -> None:
        self.share = share


@dataclass(frozen=True, eq=False)
class FanJob:
    """A job: the fan of a question; None when it was cancelled."""

    question: FanQuestion
    progress: Progress = field(default_factory=Progress)

    def run(self, cancelled: Callable[[], bool]) -> Fan | None:
        return fan(self.question, cancelled, self.progress.report)


@dataclass(frozen=True, eq=False)
class BallsJob:
    """A job: the noise balls of a question; None when it was cancelled."""

    question: FanQuestion
    progress: Progress = field(default_factory=Progress)

    def run(self, cancelled: Callable[[], bool]) -> tuple[Ball, ...] | None:
        return noise_balls(self.question, cancelled, self.progress.report)


class FanMaker(QObject):
    """Owns the fan and the noise balls; each stands for the experiment that it was made with."""

    changed = Signal()

    def __init__(
        self, session: Session, landscape: Landscape, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._worker: Worker | None = None
        self._job: FanJob | BallsJob | None = None
        self._fan: Fan | None = None
        self._balls: tuple[FanQuestion, tuple[Ball, ...]] | None = None
        self.failure = ""
        self._look = QTimer(self)
        self._look.setObjectName("seeds look")
        self._look.setInterval(LOOK_MS)
        self._look.timeout.connect(self._tell)
        landscape.stopped.connect(self._stop)

    @property
    def share(self) -> float | None:
        """How much of a job under way is done; None where none is."""
        return None if self._job is None else self._job.progress.share

    @property
    def fan(self) -> Fan | None:
        """The fan of the experiment on view."""
        found = self._fan
        return found if found is not None and self._is_present(found.question) else None

    @property
    def balls(self) -> tuple[Ball, ...]:
        """The noise balls of the experiment on view; none until they are asked for."""
        if self._balls is None or not self._is_present(self._balls[0]):
            return ()
        return self._balls[1]

    def ask_fan(self, seeds: int, steps: int) -> None:
        """Have the experiment run with so many seeds, so many steps each."""
        self._ask(FanJob(self._question(seeds, steps)))

    def ask_balls(self, seeds: int, steps: int) -> None:
        """The same for a fourth, a half and the double of η too, for their noise balls."""
        self._ask(BallsJob(self._question(seeds, steps)))

    def complete(self, seeds: int, steps: int) -> None:
        """A fan here and now; for pictures without an event loop."""
        self._fan = fan(self._question(seeds, steps))
        self.changed.emit()

    def cancel(self) -> None:
        """Stop what is under way."""
        if self._worker is not None and self._job is not None:
            self._worker.cancel()
            self._end()

    def _question(self, seeds: int, steps: int) -> FanQuestion:
        return FanQuestion(self._session.experiment, seeds, steps)

    def _ask(self, job: FanJob | BallsJob) -> None:
        if self._worker is None:
            self._worker = Worker("seeds", self)
            self._worker.finished.connect(self._on_finished)
            self._worker.failed.connect(self._on_failed)
        self.failure, self._job = "", job
        self._worker.submit(job)
        self._look.start()
        self.changed.emit()

    def _is_present(self, question: FanQuestion) -> bool:
        return question.experiment == self._session.experiment

    def _end(self) -> None:
        self._job = None
        self._look.stop()
        self.changed.emit()

    @Slot(object, object)
    def _on_finished(self, job: FanJob | BallsJob, answer: Fan | tuple[Ball, ...]) -> None:
        """A worker never tells what came of a job that was cancelled: there is an answer."""
        if isinstance(answer, Fan):
            self._fan = answer
        else:
            self._balls = (job.question, answer)
        self._end()

    @Slot(object, str)
    def _on_failed(self, job: FanJob | BallsJob, message: str) -> None:
        self.failure = message
        self._end()

    @Slot()
    def _tell(self) -> None:
        self.changed.emit()

    @Slot()
    def _stop(self) -> None:
        self._look.stop()
        if self._worker is not None:
            self._worker.stop()
