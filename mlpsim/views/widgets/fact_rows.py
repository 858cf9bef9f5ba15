"""Rows of facts: a formula at the left, what is known of it at the right."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from mlpsim.views.widgets.formula import FormulaLabel


class FactRows(QWidget):
    """A grid of formulas in TeX, each beside a text that may be selected and copied."""

    def __init__(self) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(14)
        self._grid.setVerticalSpacing(3)
        self._grid.setColumnStretch(1, 1)

    def add(self, tex: str, words: str) -> tuple[FormulaLabel, QLabel]:
        """A row: its formula, which a screen reader says in words, and an empty text."""
        row = self._grid.rowCount()
        formula, value = FormulaLabel(tex, words), QLabel()
        value.setAccessibleName(words)
        value.setWordWrap(True)
        value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        align = Qt.AlignmentFlag.AlignVCenter
        self._grid.addWidget(formula, row, 0, align)
        self._grid.addWidget(value, row, 1, align)
        return formula, value
