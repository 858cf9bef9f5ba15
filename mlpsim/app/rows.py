"""The window's rows: what they hold keeps its height at the width that there is."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget


class Rows(QWidget):
    """Widgets below each other, some of which break into more lines where they have less width.

    Qt asks a window for one least height, whatever its width: here it is the one at the width on
    view, so that a narrow window has room for all its lines, and a wide one is not held higher.
    """

    def __init__(self, gap: int) -> None:
        super().__init__()
        self.rows = QVBoxLayout(self)
        self.rows.setContentsMargins(gap, gap, gap, gap)
        self.rows.setSpacing(gap)

    def minimumSizeHint(self) -> QSize:
        width = self.rows.totalMinimumSize().width()
        return QSize(width, self.rows.minimumHeightForWidth(max(width, self.width())))

    def heightForWidth(self, width: int) -> int:
        return self.rows.minimumHeightForWidth(width)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()
