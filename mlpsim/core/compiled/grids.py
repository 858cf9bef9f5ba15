"""Grids: the samples' errors over the points of a plane, by the compiled engine.

What neurons have from one axis is reckoned by ``slices``; here it is laid out for a kernel, in rows
of W numbers. A row holds all samples of a part of the data, at one column of the grid where these
are many, else at a chunk of columns that stand side by side.
"""

from math import log
from typing import NamedTuple

import numpy as np

from mlpsim.core.activations import Activation
from mlpsim.core.arrays import Array, Indices
from mlpsim.core.compiled.grid_program import (
    IS_FACTORS,
    IS_SUMMED,
    NEURONS,
    STEPS,
    Grid,
)
from mlpsim.core.compiled.program import ACTIVATION_CODES, LOSS_CODES, SIGMOID, TANH, WIDTH
from mlpsim.core.dataset import Dataset
from mlpsim.core.losses import BCE_LOGITS
from mlpsim.core.slice_layers import BOTH, Layer, Share
from mlpsim.core.slices import Slice

ROW = 256  # numbers in a row of a chunk, about; a multiple of the vectors' width
# Samples that are laid out together: few enough for the cache, through which neurons pass; more
# where only factors are multiplied.
FEW, MANY = 128, 4096
PAIR = 2 * WIDTH
LARGEST_LOG = 700.0  # of a product of 1 + odds
FACTORS = {SIGMOID: -1.0, TANH: 2.0}  # of z in the exponential that the activation comes from
# e^x·e^y stands for e^(x + y) while it is finite, and for tanh not where all z are close to 0.
LEAST, REACH = 0.05, 170.0

AXIS_PLACES = {0: 0, 1: 2, 2: 3}  # of a share among COLUMN … BETA, by the axis that multiplies it


class _Rows(NamedTuple):
    """How rows are laid out: the samples, a chunk's columns innermost, then padding."""

    samples: int
    columns: Indices  # (chunks, points), the grid's last one repeated

    @property
    def points(self) -> int:
        return int(self.columns.shape[1])

    @property
    def width(self) -> int:
        return -(-self.samples * self.points // PAIR) * PAIR

    def by_column(self, held: Array) -> Array:
        """(n, 1, nx or 1, S or 1) as (chunks or 1, n, S or 1, points or 1)."""
        if self.points == 1 or held.shape[2] == 1:
            return held[:, 0, :, :, None].swapaxes(0, 1)
        return held[:, 0, self.columns].transpose(1, 0, 3, 2)

    def by_line(self, held: Array) -> Array:
        """(n, ny or 1, 1, S or 1) as (ny or 1, n, S or 1, 1)."""
        return held[:, :, 0, :, None].swapaxes(0, 1)

    def filled(self, held: Array, padding: float = 0.0) -> Array:
        """Numbers (..., S or 1, points or 1) in rows (..., W)."""
        rows = np.full((*held.shape[:-2], self.width), padding)
        self.places(rows)[...] = held
        return rows

    def places(self, rows: Array) -> Array:
        """Where rows (..., W) hold the samples: a view (..., S, points)."""
        end = self.samples * self.points
        return rows[..., :end].reshape(*rows.shape[:-1], self.samples, self.points)


class _Layers:
    """Gathers what the kernel reads of the layers, one after the other."""

    def __init__(self, rows: _Rows, betas: Array) -> None:
        self.rows, self.betas = rows, betas
        self.table: list[list[int]] = []
        self.hyperparameters: list[float] = []
        self._weights = [np.zeros((3, 0))]
        self._shares: list[Array] = []  # the last layer always has some
        self._factors: list[tuple[int, int, float]] = []  # rows to be exponentiated
        self._below = np.zeros(0, np.intp)
        self.log_odds = log(2.0)  # the largest logarithm of 1 + a sample's odds

    def add(
        self,
        layer: Layer,
        shares: list[Share],
        code: int,
        hyperparameter: float,
        signs: Array | None,
    ) -> None:
        """The next layer, of which only the neurons count that need both axes.

        ``signs`` (K, W) of the last one say in which direction of z a sample's odds grow.
        """
        neurons, below = layer.neurons[BOTH], self._below
        self._below = neurons
        if not len(neurons):
            return
        places, factor = [-1] * 4, 0.0
        has_shares = len(below) < layer.w.shape[2]
        if has_shares:
            first = last = sum(map(len, self._shares))
            laid = self._laid(shares, len(neurons))
            if not len(below):
                factor = self._factor(laid, code, signs, shares)
            for place, part in laid.items():
                places[place] = last
                last += part.shape[0] * part.shape[1]
            if factor and len(laid) == 2:
                self._factors.append((first, last, factor))
        b = layer.b[:, neurons, None] * (not has_shares)  # else the shares hold it
        w = np.concatenate([b, layer.w[:, neurons][:, :, below]], axis=2)
        top = sum(entry[NEURONS] for entry in self.table)
        begin = sum(part.shape[1] for part in self._weights)
        moves = bool(w[1].any())
        if len(below) and len(neurons) == 1 and not (moves and self.rows.points > 1):
            self.table[-1][IS_SUMMED] = self.table[-1][IS_FACTORS]
        self.table.append(
            [
                *(len(neurons), len(below), top, top - len(below), begin, code),
                *(*places, factor != 0.0, moves, False),
            ]
        )
        self.hyperparameters.append(hyperparameter)
        self._weights.append(w.reshape(3, -1))

    def _laid(self, shares: list[Share], n: int) -> dict[int, Array]:
        """What z has from one axis in rows (chunks or lines, n, W), by its place.

        By column and by row always; they are parts of one array, in the order of their places.
        """
        rows = self.rows
        counts, parts = {0: len(rows.columns), 1: len(self.betas)}, dict[int, list[Array]]()
        for share in shares:
            on_beta = share.needs[0]
            place = AXIS_PLACES[share.axis] or int(on_beta)
            counts[place] = counts[on_beta]
            part = rows.by_line(share.held) if on_beta else rows.by_column(share.held)
            parts.setdefault(place, []).append(part)
        block = np.empty((n * sum(counts.values()), rows.width))
        block[:, rows.samples * rows.points :] = 0.0
        self._shares.append(block)
        laid, end = {}, 0
        for place, count in sorted(counts.items()):
            begin, end = end, end + n * count
            laid[place] = block[begin:end].reshape(count, n, rows.width)
            first, *others = parts.get(place, [np.zeros(())])
            held = rows.places(laid[place])
            held[...] = first
            for part in others:
                held += part
        return laid

    def _factor(
        self, laid: dict[int, Array], code: int, signs: Array | None, shares: list[Share]
    ) -> float:
        """What is multiplied with z in the exponential whose factors take the place of its shares.

        0 where there is none, or not within reach, or where z is more than x + y; odds may be
        of x + βy.
        """
        sizes = {place: max(float(part.max()), -float(part.min())) for place, part in laid.items()}
        if signs is not None and self._has_odds(sizes, shares):
            sizes[3] = sizes.get(3, 0.0) * float(np.abs(self.betas).max())
            reach = sum(sizes.values())
            if reach * len(signs) <= REACH:
                self.log_odds += reach
                for place, part in laid.items():
                    part *= signs
                    # No sample, no odds.
                    np.copyto(part, 0.0 if place == 3 else -np.inf, where=np.isnan(signs))
                return 1.0
        factor, reach = FACTORS.get(code, 0.0), sum(sizes.values())
        return factor if len(laid) == 2 and LEAST <= abs(factor) * reach <= REACH else 0.0

    def _has_odds(self, sizes: dict[int, float], shares: list[Share]) -> bool:
        """Whether z is x + y, or x + βy with so many even steps of β that it gains."""
        if len(sizes) == 2:
            return True
        betas = self.betas
        even = np.linspace(betas[0], betas[-1], len(betas))
        is_even = np.abs(betas - even).max() <= 4.0 * np.finfo(float).eps * np.abs(betas).max()
        on_line = any(share.needs[0] and not share.axis for share in shares)
        return is_even and len(betas) > 2 * STEPS and 2 not in sizes and not on_line

    def shares(self) -> Array:
        """What z has from one axis (R, W)."""
        from mlpsim.core.compiled.points import exponentiate

        shares = self._shares[0] if len(self._shares) == 1 else np.concatenate(self._shares)
        for first, last, factor in self._factors:
            exponentiate(shares, first, last, factor)
        return shares

    def weights(self) -> Array:
        """At the origin, along u and along v: (3, 1, M), padded to whole vectors."""
        padding = np.zeros((3, -sum(part.shape[1] for part in self._weights) % WIDTH))
        return np.concatenate([*self._weights, padding], axis=1)[:, None]


def samples_at_once(over: Slice) -> int:
    """How many samples a grid is for at most."""
    return FEW if any(len(layer.neurons[BOTH]) for layer in over.layers[:-1]) else MANY


def _rows(samples: int, nx: int) -> _Rows:
    points = 1
    if samples * WIDTH <= 2 * ROW:
        most = max(1, ROW // (samples * WIDTH)) * WIDTH
        share = -(-nx // -(-nx // most))  # of as many chunks
        points = -(-share // WIDTH) * WIDTH
    columns = np.arange(-(-nx // points) * points).reshape(-1, points)
    return _Rows(samples, np.minimum(columns, nx - 1))


def _activated(activation: Activation, z: Array) -> Array:
    """a of the neurons that need one axis at most, from z of any shape."""
    from mlpsim.core.compiled.points import activate_rows

    a = z.reshape(1, -1)  # what nobody else holds, unless it has to be filled up
    if z.size % WIDTH:
        a = np.pad(a, ((0, 0), (0, -z.size % WIDTH)))
    code, value = ACTIVATION_CODES[activation.name], float(activation.value)
    activate_rows(code, value, a, 0, 1, np.empty_like(a))
    return a[0, : z.size].reshape(z.shape)


def grid_over(over: Slice, data: Dataset, alphas: Array, betas: Array) -> Grid:
    """The grid over a part of the data."""
    problem, activations = over.problem, over.problem.network.activations
    rows = _rows(len(data), len(alphas))
    y = data.y_columns
    targets = rows.filled(y[..., None], np.nan)
    layers = _Layers(rows, betas)
    # Errors are log1p(e^±z) of targets 0 and 1, so that factors of e^±z suffice.
    has_odds = problem.loss.name == BCE_LOGITS.name and np.isin(y, (0.0, 1.0)).all()
    axes = (1.0, alphas[:, None], betas[:, None, None])
    shares = over.shares(data, axes, lambda number, z: _activated(activations[number], z))
    for number, activation in enumerate(activations):
        is_last = number == len(shares) - 1
        signs = 1.0 - 2.0 * targets if is_last and has_odds else None
        code = ACTIVATION_CODES[activation.name]
        layers.add(over.layers[number], shares[number], code, float(activation.value), signs)
    origin, along_u, along_v = layers.weights()
    return Grid(
        np.array(layers.table, np.intp),
        np.array(layers.hyperparameters),
        *(origin, along_u, along_v),
        layers.shares(),
        rows.filled(alphas[rows.columns][:, None]),
        betas.astype(np.float64),
        targets,
        LOSS_CODES[problem.loss.name],
        float(problem.loss.value),
        rows.points,
        max(1, int(LARGEST_LOG / (len(y) * layers.log_odds))),
    )
