"""Workers: one thread each, which runs frozen jobs; the newest job wins."""

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from threading import get_native_id
from typing import Any, Generic, Protocol, TypeVar

from PySide6.QtCore import QObject, Qt, QThread, Signal, Slot

from mlpsim.core.told import ToldError

# On one processor the window's thread gets three times what a worker gets. So it is with a state
# that someone waits for: with no niceness it came no sooner, and the window's gaps were five times
# as long.
NICE = 5


class Job(Protocol):
    """A frozen question; ``run`` answers it and looks at ``cancelled`` now and then."""

    def run(self, cancelled: Callable[[], bool]) -> Any: ...


class Answerable(Protocol):
    """A frozen question; ``answer`` looks at ``cancelled`` now and then."""

    def answer(self, cancelled: Callable[[], bool], /) -> Any: ...


Asked = TypeVar("Asked", bound=Answerable)


@dataclass(frozen=True, eq=False)
class QuestionJob(Generic[Asked]):
    """A job: the answer to a question."""

    question: Asked

    def run(self, cancelled: Callable[[], bool]) -> Any:
        return self.question.answer(cancelled)


class Runner(QObject):
    """Lives on the worker's thread and knows nothing but jobs."""

    done = Signal(object, object)
    raised = Signal(object, str)

    def __init__(self) -> None:
        super().__init__()
        self.newest: Job | None = None  # written by the GUI thread, read here: one reference

    @Slot()
    def begin(self) -> None:
        """Leave the processor to the window's thread when it has something to do."""
        # Under Linux the niceness is each thread's own, and Qt's priorities do nothing.
        if sys.platform == "linux":
            thread = get_native_id()
            nice = os.getpriority(os.PRIO_PROCESS, thread) + NICE
            os.setpriority(os.PRIO_PROCESS, thread, nice)  # no more than is possible

    @Slot(object)
    def run(self, job: Job) -> None:
        if self.newest is not job:
            return
        try:
            answer = job.run(lambda: self.newest is not job)
        except ToldError as error:
            self.raised.emit(job, str(error))
        except Exception as error:  # the edge where every failure of a job becomes a message
            self.raised.emit(job, f"{type(error).__name__}: {error}")
        else:
            self.done.emit(job, answer)


class Worker(QObject):
    """A thread that answers the newest job; answers to superseded jobs are dropped.

    Slots of its owner take what comes of a job. The thread begins with the first one; once stopped,
    a worker takes no more of them.
    """

    finished = Signal(object, object)  # job, answer
    failed = Signal(object, str)  # job, what happened
    _asked = Signal(object)

    def __init__(
        self,
        name: str,
        owner: QObject | None,
        on_finished: Callable[..., None],
        on_failed: Callable[..., None],
    ) -> None:
        super().__init__(owner)
        self.finished.connect(on_finished)
        self.failed.connect(on_failed)
        self._job: Job | None = None
        self._is_stopped = False
        self._thread = QThread()
        self._thread.setObjectName(name)
        self._runner = Runner()
        self._runner.moveToThread(self._thread)
        self._thread.started.connect(self._runner.begin)
        self._asked.connect(self._runner.run)
        queued = Qt.ConnectionType.QueuedConnection
        self._runner.done.connect(self._on_done, queued)
        self._runner.raised.connect(self._on_raised, queued)

    @property
    def is_busy(self) -> bool:
        """Whether the newest job has not been answered yet."""
        return self._job is not None

    def submit(self, job: Job) -> None:
        """Ask for the answer to ``job`` and cancel the one before."""
        if self._is_stopped:
            return
        if not self._thread.isRunning():
            self._thread.start(QThread.Priority.LowPriority)
        self._job = self._runner.newest = job
        self._asked.emit(job)

    def cancel(self) -> None:
        """Drop the job under way, if there is one."""
        self._job = self._runner.newest = None

    @Slot()
    def stop(self) -> None:
        """End the thread; the job under way is cancelled."""
        self.cancel()
        self._is_stopped = True
        self._thread.quit()
        self._thread.wait()

    @Slot(object, object)
    def _on_done(self, job: Job, answer: object) -> None:
        if job is self._job:
            self.cancel()  # nobody keeps what it was about
            self.finished.emit(job, answer)

    @Slot(object, str)
    def _on_raised(self, job: Job, message: str) -> None:
        if job is self._job:
            self.cancel()
            self.failed.emit(job, message)
