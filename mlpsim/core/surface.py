"""The loss surface: J over a window of a plane, its levels and its isolines."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from math import log10

import numpy as np

from mlpsim.core.arrays import Array
from mlpsim.core.chebyshev import Interpolated, interpolated
from mlpsim.core.contours import Polylines, contours
from mlpsim.core.plane import Plane
from mlpsim.core.problem import quiet
from mlpsim.core.slices import Slice
from mlpsim.core.ticks import levels
from mlpsim.core.window import Window

FINE = 9  # points a side from which a grid is fine
LOG_FROM, LOG_TO = 1e2, 1e12
SHADE, RATIO = 1e-4, 1e-3  # how far interpolated values may be off: of the range, of the lowest


@dataclass(frozen=True, eq=False)
class Isoline:
    """The places where J has one value, as polylines (n, 2) of (α, β)."""

    value: float
    bold: bool
    lines: Polylines


@dataclass(frozen=True, eq=False)
class Surface:
    """J on a grid: xs (nx,), ys (ny,), values (ny, nx); its bold levels and its isolines.

    ``ticks`` are the bold levels, which are those of the colour bar. ``limits`` are the lowest and
    the highest value that are drawn, None where none is finite; ``shades`` (ny, nx) tell where the
    values lie between them, as ``shade`` does. A value that is not finite stays in ``values`` and
    is never drawn. ``error`` estimates how far interpolated values may be off; it is 0 where J was
    computed at every point.
    """

    plane: Plane
    window: Window
    xs: Array
    ys: Array
    values: Array
    log: bool
    ticks: tuple[float, ...]
    isolines: tuple[Isoline, ...]
    limits: tuple[float, float] | None
    shades: Array
    error: float = 0.0

    @cached_property
    def n_missing(self) -> int:
        """How many values of the grid are not finite."""
        return int(self.values.size - np.isfinite(self.values).sum())

    @quiet()
    def at(self, places: Array) -> Array:
        """J between the grid's points, bilinear: (..., 2) -> (...); NaN outside the grid."""
        ny, nx = self.values.shape
        x = (places[..., 0] - self.xs[0]) * ((nx - 1) / (self.xs[-1] - self.xs[0]))
        y = (places[..., 1] - self.ys[0]) * ((ny - 1) / (self.ys[-1] - self.ys[0]))
        return bilinear(self.values, x, y)

    def shade(self, values: Array) -> Array:
        """Where values lie between the lowest (0) and the highest (1) one; NaN if not finite."""
        lo, hi = self.limits or (0.0, 1.0)
        return _between(values, lo, hi, self.log)

    @quiet()
    def share(self, values: Array) -> Array:
        """The same, also below 0 and above 1 for what lies beyond; NaN where there is no place."""
        lo, hi = self.limits or (0.0, 1.0)
        if hi <= lo:
            return np.where(values == lo, 0.5, np.nan)
        if self.log:
            result: Array = (np.log10(values) - log10(lo)) / (log10(hi) - log10(lo))
        else:
            result = values / (hi - lo) - lo / (hi - lo)
        return np.where(np.isfinite(result), result, np.nan)


@quiet()
def bilinear(values: Array, x: Array, y: Array) -> Array:
    """Values (ny, nx) between their columns x and rows y, each (...); NaN outside of them."""
    ny, nx = values.shape
    inside = (x >= 0.0) & (x <= nx - 1.0) & (y >= 0.0) & (y <= ny - 1.0)
    x, y = np.where(inside, x, 0.0), np.where(inside, y, 0.0)
    column, row = np.minimum(x.astype(np.intp), nx - 2), np.minimum(y.astype(np.intp), ny - 2)
    across, up = x - column, y - row
    low = values[row, column] * (1.0 - across) + values[row, column + 1] * across
    high = values[row + 1, column] * (1.0 - across) + values[row + 1, column + 1] * across
    result: Array = np.where(inside, low * (1.0 - up) + high * up, np.nan)
    return result


def drawn_limits(values: Array, log: bool) -> tuple[float, float] | None:
    """The range of the finite values, and of the positive ones on a log scale; or None.

    A log scale of a fine grid begins at the lowest value that 3 × 3 neighbours lie below: what is
    lower at single points, as along a valley thinner than the grid, is an accident of the grid.
    """
    drawn = values[np.isfinite(values) & (values > 0.0)] if log else values[np.isfinite(values)]
    if not drawn.size:
        return None
    lowest, highest = float(drawn.min()), float(drawn.max())
    if log and min(values.shape) >= FINE:
        rows = np.maximum(np.maximum(values[:-2], values[1:-1]), values[2:])
        blocks = np.maximum(np.maximum(rows[:, :-2], rows[:, 1:-1]), rows[:, 2:])
        shown = blocks[np.isfinite(blocks) & (blocks > 0.0)]
        lowest = float(shown.min()) if shown.size else lowest
    return lowest, highest


def wants_log(values: Array) -> bool:
    """Whether the values are positive and span decades, from two to twelve.

    Over more, all that is not next to nothing would have one shade.
    """
    limits = drawn_limits(values, log=False)
    if limits is None or limits[0] <= 0.0:
        return False
    return limits[1] / LOG_FROM >= limits[0] >= limits[1] / LOG_TO


def _between(values: Array, lo: float, hi: float, log: bool) -> Array:
    result = np.full(np.shape(values), np.nan)
    finite = np.isfinite(values)
    # A zero on a log scale is drawn as the lowest value that is not zero.
    inside = np.clip(values[finite], lo, hi)
    if hi <= lo:
        result[finite] = 0.5
    elif log:
        result[finite] = (np.log10(inside) - log10(lo)) / (log10(hi) - log10(lo))
    else:
        result[finite] = inside / (hi - lo) - lo / (hi - lo)
    return result


def _isolines(
    xs: Array,
    ys: Array,
    shades: Array,
    limits: tuple[float, float],
    log: bool,
    cancelled: Callable[[], bool],
) -> tuple[Isoline, ...]:
    """The isolines of a grid at its ``levels``; none where it is flat or a line."""
    if min(shades.shape) < 2 or limits[0] == limits[1]:
        return ()
    found = []
    for line in _lines(xs, ys, shades, limits, log, levels(*limits, log)):
        if cancelled():
            break
        found.append(line)
    return tuple(found)


def _lines(
    xs: Array,
    ys: Array,
    shades: Array,
    limits: tuple[float, float],
    log: bool,
    wanted: list[tuple[float, bool]],
) -> Iterator[Isoline]:
    lines_at = contours(xs, ys, shades)
    for value, bold in wanted:
        shade = float(_between(np.array([value]), *limits, log)[0])
        yield Isoline(value, bold, lines_at(shade))


def isoline_at(surface: Surface, value: float) -> Isoline:
    """The places of a surface where J has a value; no line where it has that nowhere."""
    limits = surface.limits
    if limits is None or min(surface.values.shape) < 2 or not limits[0] < value < limits[1]:
        return Isoline(value, True, ())
    lines = _lines(surface.xs, surface.ys, surface.shades, limits, surface.log, [(value, True)])
    return next(lines)


def smooth_values(
    over: Slice,
    xs: Array,
    ys: Array,
    log: bool | None,
    most: int,
    cancelled: Callable[[], bool] = lambda: False,
) -> Interpolated | None:
    """J over a grid from at most so many points, as closely as no eye can tell, where it is smooth.

    Off by ``SHADE`` of the range, or by ``RATIO`` of the lowest value on a scale that is or may be
    logarithmic.
    """

    def allowed(values: Array) -> float:
        lowest, highest = drawn_limits(values, log=False) or (0.0, 0.0)
        if log or (log is None and highest >= LOG_FROM * lowest):
            return RATIO * max(lowest, 0.0)
        return SHADE * (highest - lowest)

    return interpolated(over, xs, ys, allowed, most, cancelled)


def surface_of(
    plane: Plane,
    window: Window,
    xs: Array,
    ys: Array,
    values: Array,
    log: bool | None,
    cancelled: Callable[[], bool] = lambda: False,
    error: float = 0.0,
    shared: tuple[float, float] | None = None,
) -> Surface:
    """The surface of values (ny, nx); ``log`` None takes a log scale where they span decades.

    Surfaces that are to be compared have the limits of their shades in common: ``shared``.
    """
    use_log = wants_log(values) if log is None else log
    limits = drawn_limits(values, use_log)
    ticks: tuple[float, ...] = ()
    lines: tuple[Isoline, ...] = ()
    shades = np.full(values.shape, np.nan)
    if limits is not None:
        shades = _between(values, *limits, use_log)
        ticks = tuple(value for value, bold in levels(*limits, use_log) if bold)
        lines = _isolines(xs, ys, shades, limits, use_log, cancelled)
    if shared is not None:
        limits, shades = shared, _between(values, *shared, use_log)
    return Surface(plane, window, xs, ys, values, use_log, ticks, lines, limits, shades, error)


def grid_of(plane: Plane, window: Window, nx: int, ny: int) -> tuple[Array, Array]:
    """The places of a grid over the window: xs (nx,), ys (ny,), of a line one y."""
    xs = np.linspace(window.x0, window.x1, nx)
    return xs, np.zeros(1) if plane.is_line else np.linspace(window.y0, window.y1, ny)
