"""Contours: the lines along which heights over a grid have one value."""

from collections.abc import Callable
from typing import cast

import numpy as np
from contourpy import LineType, contour_generator

from mlpsim.core.arrays import Array

Polylines = tuple[Array, ...]  # each (n, 2)


def contours(xs: Array, ys: Array, heights: Array) -> Callable[[float], Polylines]:
    """What gives the lines at a level, of heights (ny, nx); none passes where one is not finite."""
    is_whole = np.isfinite(heights).all()
    known = heights if is_whole else np.ma.masked_invalid(heights)
    generator = contour_generator(xs, ys, known, line_type=LineType.Separate)
    return lambda level: tuple(cast(list[Array], generator.lines(level)))
