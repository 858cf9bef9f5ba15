"""A segmented control: a few choices side by side, one of them chosen."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
)


class Segmented(QFrame):
    """Choices as (value, text, tooltip); ``chosen`` comes with the value when a person chooses.

    ``repeated`` comes when a person chooses what is chosen.
    """

    chosen = Signal(object)
    repeated = Signal(object)

    def __init__(self, name: str, choices: Sequence[tuple[object, str, str]]) -> None:
        super().__init__()
        self.setProperty("role", "segmented")
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._values = [value for value, _, _ in choices]
        self._group = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(2, 2, 2, 2)
        row.setSpacing(2)
        for place, (_, text, tip) in enumerate(choices):
            button = QPushButton(text)
            button.setCheckable(True)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setCursor(Qt.CursorShape.PointingHandCursor)
            button.setAccessibleName(f"{name}: {text}")
            button.setToolTip(tip or text)
            self._group.addButton(button, place)
            row.addWidget(button)
        self._group.idClicked.connect(self._choose)
        self._shown = self._values[0]
        self.set_value(self._shown)

    @property
    def value(self) -> object:
        return self._shown

    def set_value(self, value: object) -> None:
        """Show a choice without saying so; ValueError if it is none of them."""
        self._group.button(self._values.index(value)).setChecked(True)
        self._shown = value

    def button(self, value: object) -> QAbstractButton:
        """The button of a choice."""
        return self._group.button(self._values.index(value))

    @Slot(int)
    def _choose(self, place: int) -> None:
        value = self._values[place]
        if value != self._shown:
            self._shown = value
            self.chosen.emit(value)
        else:
            self.repeated.emit(value)
