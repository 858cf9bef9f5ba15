"""The data reader: a CSV file read by a worker, with progress, and dropped on request."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from mlpsim.core.files.strict_json import DocumentError
from mlpsim.core.tables.tabular import TableError, decode
from mlpsim.session.errand import Errand, Progress
from mlpsim.session.files import read_whole

if TYPE_CHECKING:  # imported when the first file is read
    from mlpsim.core.tables.csv_table import CsvTable


@dataclass(frozen=True, eq=False)
class ReadJob:
    """A job: the table in a file, or the error that says why there is none."""

    path: Path
    progress: Progress = field(default_factory=Progress)

    def run(self, cancelled: Callable[[], bool]) -> "CsvTable | TableError | None":
        from mlpsim.core.tables.csv_table import read_csv

        try:
            return read_csv(decode(read_whole(self.path)), self.progress.report, cancelled)
        except DocumentError as error:
            return TableError(f"{error.what[:1].lower()}{error.what[1:]}")
        except TableError as error:
            return error


class DataReader(QObject):
    """Reads the newest file that is asked for."""

    finished = Signal(object, object)  # Path, CsvTable
    refused = Signal(object, str)  # Path, the reason
    progressed = Signal(float)  # the share that is read

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._path = Path()
        self.errand = Errand("reading data", self)
        self.errand.answered.connect(self._on_answered)
        self.errand.changed.connect(self._on_changed)

    def read(self, path: Path) -> None:
        """Read a file; one that is being read is dropped."""
        self._path = path
        self.errand.run(ReadJob(path))

    @Slot(object, object)
    def _on_answered(self, job: ReadJob, answer: "CsvTable | TableError") -> None:
        if isinstance(answer, TableError):
            self.refused.emit(job.path, str(answer))
        else:
            self.finished.emit(job.path, answer)

    @Slot()
    def _on_changed(self) -> None:
        if self.errand.failure:
            self.refused.emit(self._path, self.errand.failure)
        elif self.errand.share is not None:
            self.progressed.emit(self.errand.share)
