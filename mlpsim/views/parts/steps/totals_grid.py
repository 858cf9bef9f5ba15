"""A few sums before and after a step, in the columns of the table above them."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from mlpsim.views.labels import number, signed
from mlpsim.views.labels.audit_words import Total

GAP = 8  # at least, between two columns
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class TotalsGrid(QWidget):
    """Name, before, after and Δ of every total."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(5, 0, 5, 0)
        self._grid.setHorizontalSpacing(0)
        self._rows: list[tuple[QLabel, ...]] = []
        for column in range(1, 4):
            self._grid.setColumnStretch(column, 1)

    @property
    def texts(self) -> tuple[tuple[str, ...], ...]:
        """What the grid shows, row by row."""
        shown = (row for row in self._rows if not row[0].isHidden())
        return tuple(tuple(cell.text() for cell in row) for row in shown)

    @property
    def names_width(self) -> int:
        """The room that the names need."""
        shown = [row[0].sizeHint().width() for row in self._rows if not row[0].isHidden()]
        return max(shown, default=0) + self._grid.contentsMargins().left()

    def set_names_width(self, width: int) -> None:
        """Let the column of the names be as wide as that of the table."""
        self._grid.setColumnMinimumWidth(0, width - self._grid.contentsMargins().left())

    def show_totals(self, totals: Sequence[Total]) -> None:
        """Show other sums."""
        while len(self._rows) < len(totals):
            self._add_row()
        for place, row in enumerate(self._rows):
            for cell in row:
                cell.setVisible(place < len(totals))
        for row, total in zip(self._rows, totals, strict=False):
            change = total.after - total.before
            texts = (total.name, number(total.before), number(total.after), signed(change, 4))
            for cell, text in zip(row, texts, strict=True):
                cell.setText(text)
            row[1].setToolTip(repr(total.before))
            row[2].setToolTip(repr(total.after))
        self.setAccessibleDescription("; ".join(" ".join(row) for row in self.texts))

    def _add_row(self) -> None:
        cells = tuple(QLabel(self) for _ in range(4))
        for column, cell in enumerate(cells):
            cell.setTextFormat(Qt.TextFormat.PlainText)
            cell.setAlignment(_RIGHT if column else _LEFT)
            if column:
                cell.setContentsMargins(GAP, 0, 0, 0)
            self._grid.addWidget(cell, len(self._rows), column)
        self._rows.append(cells)
