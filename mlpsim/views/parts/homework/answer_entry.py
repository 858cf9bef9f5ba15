"""A field for an answer: empty until something is typed, which is kept digit by digit."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QFocusEvent

from mlpsim.views.labels import number
from mlpsim.views.widgets.number_text import read_decimal
from mlpsim.views.widgets.refusing_edit import RefusingEdit

COLUMNS = 9


class AnswerEntry(RefusingEdit):
    """Enter or leaving the field answers: ``answered`` carries the typed Decimal.

    A text that is no number is refused and kept; an empty field answers nothing.
    """

    answered = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.set_columns(COLUMNS)
        self.returnPressed.connect(self.commit)

    @Slot()
    def commit(self) -> None:
        """Take what is on view, or refuse it."""
        self.setModified(False)
        if not self.text().strip():
            self.accept()
            return
        try:
            value = read_decimal(self.text())
        except ValueError as reason:
            self.refuse(str(reason))
            return
        self.accept()
        self.answered.emit(value)

    def show_answer(self, value: float) -> None:
        """Show the right value, not to be edited."""
        self.setText(number(value))
        self.setCursorPosition(0)
        self.setModified(False)
        self.accept()
        self.setReadOnly(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if self.isModified():
            self.commit()
