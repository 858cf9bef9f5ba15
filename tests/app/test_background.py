"""Background work: a call that waits while the window goes on, and can be given up."""

from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event, current_thread, main_thread

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QProgressDialog, QWidget
from pytestqt.qtbot import QtBot

from mlpsim.app.background import Background, CancelledError
from mlpsim.core.experiment import lecture_experiment
from mlpsim.core.files.document import new_document
from mlpsim.core.files.strict_json import DocumentError
from mlpsim.session.files import save


class Host(QWidget):
    """A window with something that is done beside it."""

    def __init__(self) -> None:
        super().__init__()
        self.background = Background("things", self)


@pytest.fixture
def host(qtbot: QtBot) -> Iterator[Host]:
    host = Host()
    qtbot.addWidget(host)
    host.show()
    yield host
    host.background.stop()


def test_the_answer_comes_from_another_thread_while_timers_go_on(host: Host) -> None:
    ticked = Event()
    QTimer.singleShot(0, host, ticked.set)

    def make(_cancelled: object) -> bool:
        assert current_thread() is not main_thread()
        return ticked.wait(10.0)  # only an event loop lets it be set

    assert host.background.do("Doing …", make)


def test_its_errors_are_raised(host: Host) -> None:
    def refuse(_cancelled: object) -> None:
        raise DocumentError("It is broken")

    def fail(_cancelled: object) -> None:
        raise ZeroDivisionError("of a bug")

    with pytest.raises(DocumentError, match="It is broken"):
        host.background.do("Doing …", refuse)
    with pytest.raises(DocumentError, match="ZeroDivisionError: of a bug"):
        host.background.do("Doing …", fail)
    assert host.background.do("Doing …", lambda _: 7) == 7


def test_after_half_a_second_it_can_be_cancelled(qtbot: QtBot, host: Host) -> None:
    free = Event()
    looks: list[bool] = []

    def wait(cancelled: Callable[[], bool]) -> None:
        free.wait(20.0)
        looks.append(cancelled())

    def give_up() -> None:
        dialog = host.findChild(QProgressDialog, "things progress")
        if dialog is None or not dialog.isVisible():
            return
        timer.stop()
        assert dialog.labelText() == "Doing …"
        with pytest.raises(CancelledError):  # one thing at a time
            host.background.do("More …", lambda _: None)
        dialog.canceled.emit()

    timer = QTimer(host)
    timer.timeout.connect(give_up)
    timer.start(5)
    with pytest.raises(CancelledError):
        host.background.do("Doing …", wait)
    free.set()
    qtbot.waitUntil(lambda: looks == [True])
    assert host.background.do("Doing …", lambda _: 7) == 7


def test_what_is_given_up_before_it_is_written_is_not_written(tmp_path: Path) -> None:
    path = tmp_path / "a.mlpsim"
    save(new_document(lecture_experiment()), path, lambda: True)
    assert list(tmp_path.iterdir()) == []
    save(new_document(lecture_experiment()), path, lambda: False)
    assert path.exists()
