"""The lanes of a race and how each stands, as a table model; names can be edited."""

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor, QFont, QIcon

from mlpsim.core.studies.lanes import Standing
from mlpsim.views.items.lanes import badge_icon
from mlpsim.views.labels import number, race_words
from mlpsim.views.labels.plain import plain
from mlpsim.views.theme import DARK, Theme

Index = QModelIndex | QPersistentModelIndex
NAME, ERROR, REACHED, COST, FINAL, RIGHT, DIVERGED = range(7)
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)


@dataclass(frozen=True)
class Row:
    """A lane's name and how it stands."""

    name: str
    standing: Standing


class RaceModel(QAbstractTableModel):
    """A row per lane; ``renamed`` carries its number (from 0) and the name that was typed."""

    renamed = Signal(int, str)

    def __init__(self) -> None:
        super().__init__()
        self._rows: tuple[Row, ...] = ()
        self._texts: tuple[tuple[str, ...], ...] = ()  # read more often than they change
        self._level, self._symbol = 0.0, "E"
        self._theme: Theme = DARK
        self._font = QFont()
        self._icons: dict[int, QIcon] = {}

    def show_rows(
        self, rows: tuple[Row, ...], level: float, symbol: str, theme: Theme, font: QFont
    ) -> None:
        """Show how the lanes stand; the level is what E of this symbol is to come to."""
        if theme is not self._theme or font != self._font:
            self._icons.clear()
        self._theme, self._font = theme, QFont(font)
        is_reset = len(rows) != len(self._rows)
        if is_reset:
            self.beginResetModel()
        self._rows, self._texts = rows, tuple(map(_texts, rows))
        if is_reset:
            self.endResetModel()
        else:
            self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, DIVERGED))
        if (level, symbol) != (self._level, self._symbol):
            self._level, self._symbol = level, symbol
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, DIVERGED)

    @property
    def rows(self) -> tuple[Row, ...]:
        return self._rows

    def rowCount(self, parent: Index | None = None) -> int:
        return len(self._rows)

    def columnCount(self, parent: Index | None = None) -> int:
        return DIVERGED + 1

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        return flags | Qt.ItemFlag.ItemIsEditable if index.column() == NAME else flags

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation == Qt.Orientation.Vertical:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._head(section)[0]
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._head(section)[1]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _LEFT if section == NAME else _RIGHT
        return None

    def _head(self, section: int) -> tuple[str, str]:
        symbol, level = self._symbol, f"{self._symbol} ≤ {number(self._level)}"
        return (
            ("lane", "the name of the lane: double-click to change it"),
            (symbol, "at the state on view"),
            (level, f"the first step with {level}"),
            (
                "∇eˢ",
                f"gradients of single samples that it took to come to {level}"
                " (Hessians and trials of a step are not counted)",
            ),
            (f"last {symbol}", "at the last step of the lane"),
            ("right", "accuracy at the state on view: the share of samples classified correctly"),
            ("diverged", "the step at which the objective or a weight was no longer finite"),
        )[section]

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        lane, column = index.row(), index.column()
        row = self._rows[lane]
        if role == Qt.ItemDataRole.DisplayRole:
            return self._texts[lane][column]
        if role == Qt.ItemDataRole.EditRole and column == NAME:
            return row.name
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _LEFT if column == NAME else _RIGHT
        if role == Qt.ItemDataRole.DecorationRole and column == NAME:
            return self._icon(lane)
        if role == Qt.ItemDataRole.ForegroundRole:
            return self._ink(row.standing, column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain(race_words.lane_words(row.name, row.standing))
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.EditRole or value == self._rows[index.row()].name:
            return False
        self.renamed.emit(index.row(), value)
        return True

    def _ink(self, found: Standing, column: int) -> QColor | None:
        if column == DIVERGED and found.diverged_at is not None:
            return self._theme.danger
        is_open = column in (REACHED, COST) and found.reached is None
        return self._theme.secondary if is_open else None

    def _icon(self, lane: int) -> QIcon:
        if lane not in self._icons:
            self._icons[lane] = badge_icon(self._theme, lane, self._font)
        return self._icons[lane]


def _texts(row: Row) -> tuple[str, ...]:
    found = row.standing
    return (
        row.name,
        race_words.error_text(found.error),
        race_words.reached_text(found),
        race_words.cost_text(found),
        race_words.error_text(found.final),
        race_words.right_text(found),
        race_words.diverged_text(found),
    )
