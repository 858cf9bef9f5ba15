"""Ctrl+C in the terminal closes the window."""

import signal

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
