"""Lanes, compiled: many parameter vectors that take the same steps, side by side.

The loops of ``passes`` with the axes exchanged: one sample at a time, and in every row of an array
one number of each of the R members. A row of theta (P, R) is one parameter of all members.
"""

from math import sqrt
from typing import NamedTuple

import numpy as np

from mlpsim.core.arrays import Array, Indices
from mlpsim.core.compiled.jit import compiled
from mlpsim.core.compiled.layers import activate
from mlpsim.core.compiled.passes import errors
from mlpsim.core.compiled.program import BALL, BOX, Method, Objective, Work
from mlpsim.core.compiled.updates import update


class Lanes(NamedTuple):
    """R members: theta, the one before and the gradient (P, R), the state (3, P, R), who is lost.

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
def _load(objective: Objective, visits: Indices, place: int, work: Work) -> None:
    """The sample that each member visits: its own, or that of the one row of visits."""
    members = len(work.errors)
    for d in range(len(objective.x)):
        if len(visits) == 1:
            for r in range(members):
                work.a[d, r] = objective.x[d, visits[0, place]]
        else:
            for r in range(members):
                work.a[d, r] = objective.x[d, visits[r, place]]
    for k in range(len(objective.y)):
        for r in range(members):
            work.targets[k, r] = objective.y[k, visits[r if len(visits) > 1 else 0, place]]


@compiled
def _forward(objective: Objective, theta: Array, work: Work) -> None:
    layers, a, members = objective.layers, work.a, theta.shape[1]
    below, row = 0, len(objective.x)
    for layer in range(len(layers)):
        fan_in, fan_out, w, b = (
            layers[layer, 0],
            layers[layer, 1],
            layers[layer, 2],
            layers[layer, 3],
        )
        for i in range(fan_out):
            for r in range(members):
                a[row + i, r] = theta[b + i, r] if b >= 0 else 0.0
            j = 0
            while j + 2 <= fan_in:
                p = w + i * fan_in + j
                for r in range(members):
                    a[row + i, r] += theta[p, r] * a[below + j, r] + (
                        theta[p + 1, r] * a[below + j + 1, r]
                    )
                j += 2
            if j < fan_in:
                for r in range(members):
                    a[row + i, r] += theta[w + i * fan_in + j, r] * a[below + j, r]
            code, value = layers[layer, 4], objective.hyperparameters[layer]
            activate(code, value, a, row + i, work.slopes, work.complements, i, members)
        below, row = row, row + fan_out


@compiled
def _backward(objective: Objective, theta: Array, gradient: Array, work: Work) -> None:
    """Adds ∂e/∂theta of the sample that went forward to the gradient."""
    layers, a, deltas, slopes = objective.layers, work.a, work.deltas, work.slopes
    row, members = len(a), theta.shape[1]
    for layer in range(len(layers) - 1, -1, -1):
        fan_in, fan_out, w, b = (
            layers[layer, 0],
            layers[layer, 1],
            layers[layer, 2],
            layers[layer, 3],
        )
        row -= fan_out
        below = row - fan_in
        for i in range(fan_out):
            for r in range(members):
                deltas[row + i, r] *= slopes[row + i, r]
            for j in range(fan_in):
                for r in range(members):
                    gradient[w + i * fan_in + j, r] += deltas[row + i, r] * a[below + j, r]
            if b >= 0:
                for r in range(members):
                    gradient[b + i, r] += deltas[row + i, r]
        if layer == 0:
            break
        for j in range(fan_in):
            for r in range(members):
                deltas[below + j, r] = 0.0
            for i in range(fan_out):
                for r in range(members):
                    deltas[below + j, r] += theta[w + i * fan_in + j, r] * deltas[row + i, r]


@compiled
def _scale(objective: Objective, method: Method, lanes: Lanes, size: int) -> None:
    """κ·[A·(S/B)·g + ∇R] in place of the gradient, summed over a batch of ``size``."""
    theta, gradient = lanes.theta, lanes.gradient
    samples = objective.x.shape[1]
    kappa = 1.0 if method.is_unbiased else size / samples
    factor = objective.scale * (samples / size if method.is_unbiased else 1.0)
    for p in range(len(theta)):
        l1 = kappa * objective.l1 * objective.penalized[p]
        l2 = kappa * objective.l2 * objective.penalized[p]
        for r in range(theta.shape[1]):
            gradient[p, r] *= factor
            if l1 != 0.0 or l2 != 0.0:
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
    for p in range(len(theta)):
        for r in range(len(lost)):
            # 0 of a finite weight, else NaN, which no sum loses.
            lost[r] += 0.0 * theta[p, r]
    for p in range(len(theta)):
        for r in range(len(lost)):
            theta[p, r] = theta[p, r] if lost[r] == 0.0 else before[p, r]


@compiled
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

    Visits are (R, N), or (1, N) for all of them; the i-th step sees those from bounds[i] to
    bounds[i + 1]. The state after update t goes to path[(t + 1) / stride] (n, P, R) where that is
    whole, as NaN of a member that is lost.
    """
    theta, before, gradient = lanes.theta, lanes.before, lanes.gradient
    members = theta.shape[1]
    for i in range(len(bounds) - 1):
        for p in range(len(theta)):
            for r in range(members):
                before[p, r] = theta[p, r]
                gradient[p, r] = 0.0
        for place in range(bounds[i], bounds[i + 1]):
            _load(objective, visits, place, work)
            _forward(objective, theta, work)
            errors(objective, members, work)
            _backward(objective, theta, gradient, work)
        _scale(objective, method, lanes, bounds[i + 1] - bounds[i])
        update(method, lanes.flat_theta, lanes.flat_gradient, lanes.flat_state, first + i)
        _project(method, theta)
        _settle(lanes)
        done = first + i + 1
        if stride and done % stride == 0:
            for p in range(len(theta)):
                for r in range(members):
                    path[done // stride, p, r] = theta[p, r] + lanes.lost[r]
