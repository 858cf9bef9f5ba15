"""The chain rule from ∂e/∂w down to the loss: an equation, and one below it for every δ."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from mlpsim.core.lessons.chain import Chain
from mlpsim.core.network import Network
from mlpsim.views import labels
from mlpsim.views.labels.chain_lines import Equation, equations, term_name, term_numbers
from mlpsim.views.parts.chain.equation_view import EquationView
from mlpsim.views.widgets.scroll_column import ScrollColumn

FEW = 2  # levels up to which all are unfolded from the start, as far as there is room


class ChainView(ScrollColumn):
    """Shows a ``Chain``; each level unfolds to the next, and a term is chosen to be followed."""

    term_chosen = Signal(int, int)

    def __init__(self) -> None:
        super().__init__("The chain rule, line by line")
        self.column.setSpacing(2)
        self.head = EquationView(self.content)
        self.column.addWidget(self.head)
        self.column.addStretch(1)
        self.levels: list[Level] = []

    def show_chain(self, chain: Chain) -> None:
        """Show another chain; what is unfolded stays so."""
        head, *below = equations(chain)
        self.head.show_equation(head)
        network = chain.passes.problem.network
        while len(self.levels) < len(below):
            level = Level(len(self.levels), self.content)
            level.folded.connect(self._unfold)
            level.term_chosen.connect(self.term_chosen)
            self.column.insertWidget(self.column.count() - 1, level)
            self.levels.append(level)
        for level, equation in zip(self.levels, below, strict=False):
            level.show_equation(network, equation)
        for place, level in enumerate(self.levels):
            level.is_used = place < len(below)
        self._unfold()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._unfold()

    @Slot()
    def _unfold(self) -> None:
        """Show every level whose predecessors are unfolded."""
        used = [level for level in self.levels if level.is_used]
        room = self.viewport().height() - self.head.least_height
        for level in used:
            room -= level.unfolded_height + self.column.spacing()
            level.unfold_if(len(used) <= FEW and room >= 0)
        shown = True
        for level in self.levels:
            level.setVisible(shown and level.is_used)
            shown = shown and level.is_unfolded
        self._share_room()

    def _share_room(self) -> None:
        """Give products lines of their own where all that is shown has room with them."""
        shown = [level for level in self.levels if not level.isHidden()]
        views = [self.head, *(level.view for level in shown if level.is_unfolded)]
        room = self.viewport().height() - self.head.least_height
        room -= sum(level.height_now + self.column.spacing() for level in shown)
        has_room = room >= len(views) * self.fontMetrics().height()
        for view in views:
            view.give_room(has_room)


class Level(QWidget):
    """One δ: a button that unfolds its equation, and its terms on request."""

    folded = Signal()
    term_chosen = Signal(int, int)

    def __init__(self, place: int, parent: QWidget) -> None:
        super().__init__(parent)
        self.is_used = True
        self._open: bool | None = True if place == 0 else None  # as chosen; None: by the room
        self._has_room = False
        self._equation: Equation | None = None
        self._network: Network | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.fold = _link(self)
        self.view = EquationView(self)
        self.all_terms = _link(self)
        self.terms: list[QPushButton] = []
        self._group = QButtonGroup(self)
        self._group.idClicked.connect(self._choose)
        for widget in (self.fold, self.view, self.all_terms):
            column.addWidget(widget)
        self.all_terms.setCheckable(True)
        self.fold.clicked.connect(self._toggle)
        self.all_terms.toggled.connect(self._show)

    @property
    def is_unfolded(self) -> bool:
        return self._has_room if self._open is None else self._open

    @property
    def unfolded_height(self) -> int:
        """How high it is with its equation."""
        parts = (self.fold, self.all_terms)
        return self.view.least_height + sum(part.sizeHint().height() for part in parts)

    @property
    def height_now(self) -> int:
        """The same as it is unfolded or folded now, but for the terms to choose from."""
        return self.unfolded_height if self.is_unfolded else self.fold.sizeHint().height()

    def unfold_if(self, has_room: bool) -> None:
        """Unfold it or fold it, unless a person has chosen."""
        if has_room != self._has_room:
            self._has_room = has_room
            self._show()

    def show_equation(self, network: Network, equation: Equation) -> None:
        """Show another δ."""
        self._network, self._equation = network, equation
        self.view.show_equation(equation)
        self._show()

    @Slot()
    def _toggle(self) -> None:
        self._open = not self.is_unfolded
        self._show()
        self.folded.emit()

    @Slot()
    def _show(self) -> None:
        equation = self._equation
        if equation is None or equation.delta is None:
            return
        arrow = "−" if self.is_unfolded else "+"
        self.fold.setText(f"{arrow} {equation.plain}")
        tip = f"{'Fold' if self.is_unfolded else 'Unfold'} what {equation.plain} is made of"
        self.fold.setToolTip(tip)
        self.fold.setAccessibleName(tip)
        self.view.setVisible(self.is_unfolded)
        count = len(equation.delta.terms)
        self.all_terms.setVisible(self.is_unfolded and count > 1)
        arrow = "−" if self.all_terms.isChecked() else "+"
        self.all_terms.setText(f"{arrow} {labels.count(count, 'term')}: choose which to follow")
        self.all_terms.setAccessibleName(f"The {count} terms of {equation.plain}")
        self._show_terms()

    def _show_terms(self) -> None:
        equation, network, layout = self._equation, self._network, self.layout()
        if equation is None or equation.delta is None or network is None or layout is None:
            return
        delta = equation.delta
        wanted = len(delta.terms) if self.all_terms.isChecked() and self.is_unfolded else 0
        wanted = wanted if len(delta.terms) > 1 else 0
        while len(self.terms) < wanted:
            button = QPushButton(self)
            button.setProperty("role", "chip")
            button.setCheckable(True)
            self._group.addButton(button, len(self.terms))
            layout.addWidget(button)
            self.terms.append(button)
        for place, button in enumerate(self.terms):
            button.setVisible(place < wanted)
        for button, term in zip(self.terms[:wanted], delta.terms, strict=False):
            value = labels.number(term.value, 4)
            text = f"{term_name(network, delta, term)} = {term_numbers(term)} = {value}"
            button.setText(text)
            button.setToolTip(f"{text}: follow it towards the loss")
            button.setAccessibleName(f"Follow {text}")
            button.setChecked(term.neuron == delta.chosen)

    @Slot(int)
    def _choose(self, place: int) -> None:
        if self._equation is not None and self._equation.delta is not None:
            self.term_chosen.emit(self._equation.delta.layer + 1, place)


def _link(parent: QWidget) -> QPushButton:
    button = QPushButton(parent)
    button.setProperty("role", "fold")
    button.setCursor(Qt.CursorShape.PointingHandCursor)
    return button
