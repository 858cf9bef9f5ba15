"""Surface jobs: the loss over a window of a plane, at as many points as its problem allows."""

from collections.abc import Callable
from dataclasses import dataclass
from math import sqrt

import numpy as np

from mlpsim.core.plane import Plane
from mlpsim.core.problem import Problem
from mlpsim.core.surface import Surface, Window, compute_surface

FINE, COARSE, COARSEST = 40_000, 10_000, 256  # grid points
CHEAP = 500_000  # S·P·points that are computed at once, without a coarse grid before
FINE_WORK, COARSE_WORK = 2_000_000_000, 20_000_000  # S·P·points that a grid may cost
DEAR = 1_000_000  # S·P


@dataclass(frozen=True, eq=False)
class SurfaceJob:
    """A job: the loss over a window of a plane; a coarse one is followed by a fine one."""

    problem: Problem
    plane: Plane
    window: Window
    nx: int
    ny: int
    log: bool | None
    coarse: bool

    @property
    def is_cheap(self) -> bool:
        """Whether the answer is so soon there that it is waited for."""
        return work_of(self.problem) * self.nx * self.ny <= CHEAP

    def run(self, cancelled: Callable[[], bool] = lambda: False) -> Surface | None:
        return compute_surface(
            self.problem, self.plane, self.window, self.nx, self.ny, self.log, cancelled
        )


def surface_job(
    problem: Problem, plane: Plane, window: Window, log: bool | None, coarse: bool
) -> SurfaceJob:
    """The job with square cells, on a coarse or a fine grid; of a dear problem on fewer points."""
    most, work = (COARSE, COARSE_WORK) if coarse else (FINE, FINE_WORK)
    points = max(COARSEST, min(most, work // work_of(problem)))
    nx = int(np.clip(sqrt(points * window.width / window.height), 2, points // 2))
    return SurfaceJob(problem, plane, window, nx, max(2, points // nx), log, coarse)


def needs_coarse(problem: Problem) -> bool:
    """Whether a fine grid takes so long that a coarse one is shown before it."""
    return work_of(problem) * FINE > CHEAP


def is_dear(problem: Problem) -> bool:
    """Whether J at one point takes so long that no frame of a moving picture waits for it."""
    return work_of(problem) > DEAR


def work_of(problem: Problem) -> int:
    """S·P, what J at one point costs."""
    return len(problem.data) * problem.network.n_params
