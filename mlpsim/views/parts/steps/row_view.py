"""A row of an update: a name, a formula, and a result as long as there is room for."""

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QPen, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from mlpsim.views.labels.step_rows import Row
from mlpsim.views.stylesheet import restyle
from mlpsim.views.widgets.formula import FormulaLabel
from mlpsim.views.widgets.still_label import StillLabel

_FORMULA_SCALE = 1.12
_AIRY = 2.2  # the height of a row that has room, in heights of a line


class RowView(QWidget):
    """Shows one ``Row``, over a thin line; the text is the fullest one that fits."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row = Row("", "", ("",))
        self.name = QLabel()
        self.name.setProperty("role", "secondary")
        self.formula = FormulaLabel(scale=_FORMULA_SCALE)
        self.formula.was_set.connect(self._make_room)
        self.value = StillLabel()
        self.value.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.value.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 1, 0, 2)
        row.setSpacing(8)
        row.addWidget(self.name)
        row.addWidget(self.formula)
        row.addWidget(self.value, 1)
        self._layout = row

    def show_row(self, row: Row) -> None:
        """Show another row."""
        if (row.name, row.tex) != (self._row.name, self._row.tex):
            self.value.setMinimumWidth(0)
        self._row = row
        self.name.setText(row.name)
        self.name.setMinimumWidth(self.fontMetrics().horizontalAdvance("momentum  "))
        if row.tex != self.formula.tex:
            self.formula.set_tex(row.tex, f"{row.name}: {row.tex}")
        self.formula.setVisible(bool(row.tex))
        self.value.setToolTip(row.exact)
        restyle(self.value, "role", row.tone)
        self._fit()

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        return QSize(hint.width(), max(hint.height(), round(1.6 * self.fontMetrics().height())))

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._refit()

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Mid), 1.0))
            painter.drawLine(0, self.height() - 1, self.width(), self.height() - 1)

    @Slot()
    def _make_room(self) -> None:
        self._refit()
        self._layout.activate()

    def _refit(self) -> None:
        self.value.setMinimumWidth(0)
        self._fit()

    def _fit(self) -> None:
        """Take the first text that fits, else the last."""
        taken = max(self.name.minimumWidth(), self.name.sizeHint().width()) + 8
        if self._row.tex:
            taken += self.formula.sizeHint().width() + 8
        room, metrics = self.width() - taken, self.value.fontMetrics()
        # The formula shrinks before the shortest text is cut; not with every other digit of it.
        shortest = metrics.horizontalAdvance(self._row.texts[-1]) + 2
        self.value.setMinimumWidth(max(shortest, self.value.minimumWidth()))
        for text in self._row.texts:
            if max(metrics.horizontalAdvance(line) for line in text.split("\n")) <= room:
                break
        self.value.setText(text)
        airy = round(_AIRY * self.fontMetrics().height())
        self.setMaximumHeight(max(airy, self.sizeHint().height()))
        self.value.setAccessibleName(f"{self._row.name}: {self._row.texts[0]}")
