"""A plot's frame: from numbers to pixels and back, and its axes."""

from dataclasses import dataclass
from math import ceil, log10

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFont, QFontMetricsF, QPainter

from mlpsim.core.arrays import Array
from mlpsim.core.problem import quiet
from mlpsim.core.ticks import ticks_inside
from mlpsim.core.window import Window
from mlpsim.views.items.axes import paint_axes, room_beside
from mlpsim.views.theme import Theme


@dataclass(frozen=True)
class PlotFrame:
    """A window of numbers over a rectangle of pixels, with labels under and beside it."""

    window: Window
    area: QRectF
    x_label: str
    y_label: str
    font: QFont

    @quiet()
    def pixels(self, points: Array) -> Array:
        """Numbers (..., 2) to pixels."""
        window, area = self.window, self.area
        pixels = np.empty(points.shape)  # stacking two arrays takes as long as all else here
        x, y = area.width() / window.width, area.height() / window.height
        pixels[..., 0] = area.left() + (points[..., 0] - window.x0) * x
        pixels[..., 1] = area.bottom() - (points[..., 1] - window.y0) * y
        return pixels

    def numbers(self, at: QPointF) -> tuple[float, float]:
        """A place in pixels to numbers."""
        window, area = self.window, self.area
        x = window.x0 + (at.x() - area.left()) * (window.width / area.width())
        y = window.y0 + (area.bottom() - at.y()) * (window.height / area.height())
        return x, y

    def within(self, at: QPointF) -> tuple[float, float]:
        """The same for the nearest place inside the frame."""
        area = self.area
        x = min(max(at.x(), area.left()), area.right())
        return self.numbers(QPointF(x, min(max(at.y(), area.top()), area.bottom())))

    def per_pixel(self) -> tuple[float, float]:
        """How much a pixel is, across and up."""
        return self.window.width / self.area.width(), self.window.height / self.area.height()

    def rounded(self, x: float, y: float) -> tuple[float, float]:
        """A place with no more digits than tell one pixel from the next."""
        dx, dy = self.per_pixel()
        return rounded_to(x, dx), rounded_to(y, dy)

    def x_ticks(self) -> list[float]:
        metrics = QFontMetricsF(self.font)
        most = max(2, int(self.area.width() / (6.4 * metrics.averageCharWidth())))
        return ticks_inside(self.window.x0, self.window.x1, min(most, 9))

    def y_ticks(self) -> list[float]:
        return values_beside(self.window, self.area.height(), QFontMetricsF(self.font).height())

    def paint(self, painter: QPainter, theme: Theme) -> None:
        """The border, the ticks outward with their numbers, and the axes' labels."""
        x0, y0, xs, ys = self.window.x0, self.window.y0, self.x_ticks(), self.y_ticks()
        across = self.pixels(np.array([(x, y0) for x in xs]).reshape(-1, 2))[:, 0].tolist()
        up = self.pixels(np.array([(x0, y) for y in ys]).reshape(-1, 2))[:, 1].tolist()
        ticks = list(zip(across, xs, strict=True)), list(zip(up, ys, strict=True))
        painter.setFont(self.font)
        paint_axes(painter, self.area, theme, ticks, (self.x_label, self.y_label))


def rounded_to(value: float, pixel: float) -> float:
    """A value with no more decimals than a step of ``pixel`` tells; never −0."""
    return float(round(value, ceil(-log10(pixel)))) + 0.0


def plot_area(width: float, height: float, window: Window, font: QFont) -> QRectF:
    """The rectangle that is left for the plot beside its ticks and labels."""
    line = QFontMetricsF(font).height()
    left = room_beside(values_beside(window, height, line), font)
    bottom, edge = round(2.4 * line), round(0.15 * line) + 1
    size = max(width - left - edge, 20.0), max(height - bottom - edge, 20.0)
    return QRectF(left, edge, *size)


def values_beside(window: Window, height: float, line: float) -> list[float]:
    """The ticks beside a plot of so many pixels, with room for a line's height at each."""
    return ticks_inside(window.y0, window.y1, min(max(2, int(height / (2.1 * line))), 9))
