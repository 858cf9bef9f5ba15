"""Waiting: one dialog at a time, how far it is, and a way out."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QProgressDialog, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from mlpsim.views.widgets.waiting import Waiting


def test_it_says_what_is_under_way_and_how_far_it_is(qtbot: QtBot) -> None:
    host = QWidget()
    qtbot.addWidget(host)
    waiting = Waiting("the wait", host)
    waiting.tell(3)  # nothing is under way: nothing to say
    waiting.begin("Doing it …", 10, patience=0)
    dialog = host.findChild(QProgressDialog, "the wait")
    waiting.tell(4)
    assert (dialog.labelText(), dialog.value(), dialog.maximum()) == ("Doing it …", 4, 10)
    assert dialog.windowModality() == Qt.WindowModality.WindowModal
    waiting.tell(10)
    assert dialog.isVisible()  # until it is said to be done
    with qtbot.assertNotEmitted(waiting.cancelled):
        waiting.end()
    assert not dialog.isVisible()


def test_it_can_be_cancelled(qtbot: QtBot) -> None:
    host = QWidget()
    qtbot.addWidget(host)
    waiting = Waiting("the wait", host)
    waiting.begin("Doing it …", patience=0)
    dialog = host.findChild(QProgressDialog, "the wait")
    dialog.show()
    with qtbot.waitSignal(waiting.cancelled):
        qtbot.mouseClick(dialog.findChild(QPushButton), Qt.MouseButton.LeftButton)
    assert not dialog.isVisible()
    waiting.end()  # once more does no harm


def test_a_wait_that_does_not_say_how_far_it_is_is_shown_after_half_a_second(
    qtbot: QtBot,
) -> None:
    host = QWidget()
    qtbot.addWidget(host)
    waiting = Waiting("the wait", host)
    waiting.begin("Doing it …")
    dialog = host.findChild(QProgressDialog, "the wait")
    assert not dialog.isVisible()
    assert waiting.findChild(QTimer, "the wait patience").interval() == 500
    qtbot.waitUntil(dialog.isVisible, timeout=3_000)  # Qt by itself would wait for four
    waiting.end()
    waiting.begin("Doing it again …")
    waiting.end()
    assert not waiting.findChild(QTimer, "the wait patience").isActive()
