"""The form of a race: what is varied over which values, and what else is added."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QPushButton, QWidget

from mlpsim.core.studies.sweep_axes import Kind
from mlpsim.core.studies.variants import SETTINGS
from mlpsim.views.labels import race_words
from mlpsim.views.widgets.combo import Combo
from mlpsim.views.widgets.group import labelled
from mlpsim.views.widgets.refusing_edit import RefusingEdit
from mlpsim.views.widgets.wrap_layout import WrapLayout


class RaceForm(QWidget):
    """Says what is asked: ``varied`` carries the setting and the values as they were typed."""

    varied = Signal(object, str)
    this_asked = Signal()
    removal_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        choices = [
            (kind, race_words.setting_name(kind.name, kind.text), f"Vary the {kind.text}")
            for kind in SETTINGS
        ]
        self.setting = Combo("What is varied", choices)
        usual = next(kind for kind in SETTINGS if kind.name == "eta")
        self.setting.set_value(usual)
        self.values = RefusingEdit()
        self.values.setAccessibleName("Values, with commas between them")
        self.values.set_tip("Values, with commas between them: each makes a lane")
        self.add, self.this = QPushButton("Add"), QPushButton("Add this run")
        self.remove = QPushButton("Remove")
        for button, name, tip in (
            (self.add, "Add the variants", "Add a lane for every value"),
            (self.this, "Add the experiment on view", "Add the experiment on view as it stands"),
            (self.remove, "Remove the lane", "Remove the lane that is chosen in the table"),
        ):
            button.setAccessibleName(name)
            button.setToolTip(tip)
        row = WrapLayout(self, spacing=8, row_gap=6)
        row.add(labelled("vary", self.setting))
        for widget in (self.values, self.add, self.this, self.remove):
            row.add(widget)
        self.setting.chosen.connect(self._on_chosen)
        self.values.returnPressed.connect(self._ask)
        self.add.clicked.connect(self._ask)
        self.this.clicked.connect(self.this_asked)
        self.remove.clicked.connect(self.removal_asked)
        self._on_chosen(usual)

    def refuse(self, reason: str) -> None:
        """Mark the values as refused; they stay to be mended."""
        self.values.refuse(reason)

    def clear(self) -> None:
        """The values were taken."""
        self.values.clear()
        self.values.accept()

    @Slot(object)
    def _on_chosen(self, kind: Kind) -> None:
        self.values.setPlaceholderText(race_words.EXAMPLES[kind.name])
        self.values.accept()

    @Slot()
    def _ask(self) -> None:
        self.varied.emit(self.setting.value, self.values.text())
