"""Chips: names in a row that wraps, one of them chosen."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QPushButton, QSizePolicy, QWidget

from mlpsim.views.widgets.wrap_layout import WrapLayout

SPACING = 4


class Chips(QWidget):
    """``chosen`` carries the place of the chip that a person presses."""

    chosen = Signal(int)

    def __init__(self, name: str, choices: Sequence[tuple[str, str]]) -> None:
        """``choices`` are pairs of a text and its tooltip; the first one is checked."""
        super().__init__()
        self.setAccessibleName(name)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        row = WrapLayout(self, SPACING, SPACING)
        self._group = QButtonGroup(self)
        for place, (text, tip) in enumerate(choices):
            chip = QPushButton(text)
            chip.setCheckable(True)
            chip.setProperty("role", "chip")
            chip.setCursor(Qt.CursorShape.PointingHandCursor)
            chip.setAccessibleName(f"{name}: {text}")
            chip.setToolTip(tip)
            self._group.addButton(chip, place)
            row.add(chip)
        self._group.button(0).setChecked(True)
        self._group.idClicked.connect(self.chosen)

    def chip(self, place: int) -> QAbstractButton:
        """The chip at a place, from 0."""
        return self._group.button(place)
