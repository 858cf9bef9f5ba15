"""A row of a sweep's form: what is varied, and the values, typed as a list."""

import re
from collections.abc import Callable

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from mlpsim.core.studies.sweep import Axis
from mlpsim.core.studies.sweep_axes import KINDS
from mlpsim.views.appearance import Appearance
from mlpsim.views.labels import sentence
from mlpsim.views.labels.sweep_words import axis_words
from mlpsim.views.widgets.combo import Combo
from mlpsim.views.widgets.numbers_entry import NumbersEntry
from mlpsim.views.widgets.small_button import SmallButton

Check = Callable[[Axis], None]  # raises ValueError where a value does not fit
USUAL = {
    "eta": "0.1, 0.01, 0.001",
    "batch": "1, 10, full",
    "loss": "squared_error, bce_logits",
    "optimizer": "gd, momentum, adam",
    "momentum": "0, 0.5, 0.9",
    "start": "zeros, glorot-uniform, he-normal",
    "l1": "0, 0.001, 0.01",
    "l2": "0, 0.001, 0.01",
}


def read_values(text: str) -> tuple[str, ...]:
    """The values of a text, parted by commas, semicolons or spaces."""
    return tuple(part for part in re.split(r"[\s,;]+", text) if part)


class AxisRow(QWidget):
    """An axis of the grid; what is typed for one kind is kept while another is looked at.

    A list that is refused stays to be mended, with the reason.
    """

    changed = Signal()
    refusal_changed = Signal(str)
    removed = Signal(object)  # this row

    def __init__(
        self,
        appearance: Appearance,
        name: str,
        text: str,
        check: Check,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._check = check
        self._typed: dict[str, str] = {}
        self._shown = name
        choices = [(entry.name, axis_words(entry.name), entry.text) for entry in KINDS]
        self.kind = Combo("What is varied", choices)
        self.values = NumbersEntry(self._read, ", ".join)
        self.remove = SmallButton(appearance, "×", "Vary this no longer")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self.kind)
        row.addWidget(self.values, 1)
        row.addWidget(self.remove)
        self.kind.chosen.connect(self._on_kind)
        self.values.values_committed.connect(self._on_committed)
        self.values.refusal_changed.connect(self._on_refused)
        self.remove.clicked.connect(self._on_removed)
        self.kind.set_value(name)
        self._show(text)

    @property
    def name(self) -> str:
        return str(self.kind.value)

    @property
    def axis(self) -> Axis | None:
        """What is varied; None while the list is refused."""
        self.values.commit()
        return None if self.values.refusal else Axis(self.name, self.values.values)

    @property
    def refusal(self) -> str:
        return self.values.refusal

    def recheck(self) -> None:
        """Look again whether the values fit: something else has changed."""
        if not self.values.isModified():  # else it is being typed
            self.values.commit()

    def _show(self, text: str) -> None:
        """Values for the kind on view, taken or refused."""
        words = axis_words(self.name)
        self.values.setAccessibleName(f"Values of {words}")
        self.values.set_tip(f"Values of {words}, parted by commas")
        self.values.setText(text)
        self.values.commit()

    def _read(self, text: str) -> tuple[str, ...]:
        values = read_values(text)
        try:
            self._check(Axis(self.name, values))
        except ValueError as reason:
            raise ValueError(sentence(reason)) from reason
        return values

    @Slot(object)
    def _on_kind(self, name: str) -> None:
        self._typed[self._shown] = self.values.text()
        self._shown = name
        self._show(self._typed.get(name, USUAL.get(name, "")))
        self.changed.emit()

    @Slot(object)
    def _on_committed(self, _values: object) -> None:
        self.changed.emit()

    @Slot(str)
    def _on_refused(self, reason: str) -> None:
        self.refusal_changed.emit(reason)

    @Slot()
    def _on_removed(self) -> None:
        self.removed.emit(self)
