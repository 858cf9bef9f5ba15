"""The errors of all samples before and after a step, as a table model."""

from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QFont, QIcon

from mlpsim.core.arrays import Array
from mlpsim.core.classes import classes_of
from mlpsim.core.record import StepRecord
from mlpsim.views.items.markers import class_icon
from mlpsim.views.labels import number, sample_error, signed
from mlpsim.views.theme import DARK, Theme

Index = QModelIndex | QPersistentModelIndex
HEADS = ("error", "before", "after", "Δ")
_TIPS = (
    "the error of each sample; those that the step saw are bold",
    "before the step",
    "after the step",
    "after − before",
)
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
# Where there is little room: digits of what has more signs than so many, such as −0.0034 has not.
_SHORTER = ((3, 7), (2, 9))
_NONE = np.zeros(0)


class AuditModel(QAbstractTableModel):
    """A row per sample: eˢ, before, after, Δ; the members of the batch are bold."""

    def __init__(self) -> None:
        super().__init__()
        self._before: Array = _NONE
        self._after: Array = _NONE
        self._batch: frozenset[int] = frozenset()
        self._labels: list[int] | None = None
        self._theme: Theme = DARK
        self._icons: dict[int, QIcon] = {}
        self.is_narrow, self.signs = False, 0

    def show_record(self, record: StepRecord | None, theme: Theme) -> None:
        """Show another step, or none."""
        samples = 0 if record is None else len(record.errors_before)
        is_reset = samples != len(self._before)
        if is_reset:
            self.beginResetModel()
        if theme is not self._theme:
            self._icons.clear()
        self._theme = theme
        if record is None:
            self._before = self._after = _NONE
            self._batch, self._labels = frozenset(), None
        else:
            self._before, self._after = record.errors_before, record.errors_after
            self._batch = frozenset(record.batch.tolist())
            classes = classes_of(record.segment.experiment.problem.data)
            self._labels = None if classes is None else classes.tolist()
        if is_reset:
            self.endResetModel()
        elif samples:
            self.dataChanged.emit(self.index(0, 0), self.index(samples - 1, len(HEADS) - 1))

    def set_narrow(self, narrow: bool, signs: int) -> None:
        """Where there is little room, numbers have a digit less, and the batch is bold and no more.

        ``signs`` have room in a column of numbers.
        """
        if (narrow, signs) != (self.is_narrow, self.signs):
            self.beginResetModel()
            self.is_narrow, self.signs = narrow, signs
            self.endResetModel()

    def widest_name(self, narrow: bool) -> str:
        """The widest text of the column of names."""
        samples = len(self._before)
        return f"{sample_error(samples - 1)}{self._mark(narrow)}" if samples else ""

    def _mark(self, narrow: bool) -> str:
        """What stands behind the names of the batch; of all samples it would say nothing."""
        return "" if narrow or len(self._batch) == len(self._before) else "  batch"

    def is_marked(self, row: int) -> bool:
        """Whether the step saw the sample."""
        return row in self._batch

    def rowCount(self, parent: Index | None = None) -> int:
        return len(self._before)

    def columnCount(self, parent: Index | None = None) -> int:
        return len(HEADS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation == Qt.Orientation.Vertical:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return HEADS[section]
        if role == Qt.ItemDataRole.ToolTipRole:
            return _TIPS[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if section else _LEFT
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row, column = index.row(), index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(row, column)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if column else _LEFT
        if role == Qt.ItemDataRole.ForegroundRole:
            return self._ink(row, column)
        if role == Qt.ItemDataRole.DecorationRole and column == 0 and self._labels is not None:
            return self._icon(self._labels[row])
        if role == Qt.ItemDataRole.ToolTipRole:
            seen = "in the batch" if self.is_marked(row) else "not in the batch"
            return f"sample {row + 1}, {seen}: {self._before[row]!r} → {self._after[row]!r}"
        if role == Qt.ItemDataRole.FontRole and self.is_marked(row):
            font = QFont()
            font.setWeight(QFont.Weight.DemiBold)
            return font
        return None

    def _text(self, row: int, column: int) -> str:
        before, after = float(self._before[row]), float(self._after[row])
        digits = 4 if self.is_narrow else 5
        name = sample_error(row) + (self._mark(self.is_narrow) if self.is_marked(row) else "")
        texts = number(before, digits), number(after, digits), signed(after - before, digits - 1)
        for fewer, most in _SHORTER if self.is_narrow and column else ():
            if len(texts[column - 1]) > min(most, self.signs):
                texts = (
                    number(before, fewer),
                    number(after, fewer),
                    signed(after - before, fewer - 1),
                )
        return (name, *texts)[column]

    def _ink(self, row: int, column: int) -> QColor | None:
        if column == 3 and self._after[row] > self._before[row]:
            return self._theme.warning
        return None if self.is_marked(row) else self._theme.secondary

    def _icon(self, label: int) -> QIcon:
        if label not in self._icons:
            self._icons[label] = class_icon(self._theme, label, 16)
        return self._icons[label]
