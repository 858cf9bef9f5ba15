"""The axes of loss curves: steps or gradients across from 0, values on a scale up."""

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QFontMetricsF, QPainter

from mlpsim.core.arrays import Array
from mlpsim.core.problem import quiet
from mlpsim.core.ticks import ticks_inside
from mlpsim.views.items.axes import paint_axes
from mlpsim.views.items.scale import Scale
from mlpsim.views.theme import Theme

FAR = 1e3  # heights of the plot that a value far out of it is drawn beyond it


@dataclass(frozen=True, eq=False)
class LossAxes:
    """Where coordinates from 0 to ``end`` and values of a scale lie in the rectangle ``plot``."""

    plot: QRectF
    end: float
    scale: Scale

    def x(self, x: Array) -> Array:
        """Pixels across."""
        pixels: Array = self.plot.left() + x / self.end * self.plot.width()
        return pixels

    @quiet()
    def y(self, values: Array) -> Array:
        """Pixels down; NaN where a value has no place."""
        share = np.clip(self.scale.share(values), -FAR, FAR)
        pixels: Array = self.plot.bottom() - share * self.plot.height()
        return pixels

    def polylines(self, x: Array, y: Array) -> list[Array]:
        """Points (n, 2) in pixels, cut where a value cannot be shown."""
        points = np.column_stack([self.x(x), self.y(y)])
        shown = np.isfinite(points).all(axis=1)
        if shown.all():
            return [points] if len(points) else []
        cuts = np.flatnonzero(np.diff(shown.astype(np.int8))) + 1
        return [part for part in np.split(points, cuts) if len(part) and np.isfinite(part).all()]

    def paint(self, painter: QPainter, theme: Theme, names: tuple[str, str]) -> None:
        """Ticks at whole steps and at the scale's values."""
        em = QFontMetricsF(painter.font()).height()
        steps = ticks_inside(0.0, self.end, max(2, int(self.plot.width() / (5.0 * em))))
        values = values_up(self.scale, self.plot.height(), em)
        whole = [round(k) for k in steps if k == round(k)]
        xs = list(zip(self.x(np.array(whole)).tolist(), whole, strict=True))
        ys = list(zip(self.y(np.array(values)).tolist(), values, strict=True))
        paint_axes(painter, self.plot, theme, (xs, ys), names)


def values_up(scale: Scale, height: float, line: float) -> list[float]:
    """The scale's values at the ticks beside a plot of so many pixels."""
    return scale.ticks(max(2, int(height / (2.4 * line))))
