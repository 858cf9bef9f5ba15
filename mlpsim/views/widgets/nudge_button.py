"""A button that stays pressed, and then lets the arrow keys move what it stands for."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPushButton

_DIRECTIONS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Down: (0, -1),
    Qt.Key.Key_Up: (0, 1),
}


class NudgeButton(QPushButton):
    """While checked and focused, ``nudged`` carries one step to the right and up."""

    nudged = Signal(int, int)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        direction = _DIRECTIONS.get(Qt.Key(event.key())) if self.isChecked() else None
        if direction is None:
            super().keyPressEvent(event)
        else:
            self.nudged.emit(*direction)
