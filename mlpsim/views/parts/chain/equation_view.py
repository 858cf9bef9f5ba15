"""An equation in aligned lines: symbols, numbers, the value of every factor, the product."""

from dataclasses import dataclass

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFontMetricsF, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from mlpsim.views import labels
from mlpsim.views.labels.chain_lines import Equation
from mlpsim.views.labels.loss_factors import DIGITS
from mlpsim.views.labels.numbers import factor as bracketed
from mlpsim.views.widgets.formula import FormulaLabel
from mlpsim.views.widgets.message import Message

_CAPTIONS, _SYMBOLS, _NUMBERS, _VALUES, _PRODUCT = range(5)
_SCALE = 1.15
_SPACING = 5
_LEAST_DIGITS = 4  # of the product


@dataclass(frozen=True)
class _Way:
    """A level of digits; whether with captions, and with the product on a line of its own."""

    level: int
    captioned: bool = False
    below: bool = False


# From the fullest to the shortest. Fewer than four digits do not multiply out to the product.
_WIDE = (_Way(0, captioned=True), _Way(1, captioned=True), _Way(0), _Way(1))
_WAYS = (*_WIDE, *(_Way(level, below=True) for level in range(len(DIGITS))))
_FLAT = (*_WIDE, _Way(2), _Way(3))


class EquationView(QWidget):
    """Shows one ``Equation``; the numbers have as many digits as there is room for.

    Where the column is narrow, the product has a line of its own, unless there is no room for it.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._equation: Equation | None = None
        self._has_room = True
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        row = QHBoxLayout()
        column.addLayout(row)
        self._grid = QGridLayout()
        row.addLayout(self._grid)
        row.addStretch(1)
        self._grid.setHorizontalSpacing(_SPACING)
        self._grid.setVerticalSpacing(1)
        self._left = FormulaLabel(scale=_SCALE)
        self._grid.addWidget(self._left, _SYMBOLS, 0)
        self._columns: list[_Column] = []
        self.result = _text(self)
        self.result.setProperty("role", "result")
        self._result_at = (0, 0, 0)  # its row, its column, and over how many
        self.note = Message("caption")
        column.addWidget(self.note)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    @property
    def least_height(self) -> int:
        """How high it is without a line of its own for the product."""
        height = self.sizeHint().height()
        if self._result_at[0] != _PRODUCT:
            return height
        return height - self.result.sizeHint().height() - self._grid.verticalSpacing()

    def give_room(self, has_room: bool) -> None:
        """Whether the product may have a line of its own."""
        if has_room != self._has_room:
            self._has_room = has_room
            self._fit()

    @property
    def lines(self) -> tuple[str, str, str]:
        """Symbols, numbers and product, as they are shown."""
        if self._equation is None:
            return "", "", ""
        factors = self._equation.factors
        columns = self._columns[: len(factors)]
        symbols = " · ".join(factor.plain for factor in factors)
        numbers = " · ".join(column.numbers.text() for column in columns)
        values = " · ".join(filter(None, (column.value.text() for column in columns)))
        result = self.result.text().removeprefix("= ")
        product = f"{values} = {result}" if values else result
        return f"{self._equation.plain} = {symbols}", f"= {numbers}", f"= {product}"

    def show_equation(self, equation: Equation) -> None:
        """Show another equation, or the same with other numbers."""
        self._equation = equation
        if self._left.tex != equation.tex + equation.strut:
            self._left.set_tex(equation.tex + equation.strut, equation.plain)
        count = len(equation.factors)
        while len(self._columns) < count:
            self._columns.append(_Column(self._grid, len(self._columns)))
        for place, column in enumerate(self._columns):
            column.set_visible(place < count)
        for column, factor in zip(self._columns, equation.factors, strict=False):
            tex = factor.tex + equation.strut
            if column.symbol.tex != tex:
                column.symbol.set_tex(tex, factor.plain)
            column.caption.setText(factor.derivative)
            for label in (column.numbers, column.value):
                label.setToolTip(f"{factor.plain} = {factor.value!r}")
        self.result.setToolTip(f"{equation.plain} = {equation.value!r}")
        self.note.say(equation.note)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def event(self, event: QEvent) -> bool:
        handled = super().event(event)
        # A formula has been typeset, so that its width is known now.
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.FontChange):
            self._fit()
        return handled

    def _fit(self) -> None:
        """As much as there is room for."""
        if self._equation is None:
            return
        ways = _WAYS if self._has_room else (*_FLAT, *_WAYS)  # rather below than cut
        way = next((w for w in ways if self._needed(self._equation, w) <= self.width()), _WAYS[-1])
        level = way.level
        factors = self._equation.factors
        values = [bracketed(factor.value, DIGITS[level]) for factor in factors]
        written = all(factor.numbers[level] for factor in factors)
        worked = _is_worked(self._equation, level)
        product = f"= {labels.number(self._equation.value, max(DIGITS[level], _LEAST_DIGITS))}"
        # Beside the last line that there is, or below it.
        ends = self._needed(self._equation, way) + self._width_of(product)
        beside = not way.below if worked else written and ends <= self.width()
        for column, factor, value in zip(self._columns, factors, values, strict=False):
            column.numbers.setText(factor.numbers[level])
            column.show_value(value if worked else "", worked or not beside)
            column.caption.setVisible(way.captioned and bool(factor.derivative))
        self.result.setText(product if beside or worked else product.removeprefix("= "))
        row = _PRODUCT if worked and way.below else _VALUES if worked or not beside else _NUMBERS
        wide = 2 * len(factors)
        first = 1 if row == _PRODUCT else 2
        place = (row, wide + 1, 1) if beside else (row, first, wide)
        if place != self._result_at:
            self._result_at = place
            self._grid.addWidget(self.result, place[0], place[1], 1, place[2])
        for column in self._columns:
            column.set_numbers_visible(written)
        self.setAccessibleName(self._equation.plain)
        self.setAccessibleDescription("\n".join(self.lines))

    def _needed(self, equation: Equation, way: _Way) -> float:
        """The width that the equation takes."""
        metrics, level, digits = QFontMetricsF(self.font()), way.level, DIGITS[way.level]
        sign = metrics.horizontalAdvance("=") + 2.0 * _SPACING
        total = float(self._left.sizeHint().width())
        for column, factor in zip(self._columns, equation.factors, strict=False):
            texts = (factor.numbers[level], bracketed(factor.value, digits))
            caption = column.caption.fontMetrics().horizontalAdvance(factor.derivative)
            widest = max(metrics.horizontalAdvance(text) for text in texts)
            symbol = float(column.symbol.sizeHint().width())
            total += sign + max(widest, symbol, caption if way.captioned else 0.0)
        if way.below or not _is_worked(equation, level):
            return total
        product = f"= {labels.number(equation.value, max(digits, _LEAST_DIGITS))}"
        return total + self._width_of(product)

    def _width_of(self, product: str) -> float:
        """How much wider it makes a line: it is set in a bolder type than the numbers."""
        return 1.1 * QFontMetricsF(self.font()).horizontalAdvance(product) + _SPACING


def _is_worked(equation: Equation, level: int) -> bool:
    """Whether the factors' values differ from their numbers, and so have a line of their own."""
    values = [bracketed(factor.value, DIGITS[level]) for factor in equation.factors]
    return len(values) > 1 and values != [factor.numbers[level] for factor in equation.factors]


class _Column:
    """One factor: the sign before it, its derivative, symbol, numbers and value."""

    def __init__(self, grid: QGridLayout, place: int) -> None:
        self._place = place
        self.symbol = FormulaLabel(scale=_SCALE)
        self.caption, self.numbers, self.value = _text(), _text(), _text()
        self.caption.setProperty("role", "caption")
        self._signs = tuple(_text() for _ in range(3))
        rows = zip((_SYMBOLS, _NUMBERS, _VALUES), self._signs, strict=True)
        for row, sign in rows:
            sign.setText("·" if place else "=")
            sign.setProperty("role", "secondary")
            grid.addWidget(sign, row, 2 * place + 1)
        for row, widget in (
            (_CAPTIONS, self.caption),
            (_SYMBOLS, self.symbol),
            (_NUMBERS, self.numbers),
            (_VALUES, self.value),
        ):
            grid.addWidget(widget, row, 2 * place + 2)

    def set_visible(self, visible: bool) -> None:
        for widget in (self.symbol, self.caption, self.numbers, *self._signs):
            widget.setVisible(visible)
        self.show_value(self.value.text() if visible else "", visible)

    def show_value(self, text: str, has_line: bool) -> None:
        """The value of the factor; an empty one leaves its line, if any, to the product."""
        self.value.setText(text)
        self.value.setVisible(bool(text))
        self._signs[2].setVisible(has_line and (bool(text) or not self._place))

    def set_numbers_visible(self, visible: bool) -> None:
        shown = visible and not self.symbol.isHidden()
        self.numbers.setVisible(shown)
        self._signs[1].setVisible(shown)


def _text(parent: QWidget | None = None) -> QLabel:
    label = QLabel(parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setMinimumWidth(1)
    return label
