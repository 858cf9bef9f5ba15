"""A form made from the fields of a frozen spec."""

from dataclasses import Field, fields, replace
from inspect import cleandoc
from math import isfinite
from typing import Any

from PySide6.QtCore import QEvent, Signal, Slot
from PySide6.QtWidgets import QCheckBox, QGridLayout, QLabel, QVBoxLayout, QWidget

from mlpsim.core.fields import Range, range_of
from mlpsim.views.labels import field_name, number
from mlpsim.views.widgets.message import Message
from mlpsim.views.widgets.number_entry import NumberEntry

WIDEST_SYMBOL, WIDEST_NAME = "β₁", "gradient memory"
SPACING = 8


class SpecForm(QWidget):
    """A row for every number and every switch of a spec; other fields are left to the panel.

    ``spec_edited`` carries the new spec when a person has changed one field. Where the fields
    together make no spec, its reason stands below them, and what was typed stays.
    """

    spec_edited = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._spec: Any = None
        self._reason = ""
        self._entries: dict[str, NumberEntry] = {}
        self._checks: dict[str, QCheckBox] = {}
        self._rows = QWidget()
        self._grid = QGridLayout(self._rows)
        self._error = Message("error")
        self._outer = QVBoxLayout(self)
        self._outer.setContentsMargins(0, 0, 0, 0)
        self._outer.setSpacing(4)
        self._outer.addWidget(self._rows)
        self._outer.addWidget(self._error)

    @property
    def is_empty(self) -> bool:
        """Whether the spec has no field to show."""
        return not (self._entries or self._checks)

    @property
    def error(self) -> str:
        """The reason on view; empty if all is well."""
        return self._error.text()

    def entry(self, name: str) -> NumberEntry:
        """The number entry of a field."""
        return self._entries[name]

    def check(self, name: str) -> QCheckBox:
        """The check box of a field."""
        return self._checks[name]

    def set_spec(self, spec: Any) -> None:
        """Show a frozen dataclass; the same one again leaves alone what was typed."""
        if type(spec) is not type(self._spec):
            self._build(spec)
        elif spec == self._spec:
            return
        self._spec = spec
        for name, entry in self._entries.items():
            entry.set_value(getattr(spec, name))
        for name, check in self._checks.items():
            check.setChecked(getattr(spec, name))
        self.refuse("")

    def refuse(self, reason: str) -> None:
        """Say below the fields why they make no spec; an empty reason takes it back."""
        self._reason = reason
        self._show_error()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._align()

    # -- within --------------------------------------------------------------------------------

    def _build(self, spec: Any) -> None:
        for entry in self._entries.values():
            # A half-typed number of a form that goes away is not committed.
            entry.blockSignals(True)
        self._rows.hide()
        self._entries, self._checks = {}, {}
        rows = QWidget()
        rows.setToolTip(cleandoc(type(spec).__doc__ or ""))
        grid = QGridLayout(rows)
        grid.setContentsMargins(0, 0, 0, 0)
        # Spacing would collapse beside a column without symbols.
        grid.setHorizontalSpacing(0)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(3, 1)
        for row, field in enumerate(fields(spec)):
            value, limits = getattr(spec, field.name), range_of(field)
            if isinstance(value, bool):
                self._add_check(grid, row, field)
            elif limits is not None:
                self._add_number(grid, row, field, value, limits)
        self._outer.replaceWidget(self._rows, rows)
        self._rows.deleteLater()
        self._rows, self._grid = rows, grid
        self._align()

    def _align(self) -> None:
        """Give the forms of all specs the same columns, so that the fields stand still."""
        for column, widest in enumerate((WIDEST_SYMBOL, WIDEST_NAME)):
            width = self.fontMetrics().horizontalAdvance(widest)
            self._grid.setColumnMinimumWidth(column, width + SPACING)

    def _add_number(
        self, grid: QGridLayout, row: int, field: Field[Any], value: float, limits: Range
    ) -> None:
        words = field_name(field.name)
        entry = NumberEntry(value, limits.lo, limits.hi, isinstance(value, int))
        entry.setObjectName(field.name)
        entry.setAccessibleName(words)
        entry.set_tip(_tip(words, limits))
        entry.value_committed.connect(self._on_edited)
        entry.refusal_changed.connect(self._show_error)
        label = QLabel(words)
        label.setProperty("role", "secondary")
        label.setToolTip(entry.toolTip())
        label.setBuddy(entry)
        if limits.symbol in ("", field.name):
            grid.addWidget(label, row, 0, 1, 2)
        else:
            symbol = QLabel(limits.symbol)
            symbol.setToolTip(entry.toolTip())
            grid.addWidget(symbol, row, 0)
            grid.addWidget(label, row, 1)
        grid.addWidget(entry, row, 2)
        self._entries[field.name] = entry

    def _add_check(self, grid: QGridLayout, row: int, field: Field[Any]) -> None:
        words = field_name(field.name)
        check = QCheckBox(words)
        check.setObjectName(field.name)
        check.setAccessibleName(words)
        check.setToolTip(words)
        check.clicked.connect(self._on_edited)
        grid.addWidget(check, row, 0, 1, 3)
        self._checks[field.name] = check

    @Slot()
    def _on_edited(self) -> None:
        values: dict[str, Any] = {name: entry.value for name, entry in self._entries.items()}
        values |= {name: check.isChecked() for name, check in self._checks.items()}
        try:
            spec = replace(self._spec, **values)
        except ValueError as reason:
            self.refuse(str(reason))
            return
        self.refuse("")
        if spec != self._spec:
            self.spec_edited.emit(spec)

    @Slot()
    def _show_error(self) -> None:
        refusals = [entry.refusal for entry in self._entries.values() if entry.refusal]
        self._error.say(next(iter(refusals), self._reason))


def _tip(words: str, limits: Range) -> str:
    if isfinite(limits.lo) and isfinite(limits.hi):
        span = f"from {number(limits.lo)} to {number(limits.hi)}"
    elif isfinite(limits.lo):
        span = f"at least {number(limits.lo)}"
    else:
        span = "any number" if not isfinite(limits.hi) else f"at most {number(limits.hi)}"
    return ": ".join(part for part in (limits.symbol, limits.text or words) if part) + f" ({span})"
