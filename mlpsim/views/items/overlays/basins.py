"""The basins over the loss map: every start in the colour of the minimum that it reaches."""

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from mlpsim.core.arrays import Array
from mlpsim.core.studies.basins import DIVERGED, FLAT, UNSETTLED, BasinMap
from mlpsim.session.basin_mapper import BasinMapper
from mlpsim.views.context import Context
from mlpsim.views.items.marks import WHITE
from mlpsim.views.items.overlays.switched import Switched
from mlpsim.views.items.plot_frame import PlotFrame
from mlpsim.views.items.strokes import rect_of_grid, unit_of

# Okabe and Ito (2008), so that neighbours are told apart by every eye.
COLOURS = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#f0e442", "#56b4e9", "#d55e00", "#8f7ee7")
OTHERS = {FLAT: "#9fb0cc", UNSETTLED: "#404a60", DIVERGED: "#ff4d4d"}
OPACITY = 0.55
RADIUS = 6.0


def colour(label: int) -> QColor:
    """The colour of a basin, or of the starts that reach no minimum."""
    return QColor(OTHERS[label] if label < 0 else COLOURS[label])


class Basins(Switched):
    """Paints the mapper's map; ``start_at`` is called with the place of a start that is clicked."""

    def __init__(
        self,
        context: Context,
        mapper: BasinMapper,
        start_at: Callable[[tuple[float, float]], None],
    ) -> None:
        super().__init__(context, on=True)
        self._mapper, self._start_at = mapper, start_at
        self._image_of: BasinMap | None = None
        self._image = QImage()
        self._pressed: tuple[float, float] | None = None
        mapper.changed.connect(context.overlays.update)

    @property
    def shown(self) -> BasinMap | None:
        """The map on view: that of the plane on view."""
        found = self._mapper.map if self.is_on else None
        is_here = found is not None and found.question.plane is self._context.landscape.plane
        return found if is_here else None

    # -- an overlay ------------------------------------------------------------------------------

    def paint(self, painter: QPainter, frame: PlotFrame) -> None:
        found = self.shown
        if found is None:
            return
        if found is not self._image_of:
            self._image_of, self._image = found, _image(found)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
        painter.setOpacity(OPACITY)
        painter.drawImage(_target(found, frame), self._image)
        painter.restore()
        theme, unit = self._context.appearance.theme, unit_of(frame)
        plane = self._context.landscape.plane
        for label, basin in enumerate(found.basins):
            x, y = frame.pixels(plane.project(basin.theta)).tolist()
            if not frame.area.contains(QPointF(x, y)):
                continue
            painter.setBrush(colour(label))
            for pen, width in ((theme.halo, 5.0), (WHITE, 2.0)):
                painter.setPen(QPen(pen, width * unit))
                painter.drawEllipse(QPointF(x, y), RADIUS * unit, RADIUS * unit)

    # -- grabbing --------------------------------------------------------------------------------

    def hover(self, frame: PlotFrame, at: QPointF | None) -> bool:
        return at is not None and self._place(frame, at) is not None

    def press(self, frame: PlotFrame, at: QPointF) -> bool:
        self._pressed = self._place(frame, at)
        return self._pressed is not None

    def drag(self, frame: PlotFrame, at: QPointF) -> None:
        self._pressed = self._place(frame, at)

    def release(self) -> None:
        if self._pressed is not None:
            self._start_at(self._pressed)
        self._pressed = None

    def _place(self, frame: PlotFrame, at: QPointF) -> tuple[float, float] | None:
        """The start whose pixel is there."""
        found = self.shown
        if found is None or not _target(found, frame).contains(at):
            return None
        alphas, betas = found.question.axes()
        x, y = frame.numbers(at)
        return _nearest(alphas, x), _nearest(betas, y)


def _nearest(axis: Array, value: float) -> float:
    return float(axis[np.abs(axis - value).argmin()])


def _image(found: BasinMap) -> QImage:
    """One pixel a start, the top row first."""
    labels, side = found.labels[::-1], found.question.side
    pixels = np.zeros((side, side), dtype=np.uint32)
    for label in np.unique(labels).tolist():
        pixels[labels == label] = colour(label).rgba()
    return QImage(pixels.tobytes(), side, side, 4 * side, QImage.Format.Format_ARGB32).copy()


def _target(found: BasinMap, frame: PlotFrame) -> QRectF:
    """Each pixel lies around the start that it stands for."""
    side = found.question.side
    return rect_of_grid(frame, found.question.window, side, side)
