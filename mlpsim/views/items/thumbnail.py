"""Thumbnails: a small picture of an experiment, its loss surface with the path or its data."""

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen, QPixmap, QPolygonF

from mlpsim.core.arrays import Array
from mlpsim.core.classes import classes_of
from mlpsim.core.document import View
from mlpsim.core.experiment import Experiment
from mlpsim.core.plane import two_weights
from mlpsim.core.run import Run
from mlpsim.core.surface import Window
from mlpsim.core.training import advance
from mlpsim.views.theme import Theme, ramp_lookup

COLUMNS = 72  # of the sampled surface
MOST_STEPS = 150
MOST_SAMPLES = 200
FLOOR = 1e-3  # of the range, below which the logarithmic ramp tells no differences
RADIUS = 6.0


def thumbnail(
    experiment: Experiment, view: View, steps: int, theme: Theme, size: QSize, ratio: float
) -> QPixmap:
    """The picture at a size in logical pixels and a device pixel ratio."""
    pixmap = QPixmap(size * ratio)
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    try:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        area = QRectF(0.0, 0.0, size.width(), size.height())
        frame = QPainterPath()
        frame.addRoundedRect(area, RADIUS, RADIUS)
        painter.setClipPath(frame)
        if view.kind == "two_weights" and view.window is not None:
            window = view.window.with_aspect(area.height() / area.width())
            _paint_surface(painter, area, experiment, view.params, window)
            _paint_path(painter, area, experiment, view.params, window, steps, theme)
        else:
            painter.fillRect(area, theme.plot)
            _paint_data(painter, area, experiment, theme)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.border, 1.0))
        painter.drawPath(frame)
    finally:
        painter.end()
    return pixmap


def _paint_surface(
    painter: QPainter, area: QRectF, experiment: Experiment, params: tuple[int, int], window: Window
) -> None:
    rows = max(2, round(COLUMNS * area.height() / area.width()))
    xs = np.linspace(window.x0, window.x1, COLUMNS)
    ys = np.linspace(window.y1, window.y0, rows)
    plane = two_weights(experiment.start_theta(), *params)
    values = experiment.problem.value(plane.points(xs, ys))
    shown = np.where(np.isfinite(values), values, np.inf)
    lo = float(shown.min())
    hi = float(shown[np.isfinite(shown)].max(initial=lo))
    span = (hi - lo) or 1.0
    level = np.log((np.minimum(shown, hi) - lo) / span + FLOOR) / -np.log(FLOOR) + 1.0
    pixels = ramp_lookup()[np.clip(np.rint(255.0 * level), 0, 255).astype(np.intp)]
    pixels = np.ascontiguousarray(pixels)
    image = QImage(
        pixels.tobytes(), COLUMNS, rows, 4 * COLUMNS, QImage.Format.Format_RGBA8888
    ).copy()
    painter.drawImage(area, image)


def _paint_path(
    painter: QPainter,
    area: QRectF,
    experiment: Experiment,
    params: tuple[int, int],
    window: Window,
    steps: int,
    theme: Theme,
) -> None:
    run = Run.from_experiment(experiment)
    run.extend(advance(run.segments[-1], run.tip, min(steps, MOST_STEPS)))
    _, thetas = run.recorded(0, run.last)
    points = _points(area, thetas[:, list(params)], window)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for color, width in ((theme.halo, 3.2), (theme.path, 1.6)):
        pen = QPen(color, width)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        for first in range(0, len(points) - 1, 60):
            painter.drawPolyline(QPolygonF(points[first : first + 61]))
    _dot(painter, points[0], QColor("#ffffff"), theme.halo)
    _dot(painter, points[-1], theme.path, QColor("#ffffff"))


def _points(area: QRectF, places: Array, window: Window) -> list[QPointF]:
    """Places (n, 2) in pixels, kept near the picture."""
    x = (places[:, 0] - window.x0) / window.width * area.width()
    y = (window.y1 - places[:, 1]) / window.height * area.height()
    far = 4.0 * area.width()
    shown = np.clip(np.nan_to_num(np.stack([x, y], axis=1)), -far, far)
    return [QPointF(i, j) for i, j in shown.tolist()]


def _paint_data(painter: QPainter, area: QRectF, experiment: Experiment, theme: Theme) -> None:
    data = experiment.problem.data
    x, y = data.x[:MOST_SAMPLES], data.y[:MOST_SAMPLES]
    classes = classes_of(data) if data.n_features > 1 else None
    places = x[:, :2] if data.n_features > 1 else np.hstack([x, y[:, :1]])
    lo, hi = places.min(axis=0), places.max(axis=0)
    middle, half = 0.5 * (lo + hi), 0.62 * np.maximum(hi - lo, 1e-9)
    window = Window(
        middle[0] - half[0], middle[0] + half[0], middle[1] - half[1], middle[1] + half[1]
    )
    for s, point in enumerate(_points(area, places, window)):
        kind = 0 if classes is None else int(classes[s]) % len(theme.classes)
        painter.setPen(QPen(theme.plot, 0.8))
        painter.setBrush(theme.classes[kind])
        _marker(painter, point, kind)


def _marker(painter: QPainter, point: QPointF, kind: int) -> None:
    x, y, r = point.x(), point.y(), 3.4
    if kind == 0:
        painter.drawEllipse(point, r, r)
    elif kind == 1:
        painter.drawRect(QRectF(x - 0.9 * r, y - 0.9 * r, 1.8 * r, 1.8 * r))
    else:
        corners = (
            QPointF(x, y - 1.2 * r),
            QPointF(x + 1.1 * r, y + r),
            QPointF(x - 1.1 * r, y + r),
        )
        painter.drawPolygon(QPolygonF(list(corners)))


def _dot(painter: QPainter, point: QPointF, fill: QColor, ring: QColor) -> None:
    painter.setPen(QPen(ring, 1.4))
    painter.setBrush(fill)
    painter.drawEllipse(point, 3.4, 3.4)
