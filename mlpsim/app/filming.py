"""Filming: the window or a panel as an animation, from the first step of the run to its last."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from queue import Queue

from PIL import Image
from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtWidgets import QWidget

from mlpsim.app.animation import (
    frame_steps,
    image_of,
    interface_colours,
    sample_steps,
    shared_palette,
    write_animation,
)
from mlpsim.app.boxes import warn
from mlpsim.app.export import picture
from mlpsim.app.stage import Stage
from mlpsim.session.worker import Worker
from mlpsim.views.context import Context
from mlpsim.views.widgets.waiting import Waiting

MOST_FRAMES = 240
FPS = 20.0
AHEAD = 4  # frames that wait for the worker


class _CancelledError(Exception):
    """The person has cancelled: no file is written."""


@dataclass(frozen=True, eq=False)
class FilmJob:
    """A job: encode the frames of a queue, None being the last; answers whether a file is there."""

    path: Path
    palette: Image.Image | None
    frames: "Queue[Image.Image | None]"

    def run(self, cancelled: Callable[[], bool]) -> bool:
        def taken() -> Iterator[Image.Image]:
            while (frame := self.frames.get()) is not None:
                yield frame
                if cancelled():
                    raise _CancelledError
            if cancelled():
                raise _CancelledError

        try:
            write_animation(self.path, taken(), self.palette, FPS)
        except _CancelledError:
            return False
        return True


class Filming(QObject):
    """Shows one step after the other, takes its picture, and hands it to a worker that encodes.

    The state that was on view comes back at the end. While filming, the window takes no input but
    Cancel.
    """

    def __init__(self, context: Context, window: QWidget) -> None:
        super().__init__(window)
        self._context, self._window = context, window
        self._worker = Worker("filming", self)
        self._worker.finished.connect(self._on_finished)
        self._worker.failed.connect(self._on_failed)
        self._job: FilmJob | None = None
        self._stage: Stage | None = None
        self._left: list[int] = []
        self._cursor = 0
        self._waiting = Waiting("filming progress", window)
        self._waiting.cancelled.connect(self._cancel)
        self._count = 0
        self._timer = QTimer(self)
        self._timer.setObjectName("filming")
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._take)

    @property
    def is_busy(self) -> bool:
        return self._job is not None

    def film(self, widget: QWidget, path: Path) -> None:
        """Write an animation of a widget in the form that the path's ending names."""
        if self.is_busy:
            return
        session = self._context.session
        self._context.player.pause()
        self._cursor = session.cursor
        last = session.run.last
        self._left = frame_steps(0, last, max(1, -(-last // MOST_FRAMES)))
        self._stage = Stage(widget, self._context)
        self._count = len(self._left)
        self._waiting.begin(f"Filming {self._count} frames …", self._count, patience=0)
        palette = None
        if path.suffix.lower() == ".gif":
            samples = [self._picture(k) for k in sample_steps(self._left)]
            palette = shared_palette(samples, interface_colours(self._context.appearance.theme))
        self._job = FilmJob(path, palette, Queue())
        self._worker.submit(self._job)
        self._timer.start()

    def stop(self) -> None:
        """End the worker; nothing is filmed afterwards."""
        if self.is_busy:
            self._cancel()
        self._worker.stop()

    def _picture(self, k: int) -> Image.Image:
        assert self._stage is not None
        self._stage.show(k)
        return image_of(picture(self._stage.widget, 1.0))

    @Slot()
    def _take(self) -> None:
        """One frame, unless the worker has enough to do."""
        job = self._job
        if job is None or job.frames.qsize() >= AHEAD:
            return
        self._timer.stop()  # showing a step lets events come
        frame = self._picture(self._left.pop(0))
        if self._job is not job:
            return
        job.frames.put(frame)
        self._waiting.tell(self._count - len(self._left) - 1)
        if self._left:
            self._timer.start()
        else:
            job.frames.put(None)

    @Slot()
    def _cancel(self) -> None:
        job = self._job
        if job is not None:
            self._worker.cancel()
            job.frames.put(None)  # the worker may be waiting for a frame
        self._end()

    def _end(self) -> None:
        self._timer.stop()
        self._job = self._stage = None
        self._waiting.end()
        self._context.session.seek(self._cursor)

    @Slot(object, object)
    def _on_finished(self, job: FilmJob, _is_written: bool) -> None:
        self._end()
        self._context.session.say(f"Saved as {job.path}.")

    @Slot(object, str)
    def _on_failed(self, job: FilmJob, message: str) -> None:
        self._end()
        warn(self._window, "filming box", f"{job.path.name} was not saved", message)
