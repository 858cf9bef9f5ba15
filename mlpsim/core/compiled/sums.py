"""Sums, compiled: the samples' errors at a point of a grid, from its outputs or from odds.

Cross-entropy is the logarithm of 1 + a sample's odds to be told wrongly. Odds that go together need
no logarithm of their own: (1 + p)(1 + q) is 1 + p + q (1 + p).
"""

from mlpsim.core.arrays import Array
from mlpsim.core.compiled.across import total
from mlpsim.core.compiled.grid_program import (
    BETA,
    CODE,
    COLUMN,
    LINE,
    STEPS,
    Grid,
    Room,
)
from mlpsim.core.compiled.jit import compiled
from mlpsim.core.compiled.layers import error_and_slope
from mlpsim.core.compiled.program import BCE, SIGMOID, SOFTMAX, TANH, WIDTH
from mlpsim.core.compiled.values import exponential, log1p
from mlpsim.core.compiled.vectors import Vector, get, put, select, spread


@compiled
def _store(grid: Grid, out: Array, row: int, chunk: int, c: int, sums: Vector) -> None:
    """Adds the sums at a point, or at some of a chunk."""
    if grid.points > 1:
        c += chunk * grid.points
        put(out, row, c, get(out, row, c) + sums)
    else:
        out[row, chunk] += total(sums)


@compiled
def _logarithms(grid: Grid, rows: Array, x: int, y: int, c: int) -> Vector:
    """Σ log1p of odds that are products of two rows for each output, from x and from y on."""
    outputs, step = len(grid.targets), grid.points if grid.points > 1 else WIDTH
    steps, sums = rows.shape[1] // step, spread(0.0)
    for first in range(0, steps, grid.odds_at_once):
        end = min(first + grid.odds_at_once, steps)
        odds, others = spread(0.0), spread(0.0)  # of every second, for none to wait for the last
        for k in range(outputs):
            for n in range(first, end, 2):
                s, t = c + n * step, c + (n + 1) * step
                e = get(rows, x + k, s) * get(rows, y + k, s)
                odds = e + odds * (1.0 + e)
                if n + 1 < end:
                    e = get(rows, x + k, t) * get(rows, y + k, t)
                    others = e + others * (1.0 + e)
        sums += log1p(odds + others * (1.0 + odds))
    return sums


@compiled
def _lay_powers(grid: Grid, powers: Array, first: int, last: int, chunk: int) -> None:
    """e^βy of the first STEPS of β, and e^(x + βy) of every such one, for a chunk of columns."""
    layers, shares, betas, outputs = grid.layers, grid.shares, grid.betas, len(grid.targets)
    x = layers[len(layers) - 1, COLUMN] + chunk * outputs
    y = layers[len(layers) - 1, BETA] + chunk * outputs
    for k in range(outputs):
        for s in range(0, shares.shape[1], WIDTH):
            z, slope = get(shares, x + k, s), get(shares, y + k, s)
            for i in range(STEPS + last - first):
                if i < STEPS:
                    exponent = (betas[i, 0] - betas[0, 0]) * slope
                else:
                    exponent = z + betas[(first + i - STEPS) * STEPS, 0] * slope
                put(powers, i * outputs + k, s, exponential(exponent))


@compiled
def _error(grid: Grid, k: int, s: int, output: Vector, complement: Vector) -> Vector:
    """An output's share of the error; 0 where there is no sample."""
    y, code = get(grid.targets, k, s), grid.layers[len(grid.layers) - 1, CODE]
    r = output - y
    if code == SIGMOID:  # nothing cancels where one is close to 1
        r = (1.0 - y) * output - y * complement
    return select(y == y, error_and_slope(grid.loss, grid.delta, output, y, r)[0], 0.0)


@compiled
def _errors(grid: Grid, x: int, y: int, c: int) -> Vector:
    """Σ e^s of outputs 1/(1 + e) or 1 − 2/(1 + e), two to a division.

    e is the product of two rows for each output, from x and from y on.
    """
    shares, step = grid.shares, grid.points if grid.points > 1 else WIDTH
    count, sums = shares.shape[1] // step, spread(0.0)
    is_tanh = grid.layers[len(grid.layers) - 1, CODE] == TANH
    for k in range(len(grid.targets)):
        for n in range(0, count, 2):
            s, t = c + n * step, c + min(n + 1, count - 1) * step
            e = get(shares, x + k, s) * get(shares, y + k, s)
            f = get(shares, x + k, t) * get(shares, y + k, t)
            inverse = 1.0 / ((1.0 + e) * (1.0 + f))
            one, other = inverse * (1.0 + f), inverse * (1.0 + e)
            e, f = e * one, f * other
            if is_tanh:
                one, other = 1.0 - 2.0 * one, 1.0 - 2.0 * other
            sums += _error(grid, k, s, one, e)
            if n + 1 < count:
                sums += _error(grid, k, t, other, f)
    return sums


@compiled
def add_from_factors(
    grid: Grid,
    powers: Array,
    first_row: int,
    last_row: int,
    first_chunk: int,
    last_chunk: int,
    side: int,
    out: Array,
) -> None:
    """Σ e^s where outputs, or odds, come from products of what columns and rows of the grid have.

    Or from odds e^(x + βy), where β grows evenly: of one of few powers, and of a few steps more.
    """
    layers, last, outputs = grid.layers, len(grid.layers) - 1, len(grid.targets)
    has_powers, first = layers[last, BETA] >= 0, first_row // STEPS
    rows = powers if has_powers else grid.shares
    for tile in range(first_chunk, last_chunk, side):
        if has_powers:
            _lay_powers(grid, powers, first, (last_row - 1) // STEPS + 1, tile)
        for row in range(first_row, last_row):
            for chunk in range(tile, min(tile + side, last_chunk)):
                x = layers[last, COLUMN] + chunk * outputs
                y = layers[last, LINE] + row * outputs
                if has_powers:
                    x, y = (STEPS + row // STEPS - first) * outputs, row % STEPS * outputs
                for c in range(0, grid.points, WIDTH):
                    if grid.loss == BCE:
                        sums = _logarithms(grid, rows, x, y, c)
                    else:
                        sums = _errors(grid, x, y, c)
                    _store(grid, out, row, chunk, c, sums)


@compiled
def _softmax_error(grid: Grid, a: Array, s: int) -> Vector:
    """Cross-entropy on the logits; 1 − p is the sum of the other classes: nothing cancels."""
    classes = len(grid.targets)
    top = len(a) - classes
    largest, at = get(a, top, s), spread(0.0)
    for k in range(1, classes):
        z = get(a, top + k, s)
        at = select(z > largest, float(k), at)
        largest = select(z > largest, z, largest)
    rest, all_targets, error = spread(0.0), spread(0.0), spread(0.0)
    for k in range(classes):
        behind, y = largest - get(a, top + k, s), get(grid.targets, k, s)
        rest += select(at == float(k), 0.0, exponential(-behind))
        all_targets += y
        error += y * behind
    return error + all_targets * log1p(rest)


@compiled
def add_sums(grid: Grid, room: Room, out: Array, row: int, chunk: int) -> None:
    """Σ e^s at a point, or at each point of a chunk; targets are NaN where there is no sample."""
    a, targets, loss = room.a, grid.targets, grid.loss
    outputs = len(targets)
    top = len(a) - outputs
    step = grid.points if grid.points > 1 else WIDTH
    count = a.shape[1] // step
    for c in range(0, step, WIDTH):
        sums = spread(0.0)
        for first in range(0, count, grid.odds_at_once):
            odds = spread(0.0)
            for n in range(first, min(first + grid.odds_at_once, count)):
                s = c + n * step
                if loss == SOFTMAX:
                    y, e = get(targets, 0, s), _softmax_error(grid, a, s)
                    sums += select(y == y, e, 0.0)
                    continue
                for k in range(outputs):
                    y, output = get(targets, k, s), get(a, top + k, s)
                    if loss == BCE:
                        e = select(y == y, exponential(-abs(output)), 0.0)
                        odds = e + odds * (1.0 + e)
                        # Exactly 0 where the answer is as small as e^−|z|.
                        e = select(output > 0.0, output, 0.0) - y * output
                        sums += select(y == y, e, 0.0)
                    else:
                        sums += _error(grid, k, s, output, get(room.complements, k, s))
            if loss == BCE:
                sums += log1p(odds)
        _store(grid, out, row, chunk, c, sums)
