"""The cell of a table of samples: painted fast, typed into, and a text that is no number stays."""

from PySide6.QtCore import QEvent, QObject, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from mlpsim.views.appearance import sized
from mlpsim.views.parts.samples.sample_model import Index, SampleModel
from mlpsim.views.theme import mix
from mlpsim.views.widgets.number_text import read_number, write_number
from mlpsim.views.widgets.refusing_edit import RefusingEdit

CELL_PADDING = 3
LONG_NUMBER = "−0.123456"
_COMMIT = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab, Qt.Key.Key_Backtab)


class CellDelegate(QStyledItemDelegate):
    """Edits a cell as text; ``typed`` carries row, column and the number that was typed."""

    typed = Signal(int, int, float)
    refused = Signal(str)
    symbol_size = 1.0  # of formulas in the weights, by the type of the table

    def symbol_font(self, font: QFont) -> QFont:
        """The table's font in the size of the formulas."""
        return sized(font, self.symbol_size)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        # Painted here: through the stylesheet a cell takes five times as long.
        model = index.model()
        assert isinstance(model, SampleModel)
        row, column = index.row(), index.column()
        theme, box, state = model.theme, QRectF(option.rect), option.state
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(box, mix(theme.card, theme.accent, 0.16))
        elif row == model.pointed:
            painter.fillRect(box, mix(theme.card, theme.accent, 0.09))
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(theme.accent, 1.5))
            painter.drawRect(box.adjusted(1.0, 1.0, -1.0, -1.0))
        box.adjust(CELL_PADDING + 2, 0, -CELL_PADDING - 2, 0)
        is_formula = model.in_symbols and column >= model.n_cells
        metrics = option.fontMetrics
        if is_formula:
            small = self.symbol_font(option.font)
            painter.setFont(small)
            metrics = QFontMetrics(small)
        text = model.text(row, column)
        if metrics.horizontalAdvance(text) > box.width():
            text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, int(box.width()))
        painter.setPen(theme.text if model.is_given(column) else theme.secondary)
        align = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(box, align, text)
        if is_formula:
            painter.setFont(option.font)
        if model.has_glyph(column):
            glyph = model.glyph(row)
            size = glyph.deviceIndependentSize()
            painter.drawPixmap(
                QPointF(
                    box.right() - metrics.horizontalAdvance(text) - size.width() - 4.0,
                    box.center().y() - 0.5 * size.height(),
                ),
                glyph,
            )

    def createEditor(
        self, parent: QWidget, option: QStyleOptionViewItem, index: Index
    ) -> RefusingEdit:
        editor = RefusingEdit(parent)
        editor.setProperty("role", "cell")
        editor.setAccessibleName("Number in the cell")
        editor.setAlignment(Qt.AlignmentFlag.AlignRight)
        editor.refusal_changed.connect(self.refused)
        return editor

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        if isinstance(editor, RefusingEdit) and not editor.isModified():
            text = write_number(index.data(Qt.ItemDataRole.EditRole))
            if text != editor.text():  # a text set anew loses its selection
                editor.setText(text)

    def updateEditorGeometry(
        self, editor: QWidget, option: QStyleOptionViewItem, index: Index
    ) -> None:
        """The cell, widened over its neighbours to hold a number of full length."""
        box = QRect(option.rect)
        metrics = editor.fontMetrics()
        room = metrics.horizontalAdvance(LONG_NUMBER) + 2 * metrics.horizontalAdvance("0")
        if room > box.width():
            box.setLeft(max(0, box.right() + 1 - room))
            box.setWidth(room)
        editor.setGeometry(box)

    def setModelData(self, editor: QWidget, model: QObject, index: Index) -> None:
        if isinstance(editor, RefusingEdit) and not _reason(editor.text()):
            self.typed.emit(index.row(), index.column(), read_number(editor.text()))

    def eventFilter(self, editor: QObject, event: QEvent) -> bool:
        if isinstance(editor, RefusingEdit):
            commits = isinstance(event, QKeyEvent) and (
                event.type() == QEvent.Type.KeyPress and event.key() in _COMMIT
            )
            if (commits or event.type() == QEvent.Type.FocusOut) and self._refuses(editor):
                return commits
        return super().eventFilter(editor, event)

    def _refuses(self, editor: RefusingEdit) -> bool:
        editor.refuse(_reason(editor.text()))
        return bool(editor.refusal)


def _reason(text: str) -> str:
    """Why a text is no number; empty if it is one."""
    try:
        read_number(text)
    except ValueError as reason:
        return str(reason)
    return ""
