"""A throttle: many requests, few calls, and none while nobody can see the result."""

from collections.abc import Callable
from time import perf_counter
from typing import ClassVar

from PySide6.QtCore import QElapsedTimer, QEvent, QObject, Qt, QTimer, Slot
from PySide6.QtWidgets import QWidget

UNHURRIED_MS = 100  # an interval from which a call may give way to others
STAGGER_SECONDS = 0.008


class Throttle(QObject):
    """Runs a callback at most once per interval for a widget, and only while it is visible.

    A request runs the callback at once if the interval has passed since the last call, else once
    when it has. Requests for a hidden widget are answered when it is shown.

    Throttles with long intervals take turns, so that the widgets that they change are not all
    painted in one frame.
    """

    _free_at: ClassVar[float] = 0.0

    def __init__(self, parent: QWidget, callback: Callable[[], None], interval_ms: int) -> None:
        super().__init__(parent)
        self._widget = parent
        self._callback = callback
        self._interval = interval_ms
        self._since = QElapsedTimer()
        self._timer = QTimer(self)
        self._timer.setObjectName("throttle")
        self._timer.setSingleShot(True)
        # A coarse timer is moved to when others end, and they would all run at once.
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
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
            self._call()

    @Slot()
    def _run(self) -> None:
        if not self._widget.isVisible():
            self._widget.installEventFilter(self)
            return
        if self._interval >= UNHURRIED_MS:
            now = perf_counter()
            if now < Throttle._free_at:
                self._timer.start(round(1e3 * (Throttle._free_at - now)) + 1)
                return
            Throttle._free_at = now + STAGGER_SECONDS
        self._call()

    def _call(self) -> None:
        self._since.start()
        self._callback()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show:
            self._widget.removeEventFilter(self)
            self._timer.start(0)
        return False
