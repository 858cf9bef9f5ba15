"""Drops: what a person drags over a widget and lets go there."""

import warnings

from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QWidget


def drop(widget: QWidget, mime: QMimeData) -> bool:
    """Drag it over the middle, and let it go if it is taken; whether it was."""
    actions, buttons = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    keys, place = Qt.KeyboardModifier.NoModifier, widget.rect().center()
    with warnings.catch_warnings():
        # The other signature is not there in Qt 6.11.
        warnings.simplefilter("ignore", DeprecationWarning)
        enter = QDragEnterEvent(place, actions, mime, buttons, keys)
    QApplication.sendEvent(widget, enter)
    if enter.isAccepted():
        QApplication.sendEvent(widget, QDropEvent(place.toPointF(), actions, mime, buttons, keys))
    return enter.isAccepted()
