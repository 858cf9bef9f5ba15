"""A delegate for cells whose numbers may be of an earlier state."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

QUIET = 0.45  # how much is seen of what is of an earlier state


class QuietDelegate(QStyledItemDelegate):
    """Paints a disabled view's cells faint, in whatever colours they are."""

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        painter.save()
        if not option.state & QStyle.StateFlag.State_Enabled:
            painter.setOpacity(QUIET)
        self.paint_cell(painter, option, index)
        painter.restore()

    def paint_cell(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Paint a cell in full."""
        super().paint(painter, option, index)
