"""The relief's sheet as painted quads: the loss ramp in a gentle light, what is far first."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QByteArray, QDataStream, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen, QPolygonF

from mlpsim.core.arrays import Array, Flags, Indices
from mlpsim.core.looks.camera import Camera
from mlpsim.core.looks.relief import Relief
from mlpsim.views.theme import ramp_lookup

SHADES, LIGHTS = 128, 12
DARKEST, BRIGHTEST = 0.80, 1.12  # so that shades stay those of the colour bar
LIGHT = np.array([-0.45, 0.55, 0.70])  # in the picture: from the left, above, and the eye's side
DIM, DIMMED = 0.55, (11.0, 16.0, 32.0)  # how much of which colour covers what lies outside C
SEAM = 0.35  # pixels by which quads overlap where they are printed


class Quads:
    """The quads of a relief seen by a camera: pixels (n, 4, 2) and colours, far ones first.

    Cells that are ``dim`` (ny - 1, nx - 1) are darker.
    """

    def __init__(self, relief: Relief, camera: Camera, pixels: Array, dim: Flags | None) -> None:
        row, column = relief.cells(camera)
        corners = ((row, column), (row, column + 1), (row + 1, column + 1), (row + 1, column))
        self._packed = _packed(np.stack([pixels[corner] for corner in corners], axis=1))
        colours = _colours(relief, camera, row, column)
        if dim is not None:
            colours = colours + dim[row, column] * (SHADES * LIGHTS)
        self._colours = colours.tolist()

    def __len__(self) -> int:
        return len(self._colours)

    def paint(self, painter: QPainter, first: int, last: int, is_print: bool = False) -> None:
        """Paint the quads first … last - 1; printed ones overlap a little, or their seams show."""
        painter.setPen(Qt.PenStyle.NoPen)
        brushes, pens = _brushes(), _pens() if is_print else ()
        # Read from one stream into one polygon: to make polygons of points takes far longer.
        stream = QDataStream(QByteArray(self._packed[first:last].tobytes()))
        polygon, before = QPolygonF(), -1
        draw, set_brush = painter.drawPolygon, painter.setBrush
        for colour in self._colours[first:last]:
            if colour != before:
                set_brush(brushes[colour])
                if pens:
                    painter.setPen(pens[colour])
                before = colour
            _ = stream >> polygon
            draw(polygon)


def _packed(corners: Array) -> NDArray[np.uint8]:
    """Pixels (n, 4, 2) as Qt writes polygons (n, 68): how many points, and big-endian points."""
    n = len(corners)
    packed = np.empty((n, 68), np.uint8)
    packed[:, :4] = (0, 0, 0, 4)
    packed[:, 4:] = corners.astype(">f8").reshape(n, 8).view(np.uint8)
    return packed


def _colours(relief: Relief, camera: Camera, row: Indices, column: Indices) -> Indices:
    """The place of every quad's colour in the palette (n,)."""
    heights, at = relief.heights, relief.vertices
    corner = heights[row, column], heights[row + 1, column + 1]
    shade = 0.25 * (corner[0] + corner[1] + heights[row, column + 1] + heights[row + 1, column])
    one = at[row + 1, column + 1] - at[row, column]
    other = at[row + 1, column] - at[row, column + 1]
    normal = np.cross(one, other)
    normal /= np.linalg.norm(normal, axis=-1, keepdims=True)
    light = (LIGHT / np.linalg.norm(LIGHT)) @ camera.axes
    bright = np.clip(0.5 + 0.5 * (normal @ light), 0.0, 1.0)
    levels = np.rint(bright * (LIGHTS - 1)).astype(np.intp)
    shades = np.rint(np.clip(shade, 0.0, 1.0) * (SHADES - 1)).astype(np.intp)
    found: Indices = shades * LIGHTS + levels
    return found


@lru_cache(maxsize=1)
def _palette() -> tuple[QColor, ...]:
    factors = np.linspace(DARKEST, BRIGHTEST, LIGHTS)
    colours = np.minimum(ramp_lookup(SHADES)[:, None, :3] * factors[:, None], 255.0)
    both = np.stack([colours, (1.0 - DIM) * colours + DIM * np.array(DIMMED)])
    rows = np.rint(both).astype(int).reshape(-1, 3).tolist()
    return tuple(QColor(*row) for row in rows)


@lru_cache(maxsize=1)
def _brushes() -> tuple[QBrush, ...]:
    return tuple(QBrush(colour) for colour in _palette())


@lru_cache(maxsize=1)
def _pens() -> tuple[QPen, ...]:
    return tuple(QPen(colour, SEAM) for colour in _palette())
