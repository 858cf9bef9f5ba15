"""The sampler: one worker that samples a surface ever finer, and gives way to what is newer."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal, Slot

from mlpsim.core.surface import Surface
from mlpsim.session.surface_job import Detail, Part, SurfaceJob, first_detail, next_detail
from mlpsim.session.worker import Worker

Make = Callable[[Detail], SurfaceJob]


class Sampler(QObject):
    """Asks for surfaces of the present, which ``make`` describes for a detail.

    Where a surface is dear, coarser ones come first. While requests come faster than surfaces,
    each answer is shown before the next is asked for.
    """

    sampled = Signal(object)
    progressed = Signal(float)
    failed = Signal(str)

    def __init__(self, make: Make, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._make = make
        self._job: SurfaceJob | None = None
        self._waiting = False
        self._known: tuple[SurfaceJob, Surface] | None = None  # the last surface, and its job
        self._worker = Worker("surface", self, self._on_finished, self._on_failed)

    @property
    def has_begun(self) -> bool:
        """Whether anything was ever asked for."""
        return self._job is not None

    @property
    def is_busy(self) -> bool:
        """Whether a surface is being computed or waits to be."""
        return self._job is None or self._worker.is_busy

    def ask(self, hurried: bool = False) -> None:
        """Ask for the surface, a coarse one first where it is dear or requests come fast.

        An answer that is soon there is waited for.
        """
        job = self._job
        if job is not None and self._worker.is_busy and (job.detail == "coarse" or job.is_cheap):
            self._waiting = True
            return
        self._waiting = False
        fine = self._make("fine")
        is_fine = not hurried and first_detail(fine.problem, fine.engine) == "fine"
        self._submit(fine if is_fine else self._make("coarse"))

    def complete(self) -> Surface:
        """The finished surface: the one that is there, or computed here and now."""
        self._worker.cancel()
        self._waiting = False
        self._job = job = self._make("fine")
        if self._known is not None and job.is_same_as(self._known[0]):
            return self._known[1]
        self._known = job, job.finish()
        return self._known[1]

    def stop(self) -> None:
        """End the worker."""
        self._worker.stop()

    def _submit(self, job: SurfaceJob) -> None:
        self._job = job
        self._worker.submit(job)

    @Slot(object, object)
    def _on_finished(self, job: SurfaceJob, answer: Surface | Part) -> None:
        # The worker drops the answer to a cancelled job, so it is never None here.
        if isinstance(answer, Part):
            self._submit(job.going_on(answer))
            self.progressed.emit(answer.share)
            return
        self._known = job, answer
        self.sampled.emit(answer)
        finer = next_detail(job.problem, job.detail, job.engine)
        if self._waiting:
            self.ask(hurried=True)
        elif finer is not None and not self._worker.is_busy:
            self._submit(self._make(finer))

    @Slot(object, str)
    def _on_failed(self, job: SurfaceJob, message: str) -> None:
        self.failed.emit(message)
        if self._waiting:
            self.ask()
