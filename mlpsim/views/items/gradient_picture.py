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

ROW, PAD, TIGHT = 1.55, 0.45, 0.25  # in em: a row's height, room at both sides of a text
WIDEST = 8.0  # in em: of a column that has room
TINT = 0.3  # how strong the largest number in sight is tinted by its sign
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class Line(NamedTuple):
    """A row as it is painted: its name, its error (None: none) and its gradient (P,)."""

    name: str
    error: float | None
    gradient: Array


class Way(NamedTuple):
    """How numbers are written: their digits, those of errors, and the room beside them in em."""

    digits: int
    error_digits: int
    pad: float


WHOLE = (Way(5, 3, PAD), Way(4, 3, PAD))  # if so all columns are in sight
BRIEF = (Way(3, 3, PAD), Way(2, 2, TIGHT), Way(1, 2, TIGHT))  # if so LEAST are, or the last one
LEAST = 2


class GradientPicture:
    """Paints the rows and columns of a table that fit into ``size`` from the first ones on.

    Samples, errors and sums are always in sight. Columns do not become narrower by themselves,
    unless numbers are written another way.
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
        self._way, self._need, self._error_need = WHOLE[0], 0.0, 0.0

    def forget_widths(self) -> None:
        """Let columns be as narrow as their numbers: these are others now."""
        self._need = self._error_need = 0.0

    # -- geometry ------------------------------------------------------------------------------

    @property
    def em(self) -> float:
        return QFontMetricsF(self.font).height()

    @property
    def _pad(self) -> float:
        return self._way.pad * self.em

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
        return first + PAD * em, self._error_need + 2.0 * self._pad

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
        """Paint; True if columns have another width, so that others are in sight."""
        table = self.table
        if table is None:
            return False
        first = self.first_row
        errors, gradients = table.rows(first, min(first + self.rows_in_sight, len(table)))
        lines = [
            Line(str(first + n + 1), float(error), gradient)
            for n, (error, gradient) in enumerate(zip(errors, gradients, strict=True))
        ]
        is_other = self._fit([*lines, *self.feet], table)
        columns = self.shown_columns
        width, height, side = self.shown_width, self.row_height, self._side()
        self._paint_head(painter, table, columns, side, width)
        inner = slice(columns.start, columns.stop)
        largest = _largest(gradients[:, inner])
        y = height
        for n, line in enumerate(lines):
            self._paint_sample(painter, first + n, QRectF(0.0, y, self.size.width(), height))
            self._paint_numbers(painter, line, columns, y, largest)
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
            self._paint_numbers(painter, line, columns, y, 0.0)
            y += height
        return is_other

    def _bold(self) -> QFont:
        font = QFont(self.font)
        font.setWeight(QFont.Weight.DemiBold)
        return font

    def _fit(self, lines: list[Line], table: GradientTable) -> bool:
        """Choose how numbers are written; whether columns need another width than before."""
        before = self._way, self._need, self._error_need
        metrics, em = QFontMetricsF(self._bold()), self.em
        errors = [line.error for line in lines if line.error is not None]
        some = range(self.first_column, min(self.first_column + 12, table.n_columns))
        names = [labels.parameter(table.problem.network, p) for p in some]
        values = [v for line in lines for v in line.gradient[some.start : some.stop].tolist()]
        room = self.size.width() - self._side()[0]
        least = min(LEAST, table.n_columns)
        for way, wanted in (
            *((way, table.n_columns) for way in WHOLE),
            *((way, least) for way in BRIEF),
        ):
            texts = [*names, *(labels.number(v, way.digits) for v in values)]
            need = max(map(metrics.horizontalAdvance, texts)) + 2.0 * way.pad * em
            texts = [labels.number(v, way.error_digits) for v in errors]
            error_need = max(map(metrics.horizontalAdvance, texts))
            if way == self._way:
                need, error_need = max(need, self._need), max(error_need, self._error_need)
            if wanted * need + error_need + 2.0 * way.pad * em <= room:
                break
        self._way, self._need, self._error_need = way, need, error_need
        return before != (way, need, error_need)

    def _paint_head(
        self,
        painter: QPainter,
        table: GradientTable,
        columns: range,
        side: tuple[float, float],
        width: float,
    ) -> None:
        theme, height, pad = self.theme, self.row_height, self._pad
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
        largest: float,
    ) -> None:
        theme, side, height, pad = self.theme, self._side(), self.row_height, self._pad
        painter.setPen(theme.secondary if largest > 0.0 else theme.text)
        if line.error is not None:
            box = QRectF(side[0], y, side[1] - pad, height)
            painter.drawText(box, _RIGHT, labels.number(line.error, self._way.error_digits))
        width = self.shown_width
        for place, value in enumerate(line.gradient[columns.start : columns.stop].tolist()):
            box = QRectF(sum(side) + place * width, y, width, height)
            if largest > 0.0 and np.isfinite(value) and value:
                sign = theme.positive if value > 0.0 else theme.negative
                inner = box.adjusted(1.0, 1.0, -1.0, -1.0)
                painter.fillRect(inner, mix(theme.card, sign, TINT * abs(value) / largest))
            painter.setPen(theme.text)
            text = labels.number(value, self._way.digits)
            painter.drawText(box.adjusted(0.0, 0.0, -pad, 0.0), _RIGHT, text)


def _largest(values: Array) -> float:
    sizes = np.abs(values[np.isfinite(values)])
    return float(sizes.max(initial=0.0))
