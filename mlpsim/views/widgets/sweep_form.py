"""The form of a sweep: what is varied over which values, with how many seeds, and how long."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from mlpsim.core.studies import assignment
from mlpsim.core.studies.sweep import Axis, Sweep
from mlpsim.core.studies.sweep_axes import KINDS
from mlpsim.session.session import Session
from mlpsim.views import labels
from mlpsim.views.appearance import Appearance
from mlpsim.views.labels import sweep_words
from mlpsim.views.widgets.axis_row import USUAL, AxisRow
from mlpsim.views.widgets.labelled import Labelled
from mlpsim.views.widgets.message import Message
from mlpsim.views.widgets.number_entry import NumberEntry
from mlpsim.views.widgets.segmented import Segmented
from mlpsim.views.widgets.wrap_layout import WrapLayout

MOST_CELLS = 5_000  # of a sweep in the window
MOST_SEEDS, MOST_LENGTH = 1_000, 10_000_000
FIRST = (Axis("eta", ("0.1", "0.01", "0.001")), Axis("batch", ("1", "full")))
EPOCHS = 100


class SweepForm(QWidget):
    """Rows of axes, seeds and length; ``changed`` when the grid on it is another one."""

    changed = Signal()

    def __init__(
        self, session: Session, appearance: Appearance, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName("The grid of the sweep")
        self._session, self._appearance = session, appearance
        self.rows: list[AxisRow] = []
        self._column = QVBoxLayout()
        self._column.setSpacing(4)
        self.add = QPushButton("Add axis")
        self.course = QPushButton("The course’s assignment")
        self.seeds = NumberEntry(1, 1, MOST_SEEDS, integer=True)
        self.length = NumberEntry(EPOCHS, 1, MOST_LENGTH, integer=True)
        self.unit = Segmented(
            "Length of every run",
            (
                ("epochs", "epochs", "Passes over the data: all batch sizes see as many samples"),
                ("steps", "steps", "Updates of the weights"),
            ),
        )
        self.cells = Message("secondary")
        self.error = Message("error")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(self._column)
        column.addLayout(self._make_tools())
        column.addWidget(self.cells)
        column.addWidget(self.error)
        self._connect()
        self.show_axes(FIRST)

    def _make_tools(self) -> WrapLayout:
        row = WrapLayout(spacing=10)
        for widget, name, tip in (
            (self.add, "Add an axis", "Vary something else as well"),
            (
                self.course,
                "The course’s assignment",
                "Learning rates 0.1 … 1e-6, batch sizes 50 … 500, squared error against"
                " cross-entropy, as far as they fit the data on view",
            ),
            (self.seeds, "Seeds of every cell", "With how many seeds every setting is run"),
            (self.length, "Length of every run", "How many epochs or steps every cell takes"),
        ):
            widget.setAccessibleName(name)
            widget.setToolTip(tip)
        self.seeds.set_columns(3)
        self.length.set_columns(5)
        row.addWidget(self.course)
        row.addWidget(self.add)
        row.addWidget(Labelled("seeds", self.seeds))
        row.addWidget(Labelled("length", self.length))
        row.addWidget(self.unit)
        return row

    def _connect(self) -> None:
        self.add.clicked.connect(self._on_add)
        self.course.clicked.connect(self.show_assignment)
        self.seeds.value_committed.connect(self._on_changed)
        self.length.value_committed.connect(self._on_changed)
        self.unit.chosen.connect(self._on_changed)
        for entry in (self.seeds, self.length):
            entry.refusal_changed.connect(self.error.say)
        self._session.experiment_changed.connect(self._on_experiment)

    # -- the grid ------------------------------------------------------------------------------

    @property
    def axes(self) -> tuple[Axis, ...] | None:
        """The axes; None while a list is refused."""
        axes = tuple(axis for row in self.rows if (axis := row.axis) is not None)
        return axes if len(axes) == len(self.rows) else None

    def sweep(self) -> Sweep | None:
        """The grid over the experiment on view; None where there is none, which is said."""
        axes = self.axes
        if axes is None:
            return None
        seeds, length = int(self.seeds.value), int(self.length.value)
        epochs, steps = (length, None) if self.unit.value == "epochs" else (EPOCHS, length)
        try:
            sweep = Sweep(self._session.experiment, axes, seeds, epochs, steps)
            if len(sweep) > MOST_CELLS:
                raise ValueError(
                    f"{labels.whole(len(sweep))} cells are more than the window shows"
                    f" ({labels.whole(MOST_CELLS)}): run them with mlpsim sweep"
                )
        except ValueError as reason:
            self.error.say(labels.sentence(reason))
            return None
        return sweep

    def show_axes(self, axes: tuple[Axis, ...]) -> None:
        """Put these axes in the place of those on view."""
        for row in self.rows:
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        self.rows = []
        for axis in axes:
            self._append(axis.name, ", ".join(axis.values))
        self._show()

    def set_length(self, epochs: int) -> None:
        """Let every run have so many passes over the data."""
        self.unit.set_value("epochs")
        self.length.set_value(epochs)
        self._show()

    @Slot()
    def show_assignment(self) -> None:
        """The course's assignment, for the data on view."""
        self.seeds.set_value(1)
        self.set_length(assignment.EPOCHS)
        self.show_axes(assignment.assignment(self._session.experiment))
        self.changed.emit()

    def show_sweep(self, sweep: Sweep) -> None:
        """The grid of a sweep."""
        self.seeds.set_value(sweep.seeds)
        self.length.set_value(sweep.epochs if sweep.steps is None else sweep.steps)
        self.unit.set_value("epochs" if sweep.steps is None else "steps")
        self.show_axes(sweep.axes)

    # -- inside --------------------------------------------------------------------------------

    def _append(self, name: str, values: str) -> None:
        row = AxisRow(self._appearance, name, values, self._check)
        row.changed.connect(self._on_changed)
        row.refusal_changed.connect(self._on_refused)
        row.removed.connect(self._on_removed)
        self.rows.append(row)
        self._column.addWidget(row)

    def _check(self, axis: Axis) -> None:
        """Whether every value of an axis fits, with the first one of the others."""
        others = tuple(
            Axis(row.name, row.values.values[:1])
            for row in self.rows
            if row.name != axis.name and row.values.values and not row.refusal
        )
        base = Sweep(self._session.experiment, others).cells()[0].experiment if others else None
        Sweep(base or self._session.experiment, (axis,), steps=1).cells()

    @Slot()
    def _on_add(self) -> None:
        taken = {row.name for row in self.rows}
        known = dict.fromkeys((*USUAL, *(entry.name for entry in KINDS)))
        name = next(name for name in known if name not in taken)
        self._append(name, USUAL.get(name, ""))
        self._on_changed()

    @Slot(object)
    def _on_removed(self, row: AxisRow) -> None:
        self.rows.remove(row)
        self._column.removeWidget(row)
        row.hide()
        row.deleteLater()
        self._on_changed()

    @Slot(str)
    def _on_refused(self, _reason: str) -> None:
        self._show()

    @Slot()
    def _on_experiment(self) -> None:
        for row in self.rows:
            row.recheck()
        self._show()

    @Slot()
    def _on_changed(self) -> None:
        self._show()
        self.changed.emit()

    def _show(self) -> None:
        self.error.say(next((row.refusal for row in self.rows if row.refusal), ""))
        self.add.setEnabled({row.name for row in self.rows} < {entry.name for entry in KINDS})
        sweep = self.sweep()
        self.cells.say("" if sweep is None else sweep_words.size_words(sweep))
