"""A throttle: many requests, few calls, and none while nobody can see the result."""

from collections.abc import Callable

from PySide6.QtCore import (
    QCoreApplication,
    QElapsedTimer,
    QEvent,
    QObject,
    Qt,
    QTimer,
    SignalInstance,
    Slot,
)
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from mlpsim.views.turns import PATIENCE_SECONDS, Turns

FRAME_MS = 17  # between two frames of what moves while the run plays
HURRIED_MS = 16  # an interval up to which a call waits for nobody
ASKED = QEvent.Type(QEvent.registerEventType())  # for a call in this turn of the event loop
_PAINTED = QEvent.Type(QEvent.registerEventType())
_AFTER_PAINTING = Qt.EventPriority.LowEventPriority.value - 1
TURNS = Turns()


def flush(widget: QWidget) -> None:
    """Let a widget and its parts show now what throttles keep waiting."""
    for throttle in widget.findChildren(Throttle):
        throttle.flush()


class Throttle(QObject):
    """Runs a callback at most once per interval for a widget, and only while it is visible.

    The interval is in ms, or tells that at every request. Requests are answered by one call, once
    the interval has passed since the last one: where that is no longer than a frame, in this turn
    of the event loop, before anything is painted. Requests for a hidden widget are answered when it
    is shown.

    Throttles whose interval is longer than a frame take turns, so that the widgets that they change
    are not all painted in one frame, nor in that of what changed at once. In a turn, other events
    are handled between ``prepare``, which computes what the callback shows, and the callback.
    """

    def __init__(
        self,
        parent: QWidget,
        callback: Callable[[], None],
        interval: int | Callable[[], int],
        prepare: Callable[[], None] | None = None,
    ) -> None:
        super().__init__(parent)
        self._widget = parent
        self._callback = callback
        self._prepare = prepare
        self._is_asked = False  # the call is among the events of this turn
        self._is_prepared = False
        self._is_outdated = False  # asked for once more after it was prepared
        self._interval_now = interval if callable(interval) else lambda: interval
        self._interval = 0
        self._wants_turn = False
        self._awaits_show = False
        self._since = QElapsedTimer()
        self._timer = QTimer(self, singleShot=True)
        self._timer.setObjectName("throttle")
        # A coarse timer is moved to when others end, and they would all run at once.
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._run)

    def follow(self, *signals: SignalInstance) -> None:
        """Ask for a call whenever one of these is emitted."""
        for signal in signals:
            signal.connect(self.request)

    @Slot()
    def request(self) -> None:
        """Ask for a call; all that is asked for until it comes is answered by it."""
        if self._awaits_show or self._is_asked:
            return
        interval = self._interval_now()
        if self._timer.isActive():
            self._is_outdated = self._is_prepared
            if self._is_prepared or self._wants_turn or interval >= self._interval:
                return
            self._timer.stop()  # what waited for a longer one comes sooner
        self._interval = interval
        rest = self._interval - self._since.elapsed() if self._since.isValid() else 0
        if not self._widget.isVisible():
            self._run()
        elif rest <= 0 and interval <= HURRIED_MS:
            self._is_asked = True
            QCoreApplication.postEvent(self, QEvent(ASKED))
        else:
            self._timer.start(max(0, int(rest)))

    def flush(self) -> None:
        """Answer now what would have to wait."""
        if self._timer.isActive() or self._is_asked:
            self._timer.stop()
            self._is_asked = self._is_prepared = False
            self._call()
            TURNS.end(self)

    @property
    def is_waiting(self) -> bool:
        """Whether nothing but a turn is missing for a call."""
        return isValid(self) and self._wants_turn

    def be_called(self) -> None:
        """The turn has come: call with the next round of events."""
        self._timer.start(0)

    @Slot()
    def _run(self) -> None:
        if not self._widget.isVisible():
            self._is_prepared, self._awaits_show = False, True
            self._widget.installEventFilter(self)
            TURNS.end(self)
        elif self._interval <= HURRIED_MS:
            self._call()
        elif not TURNS.take(self):
            self._wants_turn = True
            self._timer.start(int(1e3 * PATIENCE_SECONDS))
        elif self._prepare is not None and not self._is_prepared:
            self._prepare()
            self._is_prepared = True
            self._timer.start(0)
        else:
            # What the call changes is painted by events that come before this one.
            QCoreApplication.postEvent(self, QEvent(_PAINTED), _AFTER_PAINTING)
            self._call()

    def _call(self) -> None:
        self._wants_turn = False
        self._since.start()
        if self._prepare is not None and not self._is_prepared:
            self._prepare()
        is_outdated, self._is_prepared, self._is_outdated = self._is_outdated, False, False
        self._callback()
        if is_outdated:
            self.request()

    def customEvent(self, event: QEvent) -> None:
        if event.type() == _PAINTED:
            TURNS.end(self)
        elif self._is_asked:
            self._is_asked = False
            self._run()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show:
            self._widget.removeEventFilter(self)
            self._awaits_show = False
            self._timer.start(0)
        return False
