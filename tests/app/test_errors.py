"""An unexpected exception is shown once, from whatever thread, and ends nothing."""

import sys
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QThread
from PySide6.QtWidgets import QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from mlpsim.app.errors import ErrorReporter


class Failing(QThread):
    """A thread that fails."""

    def run(self) -> None:
        try:
            raise ArithmeticError("from a thread")
        except ArithmeticError:
            sys.excepthook(*sys.exc_info())


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    window = QWidget()
    qtbot.addWidget(window)
    return window


@pytest.fixture
def reporter(window: QWidget, monkeypatch: pytest.MonkeyPatch) -> Iterator[ErrorReporter]:
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    reporter = ErrorReporter(window)
    reporter.install()
    yield reporter
    for box in boxes(window):
        box.close()


def boxes(window: QWidget) -> list[QMessageBox]:
    return window.findChildren(QMessageBox, "error box")


def fail(text: str) -> None:
    try:
        raise ArithmeticError(text)
    except ArithmeticError:
        sys.excepthook(*sys.exc_info())


def test_an_exception_is_shown_once_and_announced_each_time(
    reporter: ErrorReporter, window: QWidget, capsys: pytest.CaptureFixture[str]
) -> None:
    caught: list[str] = []
    reporter.caught.connect(caught.append)
    for number in range(3):
        fail(f"number {number}")
    assert caught == [f"ArithmeticError: number {number}" for number in range(3)]
    (box,) = boxes(window)
    assert box.isVisible()
    assert not box.isModal()
    assert "number 0" in box.informativeText()
    assert "nothing is lost" in box.informativeText()
    assert "def fail" in box.detailedText() or "in fail" in box.detailedText()
    assert capsys.readouterr().err.count("Traceback") == 3


def test_an_exception_of_another_origin_is_shown_too(
    reporter: ErrorReporter, window: QWidget
) -> None:
    fail("one")
    try:
        raise KeyError("two")
    except KeyError:
        sys.excepthook(*sys.exc_info())
    assert len(boxes(window)) == 2


def test_an_exception_of_a_thread_is_shown_by_the_thread_of_the_window(
    reporter: ErrorReporter, window: QWidget, qtbot: QtBot
) -> None:
    thread = Failing()
    thread.setObjectName("failing")
    thread.start()
    qtbot.waitUntil(lambda: len(boxes(window)) == 1)
    thread.wait()
    (box,) = boxes(window)
    assert "from a thread" in box.informativeText()


def test_an_interrupt_is_not_shown(reporter: ErrorReporter, window: QWidget) -> None:
    try:
        raise KeyboardInterrupt
    except KeyboardInterrupt:
        sys.excepthook(*sys.exc_info())
    assert boxes(window) == []
