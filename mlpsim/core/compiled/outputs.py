"""Outputs, compiled: the last layer, held against the targets: errors, and δ of the outputs."""

from mlpsim.core.arrays import Array
from mlpsim.core.compiled.functions import sigmoid
from mlpsim.core.compiled.jit import compiled
from mlpsim.core.compiled.layers import activated, error_and_slope, softmax_error
from mlpsim.core.compiled.products import bias_at, shape_of
from mlpsim.core.compiled.program import SIGMOID, SOFTMAX, WIDTH, Objective, Work
from mlpsim.core.compiled.vectors import Vector, get, put, spread, weight


@compiled
def is_neuron(objective: Objective) -> bool:
    """Whether all of the network is one neuron, as in the lecture's example."""
    return len(objective.layers) == 1 and len(objective.y) == 1 and objective.loss != SOFTMAX


@compiled
def output(
    objective: Objective, theta: Array, k: int, r: int, s: int, work: Work
) -> tuple[Vector, Vector, Vector, Vector]:
    """a of output k, da/dz, its share of e and ∂e/∂a, in W lanes.

    Of theta from its column r on, and the room from s on. At once, since a small network's step
    waits for every number that goes to memory and back. The last two mean nothing where the loss is
    of all outputs together.
    """
    rows, last = work.rows, len(objective.layers) - 1
    fan_in, outputs, w, b = shape_of(objective.layers, last)
    below = work.slopes - outputs - fan_in
    z = bias_at(theta, b + k if b >= 0 else b, r)
    for j in range(fan_in):
        z += weight(theta, w + k * fan_in + j, r) * get(rows, below + j, s)
    code = objective.layers[last, 4]
    y = get(rows, work.targets + k, s)
    if code == SIGMOID:
        grown, rest, inverse = sigmoid(z)
        a = grown * inverse
        slope = a * (rest * inverse)
        # a − y, without cancellation where a is close to 1.
        residual = (1.0 - y) * a - (y * rest) * inverse
    else:
        a, slope = activated(code, objective.hyperparameters[last], z)
        residual = a - y
    share, by_output = error_and_slope(objective.loss, objective.delta, a, y, residual)
    return a, slope, share, by_output


@compiled
def _errors(objective: Objective, theta: Array, s: int, live: Vector, work: Work) -> Vector:
    """e of W lanes; their outputs' δ, times ``live``, goes to deltas."""
    rows, outputs = work.rows, len(objective.y)
    top = work.slopes - outputs
    first = work.deltas + top
    error = spread(0.0)
    for k in range(outputs):
        a, slope, share, by_output = output(objective, theta, k, s, s, work)
        if objective.loss == SOFTMAX:
            put(rows, top + k, s, a)
            put(rows, work.slopes + top + k, s, live * slope)
        else:
            error += share
            put(rows, first + k, s, live * slope * by_output)
    if objective.loss == SOFTMAX:
        error = softmax_error(rows, top, rows, work.targets, outputs, rows, first, s)
        for k in range(outputs):
            by_output = get(rows, first + k, s)
            put(rows, first + k, s, get(rows, work.slopes + top + k, s) * by_output)
    return error


@compiled
def errors(objective: Objective, theta: Array, n: int, work: Work) -> Vector:
    """Σ e over vectors of n lanes, whose hidden layers are known; their outputs' δ goes to deltas.

    Both times the factor that the row ``live`` begins with. Lanes beyond n take no part.
    """
    result = spread(0.0)
    for s in range(0, n, WIDTH):
        live = get(work.rows, work.live, max(0, s + WIDTH - n))
        result += live * _errors(objective, theta, s, live, work)
    return result
