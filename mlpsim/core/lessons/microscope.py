"""The microscope: what is seen of φ along one step, computed once for it."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from mlpsim.core.arrays import Array
from mlpsim.core.curvature import MOST_PARAMS, eigenvalues
from mlpsim.core.line_search import SLOPES, Minimum, Ray, minimise, ray_of
from mlpsim.core.optimizers import step_is_linear
from mlpsim.core.problem import Problem
from mlpsim.core.record import StepRecord, record_step
from mlpsim.core.segment import Segment
from mlpsim.core.training import Checkpoint
from mlpsim.core.work import work_of

MOST_WORK = 6_000_000  # S·P above which the curve is not drawn
SOME_WORK = 50_000  # S·P above which it takes longer than a frame
POINTS, FEW_POINTS, LEAST_POINTS = 161, 65, 33
LARGEST = 1e300  # an end that still can be cut into points
LITTLE_WORK = 2_000  # S·P up to which the curve has all of its points


@dataclass(frozen=True, eq=False)
class Profile:
    """φ at ``etas`` (n,), the η in use, φ there and at 0, and the slope φ′(0).

    ``slope`` is None where a wall of C stops the step at once, ``limit`` 2/λ_max where the
    curvature at w is positive and known and the step grows with the gradient, ``minimum`` None
    where φ is nowhere finite.
    """

    etas: Array
    values: Array
    rate: float
    at_rate: float
    at_zero: float
    slope: float | None
    limit: float | None
    minimum: Minimum | None

    @property
    def end(self) -> float:
        """The largest η in sight."""
        return float(self.etas[-1])

    @property
    def raises(self) -> bool:
        """Whether the η in use ends higher than it began."""
        return self.at_rate > self.at_zero


@dataclass(frozen=True, eq=False)
class ProfileQuestion:
    """What is seen along the step of ``segment`` that leaves ``before``, up to η = ``end``."""

    segment: Segment
    before: Checkpoint
    end: float | None

    @property
    def work(self) -> int:
        """Samples times parameters that are gone through, there and back."""
        problem = self.segment.experiment.problem
        n_params = problem.network.n_params
        hessian = 2 * n_params if n_params <= MOST_PARAMS else 0
        return work_of(problem) * (_points(problem) // 2 + SLOPES + hessian)

    def answer(self, cancelled: Callable[[], bool] = lambda: False) -> Profile | None:
        """None when cancelled."""
        return profile(record_step(self.segment, self.before), self.end, cancelled)


def is_too_large(problem: Problem) -> bool:
    """Whether φ costs too much to be drawn while somebody waits."""
    return work_of(problem) > MOST_WORK


def is_slow(problem: Problem) -> bool:
    """Whether φ costs too much to be drawn while the run plays."""
    return work_of(problem) > SOME_WORK


def profile(
    record: StepRecord, end: float | None = None, cancelled: Callable[[], bool] = lambda: False
) -> Profile | None:
    """φ along a step up to η = ``end``; None takes in the η in use and, if near, 2/λ_max.

    None when cancelled.
    """
    ray = ray_of(record)
    limit = _limit(record, cancelled)
    rate = record.rate if np.isfinite(record.rate) else 0.0
    if end is None:
        end = _end(rate, limit)
    etas = np.linspace(0.0, end, _points(ray.problem))
    values = _scan(ray, etas, cancelled)
    two = ray.values(np.array([0.0, rate]))
    slope = ray.slope(0.0) if ray.is_free(1e-6 * end) else None
    minimum = minimise(ray, etas, values, cancelled)
    if cancelled():
        return None
    return Profile(etas, values, rate, float(two[1]), float(two[0]), slope, limit, minimum)


def _points(problem: Problem) -> int:
    if is_slow(problem):
        return LEAST_POINTS
    return POINTS if work_of(problem) <= LITTLE_WORK else FEW_POINTS


def _scan(ray: Ray, etas: Array, cancelled: Callable[[], bool]) -> Array:
    """φ at ``etas`` (n,), a few at a time, as long as it is not cancelled."""
    values = np.full(len(etas), np.nan)
    few = 1 + SOME_WORK // work_of(ray.problem)
    for first in range(0, len(etas), few):
        if cancelled():
            break
        some = slice(first, first + few)
        values[some] = ray.values(etas[some])
    return values


def _limit(record: StepRecord, cancelled: Callable[[], bool]) -> float | None:
    experiment = record.segment.experiment
    if not step_is_linear(experiment.optimizer):
        return None
    found = eigenvalues(experiment.problem, record.theta_before, cancelled)
    if found is None or not found[-1] > 0.0:
        return None
    limit = 2.0 / float(found[-1])
    return limit if np.isfinite(limit) else None


def _end(rate: float, limit: float | None) -> float:
    if rate <= 0.0:
        return min(1.5 * limit, LARGEST) if limit is not None else 1.0
    return min(max(2.2 * rate, min(1.2 * (limit or 0.0), 8.0 * rate)), LARGEST)
