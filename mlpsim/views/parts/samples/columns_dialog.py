"""The dialog that asks which columns of a file are inputs and targets."""

from dataclasses import replace

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from mlpsim.core.dataset import Dataset
from mlpsim.core.tables.columns import Choice, chosen_data, rows_with_gaps
from mlpsim.core.tables.csv_table import CsvTable
from mlpsim.core.tables.tabular import TableError
from mlpsim.views.labels import count, sentence, whole
from mlpsim.views.parts.samples.columns_model import INPUT, TARGET, ColumnsModel
from mlpsim.views.widgets.message import Message
from mlpsim.views.widgets.screen_room import resize_within


class ColumnsDialog(QDialog):
    """Shows the columns with what they hold; accepted, ``data_chosen`` is the data."""

    def __init__(
        self, name: str, table: CsvTable, choice: Choice, about: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("columns dialog")
        self.setWindowTitle(f"Columns of {name}")
        self.setModal(True)
        self._csv = table
        self.model = ColumnsModel(table, choice, self)
        self.model.choice_changed.connect(self._show)
        self._about = Message("subtitle")
        self._about.say(about)
        self.table = self._make_table()
        self.all_inputs = QPushButton("All inputs")
        self.all_inputs.setAutoDefault(False)
        self.all_inputs.setToolTip("Every column of numbers that is no target becomes an input")
        self.no_inputs = QPushButton("No inputs")
        self.no_inputs.setAutoDefault(False)
        self.no_inputs.setToolTip("Take back every input, to tick a few")
        self.classes = QCheckBox("The target tells classes: one column for each label (one-hot)")
        self.classes.setToolTip("Two labels become one column of 0 and 1")
        self.drop = QCheckBox()
        self.drop.setToolTip("Only rows with a missing cell in a chosen column are left out")
        self.summary, self.error = Message("secondary"), Message("error")
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.use = buttons.addButton("Use these data", QDialogButtonBox.ButtonRole.AcceptRole)
        self.use.setProperty("role", "primary")
        self.use.setDefault(True)
        self.use.setToolTip("Replace the data; undo brings them back")
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        self.all_inputs.clicked.connect(self._tick_all)
        self.no_inputs.clicked.connect(self._tick_none)
        self.classes.clicked.connect(self._choose)
        self.drop.clicked.connect(self._choose)
        self._lay_out(buttons)
        self.data_chosen: Dataset | None = None
        self._show()

    def _make_table(self) -> QTableView:
        table = QTableView()
        table.setModel(self.model)
        table.setAccessibleName("Columns of the file")
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.setTabKeyNavigation(False)  # Tab leaves it; the arrow keys walk through it
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.verticalHeader().hide()
        line = self.fontMetrics().height()
        table.verticalHeader().setDefaultSectionSize(round(1.7 * line))
        header = table.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionsClickable(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        for column in (INPUT, TARGET):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        table.setCurrentIndex(self.model.index(0, INPUT))
        return table

    def _lay_out(self, buttons: QDialogButtonBox) -> None:
        row = QHBoxLayout()
        row.addWidget(self.all_inputs)
        row.addWidget(self.no_inputs)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 14)
        column.setSpacing(10)
        column.addWidget(self._about)
        column.addWidget(self.table, 1)
        column.addLayout(row)
        for widget in (self.classes, self.drop, self.summary, self.error, buttons):
            column.addWidget(widget)
        line = self.fontMetrics().height()
        resize_within(self, QSize(40 * line, 36 * line))

    # -- showing -------------------------------------------------------------------------------

    @property
    def choice(self) -> Choice:
        """What is ticked."""
        return self.model.choice

    @Slot()
    def _show(self) -> None:
        choice = self.choice
        self.classes.setEnabled(len(choice.targets) == 1)
        self.classes.setChecked(choice.as_classes)
        gaps = len(rows_with_gaps(self._csv, choice))
        self.drop.setVisible(bool(gaps))
        self.drop.setText(f"Leave out the {count(gaps, 'row')} with a missing cell")
        self.drop.setChecked(choice.drop_missing)
        try:
            self.data_chosen = chosen_data(self._csv, choice)
        except TableError as reason:
            self.data_chosen = None
            self.error.say(sentence(reason))
            self.summary.say("")
        else:
            self.error.say("")
            self.summary.say(_summary(self.data_chosen, choice))
        self.use.setEnabled(self.data_chosen is not None)

    @Slot()
    def _tick_all(self) -> None:
        self.model.set_inputs(True)

    @Slot()
    def _tick_none(self) -> None:
        self.model.set_inputs(False)

    @Slot()
    def _choose(self) -> None:
        self.model.choice = replace(
            self.choice, as_classes=self.classes.isChecked(), drop_missing=self.drop.isChecked()
        )
        self._show()


def _summary(data: Dataset, choice: Choice) -> str:
    """How many samples, inputs and targets, and what the targets stand for."""
    parts = [count(len(data), "sample"), count(data.n_features, "input")]
    if not choice.as_classes:
        parts.append(count(data.n_outputs, "target"))
        return f"{', '.join(parts)}."
    if data.n_outputs == 1:
        low, high = data.labels
        return f"{', '.join(parts)}, one target: 0 is “{low}”, 1 is “{high}”."
    parts.append(f"{whole(data.n_outputs)} targets, one-hot")
    return f"{', '.join(parts)}: {', '.join(data.labels)}."
