"""The way in for data: a file is read with progress, its columns are chosen, and here they are."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from mlpsim.core.dataset import Dataset
from mlpsim.session.data_reader import DataReader
from mlpsim.session.session import Session
from mlpsim.views.labels import whole
from mlpsim.views.widgets.waiting import Waiting

if TYPE_CHECKING:  # imported when the first table is read
    from mlpsim.core.tables.columns import Choice
    from mlpsim.core.tables.csv_table import CsvTable
    from mlpsim.views.parts.samples.columns_dialog import ColumnsDialog

FILTER = "Tables (*.csv *.tsv *.txt);;All files (*)"
TEXT_SUFFIXES = (".csv", ".tsv", ".txt")


class DataImport(QObject):
    """Asks for the columns of a table; ``chosen`` carries the data and where they come from."""

    chosen = Signal(object, str)  # Dataset, its name
    refused = Signal(str)

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self._parent = parent
        self._columns = (0, 0)
        self._waiting = Waiting("reading progress", parent)
        self.dialog: ColumnsDialog | None = None
        self._name = ""
        self.reader = DataReader(self)
        self._waiting.cancelled.connect(self.reader.errand.cancel)
        self.reader.finished.connect(self._on_read)
        self.reader.refused.connect(self._on_refused)
        self.reader.progressed.connect(self._on_progressed)
        session.ended.connect(self.reader.errand.stop)

    def read_file(self, path: Path, present: Dataset) -> None:
        """Read a CSV file and ask for its columns; the present data tell what fits at once."""
        self._columns = present.n_features, present.n_outputs
        self._waiting.begin(f"Reading {path.name} …", 100)
        self.reader.read(path)

    def ask_file(self, present: Dataset) -> None:
        """Ask for a CSV file, and read it."""
        name, _ = QFileDialog.getOpenFileName(self._parent, "Open a CSV file", "", FILTER)
        if name:
            self.read_file(Path(name), present)

    def ask(self, name: str, table: "CsvTable", choice: "Choice", about: str = "") -> None:
        """Ask which columns of a table are wanted, beginning with a choice."""
        from mlpsim.views.parts.samples.columns_dialog import ColumnsDialog

        self._name = name
        if self.dialog is not None:
            self.dialog.reject()
        self.dialog = ColumnsDialog(name, table, choice, about, self._parent)
        self.dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.dialog.finished.connect(self._on_answered)
        self.dialog.open()

    @Slot(int)
    def _on_answered(self, answer: int) -> None:
        dialog, self.dialog = self.dialog, None
        if answer and dialog is not None and dialog.data_chosen is not None:
            self.chosen.emit(dialog.data_chosen, self._name)

    @Slot(object, object)
    def _on_read(self, path: Path, table: "CsvTable") -> None:
        from mlpsim.core.tables.columns import suggested

        self._waiting.end()
        self.ask(path.name, table, suggested(table, *self._columns), _skipped(table.n_comments))

    @Slot(object, str)
    def _on_refused(self, path: Path, reason: str) -> None:
        self._waiting.end()
        self.refused.emit(f"Nothing was changed: {path.name}, {reason}.")

    @Slot(float)
    def _on_progressed(self, share: float) -> None:
        self._waiting.tell(min(99, round(100.0 * share)))


def _skipped(comments: int) -> str:
    """How many comments before a table were skipped; nothing where there are none."""
    lines = "One line before the table, which begins with #, is"
    if comments > 1:
        lines = f"{whole(comments)} lines before the table, which begin with #, are"
    return f"{lines} skipped." if comments else ""


def dropped_table(mime: QMimeData) -> Path | str | None:
    """The table file or text in what is dropped; None if it is neither."""
    files = [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]
    if files:
        return files[0] if len(files) == 1 and files[0].suffix.lower() in TEXT_SUFFIXES else None
    return mime.text() if mime.hasText() else None
