"""Ctrl+C in the terminal of the window: closes it, as its close button does."""

import signal
import socket

from PySide6.QtCore import QObject, QSocketNotifier, Slot
from PySide6.QtWidgets import QWidget


class CtrlC(QObject):
    """Asks a window to close at the first Ctrl+C; the second one ends the program at once.

    A window that stays, since there is something to save, waits for the first one again.

    Python sees a signal when its code runs next, which an idle window may not do for hours: so the
    signal writes to a socket that Qt waits for.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self.is_pressed = False
        self._reading, self._writing = socket.socketpair()
        for end in (self._reading, self._writing):
            end.setblocking(False)
        self._notifier = QSocketNotifier(self._reading.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._on_pressed)
        self._wakeup = signal.set_wakeup_fd(self._writing.fileno())
        self._before = signal.signal(signal.SIGINT, self._take)

    def stop(self) -> None:
        """Leave the signal to whoever had it before."""
        self._notifier.setEnabled(False)
        signal.set_wakeup_fd(self._wakeup)
        signal.signal(signal.SIGINT, self._before)
        self._reading.close()
        self._writing.close()

    def _take(self, _number: int, _frame: object) -> None:
        self.is_pressed = True
        signal.signal(signal.SIGINT, signal.SIG_DFL)

    @Slot()
    def _on_pressed(self) -> None:
        self._reading.recv(64)
        if not self.is_pressed:
            return
        self.is_pressed = self._window.close()
        if not self.is_pressed:
            signal.signal(signal.SIGINT, self._take)
