"""Ctrl+C in the terminal closes the window."""

import signal

from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from mlpsim.app.ctrl_c import CtrlC


def test_ctrl_c_closes_an_idle_window_and_then_leaves_the_signal_alone(qtbot: QtBot) -> None:
    before = signal.getsignal(signal.SIGINT)
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    ctrl_c = CtrlC(window)
    assert not ctrl_c.is_pressed
    signal.raise_signal(signal.SIGINT)
    qtbot.waitUntil(lambda: not window.isVisible())
    assert ctrl_c.is_pressed
    assert signal.getsignal(signal.SIGINT) == signal.SIG_DFL
    ctrl_c.stop()
    assert signal.getsignal(signal.SIGINT) == before


class _Asking(QWidget):
    """A window that closes the second time, as one whose close was cancelled in a dialog."""

    asked = 0

    def closeEvent(self, event: QCloseEvent) -> None:
        self.asked += 1
        event.setAccepted(self.asked > 1)


def test_a_close_that_is_cancelled_leaves_no_trace(qtbot: QtBot) -> None:
    window = _Asking()
    qtbot.addWidget(window)
    window.show()
    ctrl_c = CtrlC(window)
    signal.raise_signal(signal.SIGINT)
    qtbot.waitUntil(lambda: window.asked == 1)
    assert window.isVisible()
    assert not ctrl_c.is_pressed  # closed in another way, the program ends as if never pressed
    signal.raise_signal(signal.SIGINT)
    qtbot.waitUntil(lambda: not window.isVisible())
    assert ctrl_c.is_pressed
    ctrl_c.stop()
