"""Points, compiled: the samples' errors at every point of a grid, as ``grids`` lays it out."""

from mlpsim.core.arrays import Array
from mlpsim.core.compiled.axes import place_at
from mlpsim.core.compiled.grid_program import (
    ALPHA,
    BELOW,
    BETA,
    CODE,
    COLUMN,
    FAN_IN,
    IS_FACTORS,
    IS_NEAR,
    IS_SUMMED,
    LINE,
    MOVES,
    NEURONS,
    PLACE,
    TOP,
    Grid,
    Room,
)
from mlpsim.core.compiled.jit import compiled, kernel
from mlpsim.core.compiled.program import IDENTITY, SIGMOID, WIDTH
from mlpsim.core.compiled.sums import add_from_factors, add_sums
from mlpsim.core.compiled.values import activate
from mlpsim.core.compiled.vectors import (
    get,
    put,
    spread,
    spread_at,
)


@compiled
def _weigh(grid: Grid, weights: Array, row: int, chunk: int) -> None:
    """The weights at a point, or in a chunk of columns those where α is 0."""
    beta, alpha = grid.betas[row, 0], grid.alphas[chunk, 0] if grid.points == 1 else 0.0
    for p in range(0, weights.shape[1], WIDTH):
        moved = get(grid.origin, 0, p) + alpha * get(grid.along_u, 0, p)
        put(weights, 0, p, moved + beta * get(grid.along_v, 0, p))


@compiled
def _begin(grid: Grid, a: Array, layer: int, row: int, chunk: int) -> None:
    """z of a layer from what its neurons have from one axis."""
    layers, shares, beta = grid.layers, grid.shares, grid.betas[row, 0]
    count = layers[layer, NEURONS]
    column, line = chunk * count, row * count
    x, y = column + layers[layer, COLUMN], line + layers[layer, LINE]
    by_alpha, by_beta = line + layers[layer, ALPHA], column + layers[layer, BETA]
    for i in range(count):
        for s in range(0, a.shape[1], WIDTH):
            z = get(shares, x + i, s) + get(shares, y + i, s)
            if layers[layer, ALPHA] >= 0:
                z += place_at(grid.alphas, chunk, s) * get(shares, by_alpha + i, s)
            if layers[layer, BETA] >= 0:
                z += beta * get(shares, by_beta + i, s)
            put(a, layers[layer, TOP] + i, s, z)


@compiled
def _add_products(grid: Grid, room: Room, layer: int) -> None:
    """z of a layer from what it has so far, or its biases, and the layer below: four neurons at a
    time.
    """
    layers, a, weights = grid.layers, room.a, room.weights
    count, fan_in, below = layers[layer, NEURONS], layers[layer, FAN_IN], layers[layer, BELOW]
    begins = layers[layer, COLUMN] < 0
    fours = count // 4
    for four in range(fours):
        z = layers[layer, TOP] + 4 * four
        w = layers[layer, PLACE] + 4 * four * (1 + fan_in)
        w1 = w + 1 + fan_in
        w2 = w1 + 1 + fan_in
        w3 = w2 + 1 + fan_in
        for s in range(0, a.shape[1], WIDTH):
            if begins:
                z0, z1 = spread_at(weights, 0, w), spread_at(weights, 0, w1)
                z2, z3 = spread_at(weights, 0, w2), spread_at(weights, 0, w3)
            else:
                z0, z1, z2, z3 = get(a, z, s), get(a, z + 1, s), get(a, z + 2, s), get(a, z + 3, s)
            for j in range(fan_in):
                x = get(a, below + j, s)
                z0 += spread_at(weights, 0, w + 1 + j) * x
                z1 += spread_at(weights, 0, w1 + 1 + j) * x
                z2 += spread_at(weights, 0, w2 + 1 + j) * x
                z3 += spread_at(weights, 0, w3 + 1 + j) * x
            put(a, z, s, z0)
            put(a, z + 1, s, z1)
            put(a, z + 2, s, z2)
            put(a, z + 3, s, z3)
    for i in range(4 * fours, count):
        z, w = layers[layer, TOP] + i, layers[layer, PLACE] + i * (1 + fan_in)
        for s in range(0, a.shape[1], WIDTH):
            sums = spread_at(weights, 0, w) if begins else get(a, z, s)
            for j in range(fan_in):
                sums += spread_at(weights, 0, w + 1 + j) * get(a, below + j, s)
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
    a, shares, layers, count = room.a, grid.shares, grid.layers, grid.layers[layer, NEURONS]
    x, y = layers[layer, COLUMN] + chunk * count, layers[layer, LINE] + row * count
    top, is_sigmoid = layers[layer, TOP], layers[layer, CODE] == SIGMOID
    start, factor = (0.0, 1.0) if is_sigmoid else (1.0, -2.0)
    for i in range(0, count, 2):
        j = min(i + 1, count - 1)
        for s in range(0, a.shape[1], WIDTH):
            e0 = get(shares, x + i, s) * get(shares, y + i, s)
            e1 = get(shares, x + j, s) * get(shares, y + j, s)
            d0, d1 = 1.0 + e0, 1.0 + e1
            inverse = 1.0 / (d0 * d1)
            put(a, top + i, s, start + factor * (inverse * d1))
            put(a, top + j, s, start + factor * (inverse * d0))
            if is_sigmoid:
                put(room.complements, i, s, e0 * (inverse * d1))
                put(room.complements, j, s, e1 * (inverse * d0))


@compiled
def _add_fractions(grid: Grid, room: Room, layer: int, row: int, chunk: int) -> None:
    """z of one neuron from the sigmoids or tanh below, of which only the factors are there.

    A weighted sum of two, w/d + w'/d', is (w d' + w' d)/(d d').
    """
    a, shares, layers, weights = room.a, grid.shares, grid.layers, room.weights
    count, z, bias = layers[layer, NEURONS], layers[layer + 1, TOP], layers[layer + 1, PLACE]
    x, y = layers[layer, COLUMN] + chunk * count, layers[layer, LINE] + row * count
    start, factor = (0.0, 1.0) if layers[layer, CODE] == SIGMOID else (1.0, -2.0)
    constant = weights[0, bias]
    for w in range(bias + 1, bias + 1 + count):
        constant += start * weights[0, w]
    for s in range(0, a.shape[1], WIDTH):
        sums = spread(0.0)
        for i in range(0, count, 2):
            d0 = 1.0 + get(shares, x + i, s) * get(shares, y + i, s)
            w = bias + 1 + i
            if i + 1 == count:
                sums += spread_at(weights, 0, w) / d0
            else:
                d1 = 1.0 + get(shares, x + i + 1, s) * get(shares, y + i + 1, s)
                both = spread_at(weights, 0, w) * d1 + spread_at(weights, 0, w + 1) * d0
                sums += both / (d0 * d1)
        result = constant + factor * sums
        if layers[layer + 1, COLUMN] >= 0:
            result += get(a, z, s)
        put(a, z, s, result)


@kernel
def add_errors(
    grid: Grid,
    room: Room,
    first_row: int,
    last_row: int,
    first_chunk: int,
    last_chunk: int,
    side: int,
    out: Array,
) -> None:
    """Adds Σ e^s at the points of some rows and chunks of columns to out (ny, chunks·points).

    ``side`` chunks at a time, whose shares stay in the cache from row to row.
    """
    layers, a, last = grid.layers, room.a, len(grid.layers) - 1
    if layers[last, IS_FACTORS]:
        powers = room.powers
        add_from_factors(grid, powers, first_row, last_row, first_chunk, last_chunk, side, out)
        return
    for tile in range(first_chunk, last_chunk, side):
        for row in range(first_row, last_row):
            for chunk in range(tile, min(tile + side, last_chunk)):
                _weigh(grid, room.weights, row, chunk)
                for layer in range(last + 1):
                    code, top = layers[layer, CODE], layers[layer, TOP]
                    if layers[layer, IS_FACTORS]:
                        if not layers[layer, IS_SUMMED]:
                            _from_factors(grid, room, layer, row, chunk)
                        continue
                    if layers[layer, COLUMN] >= 0:
                        _begin(grid, a, layer, row, chunk)
                    if layer > 0 and layers[layer - 1, IS_SUMMED]:
                        _add_fractions(grid, room, layer - 1, row, chunk)
                    elif layers[layer, FAN_IN]:
                        _add_products(grid, room, layer)
                        if layers[layer, MOVES] and grid.points > 1:
                            _add_moved(grid, a, layer, chunk)
                    if code != IDENTITY:
                        value, end = grid.hyperparameters[layer], top + layers[layer, NEURONS]
                        is_near = layers[layer, IS_NEAR] != 0
                        activate(code, value, a, top, end, is_near, room.complements)
                add_sums(grid, room, out, row, chunk)
