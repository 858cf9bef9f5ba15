"""Workers: the newest job is answered on their own thread, and failures become messages."""

import os
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import QThread
from pytestqt.qtbot import QtBot

from mlpsim.core.appraisal import question_of
from mlpsim.core.experiment import lecture_experiment
from mlpsim.core.files.strict_json import DocumentError
from mlpsim.core.run import Run
from mlpsim.session.worker import NICE, QuestionJob, Runner, Worker


@dataclass(frozen=True, eq=False)
class Wait:
    """A job that ends when it is let go or cancelled."""

    gate: threading.Event

    def run(self, cancelled: Callable[[], bool]) -> str:
        while not self.gate.wait(0.002):
            if cancelled():
                return "cancelled"
        return QThread.currentThread().objectName()


def nobody(*_: object) -> None:
    """Takes answers and failures, and does nothing with them."""


@pytest.fixture
def worker(qapp: object) -> Iterator[Worker]:
    worker = Worker("test worker", None, nobody, nobody)
    yield worker
    worker.stop()


def test_the_job_of_a_question_is_its_answer_and_hears_that_it_is_cancelled() -> None:
    job = QuestionJob(question_of(Run.from_experiment(lecture_experiment()), 0))
    assert job.run(lambda: False).readout.value == 1.0  # four times (½ − y)²
    assert job.run(lambda: True) is None


def test_the_newest_job_wins(worker: Worker, qtbot: QtBot) -> None:
    answers: list[object] = []
    worker.finished.connect(lambda job, answer: answers.append(answer))
    jobs = [Wait(threading.Event()) for _ in range(5)]
    for job in jobs:
        worker.submit(job)
    assert worker.is_busy
    jobs[-1].gate.set()
    qtbot.waitUntil(lambda: not worker.is_busy)
    assert answers == ["test worker"]


def test_a_cancelled_job_answers_nobody(worker: Worker, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(worker.finished, wait=50):
        worker.submit(Wait(threading.Event()))
        worker.cancel()
    assert not worker.is_busy


def test_the_thread_begins_with_the_first_job_and_a_stopped_worker_takes_none(
    qtbot: QtBot,
) -> None:
    def tasks() -> int:
        return len(list(Path("/proc/self/task").iterdir()))

    before = tasks()
    worker = Worker("test worker", None, nobody, nobody)
    assert tasks() == before
    job = Wait(threading.Event())
    job.gate.set()
    with qtbot.waitSignal(worker.finished):
        worker.submit(job)
    assert tasks() == before + 1
    worker.stop()
    worker.submit(job)
    assert not worker.is_busy
    qtbot.waitUntil(lambda: tasks() == before)  # the system lets go of it a moment later


@dataclass(frozen=True, eq=False)
class Niceness:
    """A job that tells how much its thread leaves to others."""

    def run(self, cancelled: Callable[[], bool]) -> int:
        return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere niceness is a process's")
def test_a_worker_leaves_the_processor_to_the_window(worker: Worker, qtbot: QtBot) -> None:
    before = os.getpriority(os.PRIO_PROCESS, 0)
    for _ in range(2):
        with qtbot.waitSignal(worker.finished) as finished:
            worker.submit(Niceness())
        assert finished.args[1] == min(before + NICE, 19)
    assert os.getpriority(os.PRIO_PROCESS, 0) == before


@dataclass(frozen=True, eq=False)
class Fail:
    """A job that waits for its gate and fails."""

    gate: threading.Event

    def run(self, cancelled: Callable[[], bool]) -> None:
        self.gate.wait(5)
        raise ValueError("as it should")


def test_the_failure_of_a_superseded_job_is_not_said(worker: Worker, qtbot: QtBot) -> None:
    failures: list[str] = []
    worker.failed.connect(lambda job, message: failures.append(message))
    first, second = Fail(threading.Event()), Fail(threading.Event())
    worker.submit(first)
    qtbot.wait(20)
    worker.submit(second)
    first.gate.set()
    second.gate.set()
    qtbot.waitUntil(lambda: not worker.is_busy)
    assert failures == ["ValueError: as it should"]


# -- what the thread does, asked of its runner on this one -----------------------------------------


@dataclass(frozen=True, eq=False)
class Answer:
    """A job whose answer is a word, or an exception; and whether it was cancelled by then."""

    word: str | Exception

    def run(self, cancelled: Callable[[], bool]) -> tuple[str, bool]:
        if isinstance(self.word, Exception):
            raise self.word
        return self.word, cancelled()


@pytest.fixture
def runner(qapp: object) -> tuple[Runner, list[object], list[str]]:
    runner, answers, failures = Runner(), [], []
    runner.done.connect(lambda job, answer: answers.append(answer))
    runner.raised.connect(lambda job, message: failures.append(message))
    return runner, answers, failures


def test_a_job_that_was_superseded_before_its_turn_is_not_run(runner: tuple) -> None:
    thread, answers, failures = runner
    thread.newest = newest = Answer("newest")
    thread.run(Answer(ValueError("never raised")))
    thread.run(newest)
    assert answers == [("newest", False)]
    assert failures == []


def test_a_failure_is_named_by_its_kind_and_words(runner: tuple) -> None:
    thread, answers, failures = runner
    thread.newest = job = Answer(ZeroDivisionError("no such luck"))
    thread.run(job)
    assert answers == []
    assert failures == ["ZeroDivisionError: no such luck"]
    thread.newest = job = Answer(DocumentError("It is not there", "a.csv", "Choose another."))
    thread.run(job)
    assert failures[1:] == ["It is not there (at a.csv). Choose another."]
