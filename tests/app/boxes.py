"""What comes up and has to be answered while a test waits for a window."""

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMessageBox


def answer(button: QMessageBox.StandardButton, asked: list[str]) -> None:
    """Answer the next message box that asks; ``asked`` gets its text."""

    def press() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        asked.append(box.text())
        box.button(button).click()

    QTimer.singleShot(100, press)
