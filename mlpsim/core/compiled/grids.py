"""Grids: the samples' errors over the points of a plane, by the compiled engine.

What neurons have from one axis is reckoned by ``slices``; here it is laid out for a kernel, in rows
of W numbers. A row holds all samples of a part of the data, at one column of the grid where these
are many, else at a chunk of columns that stand side by side.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from mlpsim.core.arrays import Array, Indices
from mlpsim.core.compiled.program import ACTIVATION_CODES, LOSS_CODES, SIGMOID, TANH
from mlpsim.core.dataset import Dataset
from mlpsim.core.slices import BOTH, Layer, Share, Slice

WIDTH = 256  # numbers in a row, about
LANES = 8  # what the length of a row is a multiple of, and a chunk of columns too
KEPT = 4_000_000  # numbers that are laid out together
NUMBERS = 32_000  # of what columns of the grid hold, which stay in the cache from row to row
PRODUCTS = 8_000_000  # of weights, samples and points in one call
MOST_ODDS = 1000  # factors 1 + e^−|z| whose product is finite
FACTORS = {SIGMOID: -1.0, TANH: 2.0}  # of z in the exponential that the activation comes from
# e^x·e^y stands for e^(x + y) while it is finite, and for tanh not where all z are close to 0.
LEAST, REACH = 0.05, 340.0

# Columns of the table of layers.
NEURONS, FAN_IN, TOP, BELOW, PLACE, CODE, COLUMN, LINE, ALPHA, BETA, IS_FACTORS, MOVES = range(12)
AXIS_PLACES = {0: 0, 1: 2, 2: 3}  # of a share among COLUMN … BETA, by the axis that multiplies it


class Grid(NamedTuple):
    """A grid for the kernel.

    layers (L, 12): how many neurons need both axes, how many of these stand below; the first row of
    both in the room; where their weights begin, each neuron's behind its bias; the activation; the
    first rows of what z has by column, by row, by row times α, by column times β (−1: nothing);
    whether the first two hold factors of an exponential of z instead; whether weights move with α.
    Weights at the origin, along u and along v (1, M); shares (R, W), alphas (chunks, W), betas
    (ny,), targets (K, W); ``points`` of the grid in a row.
    """

    layers: Indices
    hyperparameters: Array
    origin: Array
    along_u: Array
    along_v: Array
    shares: Array
    alphas: Array
    betas: Array
    targets: Array
    loss: int
    delta: float
    samples: int
    points: int


class Room(NamedTuple):
    """Room for a row of every neuron: a (N, W), complements of sigmoids (n, W); weights (1, M).

    errors and odds (1, W): a sample's error is errors + log1p(odds).
    """

    a: Array
    complements: Array
    errors: Array
    odds: Array
    weights: Array


class _Rows(NamedTuple):
    """How rows are laid out: a chunk's columns innermost, padding at the end."""

    samples: int
    lines: int  # rows of the grid
    columns: Indices  # (chunks, points), the grid's last one repeated

    @property
    def points(self) -> int:
        return int(self.columns.shape[1])

    @property
    def width(self) -> int:
        return -(-self.samples * self.points // LANES) * LANES

    def by_column(self, held: Array) -> Array:
        """(n, 1, nx or 1, S or 1) in rows (n, chunks, W)."""
        nx = int(self.columns[-1, -1]) + 1
        whole = np.broadcast_to(held[:, 0], (len(held), nx, self.samples))
        return self.filled(whole[:, self.columns].swapaxes(-1, -2))

    def by_line(self, held: Array) -> Array:
        """(n, ny or 1, 1, S or 1) in rows (n, ny, W)."""
        shape = (len(held), self.lines, self.samples, self.points)
        return self.filled(np.broadcast_to(held[:, :, 0, :, None], shape))

    def filled(self, held: Array) -> Array:
        """Numbers (..., S, points) in rows (..., W)."""
        rows = np.zeros((*held.shape[:-2], self.width))
        rows[..., : self.samples * self.points] = held.reshape(*held.shape[:-2], -1)
        return rows


class _Layers:
    """Gathers what the kernel reads of the layers, one after the other."""

    def __init__(self, rows: _Rows) -> None:
        self.rows = rows
        self.table: list[list[int]] = []
        self.hyperparameters: list[float] = []
        self._weights = [np.zeros((3, 0))]
        self._shares = [np.zeros((0, rows.width))]
        self._factors: list[tuple[int, int, float]] = []  # rows to be exponentiated
        self._below = np.zeros(0, np.intp)

    def add(self, layer: Layer, shares: list[Share], code: int, hyperparameter: float) -> None:
        """The next layer, of which only the neurons count that need both axes."""
        neurons, below = layer.neurons[BOTH], self._below
        self._below = neurons
        if not len(neurons):
            return
        places, is_factors = [-1] * 4, False
        has_shares = len(below) < layer.w.shape[2]
        if has_shares:
            laid = self._laid(shares, len(neurons))
            is_factors = not len(below) and _are_factors(laid, code)
            first = sum(map(len, self._shares))
            for place, part in laid.items():
                places[place] = sum(map(len, self._shares))
                self._shares.append(part.reshape(-1, self.rows.width))
            if is_factors:
                self._factors.append((first, sum(map(len, self._shares)), FACTORS[code]))
        b = layer.b[:, neurons, None] * (not has_shares)  # else the shares hold it
        w = np.concatenate([b, layer.w[:, neurons][:, :, below]], axis=2)
        top = sum(entry[NEURONS] for entry in self.table)
        begin = sum(part.shape[1] for part in self._weights)
        self.table.append(
            [
                *(len(neurons), len(below), top, top - len(below), begin, code),
                *(*places, is_factors, bool(w[1].any())),
            ]
        )
        self.hyperparameters.append(hyperparameter)
        self._weights.append(w.reshape(3, -1))

    def _laid(self, shares: list[Share], n: int) -> dict[int, Array]:
        """What z has from one axis in rows, by its place; by column and by row always."""
        rows = self.rows
        laid = {
            0: np.zeros((n, len(rows.columns), rows.width)),
            1: np.zeros((n, rows.lines, rows.width)),
        }
        for share in shares:
            place = AXIS_PLACES[share.axis] or int(share.needs[0])
            part = rows.by_line(share.held) if share.needs[0] else rows.by_column(share.held)
            laid[place] = laid[place] + part if place in laid else part
        return laid

    def shares(self) -> Array:
        from mlpsim.core.compiled.points import exponentiate

        shares = np.concatenate(self._shares)
        for first, last, factor in self._factors:
            exponentiate(shares, first, last, factor)
        return shares

    def weights(self) -> Array:
        """At the origin, along u and along v: (3, 1, M), padded to whole vectors."""
        weights = np.concatenate(self._weights, axis=1)
        return np.pad(weights, ((0, 0), (0, -weights.shape[1] % LANES)))[:, None]


def _are_factors(laid: dict[int, Array], code: int) -> bool:
    """Whether the activations of z = x + y may come from exponentials of x and of y."""
    if len(laid) > 2 or code not in FACTORS:
        return False
    reach = abs(FACTORS[code]) * sum(float(np.abs(part).max()) for part in laid.values())
    return LEAST <= reach <= REACH


def errors_over(
    over: Slice, alphas: Array, betas: Array, cancelled: Callable[[], bool]
) -> Array | None:
    """Σ e^s (ny, nx); None when cancelled."""
    # Numba is imported with the first call, long after the window is there.
    from mlpsim.core.compiled.points import add_errors

    network, nx, ny = over.problem.network, len(alphas), len(betas)
    most = max(1, min(WIDTH, MOST_ODDS // network.sizes[-1]))
    total = np.zeros((ny, nx))
    for data in over.samples(nx, ny, KEPT, most):
        grid, room = _grid(over, data, alphas, betas)
        chunks = len(grid.alphas)
        errors = np.zeros((ny, chunks * grid.points))
        held = grid.shares.size // (chunks + ny)
        side = max(1, min(chunks, NUMBERS // max(1, held)))
        height = max(1, PRODUCTS // (network.n_params * grid.targets.shape[1] * side))
        for row in range(0, ny, height):
            for chunk in range(0, chunks, side):
                if cancelled():
                    return None
                ends = min(row + height, ny), min(chunk + side, chunks)
                add_errors(grid, room, row, ends[0], chunk, ends[1], errors)
        total += errors[:, :nx]
    return total


def _rows(samples: int, nx: int, ny: int) -> _Rows:
    points = 1
    if samples * LANES <= 2 * WIDTH:
        points = max(1, WIDTH // (samples * LANES)) * LANES
        points = min(points, -(-nx // LANES) * LANES)
    columns = np.arange(-(-nx // points) * points).reshape(-1, points)
    return _Rows(samples, ny, np.minimum(columns, nx - 1))


def _grid(over: Slice, data: Dataset, alphas: Array, betas: Array) -> tuple[Grid, Room]:
    """The grid over a part of the data, and the room for its rows."""
    problem, rows = over.problem, _rows(len(data), len(alphas), len(betas))
    layers = _Layers(rows)
    shares = over.shares(data, (1.0, alphas[:, None], betas[:, None, None]))
    for layer, own, activation in zip(
        over.layers, shares, problem.network.activations, strict=True
    ):
        layers.add(layer, own, ACTIVATION_CODES[activation.name], float(activation.value))
    origin, along_u, along_v = layers.weights()
    columns = alphas[rows.columns][:, None]
    grid = Grid(
        np.array(layers.table, np.intp),
        np.array(layers.hyperparameters),
        *(origin, along_u, along_v),
        layers.shares(),
        rows.filled(np.repeat(columns, rows.samples, axis=1)),
        betas.astype(np.float64),
        rows.filled(np.repeat(data.y_columns[..., None], rows.points, axis=-1)),
        LOSS_CODES[problem.loss.name],
        float(problem.loss.value),
        rows.samples,
        rows.points,
    )
    counts = grid.layers[:, NEURONS]
    room = Room(
        np.zeros((counts.sum(), rows.width)),
        np.zeros((counts.max(), rows.width)),
        np.zeros((1, rows.width)),
        np.zeros((1, rows.width)),
        np.zeros_like(origin),
    )
    return grid, room
