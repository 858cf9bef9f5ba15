"""A family of loss curves: one for every run of a sweep, coloured by an axis."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QFontMetricsF,
    QMouseEvent,
    QPaintEngine,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QWidget

from mlpsim.core.arrays import Array
from mlpsim.views.items.axes import room_beside
from mlpsim.views.items.curve_lines import line_near
from mlpsim.views.items.family import Curve, Family, group_colour
from mlpsim.views.items.loss_axes import LossAxes, values_up
from mlpsim.views.items.strokes import stroke
from mlpsim.views.theme import Theme, mix

FAINT = 0.4  # how strong the curves are behind one that is brought out
WIDTH = 1.5
ROW, LEGEND_GAP = 1.3, 0.9  # of the legend, and between its entries, in heights of a line
MOST_ROWS, ROOMY = 3, 9.0  # of the legend, over a plot that is as high as so many lines; else one
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class CurveFamily(QWidget):
    """``pointed`` carries the number of the cell whose curve is under the pointer, or None."""

    pointed = Signal(object)
    opened = Signal(int)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setAccessibleName("Loss curves of the sweep")
        self.setMouseTracking(True)
        self._theme = theme
        self._family: Family | None = None
        self._layer: QPixmap | None = None
        self._pixels: dict[int, Array] = {}  # by cell, as they are asked for
        self.lit: frozenset[int] = frozenset()
        self._pointed: int | None = None

    def show_family(self, family: Family | None, theme: Theme) -> None:
        """Show other curves, or none."""
        self._family, self._theme = family, theme
        self._forget()
        count = 0 if family is None else len(family.curves)
        self.setAccessibleDescription(f"{count} curves" if family is not None else "")
        self.update()

    def show_lit(self, numbers: frozenset[int]) -> None:
        """Bring out the curves of these cells."""
        if numbers != self.lit:
            self.lit = numbers
            self.update()

    @property
    def family(self) -> Family | None:
        """What is on view."""
        return self._family

    # -- places --------------------------------------------------------------------------------

    def _axes(self, family: Family) -> LossAxes:
        return self._layout(family)[0]

    def _layout(self, family: Family) -> tuple[LossAxes, list[tuple[float, int]]]:
        """The axes, and where the entries of the legend over them stand."""
        metrics = QFontMetricsF(self.font())
        em = metrics.height()
        left = 1.3 * em + metrics.horizontalAdvance("0.0005") + 6.0
        area = QRectF(self.rect()).adjusted(0.0, 1.9 * em, -0.8 * em, -2.6 * em)
        beside = room_beside(values_up(family.scale, area.height(), em), self.font())
        plot = area.adjusted(max(left, beside), 0.0, 0.0, 0.0)
        places = self._legend_places(family, plot)
        plot.setTop(plot.top() + max((row for _, row in places), default=0) * ROW * em)
        return LossAxes(plot, family.end, family.scale), places

    def pixels(self, curve: Curve) -> Array:
        """A curve's points in pixels (n, 2), those that can be shown."""
        if curve.number not in self._pixels:
            assert self._family is not None
            axes = self._axes(self._family)
            points = np.column_stack([axes.x(curve.x), axes.y(curve.y)])
            self._pixels[curve.number] = points[np.isfinite(points).all(axis=1)]
        return self._pixels[curve.number]

    def _forget(self) -> None:
        """What was drawn is of another family, or of another size."""
        self._layer, self._pixels = None, {}

    def number_at(self, at: QPointF) -> int | None:
        """The cell whose curve is nearest to a pixel, within reach."""
        drawn = () if self._family is None else self._family.drawn
        lines = ((curve.number, self.pixels(curve)) for curve in drawn)
        return line_near((line for line in lines if len(line[1])), at)

    # -- painting ------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._family is None:
            return
        with QPainter(self) as painter:
            self._paint(painter, self._family)

    def _paint(self, painter: QPainter, family: Family) -> None:
        axes, places = self._layout(family)
        area = axes.plot
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(area, self._theme.plot)
        axes.paint(painter, self._theme, (family.x_label, family.y_label))
        painter.save()
        painter.setClipRect(area.adjusted(-1.0, -1.0, 1.0, 1.0))
        self._paint_curves(painter, family)
        painter.restore()
        self._paint_legend(painter, family, places)

    def _paint_curves(self, painter: QPainter, family: Family) -> None:
        """All curves, from a layer where there are pixels; then those that are brought out."""
        if painter.paintEngine().type() == QPaintEngine.Type.Raster:
            if self._layer is None:
                self._layer = self._make_layer(family)
            painter.setOpacity(FAINT if self.lit else 1.0)
            painter.drawPixmap(0, 0, self._layer)
        else:
            painter.setOpacity(FAINT if self.lit else 1.0)
            self._stroke(painter, family, family.drawn, WIDTH)
        painter.setOpacity(1.0)
        lit = [curve for curve in family.curves if curve.number in self.lit]
        self._stroke(painter, family, lit, 2.0 * WIDTH)

    def _make_layer(self, family: Family) -> QPixmap:
        ratio = self.devicePixelRatioF()
        layer = QPixmap(self.size() * ratio)
        layer.setDevicePixelRatio(ratio)
        layer.fill(Qt.GlobalColor.transparent)
        with QPainter(layer) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._stroke(painter, family, family.drawn, WIDTH)
        return layer

    def _stroke(
        self, painter: QPainter, family: Family, curves: Sequence[Curve], width: float
    ) -> None:
        for curve in curves:
            colour = group_colour(self._theme, curve.group, len(family.groups))
            points = self.pixels(curve)
            painter.setPen(QPen(colour, width))
            stroke(painter, points)
            if curve.diverged and len(points):
                self._paint_end(painter, QPointF(*points[-1]))

    def _paint_end(self, painter: QPainter, at: QPointF) -> None:
        """A cross where a run diverged."""
        reach = 0.28 * QFontMetricsF(self.font()).height()
        painter.setPen(QPen(self._theme.danger, 2.0))
        for rise in (reach, -reach):
            painter.drawLine(at - QPointF(reach, rise), at + QPointF(reach, rise))

    def _legend_places(self, family: Family, area: QRectF) -> list[tuple[float, int]]:
        """Where the axis and its values stand over a plot: x, and the row; some have no room."""
        metrics = QFontMetricsF(self.font())
        em = metrics.height()
        rows = MOST_ROWS if area.height() >= ROOMY * em else 1
        places: list[tuple[float, int]] = []
        x, row = area.left(), 0
        for n, name in enumerate((family.group_axis, *family.groups)):
            width = metrics.horizontalAdvance(name) + (em if n else 0.0)
            if x + width > area.right() and x > area.left():
                x, row = area.left(), row + 1
            if row == rows or x + width > area.right():
                break
            places.append((x, row))
            x += width + LEGEND_GAP * em
        return places

    def _paint_legend(
        self, painter: QPainter, family: Family, places: list[tuple[float, int]]
    ) -> None:
        """The axis and its values in their colours; those without room are left out."""
        metrics = QFontMetricsF(self.font())
        em = metrics.height()
        names = [(family.group_axis, self._theme.secondary)]
        names += [
            (name, group_colour(self._theme, n, len(family.groups)))
            for n, name in enumerate(family.groups)
        ]
        for n, ((x, row), (name, colour)) in enumerate(zip(places, names, strict=False)):
            top = row * ROW * em
            if n:
                painter.fillRect(QRectF(x, top + 0.65 * em, 0.8 * em, 0.25 * em), colour)
                x += em
            painter.setPen(mix(colour, self._theme.text, 0.15) if n else colour)
            width = metrics.horizontalAdvance(name)
            painter.drawText(QRectF(x, top + 0.1 * em, width + 2.0, ROW * em), _LEFT, name)
            if n == len(places) - 1 < len(names) - 1:
                painter.setPen(self._theme.secondary)
                more = QRectF(x + width + 0.4 * em, top + 0.1 * em, 2.0 * em, ROW * em)
                painter.drawText(more, _LEFT, "…")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._forget()

    # -- pointing ------------------------------------------------------------------------------

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._point(self.number_at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        self._point(None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        number = self.number_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and number is not None:
            self.opened.emit(number)

    def _point(self, number: int | None) -> None:
        self.setCursor(
            Qt.CursorShape.ArrowCursor if number is None else Qt.CursorShape.PointingHandCursor
        )
        if number != self._pointed:
            self._pointed = number
            self.pointed.emit(number)
