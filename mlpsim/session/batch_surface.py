"""The batch's surface: what the step that leaves the state on view descends, over the plane."""

from collections import OrderedDict

import numpy as np
from PySide6.QtCore import QObject, Signal, Slot

from mlpsim.core.looks.bouquet import batch_problem
from mlpsim.core.problem import Problem
from mlpsim.core.surface import Isoline, Surface, isoline_at
from mlpsim.session.landscape import Landscape
from mlpsim.session.session import Session
from mlpsim.session.surface_job import Part, SurfaceJob, surface_job
from mlpsim.session.worker import Worker

KEPT = 32  # surfaces of batches that come again

Batch = tuple[int, ...]


class BatchSurface(QObject):
    """Computes the surface of the coming step's batch when it is asked for; keeps some of them."""

    changed = Signal()

    def __init__(
        self, session: Session, landscape: Landscape, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._landscape = session, landscape
        self._worker = Worker("batch surface", self, self._on_finished, self._on_failed)
        session.ended.connect(self._worker.stop)
        self._asked: Batch | None = None
        self._about: tuple[object, ...] = ()
        self._known: OrderedDict[Batch, Surface] = OrderedDict()

    @property
    def batch(self) -> Batch | None:
        """The samples (from 0) of the step that leaves the state on view; None: every sample."""
        session = self._session
        if session.experiment.sampling.is_full:
            return None
        return tuple(sorted(session.segment.batch(session.cursor + 1).tolist()))

    @property
    def surface(self) -> Surface | None:
        """The surface of that batch; None while it is not known."""
        batch = self.batch
        return None if batch is None or self._is_stale() else self._known.get(batch)

    def through_state(self) -> Isoline | None:
        """The isoline of that surface through the state on view, as the plane shows it."""
        surface, batch = self.surface, self.batch
        if surface is None or batch is None:
            return None
        plane, theta = self._landscape.plane, self._session.theta
        place = plane.point(*plane.project(theta).tolist())
        return isoline_at(surface, float(self._problem(batch).value(place)))

    def ask(self) -> None:
        """Have the surface of the present batch computed, unless it is known or under way."""
        batch, landscape = self.batch, self._landscape
        if batch is None or landscape.plane.is_line:
            return
        if self._is_stale():
            self._known.clear()
            self._asked = None
            self._about = self._present()
        if batch in self._known:
            self._known.move_to_end(batch)
        elif self._asked != batch:
            window, log = landscape.shown_window, landscape.log
            problem, engine = self._problem(batch), landscape.engine
            job = surface_job(problem, landscape.plane, window, log, "coarse", engine)
            self._asked = batch
            self._worker.submit(job)

    def _problem(self, batch: Batch) -> Problem:
        return batch_problem(self._landscape.problem, np.array(batch))

    def _present(self) -> tuple[object, ...]:
        landscape = self._landscape
        return landscape.problem, landscape.plane, landscape.shown_window, landscape.log

    def _is_stale(self) -> bool:
        """Whether what is known is of another problem, plane, window or scale."""
        now, then = self._present(), self._about
        return not then or now[0] is not then[0] or now[1:] != then[1:]

    @Slot(object, object)
    def _on_finished(self, job: SurfaceJob, surface: Surface | Part) -> None:
        if isinstance(surface, Part):
            self._worker.submit(job.going_on(surface))
            return
        # The worker drops what is superseded: this answers what was asked last.
        assert self._asked is not None
        self._known[self._asked] = surface
        self._asked = None
        if len(self._known) > KEPT:
            self._known.popitem(last=False)
        self.changed.emit()

    @Slot(object, str)
    def _on_failed(self, _job: SurfaceJob, message: str) -> None:
        self._session.fail(message)
