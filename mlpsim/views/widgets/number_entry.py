"""A field for one number: it keeps what was typed, and says why it refuses it."""

from decimal import Decimal
from math import inf

from PySide6.QtCore import Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from mlpsim.views.labels import number, whole
from mlpsim.views.widgets.committing_edit import CommittingEdit
from mlpsim.views.widgets.number_text import read_number, read_whole, write_number


class NumberEntry(CommittingEdit):
    """A line edit that holds a finite number between ``lo`` and ``hi``.

    The value is a float, an int where ``integer``. Up, Down and the wheel (with the focus) step.
    """

    def __init__(
        self,
        value: float = 0.0,
        lo: float = -inf,
        hi: float = inf,
        integer: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(int(value) if integer else float(value), parent)
        self._lo, self._hi, self._integer = lo, hi, integer
        self.set_columns(8)
        self.show_value()

    @property
    def value(self) -> float:
        """The value in force: the last one set or committed, never a refused one."""
        value: float = self._value
        return value

    def set_value(self, value: float) -> None:
        """Show a value from outside.

        The text stays while it is being typed, if it already means this value, or if it was
        refused while this value was in force.
        """
        value = int(value) if self._integer else float(value)
        is_new = value != self._value
        self._value = value
        if self.hasFocus() and (self.isModified() or self._refusal):
            return
        if is_new if self._refusal else self._read_quietly() != value:
            self.show_value()

    def set_range(self, lo: float, hi: float) -> None:
        """The closed range that the next commit is held against."""
        self._lo, self._hi = lo, hi

    def typed(self) -> float:
        """The number on view."""
        value = read_whole(self.text()) if self._integer else read_number(self.text())
        if value < self._lo:
            raise ValueError(
                f"{self.text().strip()} is too small: the least is {self._limit(self._lo)}."
            )
        if value > self._hi:
            raise ValueError(
                f"{self.text().strip()} is too large: the most is {self._limit(self._hi)}."
            )
        return value

    def written(self) -> str:
        return write_number(self._value)

    def step_by(self, steps: int) -> None:
        """Go up or down: whole numbers by 1, others in their second digit."""
        start = self._read_quietly()
        value = stepped(self._value if start is None else start, steps, self._integer, self._lo)
        value = min(max(value, self._lo), self._hi)
        self.setText(write_number(int(value) if self._integer else value))
        self.commit()

    # -- Qt ------------------------------------------------------------------------------------

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.setCursorPosition(0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.step_by(1 if key == Qt.Key.Key_Up else -1)
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        turn = event.angleDelta().y()
        if self.hasFocus() and turn and not self.isReadOnly():
            self.step_by(1 if turn > 0 else -1)
            event.accept()
        else:
            event.ignore()

    # -- within --------------------------------------------------------------------------------

    def _limit(self, limit: float) -> str:
        return whole(int(limit)) if self._integer else number(limit)

    def _read_quietly(self) -> float | None:
        try:
            return self.typed()
        except ValueError:
            return None


def stepped(value: float, steps: int, integer: bool, lo: float) -> float:
    """The value some steps further: by 1 for whole numbers, or in the second digit.

    In the second digit a number that cannot be negative never falls to 0 (0.12, 0.11, 0.1, 0.099);
    one that can passes through it in steps of 0.01. From 0 the first step is 0.1, or 0.01.
    """
    if integer:
        return int(value) + steps
    exact = Decimal(repr(value))
    for _ in range(abs(steps)):
        up = steps > 0
        width = _second_digit(exact, up, lo < 0.0)
        exact += width if up else -width
    return float(exact)


def _second_digit(value: Decimal, up: bool, signed: bool) -> Decimal:
    least = Decimal("0.01")
    if value == 0:
        return least if signed else Decimal("0.1")
    # A power of ten gives way to the finer digit below it: 0.1, then 0.099.
    shrinks_past = abs(value) == Decimal(1).scaleb(value.adjusted()) and up != (value > 0)
    width = Decimal(1).scaleb(value.adjusted() - (2 if shrinks_past else 1))
    return max(width, least) if signed else width
