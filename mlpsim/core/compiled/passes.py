"""The passes, compiled: W lanes at a time forward to their errors and backward to gradients.

A lane is a sample, under one theta (P,), or one of R members with a theta of its own, (P, R), that
sees one sample: the passes are the same.
"""

from mlpsim.core.arrays import Array, Indices
from mlpsim.core.compiled.across import add_totals, lane, total, turn
from mlpsim.core.compiled.jit import compiled
from mlpsim.core.compiled.layers import activated
from mlpsim.core.compiled.outputs import errors, is_neuron, output
from mlpsim.core.compiled.products import products, shape_of
from mlpsim.core.compiled.program import BLOCK, ROW, WIDTH, Objective, Work
from mlpsim.core.compiled.vectors import Vector, add, gather, get, put, spread, spread_at


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
def forward(objective: Objective, theta: Array, n: int, is_backward: bool, work: Work) -> None:
    """Activations of the hidden layers, and if backward their slopes, in the lanes loaded."""
    layers, rows = objective.layers, work.rows
    row = len(objective.x)
    for layer in range(len(layers) - 1):
        fan_in, fan_out, w, b = shape_of(layers, layer)
        products(rows, row, fan_out, theta, w, fan_in, 1, b, row - fan_in, fan_in, n)
        code, value = layers[layer, 4], objective.hyperparameters[layer]
        for i in range(row, row + fan_out):
            for s in range(0, n, WIDTH):
                activation, slope = activated(code, value, get(rows, i, s))
                put(rows, i, s, activation)
                if is_backward:
                    put(rows, work.slopes + i, s, slope)
        row += fan_out


@compiled
def propagate(objective: Objective, theta: Array, n: int, work: Work) -> None:
    """δ of every layer in n lanes, backward from that of the outputs."""
    layers, rows, row = objective.layers, work.rows, work.slopes
    for layer in range(len(layers) - 1, 0, -1):
        fan_in, fan_out, w, _ = shape_of(layers, layer)
        row -= fan_out
        below = row - fan_in
        first = work.deltas + row
        products(rows, first - fan_in, fan_in, theta, w, 1, fan_in, -1, first, fan_out, n)
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
    for s in range(0, n, WIDTH):
        for j in range(0, fan_in - fan_in % WIDTH, WIDTH):
            turn(rows, row - fan_in + j, s, work.turned, s * fan_in + j, fan_in)
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
def _neuron(objective: Objective, theta: Array, n: int, work: Work, gradient: Array) -> Vector:
    """Σ e of n samples, whose Σ ∂e^s/∂theta it adds to the gradient (P,), of one neuron.

    The same as by layers, but δ is at once where it is used.
    """
    b, result = objective.layers[0, 3], spread(0.0)
    for s in range(0, n, WIDTH):
        live = get(work.rows, work.live, max(0, s + WIDTH - n))
        _, slope, error, by_output = output(objective, theta, 0, s, s, work)
        result += live * error
        for j in range(len(objective.x)):
            # In this order: the next step waits for ∂e/∂a, which comes last.
            share = live * get(work.rows, j, s) * slope * by_output
            if n == 1:
                gradient[j] = lane(share, 0)
            else:
                gradient[j] += total(share)
        if b >= 0:
            delta = live * slope * by_output
            if n == 1:
                gradient[b] = lane(delta, 0)
            else:
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
    result: float = 0.0
    put(work.rows, work.live, 0, spread(factor))
    if is_backward:
        for p in range(len(theta)):
            gradient[p] = 0.0
        if samples <= BLOCK and is_neuron(objective):
            if not is_loaded:
                load(objective, order, first, samples, work)
            result += total(_neuron(objective, theta, samples, work, gradient))
            return result
    for start in range(0, samples, BLOCK):
        n = min(BLOCK, samples - start)
        if not is_loaded:
            load(objective, order, first + start, n, work)
        forward(objective, theta, n, is_backward, work)
        result += total(errors(objective, theta, n, work))
        if is_backward:
            propagate(objective, theta, n, work)
            add_gradient(objective, n, work, gradient)
    return result
