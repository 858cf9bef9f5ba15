"""A line of an update: its vector's name on the map, its formula, and the numbers."""

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from mlpsim.views.labels.anatomy_words import Line
from mlpsim.views.theme import DARK
from mlpsim.views.widgets.formula import FormulaLabel
from mlpsim.views.widgets.message import Message

GAP = 8


class AnatomyRow(QWidget):
    """Shows one ``Line``: its result beside the formula, what it was worked out from below.

    A result that has no room beside the formula ends what stands below. The exact one is in the
    tooltip.
    """

    was_set = Signal()  # the formula has its width

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.badge, self.name = QLabel(), QLabel()
        self.badge.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.name.setProperty("role", "secondary")
        self.formula = FormulaLabel(scale=1.05)
        self.result = Message("", selectable=True)
        self.result.setWordWrap(False)
        self.numbers = Message("caption", selectable=True)
        self._line: Line | None = None
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 1, 0, 1)
        grid.setHorizontalSpacing(GAP)
        grid.setVerticalSpacing(0)
        grid.addWidget(self.badge, 0, 0)
        grid.addWidget(self.name, 0, 1)
        grid.addWidget(self.formula, 0, 2)
        grid.addWidget(self.result, 0, 3, Qt.AlignmentFlag.AlignRight)
        grid.addWidget(self.numbers, 1, 0, 1, 4)
        grid.setColumnStretch(3, 1)
        self.formula.was_set.connect(self.was_set)

    def show_line(self, line: Line, colour: QColor | None) -> None:
        """Show another line; ``colour`` is that of its vector on the map."""
        self._line = line
        metrics = self.fontMetrics()
        self.badge.setFixedWidth(metrics.horizontalAdvance("√vₘₐₓ") + metrics.averageCharWidth())
        self.badge.setText("" if line.drawn is None else line.drawn.name)
        # The map's dark ground lets its colours be read in both themes.
        ground = f"background: {DARK.halo.name()}; border-radius: {metrics.height() // 4}px;"
        style = "" if colour is None else f"{ground} color: {colour.name()}; font-weight: 600;"
        if style != self.badge.styleSheet():
            self.badge.setStyleSheet(style)
        self.badge.setToolTip(line.name)
        self.name.setText(line.name)
        self.name.setMinimumWidth(metrics.horizontalAdvance("momentum  "))
        spoken = line.name or (line.drawn.name if line.drawn else "")
        if line.tex != self.formula.tex:
            self.formula.set_tex(line.tex, f"{spoken}: {line.tex}")
        for label in (self.result, self.numbers):
            label.setToolTip(line.exact)
            label.setAccessibleName(f"{spoken}: {line.text}")
        self._fit()

    @property
    def named_width(self) -> int:
        """How wide it is with its name, up to the end of its formula."""
        columns = (self.badge, self.name, self.formula)
        return sum(max(part.sizeHint().width(), part.minimumWidth()) + GAP for part in columns)

    def show_name(self, shown: bool) -> None:
        """Show the name, or leave its room to the result: it is in the badge's tooltip too."""
        self.name.setVisible(shown)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    @Slot()
    def _fit(self) -> None:
        """Put the result where there is room for it."""
        line = self._line
        if line is None:
            return
        own = self.named_width
        if self.name.isHidden():
            own -= max(self.name.sizeHint().width(), self.name.minimumWidth()) + GAP
        beside = own + self.fontMetrics().horizontalAdvance(line.result) <= self.width()
        self.result.say(line.result if beside else "")
        self.numbers.say(line.worked if beside else line.text)

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        return QSize(hint.width(), max(hint.height(), round(1.4 * self.fontMetrics().height())))
