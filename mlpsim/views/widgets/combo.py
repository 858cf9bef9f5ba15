"""A combo box of values with names, which the wheel turns only when it has the focus."""

from collections.abc import Sequence
from inspect import cleandoc

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox, QStyledItemDelegate

from mlpsim.views.labels.plain import plain


class Combo(QComboBox):
    """Choices as (value, text, tooltip); ``chosen`` comes with the value when a person chooses."""

    chosen = Signal(object)

    def __init__(self, name: str, choices: Sequence[tuple[object, str, str]] = ()) -> None:
        super().__init__()
        self.values: list[object] = []
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # Space plays on after a choice by the mouse
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        # The default delegate ignores the stylesheet's item padding.
        self.setItemDelegate(QStyledItemDelegate(self))
        self.activated.connect(self._choose)
        self.set_choices(choices)

    @property
    def value(self) -> object:
        """The value on view; None if there are no choices."""
        return self.values[self.currentIndex()] if self.values else None

    def set_choices(self, choices: Sequence[tuple[object, str, str]]) -> None:
        """Replace the choices; what was on view stays if it is still among them."""
        kept = self.value
        self.values = [value for value, _, _ in choices]
        self.clear()
        for place, (_, text, tip) in enumerate(choices):
            self.addItem(text)
            self.setItemData(place, plain(cleandoc(tip) or text), Qt.ItemDataRole.ToolTipRole)
        if kept in self.values:
            self.set_value(kept)

    def set_value(self, value: object) -> None:
        """Show a choice without saying so; ValueError if it is none of them."""
        self.setCurrentIndex(self.values.index(value))

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    @Slot(int)
    def _choose(self, index: int) -> None:
        self.chosen.emit(self.values[index])
