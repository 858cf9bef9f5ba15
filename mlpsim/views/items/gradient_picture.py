"""The picture of a table of gradients: samples under a head, over their sums."""

from typing import NamedTuple

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPen

from mlpsim.core.arrays import Array, Indices
from mlpsim.core.lessons.gradient_table import GradientTable
from mlpsim.views import labels
from mlpsim.views.items.markers import class_colour, draw_marker
from mlpsim.views.theme import DARK, Theme, mix

ROW, PAD = 1.55, 0.45  # in em: the height of a row, the room at both sides of a text
WIDEST = 8.0  # in em: of a column that has room
TINT = 0.3  # how strong the largest number in sight is tinted by its sign
DIGITS, ERROR_DIGITS = (5, 4, 3), 3
BRIEF = 2  # digits, where else a single column would be in sight
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class Line(NamedTuple):
    """A row as it is painted: its name, its error (None: none) and its gradient (P,)."""

    name: str
    error: float | None
    gradient: Array


class GradientPicture:
    """Paints the rows and columns of a table that fit into ``size`` from the first ones on.

    Samples, errors and sums are always in sight. Columns never become narrower by themselves.
    """

    def __init__(self) -> None:
        self.theme: Theme = DARK
        self.font = QFont()
        self.size = QSizeF(0.0, 0.0)
        self.table: GradientTable | None = None
        self.classes: Indices | None = None
        self.members: frozenset[int] = frozenset()
        self.feet: tuple[Line, ...] = ()
        self.first_row = self.first_column = 0
        self.brushed: int | None = None
        self.parameter: int | None = None
        self._need = self._error_need = 0.0

    def forget_widths(self) -> None:
        """Let columns be as narrow as their numbers: these are others now."""
        self._need = self._error_need = 0.0

    # -- geometry ------------------------------------------------------------------------------

    @property
    def em(self) -> float:
        return QFontMetricsF(self.font).height()

    @property
    def row_height(self) -> float:
        return round(ROW * self.em)

    @property
    def rows_in_sight(self) -> int:
        """How many rows of samples there is room for."""
        room = self.size.height() - (1 + len(self.feet)) * self.row_height - 2.0
        return max(1, int(room / self.row_height))

    @property
    def columns_in_sight(self) -> int:
        """How many parameters there is room for."""
        room = self.size.width() - sum(self._side())
        return max(1, int(room / max(self._need, self.em)))

    def _side(self) -> tuple[float, float]:
        """The widths of the two columns that stay: samples and errors.

        The name of a line without an error has both for itself.
        """
        metrics, em = QFontMetricsF(self.font), self.em
        names = [line.name for line in self.feet if line.error is not None]
        rows = 0 if self.table is None else len(self.table)
        first = 1.5 * em + metrics.horizontalAdvance("0" * max(2, len(str(rows))))
        first = max([first, *(metrics.horizontalAdvance(name) + 0.4 * em for name in names)])
        return first + PAD * em, self._error_need + 2.0 * PAD * em

    def row_at(self, y: float) -> int | None:
        """The sample in whose row a height is; None in the head, the feet and below the last."""
        row = int(y / self.row_height) - 1
        if self.table is None or not 0 <= row < self.rows_in_sight:
            return None
        sample = self.first_row + row
        return sample if sample < len(self.table) else None

    def column_at(self, x: float) -> int | None:
        """The parameter in whose column a place is."""
        if self.table is None:
            return None
        side, shown = sum(self._side()), self.shown_columns
        place = int((x - side) // self.shown_width)
        return shown[place] if 0 <= place < len(shown) and x >= side else None

    @property
    def shown_columns(self) -> range:
        """The parameters in sight."""
        if self.table is None:
            return range(0)
        first = self.first_column
        return range(first, min(first + self.columns_in_sight, self.table.n_columns))

    @property
    def shown_width(self) -> float:
        """The width of a column: the room is shared, up to a width at which rows are still read."""
        columns = len(self.shown_columns)
        room = self.size.width() - sum(self._side())
        return min(room / max(columns, 1), max(self._need, WIDEST * self.em))

    def paint(self, painter: QPainter) -> bool:
        """Paint; True if columns have become wider, so that fewer are in sight."""
        table = self.table
        if table is None:
            return False
        first = self.first_row
        errors, gradients = table.rows(first, min(first + self.rows_in_sight, len(table)))
        lines = [
            Line(str(first + n + 1), float(error), gradient)
            for n, (error, gradient) in enumerate(zip(errors, gradients, strict=True))
        ]
        digits, is_wider = self._fit([*lines, *self.feet], table)
        columns = self.shown_columns
        width, height, side = self.shown_width, self.row_height, self._side()
        self._paint_head(painter, table, columns, side, width)
        inner = slice(columns.start, columns.stop)
        largest = _largest(gradients[:, inner])
        y = height
        for n, line in enumerate(lines):
            self._paint_sample(painter, first + n, QRectF(0.0, y, self.size.width(), height))
            self._paint_numbers(painter, line, columns, y, digits, largest)
            y += height
        y += 1.0
        painter.setPen(QPen(self.theme.border, 1.0))
        painter.drawLine(QPointF(0.0, y), QPointF(self.size.width(), y))
        painter.setFont(self._bold())
        for line in self.feet:
            painter.setPen(self.theme.text)
            room = side[0] if line.error is not None else sum(side) - 0.2 * self.em
            box = QRectF(0.2 * self.em, y, room, height)
            painter.drawText(box, _LEFT, line.name)
            self._paint_numbers(painter, line, columns, y, digits, 0.0)
            y += height
        return is_wider

    def _bold(self) -> QFont:
        font = QFont(self.font)
        font.setWeight(QFont.Weight.DemiBold)
        return font

    def _fit(self, lines: list[Line], table: GradientTable) -> tuple[int, bool]:
        """The digits with which all columns fit, or the fewest; and whether they need more room."""
        metrics, pad = QFontMetricsF(self._bold()), PAD * self.em
        errors = [
            labels.number(line.error, ERROR_DIGITS) for line in lines if line.error is not None
        ]
        error_need = max([self._error_need, *map(metrics.horizontalAdvance, errors)])
        is_wider, self._error_need = error_need > self._error_need, error_need
        room = self.size.width() - sum(self._side())
        first = self.first_column
        some = range(first, min(first + 12, table.n_columns))
        names = [labels.parameter(table.problem.network, p) for p in some]
        values = [v for line in lines for v in line.gradient[some.start : some.stop].tolist()]

        def need_of(digits: int) -> float:
            texts = [*names, *(labels.number(v, digits) for v in values)]
            return max(map(metrics.horizontalAdvance, texts)) + 2.0 * pad

        digits, need = DIGITS[-1], 0.0
        for digits in DIGITS:
            need = need_of(digits)
            if need * table.n_columns <= room:
                break
        if 2.0 * need > room and table.n_columns > 1 and 2.0 * need_of(BRIEF) <= room:
            digits, need = BRIEF, need_of(BRIEF)
        is_wider = is_wider or need > self._need
        self._need = max(need, self._need)
        return digits, is_wider

    def _paint_head(
        self,
        painter: QPainter,
        table: GradientTable,
        columns: range,
        side: tuple[float, float],
        width: float,
    ) -> None:
        theme, height, pad = self.theme, self.row_height, PAD * self.em
        painter.setFont(self.font)
        painter.setPen(theme.secondary)
        painter.drawText(QRectF(1.2 * self.em, 0.0, side[0], height), _LEFT, "s")
        painter.drawText(QRectF(side[0], 0.0, side[1] - pad, height), _RIGHT, labels.SAMPLE_ERROR)
        for place, p in enumerate(columns):
            box = QRectF(sum(side) + place * width, 0.0, width, height)
            chosen = p == self.parameter
            painter.setPen(theme.accent if chosen else theme.secondary)
            name = labels.parameter(table.problem.network, p)
            painter.drawText(box.adjusted(0.0, 0.0, -pad, 0.0), _RIGHT, name)
            if chosen:
                painter.fillRect(QRectF(box.left(), height - 2.0, width, 2.0), theme.accent)
        painter.setPen(QPen(theme.border, 1.0))
        painter.drawLine(QPointF(0.0, height - 0.5), QPointF(self.size.width(), height - 0.5))

    def _paint_sample(self, painter: QPainter, s: int, row: QRectF) -> None:
        theme, em = self.theme, self.em
        if s == self.brushed:
            painter.fillRect(row, mix(theme.card, theme.accent, 0.18))
        if s in self.members:
            painter.fillRect(QRectF(0.0, row.top() + 2.0, 3.0, row.height() - 4.0), theme.accent)
        label = 0 if self.classes is None else int(self.classes[s])
        colour = theme.secondary if self.classes is None else class_colour(theme, label)
        at = QPointF(0.75 * em, row.center().y())
        draw_marker(painter, at, label, 0.3 * em, colour, None)
        painter.setPen(theme.text)
        painter.setFont(self._bold() if s in self.members else self.font)
        painter.drawText(row.adjusted(1.3 * em, 0.0, 0.0, 0.0), _LEFT, str(s + 1))

    def _paint_numbers(
        self,
        painter: QPainter,
        line: Line,
        columns: range,
        y: float,
        digits: int,
        largest: float,
    ) -> None:
        theme, side, height, pad = self.theme, self._side(), self.row_height, PAD * self.em
        painter.setPen(theme.secondary if largest > 0.0 else theme.text)
        if line.error is not None:
            box = QRectF(side[0], y, side[1] - pad, height)
            painter.drawText(box, _RIGHT, labels.number(line.error, ERROR_DIGITS))
        width = self.shown_width
        for place, value in enumerate(line.gradient[columns.start : columns.stop].tolist()):
            box = QRectF(sum(side) + place * width, y, width, height)
            if largest > 0.0 and np.isfinite(value) and value:
                sign = theme.positive if value > 0.0 else theme.negative
                inner = box.adjusted(1.0, 1.0, -1.0, -1.0)
                painter.fillRect(inner, mix(theme.card, sign, TINT * abs(value) / largest))
            painter.setPen(theme.text)
            text = labels.number(value, digits)
            painter.drawText(box.adjusted(0.0, 0.0, -pad, 0.0), _RIGHT, text)


def _largest(values: Array) -> float:
    sizes = np.abs(values[np.isfinite(values)])
    return float(sizes.max(initial=0.0))
