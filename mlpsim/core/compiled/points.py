"""Points, compiled: the samples' errors at every point of a grid, as ``grids`` lays it out."""

from math import log1p

from mlpsim.core.arrays import Array
from mlpsim.core.compiled.grids import (
    ALPHA,
    BELOW,
    BETA,
    CODE,
    COLUMN,
    FAN_IN,
    IS_FACTORS,
    LINE,
    MOVES,
    NEURONS,
    PLACE,
    TOP,
    Grid,
    Room,
)
from mlpsim.core.compiled.jit import compiled, kernel
from mlpsim.core.compiled.layers import error_and_slope, softmax_error
from mlpsim.core.compiled.program import BCE, IDENTITY, SIGMOID, SOFTMAX, WIDTH
from mlpsim.core.compiled.values import activate, exponential
from mlpsim.core.compiled.vectors import (
    Vector,
    get,
    lane,
    put,
    select,
    spread,
    spread_at,
    total,
    with_lane,
)


@kernel
def exponentiate(rows: Array, first: int, last: int, factor: float) -> None:
    """e to the power of ``factor`` times the numbers of some rows, in their place."""
    for row in range(first, last):
        for s in range(0, rows.shape[1], WIDTH):
            put(rows, row, s, exponential(factor * get(rows, row, s)))


@kernel
def activate_all(code: int, value: float, a: Array, complements: Array) -> None:
    """From z to a, all of one row."""
    activate(code, value, a, 0, complements, 0)


@compiled
def _weigh(grid: Grid, weights: Array, row: int, chunk: int) -> None:
    """The weights at a point, or in a chunk of columns those where α is 0."""
    beta, alpha = grid.betas[row], grid.alphas[chunk, 0] if grid.points == 1 else 0.0
    for p in range(0, weights.shape[1], WIDTH):
        moved = get(grid.origin, 0, p) + alpha * get(grid.along_u, 0, p)
        put(weights, 0, p, moved + beta * get(grid.along_v, 0, p))


@compiled
def _begin(grid: Grid, room: Room, layer: int, row: int, chunk: int) -> None:
    """z of a layer from biases, or from what its neurons have from one axis."""
    layers, shares, a = grid.layers, grid.shares, room.a
    columns, lines, beta = len(grid.alphas), len(grid.betas), grid.betas[row]
    for i in range(layers[layer, NEURONS]):
        z, column, line = layers[layer, TOP] + i, i * columns + chunk, i * lines + row
        place = layers[layer, PLACE] + i * (1 + layers[layer, FAN_IN])
        for s in range(0, a.shape[1], WIDTH):
            if layers[layer, COLUMN] < 0:
                start = spread_at(room.weights, 0, place)
            else:
                start = get(shares, layers[layer, COLUMN] + column, s)
                start += get(shares, layers[layer, LINE] + line, s)
                if layers[layer, ALPHA] >= 0:
                    by_alpha = get(shares, layers[layer, ALPHA] + line, s)
                    start += get(grid.alphas, chunk, s) * by_alpha
                if layers[layer, BETA] >= 0:
                    start += beta * get(shares, layers[layer, BETA] + column, s)
            put(a, z, s, start)


@compiled
def _add_products(grid: Grid, room: Room, layer: int) -> None:
    """Adds to z of a layer what comes from the one below, to four neurons at a time."""
    layers, a, weights = grid.layers, room.a, room.weights
    count, fan_in, below = layers[layer, NEURONS], layers[layer, FAN_IN], layers[layer, BELOW]
    fours = count // 4
    for four in range(fours):
        z = layers[layer, TOP] + 4 * four
        w = layers[layer, PLACE] + 4 * four * (1 + fan_in) + 1
        w1 = w + 1 + fan_in
        w2 = w1 + 1 + fan_in
        w3 = w2 + 1 + fan_in
        for s in range(0, a.shape[1], WIDTH):
            z0, z1, z2, z3 = get(a, z, s), get(a, z + 1, s), get(a, z + 2, s), get(a, z + 3, s)
            for j in range(fan_in):
                x = get(a, below + j, s)
                z0 += spread_at(weights, 0, w + j) * x
                z1 += spread_at(weights, 0, w1 + j) * x
                z2 += spread_at(weights, 0, w2 + j) * x
                z3 += spread_at(weights, 0, w3 + j) * x
            put(a, z, s, z0)
            put(a, z + 1, s, z1)
            put(a, z + 2, s, z2)
            put(a, z + 3, s, z3)
    for i in range(4 * fours, count):
        z, w = layers[layer, TOP] + i, layers[layer, PLACE] + i * (1 + fan_in) + 1
        for s in range(0, a.shape[1], WIDTH):
            sums = get(a, z, s)
            for j in range(fan_in):
                sums += spread_at(weights, 0, w + j) * get(a, below + j, s)
            put(a, z, s, sums)


@compiled
def _add_moved(grid: Grid, a: Array, layer: int, chunk: int) -> None:
    """What weights that move with α add to z in a chunk of columns."""
    layers, u = grid.layers, grid.along_u
    fan_in, below = layers[layer, FAN_IN], layers[layer, BELOW]
    for i in range(layers[layer, NEURONS]):
        z, bias = layers[layer, TOP] + i, layers[layer, PLACE] + i * (1 + fan_in)
        for s in range(0, a.shape[1], WIDTH):
            sums = spread_at(u, 0, bias)
            for j in range(fan_in):
                sums += spread_at(u, 0, bias + 1 + j) * get(a, below + j, s)
            put(a, z, s, get(a, z, s) + get(grid.alphas, chunk, s) * sums)


@compiled
def _from_factors(grid: Grid, room: Room, layer: int, row: int, chunk: int) -> None:
    """Sigmoids and tanh from e^∓z = e^∓x·e^∓y, two neurons to a division."""
    a, shares, layers = room.a, grid.shares, grid.layers
    count, top = layers[layer, NEURONS], layers[layer, TOP]
    columns, lines = len(grid.alphas), len(grid.betas)
    is_sigmoid = layers[layer, CODE] == SIGMOID
    start, factor = (0.0, 1.0) if is_sigmoid else (1.0, -2.0)
    for i in range(0, count, 2):
        other = min(i + 1, count - 1)
        column, line = layers[layer, COLUMN] + chunk, layers[layer, LINE] + row
        column0, column1 = column + i * columns, column + other * columns
        line0, line1 = line + i * lines, line + other * lines
        for s in range(0, a.shape[1], WIDTH):
            e0 = get(shares, column0, s) * get(shares, line0, s)
            e1 = get(shares, column1, s) * get(shares, line1, s)
            d0, d1 = 1.0 + e0, 1.0 + e1
            inverse = 1.0 / (d0 * d1)
            share0, share1 = inverse * d1, inverse * d0
            put(a, top + i, s, start + factor * share0)
            put(a, top + other, s, start + factor * share1)
            if is_sigmoid:
                put(room.complements, i, s, e0 * share0)
                put(room.complements, other, s, e1 * share1)


@compiled
def _logarithms(odds: Vector) -> Vector:
    """log1p of vectors that are too rare to be worth more."""
    result = odds
    for i in range(WIDTH):
        result = with_lane(result, i, log1p(lane(odds, i)))
    return result


@compiled
def _add_sums(grid: Grid, room: Room, out: Array, row: int, chunk: int) -> None:
    """Σ e^s at a point, or at each point of a chunk; targets are NaN where there is no sample.

    Odds that go together need no logarithm of their own: (1 + p)(1 + q) is 1 + p + q (1 + p).
    """
    a, targets, shares, loss = room.a, grid.targets, grid.shares, grid.loss
    outputs, last = len(targets), len(grid.layers) - 1
    top, code = len(a) - outputs, grid.layers[last, CODE]
    is_factors = grid.layers[last, IS_FACTORS] and loss == BCE
    column, line = grid.layers[last, COLUMN] + chunk, grid.layers[last, LINE] + row
    step = grid.points if grid.points > 1 else WIDTH
    count = a.shape[1] // step
    for c in range(0, step, WIDTH):
        sums = spread(0.0)
        for first in range(0, count, grid.odds_at_once):
            odds = spread(0.0)
            for n in range(first, min(first + grid.odds_at_once, count)):
                s = c + n * step
                if loss == SOFTMAX:
                    y, e = (
                        get(targets, 0, s),
                        softmax_error(a, top, targets, 0, outputs, room.slopes, top, s),
                    )
                    sums += select(y == y, e, 0.0)
                    continue
                for k in range(outputs):
                    if is_factors:
                        i, j = column + k * len(grid.alphas), line + k * len(grid.betas)
                        e = get(shares, i, s) * get(shares, j, s)
                        odds = e + odds * (1.0 + e)
                        continue
                    y, output = get(targets, k, s), get(a, top + k, s)
                    if loss == BCE:
                        e = select(y == y, exponential(-abs(output)), 0.0)
                        odds = e + odds * (1.0 + e)
                        # Exactly 0 where the answer is as small as e^−|z|.
                        e = select(output <= 0.0, 0.0, output) - y * output
                    else:
                        r = output - y
                        if code == SIGMOID:  # nothing cancels where one is close to 1
                            r = (1.0 - y) * output - y * get(room.complements, k, s)
                        e = error_and_slope(loss, grid.delta, output, y, r)[0]
                    sums += select(y == y, e, 0.0)
            if loss == BCE:
                sums += _logarithms(odds)
        if grid.points > 1:
            put(out, row, chunk * step + c, sums)
        else:
            out[row, chunk] = total(sums)


@kernel
def add_errors(
    grid: Grid,
    room: Room,
    first_row: int,
    last_row: int,
    first_chunk: int,
    last_chunk: int,
    out: Array,
) -> None:
    """Σ e^s at the points of some rows and chunks of columns: out (ny, chunks·points)."""
    layers = grid.layers
    for row in range(first_row, last_row):
        for chunk in range(first_chunk, last_chunk):
            _weigh(grid, room.weights, row, chunk)
            for layer in range(len(layers)):
                code = layers[layer, CODE]
                if layers[layer, IS_FACTORS]:
                    if code != IDENTITY:
                        _from_factors(grid, room, layer, row, chunk)
                    continue
                _begin(grid, room, layer, row, chunk)
                _add_products(grid, room, layer)
                if layers[layer, MOVES] and grid.points > 1:
                    _add_moved(grid, room.a, layer, chunk)
                value = grid.hyperparameters[layer]
                for i in range(layers[layer, NEURONS]):
                    activate(code, value, room.a, layers[layer, TOP] + i, room.complements, i)
            _add_sums(grid, room, out, row, chunk)
