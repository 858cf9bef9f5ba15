"""Errands: how far a long job is, its answer, its end, and what is said when it fails."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from mlpsim.session.errand import Errand, Progress


@dataclass(frozen=True, eq=False)
class Half:
    """A job that gets half-way and waits for its gate; without one it fails."""

    gate: threading.Event | None
    progress: Progress = field(default_factory=Progress)

    def run(self, cancelled: Callable[[], bool]) -> str:
        if self.gate is None:
            raise ValueError("no gate")
        self.progress.report(0.5, "a part")
        while not self.gate.wait(0.002) and not cancelled():
            pass
        self.progress.report(1.0)
        return "the whole"


@pytest.fixture
def errand(qapp: object) -> Iterator[Errand]:
    errand = Errand("test")
    yield errand
    errand.stop()


def test_a_job_says_how_far_it_is_and_what_is_there_already(errand: Errand, qtbot: QtBot) -> None:
    assert errand.share is None
    job = Half(threading.Event())
    errand.run(job)
    with qtbot.waitSignal(errand.changed, check_params_cb=lambda: errand.share == 0.5):
        pass
    assert job.progress.part == "a part"
    with qtbot.waitSignal(errand.answered) as answered:
        job.gate.set()
    assert answered.args == [job, "the whole"]
    assert not errand.findChild(QTimer, "test look").isActive()  # nothing to look at
    assert (errand.share, job.progress.share, job.progress.part) == (None, 1.0, "a part")


def test_a_cancelled_job_answers_nobody(errand: Errand, qtbot: QtBot) -> None:
    told: list[float | None] = []
    errand.changed.connect(lambda: told.append(errand.share))
    with qtbot.assertNotEmitted(errand.answered, wait=50):
        errand.run(Half(threading.Event()))
        errand.cancel()
    assert [share is None for share in told] == [False, True]


def test_a_failure_is_kept_until_the_next_job(errand: Errand, qtbot: QtBot) -> None:
    errand.run(Half(None))
    qtbot.waitUntil(lambda: errand.share is None)
    assert errand.failure == "ValueError: no gate"
    errand.run(Half(threading.Event()))
    assert errand.failure == ""
