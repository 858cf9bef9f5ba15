"""A field for several numbers: it keeps what was typed, and says why it refuses it."""

import re
from collections.abc import Callable
from typing import Any

from mlpsim.views.widgets.committing_edit import CommittingEdit
from mlpsim.views.widgets.number_text import read_number, write_number

Values = tuple[Any, ...]


def read_numbers(text: str) -> tuple[float, ...]:
    """The numbers of a text, separated by spaces or semicolons; ValueError with a sentence."""
    return tuple(read_number(part) for part in re.split(r"[\s;]+", text.strip()) if part)


def write_numbers(values: Values) -> str:
    """Numbers as they can be typed."""
    return "  ".join(write_number(value) for value in values)


class NumbersEntry(CommittingEdit):
    """A line edit for a tuple: ``read`` makes it of a text or raises ValueError with a sentence."""

    def __init__(
        self,
        read: Callable[[str], Values] = read_numbers,
        write: Callable[[Values], str] = write_numbers,
    ) -> None:
        super().__init__(())
        self._read, self._write = read, write

    def set_value(self, values: Values) -> None:
        """Show a tuple from outside; a text that is being typed or means it already stays."""
        is_new = values != self._value or not self.text()
        self._value = values
        if is_new and not (self.hasFocus() and self.isModified()):
            self.show_value()

    def typed(self) -> Values:
        """The tuple on view."""
        return self._read(self.text())

    def written(self) -> str:
        return self._write(self._value)
