"""The plot of an activation: its curve, every sample's dot, and the tangent at one of them."""

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from mlpsim.core.activations import Activation
from mlpsim.core.arrays import Array, Indices
from mlpsim.core.classes import classes_of
from mlpsim.core.dataset import Dataset
from mlpsim.core.problem import Problem, quiet
from mlpsim.core.window import Window
from mlpsim.views.items.markers import class_colour, draw_marker, outline
from mlpsim.views.items.plot_frame import PlotFrame, plot_area
from mlpsim.views.items.roomy import Roomy
from mlpsim.views.theme import Theme

MOST_DOTS = 150
_POINTS = 301
_LEAST = 4.0  # z is shown at least from −4 to 4
_FARTHEST = 1e6
_AIR = 0.08


@dataclass(frozen=True, eq=False)
class ActivationPicture:
    """An activation, and zˢ (n,) of a neuron for some samples (n,) of the data, from 0.

    The tangent is drawn at the last one. ``x_label`` and ``y_label`` stand at the axes.
    """

    activation: Activation
    z: Array
    samples: Indices
    data: Dataset
    x_label: str
    y_label: str


class ActivationPlot(Roomy):
    """Paints an ``ActivationPicture``."""

    def __init__(self, theme: Theme) -> None:
        super().__init__((20, 11), (10, 5.5))
        self.setAccessibleName("The activation, with every sample")
        self._theme = theme
        self._picture: ActivationPicture | None = None

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()

    def set_picture(self, picture: ActivationPicture) -> None:
        """Show another picture."""
        self._picture = picture
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._picture is None:
            return
        with QPainter(self) as painter:
            _paint(painter, self._theme, self._picture, self.width(), self.height(), self)


@quiet()
def _paint(
    painter: QPainter,
    theme: Theme,
    picture: ActivationPicture,
    width: float,
    height: float,
    widget: QWidget,
) -> None:
    activation, z_here = picture.activation, float(picture.z[-1])
    window = picture_window(picture)
    area = plot_area(width, height, window, widget.font())
    frame = PlotFrame(window, area, picture.x_label, picture.y_label, widget.font())
    painter.fillRect(area, theme.plot)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.save()
    painter.setClipRect(area)
    _paint_axes(painter, theme, frame)
    z = np.linspace(window.x0, window.x1, _POINTS)
    points = frame.pixels(np.stack([z, activation.fn(z)], axis=-1)).tolist()
    painter.setPen(QPen(theme.text, 2.0))
    painter.drawPolyline([QPointF(*point) for point in points])
    if np.isfinite(z_here):
        _paint_tangent(painter, theme, frame, picture)
    painter.restore()
    classes = classes_of(picture.data)
    em = QFontMetricsF(widget.font()).height()
    for place, (s, value) in enumerate(zip(picture.samples, picture.z.tolist(), strict=True)):
        if not np.isfinite(value):
            continue
        chosen = place == len(picture.z) - 1
        label = None if classes is None else int(classes[s])
        colour = theme.secondary if label is None else class_colour(theme, label)
        radius, line = (0.55 * em, theme.text) if chosen else (0.42 * em, outline(theme))
        draw_marker(painter, _at(frame, activation, value), label or 0, radius, colour, line)
    frame.paint(painter, theme)


def samples_for(problem: Problem, sample: int) -> Indices:
    """The first samples, and last of all the one whose tangent is drawn; from 0."""
    first = [s for s in range(min(len(problem.data), MOST_DOTS)) if s != sample]
    return np.array([*first, sample])


@quiet()
def picture_window(picture: ActivationPicture) -> Window:
    """What is shown: all zˢ, at least −4 to 4, and the curve there."""
    z = np.clip(picture.z[np.isfinite(picture.z)], -_FARTHEST, _FARTHEST)
    lo, hi = min(-_LEAST, float(z.min(initial=0.0))), max(_LEAST, float(z.max(initial=0.0)))
    air = _AIR * (hi - lo)
    x0, x1 = lo - air, hi + air
    curve = picture.activation.fn(np.linspace(x0, x1, _POINTS))
    low, high = float(curve.min()), float(curve.max())
    room = _AIR * (high - low) or 1.0
    return Window.within_reach(x0, x1, low - room, high + room)


def _at(frame: PlotFrame, activation: Activation, z: float) -> QPointF:
    a = float(activation.fn(np.array([z]))[0])
    area = frame.area
    x, y = frame.pixels(np.array([z, a])).tolist()
    return QPointF(min(max(x, area.left()), area.right()), min(max(y, area.top()), area.bottom()))


def _paint_axes(painter: QPainter, theme: Theme, frame: PlotFrame) -> None:
    x, y = frame.pixels(np.zeros(2)).tolist()
    area: QRectF = frame.area
    painter.setPen(QPen(theme.border, 1.0))
    painter.drawLine(QLineF(x, area.top(), x, area.bottom()))
    painter.drawLine(QLineF(area.left(), y, area.right(), y))


def _paint_tangent(
    painter: QPainter, theme: Theme, frame: PlotFrame, picture: ActivationPicture
) -> None:
    z = picture.z[-1:]
    a = picture.activation.fn(z)
    slope = float(picture.activation.slope(z, a)[0])
    ends = np.array([frame.window.x0, frame.window.x1])
    heights = float(a[0]) + slope * (ends - float(z[0]))
    (x0, y0), (x1, y1) = frame.pixels(np.stack([ends, heights], axis=-1)).tolist()
    painter.setPen(QPen(theme.path, 2.0, Qt.PenStyle.DashLine))
    painter.drawLine(QLineF(x0, y0, x1, y1))
