"""A scroll area whose content fills the room, or is scrolled where that is too small."""

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget


class ScrollArea(QScrollArea):
    """Fits its content in when the room, or what the content needs, has changed."""

    def __init__(self, content: QWidget) -> None:
        super().__init__()
        self.content = content
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setWidget(content)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.content and event.type() == QEvent.Type.Resize:
            # Qt would fit the content in again, here in the middle of fitting it in, and into a
            # crash where it needs at each of two widths what calls for the other.
            return False
        return super().eventFilter(watched, event)
