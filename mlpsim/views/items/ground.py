"""The ground that paths lie on: the surface over a plane, and where states are drawn on it."""

from dataclasses import dataclass

import numpy as np
from PySide6.QtGui import QImage, QPainter

from mlpsim.core.arrays import Array
from mlpsim.core.plane import Plane
from mlpsim.core.problem import Problem
from mlpsim.core.run import Run
from mlpsim.core.section import Section, section
from mlpsim.core.surface import Surface
from mlpsim.views.items import marks
from mlpsim.views.items.curve_item import paint_curve
from mlpsim.views.items.plot_frame import PlotFrame
from mlpsim.views.items.surface_item import paint_isolines, paint_shades, surface_image


@dataclass(frozen=True, eq=False)
class Ground:
    """A plane, and the problem whose J is the height over a line."""

    plane: Plane
    problem: Problem

    @property
    def section(self) -> Section | None:
        """C as it is drawn."""
        return section(self.problem.feasible, self.plane)

    def places(self, thetas: Array) -> Array:
        """Where parameter vectors (n, P) are drawn: (n, 2)."""
        with np.errstate(all="ignore"):
            places = self.plane.project(thetas)
            if self.plane.is_line:
                places = np.stack([places[:, 0], self.problem.value(thetas)], axis=-1)
        return places

    def states(self, run: Run, first: int, last: int, most: int | None = None) -> Array:
        """Where the states first … last are drawn (n, 2), of a thinned run the recorded ones.

        Of more than ``most``, about so many are.
        """
        steps, thetas = run.path(first, last, most)
        if not len(steps) or steps[-1] != last:
            thetas = np.concatenate([thetas, run.theta(last)[None]])
        return self.places(thetas)


class GroundPicture:
    """Paints a surface with its isolines and the edge of C, or the curve over a line.

    The image of the surface that was painted last is kept.
    """

    def __init__(self) -> None:
        self._image: tuple[Surface, QImage] | None = None

    def paint(self, painter: QPainter, frame: PlotFrame, surface: Surface, ground: Ground) -> None:
        if ground.plane.is_line:
            paint_curve(painter, surface, frame)
            return
        if self._image is None or self._image[0] is not surface:
            self._image = surface, surface_image(surface)
        paint_shades(painter, surface, self._image[1], frame)
        paint_isolines(painter, surface, frame, frame.font)
        if (found := ground.section) is not None:
            marks.paint_outside(painter, frame, found)
