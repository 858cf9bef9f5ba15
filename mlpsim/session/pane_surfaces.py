"""Pane surfaces: those of several problems over one window of one plane, coarse ones first."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal, Slot

from mlpsim.core.identity import are_same
from mlpsim.core.plane import Plane
from mlpsim.core.problem import Problem
from mlpsim.core.surface import Surface
from mlpsim.core.window import Window
from mlpsim.session.session import Session
from mlpsim.session.surface_job import Detail, Part, SurfaceJob, next_detail, surface_job
from mlpsim.session.worker import Worker


class PaneSurfaces(QObject):
    """Owns the surfaces that were asked for last; a problem that comes again is computed once."""

    changed = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.failure = ""
        self._problems: tuple[Problem, ...] = ()
        self._where: tuple[Plane, Window] | None = None
        self._surfaces: list[tuple[Problem, Surface]] = []
        self._waiting: list[tuple[Problem, Detail]] = []
        self._is_complete = False  # here and now, without the worker
        self._worker = Worker("pane surfaces", self, self._on_finished, self._on_failed)
        session.ended.connect(self._worker.stop)

    @property
    def is_busy(self) -> bool:
        """Whether a surface is being computed or waits to be."""
        return self._worker.is_busy

    def surface(self, problem: Problem) -> Surface | None:
        """The surface of a problem, as fine as it is known; None where there is none yet."""
        for known, surface in self._surfaces:
            if known is problem or known == problem:
                return surface
        return None

    def ask(self, problems: Sequence[Problem], plane: Plane, window: Window) -> None:
        """Have the surfaces of these problems computed, unless they were asked for already.

        Over another window of the same plane the old ones are kept until the new ones are there.
        """
        if not self._take(problems, plane, window):
            return
        self._waiting = [(problem, "coarse") for problem in self._problems]
        self._next()

    def complete(self, problems: Sequence[Problem], plane: Plane, window: Window) -> None:
        """The same surfaces, finished here and now; for pictures without an event loop."""
        if not self._take(problems, plane, window) and self._is_complete:
            return
        self._worker.cancel()
        for problem in self._problems:
            job = surface_job(problem, plane, window, None, "fine", self._session.next_engine)
            self._put(problem, job.finish())
        self._is_complete = True

    # -- inside --------------------------------------------------------------------------------

    def _take(self, problems: Sequence[Problem], plane: Plane, window: Window) -> bool:
        """Take note of what is asked for; whether that is anything new."""
        distinct: list[Problem] = []
        for problem in problems:
            if not any(problem is other or problem == other for other in distinct):
                distinct.append(problem)
        before, where = self._where, (plane, window)
        if where == before and are_same(distinct, self._problems):
            return False
        if before is None or before[0] is not plane:
            self._surfaces = []
        self._problems, self._where, self.failure = tuple(distinct), where, ""
        self._is_complete = False
        self._surfaces = [
            (problem, surface)
            for problem in distinct
            if (surface := self.surface(problem)) is not None
        ]
        return True

    def _next(self) -> None:
        if self._waiting and self._where is not None:
            problem, detail = self._waiting.pop(0)
            engine = self._session.next_engine
            self._worker.submit(surface_job(problem, *self._where, None, detail, engine))

    def _put(self, problem: Problem, surface: Surface) -> None:
        others = [entry for entry in self._surfaces if entry[0] is not problem]
        self._surfaces = [*others, (problem, surface)]

    @Slot(object, object)
    def _on_finished(self, job: SurfaceJob, answer: Surface | Part) -> None:
        if isinstance(answer, Part):
            self._worker.submit(job.going_on(answer))
            return
        self._put(job.problem, answer)
        finer = next_detail(job.problem, job.detail, job.engine)
        if finer is not None:
            self._waiting.append((job.problem, finer))
        self._next()
        self.changed.emit()

    @Slot(object, str)
    def _on_failed(self, _job: SurfaceJob, message: str) -> None:
        self.failure = message
        self._waiting = []
        self.changed.emit()
