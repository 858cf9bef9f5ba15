"""How far a run is off the plane: a halo around the state on view, and a band along the path.

Their half-widths are the distances themselves, at the scale of the axes.
"""

from math import dist

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from mlpsim.core.arrays import Array
from mlpsim.core.problem import quiet
from mlpsim.views.context import Context
from mlpsim.views.items.plot_frame import PlotFrame
from mlpsim.views.items.strokes import closed_polygons, unit_of
from mlpsim.views.theme import DARK

MOST = 160  # states of the path whose distance is drawn
APART = 2.0  # pixels between them at least
LEAST = 1.5  # pixels from which on a distance is seen
CORNERS, LARGE = 48, 20.0  # of a disc; up to so many pixels half of them look as round
BAND, RIM, HALO = QColor(255, 255, 255, 46), QColor(255, 255, 255, 120), QColor(255, 255, 255, 64)


class OffPlane:
    """Paints the distances of the present path, and of the state on view."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._places = np.zeros((0, 2))
        self._distances = np.zeros(0)

    @quiet()
    def refresh(self) -> None:
        """Project some of the states up to the one on view, which is the last."""
        landscape, session = self._context.landscape, self._context.session
        plane, run = landscape.plane, session.run
        self._places, self._distances = np.zeros((0, 2)), np.zeros(0)
        if plane.is_line or len(plane.origin) <= 2:
            return
        if len(plane.origin) != len(session.theta) or plane.unit == 0.0:
            return
        first = run.segment_at(session.cursor).start
        _, some = run.recorded(first, session.cursor, MOST)
        thetas = np.vstack([some, session.theta])
        places, distances = plane.project(thetas), plane.distance(thetas) / plane.unit
        known = np.isfinite(places).all(axis=-1) & np.isfinite(distances)
        self._places, self._distances = places[known], distances[known]

    def radii(self, frame: PlotFrame) -> Array:
        """The distances in pixels (n,); none is larger than the plot."""
        largest = max(frame.area.width(), frame.area.height())
        result: Array = np.minimum(self._distances / frame.per_pixel()[0], largest)
        return result

    def paint(self, painter: QPainter, frame: PlotFrame) -> None:
        if not len(self._places):
            return
        points, radii = frame.pixels(self._places), self.radii(frame)
        if radii.max() < LEAST:
            return
        painter.setPen(Qt.PenStyle.NoPen)
        painter.fillPath(band(points, radii), BAND)
        if radii[-1] >= LEAST:
            at, radius, unit = QPointF(*points[-1].tolist()), float(radii[-1]), unit_of(frame)
            painter.setPen(QPen(DARK.halo, 3.0 * unit))
            painter.setBrush(HALO)
            painter.drawEllipse(at, radius, radius)
            painter.setPen(QPen(RIM, 1.4 * unit, Qt.PenStyle.DashLine))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(at, radius, radius)


def band(points: Array, radii: Array) -> QPainterPath:
    """The union of the discs around points (n, 2) and of what lies between neighbours."""
    kept = _apart(points, radii)
    points, radii = points[kept], radii[kept]
    corners = CORNERS if radii.max() > LARGE else CORNERS // 2
    angles = np.linspace(0.0, 2.0 * np.pi, corners, endpoint=False)
    circle = np.stack([np.cos(angles), np.sin(angles)], axis=-1)
    discs = points[:, None] + radii[:, None, None] * circle
    steps = np.diff(points, axis=0)
    lengths = np.linalg.norm(steps, axis=1)
    long = np.flatnonzero(lengths > 0.0)
    across = np.stack([-steps[long, 1], steps[long, 0]], axis=-1) / lengths[long, None]
    a, b = points[long], points[long + 1]
    off_a, off_b = radii[long, None] * across, radii[long + 1, None] * across
    # Turned as the discs are, or the union would have holes.
    between = np.stack([a - off_a, b - off_b, b + off_b, a + off_a], axis=1)
    path = QPainterPath()
    path.addPath(closed_polygons(discs))
    path.addPath(closed_polygons(between))
    path.setFillRule(Qt.FillRule.WindingFill)
    return path


def _apart(points: Array, radii: Array) -> list[int]:
    """The points that are seen beside the one before, and the last."""
    kept = [0]
    places = points.tolist()
    for n, (place, radius) in enumerate(zip(places, radii.tolist(), strict=True)):
        if dist(place, places[kept[-1]]) >= max(APART, 0.5 * radius):
            kept.append(n)
    if kept[-1] != len(places) - 1:
        kept.append(len(places) - 1)
    return kept
