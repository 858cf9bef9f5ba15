"""The picture of a scatter plot: the prediction map, curves and markers in a frame."""

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QLineF, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QPaintEngine, QPainter, QPen, QPixmap

from mlpsim.core.arrays import Array, Indices
from mlpsim.core.dataset import Dataset
from mlpsim.core.looks.prediction_map import PredictionMap
from mlpsim.core.window import FAR, Window
from mlpsim.views.items.markers import (
    class_colour,
    draw_marker,
    marker_pixmap,
    outline,
    value_colour,
)
from mlpsim.views.items.plot_frame import PlotFrame
from mlpsim.views.items.strokes import clipped, rect_of_grid, stroke
from mlpsim.views.theme import DARK, Theme

MANY = 600
FAR_OUT = 9.0  # pixels beyond the frame up to which a marker may reach into it
FINER = 6  # how many times as fine a map is in a PDF
MARGIN = 0.14
_COLOUR_STEPS = 32
LEAST_TINT = 0.22  # of a region of one of several classes
HOLLOW = QColor(0, 0, 0, 0)


@dataclass(frozen=True, eq=False)
class Samples:
    """What is plotted: points (S, 2), and a class for each (S,) or else a share in [0, 1] (S,)."""

    points: Array
    labels: Indices | None
    shares: Array
    x_label: str
    y_label: str

    def __len__(self) -> int:
        return len(self.points)

    @property
    def kinds(self) -> Indices:
        """What tells one marker from another: the class, or the share in a few steps (S,)."""
        if self.labels is not None:
            return self.labels
        return np.rint(self.shares * _COLOUR_STEPS).astype(np.intp)

    def shape(self, s: int) -> int:
        """The shape of a sample's marker."""
        return 0 if self.labels is None else int(self.labels[s])


class ScatterPicture:
    """What a scatter plot shows, and how it is painted; large data sets are kept as a picture."""

    def __init__(self) -> None:
        self.theme: Theme = DARK
        self.samples = Samples(np.zeros((0, 2)), None, np.zeros(0), "", "")
        self.held_out: Samples | None = None
        self.map: PredictionMap | None = None
        self.curves: tuple[Array, ...] = ()
        self.residuals = np.zeros((0, 2, 2))
        self._tint: QImage | None = None
        self._layer: QPixmap | None = None

    def set_samples(self, samples: Samples, held_out: Samples | None = None) -> None:
        """The samples, and those that are held out: hollow, and out of reach."""
        self.samples, self.held_out = samples, held_out
        self.forget()

    def set_map(self, prediction: PredictionMap | None) -> None:
        self.map = prediction
        self._tint = None if prediction is None else tint(prediction, self.theme)

    def set_theme(self, theme: Theme) -> None:
        self.theme = theme
        self.forget()
        self.set_map(self.map)

    def forget(self) -> None:
        """Paint the markers anew: they, the frame or the size have changed."""
        self._layer = None

    def paint(self, painter: QPainter, frame: PlotFrame, radius: float, ratio: float) -> None:
        """Everything inside the frame; ``ratio`` is that of the device's pixels."""
        painter.fillRect(frame.area, self.theme.plot)
        painter.save()
        painter.setClipRect(frame.area)
        if self.map is not None and self._tint is not None:
            self._paint_map(painter, frame, self.map, self._tint)
        self._paint_residuals(painter, frame)
        for curve in self.curves:
            _stroke(painter, frame, curve, QPen(self.theme.text, 2.0))
        if painter.paintEngine().type() != QPaintEngine.Type.Raster and not self._are_many:
            self._paint_markers(painter, frame, radius)  # on paper each is a shape of its own
        else:
            if self._layer is None:
                self._layer = self.marker_layer(frame, radius, ratio)
            painter.drawPixmap(QPointF(0.0, 0.0), self._layer)
        painter.restore()

    def paint_ring(
        self, painter: QPainter, frame: PlotFrame, radius: float, sample: int | None, width: float
    ) -> None:
        """A ring around a sample, which comes to the front."""
        if sample is None or sample >= len(self.samples):
            return
        x, y = frame.pixels(self.samples.points[sample]).tolist()
        at, reach = QPointF(x, y), max(1.75 * radius, 5.0)
        if not frame.area.adjusted(-2.0 * reach, -2.0 * reach, 2.0 * reach, 2.0 * reach).contains(
            at
        ):
            return
        painter.save()
        painter.setClipRect(frame.area)
        line = outline(self.theme)
        samples = self.samples
        draw_marker(painter, at, samples.shape(sample), radius, self._fill(samples, sample), line)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, wide in ((line, width + 2.0), (self.theme.text, width)):
            painter.setPen(QPen(colour, wide))
            painter.drawEllipse(at, reach, reach)
        painter.restore()

    def _paint_map(
        self, painter: QPainter, frame: PlotFrame, prediction: PredictionMap, picture: QImage
    ) -> None:
        ny, nx = prediction.shares.shape[:2]
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        if painter.paintEngine().type() == QPaintEngine.Type.Pdf:
            picture = _smooth(picture)
        painter.drawImage(rect_of_grid(frame, prediction.window, nx, ny), picture)
        thin = QColor(self.theme.text)
        thin.setAlphaF(0.4)
        for line in prediction.sides:
            _stroke(painter, frame, line, QPen(thin, 1.0))
        for line in prediction.border:
            _stroke(painter, frame, line, QPen(self.theme.text, 2.0))

    def _paint_residuals(self, painter: QPainter, frame: PlotFrame) -> None:
        ends = np.clip(frame.pixels(self.residuals), -1e5, 1e5).tolist()
        pen = QPen(self.theme.warning, 1.6)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        painter.setPen(pen)
        painter.drawLines([QLineF(*here, *there) for here, there in ends])

    def _paint_markers(self, painter: QPainter, frame: PlotFrame, radius: float) -> None:
        line = outline(self.theme)
        for s, (x, y) in enumerate(self._hollow_places(frame)):
            assert self.held_out is not None
            colour = self._fill(self.held_out, s)
            draw_marker(painter, QPointF(x, y), self.held_out.shape(s), radius, HOLLOW, colour)
        for s, (x, y) in enumerate(frame.pixels(self.samples.points).tolist()):
            fill = self._fill(self.samples, s)
            draw_marker(painter, QPointF(x, y), self.samples.shape(s), radius, fill, line)

    def _hollow_places(self, frame: PlotFrame) -> list[list[float]]:
        places: list[list[float]] = []
        if self.held_out is not None:
            places = frame.pixels(self.held_out.points).tolist()
        return places

    @property
    def _are_many(self) -> bool:
        """Whether markers hide each other, so that not all have to be painted."""
        return len(self.samples) + len(self.held_out or ()) >= MANY

    def marker_layer(self, frame: PlotFrame, radius: float, ratio: float) -> QPixmap:
        """All markers; of very many at most one of a kind in a cell of 2 × 2 pixels."""
        area = frame.area
        layer = QPixmap(round((area.right() + 2) * ratio), round((area.bottom() + 2) * ratio))
        layer.setDevicePixelRatio(ratio)
        layer.fill(Qt.GlobalColor.transparent)
        with QPainter(layer) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if self._are_many:
                for samples, is_hollow in ((self.held_out, True), (self.samples, False)):
                    if samples is not None:
                        self._stamp_all(painter, frame, samples, is_hollow, radius, ratio)
            else:
                self._paint_markers(painter, frame, radius)
        return layer

    def _stamp_all(
        self,
        painter: QPainter,
        frame: PlotFrame,
        samples: Samples,
        is_hollow: bool,
        radius: float,
        ratio: float,
    ) -> None:
        area, kinds, pixels = frame.area, samples.kinds, frame.pixels(samples.points)
        near = (pixels[:, 0] > area.left() - FAR_OUT) & (pixels[:, 0] < area.right() + FAR_OUT)
        near &= (pixels[:, 1] > area.top() - FAR_OUT) & (pixels[:, 1] < area.bottom() + FAR_OUT)
        pixels, kinds = pixels[near], kinds[near]
        cells = np.rint(0.5 * (pixels + FAR_OUT)).astype(np.intp)
        rows, depth = 1 + cells[:, 1].max(initial=0), 1 + kinds.max(initial=0)
        first = _firsts((cells[:, 0] * rows + cells[:, 1]) * depth + kinds)
        stamps = {
            kind: self._stamp(samples, kind, is_hollow, radius, ratio)
            for kind in np.flatnonzero(np.bincount(kinds)).tolist()
        }
        halves = np.zeros(1 + max(stamps, default=0))
        for kind, stamp in stamps.items():
            halves[kind] = 0.5 * stamp.width()
            stamp.setDevicePixelRatio(1.0)
        # In the device's pixels, to which they are rounded anyway: a third of the time.
        corners = ratio * pixels[first] - halves[kinds[first], None]
        places = np.floor(corners + 0.5).astype(np.intp).tolist()
        painter.save()
        painter.scale(1.0 / ratio, 1.0 / ratio)
        for (x, y), kind in zip(places, kinds[first].tolist(), strict=True):
            painter.drawPixmap(x, y, stamps[kind])
        painter.restore()

    def _stamp(
        self, samples: Samples, kind: int, is_hollow: bool, radius: float, ratio: float
    ) -> QPixmap:
        shape, colour = kind, class_colour(self.theme, kind)
        if samples.labels is None:
            shape, colour = 0, value_colour(self.theme, kind / _COLOUR_STEPS)
        if is_hollow:
            return marker_pixmap(shape, radius, HOLLOW, colour, ratio)
        line = outline(self.theme) if radius > 2.5 else None
        return marker_pixmap(shape, radius, colour, line, ratio)

    def _fill(self, samples: Samples, s: int) -> QColor:
        if samples.labels is None:
            return value_colour(self.theme, float(samples.shares[s]))
        return class_colour(self.theme, int(samples.labels[s]))


def _firsts(numbers: Indices) -> Indices:
    """The places of those that stand nowhere before, of numbers from 0 on (n,), in their order.

    They are not sorted for that, which took most of the time of painting many markers.
    """
    last = len(numbers) - 1
    seen = np.full(1 + numbers.max(initial=0), -1)
    seen[numbers[::-1]] = np.arange(last, -1, -1)  # of equal numbers the last one assigned stays
    return np.sort(seen[seen >= 0])


def places(data: Dataset, columns: tuple[int, int] = (0, 1)) -> Array:
    """Where samples are plotted (S, 2): two inputs, or the measured one and the first target."""
    if len(data.measured) == 1:
        return np.column_stack([data.x[:, 0], data.y[:, 0]])
    return data.x[:, list(columns)]


def fitted_window(points: Array) -> Window:
    """The smallest window around points (S, 2), with a margin; never without extent."""
    points = np.clip(points, -FAR, FAR)
    lo, hi = points.min(axis=0), points.max(axis=0)
    span = hi - lo
    least = np.maximum(1e-6 * np.maximum(np.abs(lo), np.abs(hi)), 1e-12)
    pad = np.where(span > least, MARGIN * span, np.maximum(0.5 * np.abs(lo), 1.0))
    x0, y0 = (lo - pad).tolist()
    x1, y1 = (hi + pad).tolist()
    return Window.within_reach(x0, x1, y0, y1)


def tint(prediction: PredictionMap, theme: Theme) -> QImage:
    """The prediction map as a soft picture, one pixel for each point of its grid."""
    shares = prediction.shares
    depth = 0.52 if theme.name == "dark" else 0.42
    if shares.shape[-1] == 1:
        share = shares[..., 0]
        strength = np.abs(2.0 * share - 1.0)
        side = (share > 0.5).astype(np.intp)
    else:
        ranked = np.sort(shares, axis=-1)
        # A region is told from the next even where its class leads by little.
        strength = LEAST_TINT + (1.0 - LEAST_TINT) * (ranked[..., -1] - ranked[..., -2])
        side = np.argmax(np.nan_to_num(shares, nan=-1.0), axis=-1) % len(theme.classes)
    strength = depth * np.nan_to_num(strength, nan=0.0)[..., None] ** 0.75
    colours = np.array([_rgb(colour) for colour in theme.classes])[side]
    ground = np.array(_rgb(theme.plot))
    rgb = np.rint(ground + strength * (colours - ground)).astype(np.uint8)
    pixels = np.full((*rgb.shape[:2], 4), 255, dtype=np.uint8)
    pixels[..., :3] = rgb[::-1]
    ny, nx = pixels.shape[:2]
    return QImage(pixels.tobytes(), nx, ny, 4 * nx, QImage.Format.Format_RGBA8888).copy()


def _rgb(colour: QColor) -> tuple[float, float, float]:
    return float(colour.red()), float(colour.green()), float(colour.blue())


def _stroke(painter: QPainter, frame: PlotFrame, line: Array, pen: QPen) -> None:
    """A line (n, 2) of places, as far as it can be seen."""
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for piece in clipped(frame.pixels(line), frame.area.adjusted(-4.0, -4.0, 4.0, 4.0)):
        stroke(painter, piece)


def _smooth(picture: QImage) -> QImage:
    """The picture on a finer grid: readers of a PDF show the cells of a coarse one."""
    smooth = Qt.TransformationMode.SmoothTransformation
    return picture.scaled(picture.size() * FINER, mode=smooth)
