"""Settling: where plain gradient descent leads from the last states of a noisy method."""

from collections.abc import Callable

import numpy as np

from mlpsim.core.arrays import Array
from mlpsim.core.curvature import TOLERANCE
from mlpsim.core.problem import Problem, quiet

MOST_STEPS = 3_000
LOOK = 10  # steps between looks at whether to go on
ENOUGH = 1e-4  # of the drop that the slope promises (Armijo 1966)
LONGER, SHORTER = 1.5, 0.4
STALLED = 1e-14  # a rate, in parts of the least that the stride allowed: only rounding refuses it
ROUNDING = 4e-16  # of J: a rise that is none


@quiet()
def settled(
    problem: Problem,
    thetas: Array,
    stride: float,
    interrupted: Callable[[], bool] = lambda: False,
    most: int = MOST_STEPS,
) -> Array | None:
    """The places (R, P) that descent on all data reaches from thetas (R, P); None if interrupted.

    Every step lowers J enough and is no longer than ``stride``, so that none leaps over a ridge
    into another basin. A place is left where its gradient is below τ, and after ``most`` steps.
    """
    result: Array = np.array(problem.feasible.project(thetas))
    values = problem.value(result)
    left = np.flatnonzero(np.isfinite(values))
    rates, first = np.full(len(result), np.inf), np.full(len(result), np.inf)
    for step in range(most):
        if step % LOOK == 0 and interrupted():
            return None
        if not len(left):
            break
        theta, value = result[left], values[left]
        gradient = problem.gradient(theta)
        slope = np.linalg.norm(theta - problem.feasible.project(theta - gradient), axis=-1)
        going = slope > TOLERANCE
        longest = stride / np.linalg.norm(gradient, axis=-1)
        first[left] = np.minimum(first[left], longest)
        rate = np.minimum(rates[left], longest)
        after = problem.feasible.project(theta - rate[:, None] * gradient)
        lower = problem.value(after)
        promised = ENOUGH * (gradient * (theta - after)).sum(axis=-1)
        good = going & (lower <= value - promised + ROUNDING * np.abs(value))
        result[left[good]], values[left[good]] = after[good], lower[good]
        rates[left] = np.where(good, LONGER, SHORTER) * rate
        left = left[going & (rates[left] > STALLED * first[left])]
    return result
