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
from mlpsim.core.compiled.jit import compiled
from mlpsim.core.compiled.program import BCE, SIGMOID, SOFTMAX, WIDTH
from mlpsim.core.compiled.values import (
    activate,
    add_class_errors,
    add_logit_errors,
    error,
    exponential,
    residual,
)
from mlpsim.core.compiled.vectors import get, lane, put, spread, spread_at, total


@compiled
def exponentiate(rows: Array, first: int, last: int, factor: float) -> None:
    """e to the power of ``factor`` times the numbers of some rows, in their place."""
    for row in range(first, last):
        for s in range(0, rows.shape[1], WIDTH):
            put(rows, row, s, exponential(factor * get(rows, row, s)))


@compiled
def _weigh(grid: Grid, weights: Array, row: int, chunk: int) -> None:
    """The weights at a point, or in a chunk of columns those where α is 0."""
    beta, alpha = grid.betas[row], grid.alphas[chunk, 0] if grid.points == 1 else 0.0
    for p in range(0, weights.shape[1], WIDTH):
        moved = get(grid.origin, 0, p) + alpha * get(grid.along_u, 0, p)
        put(weights, 0, p, moved + beta * get(grid.along_v, 0, p))


@compiled
def _begin(grid: Grid, room: Room, layer: int, i: int, row: int, chunk: int) -> None:
    """z of a neuron from its bias, or from those below that need one axis."""
    layers, shares, a = grid.layers, grid.shares, room.a
    z, width = layers[layer, TOP] + i, a.shape[1]
    if layers[layer, COLUMN] < 0:
        bias = spread_at(room.weights, 0, layers[layer, PLACE] + i * (1 + layers[layer, FAN_IN]))
        for s in range(0, width, WIDTH):
            put(a, z, s, bias)
        return
    column, line = i * len(grid.alphas) + chunk, i * len(grid.betas) + row
    first, second = layers[layer, COLUMN] + column, layers[layer, LINE] + line
    for s in range(0, width, WIDTH):
        put(a, z, s, get(shares, first, s) + get(shares, second, s))
    if layers[layer, ALPHA] >= 0:
        first = layers[layer, ALPHA] + line
        for s in range(0, width, WIDTH):
            put(a, z, s, get(a, z, s) + get(grid.alphas, chunk, s) * get(shares, first, s))
    if layers[layer, BETA] >= 0:
        first, beta = layers[layer, BETA] + column, grid.betas[row]
        for s in range(0, width, WIDTH):
            put(a, z, s, get(a, z, s) + beta * get(shares, first, s))


@compiled
def _add_products(a: Array, z: int, below: int, weights: Array, w: int, fan_in: int) -> None:
    """Adds to a row of z its weights, from place w on, times the rows below."""
    for s in range(0, a.shape[1], WIDTH):
        sums = get(a, z, s)
        for j in range(fan_in):
            sums += spread_at(weights, 0, w + j) * get(a, below + j, s)
        put(a, z, s, sums)


@compiled
def _add_four_products(a: Array, z: int, below: int, weights: Array, w: int, fan_in: int) -> None:
    """The same for four rows, whose weights follow each other's after a bias."""
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
def _add_inputs(grid: Grid, room: Room, layer: int, row: int, chunk: int) -> None:
    """z of a layer's neurons."""
    layers, a = grid.layers, room.a
    count, fan_in, below = layers[layer, NEURONS], layers[layer, FAN_IN], layers[layer, BELOW]
    for i in range(count):
        _begin(grid, room, layer, i, row, chunk)
    if fan_in:
        fours, top, first = count // 4, layers[layer, TOP], layers[layer, PLACE] + 1
        for four in range(fours):
            i = 4 * four
            _add_four_products(a, top + i, below, room.weights, first + i * (1 + fan_in), fan_in)
        for i in range(4 * fours, count):
            _add_products(a, top + i, below, room.weights, first + i * (1 + fan_in), fan_in)
    if layers[layer, MOVES] and grid.points > 1:
        _add_moved(grid, a, layer, chunk)


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
def _forward(grid: Grid, room: Room, row: int, chunk: int) -> None:
    """Activations of all layers at a point, or at the points of a chunk."""
    layers = grid.layers
    for layer in range(len(layers)):
        if layers[layer, IS_FACTORS]:
            _from_factors(grid, room, layer, row, chunk)
        else:
            _add_inputs(grid, room, layer, row, chunk)
            code, value = layers[layer, CODE], grid.hyperparameters[layer]
            for i in range(layers[layer, NEURONS]):
                activate(code, value, room.a, layers[layer, TOP] + i, room.complements, i)


@compiled
def _errors(grid: Grid, room: Room) -> None:
    """The samples' errors: errors + log1p(odds)."""
    a, targets, errors = room.a, grid.targets, room.errors
    outputs, width = len(targets), a.shape[1]
    top, code = len(a) - outputs, grid.layers[len(grid.layers) - 1, CODE]
    for s in range(0, width, WIDTH):
        put(errors, 0, s, spread(0.0))
        put(room.odds, 0, s, spread(0.0))
    if grid.loss == SOFTMAX:
        add_class_errors(a, top, targets, errors, room.odds)
    elif grid.loss == BCE:
        for k in range(outputs):
            add_logit_errors(a, top + k, targets, k, errors, room.odds)
    else:
        for k in range(outputs):
            for s in range(0, width, WIDTH):
                y = get(targets, k, s)
                r = residual(code, a, top + k, y, room.complements, k, s)
                output = get(a, top + k, s)
                put(errors, 0, s, get(errors, 0, s) + error(grid.loss, grid.delta, output, y, r))


@compiled
def _sum_at_point(grid: Grid, room: Room) -> float:
    """The errors of all samples at one point."""
    errors, odds, whole = room.errors, room.odds, grid.samples // WIDTH * WIDTH
    sums, products = spread(0.0), spread(0.0)
    for s in range(0, whole, WIDTH):
        e = get(odds, 0, s)
        sums += get(errors, 0, s)
        products += e * (1.0 + products)
    result: float = total(sums)
    product = 0.0
    for i in range(WIDTH):
        product += lane(products, i) * (1.0 + product)
    for s in range(whole, grid.samples):
        result += errors[0, s]
        product += odds[0, s] * (1.0 + product)
    return result + log1p(product)


@compiled
def _sum_at_points(grid: Grid, room: Room, out: Array, row: int, chunk: int) -> None:
    """The errors of all samples at each point of a chunk."""
    errors, odds, points = room.errors, room.odds, grid.points
    for c in range(0, points, WIDTH):
        sums, products = get(errors, 0, c), get(odds, 0, c)
        for s in range(1, grid.samples):
            sums += get(errors, 0, s * points + c)
            products += get(odds, 0, s * points + c) * (1.0 + products)
        put(out, row, chunk * points + c, sums)
        put(odds, 0, c, products)
    if grid.loss == BCE:
        for c in range(points):
            out[row, chunk * points + c] += log1p(odds[0, c])


@compiled
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
    for row in range(first_row, last_row):
        for chunk in range(first_chunk, last_chunk):
            _weigh(grid, room.weights, row, chunk)
            _forward(grid, room, row, chunk)
            _errors(grid, room)
            if grid.points == 1:
                out[row, chunk] = _sum_at_point(grid, room)
            else:
                _sum_at_points(grid, room, out, row, chunk)
