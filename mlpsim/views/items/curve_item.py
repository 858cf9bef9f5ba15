"""The painted loss over one weight: a curve in the colours of the loss ramp."""

import numpy as np
from PySide6.QtCore import QLineF
from PySide6.QtGui import QPainter, QPen

from mlpsim.core.surface import Surface
from mlpsim.core.window import Window
from mlpsim.views.items.plot_frame import PlotFrame
from mlpsim.views.items.surface_item import ramp_colour

WIDTH = 3.0


def curve_window(surface: Surface) -> Window:
    """The weight across and J up, with a little air; J from 0 to 1 where none is finite."""
    lo, hi = surface.limits or (0.0, 1.0)
    air = 0.08 * (hi - lo) or max(abs(lo), 1.0) * 0.1
    return Window.within_reach(surface.window.x0, surface.window.x1, lo - air, hi + air)


def paint_curve(painter: QPainter, surface: Surface, frame: PlotFrame) -> None:
    """J over the weight; where it is not finite, nothing."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    values = surface.values[0]
    points = frame.pixels(np.stack([surface.xs, values], axis=-1))
    shades = surface.shade(values)
    for (x0, y0), (x1, y1), shade in zip(
        points[:-1].tolist(), points[1:].tolist(), shades[1:].tolist(), strict=True
    ):
        line = QLineF(x0, y0, x1, y1)
        if np.isfinite([y0, y1]).all():
            painter.setPen(QPen(ramp_colour(0.25 + 0.6 * shade), WIDTH))
            painter.drawLine(line)
