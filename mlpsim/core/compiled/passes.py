"""The passes, compiled: blocks of samples forward to their errors and backward to gradients."""

import numpy as np

from mlpsim.core.arrays import Array, Indices
from mlpsim.core.compiled.jit import compiled, reordered
from mlpsim.core.compiled.layers import activate, add_error, residual, softmax_errors
from mlpsim.core.compiled.program import BLOCK, SOFTMAX, Objective, Work


@compiled
def add_products(
    out: Array,
    i: int,
    weights: Array,
    w: int,
    stride: int,
    rows: Array,
    first: int,
    count: int,
    n: int,
) -> None:
    """Adds Σ weight·row to row i of ``out``, over ``count`` rows from ``first`` on.

    Their weights stand ``stride`` apart from place w on. Four rows at a time: the sum is loaded and
    stored less often.
    """
    j = 0
    while j + 4 <= count:
        w0, w1 = weights[w + j * stride], weights[w + (j + 1) * stride]
        w2, w3 = weights[w + (j + 2) * stride], weights[w + (j + 3) * stride]
        for s in range(n):
            out[i, s] += (w0 * rows[first + j, s] + w1 * rows[first + j + 1, s]) + (
                w2 * rows[first + j + 2, s] + w3 * rows[first + j + 3, s]
            )
        j += 4
    while j < count:
        weight = weights[w + j * stride]
        for s in range(n):
            out[i, s] += weight * rows[first + j, s]
        j += 1


@reordered
def four_dots(a: Array, i: int, b: Array, j: int, n: int) -> tuple[float, float, float, float]:
    """Σ a·b over the first n entries of row i and of the rows j … j + 3."""
    dot0 = dot1 = dot2 = dot3 = 0.0
    for s in range(n):
        x = a[i, s]
        dot0 += x * b[j, s]
        dot1 += x * b[j + 1, s]
        dot2 += x * b[j + 2, s]
        dot3 += x * b[j + 3, s]
    return dot0, dot1, dot2, dot3


@reordered
def dot(a: Array, i: int, b: Array, j: int, n: int) -> float:
    """Σ a·b over the first n entries of their rows i and j."""
    result = 0.0
    for s in range(n):
        result += a[i, s] * b[j, s]
    return result


@compiled
def add_dots(
    gradient: Array, w: int, a: Array, i: int, b: Array, first: int, count: int, n: int
) -> None:
    """Adds row i's products with ``count`` rows from ``first`` on to the gradient from w on."""
    j = 0
    while j + 4 <= count:
        dots = four_dots(a, i, b, first + j, n)
        gradient[w + j] += dots[0]
        gradient[w + j + 1] += dots[1]
        gradient[w + j + 2] += dots[2]
        gradient[w + j + 3] += dots[3]
        j += 4
    while j < count:
        gradient[w + j] += dot(a, i, b, first + j, n)
        j += 1


@reordered
def row_sum(a: Array, i: int, n: int) -> float:
    """Σ a over the first n entries of row i."""
    result = 0.0
    for s in range(n):
        result += a[i, s]
    return result


@reordered
def total(a: Array, n: int) -> float:
    """Σ a over the first n entries."""
    result = 0.0
    for s in range(n):
        result += a[s]
    return result


@compiled
def load(objective: Objective, order: Indices, first: int, n: int, work: Work) -> None:
    """Inputs and targets of n samples: those named from place ``first`` of the order on.

    An empty order names all samples as they stand.
    """
    for s in range(n):
        sample = order[first + s] if len(order) else first + s
        for d in range(len(objective.x)):
            work.a[d, s] = objective.x[d, sample]
        for k in range(len(objective.y)):
            work.targets[k, s] = objective.y[k, sample]


# Rows are named by their number: a view of one would be counted, which costs more than a small sum.


@compiled
def forward(objective: Objective, theta: Array, n: int, work: Work) -> None:
    """Activations of every layer, and their slopes, of the n samples that are loaded."""
    layers, a = objective.layers, work.a
    below, row = 0, len(objective.x)
    for layer in range(len(layers)):
        fan_in, fan_out, w, b = (
            layers[layer, 0],
            layers[layer, 1],
            layers[layer, 2],
            layers[layer, 3],
        )
        for i in range(fan_out):
            bias = theta[b + i] if b >= 0 else 0.0
            for s in range(n):
                a[row + i, s] = bias
            add_products(a, row + i, theta, w + i * fan_in, 1, a, below, fan_in, n)
            code, value = layers[layer, 4], objective.hyperparameters[layer]
            activate(code, value, a, row + i, work.slopes, work.complements, i, n)
        below, row = row, row + fan_out


@compiled
def errors(objective: Objective, n: int, work: Work) -> float:
    """Σ e^s of the n samples that went forward; ∂e/∂a of the outputs takes its place in deltas."""
    a, targets, deltas = work.a, work.targets, work.deltas
    outputs = len(targets)
    top, last = len(a) - outputs, len(objective.layers) - 1
    for s in range(n):
        work.errors[s] = 0.0
    if objective.loss == SOFTMAX:
        softmax_errors(a, top, targets, deltas, work.errors, n)
    else:
        code = objective.layers[last, 4]
        for k in range(outputs):
            residual(code, a, top + k, targets, work.complements, deltas, k, n)
            add_error(
                objective.loss, objective.delta, a, top + k, targets, k, deltas, work.errors, n
            )
    return total(work.errors, n)


@compiled
def backward(objective: Objective, theta: Array, n: int, work: Work) -> None:
    """Adds Σ ∂e^s/∂theta of the n samples to the gradient, from ∂e/∂a of the outputs."""
    layers, gradient = objective.layers, work.gradient
    a, deltas, slopes = work.a, work.deltas, work.slopes
    row = len(a)
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
            for s in range(n):
                deltas[row + i, s] *= slopes[row + i, s]
            add_dots(gradient, w + i * fan_in, deltas, row + i, a, below, fan_in, n)
            if b >= 0:
                gradient[b + i] += row_sum(deltas, row + i, n)
        if layer == 0:
            break
        for j in range(fan_in):
            for s in range(n):
                deltas[below + j, s] = 0.0
            add_products(deltas, below + j, theta, w + j, fan_in, deltas, row, fan_out, n)


@compiled
def error_sum(
    objective: Objective,
    theta: Array,
    order: Indices,
    first: int,
    samples: int,
    is_loaded: bool,
    work: Work,
) -> float:
    """Σ e^s over samples of the order; ``is_loaded`` says that they all stand in the work room."""
    result = 0.0
    for start in range(0, samples, BLOCK):
        n = min(BLOCK, samples - start)
        if not is_loaded:
            load(objective, order, first + start, n, work)
        forward(objective, theta, n, work)
        result += errors(objective, n, work)
    return result


@compiled
def error_sum_and_gradient(
    objective: Objective,
    theta: Array,
    order: Indices,
    first: int,
    samples: int,
    is_loaded: bool,
    work: Work,
) -> float:
    """The same, with Σ ∂e^s/∂theta in the work room's gradient."""
    result = 0.0
    for p in range(len(theta)):
        work.gradient[p] = 0.0
    for start in range(0, samples, BLOCK):
        n = min(BLOCK, samples - start)
        if not is_loaded:
            load(objective, order, first + start, n, work)
        forward(objective, theta, n, work)
        result += errors(objective, n, work)
        backward(objective, theta, n, work)
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
