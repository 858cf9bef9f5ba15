"""The passes, compiled: W lanes at a time forward to their errors and backward to gradients.

A lane is a sample, under one theta (P,), or one of R members with a theta of its own, (P, R), that
sees one sample. ``weight`` reads either, so that the passes are the same.
"""

import numpy as np

from mlpsim.core.arrays import Array, Indices
from mlpsim.core.compiled.jit import compiled
from mlpsim.core.compiled.layers import activated, error_and_slope, softmax_error
from mlpsim.core.compiled.program import BLOCK, SIGMOID, SOFTMAX, WIDTH, Objective, Work
from mlpsim.core.compiled.vectors import (
    Vector,
    add_totals,
    gather,
    get,
    put,
    spread,
    total,
    weight,
)


@compiled
def load(objective: Objective, order: Indices, first: int, n: int, work: Work) -> None:
    """Inputs and targets of n samples: those named from place ``first`` of the order on."""
    for s in range(0, n, WIDTH):
        at, last = first + s, first + n - 1
        for d in range(len(objective.x)):
            put(work.a, d, s, gather(objective.x, d, order, at, last))
        for k in range(len(objective.y)):
            put(work.targets, k, s, gather(objective.y, k, order, at, last))


@compiled
def _start(theta: Array, b: int, s: int) -> Vector:
    """The bias that a sum begins with, if there is one."""
    return weight(theta, b, s) if b >= 0 else spread(0.0)


@compiled
def _products(
    out: Array,
    i: int,
    count: int,
    theta: Array,
    w: int,
    across: int,
    along: int,
    b: int,
    rows: Array,
    first: int,
    terms: int,
    n: int,
) -> None:
    """Σ weight·row into ``count`` rows of ``out`` from i on, over rows from ``first`` on.

    Weights stand ``along`` apart within a sum, and ``across`` from one sum to the next; biases, if
    any, from b on. Four sums at a time: what they share is loaded once.
    """
    end, next_b = i + count, 1 if b >= 0 else 0
    while i + 4 <= end:
        for s in range(0, n, WIDTH):
            sum0, sum1 = _start(theta, b, s), _start(theta, b + next_b, s)
            sum2, sum3 = _start(theta, b + 2 * next_b, s), _start(theta, b + 3 * next_b, s)
            p = w
            for j in range(first, first + terms):
                x = get(rows, j, s)
                sum0 += weight(theta, p, s) * x
                sum1 += weight(theta, p + across, s) * x
                sum2 += weight(theta, p + 2 * across, s) * x
                sum3 += weight(theta, p + 3 * across, s) * x
                p += along
            put(out, i, s, sum0)
            put(out, i + 1, s, sum1)
            put(out, i + 2, s, sum2)
            put(out, i + 3, s, sum3)
        w += 4 * across
        b += 4 * next_b
        i += 4
    while i < end:
        for s in range(0, n, WIDTH):
            sum0 = _start(theta, b, s)
            p = w
            for j in range(first, first + terms):
                sum0 += weight(theta, p, s) * get(rows, j, s)
                p += along
            put(out, i, s, sum0)
        w += across
        b += next_b
        i += 1


@compiled
def forward(objective: Objective, theta: Array, n: int, work: Work) -> None:
    """Activations of every layer, and their slopes, in the n lanes that are loaded."""
    layers, a = objective.layers, work.a
    row = len(objective.x)
    for layer in range(len(layers)):
        fan_in, fan_out, w, b = (
            layers[layer, 0],
            layers[layer, 1],
            layers[layer, 2],
            layers[layer, 3],
        )
        below = row - fan_in
        _products(a, row, fan_out, theta, w, fan_in, 1, b, a, below, fan_in, n)
        code, value = layers[layer, 4], objective.hyperparameters[layer]
        for i in range(fan_out):
            for s in range(0, n, WIDTH):
                activation, slope, complement = activated(code, value, get(a, row + i, s))
                put(a, row + i, s, activation)
                put(work.slopes, row + i, s, slope)
                if code == SIGMOID:
                    put(work.complements, i, s, complement)
        row += fan_out


@compiled
def _errors(objective: Objective, s: int, work: Work) -> Vector:
    """e of W lanes that went forward; ∂e/∂a of the outputs goes to deltas."""
    a, targets, deltas = work.a, work.targets, work.deltas
    outputs = len(targets)
    top = len(a) - outputs
    if objective.loss == SOFTMAX:
        return softmax_error(a, top, targets, deltas, s)
    error = spread(0.0)
    is_sigmoid = objective.layers[len(objective.layers) - 1, 4] == SIGMOID
    for k in range(outputs):
        output, y = get(a, top + k, s), get(targets, k, s)
        # Without cancellation where a sigmoid is close to 1.
        residual = (
            (1.0 - y) * output - y * get(work.complements, k, s) if is_sigmoid else output - y
        )
        share, slope = error_and_slope(objective.loss, objective.delta, output, y, residual)
        error += share
        put(deltas, top + k, s, slope)
    return error


@compiled
def errors(objective: Objective, n: int, work: Work) -> Vector:
    """Σ e over vectors of n lanes that went forward; their outputs' δ = ∂e/∂z goes to deltas.

    Lanes beyond n take no part.
    """
    deltas, slopes = work.deltas, work.slopes
    result = spread(0.0)
    for s in range(0, n, WIDTH):
        live = get(work.live, 0, max(0, s + WIDTH - n))
        result += live * _errors(objective, s, work)
        for row in range(len(deltas) - len(work.targets), len(deltas)):
            put(deltas, row, s, get(deltas, row, s) * (live * get(slopes, row, s)))
    return result


@compiled
def propagate(objective: Objective, theta: Array, n: int, work: Work) -> None:
    """δ of every layer in n lanes, backward from that of the outputs."""
    layers, deltas = objective.layers, work.deltas
    row = len(deltas)
    for layer in range(len(layers) - 1, 0, -1):
        fan_in, fan_out, w = layers[layer, 0], layers[layer, 1], layers[layer, 2]
        row -= fan_out
        below = row - fan_in
        _products(deltas, below, fan_in, theta, w, 1, fan_in, -1, deltas, row, fan_out, n)
        for j in range(below, row):
            for s in range(0, n, WIDTH):
                put(deltas, j, s, get(deltas, j, s) * get(work.slopes, j, s))


@compiled
def add_gradient(objective: Objective, n: int, work: Work, gradient: Array) -> None:
    """Adds Σ ∂e^s/∂theta of the n samples, whose δ are known, to the gradient (P,)."""
    layers, a, deltas = objective.layers, work.a, work.deltas
    row = len(objective.x)
    for layer in range(len(layers)):
        fan_in, fan_out, p, b = (
            layers[layer, 0],
            layers[layer, 1],
            layers[layer, 2],
            layers[layer, 3],
        )
        for i in range(row, row + fan_out):
            j = row - fan_in
            while j + 4 <= row:
                sum0, sum1, sum2, sum3 = spread(0.0), spread(0.0), spread(0.0), spread(0.0)
                for s in range(0, n, WIDTH):
                    delta = get(deltas, i, s)
                    sum0 += delta * get(a, j, s)
                    sum1 += delta * get(a, j + 1, s)
                    sum2 += delta * get(a, j + 2, s)
                    sum3 += delta * get(a, j + 3, s)
                add_totals(gradient, p, sum0, sum1, sum2, sum3)
                p += 4
                j += 4
            while j < row:
                sum0 = spread(0.0)
                for s in range(0, n, WIDTH):
                    sum0 += get(deltas, i, s) * get(a, j, s)
                gradient[p] += total(sum0)
                p += 1
                j += 1
            if b >= 0:
                sum0 = spread(0.0)
                for s in range(0, n, WIDTH):
                    sum0 += get(deltas, i, s)
                gradient[b + i - row] += total(sum0)
        row += fan_out


@compiled
def pass_over(
    objective: Objective,
    theta: Array,
    order: Indices,
    first: int,
    samples: int,
    is_loaded: bool,
    is_backward: bool,
    work: Work,
    gradient: Array,
) -> float:
    """Σ e^s over samples of the order, from ``first`` on; if backward, with Σ ∂e^s/∂theta.

    ``is_loaded`` says that these samples stand in the work room already.
    """
    result = 0.0
    if is_backward:
        for p in range(len(theta)):
            gradient[p] = 0.0
    for start in range(0, samples, BLOCK):
        n = min(BLOCK, samples - start)
        if not is_loaded:
            load(objective, order, first + start, n, work)
        forward(objective, theta, n, work)
        result += total(errors(objective, n, work))
        if is_backward:
            propagate(objective, theta, n, work)
            add_gradient(objective, n, work, gradient)
    return result


@compiled
def objective_value(objective: Objective, theta: Array, error: float) -> float:
    """J = A·Σ e^s + R."""
    value = objective.scale * error
    if objective.l1 == 0.0 and objective.l2 == 0.0:
        return value
    magnitudes = squares = 0.0
    for p in range(len(theta)):
        w = theta[p] * objective.penalized[p]
        magnitudes += abs(w)
        squares += w * w
    return value + (objective.l1 * magnitudes + 0.5 * objective.l2 * squares)


@compiled
def scale_gradient(
    objective: Objective, theta: Array, size: int, is_unbiased: bool, gradient: Array
) -> None:
    """κ·[A·(S/B)·g + ∇R] in place of g, summed over a batch of ``size``."""
    samples = objective.x.shape[1]
    kappa = 1.0 if is_unbiased else size / samples
    factor = objective.scale * (samples / size if is_unbiased else 1.0)
    is_penalized = objective.l1 != 0.0 or objective.l2 != 0.0
    for p in range(len(theta)):
        gradient[p] *= factor
        if is_penalized:
            slope = objective.l1 * np.sign(theta[p]) + objective.l2 * theta[p]
            gradient[p] += kappa * slope * objective.penalized[p]
