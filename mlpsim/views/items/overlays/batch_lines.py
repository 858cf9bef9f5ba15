"""The batch's own contours, dashed over those of E: a step on the batch is normal to them."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from mlpsim.core.arrays import Array
from mlpsim.core.surface import Isoline, Surface, Window
from mlpsim.session.batch_surface import BatchSurface
from mlpsim.views.context import Context
from mlpsim.views.items.plot_frame import PlotFrame
from mlpsim.views.items.strokes import unit_of
from mlpsim.views.items.surface_item import isoline_pixels

ON, OFF = 7.0, 5.0  # pixels of a dash and of the gap after it
LINES = QColor("#ffd27a")
HALO = QColor(11, 16, 32, 150)


class BatchLines:
    """Paints the isolines of the batch of the step that leaves the state on view, if switched on.

    The one through the state is stronger: the step leaves at a right angle to it.
    """

    def __init__(self, context: Context) -> None:
        self._context = context
        self.source = BatchSurface(context.session, context.landscape, context.session)
        self.source.changed.connect(context.overlays.update)
        self._is_on = False
        self._dashes: list[QLineF] = []
        self._dashes_of: tuple[Surface, Window, QRectF] | None = None

    @property
    def is_on(self) -> bool:
        return self._is_on

    def set_on(self, on: bool) -> None:
        """Show the lines, or no longer."""
        self._is_on = on
        self.refresh()
        self._context.overlays.update()

    def refresh(self) -> None:
        if self._is_on:
            self.source.ask()

    def paint(self, painter: QPainter, frame: PlotFrame) -> None:
        is_shown = self._is_on and not self._context.overlays.hides_step
        surface = self.source.surface if is_shown else None
        if surface is None or surface.plane is not self._context.landscape.plane:
            return
        unit, key = unit_of(frame), (surface, frame.window, frame.area)
        if self._dashes_of is None or self._dashes_of[0] is not surface or self._dashes_of != key:
            bold = [isoline for isoline in surface.isolines if isoline.bold]
            self._dashes = _dashes(bold, frame, unit)
            self._dashes_of = key
        _paint(painter, self._dashes, 1.2 * unit)
        through = self.source.through_state()
        if through is not None:
            _paint(painter, _dashes([through], frame, unit), 2.2 * unit)


def _paint(painter: QPainter, dashes: list[QLineF], width: float) -> None:
    for colour, extra in ((HALO, 1.6), (LINES, 0.0)):
        pen = QPen(colour, width + extra)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        painter.setPen(pen)
        painter.drawLines(dashes)


def _dashes(isolines: Sequence[Isoline], frame: PlotFrame, unit: float) -> list[QLineF]:
    """The dashes of isolines in pixels: each is short enough to be straight."""
    pieces = [piece for parts in isoline_pixels(isolines, frame) for piece in parts]
    ends = [_dash_ends(piece, ON * unit, OFF * unit) for piece in pieces if len(piece) > 1]
    return [QLineF(*end) for part in ends for end in part.tolist()]


def _dash_ends(points: Array, on: float, off: float) -> Array:
    """Where the dashes along a polyline (n, 2) begin and end: (m, 4)."""
    arc = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
    starts = np.arange(0.0, arc[-1], on + off)
    places = np.concatenate([starts, np.minimum(starts + on, arc[-1])])
    xy = np.column_stack([np.interp(places, arc, points[:, c]) for c in range(2)])
    ends: Array = np.column_stack([xy[: len(starts)], xy[len(starts) :]])
    return ends
