"""Line search: the objective along a step, φ(η) = J(P_C(w − η d)), and its minimiser."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from mlpsim.core.arrays import Array
from mlpsim.core.optimizer import Objective
from mlpsim.core.optimizers import GradientDescent
from mlpsim.core.problem import Problem, quiet
from mlpsim.core.record import StepRecord

TOLERANCE = 1e-10  # width of the last bracket, relative to the length that is searched
SLOPES = 30  # about so many slopes, or values, until a bracket is so narrow
_GOLDEN = 0.5 * (3.0 - 5.0**0.5)


@dataclass(frozen=True, eq=False)
class Ray:
    """The points w − η d, projected onto C: w and d are (P,)."""

    problem: Problem
    theta: Array
    direction: Array

    @quiet()
    def points(self, etas: Array) -> Array:
        """The parameters at some η: (...) -> (..., P)."""
        return self.problem.feasible.project(self.theta - etas[..., None] * self.direction)

    def values(self, etas: Array) -> Array:
        """φ at some η: (...) -> (...)."""
        return self.problem.value(self.points(etas))

    @quiet()
    def slope(self, eta: float) -> float:
        """−∇J·d at w − η d: φ′ wherever the projection moves nothing."""
        at = self.theta - eta * self.direction
        return -float(self.problem.gradient(at) @ self.direction)

    @quiet()
    def is_free(self, eta: float) -> bool:
        """Whether w − η d lies in C, so that nothing is projected up to there."""
        return bool(self.problem.feasible.contains(self.theta - eta * self.direction))


@dataclass(frozen=True)
class Minimum:
    """The least value found along a ray; ``at_end`` where it lies at the end of the search."""

    eta: float
    value: float
    at_end: bool


@dataclass(frozen=True, eq=False)
class _Unjudged:
    """An objective that is the same everywhere, so that no step is refused."""

    true: Objective

    def value(self, theta: Array) -> Array:
        return np.zeros(theta.shape[:-1])

    def hessian(self, theta: Array) -> Array:
        return self.true.hessian(theta)

    def gauss_newton(self, theta: Array) -> Array:
        return self.true.gauss_newton(theta)


@quiet()
def ray_of(record: StepRecord) -> Ray:
    """The ray of a step: d is the step gradient, or where the optimizer would go at η = 1."""
    experiment = record.segment.experiment
    direction = record.gradient
    if not isinstance(experiment.optimizer, GradientDescent):
        unit, _ = experiment.optimizer.update(
            record.theta_before,
            record.gradient,
            record.state_before,
            1.0,
            record.t,
            _Unjudged(record.objective),
        )
        direction = record.theta_before - unit
    return Ray(experiment.problem, record.theta_before, direction)


def minimise(
    ray: Ray, etas: Array, values: Array, cancelled: Callable[[], bool] = lambda: False
) -> Minimum | None:
    """The least φ on [0, last of ``etas``]: of a scan (n,), and a safeguarded search at its lowest.

    Where nothing is projected the root of φ′ is bracketed to ``TOLERANCE``; else golden sections
    compare values, which tells η to about 1e-8. None if φ is nowhere finite. Once cancelled, the
    search ends wherever it is.
    """
    end, points = float(etas[-1]), len(etas)
    if not np.isfinite(values).any():
        return None
    lowest = int(np.argmin(np.where(np.isfinite(values), values, np.inf)))
    low, high = float(etas[max(0, lowest - 1)]), float(etas[min(points - 1, lowest + 1)])
    is_smooth = ray.is_free(high) and ray.slope(low) < 0.0 < ray.slope(high)
    width = TOLERANCE * end
    if is_smooth:
        eta = _root(ray.slope, low, high, width, cancelled)
    else:
        eta = _golden(ray, low, high, width, cancelled)
    candidates = np.array([eta, etas[lowest]])
    found = ray.values(candidates)
    best = int(np.nanargmin(found))
    at = float(candidates[best])
    return Minimum(at, float(found[best]), at >= end * (1.0 - 1e-6))


def _root(
    slope: Callable[[float], float],
    low: float,
    high: float,
    width: float,
    cancelled: Callable[[], bool],
) -> float:
    """Where the slope changes its sign, by bisection."""
    while high - low > width and not cancelled():
        middle = 0.5 * (low + high)
        if slope(middle) < 0.0:
            low = middle
        else:
            high = middle
    return 0.5 * (low + high)


def _golden(
    ray: Ray, low: float, high: float, width: float, cancelled: Callable[[], bool]
) -> float:
    """Golden sections (Kiefer 1953)."""

    def value(eta: float) -> float:
        return float(ray.values(np.array(eta)))

    left, right = low + _GOLDEN * (high - low), high - _GOLDEN * (high - low)
    at_left, at_right = value(left), value(right)
    while high - low > width and not cancelled():
        if at_left <= at_right:
            high, right, at_right = right, left, at_left
            left = low + _GOLDEN * (high - low)
            at_left = value(left)
        else:
            low, left, at_left = left, right, at_right
            right = high - _GOLDEN * (high - low)
            at_right = value(right)
    return 0.5 * (low + high)
