"""Thumbnails: a small picture of an experiment, its loss surface with the path or its data."""

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPainterPath, QPen, QPixmap

from mlpsim.core.arrays import Array
from mlpsim.core.classes import classes_of
from mlpsim.core.dataset import Dataset
from mlpsim.core.experiment import Experiment
from mlpsim.core.files.document import View, go_on
from mlpsim.core.plane import two_weights
from mlpsim.core.run import Run
from mlpsim.views.items.markers import class_colour, draw_marker, outline, value_colour
from mlpsim.views.items.marks import WHITE
from mlpsim.views.items.plot_frame import PlotFrame
from mlpsim.views.items.scatter_picture import fitted_window, places
from mlpsim.views.items.strokes import clipped, stroke
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
    with QPainter(pixmap) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        area = QRectF(0.0, 0.0, size.width(), size.height())
        border = QPainterPath()
        border.addRoundedRect(area, RADIUS, RADIUS)
        painter.setClipPath(border)
        if view.kind == "two_weights" and view.window is not None:
            window = view.window.with_aspect(area.height() / area.width())
            place = PlotFrame(window, area, "", "", QFont())
            _paint_surface(painter, place, experiment, view.params)
            _paint_path(painter, place, experiment, view.params, steps, theme)
        else:
            painter.fillRect(area, theme.plot)
            data = experiment.problem.data
            few = Dataset(data.x[:MOST_SAMPLES], data.y[:MOST_SAMPLES])
            paint_data(painter, area, few, theme, 3.4)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.border, 1.0))
        painter.drawPath(border)
    return pixmap


def _paint_surface(
    painter: QPainter, frame: PlotFrame, experiment: Experiment, params: tuple[int, int]
) -> None:
    area, window = frame.area, frame.window
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
    frame: PlotFrame,
    experiment: Experiment,
    params: tuple[int, int],
    steps: int,
    theme: Theme,
) -> None:
    run = Run.from_experiment(experiment)
    go_on(run, min(steps, MOST_STEPS))
    _, thetas = run.recorded(0, run.last)
    points = frame.pixels(thetas[:, list(params)])
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for color, width in ((theme.halo, 3.2), (theme.path, 1.6)):
        pen = QPen(color, width)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        for piece in clipped(points, frame.area.adjusted(-4.0, -4.0, 4.0, 4.0)):
            stroke(painter, piece)
    _dot(painter, points[0], WHITE, theme.halo)
    _dot(painter, points[-1], theme.path, WHITE)


def _dot(painter: QPainter, place: Array, fill: QColor, ring: QColor) -> None:
    painter.setPen(QPen(ring, 1.4))
    painter.setBrush(fill)
    painter.drawEllipse(QPointF(*np.clip(place, -1e5, 1e5)), 3.4, 3.4)


def paint_data(painter: QPainter, area: QRectF, data: Dataset, theme: Theme, radius: float) -> None:
    """The samples as markers of a radius in pixels; over two inputs of regression by their y."""
    points = places(data)
    frame = PlotFrame(fitted_window(points), area, "", "", QFont())
    is_plane, targets = len(data.measured) > 1, data.y[:, 0]
    classes = classes_of(data) if is_plane else None
    shares = (targets - targets.min()) / (np.ptp(targets) or 1.0)
    for s, (x, y) in enumerate(frame.pixels(points).tolist()):
        label = 0 if classes is None else int(classes[s])
        is_number = is_plane and classes is None
        fill = value_colour(theme, float(shares[s])) if is_number else class_colour(theme, label)
        draw_marker(painter, QPointF(x, y), label, radius, fill, outline(theme))


def data_thumbnail(data: Dataset, theme: Theme, side: int) -> QPixmap:
    """A square picture of data, ``side`` logical pixels wide."""
    picture = QPixmap(2 * side, 2 * side)
    picture.setDevicePixelRatio(2.0)
    picture.fill(theme.plot)
    with QPainter(picture) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_data(painter, QRectF(0.0, 0.0, side, side), data, theme, 0.045 * side)
    return picture
