"""A row of widgets or layouts that breaks into more rows where there is no room for one."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget


class WrapLayout(QLayout):
    """Fills rows in order. Spare width goes to what can expand, else left of what is pushed."""

    def __init__(self, parent: QWidget | None = None, spacing: int = 16, row_gap: int = 8) -> None:
        self._heights: dict[int, int] = {}  # by width, till an item changes: Qt asks very often
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._pushed: list[QLayoutItem] = []
        self._are_blank = False
        self._row_gap = row_gap
        self.setContentsMargins(0, 0, 0, 0)
        self.setSpacing(spacing)

    def add(self, part: QWidget | QLayout, pushed: bool = False) -> None:
        """Append a part; a pushed one stands at the right end of its row and does not expand."""
        if isinstance(part, QLayout):
            self.addChildLayout(part)
            self.addItem(part)
        else:
            self.addWidget(part)
        if pushed:
            self._pushed.append(self._items[-1])

    def leave_blank(self, are_blank: bool) -> None:
        """Let pushed parts, which show nothing then, leave the width of their row to the others."""
        self._are_blank = are_blank
        self.invalidate()

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
            room = width - left - right
            heights = [self._height(row, room) for row in self._rows(room)]
            gaps = self._row_gap * max(0, len(heights) - 1)
            self._heights[width] = top + sum(heights) + gaps + bottom
        return self._heights[width]

    def invalidate(self) -> None:
        self._heights.clear()
        super().invalidate()

    def minimumSize(self) -> QSize:
        shown = self._shown()
        width = max((item.minimumSize().width() for item in shown), default=0)
        height = max((item.sizeHint().height() for item in shown), default=0)
        left, top, right, bottom = self._margins()
        return QSize(left + width + right, top + height + bottom)

    def sizeHint(self) -> QSize:
        shown = self._shown()
        width = sum(map(self._least, shown)) + self.spacing() * max(0, len(shown) - 1)
        left, _, right, _ = self._margins()
        return QSize(left + width + right, self.minimumSize().height())

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        rect = self.contentsRect()
        rows = self._rows(rect.width())
        y = rect.y()
        if len(rows) == 1:
            y += max(0, rect.height() - self._height(rows[0], rect.width())) // 2
        for row in rows:
            self._place(row, rect.x(), y, rect.width())
            y += self._height(row, rect.width()) + self._row_gap

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
            least = self._least(item)
            if rows and used + self.spacing() + least <= width:
                rows[-1].append(item)
                used += self.spacing() + least
            else:
                rows.append([item])
                used = least
        return rows

    def _place(self, row: list[QLayoutItem], x: int, y: int, width: int) -> None:
        height = self._height(row, width)
        blank = self._pushed if self._are_blank else []
        least = [0 if item in blank else self._least(item) for item in row]
        spare = max(0, width - sum(least) - self.spacing() * (len(row) - 1))
        growing = [item for item in row if self._expands(item)]
        for item, own in zip(row, least, strict=True):
            share = spare // len(growing) if item in growing else 0
            if not growing and item in self._pushed:
                x += spare
                spare = 0
            item.setGeometry(QRect(x, y, min(own + share, width), height))
            x += own + share + self.spacing()

    def _height(self, row: list[QLayoutItem], width: int) -> int:
        """As high as what is highest; what must break into lines stands alone in its row."""
        return max(
            item.heightForWidth(width)
            if item.hasHeightForWidth() and self._least(item) > width
            else item.sizeHint().height()
            for item in row
        )

    def _least(self, item: QLayoutItem) -> int:
        """The width below which it has a row of its own."""
        size = item.minimumSize() if self._expands(item) else item.sizeHint()
        return size.width()

    def _expands(self, item: QLayoutItem) -> bool:
        wide = Qt.Orientation.Horizontal
        return item not in self._pushed and bool(item.expandingDirections() & wide)
