"""The samples as a table model on arrays: only the rows that are looked at are computed."""

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QPixmap

from mlpsim.core.arrays import Array
from mlpsim.core.classes import classes_of
from mlpsim.core.dataset import Dataset
from mlpsim.core.problem import Problem
from mlpsim.core.readout import predictions_and_errors
from mlpsim.views.items.markers import class_colour, marker_pixmap
from mlpsim.views.labels import (
    SAMPLE_ERROR,
    class_name,
    input_symbols,
    named_input,
    named_target,
    number,
    predictions,
    targets,
    unit_of_input,
)
from mlpsim.views.labels.plain import plain
from mlpsim.views.labels.symbols import error_in_symbols, hidden_in_symbols, predictions_in_symbols
from mlpsim.views.theme import DARK, Theme

BLOCK = 256
Index = QModelIndex | QPersistentModelIndex
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_CENTRE = Qt.AlignmentFlag.AlignCenter


class SampleModel(QAbstractTableModel):
    """A row for each sample: inputs, targets, predictions ŷ and error eˢ."""

    def __init__(self, problem: Problem, theta: Array, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.in_symbols = False
        self.pointed: int | None = None
        self.digits = self.error_digits = 5
        self._problem, self._theta = problem, theta
        self._classes = classes_of(problem.data)
        self._blocks: dict[int, tuple[Array, Array]] = {}
        self.theme: Theme = DARK
        self._glyph_size, self._ratio = 12.0, 1.0
        self._glyphs: dict[int, QPixmap] = {}

    # -- what is shown -------------------------------------------------------------------------

    @property
    def samples(self) -> Dataset:
        """The data on view."""
        return self._problem.data

    @property
    def n_cells(self) -> int:
        """The number of columns that hold data: inputs and targets."""
        return self._problem.data.n_features + self._problem.data.n_outputs

    def show_state(self, problem: Problem, theta: Array) -> None:
        """Show another problem or other parameters; place and selection stay where they can."""
        old, new = self._problem.data, problem.data
        same_columns = (old.n_features, old.n_outputs) == (new.n_features, new.n_outputs)
        before, after = len(old), len(new)
        root = QModelIndex()
        if not same_columns:
            self.beginResetModel()
        elif after > before:
            self.beginInsertRows(root, before, after - 1)
        elif after < before:
            self.beginRemoveRows(root, after, before - 1)
        self._problem, self._theta = problem, theta
        self._blocks.clear()
        if new is not old:
            self._classes = classes_of(new)
        if not same_columns:
            self.endResetModel()
            return
        if after > before:
            self.endInsertRows()
        elif after < before:
            self.endRemoveRows()
        self._refresh(self.n_cells if new is old else 0)

    def show_symbols(self, on: bool) -> None:
        """ŷ and eˢ as formulas in the weights, or as numbers."""
        self.in_symbols = on
        self._refresh()

    def show_pointed(self, row: int | None) -> None:
        """Tint the row that is pointed at, here or elsewhere."""
        before, self.pointed = self.pointed, row
        for changed in {before, row} - {None}:
            assert changed is not None
            if changed < self.rowCount():
                last = self.columnCount() - 1
                self.dataChanged.emit(self.index(changed, 0), self.index(changed, last))

    def dress(self, theme: Theme, glyph_size: float, ratio: float) -> None:
        """The theme and size of the class marks, for a device of that pixel ratio."""
        self.theme, self._glyph_size, self._ratio = theme, glyph_size, ratio
        self._glyphs.clear()
        self._refresh()

    def show_digits(self, digits: int, error_digits: int) -> None:
        """How many significant digits the data and predictions have, and the errors."""
        if (digits, error_digits) != (self.digits, self.error_digits):
            self.digits, self.error_digits = digits, error_digits
            self._refresh()

    def value(self, row: int, column: int) -> float:
        """The number in a cell."""
        data, d = self._problem.data, self._problem.data.n_features
        if column < d:
            return float(data.x[row, column])
        if column < self.n_cells:
            return float(data.y[row, column - d])
        y_hat, errors = self._computed(row)
        if column < self.n_cells + data.n_outputs:
            return float(y_hat[row % BLOCK, column - self.n_cells])
        return float(errors[row % BLOCK])

    def text(self, row: int, column: int) -> str:
        """What a cell shows."""
        computed = column - self.n_cells
        if not self.in_symbols or computed < 0:
            digits = self.error_digits if column == self.columnCount() - 1 else self.digits
            return number(self.value(row, column), digits)
        if computed < self._problem.data.n_outputs:
            return predictions_in_symbols(self._problem, row)[computed]
        return error_in_symbols(self._problem, row)

    def has_glyph(self, column: int) -> bool:
        """Whether a column shows the marks of the classes."""
        return self._classes is not None and column == self._problem.data.n_features

    def glyph(self, row: int) -> QPixmap:
        """The mark of a sample's class."""
        assert self._classes is not None
        label = int(self._classes[row])
        if label not in self._glyphs:
            self._glyphs[label] = marker_pixmap(
                label, 0.4 * self._glyph_size, class_colour(self.theme, label), None, self._ratio
            )
        return self._glyphs[label]

    # -- Qt ------------------------------------------------------------------------------------

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._problem.data)

    def columnCount(self, parent: Index | None = None) -> int:
        if parent is not None and parent.isValid():
            return 0
        return self.n_cells + self._problem.data.n_outputs + 1

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return flags | Qt.ItemFlag.ItemIsEditable if self.is_given(index.column()) else flags

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(_CENTRE if orientation == Qt.Orientation.Vertical else _RIGHT)
        if orientation == Qt.Orientation.Vertical:
            return str(section + 1) if role == Qt.ItemDataRole.DisplayRole else None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._names[section]
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain(self._meaning(section))
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row, column = index.row(), index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return self.text(row, column)
        if role == Qt.ItemDataRole.EditRole:
            return self.value(row, column)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(_RIGHT)
        if role == Qt.ItemDataRole.DecorationRole and self.has_glyph(column):
            return self.glyph(row)
        if role == Qt.ItemDataRole.ForegroundRole and not self.is_given(column):
            return QColor(self.theme.secondary)
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tip(row, column)
        return None

    # -- inside --------------------------------------------------------------------------------

    def is_given(self, column: int) -> bool:
        """Whether a column holds data that are not computed."""
        data = self._problem.data
        return column in data.measured if column < data.n_features else column < self.n_cells

    @property
    def _names(self) -> tuple[str, ...]:
        data = self._problem.data
        k = data.n_outputs
        return (*input_symbols(data), *targets(k), *predictions(k), SAMPLE_ERROR)

    def _meaning(self, column: int) -> str:
        data = self._problem.data
        name = self._names[column]
        if column < data.n_features:
            unit = unit_of_input(data, column)
            return f"input {named_input(data, column)}" + (f"\n{unit}" if unit else "")
        if column < self.n_cells:
            return f"target {named_target(data, column - data.n_features)}"
        is_error = column == self.n_cells + data.n_outputs
        return "sample error eˢ" if is_error else f"prediction {name} at the state on view"

    def _tip(self, row: int, column: int) -> str | None:
        if self.has_glyph(column) and self._classes is not None:
            return plain(f"class {class_name(int(self._classes[row]), self._problem.data)}")
        if self.in_symbols and column >= self.n_cells:
            lines = [self.text(row, column), f"= {number(self.value(row, column), 8)}"]
            return "\n".join(filter(None, [*lines, hidden_in_symbols(self._problem, row)]))
        return None

    def _computed(self, row: int) -> tuple[Array, Array]:
        """ŷ (n, K) and eˢ (n,) of the block of samples that a row is in."""
        block = row // BLOCK
        if block not in self._blocks:
            samples = slice(block * BLOCK, (block + 1) * BLOCK)
            self._blocks[block] = predictions_and_errors(self._problem, self._theta, samples)
        return self._blocks[block]

    def _refresh(self, first_column: int = 0) -> None:
        last = self.index(self.rowCount() - 1, self.columnCount() - 1)
        self.dataChanged.emit(self.index(0, first_column), last)
