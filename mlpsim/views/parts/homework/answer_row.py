"""A row of homework: what is asked, a field for the answer, and the verdict beside it."""

from decimal import Decimal

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QGridLayout, QLabel

from mlpsim.core.lessons.exercise import Exercise, Quantity
from mlpsim.core.lessons.homework import Judgement, judge
from mlpsim.views import labels
from mlpsim.views.labels.homework import quantity_name, quantity_words, verdict_words
from mlpsim.views.parts.homework.answer_entry import AnswerEntry
from mlpsim.views.stylesheet import restyle
from mlpsim.views.widgets.message import Message


class AnswerRow(AnswerEntry):
    """The field of a row; ``place`` puts it into a grid with its name and verdict.

    ``verdict`` is None until something is typed, and once the answer was revealed.
    """

    judged = Signal()

    def __init__(self, task: Exercise, quantity: Quantity) -> None:
        super().__init__()
        self._task, self.quantity = task, quantity
        self.verdict: Judgement | None = None
        name = quantity_name(task, quantity)
        self.name = QLabel(f"{name} =")
        self.said = Message("warning")
        self.name.setBuddy(self)
        self.setAccessibleName(quantity_words(quantity, name))
        self.set_tip(f"Type {quantity_words(quantity, name)}, and press Enter.")
        self.answered.connect(self._on_answered)
        self.refusal_changed.connect(self._on_refused)
        self.textEdited.connect(self._forget)

    def place(self, grid: QGridLayout, row: int) -> None:
        """Stand in a row of a grid."""
        for column, widget in enumerate((self.name, self, self.said)):
            grid.addWidget(widget, row, column)
        self.show()  # at once: it may be given the keyboard before the layout shows it
        self.said.show()  # empty, too: its height is there for the verdict

    def reveal(self) -> None:
        """Show the answer where there is no right one yet."""
        if self.verdict is None or not self.verdict.right:
            self.verdict = None
            self.show_answer(self._task.answer(self.quantity))
            self._say("the answer", "secondary")

    @Slot(object)
    def _on_answered(self, typed: Decimal) -> None:
        if self.isReadOnly():
            return
        self.verdict = judge(self._task, self.quantity, typed)
        words = verdict_words(self._task, self.quantity, self.verdict)
        self._say(words, "result" if self.verdict.right else "warning")
        self.judged.emit()
        if self.verdict.right and self.hasFocus():
            self.focusNextChild()

    @Slot(str)
    def _on_refused(self, reason: str) -> None:
        if reason:
            self._say(labels.sentence(reason), "error")

    @Slot()
    def _forget(self) -> None:
        self.verdict = None
        self._say("", "warning")
        self.judged.emit()

    def _say(self, text: str, role: str) -> None:
        self.said.setText(text)
        restyle(self.said, "role", role)
        self.setAccessibleDescription(text)
