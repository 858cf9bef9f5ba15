"""What a person is told when something unexpected goes wrong: once, and with everything kept."""

import sys
import traceback
from types import TracebackType

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from mlpsim.app.boxes import warn

ADVICE = (
    "The run is paused and nothing is lost: the experiment and the run are as they were."
    " Save them under a new name before going on."
)


class ErrorReporter(QObject):
    """Takes the exceptions that nobody caught, from any thread, and shows each origin once."""

    caught = Signal(str)

    _raised = Signal(str, str, str)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setObjectName("error reporter")
        self._window = window
        self._shown: set[str] = set()
        # Emitted on the thread that failed, received on the thread of the window.
        self._raised.connect(self._show)

    def install(self) -> None:
        """From now on, take every exception that would end in Python's traceback."""
        sys.excepthook = self.take

    def take(
        self,
        kind: type[BaseException],
        error: BaseException,
        trace: TracebackType | None,
    ) -> None:
        """Write the traceback to the error stream, as sys.excepthook does, and show it."""
        sys.__excepthook__(kind, error, trace)
        if not issubclass(kind, Exception):
            return
        origin = kind.__name__ + "".join(traceback.format_tb(trace))
        summary = "".join(traceback.format_exception_only(kind, error)).strip()
        details = "".join(traceback.format_exception(kind, error, trace))
        self._raised.emit(origin, summary, details)

    @Slot(str, str, str)
    def _show(self, origin: str, summary: str, details: str) -> None:
        self.caught.emit(summary)
        if origin in self._shown:
            return
        self._shown.add(origin)
        what = "Something went wrong in mlpsim that should not have."
        warn(self._window, "error box", what, f"{summary}\n\n{ADVICE}", details)
