"""The fan maker: has an experiment run with many seeds when it is asked."""

from PySide6.QtCore import QObject, Signal, Slot

from mlpsim.core.studies.fan import Fan, FanQuestion, NoiseBall, fan, noise_balls
from mlpsim.session.errand import Errand, StudyJob
from mlpsim.session.session import Session


class FanMaker(QObject):
    """Owns the fan and the noise balls; each stands for the experiment that it was made with."""

    changed = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.errand = Errand("seeds", self)
        session.ended.connect(self.errand.stop)
        self.errand.answered.connect(self._on_answered)
        self.errand.changed.connect(self.changed)
        self._fan: Fan | None = None
        self._balls: tuple[FanQuestion, tuple[NoiseBall, ...]] | None = None

    @property
    def fan(self) -> Fan | None:
        """The fan of the experiment on view."""
        found = self._fan
        return found if found is not None and self._is_present(found.question) else None

    @property
    def balls(self) -> tuple[NoiseBall, ...]:
        """The noise balls of the experiment on view; none until they are asked for."""
        if self._balls is None or not self._is_present(self._balls[0]):
            return ()
        return self._balls[1]

    def ask_fan(self, seeds: int, steps: int) -> None:
        """Have the experiment run with so many seeds, so many steps each."""
        self.errand.run(StudyJob(fan, self._question(seeds, steps)))

    def ask_balls(self, seeds: int, steps: int) -> None:
        """The same for a fourth, a half and the double of η too, for their noise balls."""
        self.errand.run(StudyJob(noise_balls, self._question(seeds, steps)))

    def complete(self, seeds: int, steps: int) -> None:
        """A fan here and now; for pictures without an event loop."""
        self._fan = fan(self._question(seeds, steps))
        self.changed.emit()

    def _question(self, seeds: int, steps: int) -> FanQuestion:
        return FanQuestion(self._session.experiment, seeds, steps, self._session.next_engine)

    def _is_present(self, question: FanQuestion) -> bool:
        return question.experiment == self._session.experiment

    @Slot(object, object)
    def _on_answered(self, job: StudyJob, answer: Fan | tuple[NoiseBall, ...]) -> None:
        if isinstance(answer, Fan):
            self._fan = answer
        else:
            self._balls = (job.question, answer)
        self.changed.emit()
