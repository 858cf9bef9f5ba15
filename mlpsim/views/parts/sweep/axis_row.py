"""A row of a sweep's form: what is varied, and the values, typed as a list."""

import re

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from mlpsim.core.studies.sweep import Axis
from mlpsim.core.studies.sweep_axes import KINDS
from mlpsim.views.appearance import Appearance
from mlpsim.views.labels.sweep_words import axis_words
from mlpsim.views.widgets.combo import Combo
from mlpsim.views.widgets.refusing_edit import RefusingEdit
from mlpsim.views.widgets.small_button import SmallButton

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


class AxisRow(QWidget):
    """An axis of the grid; what is typed for one kind is kept while another is looked at.

    Whether the values fit is for the form to say: it ``refuse``s them with a reason, and they stay
    to be mended.
    """

    changed = Signal()
    removed = Signal(object)  # this row

    def __init__(self, appearance: Appearance, name: str, text: str) -> None:
        super().__init__()
        self._typed: dict[str, str] = {}
        self._shown = name
        choices = [(entry.name, axis_words(entry.name), entry.text) for entry in KINDS]
        self.kind = Combo("What is varied", choices)
        self.values = RefusingEdit()
        self.remove = SmallButton(appearance, "×", "Leave this setting as it is")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self.kind)
        row.addWidget(self.values, 1)
        row.addWidget(self.remove)
        self.kind.set_value(name)
        self._show(text)
        self.kind.chosen.connect(self._on_kind)
        self.values.editingFinished.connect(self.changed)
        self.remove.clicked.connect(self._on_removed)

    @property
    def name(self) -> str:
        return str(self.kind.value)

    def axis(self) -> Axis:
        """What is varied over which values; ValueError for a list that is none."""
        parts = re.split(r"[\s,;]+", self.values.text())
        return Axis(self.name, tuple(part for part in parts if part))

    def refuse(self, reason: str) -> None:
        """Mark the values with a reason, or with none."""
        self.values.refuse(reason)

    def _show(self, text: str) -> None:
        words = axis_words(self.name)
        self.values.setAccessibleName(f"Values of {words}")
        self.values.set_tip(f"Values of {words}, separated by commas")
        self.values.setText(text)

    @Slot(object)
    def _on_kind(self, name: str) -> None:
        self._typed[self._shown] = self.values.text()
        self._shown = name
        self._show(self._typed.get(name, USUAL.get(name, "")))
        self.changed.emit()

    @Slot()
    def _on_removed(self) -> None:
        self.removed.emit(self)
