"""A line of an update: its vector's name on the map, its formula, and the numbers below."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from mlpsim.views.labels.anatomy_words import Line
from mlpsim.views.theme import DARK
from mlpsim.views.widgets.formula import FormulaLabel
from mlpsim.views.widgets.message import Message


class AnatomyRow(QWidget):
    """Shows one ``Line``; the exact result is in the tooltip."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.badge, self.name = QLabel(), QLabel()
        self.badge.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.name.setProperty("role", "secondary")
        self.formula = FormulaLabel(scale=1.12)
        self.numbers = Message("", selectable=True)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 2, 0, 3)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(1)
        grid.addWidget(self.badge, 0, 0)
        grid.addWidget(self.name, 0, 1)
        grid.addWidget(self.formula, 0, 2)
        grid.addWidget(self.numbers, 1, 0, 1, 3)
        grid.setColumnStretch(2, 1)

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

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        return QSize(hint.width(), max(hint.height(), round(1.6 * self.fontMetrics().height())))
