"""Limits: a box with a lower and an upper limit typed for every parameter."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from mlpsim.core.feasible import Box
from mlpsim.views.widgets.form_section import Reason
from mlpsim.views.widgets.number_entry import NumberEntry


class Limits(QWidget):
    """Rows "lo ≤ w ≤ hi"; ``limits_edited`` carries the new box."""

    limits_edited = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._names: tuple[str, ...] = ()
        self._rows: list[tuple[NumberEntry, NumberEntry]] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setColumnStretch(4, 1)

    def entries(self, p: int) -> tuple[NumberEntry, NumberEntry]:
        """The lower and upper limit of parameter p (from 0)."""
        return self._rows[p]

    def show_box(self, box: Box, names: tuple[str, ...]) -> None:
        """Show the limits of the parameters of these names."""
        if names != self._names:
            self._build(names)
        for (lower, upper), lo, hi in zip(self._rows, box.lo, box.hi, strict=True):
            lower.set_value(lo)
            upper.set_value(hi)

    def _build(self, names: tuple[str, ...]) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        self._names, self._rows = names, []
        for p, name in enumerate(names):
            pair = (NumberEntry(), NumberEntry())
            for entry, side in zip(pair, ("Lower", "Upper"), strict=True):
                entry.setAccessibleName(f"{side} limit of {name}")
                entry.set_tip(f"{side} limit of {name}")
                entry.value_committed.connect(self._change)
            between = QLabel(f"≤ {name} ≤")
            self._grid.addWidget(pair[0], 3 * p, 0)
            self._grid.addWidget(between, 3 * p, 1)
            self._grid.addWidget(pair[1], 3 * p, 2)
            for row, entry in enumerate(pair, start=1):
                self._grid.addWidget(Reason(entry), 3 * p + row, 0, 1, 5)
            self._rows.append(pair)

    @Slot()
    def _change(self) -> None:
        lo = tuple(lower.value for lower, _ in self._rows)
        hi = tuple(upper.value for _, upper in self._rows)
        for name, (lower, upper) in zip(self._names, self._rows, strict=True):
            if lower.value > upper.value:
                entry = self.sender()
                assert isinstance(entry, NumberEntry)
                entry.refuse(f"The lower limit of {name} would be above the upper one.")
                return
        self.limits_edited.emit(Box(lo, hi))
