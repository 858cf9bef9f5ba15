"""The quadratic model on the map: its contours, Newton's step, and J along any line from there."""

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF
from PySide6.QtGui import QColor, QPainter

from mlpsim.core.identity import are_same
from mlpsim.core.looks.quadratic import QuadraticModel, quadratic_model
from mlpsim.core.surface import Surface
from mlpsim.core.window import Window
from mlpsim.views import labels
from mlpsim.views.context import Context
from mlpsim.views.items import marks
from mlpsim.views.items.overlays.dashes import dashes_of, paint_dashes
from mlpsim.views.items.overlays.switched import Switched
from mlpsim.views.items.plot_frame import PlotFrame
from mlpsim.views.items.strokes import unit_of
from mlpsim.views.theme import DARK

COLOUR = QColor("#ff9ecb")
FAR = 1e5  # pixels, beyond which an arrow is not painted

Place = tuple[float, float]


class ModelOverlay(Switched):
    """Paints J's quadratic model at the state on view, if switched on.

    Its lines are those of the bold levels of J, so that each leaves the line that it stands for
    where the model is off; the one through the state is stronger.
    """

    def __init__(self, context: Context) -> None:
        super().__init__(context, on=False)
        self.pointed: Place | None = None  # what the pointer is at, on the map
        self._model: QuadraticModel | None = None
        self._of: tuple[object, ...] = ()
        self._dashes: tuple[list[QLineF], list[QLineF]] = ([], [])
        self._dashes_of: tuple[QuadraticModel, Surface, Window, QRectF] | None = None

    def point_at(self, place: Place | None) -> None:
        """The pointer is at a place (α, β) of the plane, or has left."""
        if place != self.pointed:
            self.pointed = place
            if self.is_on:
                self._context.overlays.update()

    @property
    def model(self) -> QuadraticModel | None:
        """The model at the state on view; None where none is shown."""
        session, landscape = self._context.session, self._context.landscape
        theta, plane = session.theta, landscape.plane
        if not self.is_on or plane.is_line or landscape.is_dear or len(plane.origin) != len(theta):
            return None
        of = (session.run, session.cursor, session.experiment, plane)
        if not are_same(of, self._of):
            self._of = of
            self._model = quadratic_model(session.experiment.problem, theta, plane)
        return self._model

    def paint(self, painter: QPainter, frame: PlotFrame) -> None:
        model, surface = self.model, self._context.landscape.surface
        if model is None or surface is None or self._context.overlays.hides_step:
            return
        of, unit = (model, surface, frame.window, frame.area), unit_of(frame)
        if self._dashes_of != of:
            bold = model.isolines(frame.window, surface.ticks)
            through = model.isolines(frame.window, (model.value,))
            self._dashes = dashes_of(bold, frame), dashes_of(through, frame)
            self._dashes_of = of
        for dashes, width in zip(self._dashes, (1.2, 2.2), strict=True):
            paint_dashes(painter, dashes, COLOUR, width * unit)


class NewtonArrow:
    """Paints Newton's step, from the state to where the model is flat, above other arrows."""

    def __init__(self, context: Context, overlay: ModelOverlay) -> None:
        self._context, self._overlay = context, overlay

    def paint(self, painter: QPainter, frame: PlotFrame) -> None:
        model = self._overlay.model
        if model is None or model.flat_place is None or self._context.overlays.hides_step:
            return
        ends = frame.pixels(np.stack([model.place, model.flat_place]))
        if np.abs(ends).max() < FAR:
            at, tip = (QPointF(*end) for end in ends.tolist())
            marks.paint_arrow(painter, at, tip, DARK, COLOUR, 2.4 * unit_of(frame))


class ModelPointer:
    """Paints the line from the state to the pointer, with slope and curvature of J along it."""

    def __init__(self, context: Context, overlay: ModelOverlay) -> None:
        self._context, self._overlay = context, overlay

    @property
    def text(self) -> str:
        """Both derivatives at the state, per length in the space of parameters; or nothing."""
        model, pointed = self._overlay.model, self._overlay.pointed
        along = None if model is None or pointed is None else model.towards(np.array(pointed))
        if along is None or self._context.overlays.hides_step:
            return ""
        slope, curvature = (labels.number(number, 4) for number in along)
        return f"slope {slope}, curvature {curvature}"

    def paint(self, painter: QPainter, frame: PlotFrame) -> None:
        model, pointed, text = self._overlay.model, self._overlay.pointed, self.text
        if model is None or pointed is None or not text:
            return
        ends = frame.pixels(np.stack([model.place, pointed]))
        if np.abs(ends).max() < FAR:
            at, tip = (QPointF(*end) for end in ends.tolist())
            paint_dashes(painter, [QLineF(at, tip)], COLOUR, 1.6 * unit_of(frame))
            theme = self._context.appearance.theme
            marks.paint_pointed(painter, tip, text, theme, frame.font, frame.area)
