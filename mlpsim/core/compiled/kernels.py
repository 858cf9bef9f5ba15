"""Kernels: whole stretches of training in one call."""

from math import isfinite

from mlpsim.core.arrays import Array, Indices
from mlpsim.core.compiled.jit import compiled, kernel
from mlpsim.core.compiled.passes import pass_over
from mlpsim.core.compiled.program import BLOCK, WIDTH, Method, Objective, Work
from mlpsim.core.compiled.updates import add_penalty, batch_scaling, penalty, project, update
from mlpsim.core.compiled.vectors import get, put, spread, total


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
def _note(theta: Array, state: Array, before: Array) -> None:
    """theta and the state in rows of ``before``."""
    for p in range(len(theta)):
        before[0, p] = theta[p]
        for row in range(len(state)):
            before[row + 1, p] = state[row, p]


@kernel
def train(
    objective: Objective,
    method: Method,
    k: int,
    t: int,
    theta: Array,
    state: Array,
    gradient: Array,
    thetas: Array,
    values: Array,
    before: Array,
    keys: Array,
    visits: Indices,
    bounds: Indices,
    every: int,
    keys_every: int,
    work: Work,
) -> int:
    """theta (P,) and the optimizer's state (3, P) move on by n steps from state k.

    Step i sees ``visits`` from bounds[i] to bounds[i + 1], or all data; ``t`` counts the updates of
    the state. Fills thetas (n, P), or (1, P) with the last one alone, J (n,) of every so many
    states, ``before`` (4, P) with theta and state before the last step, and ``keys`` (m, 3, P) with
    the optimizer's state at every so many.
    Returns how many steps left finite weights and a finite J, or finite errors of the batch where J
    is left out; if fewer than n, theta is spoilt.

    In gradient descent one pass over all data gives J of a state and the gradient of the step that
    leaves it; else a second pass gives J.
    """
    n, samples = len(values), objective.x.shape[1]
    done = found = 0
    is_full = sees_all = method.is_full
    is_penalized = objective.l1 != 0.0 or objective.l2 != 0.0
    while n > 0:
        is_backward = is_full or not sees_all
        order, first, size, factor = method.data_order, 0, samples, objective.scale
        kappa = 1.0
        if not sees_all:
            order, first, size = visits, bounds[done], bounds[done + 1] - bounds[done]
            factor, kappa = batch_scaling(objective, method, size)
        is_loaded = is_full and done > 0 and samples <= BLOCK
        error = pass_over(
            objective, theta, order, first, size, is_loaded, is_backward, factor, work, gradient
        )
        if sees_all and done > 0:
            if is_penalized:
                error += penalty(objective, theta)
            values[done - 1] = error
            if not isfinite(error):
                return done - 1
            if done == n:
                return n
        if not is_backward:
            sees_all = False
            continue
        if done == n - 1:
            _note(theta, state, before)
        if is_penalized:
            add_penalty(objective, theta, kappa, gradient)
        update(method, theta, gradient, state, t + done)
        project(method, theta)
        sees_all = is_full or (every > 0 and (k + done + 1) % every == 0)
        is_finite = _keep(theta, thetas, min(done, len(thetas) - 1))
        if not (is_finite and (sees_all or isfinite(error))):
            return done
        done += 1
        if (k + done) % keys_every == 0:
            for row in range(len(state)):
                for p in range(len(theta)):
                    keys[found, row, p] = state[row, p]
            found += 1
        if done == n and not sees_all:
            return n
    return 0
