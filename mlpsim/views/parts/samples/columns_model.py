"""The columns of a CSV file as a table model: what each holds, and what it is ticked as."""

from dataclasses import replace
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from mlpsim.core.tables.columns import Choice, looks_like_classes
from mlpsim.core.tables.csv_table import Column, CsvTable
from mlpsim.views.labels import count, number, whole
from mlpsim.views.labels.plain import plain

Index = QModelIndex | QPersistentModelIndex
HEADS = ("column", "holds", "input", "target")
INPUT, TARGET = 2, 3
SHOWN_LABELS = 3
_CHECK = Qt.ItemDataRole.CheckStateRole


class ColumnsModel(QAbstractTableModel):
    """A row for every column of the file; ``choice_changed`` comes when a tick was set or taken."""

    choice_changed = Signal()

    def __init__(self, table: CsvTable, choice: Choice, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._table = table
        self.choice = choice

    def set_inputs(self, on: bool) -> None:
        """Make every column of numbers that is no target an input, or none."""
        columns = self._table.columns
        inputs = tuple(
            j
            for j, column in enumerate(columns)
            if on and not column.words and j not in self.choice.targets
        )
        self._choose(replace(self.choice, inputs=inputs))

    def toggle(self, row: int, column: int) -> None:
        """Tick a column of the file as input or target, or take the tick back.

        Words are the only target: they become classes.
        """
        inputs, targets = set(self.choice.inputs), set(self.choice.targets)
        mine, other = (inputs, targets) if column == INPUT else (targets, inputs)
        if column == TARGET and row not in targets and self._table.columns[row].words:
            targets.clear()
        mine ^= {row}
        other -= {row}
        choice = replace(self.choice, inputs=tuple(sorted(inputs)), targets=tuple(sorted(targets)))
        if choice.targets != self.choice.targets:
            columns = [self._table.columns[j] for j in choice.targets]
            choice = replace(
                choice, as_classes=len(columns) == 1 and looks_like_classes(columns[0])
            )
        self._choose(choice)

    def _choose(self, choice: Choice) -> None:
        self.choice = choice
        last = self.index(self.rowCount() - 1, TARGET)
        self.dataChanged.emit(self.index(0, INPUT), last, [_CHECK])
        self.choice_changed.emit()

    # -- Qt ------------------------------------------------------------------------------------

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._table.columns)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(HEADS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation == Qt.Orientation.Vertical or role != Qt.ItemDataRole.DisplayRole:
            return None
        return HEADS[section]

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return flags | Qt.ItemFlag.ItemIsUserCheckable if index.column() >= INPUT else flags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row, column = index.row(), index.column()
        entry = self._table.columns[row]
        if role == Qt.ItemDataRole.DisplayRole and column < INPUT:
            return entry.name if column == 0 else held_by(entry)
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain(f"{entry.name}: {held_by(entry)}")
        if role == _CHECK and column >= INPUT:
            return Qt.CheckState.Checked if self._is_ticked(row, column) else _UNTICKED
        if role == Qt.ItemDataRole.AccessibleTextRole and column >= INPUT:
            ticked = "ticked" if self._is_ticked(row, column) else "not ticked"
            return f"{entry.name} as {HEADS[column]}, {ticked}"
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != _CHECK or index.column() < INPUT:
            return False
        self.toggle(index.row(), index.column())
        return True

    def _is_ticked(self, row: int, column: int) -> bool:
        return row in (self.choice.inputs if column == INPUT else self.choice.targets)


_UNTICKED = Qt.CheckState.Unchecked


def held_by(column: Column) -> str:
    """What a column holds, in words."""
    gaps = f", {whole(column.n_missing)} missing" if column.n_missing else ""
    if column.n_missing == len(column.values):
        return "nothing"
    if column.words:
        labels = column.labels
        more = ", …" if len(labels) > SHOWN_LABELS else ""
        return f"{count(len(labels), 'label')}: {', '.join(labels[:SHOWN_LABELS])}{more}{gaps}"
    present = column.values[~column.is_missing]
    low, high = number(present.min()), number(present.max())
    return f"{low} throughout{gaps}" if present.min() == present.max() else f"{low} to {high}{gaps}"
