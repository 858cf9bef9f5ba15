"""The basin mapper: has the basins of the window on view mapped when it is asked."""

from PySide6.QtCore import QObject, Signal, Slot

from mlpsim.core.studies.basins import BasinMap, BasinQuestion, basin_map
from mlpsim.session.errand import Errand, StudyJob
from mlpsim.session.landscape import Landscape
from mlpsim.session.session import Session


class BasinMapper(QObject):
    """Owns the map of the basins, coarse while the fine one is computed.

    A map stands for the experiment, but for its start, that it was made with.
    """

    changed = Signal()

    def __init__(
        self, session: Session, landscape: Landscape, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._landscape = session, landscape
        self.errand = Errand("basins", self)
        session.ended.connect(self.errand.stop)
        self.errand.answered.connect(self._on_answered)
        self.errand.changed.connect(self.changed)
        self._map: BasinMap | None = None

    @property
    def is_possible(self) -> bool:
        """Whether there is a plane whose places are starts."""
        return not self._landscape.plane.is_line

    @property
    def map(self) -> BasinMap | None:
        """The map that stands for what is on view."""
        found = self._coarse() or self._map
        return found if found is not None and self._is_present(found.question) else None

    def question(self, steps: int, side: int) -> BasinQuestion:
        """What there is to ask of the plane, and of all that is seen of it."""
        landscape, session = self._landscape, self._session
        return BasinQuestion(
            *(session.experiment, landscape.plane, landscape.shown_window),
            *(steps, side, session.next_engine),
        )

    def ask(self, steps: int, side: int) -> None:
        """Have what is seen mapped: ``side``² starts, so many steps each."""
        self.errand.run(StudyJob(basin_map, self.question(steps, side)))

    def complete(self, steps: int, side: int) -> None:
        """The same, here and now; for pictures without an event loop."""
        self._map = basin_map(self.question(steps, side))
        self.changed.emit()

    def cancel(self) -> None:
        """Stop mapping; a coarse map that is there stays."""
        self._map = self._coarse() or self._map
        self.errand.cancel()

    def _coarse(self) -> BasinMap | None:
        job = self.errand.job
        return None if job is None else job.progress.part

    def _is_present(self, question: BasinQuestion) -> bool:
        now, then = self._session.experiment, question.experiment
        return (
            now.problem == then.problem
            and (now.optimizer, now.schedule) == (then.optimizer, then.schedule)
            and (now.sampling, now.scaling) == (then.sampling, then.scaling)
        )

    @Slot(object, object)
    def _on_answered(self, _job: StudyJob, answer: BasinMap) -> None:
        self._map = answer
        self.changed.emit()
