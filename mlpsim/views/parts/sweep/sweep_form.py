"""The form of a sweep: what is varied over which values, with how many seeds, and how long."""

from dataclasses import replace

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from mlpsim.core.studies import assignment
from mlpsim.core.studies.sweep import Axis, Sweep
from mlpsim.core.studies.sweep_axes import KINDS
from mlpsim.session.session import Session
from mlpsim.views import labels
from mlpsim.views.appearance import Appearance
from mlpsim.views.labels import sweep_words
from mlpsim.views.parts.sweep.axis_row import USUAL, AxisRow
from mlpsim.views.throttle import Throttle
from mlpsim.views.widgets.group import labelled
from mlpsim.views.widgets.message import Message
from mlpsim.views.widgets.number_entry import NumberEntry
from mlpsim.views.widgets.segmented import Segmented
from mlpsim.views.widgets.wrap_layout import WrapLayout

MOST_CELLS = 2_000  # of a sweep in the window
MOST_SEEDS, MOST_LENGTH = 1_000, 10_000_000
FIRST = (Axis("eta", ("0.1", "0.01", "0.001")), Axis("batch", ("1", "full")))
EPOCHS = 100
SHOW_MS = 200


class SweepForm(QWidget):
    """Rows of axes, seeds and length; ``changed`` when the grid on it is another one."""

    changed = Signal()

    def __init__(self, session: Session, appearance: Appearance) -> None:
        super().__init__()
        self.setAccessibleName("The grid of the sweep")
        self._session, self._appearance = session, appearance
        self.rows: list[AxisRow] = []
        self._column = QVBoxLayout()
        self._column.setSpacing(4)
        self.add = QPushButton("Add axis")
        self.seeds = NumberEntry(1, 1, MOST_SEEDS, integer=True)
        self.length = NumberEntry(EPOCHS, 1, MOST_LENGTH, integer=True)
        self.unit = Segmented(
            "Length of every run",
            (
                ("epochs", "epochs", "Passes over the data: all batch sizes see as many samples"),
                ("steps", "steps", "Updates of the weights"),
            ),
        )
        self.cells = QLabel()
        self.cells.setProperty("role", "secondary")
        self.error = Message("error")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(self._column)
        column.addLayout(self._make_tools())
        column.addWidget(self.error)
        self._throttle = Throttle(self, self._show, SHOW_MS)
        self._connect()
        self.show_axes(FIRST)

    def _make_tools(self) -> WrapLayout:
        row = WrapLayout(spacing=10)
        for widget, name, tip in (
            (self.add, "Add an axis", "Vary something else as well"),
            (self.seeds, "Seeds of every cell", "With how many seeds every setting is run"),
            (self.length, "Length of every run", "How many epochs or steps every cell takes"),
        ):
            widget.setAccessibleName(name)
            widget.setToolTip(tip)
        self.seeds.set_columns(3)
        self.length.set_columns(8)
        for entry in (self.seeds, self.length):
            entry.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        row.addWidget(self.add)
        row.addWidget(labelled("seeds", self.seeds))
        row.addWidget(self.length)
        row.addWidget(self.unit)
        row.addWidget(self.cells)
        return row

    def _connect(self) -> None:
        self.add.clicked.connect(self._on_add)
        self.seeds.value_committed.connect(self._on_changed)
        self.length.value_committed.connect(self._on_changed)
        self.unit.chosen.connect(self._on_changed)
        for entry in (self.seeds, self.length):
            entry.refusal_changed.connect(self._refresh)
        self._session.experiment_changed.connect(self._refresh)

    # -- the grid ------------------------------------------------------------------------------

    def sweep(self) -> Sweep | None:
        """The grid over the experiment on view; None where a value does not fit, which is said."""
        for row in self.rows:
            row.refuse("")
        try:
            sweep = self._sweep(tuple(row.axis() for row in self.rows))
        except ValueError as error:
            self._refuse(str(error))
            return None
        refusal = self.seeds.refusal or self.length.refusal
        if refusal:
            self.error.say(refusal)
            return None
        self.error.say("")
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
        row = AxisRow(self._appearance, name, values)
        row.changed.connect(self._on_changed)
        row.removed.connect(self._on_removed)
        self.rows.append(row)
        self._column.addWidget(row)

    def _sweep(self, axes: tuple[Axis, ...]) -> Sweep:
        """A grid whose every value fits, or ValueError."""
        seeds, length = int(self.seeds.value), int(self.length.value)
        epochs, steps = (length, None) if self.unit.value == "epochs" else (EPOCHS, length)
        sweep = Sweep(self._session.experiment, axes, seeds, epochs, steps)
        if len(sweep) > MOST_CELLS:
            raise ValueError(
                f"{labels.whole(len(sweep))} cells are more than the window shows"
                f" ({labels.whole(MOST_CELLS)}): run them with mlpsim sweep"
            )
        replace(sweep, seeds=1).cells()
        return sweep

    def _refuse(self, reason: str) -> None:
        """Say a reason, and mark the row that it is about."""
        said = labels.sentence(reason)
        for row in self.rows:
            is_value = reason.startswith(f"{row.name} = ")
            if is_value:
                rest = reason.removeprefix(row.name).rstrip(".")
                said = f"{sweep_words.axis_symbol(row.name)}{rest}."
            if is_value or f"axis {row.name!r}" in reason:
                row.refuse(said)
        self.error.say(said)

    @Slot()
    def _refresh(self) -> None:
        self._throttle.request()

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

    @Slot()
    def _on_changed(self) -> None:
        self._show()
        self.changed.emit()

    def _show(self) -> None:
        self.add.setEnabled({row.name for row in self.rows} < {entry.name for entry in KINDS})
        sweep = self.sweep()
        self.cells.setText("" if sweep is None else sweep_words.size_words(sweep))
