"""Widgets in a row that does not break, as one item of a row that does."""

from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget


def group(*widgets: QWidget, spacing: int = 6) -> QWidget:
    """One widget that holds them side by side, so many pixels apart."""
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(spacing)
    for widget in widgets:
        row.addWidget(widget)
    return holder


def labelled(text: str, entry: QWidget) -> QWidget:
    """An entry with its label at its left; the label's shortcut reaches the entry."""
    label = QLabel(text)
    label.setProperty("role", "secondary")
    label.setBuddy(entry)
    return group(label, entry)
