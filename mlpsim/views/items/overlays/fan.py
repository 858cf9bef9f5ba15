"""The fan on the map: the paths of all seeds, their mean, and the ellipse of their spread."""

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPaintEngine, QPainter, QPen, QPixmap

from mlpsim.core.arrays import Array
from mlpsim.core.plane import Plane
from mlpsim.core.problem import quiet
from mlpsim.core.studies.fan import Fan, Spread, spread
from mlpsim.core.window import Window
from mlpsim.session.fan_maker import FanMaker
from mlpsim.views.context import Context
from mlpsim.views.items.overlays.box_paint import pixel
from mlpsim.views.items.overlays.switched import Switched
from mlpsim.views.items.plot_frame import PlotFrame
from mlpsim.views.items.relief_sheet import Sheet
from mlpsim.views.items.strokes import clipped, polygon, stroke, thinned, unit_of
from mlpsim.views.theme import DARK

PATH, MEAN = QColor(255, 255, 255, 46), QColor("#f0e442")
DOT = QColor(255, 255, 255, 210)
DEVIATIONS = 2.0  # of the ellipse: 86 % of a normal spread lie in it
MOST_PATHS, POINTS = 50, 300  # that are drawn, and points of each: a zoom has to wait for them
ELLIPSE_POINTS = 96


class FanOverlay(Switched):
    """Paints the maker's fan, while it is switched on.

    The paths are a layer that is painted again only for another fan, plane or window.
    """

    def __init__(self, context: Context, maker: FanMaker) -> None:
        super().__init__(context, on=True)
        self._maker = maker
        self._layer = QPixmap()
        self._layer_of: tuple[Fan, Plane, Window, QRectF, float] | None = None
        maker.changed.connect(context.overlays.update)

    @property
    def is_possible(self) -> bool:
        """Whether there is a plane for paths to lie in."""
        return not self._context.landscape.plane.is_line

    @property
    def shown(self) -> Fan | None:
        """The fan on view."""
        found = self._maker.fan if self.is_on and self.is_possible else None
        plane = self._context.landscape.plane
        fits = found is not None and found.thetas.shape[-1] == len(plane.origin)
        return found if fits and not self._context.overlays.hides_step else None

    def spread(self, found: Fan) -> Spread | None:
        """The spread of the members in the plane, at the state on view."""
        plane = self._context.landscape.plane
        return spread(plane.project(found.at(self._context.session.cursor)))

    # -- an overlay ------------------------------------------------------------------------------

    def paint(self, painter: QPainter, frame: PlotFrame) -> None:
        found = self.shown
        if found is None:
            return
        plane = self._context.landscape.plane
        if painter.paintEngine().type() == QPaintEngine.Type.Raster:
            self._refresh_layer(found, frame, painter.deviceTransform().m11())
            painter.drawPixmap(frame.area.topLeft(), self._layer)
        else:
            _paint_paths(painter, found, plane, frame)
        unit, k = unit_of(frame), self._context.session.cursor
        members = frame.pixels(plane.project(found.at(k)))
        pen = QPen(DOT, 4.0 * unit)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        painter.drawPoints(polygon(np.clip(members, -1e4, 1e4)))
        around = self.spread(found)
        if around is not None:
            _paint_spread(painter, around, frame)

    @quiet()
    def drape(self, painter: QPainter, sheet: Sheet) -> None:
        """The members' states, their ellipse and mean, and the mean path, on the relief's sheet."""
        found, plane = self.shown, self._context.landscape.plane
        if found is None:
            return
        unit, pens = sheet.unit, ((DARK.halo, 4.4 * sheet.unit), (MEAN, 2.0 * sheet.unit))
        places = plane.project(found.thetas)
        there = np.isfinite(places).all(axis=(0, 2))
        mean = places[:, there].mean(axis=0)
        sheet.draw(painter, mean[:: 1 + len(mean) // POINTS], pens)
        pen = QPen(DOT, 4.0 * unit)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        members = sheet.draped(plane.project(found.at(self._context.session.cursor)))
        painter.drawPoints(polygon(members.points[np.isfinite(members.points).all(axis=-1)]))
        around = self.spread(found)
        if around is not None:
            sheet.draw(painter, _rim(around), pens)

    def _refresh_layer(self, found: Fan, frame: PlotFrame, ratio: float) -> None:
        plane = self._context.landscape.plane
        key = (found, plane, frame.window, frame.area, ratio)
        if self._layer_of == key:
            return
        size = frame.area.size() * ratio
        self._layer = QPixmap(int(size.width()) + 1, int(size.height()) + 1)
        self._layer.setDevicePixelRatio(ratio)
        self._layer.fill(QColor(0, 0, 0, 0))
        with QPainter(self._layer) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.translate(-frame.area.topLeft())
            _paint_paths(painter, found, plane, frame)
        self._layer_of = key


@quiet()
def _paint_paths(painter: QPainter, found: Fan, plane: Plane, frame: PlotFrame) -> None:
    """The paths, translucent, and over them the mean of all as long as none has diverged."""
    unit = unit_of(frame)
    painter.setPen(QPen(PATH, 1.0))
    places = frame.pixels(plane.project(found.thetas))
    for path in places[:MOST_PATHS]:
        for piece in clipped(path[np.isfinite(path).all(axis=-1)], frame.area):
            stroke(painter, thinned(piece, most=POINTS))
    there = np.isfinite(places).all(axis=(0, 2))
    mean = places[:, there].mean(axis=0)
    for colour, width in ((DARK.halo, 4.4), (MEAN, 2.0)):
        painter.setPen(QPen(colour, width * unit))
        for piece in clipped(mean, frame.area):
            stroke(painter, thinned(piece, most=POINTS))


def _rim(around: Spread) -> Array:
    """The ellipse as places of the plane (n, 2)."""
    deviations, axes = around.axes()
    angle = np.linspace(0.0, 2.0 * np.pi, ELLIPSE_POINTS)
    circle = np.stack([np.cos(angle), np.sin(angle)], axis=-1)
    rim: Array = around.mean + DEVIATIONS * (circle * deviations) @ axes
    return rim


def _paint_spread(painter: QPainter, around: Spread, frame: PlotFrame) -> None:
    """The ellipse of two standard deviations, and the mean."""
    unit = unit_of(frame)
    rim = frame.pixels(_rim(around))
    for colour, width in ((DARK.halo, 4.4), (MEAN, 2.0)):
        painter.setPen(QPen(colour, width * unit))
        for piece in clipped(rim, frame.area):
            stroke(painter, piece)
    painter.setPen(QPen(DARK.halo, 1.6 * unit))
    painter.setBrush(MEAN)
    at: QPointF = pixel(frame, around.mean)
    painter.drawEllipse(at, 4.0 * unit, 4.0 * unit)
