"""Ctrl+C, and a request to end, while Qt calls back: it prints what is raised there and goes on."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

# The signal comes while Qt hands the first paint event to a method in Python.
CHILD = """
import signal, sys
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication
from mlpsim.app import application, cli

class Presser(QObject):
    is_pressed = False

    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint and not self.is_pressed:
            self.is_pressed = True
            print("pressed", flush=True)
            signal.raise_signal({number})
        return False

class Application(QApplication):
    def __init__(self, arguments):
        super().__init__(arguments)
        self.presser = Presser()
        self.installEventFilter(self.presser)

signal.signal(signal.SIGINT, {on_ctrl_c})
application.QApplication = Application
sys.exit(cli.main())
"""
HEEDS, IGNORES = "signal.default_int_handler", "signal.SIG_IGN"


@pytest.mark.skipif(os.name != "posix", reason="ends by a signal")
@pytest.mark.parametrize(
    ("number", "on_ctrl_c"),
    [(signal.SIGINT, HEEDS), (signal.SIGTERM, HEEDS), (signal.SIGTERM, IGNORES)],
)
@pytest.mark.parametrize(
    "words",
    [
        ["render", "--step=3", "--out=r.png"],
        ["animate", "--to=3", "--out=r.gif"],
        ["storyboard", "--steps=0,1", "--out=r.svg"],
    ],
)
def test_a_picture_is_not_made_when_it_is_ended_while_qt_paints(
    tmp_path: Path, words: list[str], number: signal.Signals, on_ctrl_c: str
) -> None:
    child = CHILD.format(number=int(number), on_ctrl_c=on_ctrl_c)
    scene = ["lecture-gd-sgd-minibatch", "--panel=loss", "--size=400x300"]
    command = [sys.executable, "-c", child, words[0], *scene, *words[1:]]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=False)
    assert done.stdout == "pressed\n"
    assert done.returncode == 130, done.stderr
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []
