"""Enter presses the button that has the focus, as Space does."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QWidget

ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


def presses_a_button(event: QKeyEvent, window: QWidget) -> bool:
    """Whether a key that nobody wanted was Enter on a button of the window, which is pressed."""
    focused = window.focusWidget()
    if event.key() not in ENTER or not isinstance(focused, QAbstractButton):
        return False
    focused.click()
    return True
