"""Kernels: whole stretches of training in one call."""

from math import isfinite

from mlpsim.core.arrays import Array, Indices
from mlpsim.core.compiled.jit import compiled
from mlpsim.core.compiled.passes import (
    error_sum,
    error_sum_and_gradient,
    objective_value,
    scale_gradient,
)
from mlpsim.core.compiled.program import BLOCK, Method, Objective, Work
from mlpsim.core.compiled.updates import project, update
from mlpsim.core.training import KEYFRAME_INTERVAL


@compiled
def _are_finite(numbers: Array) -> bool:
    finite = True
    for p in range(len(numbers)):
        finite = finite and isfinite(numbers[p])
    return finite


@compiled
def _note(theta: Array, state: Array, before: Array) -> None:
    """theta and the state in rows of ``before``."""
    for p in range(len(theta)):
        before[0, p] = theta[p]
        for row in range(len(state)):
            before[row + 1, p] = state[row, p]


@compiled
def train_full(
    objective: Objective,
    method: Method,
    k: int,
    t: int,
    work: Work,
    theta: Array,
    state: Array,
    thetas: Array,
    values: Array,
    before: Array,
    keys: Array,
) -> int:
    """Gradient descent: theta (P,) and state (3, P) move on by n steps from state k.

    ``t`` counts the updates of the state. Fills thetas (n, P), J (n,), ``before`` (4, P) with theta
    and state before the last step, and ``keys`` (m, 3, P) with the states of keyframes.
    Returns how many steps left finite weights and a finite J; if fewer than n, theta is spoilt.
    One pass gives J of a state and the gradient of the step that leaves it.
    """
    n, samples = len(thetas), objective.x.shape[1]
    order, found = method.data_order, 0
    for i in range(n + 1):
        is_loaded = i > 0 and samples <= BLOCK
        error = error_sum_and_gradient(objective, theta, order, 0, samples, is_loaded, work)
        if i:
            values[i - 1] = objective_value(objective, theta, error)
            if not isfinite(values[i - 1]):
                return i - 1
        if i == n:
            break
        if i == n - 1:
            _note(theta, state, before)
        scale_gradient(objective, theta, samples, method.is_unbiased, work.gradient)
        update(method, theta, work.gradient, state, t + i)
        project(method, theta)
        if not _are_finite(theta):
            return i
        for p in range(len(theta)):
            thetas[i, p] = theta[p]
        if (k + i + 1) % KEYFRAME_INTERVAL == 0:
            for row in range(len(state)):
                for p in range(len(theta)):
                    keys[found, row, p] = state[row, p]
            found += 1
    return n


@compiled
def train_batches(
    objective: Objective,
    method: Method,
    k: int,
    t: int,
    work: Work,
    theta: Array,
    state: Array,
    thetas: Array,
    values: Array,
    before: Array,
    keys: Array,
    visits: Indices,
    bounds: Indices,
    every: int,
    everything: Work,
) -> int:
    """The same on batches: step i sees ``visits`` from bounds[i] to bounds[i + 1].

    J on all data is found of every so many states, of none if ``every`` is 0; elsewhere the batch's
    errors, which the step has seen, tell whether it diverged.
    """
    n, samples = len(thetas), objective.x.shape[1]
    order, found = method.data_order, 0
    is_loaded = False
    for i in range(n):
        size = bounds[i + 1] - bounds[i]
        error = error_sum_and_gradient(objective, theta, visits, bounds[i], size, False, work)
        if i == n - 1:
            _note(theta, state, before)
        scale_gradient(objective, theta, size, method.is_unbiased, work.gradient)
        update(method, theta, work.gradient, state, t + i)
        project(method, theta)
        if not _are_finite(theta):
            return i
        if every and (k + i + 1) % every == 0:
            error = error_sum(objective, theta, order, 0, samples, is_loaded, everything)
            is_loaded = samples <= BLOCK
            values[i] = objective_value(objective, theta, error)
            error = values[i]
        if not isfinite(error):
            return i
        for p in range(len(theta)):
            thetas[i, p] = theta[p]
        if (k + i + 1) % KEYFRAME_INTERVAL == 0:
            for row in range(len(state)):
                for p in range(len(theta)):
                    keys[found, row, p] = state[row, p]
            found += 1
    return n
