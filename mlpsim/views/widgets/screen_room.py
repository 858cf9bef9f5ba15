"""Room on the screen for a dialog: as large as it wants to be, or as there is room."""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget

SHARE = 0.92  # of the screen: the frame needs some too


def resize_within(dialog: QWidget, wanted: QSize) -> None:
    """Give a dialog this size, or what the screen has of it."""
    dialog.resize(wanted.boundedTo(dialog.screen().availableSize() * SHARE))
