"""The homework panel: one step is hidden, and the student types what it gives."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QWidget,
)

from mlpsim.core.lessons.exercise import MOST_ASKED, Exercise, exercise
from mlpsim.views import labels
from mlpsim.views.context import Context
from mlpsim.views.labels.homework import TOLERANCE, formulas, given, side_by_side
from mlpsim.views.labels.plain import unbroken
from mlpsim.views.parts.homework.answer_row import AnswerRow
from mlpsim.views.parts.homework.prediction_row import PredictionRow
from mlpsim.views.throttle import Throttle
from mlpsim.views.widgets.card import Card
from mlpsim.views.widgets.message import Message
from mlpsim.views.widgets.number_entry import NumberEntry
from mlpsim.views.widgets.scroll_column import ScrollColumn
from mlpsim.views.widgets.segmented import Segmented

LARGEST_SEED = 999_999
MOST_ON_A_SHEET = 50
REFRESH_MS = 100


class HomeworkPanel(Card):
    """Shows an exercise and judges answers; the sheets that are asked for are lists of them."""

    pdf_requested = Signal(object)  # tuple[Exercise, ...]
    tex_requested = Signal(object)

    def __init__(self, context: Context) -> None:
        super().__init__("Homework", "")
        self._session = context.session
        self.exercise: Exercise | None = None
        self.rows: list[AnswerRow] = []
        self.samples = Segmented(
            "Samples of the step",
            (
                (1, "1 sample", "A step of SGD"),
                (2, "2", "A step on a batch of two"),
                (MOST_ASKED, f"{MOST_ASKED}", f"A step on a batch of {MOST_ASKED}"),
            ),
        )
        self.seed = NumberEntry(0, 0, LARGEST_SEED, integer=True)
        self.seed.set_columns(4)
        self.seed.setAccessibleName("Number of the exercise")
        self.seed.set_tip("The exercise's number: the same number gives the same exercise.")
        self.next = QPushButton("Next exercise")
        self.next.setProperty("role", "primary")
        self.next.setToolTip("Another exercise, with the next number")
        self.given, self.formulas = Message("plain", True), Message("caption", True)
        self.reveal = QPushButton("Reveal")
        self.reveal.setToolTip("Show the answers that are not right yet")
        self.prediction = PredictionRow(context)
        self.count = NumberEntry(5, 1, MOST_ON_A_SHEET, integer=True)
        self.count.set_columns(2)
        self.count.setAccessibleName("Exercises on a sheet")
        self.count.set_tip("How many exercises a sheet has, from this one on; its key follows.")
        self.pdf = QPushButton("PDF…")
        self.pdf.setAccessibleName("Sheet as PDF…")
        self.pdf.setToolTip("Exercises from this one on, with their key, to print")
        self.tex = QPushButton("LaTeX…")
        self.tex.setAccessibleName("Sheet as LaTeX…")
        self.tex.setToolTip("The same as a LaTeX file")
        self._build()

        self._throttle = Throttle(self, self._show, REFRESH_MS)
        self._throttle.follow(self.samples.chosen, self.seed.value_committed)
        self._throttle.follow(self._session.experiment_changed, self._session.run_started)
        self.next.clicked.connect(self._on_next)
        self.reveal.clicked.connect(self._on_reveal)
        self.pdf.clicked.connect(self._on_pdf)
        self.tex.clicked.connect(self._on_tex)
        self._show()

    def _build(self) -> None:
        self.header.addWidget(self.next)
        top = _row(QLabel("Exercise"), self.seed, None, self.samples)
        self._scroll = ScrollColumn("The exercise")
        column = self._scroll.column
        column.setContentsMargins(0, 0, 6, 0)
        column.addWidget(self.given)
        column.addWidget(self.formulas)
        self._grid = QGridLayout()
        self._grid.setColumnStretch(2, 1)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(2)
        column.addLayout(self._grid)
        self._tail = QWidget()
        hint = Message("caption")
        tail = QHBoxLayout(self._tail)
        tail.setContentsMargins(0, 0, 0, 0)
        tail.addWidget(hint, 1)
        hint.say(TOLERANCE)
        tail.addWidget(self.reveal)
        self.leave_out(self.reveal)
        column.addWidget(self._tail)
        column.addStretch(1)
        self.add_tools(top)
        self.body.addWidget(self._scroll, 1)
        self.add_tools(self.prediction)
        sheet = _row(QLabel("Sheet of"), self.count, QLabel("as"), self.pdf, self.tex, None)
        self.add_tools(sheet)

    # -- showing -------------------------------------------------------------------------------

    def _show(self) -> None:
        """The exercise in force; what was typed stays while it is the same one."""
        experiment = self._session.experiment
        samples = len(experiment.problem.data)
        for size in (1, 2, MOST_ASKED):
            self.samples.button(size).setEnabled(size <= samples)
        try:
            task = exercise(experiment, int(self.seed.value), min(self._batch_size(), samples))
        except ValueError as reason:
            self._show_none(labels.sentence(reason))
            return
        if self.exercise is not None and task.asks_the_same_as(self.exercise):
            return
        self._put(task)
        self.given.say(unbroken("\n".join(side_by_side(given(task)))))
        self.formulas.say("\n".join(side_by_side(formulas(task))))
        self._tail.show()
        self._show_progress()
        for button in (self.pdf, self.tex, self.next):
            button.setEnabled(True)

    def _batch_size(self) -> int:
        size = self.samples.value
        assert isinstance(size, int)
        return size

    def _show_none(self, reason: str) -> None:
        self._put(None)
        self.given.say(reason)
        self.formulas.say("")
        self._tail.hide()
        self.set_subtitle("")
        for button in (self.pdf, self.tex, self.next):
            button.setEnabled(False)

    def _put(self, task: Exercise | None) -> None:
        for row in self.rows:
            for widget in (row.name, row, row.said):
                self._grid.removeWidget(widget)
                widget.hide()
                widget.deleteLater()
        self.exercise = task
        self.rows = [] if task is None else [AnswerRow(task, q) for q in task.quantities]
        before: QWidget = self._scroll
        for place, row in enumerate(self.rows):
            row.place(self._grid, place)
            row.judged.connect(self._show_progress)
            self.setTabOrder(before, row)
            before = row
        self.prediction.set_exercise(task)

    @Slot()
    def _show_progress(self) -> None:
        right = sum(row.verdict is not None and row.verdict.right for row in self.rows)
        self.set_subtitle(f"{right} of {len(self.rows)} right")

    def take_keys(self) -> None:
        """Give the keyboard to the first answer that is missing."""
        self._throttle.flush()
        missing = (row for row in self.rows if row.verdict is None or not row.verdict.right)
        next(missing, self.seed).setFocus()

    # -- what is asked -------------------------------------------------------------------------

    @Slot()
    def _on_next(self) -> None:
        self.seed.set_value(min(int(self.seed.value) + 1, LARGEST_SEED))
        self._throttle.request()

    @Slot()
    def _on_reveal(self) -> None:
        for row in self.rows:
            row.reveal()
        self._show_progress()

    def sheet(self) -> tuple[Exercise, ...]:
        """The exercises of a sheet, from the one on view on."""
        task, first = self.exercise, int(self.seed.value)
        if task is None:
            return ()
        seeds = range(first, first + int(self.count.value))
        return tuple(exercise(task.experiment, seed, len(task.batch)) for seed in seeds)

    @Slot()
    def _on_pdf(self) -> None:
        self.pdf_requested.emit(self.sheet())

    @Slot()
    def _on_tex(self) -> None:
        self.tex_requested.emit(self.sheet())


def _row(*widgets: QWidget | None) -> QHBoxLayout:
    """Widgets in a row; None takes the spare room."""
    row = QHBoxLayout()
    row.setSpacing(8)
    for widget in widgets:
        if widget is None:
            row.addStretch(1)
        else:
            row.addWidget(widget)
    return row
