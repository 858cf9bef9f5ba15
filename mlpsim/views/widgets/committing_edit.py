"""A field that holds a value: what is typed takes its place once it is committed."""

from typing import Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QWidget

from mlpsim.views.widgets.refusing_edit import RefusingEdit


class CommittingEdit(RefusingEdit):
    """Enter or leaving the field commits; Escape brings back the value in force.

    Each kind of field says how a value is read (``typed``) and ``written``; Qt's classes cannot be
    abstract ones of Python's. ``value_committed`` carries the new value, and only if it differs.
    Where whoever is told refuses it, the value before stays in force.
    """

    value_committed = Signal(object)

    def __init__(self, value: Any, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._value = value
        self.returnPressed.connect(self.commit)

    def typed(self) -> Any:
        """What is on view, whether it is in force or not; ValueError with a sentence."""
        raise NotImplementedError

    def written(self) -> str:
        """The value in force as it can be typed."""
        raise NotImplementedError

    @Slot()
    def commit(self) -> None:
        """Take what is on view, or refuse it."""
        self.setModified(False)
        try:
            value = self.typed()
        except ValueError as reason:
            self.refuse(str(reason))
            return
        self.accept()
        if value != self._value:
            old, self._value = self._value, value
            self.value_committed.emit(value)
            if self._refusal:
                self._value = old

    def show_value(self) -> None:
        """Show the value in force, in the place of what is typed or refused."""
        self.setText(self.written())
        self.setCursorPosition(0)
        self.setModified(False)
        self.accept()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if self.isModified() and event.reason() != Qt.FocusReason.PopupFocusReason:
            self.commit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and (self.isModified() or self._refusal):
            self.show_value()
        else:
            super().keyPressEvent(event)
