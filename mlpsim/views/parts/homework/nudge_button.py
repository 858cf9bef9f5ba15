"""A button that stays pressed, and then lets the arrow keys move what it stands for."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPushButton

from mlpsim.views.arrow_keys import ARROWS


class NudgeButton(QPushButton):
    """While checked and focused, ``nudged`` carries one step to the right and up."""

    nudged = Signal(int, int)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        direction = ARROWS.get(event.key()) if self.isChecked() else None
        if direction is None:
            super().keyPressEvent(event)
        else:
            self.nudged.emit(*direction)
