"""Lanes, compiled: many parameter vectors that take the same steps, side by side.

The passes with members in the lanes: a row of theta (P, R) is one parameter of all R members, a
multiple of W, and every member sees one sample at a time.
"""

from math import sqrt
from typing import NamedTuple

import numpy as np

from mlpsim.core.arrays import Array, Indices
from mlpsim.core.compiled.across import total
from mlpsim.core.compiled.jit import compiled, kernel
from mlpsim.core.compiled.outputs import errors, is_neuron, output
from mlpsim.core.compiled.passes import forward, propagate
from mlpsim.core.compiled.products import shape_of
from mlpsim.core.compiled.program import BALL, BOX, WIDTH, Method, Objective, Work
from mlpsim.core.compiled.updates import batch_scaling, update
from mlpsim.core.compiled.vectors import gather, get, put, select, spread


class Lanes(NamedTuple):
    """R members: theta, that before, the gradient (P, R), the state (3, P, R), the lost (1, R).

    ``flat_theta``, ``flat_gradient`` and ``flat_state`` are the same numbers, in one row.
    """

    theta: Array
    before: Array
    gradient: Array
    flat_theta: Array
    flat_gradient: Array
    flat_state: Array
    lost: Array


@compiled
def _load(numbers: Array, visits: Indices, place: int, members: int, rows: Array, row: int) -> None:
    """Columns of an array (m, S): those that members visit, each its own, or the same for all."""
    for d in range(len(numbers)):
        for r in range(0, members, WIDTH):
            if visits.shape[1] == 1:
                put(rows, row + d, r, spread(numbers[d, visits[place, 0]]))
            else:
                put(rows, row + d, r, gather(numbers, d, visits[place], r))


@compiled
def _add_gradient(objective: Objective, gradient: Array, work: Work) -> None:
    """Adds ∂e/∂theta of each member's sample, whose δ are known, to the gradient (P, R)."""
    layers, rows, row = objective.layers, work.rows, len(objective.x)
    for layer in range(len(layers)):
        fan_in, fan_out, p, b = shape_of(layers, layer)
        for i in range(fan_out):
            for r in range(0, gradient.shape[1], WIDTH):
                delta = get(rows, work.deltas + row + i, r)
                for j in range(fan_in):
                    share = delta * get(rows, row - fan_in + j, r)
                    put(gradient, p + j, r, get(gradient, p + j, r) + share)
                if b >= 0:
                    put(gradient, b + i, r, get(gradient, b + i, r) + delta)
            p += fan_in
        row += fan_out


@compiled
def _add_neuron(
    objective: Objective, theta: Array, gradient: Array, is_shared: bool, work: Work
) -> None:
    """The same of one neuron, whose δ is at once where it is used; all may see one sample."""
    live = get(work.rows, work.live, 0)
    b = objective.layers[0, 3]
    for r in range(0, gradient.shape[1], WIDTH):
        s = 0 if is_shared else r
        _, slope, _, by_output = output(objective, theta, 0, r, s, work)
        delta = live * slope * by_output
        for j in range(len(objective.x)):
            put(gradient, j, r, get(gradient, j, r) + delta * get(work.rows, j, s))
        if b >= 0:
            put(gradient, b, r, get(gradient, b, r) + delta)


@compiled
def _add_penalty(objective: Objective, theta: Array, kappa: float, gradient: Array) -> None:
    """Adds κ·∇R to the gradient."""
    for p in range(len(theta)):
        l1 = kappa * objective.l1 * objective.penalized[p]
        l2 = kappa * objective.l2 * objective.penalized[p]
        for r in range(theta.shape[1]):
            gradient[p, r] += l1 * np.sign(theta[p, r]) + l2 * theta[p, r]


@compiled
def _project(method: Method, theta: Array) -> None:
    """The nearest points of C in place of theta."""
    if method.feasible == BOX:
        for p in range(len(theta)):
            for r in range(theta.shape[1]):
                theta[p, r] = method.low[p] if theta[p, r] < method.low[p] else theta[p, r]
                theta[p, r] = method.high[p] if theta[p, r] > method.high[p] else theta[p, r]
    elif method.feasible == BALL:
        for r in range(theta.shape[1]):
            square = 0.0
            for p in range(len(theta)):
                square += (theta[p, r] - method.low[p]) ** 2
            distance = sqrt(square)
            if distance > method.radius:
                scale = method.radius / distance
                for p in range(len(theta)):
                    theta[p, r] = method.low[p] + (theta[p, r] - method.low[p]) * scale


@compiled
def _settle(lanes: Lanes) -> None:
    """A member whose step leaves a weight that is not finite is lost, and stays where it was."""
    theta, before, lost = lanes.theta, lanes.before, lanes.lost
    for r in range(0, lost.shape[1], WIDTH):
        rest = get(lost, 0, r)
        for p in range(len(theta)):
            rest += 0.0 * get(theta, p, r)  # 0 of a finite weight, else NaN, which no sum loses
        if total(rest) == 0.0:
            continue
        put(lost, 0, r, rest)
        for p in range(len(theta)):
            put(theta, p, r, select(rest == 0.0, get(theta, p, r), get(before, p, r)))


@kernel
def advance_lanes(
    objective: Objective,
    method: Method,
    lanes: Lanes,
    work: Work,
    visits: Indices,
    bounds: Indices,
    first: int,
    path: Array,
    stride: int,
) -> None:
    """All members take the steps from update ``first`` on (from 0), on their visits.

    Visits are (N, R), or (N, 1) for all of them; the i-th step sees those from bounds[i] to
    bounds[i + 1]. The state after update t goes to path[(t + 1) / stride] (n, P, R) where that is
    whole, as NaN of a member that is lost.
    """
    theta, before, gradient = lanes.theta, lanes.before, lanes.gradient
    members, is_shared, is_alone = theta.shape[1], visits.shape[1] == 1, is_neuron(objective)
    lanes_loaded = WIDTH if is_shared and is_alone else members
    for i in range(len(bounds) - 1):
        for p in range(len(theta)):
            for r in range(members):
                before[p, r] = theta[p, r]
                gradient[p, r] = 0.0
        factor, kappa = batch_scaling(objective, method, bounds[i + 1] - bounds[i])
        put(work.rows, work.live, 0, spread(factor))
        for place in range(bounds[i], bounds[i + 1]):
            _load(objective.x, visits, place, lanes_loaded, work.rows, 0)
            _load(objective.y, visits, place, lanes_loaded, work.rows, work.targets)
            if is_alone:
                _add_neuron(objective, theta, gradient, is_shared, work)
                continue
            forward(objective, theta, members, True, work)
            errors(objective, theta, members, work)
            propagate(objective, theta, members, work)
            _add_gradient(objective, gradient, work)
        if objective.l1 != 0.0 or objective.l2 != 0.0:
            _add_penalty(objective, theta, kappa, gradient)
        update(method, lanes.flat_theta, lanes.flat_gradient, lanes.flat_state, first + i)
        _project(method, theta)
        _settle(lanes)
        done = first + i + 1
        if stride and done % stride == 0:
            for p in range(len(theta)):
                for r in range(members):
                    path[done // stride, p, r] = theta[p, r] + lanes.lost[0, r]
