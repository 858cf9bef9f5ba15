"""Work that a call waits for, done by a worker: the window goes on, and it can be cancelled."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar, cast

from PySide6.QtCore import QEventLoop, QObject, QTimer, Slot
from PySide6.QtWidgets import QWidget

from mlpsim.core.files.document import Interrupted
from mlpsim.core.files.strict_json import DocumentError
from mlpsim.session.worker import Worker
from mlpsim.views.widgets.waiting import PATIENCE_MS, Waiting

T = TypeVar("T")


class CancelledError(Exception):
    """The person does not want to wait: nothing was changed."""


@dataclass(frozen=True, eq=False)
class _Call:
    """A job: an answer, or the error that says why there is none."""

    make: Callable[[Interrupted], object]

    def run(self, cancelled: Interrupted) -> object:
        try:
            return self.make(cancelled)
        except (DocumentError, CancelledError) as error:
            return error


class Background(QObject):
    """Has one thing done at a time, while events are handled.

    What the person does in the first half second waits; from then on a dialog says what is under
    way and takes all input.
    """

    def __init__(self, name: str, window: QWidget) -> None:
        super().__init__(window)
        self._worker = Worker(name, self, self._on_finished, self._on_failed)
        self._waiting = Waiting(f"{name} progress", window)
        self._waiting.cancelled.connect(self.cancel)
        self._loop = QEventLoop(self)
        self._answer: object = None
        self._is_under_way = False

    def do(self, text: str, make: Callable[[Interrupted], T]) -> T:
        """What ``make`` answers on the worker's thread.

        Raises DocumentError as it does, and CancelledError if the person cancels or something else
        is still being done.
        """
        if self._is_under_way:
            raise CancelledError
        self._is_under_way, self._answer = True, None
        self._waiting.begin(text)
        self._worker.submit(_Call(make))
        patience = QTimer(singleShot=True)
        patience.timeout.connect(self._loop.quit)
        patience.start(PATIENCE_MS)
        self._loop.exec(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)
        if self._is_under_way:
            self._loop.exec()
        patience.stop()
        self._waiting.end()
        if isinstance(self._answer, Exception):
            raise self._answer
        return cast(T, self._answer)

    @Slot()
    def cancel(self) -> None:
        """Give up what is being done."""
        if self._is_under_way:
            self._worker.cancel()
            self._end(CancelledError())

    def stop(self) -> None:
        """End the worker; nothing is done afterwards."""
        self.cancel()
        self._worker.stop()

    def _end(self, answer: object) -> None:
        self._answer, self._is_under_way = answer, False
        self._loop.quit()

    @Slot(object, object)
    def _on_finished(self, _job: object, answer: object) -> None:
        self._end(answer)

    @Slot(object, str)
    def _on_failed(self, _job: object, message: str) -> None:
        self._end(DocumentError(message, "", "Try again."))
