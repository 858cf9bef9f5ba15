"""The relief's frame: from the box to pixels, and the box's floor, axes and ticks."""

from dataclasses import dataclass
from functools import cached_property
from itertools import product

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPen

from mlpsim.core.arrays import Array
from mlpsim.core.looks.camera import TARGET, Camera
from mlpsim.core.looks.relief import HEIGHT, Relief
from mlpsim.core.surface import Surface
from mlpsim.core.ticks import ticks_inside
from mlpsim.views.labels import apart
from mlpsim.views.theme import Theme

ACROSS, UP = 3.2, 2.45  # how much of the box's units a plot holds at zoom 1
TICK, NUMBER, NAME = 0.05, 0.17, 0.36  # of the box's half width, outwards from the floor
APART = 1.15  # heights of a line between two numbers at the upright axis
_CENTRE = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextDontClip
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextDontClip


@dataclass(frozen=True)
class ReliefFrame:
    """A camera's picture of a box over a rectangle of pixels, with the names of the axes."""

    area: QRectF
    camera: Camera
    names: tuple[str, str, str]
    font: QFont

    @cached_property
    def scale(self) -> float:
        """Pixels of one unit of the box at the target, at zoom 1."""
        return min(self.area.width() / ACROSS, self.area.height() / UP)

    @cached_property
    def _origin(self) -> Array:
        """The pixel (2,) of the picture's origin: what the box fills is in the middle."""
        corners = np.array(list(product((-1.0, 1.0), (-1.0, 1.0), (0.0, HEIGHT))))
        picture = self.camera.project(corners)
        x, y = (0.5 * (picture.min(axis=0) + picture.max(axis=0))).tolist()
        centre = self.area.center() + QPointF(QFontMetricsF(self.font).height(), 0.0)
        return np.array([centre.x() - self.scale * x, centre.y() + self.scale * y])

    def pixels(self, points: Array) -> Array:
        """Places in the box (..., 3) to pixels (..., 2)."""
        down = np.array([self.scale, -self.scale])
        result: Array = self._origin + self.camera.project(points) * down
        return result

    def picture(self, at: QPointF) -> Array:
        """A pixel to the place (2,) of the camera's picture that is there."""
        down = np.array([self.scale, -self.scale])
        place: Array = (np.array([at.x(), at.y()]) - self._origin) / down
        return place

    def paint_box(self, painter: QPainter, theme: Theme, relief: Relief, surface: Surface) -> None:
        """The floor with its lines, and the three axes: all that the sheet may hide."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self.font)
        half = np.array(relief.half)
        window = relief.window
        ends = ((window.x0, window.x1), (window.y0, window.y1))
        ticks = [ticks_inside(*limits, 5) for limits in ends]
        places = [
            (half[axis] * (2.0 * (np.array(ticks[axis]) - lo) / (hi - lo) - 1.0)).tolist()
            for axis, (lo, hi) in enumerate(ends)
        ]
        painter.setPen(QPen(theme.border, 1.0))
        for axis in (0, 1):
            for at in (-half[axis], *places[axis], half[axis]):
                line = np.zeros((2, 3))
                line[:, axis] = at
                line[:, 1 - axis] = -half[1 - axis], half[1 - axis]
                painter.drawLine(self._line(line))
        taken: list[QRectF] = []  # by texts: what comes later and has no room is left out
        for axis in (0, 1):
            self._paint_edge(painter, theme, half, axis, places[axis], ticks[axis], taken)
        self._paint_upright(painter, theme, relief, surface, taken)

    def _paint_edge(
        self,
        painter: QPainter,
        theme: Theme,
        half: Array,
        axis: int,
        places: list[float],
        ticks: list[float],
        taken: list[QRectF],
    ) -> None:
        """The floor's edge along an axis that is nearer to the eye, with its numbers and name."""
        other = 1 - axis
        side = 1.0 if self.camera.eye[other] >= TARGET[other] else -1.0
        reach = QFontMetricsF(self.font).height() / self.scale / self.camera.zoom

        def at(place: float, outwards: float) -> Array:
            point = np.zeros(3)
            point[axis], point[other] = place, side * (half[other] + outwards)
            return point

        painter.setPen(QPen(theme.secondary, 1.0))
        painter.drawLine(self._line(np.stack([at(-half[axis], 0.0), at(half[axis], 0.0)])))
        away = max(NUMBER, 1.2 * reach + TICK)
        painter.setPen(theme.text)
        self._write(painter, at(0.0, max(NAME, away + 1.5 * reach)), self.names[axis], taken)
        painter.setPen(QPen(theme.secondary, 1.0))
        for place, text in zip(places, apart(ticks), strict=True):
            painter.drawLine(self._line(np.stack([at(place, 0.0), at(place, TICK)])))
            self._write(painter, at(place, away), text, taken)

    def _paint_upright(
        self,
        painter: QPainter,
        theme: Theme,
        relief: Relief,
        surface: Surface,
        taken: list[QRectF],
    ) -> None:
        """The upright axis at the corner that is leftmost in the picture."""
        half_x, half_y = relief.half
        corners = np.array([[x, y, 0.0] for x in (-half_x, half_x) for y in (-half_y, half_y)])
        corner = corners[self.pixels(corners)[:, 0].argmin()]
        top = corner + np.array([0.0, 0.0, HEIGHT])
        painter.setPen(QPen(theme.secondary, 1.0))
        painter.drawLine(self._line(np.stack([corner, top])))
        line, last = QFontMetricsF(self.font).height(), np.inf
        shares = surface.share(np.array(surface.ticks))
        for text, share in zip(apart(surface.ticks), shares.tolist(), strict=True):
            z = HEIGHT * (share - relief.lo) / (relief.hi - relief.lo)
            x, y = self.pixels(corner + np.array([0.0, 0.0, z])).tolist()
            painter.drawLine(QLineF(x - 0.3 * line, y, x, y))
            if last - y >= APART * line and x >= self.area.left():
                width = QFontMetricsF(self.font).horizontalAdvance(text) + 2.0
                left = max(x - 0.5 * line - width, self.area.left())
                box = QRectF(left, y - 0.5 * line, width, line)
                if not any(box.intersects(other) for other in taken):
                    painter.drawText(box, _RIGHT, text)
                    last = y
        x, y = self.pixels(top).tolist()
        painter.setPen(theme.text)
        over = QRectF(x - 4.0 * line, max(y - 1.6 * line, self.area.top()), 8.0 * line, line)
        painter.drawText(over, _CENTRE, self.names[2])

    def _line(self, ends: Array) -> QLineF:
        (x0, y0), (x1, y1) = self.pixels(ends).tolist()
        return QLineF(x0, y0, x1, y1)

    def _write(self, painter: QPainter, point: Array, text: str, taken: list[QRectF]) -> None:
        """A text with its middle at a place of the box, as a whole inside the plot."""
        metrics = QFontMetricsF(self.font)
        box = QRectF(0.0, 0.0, metrics.horizontalAdvance(text) + 2.0, metrics.height())
        box.moveCenter(QPointF(*self.pixels(point).tolist()))
        box.moveLeft(max(self.area.left(), min(box.left(), self.area.right() - box.width())))
        box.moveTop(min(box.top(), self.area.bottom() - box.height()))
        if not any(box.intersects(other) for other in taken):
            painter.drawText(box, _CENTRE, text)
            taken.append(box)
