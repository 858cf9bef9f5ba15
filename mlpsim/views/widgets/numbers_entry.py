"""A field for several numbers: it keeps what was typed, and says why it refuses it."""

import re
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent

from mlpsim.views.widgets.number_text import read_number, write_number
from mlpsim.views.widgets.refusing_edit import RefusingEdit

Values = tuple[Any, ...]


def read_numbers(text: str) -> tuple[float, ...]:
    """The numbers of a text, separated by spaces or semicolons; ValueError with a sentence."""
    return tuple(read_number(part) for part in re.split(r"[\s;]+", text.strip()) if part)


def write_numbers(values: Values) -> str:
    """Numbers as they can be typed."""
    return "  ".join(write_number(value) for value in values)


class NumbersEntry(RefusingEdit):
    """A line edit for a tuple: ``read`` makes it of a text or raises ValueError with a sentence.

    It commits and refuses as ``NumberEntry`` does: ``values_committed`` carries the new tuple.
    """

    values_committed = Signal(object)

    def __init__(
        self,
        read: Callable[[str], Values] = read_numbers,
        write: Callable[[Values], str] = write_numbers,
    ) -> None:
        super().__init__()
        self._read, self._write = read, write
        self._values: Values = ()
        self.returnPressed.connect(self.commit)

    def set_values(self, values: Values) -> None:
        """Show a tuple from outside; a text that is being typed or means it already stays."""
        is_new = values != self._values or not self.text()
        self._values = values
        if is_new and not (self.hasFocus() and self.isModified()):
            self._show_values()

    @Slot()
    def commit(self) -> None:
        """Take what is on view, or refuse it."""
        self.setModified(False)
        try:
            values = self._read(self.text())
        except ValueError as reason:
            self.refuse(str(reason))
            return
        self.accept()
        if values != self._values:
            old, self._values = self._values, values
            self.values_committed.emit(values)
            if self._refusal:
                self._values = old

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if self.isModified() and event.reason() != Qt.FocusReason.PopupFocusReason:
            self.commit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and (self.isModified() or self._refusal):
            self._show_values()
        else:
            super().keyPressEvent(event)

    def _show_values(self) -> None:
        self.setText(self._write(self._values))
        self.setCursorPosition(0)
        self.setModified(False)
        self.accept()
