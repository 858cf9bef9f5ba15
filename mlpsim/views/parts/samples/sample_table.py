"""The table of samples: it emits what a person asks for and gives its columns their widths."""

from collections.abc import Sequence
from itertools import product

from PySide6.QtCore import QEvent, QItemSelectionModel, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QContextMenuEvent,
    QFontMetrics,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QHeaderView,
    QLabel,
    QTableView,
    QWidget,
)

from mlpsim.views.arrow_keys import ARROWS
from mlpsim.views.labels import number
from mlpsim.views.parts.samples.sample_cell import CELL_PADDING, CellDelegate
from mlpsim.views.parts.samples.sample_model import Index, SampleModel

# Digits of the data and predictions, and of the errors.
DIGITS = ((5, 5), (4, 4), (3, 3), (3, 2))
SYMBOL_SIZES = (1.0, 0.9, 0.8)  # of formulas in the weights, by the type of the table
SAMPLED_ROWS = 60
ROW, AIRY_ROW = 1.55, 1.9  # heights of a row, in heights of a line
FEW = 8  # samples up to which rows are airy
_DELETE = (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)


class SampleTable(QTableView):
    """The samples; it emits what the person asked for and changes nothing itself."""

    copy_asked = Signal()
    paste_asked = Signal()
    delete_asked = Signal()
    menu_asked = Signal(object)
    row_chosen = Signal(int)
    row_pointed = Signal(object)

    def __init__(self, model: SampleModel) -> None:
        super().__init__()
        self.setModel(model)
        self._model = model
        self._needs: dict[tuple[int, float, int], int] = {}
        self._laid_out = QSize()  # in which size the columns were laid out
        self.cells = CellDelegate(self)
        self.setItemDelegate(self.cells)
        self.setAccessibleName("Table of the samples")
        self.setToolTip("")
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setDragDropMode(QAbstractItemView.DragDropMode.NoDragDrop)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        trigger = QAbstractItemView.EditTrigger
        self.setEditTriggers(trigger.DoubleClicked | trigger.EditKeyPressed | trigger.AnyKeyPressed)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionsClickable(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self._corner = QLabel("s", self)
        self._corner.setProperty("role", "secondary")
        self._corner.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._corner.setToolTip("the sample s")
        side = self.verticalHeader()
        side.setHighlightSections(False)
        side.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.selectionModel().selectionChanged.connect(self._on_selection)
        self.setMouseTracking(True)

    @property
    def anchor(self) -> tuple[int, int] | None:
        """The first selected row and column; None if nothing is selected."""
        picked = self.selectionModel().selection().toList()
        if not picked:
            return None
        return min(r.top() for r in picked), min(r.left() for r in picked)

    @property
    def selected_rows(self) -> list[int]:
        """The rows with a selected cell."""
        picked = self.selectionModel().selection().toList()
        return sorted({row for r in picked for row in range(r.top(), r.bottom() + 1)})

    def selected_values(self) -> list[list[float]]:
        """The numbers of the selected cells: the rows of the columns that are selected anywhere."""
        picked = self.selectionModel().selection().toList()
        columns = sorted({c for r in picked for c in range(r.left(), r.right() + 1)})
        return [[self._model.value(row, c) for c in columns] for row in self.selected_rows]

    def show_sample(self, s: int | None) -> None:
        """Select the row of a sample, or none, unless a cell of it is selected already."""
        if s is None:
            self.clearSelection()
            self.selectionModel().clearCurrentIndex()
        elif s not in self.selected_rows and s < self._model.rowCount():
            flags = QItemSelectionModel.SelectionFlag
            index = self._model.index(s, 0)
            self.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)
            self.scrollTo(index)

    def edit_cell(self, row: int, column: int) -> None:
        """Begin to type into a cell, if it is still there once another field has lost the focus."""
        self.setFocus()
        index = self._model.index(row, column)
        self.setCurrentIndex(index)
        self.scrollTo(index)
        if index.flags() & Qt.ItemFlag.ItemIsEditable:
            self.edit(index)

    def fit_columns(self) -> None:
        """Give every column what its texts need and share the rest.

        Where there is no room for five digits the numbers have fewer, down to three, or two
        of an error; then it scrolls.
        """
        self._needs.clear()
        self._lay_out()

    def grow_columns(self) -> None:
        """Make room where a prediction or an error in sight has become longer."""
        model, header = self._model, self.horizontalHeader()
        for column in range(model.n_cells, model.columnCount()):
            if self._need(column) > header.sectionSize(column):
                self._lay_out()
                return

    def _lay_out(self) -> None:
        self._laid_out = self.size()
        em = self.fontMetrics().height()
        side, header = self.verticalHeader(), self.horizontalHeader()
        rows = self._model.rowCount()
        side.setDefaultSectionSize(round((AIRY_ROW if rows <= FEW else ROW) * em))
        places = max(len(str(rows)), 2)
        width_of_side = self.fontMetrics().horizontalAdvance("0" * places) + em
        side.setFixedWidth(width_of_side)
        header.setMinimumSectionSize(em)
        room = self.width() - width_of_side - self.verticalScrollBar().sizeHint().width()
        sizes = SYMBOL_SIZES if self._model.in_symbols else SYMBOL_SIZES[:1]
        for size, (of_data, of_errors) in product(sizes, DIGITS):
            self._model.show_digits(of_data, of_errors)
            self.cells.symbol_size = size
            if self.fits(room):
                break
        widths = [self._need(column) for column in range(self._model.columnCount())]
        spare = max(0, room - sum(widths)) // len(widths)
        for column, width in enumerate(widths):
            header.resizeSection(column, width + spare)
        self._corner.setGeometry(0, 0, width_of_side, header.height())
        # No taller than its rows, so that what stands below follows them.
        scroller = self.horizontalScrollBar()
        below = scroller.sizeHint().height() if sum(widths) > room else 0
        height = header.height() + rows * side.defaultSectionSize() + below
        self.setMaximumHeight(height + 2 * self.frameWidth())

    def fits(self, room: int) -> bool:
        """Whether all columns have room; often the first ones tell that they have not."""
        for column in range(self._model.columnCount()):
            room -= self._need(column)
            if room < 0:
                return False
        return True

    def _need(self, column: int) -> int:
        """The widest that a column's texts have been at these digits, in a few rows or in sight."""
        model, metrics = self._model, self.fontMetrics()
        is_computed = column >= model.n_cells
        key = (model.error_digits, self.cells.symbol_size, column)
        if not is_computed and key in self._needs:
            return self._needs[key]  # what is computed changes with every step, data with an edit
        if is_computed and model.in_symbols:
            metrics = QFontMetrics(self.cells.symbol_font(self.font()))
        texts = [model.headerData(column, Qt.Orientation.Horizontal)]
        if is_computed and not model.in_symbols:
            texts.append(number(0.88888, model.digits))
        rows = self._rows_in_sight() if is_computed else self._few_rows()
        texts += [model.text(row, column) for row in rows]
        glyph = round(1.1 * metrics.height()) if model.has_glyph(column) else 0
        need = max(map(metrics.horizontalAdvance, texts)) + glyph + 2 * CELL_PADDING + 6
        self._needs[key] = max(need, self._needs.get(key, 0))
        return self._needs[key]

    def _few_rows(self) -> range:
        rows = self._model.rowCount()
        return range(0, rows, max(1, rows // SAMPLED_ROWS))

    def _rows_in_sight(self) -> range:
        first = max(self.rowAt(0), 0)
        height = max(self.verticalHeader().defaultSectionSize(), 1)
        return range(first, min(first + self.height() // height + 1, self._model.rowCount()))

    # -- Qt ------------------------------------------------------------------------------------

    def dataChanged(self, first: Index, last: Index, roles: Sequence[int] = ()) -> None:
        # Qt paints the whole table where the last cell is out of sight.
        rows, model = self._rows_in_sight(), self._model
        top, bottom = max(first.row(), rows.start), min(last.row(), rows.stop - 1)
        if top <= bottom:
            corners = model.index(top, first.column()), model.index(bottom, last.column())
            super().dataChanged(*corners)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.size() != self._laid_out:  # else it is the columns that have just been laid out
            self._lay_out()

    def event(self, event: QEvent) -> bool:
        # Before the window's shortcuts: here the arrows walk through the cells.
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            plain = event.modifiers() in (_NONE, _SHIFT, _KEYPAD)
            if (plain and event.key() in (*ARROWS, *_DELETE)) or _is_clipboard(event):
                event.accept()
                return True
        return super().event(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        row = self.rowAt(round(event.position().y()))
        self.row_pointed.emit(row if row >= 0 else None)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.row_pointed.emit(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_asked.emit()
        elif event.matches(QKeySequence.StandardKey.Paste):
            self.paste_asked.emit()
        elif event.key() in _DELETE:
            self.delete_asked.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.show_sample(None)
        elif event.key() == Qt.Key.Key_Space:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_asked.emit(event.globalPos())

    def closeEditor(self, editor: QWidget, hint: QAbstractItemDelegate.EndEditHint) -> None:
        super().closeEditor(editor, hint)
        self.cells.refused.emit("")

    @Slot()
    def _on_selection(self) -> None:
        rows, current = self.selected_rows, self.currentIndex().row()
        if rows:
            self.row_chosen.emit(current if current in rows else rows[0])


_NONE = Qt.KeyboardModifier.NoModifier
_SHIFT = Qt.KeyboardModifier.ShiftModifier
_KEYPAD = Qt.KeyboardModifier.KeypadModifier


def _is_clipboard(event: QKeyEvent) -> bool:
    return event.matches(QKeySequence.StandardKey.Copy) or event.matches(
        QKeySequence.StandardKey.Paste
    )
