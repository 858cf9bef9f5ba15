"""A delegate for cells whose numbers may be of an earlier state."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QAbstractItemView, QStyledItemDelegate, QStyleOptionViewItem

QUIET = 0.6  # how much is seen of what is of an earlier state


class QuietDelegate(QStyledItemDelegate):
    """Paints a view's cells faint while it is quiet, in whatever colours they are.

    A view that were disabled instead would lose the focus.
    """

    def __init__(self, view: QAbstractItemView) -> None:
        super().__init__(view)
        self._view = view
        self.is_quiet = False

    def set_quiet(self, quiet: bool) -> None:
        """Whether what is shown is of an earlier state."""
        if quiet != self.is_quiet:
            self.is_quiet = quiet
            self._view.viewport().update()

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        painter.save()
        if self.is_quiet:
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
