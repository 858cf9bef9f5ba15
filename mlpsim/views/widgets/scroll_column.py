"""A column that scrolls up and down where its content has no room, and fills it where it has."""

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from mlpsim.views.stylesheet import restyle
from mlpsim.views.widgets.scroll_area import ScrollArea


class ScrollColumn(ScrollArea):
    """Content stands in ``column``; the arrow keys scroll it once Tab has come here.

    Tab comes only where there is something to scroll, and the bar's handle shows it.
    """

    def __init__(self, name: str) -> None:
        super().__init__(_Content())
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(name)
        self.column = QVBoxLayout(self.content)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.verticalScrollBar().rangeChanged.connect(self._on_range_changed)

    @property
    def needed_height(self) -> int:
        """The height from which on there is nothing to scroll, at this width."""
        at_width = self.column.totalHeightForWidth(self.viewport().width())
        return max(at_width, self.column.totalSizeHint().height())

    @Slot(int, int)
    def _on_range_changed(self, _lowest: int, highest: int) -> None:
        policy = Qt.FocusPolicy
        self.setFocusPolicy(policy.TabFocus if highest > 0 else policy.NoFocus)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        restyle(self.verticalScrollBar(), "role", "focused")

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        restyle(self.verticalScrollBar(), "role", "")


class _Content(QWidget):
    """What scrolls: as high as it needs to be at its width, with its texts wrapped there."""

    def minimumSizeHint(self) -> QSize:
        least = super().minimumSizeHint()
        # A text tells a layout that does not ask at which width how high it is at some other one.
        return QSize(least.width(), 0) if self.hasHeightForWidth() else least
