"""A line of an update: its vector's name on the map, its formula, and the numbers."""

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QColor, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from mlpsim.views.labels.anatomy_words import Line
from mlpsim.views.theme import DARK
from mlpsim.views.widgets.formula import FormulaLabel
from mlpsim.views.widgets.message import Message

GAP = 8


class AnatomyRow(QWidget):
    """Shows one ``Line``, its numbers beside the formula where they fit, else below.

    The exact result is in the tooltip.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.badge, self.name = QLabel(), QLabel()
        self.badge.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.name.setProperty("role", "secondary")
        self.formula = FormulaLabel(scale=1.12)
        self.numbers = Message("", selectable=True)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 1, 0, 1)
        grid.setHorizontalSpacing(GAP)
        grid.setVerticalSpacing(0)
        grid.addWidget(self.badge, 0, 0)
        grid.addWidget(self.name, 0, 1)
        grid.addWidget(self.formula, 0, 2)
        grid.setColumnStretch(3, 1)
        self._grid, self._are_beside = grid, True
        self._place(beside=False)
        self.formula.was_set.connect(self._fit)

    def show_line(self, line: Line, colour: QColor | None) -> None:
        """Show another line; ``colour`` is that of its vector on the map."""
        metrics = self.fontMetrics()
        self.badge.setFixedWidth(metrics.horizontalAdvance("√vₘₐₓ") + metrics.averageCharWidth())
        self.badge.setText("" if line.drawn is None else line.drawn.name)
        # The map's dark ground lets its colours be read in both themes.
        ground = f"background: {DARK.halo.name()}; border-radius: {metrics.height() // 4}px;"
        style = "" if colour is None else f"{ground} color: {colour.name()}; font-weight: 600;"
        if style != self.badge.styleSheet():
            self.badge.setStyleSheet(style)
        self.name.setText(line.name)
        self.name.setMinimumWidth(metrics.horizontalAdvance("momentum  "))
        spoken = line.name or (line.drawn.name if line.drawn else "")
        if line.tex != self.formula.tex:
            self.formula.set_tex(line.tex, f"{spoken}: {line.tex}")
        self.numbers.say(line.text)
        self.numbers.setToolTip(line.exact)
        self.numbers.setAccessibleName(f"{spoken}: {line.text}")
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    @Slot()
    def _fit(self) -> None:
        """Put the numbers where there is room for them."""
        columns = (self.badge, self.name, self.formula)
        widths = [max(part.sizeHint().width(), part.minimumWidth()) + GAP for part in columns]
        text = self.fontMetrics().horizontalAdvance(self.numbers.text())
        self._place(sum(widths) + text < self.width())

    def _place(self, beside: bool) -> None:
        if beside != self._are_beside:
            self._are_beside = beside
            self._grid.addWidget(self.numbers, *((0, 3, 1, 1) if beside else (1, 0, 1, 4)))

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        return QSize(hint.width(), max(hint.height(), round(1.4 * self.fontMetrics().height())))
