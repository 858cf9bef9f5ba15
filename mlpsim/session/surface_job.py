"""Surface jobs: the loss over a window of a plane, at as many points as its problem allows."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import sqrt
from typing import Literal

import numpy as np

from mlpsim.core.arrays import Array
from mlpsim.core.engine import Engine
from mlpsim.core.plane import Plane
from mlpsim.core.problem import Problem
from mlpsim.core.slices import Slice
from mlpsim.core.surface import Surface, grid_of, smooth_values, surface_of
from mlpsim.core.window import Window
from mlpsim.core.work import ease_of, work_of

Detail = Literal["coarse", "middle", "fine"]

POINTS: dict[Detail, int] = {"coarse": 10_000, "middle": 10_000, "fine": 40_000}
# S·P·points that a grid may cost: its points are fewer where they cost more.
WORK: dict[Detail, int] = {"coarse": 20_000_000, "middle": 200_000_000, "fine": 4_000_000_000}
COARSEST = 256
CHEAP = 500_000  # S·P·points that are computed at once, without a coarse grid before
BURST_WORK = 40_000_000  # S·P·points after which a job says how far it is
SMOOTH_WORK = 250_000_000  # S·P·points that an interpolated surface may cost


@dataclass(frozen=True, eq=False)
class Part:
    """A surface that is not finished: its first ``rows`` rows of values (ny, nx) are known."""

    values: Array
    rows: int

    @property
    def share(self) -> float:
        return self.rows / len(self.values)


@dataclass(frozen=True, eq=False)
class SurfaceJob:
    """A job: the loss over a window of a plane; what is not fine is followed by a finer one.

    Where it takes long it answers with the part that is done, and ``going_on`` is the rest.
    """

    problem: Problem
    plane: Plane
    window: Window
    nx: int
    ny: int
    log: bool | None
    detail: Detail
    engine: Engine | None = None
    begun: Part | None = None

    @property
    def is_cheap(self) -> bool:
        """Whether the answer is so soon there that it is waited for."""
        return work_of(self.problem) * self.nx * self.ny <= CHEAP * ease_of(self.engine)

    def is_same_as(self, other: "SurfaceJob") -> bool:
        """Whether both ask for the same surface; the same problem and plane, not equal ones.

        Who computes it does not matter: engines differ by rounding alone.
        """
        grid = (self.window, self.nx, self.ny, self.log)
        same = grid == (other.window, other.nx, other.ny, other.log)
        return same and self.problem is other.problem and self.plane is other.plane

    def going_on(self, part: Part) -> "SurfaceJob":
        """The job that goes on from a part."""
        return replace(self, begun=part)

    def run(self, cancelled: Callable[[], bool] = lambda: False) -> Surface | Part | None:
        xs, ys = grid_of(self.plane, self.window, self.nx, self.ny)
        over = Slice(self.problem, self.plane, self.engine)
        # What is cheap costs less at every point than the interpolation's own arithmetic.
        if self.begun is None and not self.is_cheap:
            most = SMOOTH_WORK // work_of(self.problem)
            smooth = smooth_values(over, xs, ys, self.log, most, cancelled)
            if smooth is not None:
                return self._surface(xs, ys, smooth.values, cancelled, smooth.error)
        values = np.empty((len(ys), len(xs)))
        first = 0
        if self.begun is not None:
            first = self.begun.rows
            values[:first] = self.begun.values[:first]
        burst = BURST_WORK * ease_of(self.engine)
        last = first + max(1, burst // (work_of(self.problem) * len(xs)))
        rows = over.values(xs, ys[first:last], cancelled)
        if rows is None:
            return None
        values[first:last] = rows
        if last < len(ys):
            return Part(values, last)
        return self._surface(xs, ys, values, cancelled)

    def finish(self) -> Surface:
        """The surface with all its parts, here and now."""
        answer = self.run()
        while isinstance(answer, Part):
            answer = self.going_on(answer).run()
        assert answer is not None  # nothing cancels it
        return answer

    def _surface(
        self,
        xs: Array,
        ys: Array,
        values: Array,
        cancelled: Callable[[], bool],
        error: float = 0.0,
    ) -> Surface:
        plane, window, log = self.plane, self.window, self.log
        return surface_of(plane, window, xs, ys, values, log, cancelled, error)


def surface_job(
    problem: Problem,
    plane: Plane,
    window: Window,
    log: bool | None,
    detail: Detail,
    engine: Engine | None = None,
) -> SurfaceJob:
    """The job with square cells, of a dear problem on fewer points."""
    points = max(COARSEST, min(POINTS[detail], WORK[detail] // work_of(problem)))
    nx = int(np.clip(sqrt(points * window.width / window.height), 2, points // 2))
    return SurfaceJob(problem, plane, window, nx, max(2, points // nx), log, detail, engine)


def first_detail(problem: Problem, engine: Engine | None = None) -> Detail:
    """Coarse where a fine grid takes so long that another is shown before it."""
    return "coarse" if work_of(problem) * POINTS["fine"] > CHEAP * ease_of(engine) else "fine"


def next_detail(problem: Problem, detail: Detail, engine: Engine | None = None) -> Detail | None:
    """What is shown after a grid of that detail; the middle one only where the fine one is far."""
    if detail == "fine":
        return None
    is_far = work_of(problem) * POINTS["fine"] > WORK["middle"] * ease_of(engine)
    return "middle" if detail == "coarse" and is_far else "fine"
