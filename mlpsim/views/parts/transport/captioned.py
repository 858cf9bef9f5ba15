"""A field under its caption."""

from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget


def captioned(caption: QLabel, field: QWidget) -> QVBoxLayout:
    """A column of both, whose caption names the field."""
    caption.setProperty("role", "caption")
    caption.setBuddy(field)
    column = QVBoxLayout()
    column.setSpacing(2)
    column.addStretch(1)
    column.addWidget(caption)
    column.addWidget(field)
    column.addStretch(1)
    return column
