"""The scroller: the window's rows or a column whole, or as much of them as there is room for."""

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from mlpsim.views.widgets.scroll_area import ScrollArea

UNBOUNDED = QSize(16_777_215, 16_777_215)


class Scroller(ScrollArea):
    """Asks for the least size of its content, or for the room that is set if that is smaller."""

    def __init__(self, content: QWidget) -> None:
        super().__init__(content)
        self._room = UNBOUNDED
        self.setObjectName("scroller")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    @property
    def least(self) -> QSize:
        """The size from which on nothing needs to be scrolled."""
        return self.content.minimumSizeHint()

    def set_room(self, room: QSize) -> None:
        """Be content with this."""
        self._room = room
        self.updateGeometry()

    def minimumSizeHint(self) -> QSize:
        least, bar = self.least, self.verticalScrollBar().sizeHint().width()
        scrolls = least.height() > self._room.height()
        return (least + QSize(bar if scrolls else 0, 0)).boundedTo(self._room)

    def sizeHint(self) -> QSize:
        return self.content.sizeHint()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave the arrows to the run: what has the focus is scrolled to anyway."""
        event.ignore()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.content and event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)
