"""The error mapper: keeps the maps of the samples' errors in step with the landscape."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal, Slot

from mlpsim.core.looks.error_maps import ErrorMaps, error_maps
from mlpsim.core.plane import Plane
from mlpsim.core.problem import Problem
from mlpsim.core.surface import Surface
from mlpsim.core.window import Window
from mlpsim.session.landscape import Landscape
from mlpsim.session.session import Session
from mlpsim.session.worker import Worker

Answer = tuple[ErrorMaps, Surface]


@dataclass(frozen=True, eq=False)
class MapsJob:
    """A job: the maps of some samples, and the sum of all parts but those left out."""

    problem: Problem
    plane: Plane
    window: Window
    samples: tuple[int, ...]
    left_out: frozenset[int]

    def run(self, cancelled: Callable[[], bool] = lambda: False) -> Answer | None:
        maps = error_maps(self.problem, self.plane, self.window, self.samples, cancelled)
        return None if maps is None else SumJob(maps, self.left_out).run(cancelled)


@dataclass(frozen=True, eq=False)
class SumJob:
    """A job: another sum of maps that are there already."""

    maps: ErrorMaps
    left_out: frozenset[int]

    def run(self, cancelled: Callable[[], bool] = lambda: False) -> Answer:
        _ = self.maps.parts  # computed here, not when painted
        return self.maps, self.maps.total(frozenset(self.maps.keys) - self.left_out)


class ErrorMapper(QObject):
    """Has maps and their sum computed when it is asked: ``maps`` and ``total``, the last answer."""

    changed = Signal()

    def __init__(
        self, session: Session, landscape: Landscape, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._landscape = session, landscape
        self._worker = Worker("error maps", self, self._on_finished, self._on_failed)
        session.ended.connect(self._worker.stop)
        self._asked: tuple[object, ...] = ()
        self._summed: frozenset[int] = frozenset()
        self._is_mapping = False
        self.maps: ErrorMaps | None = None
        self.total: Surface | None = None

    @property
    def is_possible(self) -> bool:
        """Whether there is a plane to map the errors over."""
        return not self._landscape.plane.is_line

    @property
    def is_busy(self) -> bool:
        return self._worker.is_busy

    def ask(self, samples: tuple[int, ...], left_out: frozenset[int]) -> None:
        """Have these maps computed, and the sum without some parts; nothing if they are there.

        Where there is no plane, those of before are forgotten.
        """
        job = self._next(samples, left_out)
        if job is not None:
            self._worker.submit(job)

    def complete(self, samples: tuple[int, ...], left_out: frozenset[int]) -> None:
        """The same, here and now; for pictures without an event loop."""
        self._asked = ()
        job = self._next(samples, left_out)
        if job is not None:
            self._worker.cancel()
            answer = job.run()
            assert answer is not None  # nothing cancels it
            self._on_finished(job, answer)

    def _next(self, samples: tuple[int, ...], left_out: frozenset[int]) -> MapsJob | SumJob | None:
        if not self.is_possible:
            self._worker.cancel()
            self._asked, self.maps, self.total = (), None, None
            return None
        landscape = self._landscape
        problem, plane, window = landscape.problem, landscape.plane, landscape.shown_window
        asked = (problem, plane, window, samples)
        is_same = bool(self._asked) and self._asked[0] is problem and self._asked[1:] == asked[1:]
        if is_same and left_out == self._summed:
            return None
        is_mapped = is_same and not self._is_mapping
        self._asked, self._summed = asked, left_out
        if is_mapped and self.maps is not None:
            return SumJob(self.maps, left_out)
        self._is_mapping = True
        return MapsJob(problem, plane, window, samples, left_out)

    @Slot(object, object)
    def _on_finished(self, job: object, answer: Answer) -> None:
        self._is_mapping = False
        self.maps, self.total = answer
        self.changed.emit()

    @Slot(object, str)
    def _on_failed(self, _job: object, message: str) -> None:
        self._session.fail(message)
