"""Isolines over others, dashed."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QLineF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from mlpsim.core.arrays import Array
from mlpsim.core.surface import Isoline
from mlpsim.views.items.plot_frame import PlotFrame
from mlpsim.views.items.strokes import unit_of
from mlpsim.views.items.surface_item import isoline_pixels

ON, OFF = 7.0, 5.0  # pixels of a dash and of the gap after it
HALO = QColor(11, 16, 32, 150)


def dashes_of(isolines: Sequence[Isoline], frame: PlotFrame) -> list[QLineF]:
    """The dashes of isolines in pixels: each is short enough to be straight."""
    unit = unit_of(frame)
    pieces = [piece for parts in isoline_pixels(isolines, frame) for piece in parts]
    ends = [_dash_ends(piece, ON * unit, OFF * unit) for piece in pieces if len(piece) > 1]
    return [QLineF(*end) for part in ends for end in part.tolist()]


def paint_dashes(painter: QPainter, dashes: list[QLineF], colour: QColor, width: float) -> None:
    for brush, extra in ((HALO, 1.6), (colour, 0.0)):
        pen = QPen(brush, width + extra)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        painter.setPen(pen)
        painter.drawLines(dashes)


def _dash_ends(points: Array, on: float, off: float) -> Array:
    """Where the dashes along a polyline (n, 2) begin and end: (m, 4)."""
    arc = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
    starts = np.arange(0.0, arc[-1], on + off)
    places = np.concatenate([starts, np.minimum(starts + on, arc[-1])])
    xy = np.column_stack([np.interp(places, arc, points[:, c]) for c in range(2)])
    ends: Array = np.column_stack([xy[: len(starts)], xy[len(starts) :]])
    return ends
