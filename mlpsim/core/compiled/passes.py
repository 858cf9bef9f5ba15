"""The passes, compiled: W lanes at a time forward to their errors and backward to gradients.

A lane is a sample, under one theta (P,), or one of R members with a theta of its own, (P, R), that
sees one sample. ``weight`` reads either, so that the passes are the same.
"""

from mlpsim.core.arrays import Array, Indices
from mlpsim.core.compiled.jit import compiled
from mlpsim.core.compiled.layers import activated, error_and_slope, softmax_error
from mlpsim.core.compiled.program import (
    BLOCK,
    ROW,
    SIGMOID,
    SOFTMAX,
    WIDTH,
    Objective,
    Work,
)
from mlpsim.core.compiled.vectors import (
    Vector,
    add,
    add_totals,
    gather,
    get,
    put,
    spread,
    spread_at,
    total,
    weight,
)


@compiled
def shape_of(layers: Indices, layer: int) -> tuple[int, int, int, int]:
    """A layer's fan-in and fan-out, where its weights stand in theta, and its biases, or −1."""
    return layers[layer, 0], layers[layer, 1], layers[layer, 2], layers[layer, 3]


@compiled
def load(objective: Objective, order: Indices, first: int, n: int, work: Work) -> None:
    """Inputs and targets of n samples: those named from place ``first`` of the order on."""
    _load_rows(objective.x, order, first, n, work.rows, 0)
    _load_rows(objective.y, order, first, n, work.rows, work.targets)


@compiled
def _load_rows(numbers: Array, order: Indices, first: int, n: int, rows: Array, row: int) -> None:
    """Columns of an array (m, S); the last one fills the last vector, whose numbers stay in use."""
    last = n - 1
    if last == 0:
        for d in range(len(numbers)):
            put(rows, row + d, 0, spread_at(numbers, d, order[first]))
        return
    rest = last - last % WIDTH
    for d in range(len(numbers)):
        for s in range(0, rest, WIDTH):
            put(rows, row + d, s, gather(numbers, d, order, first + s))
        put(rows, row + d, rest, spread(numbers[d, order[first + last]]))
        for s in range(rest, last):
            rows[(row + d) * ROW + s] = numbers[d, order[first + s]]


@compiled
def _start(theta: Array, b: int, s: int) -> Vector:
    """The bias that a sum begins with, if there is one."""
    return weight(theta, b, s) if b >= 0 else spread(0.0)


@compiled
def _products(
    rows: Array,
    i: int,
    count: int,
    theta: Array,
    w: int,
    across: int,
    along: int,
    b: int,
    first: int,
    terms: int,
    n: int,
) -> None:
    """Σ weight·row into ``count`` rows from i on, over others from ``first`` on.

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
            put(rows, i, s, sum0)
            put(rows, i + 1, s, sum1)
            put(rows, i + 2, s, sum2)
            put(rows, i + 3, s, sum3)
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
            put(rows, i, s, sum0)
        w += across
        b += next_b
        i += 1


@compiled
def forward(objective: Objective, theta: Array, n: int, work: Work) -> None:
    """Activations of the hidden layers, and their slopes, in the n lanes that are loaded."""
    layers, rows = objective.layers, work.rows
    row = len(objective.x)
    for layer in range(len(layers) - 1):
        fan_in, fan_out, w, b = shape_of(layers, layer)
        _products(rows, row, fan_out, theta, w, fan_in, 1, b, row - fan_in, fan_in, n)
        code, value = layers[layer, 4], objective.hyperparameters[layer]
        for i in range(row, row + fan_out):
            for s in range(0, n, WIDTH):
                activation, slope, _ = activated(code, value, get(rows, i, s))
                put(rows, i, s, activation)
                put(rows, work.slopes + i, s, slope)
        row += fan_out


@compiled
def output(
    objective: Objective, theta: Array, k: int, r: int, s: int, live: Vector, work: Work
) -> tuple[Vector, Vector, Vector, Vector]:
    """a of output k, da/dz, its share of e and, times ``live``, δ = ∂e/∂z, in W lanes.

    Of theta from its column r on, and the room from s on. At once, since a small network's step
    waits for every number that goes to memory and back. The last two mean nothing where the loss is
    of all outputs together.
    """
    rows, last = work.rows, len(objective.layers) - 1
    fan_in, outputs, w, b = shape_of(objective.layers, last)
    below = work.slopes - outputs - fan_in
    z = _start(theta, b + k if b >= 0 else b, r)
    for j in range(fan_in):
        z += weight(theta, w + k * fan_in + j, r) * get(rows, below + j, s)
    code = objective.layers[last, 4]
    a, slope, complement = activated(code, objective.hyperparameters[last], z)
    y = get(rows, work.targets + k, s)
    # Without cancellation where a sigmoid is close to 1.
    residual = (1.0 - y) * a - y * complement if code == SIGMOID else a - y
    share, by_output = error_and_slope(objective.loss, objective.delta, a, y, residual)
    return a, slope, share, live * slope * by_output


@compiled
def _errors(objective: Objective, theta: Array, s: int, live: Vector, work: Work) -> Vector:
    """e of W lanes; their outputs' δ, times ``live``, goes to deltas."""
    rows, outputs = work.rows, len(objective.y)
    top = work.slopes - outputs
    first = work.deltas + top
    error = spread(0.0)
    for k in range(outputs):
        a, slope, share, delta = output(objective, theta, k, s, s, live, work)
        if objective.loss == SOFTMAX:
            put(rows, top + k, s, a)
            put(rows, work.slopes + top + k, s, live * slope)
        else:
            error += share
            put(rows, first + k, s, delta)
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


@compiled
def propagate(objective: Objective, theta: Array, n: int, work: Work) -> None:
    """δ of every layer in n lanes, backward from that of the outputs."""
    layers, rows, row = objective.layers, work.rows, work.slopes
    for layer in range(len(layers) - 1, 0, -1):
        fan_in, fan_out, w, _ = shape_of(layers, layer)
        row -= fan_out
        below = row - fan_in
        first = work.deltas + row
        _products(rows, first - fan_in, fan_in, theta, w, 1, fan_in, -1, first, fan_out, n)
        for j in range(below, row):
            for s in range(0, n, WIDTH):
                delta = get(rows, work.deltas + j, s)
                put(rows, work.deltas + j, s, delta * get(rows, work.slopes + j, s))


@compiled
def _add_wide(
    work: Work, row: int, fan_in: int, fan_out: int, n: int, p: int, gradient: Array
) -> None:
    """Adds Σ δ·a for the first fours of a layer's neurons and the first vectors of its inputs.

    The inputs are turned first, sample after sample: then no sum has to be taken across a vector.
    """
    rows, delta = work.rows, work.deltas + row
    turned = work.turned * ROW
    for s in range(n):
        for j in range(fan_in):
            rows[turned + s * fan_in + j] = rows[(row - fan_in + j) * ROW + s]
    for i in range(0, fan_out - fan_out % 4, 4):
        for j in range(0, fan_in - fan_in % WIDTH, WIDTH):
            sum0, sum1, sum2, sum3 = spread(0.0), spread(0.0), spread(0.0), spread(0.0)
            for s in range(n):
                x = get(rows, work.turned, s * fan_in + j)
                sum0 += spread_at(rows, delta + i, s) * x
                sum1 += spread_at(rows, delta + i + 1, s) * x
                sum2 += spread_at(rows, delta + i + 2, s) * x
                sum3 += spread_at(rows, delta + i + 3, s) * x
            add(gradient, p + i * fan_in + j, sum0)
            add(gradient, p + (i + 1) * fan_in + j, sum1)
            add(gradient, p + (i + 2) * fan_in + j, sum2)
            add(gradient, p + (i + 3) * fan_in + j, sum3)


@compiled
def add_gradient(objective: Objective, n: int, work: Work, gradient: Array) -> None:
    """Adds Σ ∂e^s/∂theta of the n samples, whose δ are known, to the gradient (P,)."""
    layers, rows, row = objective.layers, work.rows, len(objective.x)
    for layer in range(len(layers)):
        fan_in, fan_out, p, b = shape_of(layers, layer)
        fours, wide = 0, 0
        if fan_in >= WIDTH and fan_out >= 4:
            fours, wide = fan_out - fan_out % 4, fan_in - fan_in % WIDTH
            _add_wide(work, row, fan_in, fan_out, n, p, gradient)
        for i in range(row, row + fan_out):
            j = row - fan_in
            if i < row + fours:
                j += wide
                p += wide
            while j + 4 <= row:
                sum0, sum1, sum2, sum3 = spread(0.0), spread(0.0), spread(0.0), spread(0.0)
                for s in range(0, n, WIDTH):
                    delta = get(rows, work.deltas + i, s)
                    sum0 += delta * get(rows, j, s)
                    sum1 += delta * get(rows, j + 1, s)
                    sum2 += delta * get(rows, j + 2, s)
                    sum3 += delta * get(rows, j + 3, s)
                add_totals(gradient, p, sum0, sum1, sum2, sum3)
                p += 4
                j += 4
            while j < row:
                sum0 = spread(0.0)
                for s in range(0, n, WIDTH):
                    sum0 += get(rows, work.deltas + i, s) * get(rows, j, s)
                gradient[p] += total(sum0)
                p += 1
                j += 1
            if b >= 0:
                sum0 = spread(0.0)
                for s in range(0, n, WIDTH):
                    sum0 += get(rows, work.deltas + i, s)
                gradient[b + i - row] += total(sum0)
        row += fan_out


@compiled
def is_neuron(objective: Objective) -> bool:
    """Whether all of the network is one neuron, as in the lecture's example."""
    return len(objective.layers) == 1 and len(objective.y) == 1 and objective.loss != SOFTMAX


@compiled
def _neuron(objective: Objective, theta: Array, n: int, work: Work, gradient: Array) -> Vector:
    """Σ e of n samples, whose Σ ∂e^s/∂theta it adds to the gradient (P,), of one neuron.

    The same as by layers, but δ is at once where it is used.
    """
    b, result = objective.layers[0, 3], spread(0.0)
    for s in range(0, n, WIDTH):
        live = get(work.rows, work.live, max(0, s + WIDTH - n))
        _, _, error, delta = output(objective, theta, 0, s, s, live, work)
        result += live * error
        for j in range(len(objective.x)):
            gradient[j] += total(delta * get(work.rows, j, s))
        if b >= 0:
            gradient[b] += total(delta)
    return result


@compiled
def pass_over(
    objective: Objective,
    theta: Array,
    order: Indices,
    first: int,
    samples: int,
    is_loaded: bool,
    is_backward: bool,
    factor: float,
    work: Work,
    gradient: Array,
) -> float:
    """factor·Σ e^s over samples of the order, from ``first`` on; if backward, with its gradient.

    ``is_loaded`` says that these samples stand in the work room already.
    """
    result = 0.0
    put(work.rows, work.live, 0, spread(factor))
    if is_backward:
        for p in range(len(theta)):
            gradient[p] = 0.0
        if samples <= BLOCK and is_neuron(objective):
            if not is_loaded:
                load(objective, order, first, samples, work)
            return total(_neuron(objective, theta, samples, work, gradient))
    for start in range(0, samples, BLOCK):
        n = min(BLOCK, samples - start)
        if not is_loaded:
            load(objective, order, first + start, n, work)
        forward(objective, theta, n, work)
        result += total(errors(objective, theta, n, work))
        if is_backward:
            propagate(objective, theta, n, work)
            add_gradient(objective, n, work, gradient)
    return result
