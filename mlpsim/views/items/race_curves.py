"""The loss curves of a race: E of every lane on common axes, with the one cursor."""

from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from mlpsim.core.arrays import Array, Flags
from mlpsim.views.items.curve_lines import LEAST_RANGE, line_near, parts_at, spread_out
from mlpsim.views.items.lanes import paint_badge
from mlpsim.views.items.loss_axes import LossAxes
from mlpsim.views.items.scale import Scale
from mlpsim.views.items.strokes import separate_lines, straightened, stroke
from mlpsim.views.theme import Theme, mix

GHOST, BAND = 0.4, 0.16  # how strong a line is ahead of the cursor, and the range of a column
LONGEST = 9.0  # of a name beside the plot, in heights of a line
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True, eq=False)
class LaneLine:
    """E of a lane: coordinates and values of its columns (n,), and its state on view."""

    lane: int
    name: str
    colour: QColor
    x: Array
    lo: Array
    hi: Array
    mean: Array
    cursor: tuple[float, float]
    diverged: bool


@dataclass(frozen=True, eq=False)
class RacePicture:
    """Lines over a horizontal axis from 0 to ``end``; ``cursor`` is where the cursor stands.

    ``level`` is the value that the lanes are to reach. Where it is ``narrow``, lanes have their
    numbers beside the plot and no names.
    """

    lines: tuple[LaneLine, ...]
    end: float
    scale: Scale
    cursor: float
    level: float
    x_label: str
    y_label: str
    narrow: bool

    def room(self, metrics: QFontMetricsF) -> float:
        """What badges and names beside the plot need, in pixels."""
        em = metrics.height()
        if self.narrow:
            return 2.3 * em
        longest = max(metrics.horizontalAdvance(line.name) for line in self.lines)
        return 3.0 * em + min(longest, LONGEST * em)

    def paint(self, painter: QPainter, theme: Theme, plot: QRectF, lit: int | None) -> None:
        """Paint into the rectangle ``plot``, with axes around it; ``lit`` is a lane."""
        _Painter(painter, theme, self, plot, lit).paint()

    def line_at(self, plot: QRectF, at: QPointF) -> int | None:
        """The lane whose line is at a pixel."""
        axes = LossAxes(plot, self.end, self.scale)
        return line_near(
            (
                (line.lane, points)
                for line in self.lines
                for points in axes.polylines(line.x, line.mean)
            ),
            at,
        )


@dataclass(frozen=True, eq=False)
class _Painter:
    painter: QPainter
    theme: Theme
    picture: RacePicture
    plot: QRectF
    lit: int | None

    def paint(self) -> None:
        painter, plot = self.painter, self.plot
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(plot, self.theme.plot)
        self.axes.paint(painter, self.theme, (self.picture.x_label, self.picture.y_label))
        painter.save()
        painter.setClipRect(plot.adjusted(-1.0, -1.0, 1.0, 1.0))
        self._paint_level()
        lines = sorted(self.picture.lines, key=lambda line: (line.lane == self.lit, -line.lane))
        for line in lines:
            self._paint_line(line)
        x = float(self.axes.x(np.array(self.picture.cursor)))
        painter.setPen(QPen(self.theme.text, 1.0, Qt.PenStyle.DashLine))
        painter.drawLine(QLineF(x, plot.top(), x, plot.bottom()))
        painter.restore()
        for line in lines:  # whole at the edge too, where a race begins
            self._paint_state(line)
        self._paint_names()

    @cached_property
    def axes(self) -> LossAxes:
        return LossAxes(self.plot, self.picture.end, self.picture.scale)

    # -- parts ---------------------------------------------------------------------------------

    def _paint_level(self) -> None:
        y = float(self.axes.y(np.array(self.picture.level)))
        if np.isfinite(y):
            self.painter.setPen(QPen(self.theme.secondary, 1.0, Qt.PenStyle.DotLine))
            self.painter.drawLine(QLineF(self.plot.left(), y, self.plot.right(), y))

    def _paint_line(self, line: LaneLine) -> None:
        """Strong up to the state on view, a ghost after it; the range of a column is faint."""
        ahead, behind = parts_at(line.x, line.cursor[0])
        wide = 1.0 if line.lane == self.lit else 0.0
        for chosen, strength, width in ((ahead, GHOST, 1.3), (behind, 1.0, 2.0)):
            self._paint_range(line, chosen, BAND * strength)
            pen = QPen(mix(self.theme.plot, line.colour, strength), width + wide)
            pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
            self.painter.setPen(pen)
            for points in self.axes.polylines(line.x[chosen], line.mean[chosen]):
                stroke(self.painter, straightened(points))

    def _paint_range(self, line: LaneLine, chosen: Flags, strength: float) -> None:
        wide = chosen & (line.hi > line.lo)
        if not wide.any():
            return
        x, high = self.axes.x(line.x[wide]), self.axes.y(line.hi[wide])
        low = np.nan_to_num(self.axes.y(line.lo[wide]), nan=self.plot.bottom())
        colour = QColor(line.colour)
        colour.setAlphaF(strength)
        self.painter.setPen(QPen(colour, 1.0))
        seen = low - high >= LEAST_RANGE
        self.painter.drawPath(separate_lines(np.column_stack([x, low, x, high])[seen]))

    def _paint_state(self, line: LaneLine) -> None:
        x = float(self.axes.x(np.array(line.cursor[0])))
        y = float(self.axes.y(np.array(line.cursor[1])))
        if self.plot.top() <= y <= self.plot.bottom():
            radius = 0.3 * QFontMetricsF(self.painter.font()).height()
            self.painter.setPen(QPen(self.theme.plot, 1.2))
            self.painter.setBrush(line.colour)
            self.painter.drawEllipse(QPointF(x, y), radius, radius)

    def _paint_names(self) -> None:
        """Badge and name of every lane at the height where its line ends, none over another."""
        painter, plot = self.painter, self.plot
        font = painter.font()
        metrics = QFontMetricsF(font)
        em = metrics.height()
        ends = [(self._end(line), line) for line in self.picture.lines]
        ends = sorted(ends, key=itemgetter(0))
        gap = min(1.4 * em, plot.height() / max(len(ends) - 1, 1))
        for y, (_, line) in zip(
            spread_out([end[0] for end in ends], gap, plot.bottom()), ends, strict=True
        ):
            paint_badge(
                painter,
                QPointF(plot.right() + 1.15 * em, y),
                line.lane,
                line.colour,
                self.theme.card,
                font,
            )
            painter.setFont(font)
            if self.picture.narrow:
                continue
            painter.setPen(self.theme.text)
            room = LONGEST * em
            name = metrics.elidedText(line.name, Qt.TextElideMode.ElideRight, room)
            painter.drawText(
                QRectF(plot.right() + 2.3 * em, y - em, room + em, 2.0 * em), _LEFT, name
            )

    def _end(self, line: LaneLine) -> float:
        """The height of a line's end; a lane that diverged went up."""
        known = line.mean[np.isfinite(line.mean)]
        if line.diverged or not len(known):
            return self.plot.top()
        y = float(self.axes.y(known[-1:])[0])
        return y if np.isfinite(y) else self.plot.bottom()
