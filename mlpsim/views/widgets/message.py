"""A message: plain text, wrapped, that is hidden while there is nothing to say."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QLabel


class Message(QLabel):
    """Text in a role of the stylesheet; what a person typed stands in it as it is."""

    def __init__(self, role: str, selectable: bool = False) -> None:
        super().__init__()
        self.setProperty("role", role)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        if selectable:
            self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.hide()

    @Slot(str)
    def say(self, text: str) -> None:
        """Show a text; an empty one hides the message."""
        self.setText(text)
        self.setVisible(bool(text))
