"""Axes, compiled: what neurons have from one axis of a grid, laid out for its points.

A neuron that needs one axis is computed once for each place on it; of one that needs both, z is
summed up as far as it comes from there.
"""

from mlpsim.core.arrays import Array
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
    p, partly = layers[layer, BEGIN], layers[layer, FIXED] + layers[layer, OWN]
    partly += layers[layer, OWN + 1]
    for i in range(partly + layers[layer, WHOLE]):
        for s in range(0, n, WIDTH):
            z, slope = spread_at(weights, 0, p), spread_at(weights, 1 + axis, p)
            for j in range(fixed):
                x = get(a, below + j, s)
                z += spread_at(weights, 0, p + 1 + j) * x
                slope += spread_at(weights, 1 + axis, p + 1 + j) * x
            if axis == 1 and i >= partly:  # α has it already
                z = spread(0.0)
            put(axes.fixed, 2 * (first + i), s, z)
            put(axes.fixed, 2 * (first + i) + 1, s, slope)
        p += layers[layer, STRIDE]


@compiled
def _z(axes: Axes, axis: int, layer: int, i: int, place: Vector, s: int) -> Vector:
    """z of a neuron at a place on the axis, from what needs this axis at most."""
    layers, weights = axes.layers, axes.weights
    other = layers[layer - 1, FIXED] + axis * layers[layer - 1, OWN]
    p = layers[layer, BEGIN] + i * layers[layer, STRIDE] + 1 + other
    below, row = layers[layer - 1, FIRST] + other, 2 * (layers[layer, FIRST] + i)
    z = get(axes.fixed, row, s) + place * get(axes.fixed, row + 1, s)
    if layers[layer, MOVING + axis]:
        for j in range(layers[layer - 1, OWN + axis]):
            w = spread_at(weights, 0, p + j) + place * spread_at(weights, 1 + axis, p + j)
            z += w * get(axes.a, below + j, s)
    else:
        for j in range(layers[layer - 1, OWN + axis]):
            z += spread_at(weights, 0, p + j) * get(axes.a, below + j, s)
    return z


@compiled
def _crossing(axes: Axes, axis: int, layer: int, i: int, s: int) -> Vector:
    """What the other axis multiplies in z of a neuron that needs both."""
    layers = axes.layers
    other = layers[layer - 1, FIXED] + axis * layers[layer - 1, OWN]
    p = layers[layer, BEGIN] + i * layers[layer, STRIDE] + 1 + other
    below, z = layers[layer - 1, FIRST] + other, spread(0.0)
    for j in range(layers[layer - 1, OWN + axis]):
        z += spread_at(axes.weights, 2 - axis, p + j) * get(axes.a, below + j, s)
    return z


@compiled
def _lay_shares(
    axes: Axes, axis: int, layer: int, places: Array, row: int, start: int, n: int, shares: Array
) -> tuple[Vector, Vector]:
    """Shares of z of neurons that need both axes, from a column on, and how large they are."""
    layers, count = axes.layers, axes.layers[layer, WHOLE]
    first, crossing = layers[layer, SHARES + axis], layers[layer, SHARES + 3 - axis]
    size, other_size = spread(0.0), spread(0.0)
    whole = layers[layer, FIXED] + layers[layer, OWN] + layers[layer, OWN + 1]
    for i in range(count):
        for s in range(0, n, WIDTH):
            z = _z(axes, axis, layer, whole + i, place_at(places, row, start + s), s)
            put(shares, first + row * count + i, start + s, z)
            size = select(abs(z) <= size, size, abs(z))
        if crossing >= 0:
            for s in range(0, n, WIDTH):
                z = _crossing(axes, axis, layer, whole + i, s)
                put(shares, crossing + row * count + i, start + s, z)
                other_size = select(abs(z) <= other_size, other_size, abs(z))
    return size, other_size


@compiled
def _note(sizes: Array, line: int, size: Vector) -> None:
    """The larger one."""
    put(sizes, line, 0, select(size <= get(sizes, line, 0), get(sizes, line, 0), size))


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
                first, count = 0, layers[layer, FIXED]
                if row < 0:
                    _lay_fixed(axes, axis, layer, n)
                else:
                    first, count = count + axis * layers[layer, OWN], layers[layer, OWN + axis]
                top = layers[layer, FIRST]
                for i in range(first, first + count):
                    for s in range(0, n, WIDTH):
                        if row < 0:
                            put(a, top + i, s, get(axes.fixed, 2 * (top + i), s))
                        else:
                            place = place_at(places, row, start + s)
                            put(a, top + i, s, _z(axes, axis, layer, i, place, s))
                code = layers[layer, ACTIVATION]
                if count and code != IDENTITY:
                    value, begin = axes.hyperparameters[layer], top + first
                    activate(code, value, a, begin, begin + count, False, axes.complements)
                if row >= 0 and layers[layer, SHARES + axis] >= 0:
                    size, other = _lay_shares(axes, axis, layer, places, row, start, n, shares)
                    _note(sizes, 4 * layer + axis, size)
                    _note(sizes, 4 * layer + 3 - axis, other)


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
