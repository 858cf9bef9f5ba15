"""Kernels: whole stretches of training in one call."""

from math import isfinite

from mlpsim.core.arrays import Array, Indices
from mlpsim.core.compiled.across import total
from mlpsim.core.compiled.jit import compiled, kernel
from mlpsim.core.compiled.passes import load, pass_over
from mlpsim.core.compiled.program import BLOCK, WIDTH, Method, Motion, Objective, Trail, Work
from mlpsim.core.compiled.updates import add_penalty, batch_scaling, penalty, project, update
from mlpsim.core.compiled.vectors import get, put, spread


@compiled
def _keep(theta: Array, thetas: Array, i: int) -> bool:
    """theta goes to a row of thetas; whether it is finite."""
    whole = len(theta) - len(theta) % WIDTH
    rest = 0.0  # 0 of finite numbers, else NaN, which no sum loses
    if whole > 0:
        zeros = spread(0.0)
        for p in range(0, whole, WIDTH):
            weights = get(theta, 0, p)
            put(thetas, i, p, weights)
            zeros += 0.0 * weights
        rest = total(zeros)
    for p in range(whole, len(theta)):
        thetas[i, p] = theta[p]
        rest += 0.0 * theta[p]
    return rest == 0.0


@compiled
def _note(motion: Motion, before: Array) -> None:
    """theta and the state in rows of ``before``."""
    theta, state = motion.theta, motion.state
    for p in range(len(theta)):
        before[0, p] = theta[p]
        for row in range(len(state)):
            before[row + 1, p] = state[row, p]


@compiled
def _step(
    objective: Objective, method: Method, motion: Motion, kappa: float, t: int, i: int, trail: Trail
) -> bool:
    """Update t, the i-th of the trail, with κ of the penalty; whether its theta is finite."""
    if i == len(trail.values) - 1:
        _note(motion, trail.before)
    if objective.l1 != 0.0 or objective.l2 != 0.0:
        add_penalty(objective, motion.theta, kappa, motion.gradient)
    update(method, motion.theta, motion.gradient, motion.state, t)
    project(method, motion.theta)
    return _keep(motion.theta, trail.thetas, min(i, len(trail.thetas) - 1))


@compiled
def _keep_state(state: Array, keys: Array, found: int) -> None:
    for row in range(len(state)):
        for p in range(state.shape[1]):
            keys[found, row, p] = state[row, p]


@kernel
def descend(
    objective: Objective,
    method: Method,
    k: int,
    t: int,
    motion: Motion,
    trail: Trail,
    keys_every: int,
    work: Work,
) -> int:
    """n steps of gradient descent on all data from state k; ``t`` counts the state's updates.

    Returns how many left finite weights and a finite J; if fewer than n, theta is spoilt. One pass
    gives J of a state and the gradient of the step that leaves it.
    """
    n, samples, order = len(trail.values), objective.x.shape[1], method.data_order
    theta, gradient = motion.theta, motion.gradient
    next_key, found = keys_every - k % keys_every, 0
    for i in range(n + 1):
        is_loaded = i > 0 and samples <= BLOCK
        error = pass_over(
            objective, theta, order, 0, samples, is_loaded, True, objective.scale, work, gradient
        )
        if i > 0:
            error += penalty(objective, theta)
            trail.values[i - 1] = error
            if not isfinite(error):
                return i - 1
        if i == n or not _step(objective, method, motion, 1.0, t + i, i, trail):
            return i
        if i + 1 == next_key:
            _keep_state(motion.state, trail.keys, found)
            next_key += keys_every
            found += 1
    return n


@kernel
def descend_by_batches(
    objective: Objective,
    method: Method,
    k: int,
    t: int,
    motion: Motion,
    trail: Trail,
    visits: Indices,
    bounds: Indices,
    every: int,
    keys_every: int,
    work: Work,
    whole: Work,
) -> int:
    """The same by batches: step i sees ``visits`` from bounds[i] to bounds[i + 1].

    J goes to the trail at ``every`` so many states (0: at none), by all data in a room of their
    own; at the others the errors of the batch are to be finite.
    """
    n, samples, order = len(trail.values), objective.x.shape[1], method.data_order
    theta, gradient = motion.theta, motion.gradient
    next_key, found = keys_every - k % keys_every, 0
    next_value = every - k % every if every > 0 else n + 1
    fits = samples <= BLOCK
    if every > 0 and fits:
        load(objective, order, 0, samples, whole)
    for i in range(n):
        first, size = bounds[i], bounds[i + 1] - bounds[i]
        factor, kappa = batch_scaling(objective, method, size)
        error = pass_over(
            objective, theta, visits, first, size, False, True, factor, work, gradient
        )
        if not _step(objective, method, motion, kappa, t + i, i, trail):
            return i
        if i + 1 == next_value:
            error = pass_over(
                objective, theta, order, 0, samples, fits, False, objective.scale, whole, gradient
            )
            error += penalty(objective, theta)
            trail.values[i] = error
            next_value += every
        if not isfinite(error):
            return i
        if i + 1 == next_key:
            _keep_state(motion.state, trail.keys, found)
            next_key += keys_every
            found += 1
    return n
