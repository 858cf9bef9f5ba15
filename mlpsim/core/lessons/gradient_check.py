"""Gradient check: backpropagation against central differences, weight by weight."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from mlpsim.core.arrays import Array
from mlpsim.core.problem import Problem, quiet

_STEP = float(np.cbrt(np.finfo(np.float64).eps))
_EPS = float(np.finfo(np.float64).eps)
_BLOCK = 16  # parameters between two looks at whether the check is still wanted
_TRUNCATION = 1e-7  # what the differences may leave out, beside the largest component


@dataclass(frozen=True)
class GradientCheck:
    """The parameter where ∂J/∂w and its central difference lie farthest apart.

    ``allowed`` is what rounding and the differences' own error explain.
    """

    worst: int
    gradient: float
    difference: float
    allowed: float

    @property
    def distance(self) -> float:
        return abs(self.gradient - self.difference)

    @property
    def agrees(self) -> bool:
        """False also where a number is not finite."""
        return self.distance <= self.allowed


@dataclass(frozen=True, eq=False)
class GradientCheckQuestion:
    """What the check at theta (P,) tells; None if it was cancelled."""

    problem: Problem
    theta: Array

    @quiet()
    def answer(self, cancelled: Callable[[], bool] = lambda: False) -> GradientCheck | None:
        problem, theta = self.problem, self.theta
        gradient = problem.gradient(theta)
        steps = _STEP * np.maximum(np.abs(theta), 1.0)
        differences = np.empty_like(theta)
        for first in range(0, len(theta), _BLOCK):
            if cancelled():
                return None
            places = np.arange(first, min(first + _BLOCK, len(theta)))
            moves = np.zeros((len(places), len(theta)))
            moves[np.arange(len(places)), places] = steps[places]
            up, down = problem.value(theta + moves), problem.value(theta - moves)
            differences[places] = (up - down) / (2.0 * steps[places])
        apart = np.abs(gradient - differences)
        worst = int(np.argmax(np.where(np.isnan(apart), np.inf, apart)))
        rounding = 8.0 * _EPS * len(problem.data) * abs(float(problem.value(theta)))
        size = float(np.abs(gradient).max())
        allowed = rounding / float(steps[worst]) + _TRUNCATION * max(size, 1.0)
        return GradientCheck(worst, float(gradient[worst]), float(differences[worst]), allowed)
