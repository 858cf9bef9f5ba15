"""A row of widgets that breaks into more rows where there is no room for one."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget


class WrapLayout(QLayout):
    """Fills rows in order. Spare width goes to what can expand, else left of what is pushed."""

    def __init__(self, parent: QWidget | None = None, spacing: int = 16, row_gap: int = 8) -> None:
        self._heights: dict[int, int] = {}  # by width, till an item changes: Qt asks very often
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._pushed: list[QWidget] = []
        self._row_gap = row_gap
        self.setContentsMargins(0, 0, 0, 0)
        self.setSpacing(spacing)

    def add(self, widget: QWidget, pushed: bool = False) -> None:
        """Append a widget; a pushed one stands at the right end of its row."""
        self.addWidget(widget)
        if pushed:
            self._pushed.append(widget)

    # -- Qt ------------------------------------------------------------------------------------

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)
        self._heights.clear()

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        self._heights.clear()
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation.Horizontal

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        if width not in self._heights:
            left, top, right, bottom = self._margins()
            heights = [self._height(row) for row in self._rows(width - left - right)]
            gaps = self._row_gap * max(0, len(heights) - 1)
            self._heights[width] = top + sum(heights) + gaps + bottom
        return self._heights[width]

    def invalidate(self) -> None:
        self._heights.clear()
        super().invalidate()

    def minimumSize(self) -> QSize:
        shown = self._shown()
        width = max((_least(item) for item in shown), default=0)
        height = max((item.sizeHint().height() for item in shown), default=0)
        left, top, right, bottom = self._margins()
        return QSize(left + width + right, top + height + bottom)

    def sizeHint(self) -> QSize:
        shown = self._shown()
        width = sum(_least(item) for item in shown) + self.spacing() * max(0, len(shown) - 1)
        left, _, right, _ = self._margins()
        return QSize(left + width + right, self.minimumSize().height())

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        rect = self.contentsRect()
        rows = self._rows(rect.width())
        y = rect.y()
        if len(rows) == 1:
            y += max(0, rect.height() - self._height(rows[0])) // 2
        for row in rows:
            self._place(row, rect.x(), y, rect.width())
            y += self._height(row) + self._row_gap

    # -- inside --------------------------------------------------------------------------------

    def _margins(self) -> tuple[int, int, int, int]:
        margins = self.contentsMargins()
        return margins.left(), margins.top(), margins.right(), margins.bottom()

    def _shown(self) -> list[QLayoutItem]:
        return [item for item in self._items if not item.isEmpty()]

    def _rows(self, width: int) -> list[list[QLayoutItem]]:
        rows: list[list[QLayoutItem]] = []
        used = 0
        for item in self._shown():
            least = _least(item)
            if rows and used + self.spacing() + least <= width:
                rows[-1].append(item)
                used += self.spacing() + least
            else:
                rows.append([item])
                used = least
        return rows

    def _place(self, row: list[QLayoutItem], x: int, y: int, width: int) -> None:
        height = self._height(row)
        spare = max(0, width - sum(map(_least, row)) - self.spacing() * (len(row) - 1))
        growing = [item for item in row if _expands(item)]
        for item in row:
            share = spare // len(growing) if item in growing else 0
            if not growing and item.widget() in self._pushed:
                x += spare
                spare = 0
            item.setGeometry(QRect(x, y, min(_least(item) + share, width), height))
            x += _least(item) + share + self.spacing()

    @staticmethod
    def _height(row: list[QLayoutItem]) -> int:
        return max(item.sizeHint().height() for item in row)


def _expands(item: QLayoutItem) -> bool:
    return bool(item.expandingDirections() & Qt.Orientation.Horizontal)


def _least(item: QLayoutItem) -> int:
    size = item.minimumSize() if _expands(item) else item.sizeHint()
    return size.width()
