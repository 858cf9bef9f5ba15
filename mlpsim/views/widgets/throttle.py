"""A throttle: many requests, few calls, and none while nobody can see the result."""

from collections.abc import Callable

from PySide6.QtCore import QElapsedTimer, QEvent, QObject, QTimer, Slot
from PySide6.QtWidgets import QWidget


class Throttle(QObject):
    """Runs a callback at most once per interval for a widget, and only while it is visible.

    A request runs the callback at once if the interval has passed since the last call, else once
    when it has. Requests for a hidden widget are answered when it is shown.
    """

    def __init__(self, parent: QWidget, callback: Callable[[], None], interval_ms: int) -> None:
        super().__init__(parent)
        self._widget = parent
        self._callback = callback
        self._interval = interval_ms
        self._since = QElapsedTimer()
        self._timer = QTimer(self)
        self._timer.setObjectName("throttle")
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._run)

    def set_interval(self, interval_ms: int) -> None:
        """The least time between two calls from the next request on, in ms."""
        self._interval = interval_ms

    def request(self) -> None:
        """Ask for a call; it may come at once."""
        if self._timer.isActive():
            return
        rest = self._interval - self._since.elapsed() if self._since.isValid() else 0
        if rest > 0 and self._widget.isVisible():
            self._timer.start(int(rest))
        else:
            self._run()

    def flush(self) -> None:
        """Answer now what would have to wait."""
        if self._timer.isActive():
            self._timer.stop()
            self._run()

    @Slot()
    def _run(self) -> None:
        if not self._widget.isVisible():
            self._widget.installEventFilter(self)
            return
        self._since.start()
        self._callback()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show:
            self._widget.removeEventFilter(self)
            self._timer.start(0)
        return False
