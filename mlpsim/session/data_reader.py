"""The data reader: a CSV file read by a worker, with progress, and dropped on request."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from mlpsim.core.files.strict_json import DocumentError
from mlpsim.core.tables.csv_table import CsvTable, read_csv
from mlpsim.core.tables.tabular import TableError, decode
from mlpsim.session.files import read_whole
from mlpsim.session.worker import Worker

LOOK_MS = 100


class Share:
    """How much of a file has been read: written by the job, read by the window."""

    def __init__(self) -> None:
        self.value = 0.0

    def report(self, share: float) -> None:
        self.value = share


@dataclass(frozen=True, eq=False)
class ReadJob:
    """A job: the table in a file, or the error that says why there is none."""

    path: Path
    share: Share = field(default_factory=Share)

    def run(self, cancelled: Callable[[], bool]) -> CsvTable | TableError | None:
        try:
            return read_csv(decode(read_whole(self.path)), self.share.report, cancelled)
        except DocumentError as error:
            return TableError(f"{error.what[:1].lower()}{error.what[1:]}")
        except TableError as error:
            return error


class DataReader(QObject):
    """Reads the newest file that is asked for; its worker begins with the first one."""

    finished = Signal(object, object)  # Path, CsvTable
    refused = Signal(object, str)  # Path, the reason
    progressed = Signal(float)  # the share that is read

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._worker: Worker | None = None
        self._job: ReadJob | None = None
        self._look = QTimer(self)
        self._look.setObjectName("reading look")
        self._look.setInterval(LOOK_MS)
        self._look.timeout.connect(self._tell)

    @property
    def is_busy(self) -> bool:
        """Whether a file is being read."""
        return self._job is not None

    def read(self, path: Path) -> None:
        """Read a file; one that is being read is dropped."""
        if self._worker is None:
            self._worker = Worker("reading data", self)
            self._worker.finished.connect(self._on_finished)
            self._worker.failed.connect(self._on_failed)
        self._job = ReadJob(path)
        self._worker.submit(self._job)
        self._look.start()

    @Slot()
    def cancel(self) -> None:
        """Drop the file that is being read."""
        if self._worker is not None:
            self._worker.cancel()
        self._end()

    @Slot()
    def stop(self) -> None:
        """End the worker."""
        self._end()
        if self._worker is not None:
            self._worker.stop()

    def _end(self) -> None:
        self._job = None
        self._look.stop()

    @Slot(object, object)
    def _on_finished(self, job: ReadJob, answer: CsvTable | TableError) -> None:
        self._end()
        if isinstance(answer, TableError):
            self.refused.emit(job.path, str(answer))
        else:
            self.finished.emit(job.path, answer)

    @Slot(object, str)
    def _on_failed(self, job: ReadJob, message: str) -> None:
        self._end()
        self.refused.emit(job.path, message)

    @Slot()
    def _tell(self) -> None:
        assert self._job is not None  # the timer stops with the job
        self.progressed.emit(self._job.share.value)
