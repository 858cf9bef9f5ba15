"""The dialog of a storyboard: which picture, which steps, how large, with what below."""

from collections.abc import Callable, Mapping
from typing import TypeVar

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from mlpsim.app.storyboard import Sheet, usual_columns, usual_steps
from mlpsim.views.labels import whole
from mlpsim.views.widgets.combo import Combo
from mlpsim.views.widgets.message import Message
from mlpsim.views.widgets.number_entry import NumberEntry
from mlpsim.views.widgets.number_text import read_whole
from mlpsim.views.widgets.refusing_edit import RefusingEdit

NARROWEST, WIDEST, USUAL_WIDTH = 2.0, 200.0, 17.0  # cm
MOST_STEPS, MOST_COLUMNS = 60, 20
T = TypeVar("T")


class StoryboardDialog(QDialog):
    """Asks for a sheet; what is refused stays as it was typed, with the reason below.

    ``asked`` carries the name of the picture and the sheet. The dialog stays open until it is told
    that all is well.
    """

    asked = Signal(str, object)

    def __init__(self, pictures: Mapping[str, str], last: int, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("storyboard dialog")
        self.setWindowTitle("Storyboard")
        self.setModal(True)
        self._last = last
        choices = [(name, title, f"{title} at every step") for name, title in pictures.items()]
        self.picture = Combo("Picture", choices)
        self.picture.set_value("surface")
        self.steps = RefusingEdit()
        self.steps.setText(", ".join(map(str, usual_steps(last))))
        self.steps.setAccessibleName("Steps")
        self.steps.set_tip(f"Steps from 0 to {whole(last)}, separated by commas")
        columns = usual_columns(usual_steps(last))
        self.columns = NumberEntry(columns, 1, MOST_COLUMNS, integer=True)
        self.columns.setAccessibleName("Pictures in a row")
        self.width_cm = NumberEntry(USUAL_WIDTH, NARROWEST, WIDEST)
        self.width_cm.setAccessibleName("Width of the sheet in centimetres")
        self.caption = QLineEdit()
        self.caption.setAccessibleName("Caption")
        self.caption.setToolTip("Stands below the pictures")
        self.refusal = Message("error")
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.save = buttons.addButton("Save…", QDialogButtonBox.ButtonRole.ActionRole)
        self.save.setProperty("role", "primary")
        self.save.setDefault(True)
        self.save.clicked.connect(self._ask)
        buttons.rejected.connect(self.reject)
        form = QFormLayout()
        form.addRow("Picture", self.picture)
        form.addRow("Steps", self.steps)
        form.addRow("Pictures in a row", self.columns)
        form.addRow("Width in cm", self.width_cm)
        form.addRow("Caption", self.caption)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 14, 16, 14)
        layout.setSpacing(10)
        layout.addLayout(form)
        layout.addWidget(self.refusal)
        layout.addWidget(buttons)
        self.setMinimumWidth(30 * self.fontMetrics().height())

    @Slot()
    def _ask(self) -> None:
        """Ask for what is typed, or say why it cannot be."""
        self.refusal.say("")
        steps = self._read(self.steps, self._read_steps)
        columns = self._read(self.columns, self.columns.typed)
        width = self._read(self.width_cm, self.width_cm.typed)
        if steps is None or columns is None or width is None:
            return
        sheet = self._read(
            self.columns, lambda: Sheet(steps, int(columns), width, self.caption.text())
        )
        if sheet is not None:
            self.asked.emit(str(self.picture.value), sheet)

    def _read(self, entry: RefusingEdit, read: Callable[[], T]) -> T | None:
        """What an entry says; None, with the reason below, where it is refused."""
        try:
            value = read()
        except ValueError as reason:
            entry.refuse(str(reason))
            entry.setFocus()
            self.refusal.say(f"{entry.accessibleName()}: {reason}")
            return None
        entry.accept()
        return value

    def _read_steps(self) -> tuple[int, ...]:
        """The steps on view; ValueError with a sentence."""
        parts = [part.strip() for part in self.steps.text().replace(";", ",").split(",")]
        parts = [part for part in parts if part]
        if not parts:
            raise ValueError("no step is named; type some, such as 0, 1, 2, 5.")
        steps = tuple(read_whole(part) for part in parts)
        for step in steps:
            if not 0 <= step <= self._last:
                last = whole(self._last)
                raise ValueError(f"there is no step {whole(step)}: the run has steps 0 to {last}.")
        if len(steps) > MOST_STEPS:
            raise ValueError(f"{len(steps)} pictures are more than {MOST_STEPS}; name fewer steps.")
        return steps
