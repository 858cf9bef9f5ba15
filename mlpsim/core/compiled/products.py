"""Products of a layer, compiled: weighted sums of rows, forward or backward.

Rows hold W lanes side by side: samples under one theta (P,), or members with a theta of their own,
(P, R). ``weight`` reads either.
"""

from mlpsim.core.arrays import Array, Indices
from mlpsim.core.compiled.jit import compiled
from mlpsim.core.compiled.program import WIDTH
from mlpsim.core.compiled.vectors import Vector, get, put, spread, weight


@compiled
def shape_of(layers: Indices, layer: int) -> tuple[int, int, int, int]:
    """A layer's fan-in and fan-out, where its weights stand in theta, and its biases, or −1."""
    return layers[layer, 0], layers[layer, 1], layers[layer, 2], layers[layer, 3]


@compiled
def bias_at(theta: Array, b: int, s: int) -> Vector:
    """The bias that a sum begins with, if there is one."""
    return weight(theta, b, s) if b >= 0 else spread(0.0)


@compiled
def products(
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
            sum0, sum1 = bias_at(theta, b, s), bias_at(theta, b + next_b, s)
            sum2, sum3 = bias_at(theta, b + 2 * next_b, s), bias_at(theta, b + 3 * next_b, s)
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
            sum0 = bias_at(theta, b, s)
            p = w
            for j in range(first, first + terms):
                sum0 += weight(theta, p, s) * get(rows, j, s)
                p += along
            put(rows, i, s, sum0)
        w += across
        b += next_b
        i += 1
