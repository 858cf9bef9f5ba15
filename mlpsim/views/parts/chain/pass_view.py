"""Both passes step by step: forwards neuron by neuron, the error, and backwards."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from mlpsim.core.lessons.chain import BothPasses, PassStep, pass_steps
from mlpsim.views.labels.pass_lines import caption_of_step, equations_of_step, title_of_step
from mlpsim.views.parts.chain.equation_view import EquationView
from mlpsim.views.widgets.icon_button import IconButton
from mlpsim.views.widgets.scroll_column import ScrollColumn


class PassView(QWidget):
    """Shows one step of the passes; ``place`` counts them from 0."""

    moved = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.place = 0
        self._passes: BothPasses | None = None
        self.back = IconButton("step-back", "Back one neuron (Alt+Left)", 1.1)
        self.next = IconButton("step", "On to the next neuron (Alt+Right)", 1.1)
        self.caption = QLabel()
        self.caption.setTextFormat(Qt.TextFormat.PlainText)
        self.count = QLabel()
        self.count.setProperty("role", "caption")
        row = QHBoxLayout()
        row.setSpacing(6)
        for widget in (self.back, self.next, self.caption):
            row.addWidget(widget)
        row.addStretch(1)
        row.addWidget(self.count)
        scroll = ScrollColumn("This step of the pass")
        scroll.column.setSpacing(6)
        self.views = (EquationView(scroll.content), EquationView(scroll.content))
        for view in self.views:
            scroll.column.addWidget(view)
        scroll.column.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(row)
        column.addWidget(scroll, 1)
        self.back.clicked.connect(self.step_back)
        self.next.clicked.connect(self.step_on)
        self.back.setAutoRepeat(True)
        self.next.setAutoRepeat(True)

    @property
    def steps(self) -> tuple[PassStep, ...]:
        """The steps so far; the last one is on view."""
        if self._passes is None:
            return ()
        return pass_steps(self._passes.problem.network)[: self.place + 1]

    def show_passes(self, passes: BothPasses) -> None:
        """Show the present step of other passes."""
        self._passes = passes
        network = passes.problem.network
        every = pass_steps(network)
        self.place = min(self.place, len(every) - 1)
        step = every[self.place]
        self.caption.setText(title_of_step(network, step))
        self.caption.setToolTip(caption_of_step(passes, step))
        self.caption.setAccessibleName(caption_of_step(passes, step))
        self.count.setText(f"{self.place + 1} of {len(every)}")
        self.back.setEnabled(self.place > 0)
        self.next.setEnabled(self.place < len(every) - 1)
        equations = equations_of_step(passes, step)
        for view, equation in zip(self.views, equations, strict=False):
            view.show_equation(equation)
        self.views[1].setVisible(len(equations) > 1)

    @Slot()
    def step_on(self) -> None:
        self._go(1)

    @Slot()
    def step_back(self) -> None:
        self._go(-1)

    def _go(self, by: int) -> None:
        if self._passes is None:
            return
        last = len(pass_steps(self._passes.problem.network)) - 1
        place = max(0, min(self.place + by, last))
        if place != self.place:
            self.place = place
            self.show_passes(self._passes)
            self.moved.emit(place)
