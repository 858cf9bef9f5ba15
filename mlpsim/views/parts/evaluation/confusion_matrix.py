"""The confusion matrix: a row for each class, a column for each that is predicted."""

from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRect, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPalette, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QTableView,
)
from PySide6.QtWidgets import QStyleOptionViewItem as Option

from mlpsim.core.arrays import Indices
from mlpsim.views.items.markers import class_icon
from mlpsim.views.labels import count, percent, whole
from mlpsim.views.labels.plain import plain
from mlpsim.views.theme import DARK, Theme, mix
from mlpsim.views.widgets.quiet_delegate import QuietDelegate

Index = QModelIndex | QPersistentModelIndex
DEPTH = 0.42  # how much of its colour a cell has that holds a whole row
ICON = 14
SMALLEST = 5.0  # points
TIGHT = 0.93  # hinted, small type is wider than its size says


class ConfusionModel(QAbstractTableModel):
    """How many samples of each class are predicted to be of each class."""

    def __init__(self) -> None:
        super().__init__()
        self._counts = np.zeros((0, 0), dtype=np.intp)
        self._names: tuple[str, ...] = ()
        self._theme: Theme = DARK

    def show_counts(self, counts: Indices | None, names: tuple[str, ...], theme: Theme) -> None:
        """Show other counts (K, K) of classes with these names, or none."""
        shown = np.zeros((0, 0), dtype=np.intp) if counts is None else counts
        resets = len(shown) != len(self._counts)
        if resets:
            self.beginResetModel()
        self._counts, self._names, self._theme = shown, names, theme
        if resets:
            self.endResetModel()
        elif len(shown):
            last = len(shown) - 1
            self.dataChanged.emit(self.index(0, 0), self.index(last, last))
            for orientation in (Qt.Orientation.Horizontal, Qt.Orientation.Vertical):
                self.headerDataChanged.emit(orientation, 0, last)

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._counts)

    def columnCount(self, parent: Index | None = None) -> int:
        return self.rowCount(parent)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        name = self._names[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return name if orientation == Qt.Orientation.Vertical else None
        if role == Qt.ItemDataRole.DecorationRole:
            return class_icon(self._theme, section, ICON)
        if role == Qt.ItemDataRole.ToolTipRole:
            is_predicted = orientation == Qt.Orientation.Horizontal
            return plain(f"predicted {name}" if is_predicted else f"class {name}")
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row, column = index.row(), index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return whole(int(self._counts[row, column]))
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignCenter)
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain(self._words(row, column))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._words(row, column)
        if role == Qt.ItemDataRole.BackgroundRole:
            return self._fill(row, column)
        if role == Qt.ItemDataRole.FontRole and row == column:
            font = QFont()
            font.setWeight(QFont.Weight.DemiBold)
            return font
        return None

    @property
    def longest(self) -> str:
        """A text as long as that of the largest count."""
        return "8" * len(whole(int(self._counts.max(initial=0))))

    def _share(self, row: int, column: int) -> float:
        """Which part of a class is predicted to be of another."""
        return float(self._counts[row, column]) / max(1, int(self._counts[row].sum()))

    def _fill(self, row: int, column: int) -> QColor:
        colour = self._theme.accent if row == column else self._theme.danger
        return mix(self._theme.card, colour, DEPTH * self._share(row, column) ** 0.5)

    def _words(self, row: int, column: int) -> str:
        of_class = f"{count(int(self._counts[row].sum()), 'sample')} of class {self._names[row]}"
        told = f"{whole(int(self._counts[row, column]))} of {of_class}"
        share = percent(self._share(row, column)) if self._counts[row].any() else "–"
        return f"{told} predicted {self._names[column]} ({share})"


class ConfusionMatrix(QTableView):
    """Shows a ``ConfusionModel``; the arrow keys walk through its cells."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("confusion")
        self.counts = ConfusionModel()
        self.counts.setParent(self)
        self.setModel(self.counts)
        self.cells = _Cell(self)
        self.setItemDelegate(self.cells)
        self.setAccessibleName("Confusion matrix")
        self.setToolTip("a row for each class, a column for each predicted class")
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        for header in (self.horizontalHeader(), self.verticalHeader()):
            header.setHighlightSections(False)
            header.setSectionsClickable(False)
            header.setMinimumSectionSize(self.fontMetrics().height())
            header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.verticalHeader().setTextElideMode(Qt.TextElideMode.ElideRight)
        self.verticalHeader().setMaximumWidth(6 * self.fontMetrics().height())
        self.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignCenter)

    @property
    def least_height(self) -> int:
        """What it needs to show all rows at once."""
        rows = self.counts.rowCount() * self.verticalHeader().minimumSectionSize()
        return self.horizontalHeader().sizeHint().height() + rows + 2 * self.frameWidth()


class _Cell(QuietDelegate):
    """Paints a cell's colour and number, without the padding that there is no room for."""

    def __init__(self, matrix: "ConfusionMatrix") -> None:
        super().__init__(matrix)
        self._counts = matrix.counts

    def paint_cell(self, painter: QPainter, option: Option, index: Index) -> None:
        rect = option.rect.adjusted(1, 1, -1, -1)
        painter.fillRect(rect, index.data(Qt.ItemDataRole.BackgroundRole))
        font = index.data(Qt.ItemDataRole.FontRole)
        font = option.font if font is None else font.resolve(option.font)
        painter.setFont(self.fitting(font, rect))
        ink = option.palette.color(QPalette.ColorRole.Text)
        painter.setPen(ink)
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, index.data())
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(ink, 2.0))
            painter.drawRect(rect.adjusted(1, 1, -1, -1))

    def fitting(self, font: QFont, rect: QRect) -> QFont:
        """A font in which every count fits into such a cell."""
        bold = QFont(font)
        bold.setWeight(QFont.Weight.DemiBold)
        need = QFontMetricsF(bold).horizontalAdvance(self._counts.longest)
        if need <= rect.width():
            return font
        smaller = QFont(font)
        smaller.setPointSizeF(max(SMALLEST, TIGHT * font.pointSizeF() * rect.width() / need))
        return smaller
