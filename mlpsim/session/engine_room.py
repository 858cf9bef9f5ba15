"""The engine room: compiles the fast engine beside the window, and hands it to the session."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from time import time

from PySide6.QtCore import QObject, QProcess, Signal, Slot

from mlpsim.core.compiled import cache
from mlpsim.core.compiled.engine import COMPILED, is_installed
from mlpsim.core.compiled.warming import warm
from mlpsim.session.session import Session
from mlpsim.session.worker import Worker

MODULE = "mlpsim.core.compiled"


@dataclass(frozen=True)
class Warm:
    """A job: the machine code is loaded from the disk, and what is out of use there removed."""

    def run(self, cancelled: Callable[[], bool]) -> None:
        warm()
        cache.tidy(time())


class EngineRoom(QObject):
    """Gets the compiled engine ready while NumPy does the work; the next run is made by it.

    The first time a process fills the cache of machine code, which takes long; then a worker loads
    it. What goes wrong is said, and leaves everything to NumPy.
    """

    changed = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._process = QProcess(self)
        self._process.finished.connect(self._on_compiled)
        self._process.errorOccurred.connect(self._on_error)
        self._worker = Worker("engine", self, self._on_loaded, self._on_failed)

    @property
    def is_busy(self) -> bool:
        """Whether the engine is on its way."""
        running = self._process.state() != QProcess.ProcessState.NotRunning
        return running or self.is_loading

    @property
    def is_loading(self) -> bool:
        """Whether machine code is being loaded, which holds Python's lock now and then."""
        return self._worker.is_busy

    @Slot()
    def start(self) -> None:
        """Get the engine ready if Numba is installed."""
        if not is_installed():
            return
        if cache.is_filled():
            self._worker.submit(Warm())
        else:
            self._process.start(sys.executable, ["-m", MODULE])
        self.changed.emit()

    def stop(self) -> None:
        """End the process and the worker; the room is not used afterwards."""
        self._process.blockSignals(True)
        self._process.kill()
        self._process.waitForFinished()
        self._worker.stop()

    @Slot(int, QProcess.ExitStatus)
    def _on_compiled(self, code: int, status: QProcess.ExitStatus) -> None:
        if code or status != QProcess.ExitStatus.NormalExit:
            said = bytes(self._process.readAllStandardError().data()).decode(errors="replace")
            self._fail(said.strip().rpartition("\n")[2] or f"exit code {code}")
        else:
            self._worker.submit(Warm())
            self.changed.emit()

    @Slot(QProcess.ProcessError)
    def _on_error(self, _error: QProcess.ProcessError) -> None:
        self._fail(self._process.errorString())

    @Slot(object, object)
    def _on_loaded(self, _job: Warm, _answer: None) -> None:
        self._session.set_engine(COMPILED)
        self.changed.emit()

    @Slot(object, str)
    def _on_failed(self, _job: Warm, message: str) -> None:
        self._fail(message)

    def _fail(self, message: str) -> None:
        self._session.say(
            f"The compiled engine could not be made ready ({message}). NumPy makes all runs, more"
            " slowly; the next start tries again."
        )
        self.changed.emit()
