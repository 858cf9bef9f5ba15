"""Where the inputs off the map are held: a button that tells, a popup to type values in."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from mlpsim.core.dataset import Dataset
from mlpsim.core.moments import deviations
from mlpsim.session.session import Session
from mlpsim.views.input_plane import InputPlane
from mlpsim.views.items.plot_frame import rounded_to
from mlpsim.views.labels import named_input, number
from mlpsim.views.widgets.number_entry import NumberEntry
from mlpsim.views.widgets.screen_room import pop_up

MEANS, TYPED = "others at their means…", "others at typed values…"
SAMPLE = "At the selected sample"
DIGITS = 1e-4  # of a deviation, beyond which the digits of a mean are not shown
ROWS = 9  # that are seen without scrolling


class HeldInputs(QToolButton):
    """Tells where the other inputs are held; a click opens ``popup`` to change it."""

    def __init__(self, session: Session, plane: InputPlane) -> None:
        super().__init__()
        self._session, self._plane = session, plane
        self.popup = HeldPopup(plane, self)
        self.setText(MEANS)
        self.setToolTip("Where the inputs that are not on the axes are held; click to type values")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.clicked.connect(self._open)

    def show_data(self, data: Dataset) -> None:
        """Tell where the inputs of these data are held."""
        others = set(data.measured) - set(self._plane.columns)
        typed = others & set(self._plane.held)
        self.setText(TYPED if typed else MEANS)
        values = self._plane.values(data)
        said = ", ".join(f"{named_input(data, j)} = {number(values[j], 4)}" for j in sorted(others))
        self.setAccessibleName(f"Other inputs held: {self.text()}")
        self.setAccessibleDescription(said)
        if self.popup.isVisible():
            self.popup.show_data(data, self._session.selection.sample)

    @Slot()
    def _open(self) -> None:
        data = self._session.experiment.problem.data
        self.popup.show_data(data, self._session.selection.sample)
        pop_up(self.popup, self)


class HeldPopup(QFrame):
    """An entry for every input off the axes; buttons take the means or a sample's values."""

    def __init__(self, plane: InputPlane, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("held inputs")
        self.setProperty("role", "popup")
        self.setAccessibleName("Values of the other inputs")
        self._plane = plane
        self._data: Dataset | None = None
        self._sample: int | None = None
        self._shape: tuple[object, ...] = ()
        self.entries: dict[int, NumberEntry] = {}
        self.means = QPushButton("At the means")
        self.means.setToolTip("Hold every other input at its mean over the training samples")
        self.at_sample = QPushButton(SAMPLE)
        self.at_sample.setToolTip("Hold every other input at the value of the selected sample")
        self._scroll = QScrollArea()
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setAccessibleName("Values of the other inputs")
        buttons = QHBoxLayout()
        buttons.addWidget(self.means)
        buttons.addWidget(self.at_sample)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 14, 14, 14)
        column.addWidget(self._scroll)
        column.addLayout(buttons)
        self.means.clicked.connect(plane.hold_means)
        self.at_sample.clicked.connect(self._hold_at_sample)

    def show_data(self, data: Dataset, sample: int | None) -> None:
        """Show where the inputs of these data are held; a sample (from 0) offers its values."""
        self._data, self._sample = data, sample
        self.at_sample.setEnabled(sample is not None)
        shape = data.n_features, data.features, self._plane.columns
        if shape != self._shape:
            self._shape = shape
            self._build(data)
        held, means = self._plane.held, self._plane.values(data)
        spread = deviations(data)
        for j, entry in self.entries.items():
            mean = rounded_to(float(means[j]), DIGITS * float(spread[j] or 1.0))
            entry.set_value(held.get(j, mean))

    def _build(self, data: Dataset) -> None:
        rows = QWidget()
        grid = QGridLayout(rows)
        grid.setContentsMargins(0, 0, 8, 0)
        self.entries = {}
        for j in sorted(set(data.measured) - set(self._plane.columns)):
            name = named_input(data, j)
            entry = HeldEntry(j)
            entry.setAccessibleName(f"Value of {name}")
            entry.set_tip(f"Hold {name} at this value")
            entry.held.connect(self._plane.hold)
            label = QLabel(name)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setProperty("role", "secondary")
            label.setBuddy(entry)
            grid.addWidget(label, len(self.entries), 0)
            grid.addWidget(entry, len(self.entries), 1)
            self.entries[j] = entry
        self._scroll.setWidget(rows)
        one = max((entry.sizeHint().height() for entry in self.entries.values()), default=0) + 6
        self._scroll.setMinimumHeight(one * min(len(self.entries), ROWS))
        self._scroll.setMinimumWidth(rows.sizeHint().width() + 12)

    @Slot()
    def _hold_at_sample(self) -> None:
        if self._data is not None and self._sample is not None:
            self._plane.hold_at(self._data.x[self._sample].tolist())


class HeldEntry(NumberEntry):
    """A number entry of one input; ``held`` carries the input (from 0) and the value."""

    held = Signal(int, float)

    def __init__(self, column: int) -> None:
        super().__init__(0.0)
        self._column = column
        self.value_committed.connect(self._tell)

    @Slot()
    def _tell(self) -> None:
        self.held.emit(self._column, float(self.value))
