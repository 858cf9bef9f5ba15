"""Axes, compiled: what neurons have from one axis of a grid, laid out for its points.

A neuron that needs one axis is computed once for each place on it; of one that needs both, z is
summed up as far as it comes from there.
"""

from mlpsim.core.arrays import Array, Indices
from mlpsim.core.compiled.grid_program import (
    ACTIVATION,
    BEGIN,
    FIRST,
    FIXED,
    MOVING,
    OWN,
    SHARES,
    STRIDE,
    WHOLE,
    Axes,
)
from mlpsim.core.compiled.jit import compiled, kernel
from mlpsim.core.compiled.program import IDENTITY, WIDTH
from mlpsim.core.compiled.values import activate, power_of
from mlpsim.core.compiled.vectors import Vector, get, put, select, spread, spread_at


@compiled
def place_at(places: Array, row: int, s: int) -> Vector:
    """Places on an axis: one for the whole row, or one for each number."""
    if places.shape[1] == 1:
        return spread_at(places, row, 0)
    return get(places, row, s)


@compiled
def _lay_fixed(axes: Axes, axis: int, layer: int, n: int) -> None:
    """What z has from neurons that need nothing, and how much more for each unit of the axis."""
    layers, weights, a = axes.layers, axes.weights, axes.a
    fixed, below, first = layers[layer - 1, FIXED], layers[layer - 1, FIRST], layers[layer, FIRST]
    p, whole = layers[layer, BEGIN], _whole(layers, layer)
    for i in range(whole + layers[layer, WHOLE]):
        for s in range(0, n, WIDTH):
            z, slope = spread_at(weights, 0, p), spread_at(weights, 1 + axis, p)
            for j in range(fixed):
                x = get(a, below + j, s)
                z += spread_at(weights, 0, p + 1 + j) * x
                slope += spread_at(weights, 1 + axis, p + 1 + j) * x
            put(a, first + i, s, z)
            if axis == 1 and i >= whole:  # α has it already
                z = spread(0.0)
            put(axes.fixed, 2 * (first + i), s, z)
            put(axes.fixed, 2 * (first + i) + 1, s, slope)
        p += layers[layer, STRIDE]


@compiled
def _whole(layers: Indices, layer: int) -> int:
    """How many neurons of a layer need one axis at most; behind them stand the others."""
    partly: int = layers[layer, FIXED] + layers[layer, OWN] + layers[layer, OWN + 1]
    return partly


@compiled
def _sum(axes: Axes, axis: int, layer: int, i: int, which: int, s: int) -> Vector:
    """What neurons that need the axis add to z, by weights at the origin, along u or along v."""
    layers = axes.layers
    before = layers[layer - 1, FIXED] + axis * layers[layer - 1, OWN]
    p = layers[layer, BEGIN] + i * layers[layer, STRIDE] + 1 + before
    below, z = layers[layer - 1, FIRST] + before, spread(0.0)
    for j in range(layers[layer - 1, OWN + axis]):
        z += spread_at(axes.weights, which, p + j) * get(axes.a, below + j, s)
    return z


@compiled
def _lay_z(axes: Axes, axis: int, layer: int, i: int, places: Array, row: int, start: int) -> None:
    """z of a neuron at a place on the axis, as far as it comes from there."""
    z_row, moves = axes.layers[layer, FIRST] + i, axes.layers[layer, MOVING + axis] != 0
    for s in range(0, min(axes.a.shape[1], axes.x.shape[1] - start), WIDTH):
        z = get(axes.fixed, 2 * z_row, s) + _sum(axes, axis, layer, i, 0, s)
        slope = get(axes.fixed, 2 * z_row + 1, s)
        if moves:
            slope += _sum(axes, axis, layer, i, 1 + axis, s)
        put(axes.a, z_row, s, z + place_at(places, row, start + s) * slope)


@compiled
def _lay_share(
    axes: Axes, axis: int, layer: int, i: int, place: int, to: int, start: int, shares: Array
) -> Vector:
    """A share of z of a neuron that needs both axes, in a row, and how large it is."""
    z_row, size = axes.layers[layer, FIRST] + i, spread(0.0)
    for s in range(0, min(axes.a.shape[1], axes.x.shape[1] - start), WIDTH):
        z = get(axes.a, z_row, s)
        if place != axis:  # what the other axis multiplies
            z = _sum(axes, axis, layer, i, 2 - axis, s)
        put(shares, to, start + s, z)
        size = select(abs(z) <= size, size, abs(z))
    return size


@kernel
def lay_axis(axes: Axes, axis: int, places: Array, shares: Array, sizes: Array) -> None:
    """Shares (R, W) of all z at the places (n, W or 1) on the axis of α (0) or of β (1).

    sizes (4 (1 + L), 8): how large those of a layer are at most, by column, by row, and so on.
    """
    layers, a = axes.layers, axes.a
    for start in range(0, shares.shape[1], a.shape[1]):
        n = min(a.shape[1], shares.shape[1] - start)
        for d in range(len(axes.x)):
            for s in range(0, n, WIDTH):
                put(a, layers[0, FIRST] + d, s, get(axes.x, d, start + s))
        for row in range(-1, len(places)):  # first what needs no place
            for layer in range(1, len(layers)):
                first, count, whole = 0, layers[layer, FIXED], _whole(layers, layer)
                end = whole
                if layers[layer, SHARES] >= 0:
                    end += layers[layer, WHOLE]
                if row < 0:
                    _lay_fixed(axes, axis, layer, n)
                else:
                    for i in range(count, end):
                        _lay_z(axes, axis, layer, i, places, row, start)
                    first, count = count + axis * layers[layer, OWN], layers[layer, OWN + axis]
                code = layers[layer, ACTIVATION]
                if count and code != IDENTITY:
                    value, begin = axes.hyperparameters[layer], layers[layer, FIRST] + first
                    activate(code, value, a, begin, begin + count, False, axes.complements)
                if row < 0:
                    continue
                for i in range(whole, end):
                    for place in (axis, 3 - axis):
                        to, line = layers[layer, SHARES + place], 4 * layer + place
                        if to >= 0:
                            to += row * (end - whole) + i - whole
                            size = _lay_share(axes, axis, layer, i, place, to, start, shares)
                            largest = get(sizes, line, 0)
                            put(sizes, line, 0, select(size <= largest, largest, size))


@kernel
def raise_shares(
    shares: Array,
    first: int,
    last: int,
    factor: float,
    targets: Array,
    has_odds: bool,
    missing: float,
    is_raised: bool,
) -> None:
    """z of some rows as factors 2^(factor z); or those of odds, where no sample is: ``missing``.

    Odds to be told wrongly grow with z of a sample whose target (K, W) is 0, else with −z.
    """
    for row in range(first, last):
        for s in range(0, shares.shape[1], WIDTH):
            z = factor * get(shares, row, s)
            if has_odds:
                y = get(targets, (row - first) % len(targets), s)
                z = select(y == y, z - 2.0 * y * z, missing)
            if is_raised:
                z = power_of(z)
            put(shares, row, s, z)
