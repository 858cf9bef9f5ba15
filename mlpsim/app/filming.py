"""Filming: the window or a panel as an animation, from the first step of the run to its last."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from queue import Queue
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtWidgets import QWidget

from mlpsim.app.background import CancelledError
from mlpsim.app.boxes import warn
from mlpsim.app.reel import Reel
from mlpsim.app.refusal import RefusedError
from mlpsim.session.worker import Worker
from mlpsim.views.context import Context
from mlpsim.views.widgets.waiting import Waiting

if TYPE_CHECKING:  # Pillow, and what writes films with it, are imported when the first is made
    from PIL import Image

MOST_FRAMES = 240
FPS = 20.0
AHEAD = 4  # frames that wait for the worker


@dataclass(frozen=True, eq=False)
class FilmJob:
    """A job: encode the frames of a queue, None being the last; answers what it was refused for."""

    path: Path
    palette: "Image.Image | None"
    frames: "Queue[Image.Image | None]"

    def run(self, cancelled: Callable[[], bool]) -> str:
        """Why it was refused; empty where it is written, or cancelled."""
        from mlpsim.app.animation import write_animation

        def taken() -> "Iterator[Image.Image]":
            while (frame := self.frames.get()) is not None:
                yield frame
                if cancelled():
                    raise CancelledError
            if cancelled():
                raise CancelledError

        try:
            write_animation(self.path, taken(), self.palette, FPS)
        except CancelledError:
            return ""
        except RefusedError as refusal:
            return str(refusal)
        return ""


class Filming(QObject):
    """Takes the picture of one step after the other, and hands it to a worker that encodes.

    The state that was on view comes back at the end. While filming, the window takes no input but
    Cancel.
    """

    def __init__(self, context: Context, window: QWidget) -> None:
        super().__init__(window)
        self._context, self._window = context, window
        self.reel = Reel(context, self)
        self._worker = Worker("filming", self, self._on_finished, self._on_failed)
        self._job: FilmJob | None = None
        self._path = Path()
        self._left: list[int] = []
        self._samples: list[Image.Image] = []
        self._sampled: list[int] = []
        self._waiting = Waiting("filming progress", window)
        self._waiting.cancelled.connect(self._cancel)
        self._count = 0
        self._timer = QTimer(self, interval=0)
        self._timer.setObjectName("filming")
        self._timer.timeout.connect(self._go_on)
        self.reel.shown.connect(self._take)
        context.session.ended.connect(self.stop)

    @property
    def is_busy(self) -> bool:
        return self._count > 0

    def film(self, widget: QWidget, path: Path) -> None:
        """Write an animation of a widget in the form that the path's ending names."""
        if self.reel.is_turning:
            return
        from mlpsim.app.animation import frame_steps, sample_steps

        last = self.reel.last
        self._left = frame_steps(0, last, max(1, -(-last // MOST_FRAMES)))
        self._path, self._count, self._samples = path, len(self._left), []
        self._sampled = sample_steps(self._left) if path.suffix.lower() == ".gif" else []
        self._waiting.begin(f"Filming {self._count} frames …", self._count, patience=0)
        self.reel.begin(widget)
        if not self._sampled:
            self._begin_job(None)
        self._timer.start()

    @Slot()
    def stop(self) -> None:
        """End the worker; nothing is filmed afterwards."""
        if self.is_busy:
            self._cancel()
        self.reel.stop()
        self._worker.stop()

    def _begin_job(self, palette: "Image.Image | None") -> None:
        self._job = FilmJob(self._path, palette, Queue())
        self._worker.submit(self._job)

    @Slot()
    def _go_on(self) -> None:
        """The next frame, unless the worker has enough to do."""
        if self._job is not None and self._job.frames.qsize() >= AHEAD:
            return
        self._timer.stop()
        self.reel.show(self._sampled[0] if self._sampled else self._left[0])

    @Slot(int)
    def _take(self, _k: int) -> None:
        if not self.is_busy or self.reel.stage is None:
            return
        from mlpsim.app.animation import image_of, interface_colours, shared_palette
        from mlpsim.app.export import picture

        frame = image_of(picture(self.reel.stage.widget, 1.0))
        if self._job is None:
            self._samples.append(frame)
            del self._sampled[0]
            if not self._sampled:
                colours = interface_colours(self._context.appearance.theme)
                self._begin_job(shared_palette(self._samples, colours))
            self._timer.start()
            return
        del self._left[0]
        self._job.frames.put(frame)
        self._waiting.tell(self._count - len(self._left) - 1)
        if self._left:
            self._timer.start()
        else:
            self._job.frames.put(None)

    @Slot()
    def _cancel(self) -> None:
        if self._job is not None:
            self._worker.cancel()
            self._job.frames.put(None)  # the worker may be waiting for a frame
        self._end()

    def _end(self) -> None:
        self._timer.stop()
        self._job, self._count, self._samples = None, 0, []
        self._waiting.end()
        self.reel.end()

    @Slot(object, object)
    def _on_finished(self, job: FilmJob, refusal: str) -> None:
        if refusal:
            self._on_failed(job, refusal)
            return
        self._end()
        self._context.session.say(f"Saved as {job.path}.")

    @Slot(object, str)
    def _on_failed(self, job: FilmJob, message: str) -> None:
        self._end()
        warn(self._window, "filming box", f"{job.path.name} was not saved", message)
