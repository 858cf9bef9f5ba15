"""The painted loss surface: its shades, its isolines with their labels, and its colour bar."""

from collections.abc import Sequence
from functools import lru_cache
from math import atan2, degrees

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QImage,
    QPainter,
    QPen,
    QTransform,
)

from mlpsim.core.arrays import Array
from mlpsim.core.surface import Isoline, Surface
from mlpsim.views import labels
from mlpsim.views.items.outlines import outline
from mlpsim.views.items.plot_frame import PlotFrame
from mlpsim.views.items.strokes import clipped_each, rect_of_grid, stroke, unit_of
from mlpsim.views.theme import Theme, mix, ramp_lookup

LIGHT_FROM = 0.62  # shades above are light: lines on them are dark
TICK, GAP = 4.0, 3.0
FRACTIONS = (0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8, 0.12, 0.88)


@lru_cache(maxsize=1)
def _ramp() -> NDArray[np.uint32]:
    """The loss ramp as 0xAARRGGBB."""
    rgba = ramp_lookup().astype(np.uint32)
    packed = 0xFF000000 | rgba[:, 0] << 16 | rgba[:, 1] << 8 | rgba[:, 2]
    return packed.astype(np.uint32)


def ramp_colour(shade: float) -> QColor:
    """The colour of a shade from 0 (low) to 1 (high)."""
    return QColor.fromRgb(int(_ramp()[round(255 * min(max(shade, 0.0), 1.0))]))


def surface_image(surface: Surface) -> QImage:
    """The surface's shades, one pixel a grid point, top row first; transparent where not finite."""
    shades = surface.shades[::-1]
    missing = np.isnan(shades)
    indices = np.where(missing, 0.0, 255.0 * shades + 0.5).astype(np.uint8)
    pixels = np.ascontiguousarray(np.where(missing, np.uint32(0), _ramp()[indices]))
    ny, nx = pixels.shape
    image = QImage(pixels.data, nx, ny, 4 * nx, QImage.Format.Format_ARGB32_Premultiplied)
    return image.copy()


def paint_shades(painter: QPainter, surface: Surface, image: QImage, frame: PlotFrame) -> None:
    """The surface's image: each pixel around the grid point that it stands for."""
    ny, nx = surface.values.shape
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawImage(rect_of_grid(frame, surface.window, nx, ny), image)


def paint_isolines(painter: QPainter, surface: Surface, frame: PlotFrame, font: QFont) -> None:
    """Thin isolines, then bold ones, then the labels of the bold ones."""
    isolines = sorted(surface.isolines, key=lambda isoline: isoline.bold)
    shades = surface.shade(np.array([isoline.value for isoline in isolines])).tolist()
    lines = list(zip(isolines, shades, isoline_pixels(isolines, frame), strict=True))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for isoline, shade, pieces in lines:
        painter.setPen(line_pen(shade, isoline.bold, unit_of(frame)))
        for points in pieces:
            stroke(painter, points)
    placed: list[QRectF] = []
    labelled = [line for line in reversed(lines) if line[0].bold]
    texts = labels.apart([isoline.value for isoline, _, _ in labelled])
    for text, (_, shade, pieces) in zip(texts, labelled, strict=True):
        if pieces:
            _paint_label(painter, text, shade, pieces, frame, font, placed)


def isoline_pixels(isolines: Sequence[Isoline], frame: PlotFrame) -> list[list[Array]]:
    """The polylines of each isoline in pixels, as far as they are in sight."""
    room = frame.area.adjusted(-2.0, -2.0, 2.0, 2.0)
    lines = [frame.pixels(line) for isoline in isolines for line in isoline.lines]
    pieces = iter(clipped_each(lines, room) if lines else ())
    return [[piece for _ in isoline.lines for piece in next(pieces)] for isoline in isolines]


def _line_colour(shade: float) -> QColor:
    return QColor("#ffffff") if shade < LIGHT_FROM else QColor("#0b1020")


def line_pen(shade: float, bold: bool, unit: float) -> QPen:
    """The pen of an isoline on its shade."""
    # Mixed here: an isoline lies on one shade, and blending costs five times as much as painting.
    share = (0.80 if shade < LIGHT_FROM else 0.72) if bold else 0.24
    pen = QPen(mix(ramp_colour(shade), _line_colour(shade), share), (1.3 if bold else 1.0) * unit)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    return pen


def _paint_label(
    painter: QPainter,
    text: str,
    shade: float,
    pieces: list[Array],
    frame: PlotFrame,
    font: QFont,
    placed: list[QRectF],
) -> None:
    """A label along the longest piece of an isoline, where the line is straight and room is."""
    metrics = QFontMetricsF(font)
    width, height = metrics.horizontalAdvance(text), metrics.height()
    room = frame.area.adjusted(width * 0.7, height, -width * 0.7, -height)
    for points in sorted(pieces, key=len, reverse=True)[:3]:
        spot = _straight_spot(points, width + height, room, placed)
        if spot is not None:
            break
    else:
        return
    centre, angle = spot
    reach = 0.5 * width + height
    placed.append(QRectF(centre.x() - reach, centre.y() - reach, 2 * reach, 2 * reach))
    path = outline(text, font, QPointF(-0.5 * width, 0.36 * metrics.ascent()))
    painter.save()
    painter.setTransform(QTransform().translate(centre.x(), centre.y()).rotate(angle), True)
    halo = QPen(ramp_colour(shade), 0.42 * height)
    halo.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.strokePath(path, halo)
    painter.fillPath(path, _line_colour(shade))
    painter.restore()


def _straight_spot(
    points: Array, length: float, room: QRectF, placed: list[QRectF]
) -> tuple[QPointF, float] | None:
    """The middle and the angle of a straight stretch of that length; None if there is no room."""
    arc = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(points, axis=0), axis=1))])
    if arc[-1] < 2.0 * length:
        return None
    for fraction in FRACTIONS:
        middle = fraction * arc[-1]
        ends = np.array([middle - 0.5 * length, middle, middle + 0.5 * length])
        xs, ys = np.interp(ends, arc, points[:, 0]), np.interp(ends, arc, points[:, 1])
        dx, dy = float(xs[2] - xs[0]), float(ys[2] - ys[0])
        centre = QPointF(float(xs[1]), float(ys[1]))
        free = not any(rect.contains(centre) for rect in placed)
        if room.contains(centre) and free and np.hypot(dx, dy) > 0.94 * length:
            angle = degrees(atan2(dy, dx))
            return centre, angle - 180.0 if angle > 90.0 else angle + 180.0 * (angle < -90.0)
    return None


def colour_bar_width(font: QFont) -> float:
    """Room that the colour bar needs, in logical pixels."""
    metrics = QFontMetricsF(font)
    widest = max(map(metrics.horizontalAdvance, ("5·10⁻¹⁰", "0.000000")))
    return 1.9 * metrics.height() + TICK + GAP + widest


def paint_colour_bar(
    painter: QPainter, rect: QRectF, surface: Surface, theme: Theme, font: QFont, title: str
) -> None:
    """The ramp from low to high in ``rect``, ticks at the bold isolines' values, and a title."""
    em = QFontMetricsF(font).height()
    strip = QImage(_ramp()[::-1].copy().data, 1, 256, 4, QImage.Format.Format_RGB32).copy()
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawImage(rect, strip)
    painter.setFont(font)
    painter.setPen(QPen(theme.secondary, 1.0))
    left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
    shades = surface.shade(np.array(surface.ticks))
    free = np.inf
    for text, shade in zip(labels.apart(surface.ticks), shades, strict=True):
        y = rect.bottom() - float(shade) * rect.height()
        painter.drawLine(QLineF(rect.right(), y, rect.right() + TICK, y))
        if y <= free:  # on a short bar some are left out
            painter.drawText(QRectF(rect.right() + TICK + GAP, y - em, 8 * em, 2 * em), left, text)
            free = y - em
    painter.setPen(theme.text)
    painter.drawText(QRectF(rect.left(), rect.top() - 1.7 * em, 8 * em, 1.2 * em), left, title)
