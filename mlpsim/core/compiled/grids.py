"""Grids: the samples' errors over the points of a plane, laid out for the compiled engine.

A row of W numbers holds all samples of a part of the data, at one column of the grid where these
are many, else at a chunk of columns that stand side by side.
"""

from math import inf, log
from typing import NamedTuple

import numpy as np

from mlpsim.core.arrays import Array, Indices
from mlpsim.core.compiled.grid_layers import GridLayers
from mlpsim.core.compiled.grid_program import (
    ALPHA,
    BETA,
    CODE,
    COLUMN,
    FAN_IN,
    IS_FACTORS,
    IS_NEAR,
    IS_SUMMED,
    LOG2E,
    NEAR,
    NEURONS,
    PLACE,
    STEPS,
    Axes,
    Grid,
)
from mlpsim.core.compiled.program import LOSS_CODES, SIGMOID, TANH, WIDTH
from mlpsim.core.compiled.room import empty, zeros
from mlpsim.core.dataset import Dataset
from mlpsim.core.losses import BCE_LOGITS
from mlpsim.core.slice_layers import BOTH
from mlpsim.core.slices import Slice

ROW = 256  # numbers in a row of a chunk, about; a multiple of the vectors' width
BLOCK = 256  # numbers of a row that are laid out together
# Samples that are laid out together: few enough for the cache, through which neurons pass; more
# where only factors are multiplied.
FEW, MANY = 128, 4096
PAIR = 2 * WIDTH
LARGEST_LOG = 700.0  # of a product of 1 + odds
FACTORS = {SIGMOID: -1.0, TANH: 1.0}  # of z in the power of 2 that the activation comes from
# 2^x·2^y stands for 2^(x + y) while it is finite, and for tanh not where all z are close to 0.
LEAST, REACH = 0.07, 240.0
Entry = list[int]  # of the table of layers whose neurons need both axes
Sizes = list[float]  # how large the four parts of z are at most, in the order of their columns


class Rows(NamedTuple):
    """How rows are laid out: the samples, a chunk's columns innermost, then padding."""

    samples: int
    columns: Indices  # (chunks, points), the grid's last one repeated

    @property
    def points(self) -> int:
        return int(self.columns.shape[1])

    @property
    def width(self) -> int:
        return -(-self.samples * self.points // PAIR) * PAIR

    def filled(self, held: Array, padding: float) -> Array:
        """Numbers (n, S or 1, points or 1) in rows (n, W)."""
        rows = empty(len(held), self.width)
        rows[...] = padding
        places = rows[:, : self.samples * self.points]
        places.reshape(len(held), self.samples, self.points)[...] = held
        return rows


class Memory:
    """Memory for the shares of one part of the data after the other; new one costs more time."""

    def __init__(self) -> None:
        self._numbers = np.empty(0)

    def rows(self, count: int, width: int) -> Array:
        """So many rows, with whatever is in them."""
        if len(self._numbers) < count * width:
            self._numbers = empty(count * width)
        return self._numbers[: count * width].reshape(count, width)


def samples_at_once(over: Slice) -> int:
    """How many samples a grid is for at most."""
    return FEW if any(len(layer.neurons[BOTH]) for layer in over.layers[:-1]) else MANY


def rows_over(samples: int, nx: int) -> Rows:
    """The rows of so many samples, with as few columns as can be that are there twice."""
    points = 1
    if samples * WIDTH <= 2 * ROW:
        vectors = -(-nx // WIDTH)
        most = min(vectors, max(1, ROW // (samples * WIDTH)))
        points = WIDTH * min(range(most, 0, -1), key=lambda each: -vectors % each)
    columns = np.arange(-(-nx // points) * points).reshape(-1, points)
    return Rows(samples, np.minimum(columns, nx - 1))


def _laid(
    layers: GridLayers, x: Array, alphas: Array, betas: Array, memory: Memory
) -> tuple[Array, list[Sizes]]:
    """Shares (R, W) of z at alphas (chunks, W or 1) and betas (ny, 1), of inputs x (D, W)."""
    from mlpsim.core.compiled.axes import lay_axis

    neurons, block = layers.neurons, min(BLOCK, x.shape[1])
    room = [zeros(rows, block) for rows in (neurons + len(x), 2 * neurons, neurons)]
    axes = Axes(
        np.array(layers.axes, np.intp), layers.hyperparameters, layers.axes_weights(), x, *room
    )
    shares = memory.rows(layers.shares, x.shape[1])
    sizes = zeros(4 * len(layers.axes), WIDTH)
    lay_axis(axes, 0, alphas, shares, sizes)
    lay_axis(axes, 1, betas, shares, sizes)
    return shares, sizes.max(axis=1).reshape(-1, 4)[layers.numbers].tolist()


def _factor(entry: Entry, sizes: Sizes) -> float:
    """What is multiplied with z in the power of 2 whose factors take the place of x + y.

    0 where there is none, or not within reach, or where z is more.
    """
    factor, reach = FACTORS.get(entry[CODE], 0.0), sizes[0] + sizes[1]
    return factor if _is_sum(entry) and LEAST <= abs(factor) * reach <= REACH else 0.0


def _is_sum(entry: Entry) -> bool:
    """Whether z is x + y."""
    return entry[ALPHA] < 0 and entry[BETA] < 0


def _reach_of_odds(entry: Entry, sizes: Sizes, betas: Array, outputs: int) -> float:
    """How large the logarithm of a sample's odds may be, of z that is x + y or x + βy.

    0 where they are not within reach, or where β has no even steps, or too few to gain.
    """
    if not _is_sum(entry):
        even = np.linspace(betas[0], betas[-1], len(betas))
        is_even = np.abs(betas - even).max() <= 4.0 * np.finfo(float).eps * np.abs(betas).max()
        if entry[ALPHA] >= 0 or sizes[1] > 0.0 or not is_even or len(betas) <= 2 * STEPS:
            return 0.0
    reach = sizes[0] + sizes[1] + sizes[3] * float(np.abs(betas).max())
    return reach if LOG2E * reach * outputs <= REACH else 0.0


def _raise_odds(shares: Array, entry: Entry, targets: Array, chunks: int, lines: int) -> None:
    """Odds e^±x and e^±y in the place of x and y, or ±x and ±y in that of x and βy."""
    from mlpsim.core.compiled.axes import raise_shares

    outputs, first, slopes = entry[NEURONS], entry[COLUMN], entry[BETA]
    last, is_sum = first + outputs * (chunks + lines), _is_sum(entry)
    # No sample, no odds.
    unit = LOG2E if is_sum else 1.0
    raise_shares(shares, first, last, unit, targets, True, -np.inf, is_sum)
    if not is_sum:
        raise_shares(shares, slopes, slopes + outputs * chunks, 1.0, targets, True, 0.0, False)


def _note_near(
    layers: GridLayers, weights: Array, sizes: list[Sizes], alphas: Array, betas: Array
) -> None:
    """Note where no z of tanh is far from 0, by what is below at most."""
    largest = 1.0  # of what is below
    for entry, (x, y, by_alpha, by_beta) in zip(layers.whole, sizes, strict=True):
        if entry[CODE] == TANH and not entry[IS_FACTORS]:
            axes = 1.0, float(np.abs(alphas).max()), float(np.abs(betas).max())
            count = 1 + entry[FAN_IN]
            w = np.abs(weights[:, 0, entry[PLACE] : entry[PLACE] + entry[NEURONS] * count])
            reach = largest * float((axes @ w).reshape(-1, count).sum(axis=1).max())
            reach += x + y + axes[1] * by_alpha + axes[2] * by_beta
            entry[IS_NEAR] = reach <= NEAR
        largest = 1.0 if entry[CODE] in FACTORS else inf


def grid_over(
    over: Slice, data: Dataset, alphas: Array, betas: Array, rows: Rows, memory: Memory
) -> Grid:
    """The grid over a part of the data in such rows, whose shares are in some memory."""
    from mlpsim.core.compiled.axes import raise_shares

    loss, y = over.problem.loss, data.y_columns
    columns, lines = np.array(alphas)[:, None], np.array(betas)[:, None]
    if rows.points > 1:
        columns = rows.filled(alphas[rows.columns][:, None], 0.0)
    counts = len(columns), len(lines)
    targets = rows.filled(y[..., None], np.nan)
    layers = GridLayers(over, rows.points, *counts)
    shares, sizes = _laid(
        layers, rows.filled(data.x_columns[..., None], 0.0), columns, lines, memory
    )
    # Errors are log1p(e^±z) of targets 0 and 1, so that factors of e^±z suffice.
    has_odds = loss.name == BCE_LOGITS.name and np.isin(y, (0.0, 1.0)).all()
    log_odds = log(2.0)  # the largest logarithm of 1 + a sample's odds
    for entry, largest in zip(layers.whole, sizes, strict=True):
        if entry[FAN_IN] or entry[COLUMN] < 0:
            continue
        reach = 0.0
        if has_odds and entry is layers.whole[-1]:
            reach = _reach_of_odds(entry, largest, betas, len(y))
        if reach:
            _raise_odds(shares, entry, targets, *counts)
            log_odds += reach
            entry[IS_FACTORS] = True
        elif factor := _factor(entry, largest):
            end = entry[COLUMN] + entry[NEURONS] * sum(counts)
            raise_shares(shares, entry[COLUMN], end, factor, targets, False, 0.0, True)
            entry[IS_FACTORS] = True
    for entry in layers.whole:
        entry[IS_SUMMED] &= entry[IS_FACTORS]
    origin, along_u, along_v = weights = layers.weights()
    _note_near(layers, weights, sizes, columns, lines)
    return Grid(
        np.array(layers.whole, np.intp),
        layers.hyperparameters[layers.numbers],
        *(origin, along_u, along_v),
        shares,
        columns,
        lines,
        targets,
        LOSS_CODES[loss.name],
        float(loss.value),
        rows.points,
        max(1, int(LARGEST_LOG / (len(y) * log_odds))),
    )
