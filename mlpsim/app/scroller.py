"""The scroller: the window's rows whole, or as much of them as a small screen shows."""

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QKeyEvent

from mlpsim.app.rows import Rows
from mlpsim.views.widgets.scroll_area import ScrollArea

UNBOUNDED = QSize(16_777_215, 16_777_215)


class Scroller(ScrollArea):
    """Asks for the least size of its rows, or for the room of the screen if that is smaller."""

    content: Rows

    def __init__(self, rows: Rows) -> None:
        super().__init__(rows)
        self._room = UNBOUNDED
        self.setObjectName("scroller")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    @property
    def least(self) -> QSize:
        """The size from which on nothing needs to be scrolled."""
        return self.content.minimumSizeHint()

    def set_room(self, room: QSize) -> None:
        """Let a window be as small as this."""
        self._room = room
        self.updateGeometry()

    def minimumSizeHint(self) -> QSize:
        return self.least.boundedTo(self._room)

    def sizeHint(self) -> QSize:
        return self.content.sizeHint()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave the arrows to the run: what has the focus is scrolled to anyway."""
        event.ignore()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.content and event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)
