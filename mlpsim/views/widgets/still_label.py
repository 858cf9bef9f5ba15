"""A label whose text may change in every frame: only other room is laid out anew."""

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QLabel, QSizePolicy, QStyle


class StillLabel(QLabel):
    """A label of plain text that asks for a layout only where its text needs other room.

    A QLabel does so with every text, and all that it stands in is laid out again, up to the window.
    One that ``keeps_room`` takes more of it but never gives any back, so that digits do not dance.
    """

    def __init__(self, text: str = "", keeps_room: bool = False) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._keeps_room = keeps_room
        self._text = ""
        self._room = QSize(0, 0)
        self.setText(text)

    def text(self) -> str:
        return self._text

    def setText(self, text: str) -> None:
        if text == self._text:
            return
        if self.accessibleName() == self._text:  # it has no other name
            self.setAccessibleName(text)
        self._text = text
        if self._needed_room() != self._room:
            self.updateGeometry()
        self.update()

    def forget_room(self) -> None:
        """Ask for the room of the present text again, as where the type has changed."""
        self._room = QSize(0, 0)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        self._room = self._needed_room()
        return self._room

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def changeEvent(self, event: QEvent) -> None:
        margins = self.contentsMargins()
        super().changeEvent(event)
        self.setContentsMargins(margins)  # a frame gives them up for those of its style
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self.forget_room()

    def paintEvent(self, event: QPaintEvent) -> None:
        self._paint_text(self._text)

    def _needed_room(self) -> QSize:
        around, size = self.contentsMargins(), self.fontMetrics().size(0, self._text)
        width = size.width() + around.left() + around.right()
        if self.sizePolicy().horizontalPolicy() == QSizePolicy.Policy.Ignored:
            width = 0  # it takes what is left
        needed = QSize(width, size.height() + around.top() + around.bottom())
        return needed.expandedTo(self._room) if self._keeps_room else needed

    def _paint_text(self, text: str) -> None:
        style: QStyle = self.style()
        with QPainter(self) as painter:
            style.drawItemText(
                painter,
                self.contentsRect(),
                int(self.alignment()),
                self.palette(),
                self.isEnabled(),
                text,
                QPalette.ColorRole.WindowText,
            )
