"""How a loss curve is painted: axes, sample errors, the objective, and the cursor."""

from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from mlpsim.core.arrays import Array
from mlpsim.views.items.curve_lines import LEAST_RANGE, line_near, parts_at, spread_out
from mlpsim.views.items.loss_axes import LossAxes
from mlpsim.views.items.outlines import outline
from mlpsim.views.items.scale import Scale
from mlpsim.views.items.strokes import separate_lines, straightened, stroke
from mlpsim.views.theme import Theme, mix

TEST = "E test"
PLACES = 40  # heights that are tried for words beside the curves
_GHOST = 0.38  # how strong the curve is ahead of the cursor
_READABLE = 0.15  # how much of the text's colour makes a class's colour legible as text
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True)
class ErrorLine:
    """e^s of sample s: coordinates and values (n,), its colour, and its name at the end."""

    x: Array
    y: Array
    color: QColor
    name: str
    sample: int


@dataclass(frozen=True)
class LossPicture:
    """What the curve shows, in coordinates of the horizontal axis.

    ``x``, ``lo``, ``hi``, ``mean`` (n,) are the columns of the objective, or of the training mean
    where ``test`` is there: the coordinates and mean errors (m,) of the held-out samples, whose
    ``lowest`` is marked with some words. ``cursor`` is the coordinate and value of the state on
    view.
    """

    x: Array
    lo: Array
    hi: Array
    mean: Array
    end: float
    scale: Scale
    errors: tuple[ErrorLine, ...]
    cursor: tuple[float, float]
    marks: tuple[float, ...]
    diverged: str
    x_label: str
    y_label: str
    symbol: str
    test: tuple[Array, Array] | None
    lowest: tuple[float, float, str] | None

    def room(self, metrics: QFontMetricsF) -> float:
        """What the names at the ends of the lines need, in pixels."""
        em = metrics.height()
        return 2.0 * em if self.test is None else metrics.horizontalAdvance(TEST) + em

    def paint(self, painter: QPainter, theme: Theme, plot: QRectF, lit: int | None) -> None:
        """Paint into the rectangle ``plot``, with axes around it; ``lit`` is a sample."""
        LossPainter(painter, theme, self, plot, lit).paint()

    def line_at(self, plot: QRectF, at: QPointF) -> int | None:
        """The sample whose line is at a pixel."""
        axes = LossAxes(plot, self.end, self.scale)
        return line_near(
            (
                (line.sample, points)
                for line in self.errors
                for points in axes.polylines(line.x, line.y)
            ),
            at,
        )


@dataclass(frozen=True)
class LossPainter:
    """Paints one picture into the rectangle ``plot``, with axes around it."""

    painter: QPainter
    theme: Theme
    picture: LossPicture
    plot: QRectF
    lit: int | None  # the sample whose lines stand out

    def paint(self) -> None:
        painter = self.painter
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.plot, self.theme.plot)
        self.axes.paint(painter, self.theme, (self.picture.x_label, self.picture.y_label))
        painter.save()
        painter.setClipRect(self.plot.adjusted(-1.0, -1.0, 1.0, 1.0))
        self._paint_marks()
        self._paint_errors()
        self._paint_test()
        self._paint_objective()
        painter.restore()
        self._paint_lowest()
        self._paint_names()
        self._paint_diverged()
        self._paint_cursor()

    @cached_property
    def axes(self) -> LossAxes:
        return LossAxes(self.plot, self.picture.end, self.picture.scale)

    # -- parts ---------------------------------------------------------------------------------

    def _paint_marks(self) -> None:
        """Where a later segment of the run begins."""
        self.painter.setPen(QPen(self.theme.border, 1.0, Qt.PenStyle.DotLine))
        for mark in self.picture.marks:
            x = float(self.axes.x(np.array(mark)))
            self.painter.drawLine(QLineF(x, self.plot.top(), x, self.plot.bottom()))

    def _paint_errors(self) -> None:
        for line in sorted(self.picture.errors, key=lambda line: line.sample == self.lit):
            is_lit = line.sample == self.lit
            color = mix(self.theme.plot, line.color, 1.0 if is_lit else 0.55)
            self.painter.setPen(QPen(color, 2.6 if is_lit else 1.0))
            for points in self.axes.polylines(line.x, line.y):
                stroke(self.painter, points)

    def _paint_objective(self) -> None:
        """The range of every column faint, its mean strong; both fainter ahead of the cursor."""
        picture, accent = self.picture, self.theme.accent
        ahead, behind = parts_at(picture.x, picture.cursor[0])
        for chosen, band, line, width in (
            (ahead, 0.14, _GHOST, 1.4),
            (behind, 0.32, 1.0, 2.2),
        ):
            self._paint_band(chosen, mix(self.theme.plot, accent, band))
            pen = QPen(mix(self.theme.plot, accent, line), width)
            pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
            self.painter.setPen(pen)
            for points in self.axes.polylines(picture.x[chosen], picture.mean[chosen]):
                if len(points) == 1:
                    self.painter.drawPoint(QPointF(*points[0]))
                stroke(self.painter, straightened(points))

    def _paint_test(self) -> None:
        """The held-out samples' mean error, dashed; fainter ahead of the cursor."""
        if self.picture.test is None:
            return
        x, y = self.picture.test
        ahead, behind = parts_at(x, self.picture.cursor[0])
        for chosen, strength in ((ahead, _GHOST), (behind, 1.0)):
            pen = QPen(mix(self.theme.plot, self.theme.warning, strength), 2.0)
            pen.setDashPattern([4.0, 2.0])
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
            self.painter.setPen(pen)
            for points in self.axes.polylines(x[chosen], y[chosen]):
                # One polyline, or the dashes begin anew; it has a few hundred points at most.
                self.painter.drawPolyline([QPointF(*point) for point in points.tolist()])

    def _paint_lowest(self) -> None:
        """A ring where the held-out samples' error was least, and which step that was."""
        if self.picture.lowest is None:
            return
        at, value, words = self.picture.lowest
        painter, metrics = self.painter, QFontMetricsF(self.painter.font())
        em, wide = metrics.height(), metrics.horizontalAdvance(words)
        x, y = float(self.axes.x(np.array(at))), float(self.axes.y(np.array(value)))
        if not np.isfinite(y):
            return  # 0 on a logarithmic axis
        painter.setPen(QPen(self.theme.warning, 2.0))
        painter.drawEllipse(QPointF(x, y), 0.3 * em, 0.3 * em)
        rightmost = self.plot.right() - wide - 0.3 * em
        left = max(self.plot.left() + 0.3 * em, min(x - 0.5 * wide, rightmost))
        middle = self._free_height(left, left + wide, y, em)
        text = outline(words, painter.font(), QPointF(left, middle + 0.35 * em))
        painter.strokePath(text, QPen(self.theme.plot, 0.3 * em))
        painter.fillPath(text, mix(self.theme.warning, self.theme.text, _READABLE))

    def _free_height(self, left: float, right: float, y: float, em: float) -> float:
        """The middle of a line of text that no curve crosses, nearest to y; or the freest one."""
        picture, taken = self.picture, [np.array([y])]
        for xs, values in ((picture.x, picture.mean), picture.test or (np.empty(0), np.empty(0))):
            x = self.axes.x(xs)
            taken.append(self.axes.y(values[(left <= x) & (x <= right)]))
        heights = np.linspace(self.plot.top() + 0.7 * em, self.plot.bottom() - 0.6 * em, PLACES)
        room = np.nanmin(np.abs(heights[:, None] - np.concatenate(taken)), axis=1)
        free = heights[room >= min(0.9 * em, room.max())]
        return float(free[np.abs(free - y).argmin()])

    def _paint_band(self, chosen: NDArray[np.bool_], color: QColor) -> None:
        picture = self.picture
        if not (picture.hi > picture.lo)[chosen].any():
            return
        x = self.axes.x(picture.x[chosen])
        low, high = self.axes.y(picture.lo[chosen]), self.axes.y(picture.hi[chosen])
        low = np.where(np.isfinite(low), low, self.plot.bottom())
        seen = low - high >= LEAST_RANGE  # not where it is NaN
        step = self.plot.width() / max(len(picture.x), 1)
        pen = QPen(color, max(1.0, step))
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        self.painter.setPen(pen)
        self.painter.drawPath(separate_lines(np.column_stack([x, low, x, high])[seen]))

    def _paint_names(self) -> None:
        """E and eˢ at the ends of their lines, from the top down and never over one another."""
        em = QFontMetricsF(self.painter.font()).height()
        picture = self.picture
        lines = [(line.y[-1], line.color, line.name) for line in picture.errors if line.name]
        if len(picture.x) > 1:
            lines.append((picture.mean[-1], self.theme.accent, picture.symbol))
        if picture.test is not None and len(picture.test[1]) > 1:
            lines.append((picture.test[1][-1], self.theme.warning, TEST))
        heights = self.axes.y(np.array([value for value, _, _ in lines])).tolist()
        ends = [(y, color, name) for y, (_, color, name) in zip(heights, lines, strict=True)]
        ends = sorted((end for end in ends if np.isfinite(end[0])), key=itemgetter(0))
        room = int((self.plot.height() + em) / (0.95 * em))
        places = spread_out([end[0] for end in ends[:room]], 0.95 * em, self.plot.bottom())
        for y, (_, color, name) in zip(places, ends, strict=False):
            self.painter.setPen(mix(color, self.theme.text, _READABLE))
            box = QRectF(self.plot.right() + 0.65 * em, y - 0.5 * em, 6.0 * em, em)
            self.painter.drawText(box, _LEFT, name)

    def _paint_diverged(self) -> None:
        if self.picture.diverged:
            em = QFontMetricsF(self.painter.font()).height()
            self.painter.setPen(self.theme.danger)
            bottom = self.plot.bottom() - 1.5 * em
            box = QRectF(self.plot.left(), bottom, self.plot.width() - 0.7 * em, em)
            self.painter.drawText(box, _RIGHT, self.picture.diverged)

    def _paint_cursor(self) -> None:
        painter, plot = self.painter, self.plot
        x = float(self.axes.x(np.array(self.picture.cursor[0])))
        painter.setPen(QPen(self.theme.text, 1.0, Qt.PenStyle.DashLine))
        painter.drawLine(QLineF(x, plot.top(), x, plot.bottom()))
        y = float(self.axes.y(np.array(self.picture.cursor[1])))
        if np.isfinite(y):
            radius = 0.33 * QFontMetricsF(painter.font()).height()
            painter.setPen(QPen(self.theme.halo, 1.0))
            painter.setBrush(QColor("white"))
            painter.drawEllipse(QPointF(x, y), radius + 1.5, radius + 1.5)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self.theme.path)
            painter.drawEllipse(QPointF(x, y), radius - 0.5, radius - 0.5)
            painter.setBrush(Qt.BrushStyle.NoBrush)
