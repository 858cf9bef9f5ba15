"""A label before its entry, as one item of a wrapping row."""

from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget


class Labelled(QWidget):
    """The entry with its label at its left; the label's shortcut reaches the entry."""

    def __init__(self, text: str, entry: QWidget) -> None:
        super().__init__()
        label = QLabel(text)
        label.setProperty("role", "secondary")
        label.setBuddy(entry)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(label)
        row.addWidget(entry)
