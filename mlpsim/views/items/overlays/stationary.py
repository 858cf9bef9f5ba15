"""Stationary points over the loss map: a mark and number each, the chosen one's eigenvectors."""

from math import hypot

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPen

from mlpsim.core.arrays import Array
from mlpsim.core.proofs.stationary import StationarySet
from mlpsim.core.proofs.stationary_point import StationaryPoint
from mlpsim.session.stationary import StationaryPoints
from mlpsim.views.context import Context
from mlpsim.views.items.marks import WHITE, paint_arrow
from mlpsim.views.items.overlays.box_paint import BoxPicture, pixel, write
from mlpsim.views.items.overlays.switched import Switched
from mlpsim.views.items.plot_frame import PlotFrame
from mlpsim.views.items.stationary_marks import paint_mark
from mlpsim.views.items.strokes import unit_of
from mlpsim.views.labels.numbers import sub
from mlpsim.views.theme import DARK

GRAB = 10.0  # pixels around a mark that are grabbed with it
CHOSEN = 12.0  # radius of the ring around the chosen mark
LONGEST, SHORTEST = 58.0, 24.0  # half of an eigenvector's line, by its eigenvalue's size
OFF = 1e-3  # of the window, from which on a point lies off the plane


class StationaryMarks(Switched):
    """Paints the stationary points of the problem on view, and takes clicks on them."""

    def __init__(self, context: Context, points: StationaryPoints) -> None:
        super().__init__(context, on=False)
        self._points = points
        self._boxes = BoxPicture()
        points.changed.connect(context.overlays.update)
        points.chosen.connect(context.overlays.update)

    # -- painting ------------------------------------------------------------------------------

    def paint(self, painter: QPainter, frame: PlotFrame) -> None:
        answer = self._shown
        if answer is None:
            return
        theme = self._context.appearance.theme
        plane = self._context.landscape.plane
        if len(answer.cover.lo) and plane.kind == "two_weights":
            self._boxes.paint(painter, frame, plane, answer.cover, theme)
        chosen = self._points.chosen_point
        if chosen is not None:
            self._paint_eigenvectors(painter, frame, chosen)
        for i, (point, at) in enumerate(self._places(frame)):
            painter.setOpacity(0.45 if self._is_off(frame, point) else 1.0)
            paint_mark(painter, at, point, WHITE, theme.halo, unit_of(frame))
            write(painter, frame, at, str(i + 1), theme, below=True)  # x* may be named above
            painter.setOpacity(1.0)

    def _paint_eigenvectors(
        self, painter: QPainter, frame: PlotFrame, point: StationaryPoint
    ) -> None:
        """Along each the objective curves: orange where upwards, blue where downwards."""
        plane, theme = self._context.landscape.plane, self._context.appearance.theme
        unit = unit_of(frame)
        at = pixel(frame, plane.project(point.theta))
        for colour, width in ((theme.halo, 5.0), (WHITE, 2.0)):
            painter.setPen(QPen(colour, width * unit))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(at, CHOSEN * unit, CHOSEN * unit)
        if point.eigenvalues is None or point.eigenvectors is None:
            return
        sizes = np.sqrt(np.abs(point.eigenvalues) / np.abs(point.eigenvalues).max())
        for i, vector in enumerate(point.eigenvectors.T):
            step = self._direction(frame, vector)
            if step is None:
                continue
            shown = (SHORTEST + (LONGEST - SHORTEST) * np.nan_to_num(sizes[i])) * plane.share(
                vector
            )
            first, last = step * (CHOSEN * unit), step * ((CHOSEN + shown) * unit)
            ink = DARK.positive if point.eigenvalues[i] > 0.0 else DARK.negative
            for side in (1.0, -1.0):
                paint_arrow(painter, at + first * side, at + last * side, theme, ink, 2.4 * unit)
            write(painter, frame, at + last, f"λ{sub(i + 1)}", theme)

    def _direction(self, frame: PlotFrame, vector: Array) -> QPointF | None:
        """A direction (P,) as one of length 1 in pixels; None across the plane."""
        across, up = frame.per_pixel()
        x, y = self._context.landscape.plane.components(vector).tolist()
        step = QPointF(x / across, -y / up)
        length = hypot(step.x(), step.y())
        return step / length if length > 0.0 else None

    # -- the pointer ---------------------------------------------------------------------------

    def hover(self, frame: PlotFrame, at: QPointF | None) -> bool:
        return at is not None and self._at(frame, at) is not None

    def press(self, frame: PlotFrame, at: QPointF) -> bool:
        place = self._at(frame, at)
        if place is None:
            return False
        self._points.choose(place)
        return True

    def drag(self, frame: PlotFrame, at: QPointF) -> None:
        """A point stays where it is."""

    def release(self) -> None:
        """Nothing was moved."""

    # -- pieces --------------------------------------------------------------------------------

    @property
    def _shown(self) -> StationarySet | None:
        return self._points.answer if self.is_on else None

    def _places(self, frame: PlotFrame) -> list[tuple[StationaryPoint, QPointF]]:
        """The points with their pixels, in the order of the list."""
        answer, plane = self._shown, self._context.landscape.plane
        points = () if answer is None else answer.points
        return [(point, pixel(frame, plane.project(point.theta))) for point in points]

    def _at(self, frame: PlotFrame, at: QPointF) -> int | None:
        """The point whose mark is nearest to a pixel, if one is near."""
        offsets = [spot - at for _, spot in self._places(frame)]
        away = [hypot(offset.x(), offset.y()) for offset in offsets]
        nearest = min(range(len(away)), key=away.__getitem__, default=None)
        if nearest is None or away[nearest] > GRAB * unit_of(frame):
            return None
        return nearest

    def _is_off(self, frame: PlotFrame, point: StationaryPoint) -> bool:
        distance = float(self._context.landscape.plane.distance(point.theta))
        return distance > OFF * frame.window.width
