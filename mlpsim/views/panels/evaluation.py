"""The evaluation panel: how well the state on view predicts what it was trained on, and new."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from mlpsim.core.classes import n_classes
from mlpsim.core.evaluation import Evaluation, EvaluationQuestion, Evaluations
from mlpsim.session.inquirer import Inquirer
from mlpsim.session.session import Session
from mlpsim.views.context import Context
from mlpsim.views.labels import apart, class_name, number, percent, whole
from mlpsim.views.labels.failures import not_computed
from mlpsim.views.parts.evaluation.confusion_matrix import ConfusionMatrix
from mlpsim.views.parts.evaluation.split_form import SplitForm
from mlpsim.views.throttle import Throttle
from mlpsim.views.widgets.card import Card
from mlpsim.views.widgets.segmented import Segmented

PLAYING_MS, PAUSED_MS = 200, 25
FEW_CLASSES = 17  # lines of text that they need
TRAINING, HELD_OUT = "training", "held out"
PARTS = (
    (TRAINING, TRAINING, "Count the samples that were trained on"),
    (HELD_OUT, HELD_OUT, "Count the samples that training does not see"),
)


class EvaluationPanel(Card):
    """The split, the numbers of both parts side by side, and the confusion matrix of one."""

    needs_changed = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__("Evaluation", "")
        self._session = context.session
        self._appearance = context.appearance
        self._evaluator: Inquirer[Evaluations] = Inquirer(
            "evaluator", _question, context.session, self
        )
        self.part = Segmented("Confusion matrix of", PARTS)
        self.part.set_value(HELD_OUT)
        self.header.addWidget(self.part)
        self.split = SplitForm(context.session)
        self.matrix = ConfusionMatrix()
        self.numbers = QWidget()
        self.numbers.setAccessibleName("Training and held-out samples")
        self._grid = QGridLayout(self.numbers)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setRowStretch(9, 1)
        self._cells: dict[tuple[int, int], QLabel] = {}
        self.add_tools(self.split)
        self._row = row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.numbers)
        self._counts = self._make_counts()
        row.addLayout(self._counts, 1)
        row.addStretch(0)
        self.body.addLayout(row, 1)
        self._throttle = Throttle(self, self._show, context.pace(PLAYING_MS, PAUSED_MS))
        session = context.session
        self._throttle.follow(session.run_started, session.cursor_moved, session.experiment_changed)
        self._throttle.follow(context.player.playing_changed, context.appearance.changed)
        self._throttle.follow(self._evaluator.changed, self.part.chosen)
        self._evaluator.failed.connect(self._say_failure)
        self._show()

    def _make_counts(self) -> QVBoxLayout:
        """The confusion matrix below what its sides are."""
        self.sides = QLabel("class ↓   predicted →")
        self.sides.setProperty("role", "caption")
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addWidget(self.sides)
        column.addWidget(self.matrix, 1)
        return column

    def complete(self) -> None:
        """The numbers of the state on view here and now, for a picture."""
        self._evaluator.complete()
        self._show()

    def needed_height(self) -> int:
        """What a whole matrix needs, and no less than for a few classes."""
        matrix = self.sides.sizeHint().height() + self.matrix.least_height
        usual = FEW_CLASSES * self.fontMetrics().height()
        return max(usual, self.height_beside(self._row) + matrix)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_sides()

    def _fit_sides(self) -> None:
        """Say what the matrix' sides are, unless its last row needs the room."""
        room = self._counts.geometry().height()
        least, own = self.matrix.least_height, self.sides.sizeHint().height()
        self.sides.setHidden(self.matrix.isHidden() or least <= room < least + own)

    @Slot(str)
    def _say_failure(self, message: str) -> None:
        self._session.say(not_computed("The evaluation", message))

    def _show(self) -> None:
        present = self._evaluator.present()
        # The numbers of an earlier state stay, faint, until the new ones come.
        self.numbers.setEnabled(present is not None)
        self.matrix.cells.set_quiet(present is None)
        if self._evaluator.latest is None:
            self.set_subtitle(f"step {whole(self._session.cursor)} …")
            self.sides.hide()
            self.matrix.hide()
            return
        asked, (trained, tested) = self._evaluator.latest
        self._show_numbers(trained, tested)
        self.part.setVisible(tested is not None)
        of_held_out = tested is not None and self.part.value == HELD_OUT
        shown = tested if of_held_out and tested is not None else trained
        assert isinstance(asked.question, EvaluationQuestion)
        data = asked.question.problem.data
        names = tuple(class_name(k, data) for k in range(n_classes(data)))
        before = self.matrix.least_height
        self.matrix.counts.show_counts(shown.confusion, names, self._appearance.theme)
        if self.matrix.least_height != before:
            self.needs_changed.emit()
        self.matrix.setVisible(shown.confusion is not None)
        self._fit_sides()
        self.set_subtitle(f"step {whole(asked.k)}" if present else f"step {whole(asked.k)} …")
        self.matrix.setAccessibleDescription(
            f"of the {HELD_OUT if of_held_out else TRAINING} samples"
        )

    def _show_numbers(self, trained: Evaluation, tested: Evaluation | None) -> None:
        parts = (trained, tested)
        rows = [("", *(_titles(tested))), ("samples", *_each(parts, lambda e: whole(e.samples)))]
        rows.append(("E per sample", *_each(parts, lambda e: number(e.mean_error, 4))))
        if trained.accuracy is not None:
            rows.append(("accuracy", *_each(parts, _accuracy)))
        else:
            rows.append(("√ mean (y − ŷ)²", *_each(parts, lambda e: number(e.rms, 4))))
            # Not 1 where something is left: with the digits that tell it from 1.
            rows.append(("R²", *_each(parts, lambda e: apart((e.r2, 1.0), 3)[0])))
        for cell in self._cells.values():
            cell.hide()
        for row, texts in enumerate(rows):
            for column, text in enumerate(texts):
                cell = self._cell(row, column)
                cell.setText(text)
                cell.setVisible(column < 2 or tested is not None)
        held = "" if tested is None else "; ".join(f"{r[0]} {r[2]}" for r in rows[1:])
        said = "training: " + "; ".join(f"{r[0]} {r[1]}" for r in rows[1:])
        self.numbers.setAccessibleDescription(f"{said}. Held out: {held}" if held else said)

    def _cell(self, row: int, column: int) -> QLabel:
        if (row, column) not in self._cells:
            cell = QLabel()
            cell.setTextFormat(Qt.TextFormat.PlainText)
            if column == 0 or row == 0:
                cell.setProperty("role", "secondary")
            side = Qt.AlignmentFlag.AlignLeft if column == 0 else Qt.AlignmentFlag.AlignRight
            self._grid.addWidget(cell, row, column, side | Qt.AlignmentFlag.AlignVCenter)
            self._cells[row, column] = cell
        return self._cells[row, column]


def _question(session: Session) -> EvaluationQuestion:
    experiment = session.experiment
    others = None if experiment.held_out is None else experiment.held_out.data
    return EvaluationQuestion(experiment.problem, session.theta, others)


def _titles(tested: Evaluation | None) -> tuple[str, str]:
    return TRAINING, "" if tested is None else HELD_OUT


def _each(
    parts: tuple[Evaluation, Evaluation | None], write: Callable[[Evaluation], str]
) -> tuple[str, ...]:
    return tuple("" if part is None else write(part) for part in parts)


def _accuracy(part: Evaluation) -> str:
    return "–" if part.accuracy is None else percent(part.accuracy)
