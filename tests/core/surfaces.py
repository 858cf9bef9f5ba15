"""Surfaces at every point of a grid."""

from collections.abc import Callable

from mlpsim.core.plane import Plane
from mlpsim.core.problem import Problem
from mlpsim.core.slices import Slice
from mlpsim.core.surface import Surface, grid_of, surface_of
from mlpsim.core.window import Window


def compute_surface(
    problem: Problem,
    plane: Plane,
    window: Window,
    nx: int,
    ny: int,
    log: bool | None = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Surface | None:
    """J on a grid of nx × ny points of the window; None if it was cancelled on the way."""
    xs, ys = grid_of(plane, window, nx, ny)
    values = Slice(problem, plane).values(xs, ys, cancelled)
    return None if values is None else surface_of(plane, window, xs, ys, values, log, cancelled)
