"""A form for a window's four limits, and for what else the loss map shows."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from mlpsim.core.window import Window
from mlpsim.views.items.overlays.bouquet import Mode
from mlpsim.views.widgets.message import Message
from mlpsim.views.widgets.number_entry import NumberEntry
from mlpsim.views.widgets.segmented import Segmented

LIMITS = ("x0", "x1", "y0", "y1")
ARROWS = (
    (Mode.OFF, "off", "Only the sum of all arrows"),
    (Mode.FROM_W, "from w", "Each sample's arrow from the state on view"),
    (Mode.TIP_TO_TAIL, "tip to tail", "One after the other, so that they are seen to add up"),
)


class WindowForm(QFrame):
    """The window's limits, and what else is drawn, in a frame that pops up."""

    window_edited = Signal(object)
    reset_asked = Signal()
    fit_asked = Signal()
    arrows_chosen = Signal(object)
    batch_switched = Signal(bool)
    model_switched = Signal(bool)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setProperty("role", "popup")
        self.setAccessibleName("Window of the loss surface")
        self._window = Window(0.0, 1.0, 0.0, 1.0)
        self._entries = {limit: NumberEntry() for limit in LIMITS}
        self._axes = (QLabel(), QLabel())
        self.refusal = Message("error")
        note = QLabel("At least this is shown: both axes keep one scale.")
        note.setProperty("role", "caption")
        self.arrows = Segmented("Arrows of the samples", ARROWS)
        self.arrows.chosen.connect(self.arrows_chosen)
        self.batch = QCheckBox("Contours of the batch, dashed")
        self.batch.setToolTip("What the next step descends: it leaves at a right angle to them")
        self.batch.setAccessibleName("Contours of the batch")
        self.batch.toggled.connect(self.batch_switched)
        self.model = QCheckBox("Quadratic model at the state, dashed")
        self.model.setToolTip(
            "What slope and curvature there tell of J; Newton’s step goes to where it is flat"
        )
        self.model.setAccessibleName("Quadratic model")
        self.model.toggled.connect(self.model_switched)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 12, 14, 12)
        layout.setSpacing(8)
        layout.addLayout(self._make_limits())
        layout.addWidget(self.refusal)
        layout.addWidget(note)
        layout.addLayout(self._make_buttons())
        layout.addWidget(QLabel("Arrows −∇eˢ of the samples"))
        layout.addWidget(self.arrows)
        layout.addWidget(self.batch)
        layout.addWidget(self.model)

    def _make_limits(self) -> QGridLayout:
        grid = QGridLayout()
        for row, (axis, label) in enumerate(zip("xy", self._axes, strict=True)):
            grid.addWidget(self._entries[f"{axis}0"], row, 0)
            grid.addWidget(label, row, 1, Qt.AlignmentFlag.AlignCenter)
            grid.addWidget(self._entries[f"{axis}1"], row, 2)
        for entry in self._entries.values():
            entry.set_columns(7)
            entry.value_committed.connect(self._on_committed)
        return grid

    def _make_buttons(self) -> QHBoxLayout:
        reset, fit = QPushButton("Reset"), QPushButton("Fit the path")
        reset.setToolTip("Back to the window of the preset (double-click on an axis)")
        fit.setToolTip("A window around the whole path of the run")
        reset.setAccessibleName("Reset the window")
        fit.setAccessibleName("Fit the window to the path")
        reset.clicked.connect(self.reset_asked)
        fit.clicked.connect(self.fit_asked)
        row = QHBoxLayout()
        row.addWidget(reset)
        row.addWidget(fit)
        return row

    def entry(self, limit: str) -> NumberEntry:
        """The field of ``x0``, ``x1``, ``y0`` or ``y1``."""
        return self._entries[limit]

    def set_axes(self, x: str, y: str) -> None:
        """The names of the axes."""
        for axis, label, name in zip("xy", self._axes, (x, y), strict=True):
            label.setText(f"≤  {name}  ≤")
            for end, word in (("0", "lowest"), ("1", "highest")):
                entry = self._entries[axis + end]
                entry.setAccessibleName(f"{word} {name}")
                entry.set_tip(f"The {word} {name} on view")

    def set_window(self, window: Window) -> None:
        """Show a window."""
        self._window = window
        self.refusal.say("")
        for limit, entry in self._entries.items():
            entry.set_value(float(f"{getattr(window, limit):.6g}"))

    @Slot()
    def _on_committed(self) -> None:
        """Ask for what the fields say together, or keep it with the reason why not."""
        typed = {limit: entry.value for limit, entry in self._entries.items()}
        shown = {limit: float(f"{getattr(self._window, limit):.6g}") for limit in LIMITS}
        exact = {
            limit: getattr(self._window, limit) if typed[limit] == shown[limit] else typed[limit]
            for limit in LIMITS
        }
        try:
            window = Window(**exact)
        except ValueError as reason:
            self.refusal.say(str(reason))
            return
        self.refusal.say("")
        self.window_edited.emit(window)
