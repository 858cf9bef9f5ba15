"""Error maps: the surface of every sample's error, and of what some of them add up to."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from math import sqrt

import numpy as np

from mlpsim.core.arrays import Array
from mlpsim.core.plane import Plane
from mlpsim.core.problem import Problem
from mlpsim.core.slices import CHUNK
from mlpsim.core.surface import Surface, drawn_limits, surface_of, wants_log
from mlpsim.core.window import Window

REST, PENALTY = -1, -2  # the keys of parts that are no samples
MOST_POINTS, LEAST_POINTS = 6_400, 256
WORK = 40_000_000  # S·P·points that the maps may cost


@dataclass(frozen=True, eq=False)
class ErrorMaps:
    """J's parts on one grid, by key: a sample's e^s, ``REST`` of the others, ``PENALTY`` R.

    ``values`` (n, ny, nx) stand beside ``keys`` (n,); ``scale`` is A, by which errors enter J.
    """

    plane: Plane
    window: Window
    xs: Array
    ys: Array
    keys: tuple[int, ...]
    values: Array
    scale: float

    @cached_property
    def log(self) -> bool:
        """Whether the scale of all is logarithmic: as that of J."""
        return wants_log(self._sum(frozenset(self.keys)))

    @cached_property
    def parts(self) -> tuple[Surface, ...]:
        """A surface for each key; those of samples have one scale of shades: they compare."""
        samples = [n for n, key in enumerate(self.keys) if key >= 0]
        shared = drawn_limits(self.values[samples].reshape(-1, len(self.xs)), self.log)
        return tuple(
            self._surface(values, shared if key >= 0 else None)
            for key, values in zip(self.keys, self.values, strict=True)
        )

    def total(self, keys: frozenset[int]) -> Surface:
        """The surface of what these parts add up to: J, if they are all."""
        return self._surface(self._sum(keys), None)

    def _sum(self, keys: frozenset[int]) -> Array:
        factors = [
            0.0 if key not in keys else 1.0 if key == PENALTY else self.scale for key in self.keys
        ]
        with np.errstate(all="ignore"):
            parts = [f * v for f, v in zip(factors, self.values, strict=True) if f]
            total: Array = np.sum(parts, axis=0) if parts else np.zeros(self.values.shape[1:])
        return total

    def _surface(self, values: Array, shared: tuple[float, float] | None) -> Surface:
        grid = (self.plane, self.window, self.xs, self.ys)
        return surface_of(*grid, values, self.log, shared=shared)


def error_maps(
    problem: Problem,
    plane: Plane,
    window: Window,
    samples: tuple[int, ...],
    cancelled: Callable[[], bool] = lambda: False,
) -> ErrorMaps | None:
    """The maps of these samples, of all others together and of R; None if it was cancelled."""
    n_samples, widest = len(problem.data), max(problem.network.sizes[1:])
    points = WORK // (n_samples * problem.network.n_params)
    points = max(LEAST_POINTS, min(MOST_POINTS, points))
    nx = max(2, round(sqrt(points * window.width / window.height)))
    xs = np.linspace(window.x0, window.x1, min(nx, points // 2))
    ys = np.linspace(window.y0, window.y1, max(2, points // len(xs)))
    chosen = np.array(samples, dtype=np.intp)
    others = np.setdiff1d(np.arange(n_samples), chosen)
    keys = (*samples, *((REST,) if len(others) else ()), *((PENALTY,) if problem.penalty else ()))
    values = np.empty((len(keys), len(ys), len(xs)))
    step = max(1, CHUNK // (n_samples * widest))
    for y in range(len(ys)):
        for x in range(0, len(xs), step):
            if cancelled():
                return None
            thetas = plane.points(xs[x : x + step], ys[y : y + 1])[0]
            errors = problem.errors(thetas)
            place = (slice(None), y, slice(x, x + step))
            parts = [errors[:, chosen].T]
            if len(others):
                parts.append(errors[:, others].sum(axis=1)[None])
            if problem.penalty:
                parts.append(problem.penalty_value(thetas)[None])
            values[place] = np.concatenate(parts)
    return ErrorMaps(plane, window, xs, ys, keys, values, problem.scale)
