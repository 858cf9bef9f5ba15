"""Slices: J over a grid of a plane, each neuron computed on no more of the grid than it needs.

Over a plane every weight is affine in (α, β), so that a layer above fixed inputs is too. A neuron
that β does not reach is the same in every row: it is computed once for all of them. So a slice
along two weights leaves most of the network's work undone.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from mlpsim.core.arrays import Array
from mlpsim.core.dataset import Dataset
from mlpsim.core.engine import Engine
from mlpsim.core.plane import Plane
from mlpsim.core.problem import Problem, quiet
from mlpsim.core.slice_layers import (
    BOTH,
    PARTIAL,
    Axes,
    Growth,
    Layer,
    Part,
    Share,
    Tile,
    total_of,
)

CHUNK = 60_000  # numbers in the largest array over a tile of the grid: it stays in the cache
KEPT = 1_000_000  # numbers that are kept along the axes
FEWEST = 64  # samples that are looked at together
REACH = 700.0  # what e may be raised to
NEAR = 3.0  # and up to which e^x - 1 is taken in its place, of which small sums keep their digits


@dataclass(frozen=True, eq=False)
class Slice:
    """J of a problem over the points of a plane, by an engine where that can compute it."""

    problem: Problem
    plane: Plane
    engine: Engine | None = None

    @quiet()
    def values(
        self, alphas: Array, betas: Array, cancelled: Callable[[], bool] = lambda: False
    ) -> Array | None:
        """J at alphas (nx,) and betas (ny,): (ny, nx); None if it was cancelled on the way."""
        problem, engine = self.problem, self.engine
        if engine is None or engine.lacks_for(problem):
            total = self._errors(alphas, betas, cancelled)
        else:
            total = engine.errors_over(self, alphas, betas, cancelled)
        if total is None:
            return None
        total *= problem.scale
        if problem.penalty:
            for row in range(len(betas)):
                points = self.plane.points(alphas, betas[row : row + 1])[0]
                total[row] += problem.penalty_value(points)
        return total

    def _errors(self, alphas: Array, betas: Array, cancelled: Callable[[], bool]) -> Array | None:
        """Σ e^s (ny, nx)."""
        problem, total = self.problem, np.zeros((len(betas), len(alphas)))
        for data in self.samples(len(alphas), len(betas), KEPT, len(problem.data)):
            part = Problem(data, problem.network, problem.loss)
            for rows, columns, errors in self._tiles(part, alphas, betas):
                if cancelled():
                    return None
                total[rows, columns] += np.add.reduce(errors, axis=-1)
        return total

    @cached_property
    def layers(self) -> tuple[Layer, ...]:
        network, layers = self.problem.network, []
        basis = (self.plane.origin, self.plane.u, self.plane.v)
        below = np.zeros((network.sizes[0], 2), dtype=bool)
        whole_below = np.zeros(0, np.intp)
        for layer, slots in enumerate(network.layout):
            w = np.stack([network.weights(vector, layer) for vector in basis])
            b = np.zeros(w.shape[:2])
            if slots.b is not None:
                b = np.stack([vector[slots.b] for vector in basis])
            moved = ((w != 0.0).any(axis=-1) | (b != 0.0))[:0:-1].T
            reached = (w != 0.0).any(axis=0).astype(np.intp) @ below > 0
            below = moved | reached
            if layer == network.depth - 1:
                below[:] = True  # errors are summed over the whole grid
            layers.append(Layer(w, b, below, whole_below))
            whole_below = layers[-1].neurons[BOTH]
        return tuple(layers)

    def samples(self, nx: int, ny: int, kept: int, most: int) -> Iterator[Dataset]:
        """The data, or parts of ``most`` at most, to keep so many numbers along the axes."""
        data, numbers = self.problem.data, 1
        for layer in self.layers:
            for (on_beta, on_alpha), neurons in layer.neurons.items():
                numbers += len(neurons) * (on_beta * ny + on_alpha * nx)
        most = min(most, max(FEWEST, kept // numbers))
        for first in range(0, len(data), most):
            here = slice(first, first + most)
            yield data if most >= len(data) else Dataset(data.x[here], data.y[here])

    def _tiles(
        self, problem: Problem, alphas: Array, betas: Array
    ) -> Iterator[tuple[slice, slice, Array]]:
        """Rows and columns of the grid with the samples' errors there, tile by tile."""
        axes = (1.0, alphas[:, None], betas[:, None, None])
        shares = self._shares(problem.data, axes)
        kept = [self._growth(number, found) or found for number, found in enumerate(shares)]
        widest = max(len(layer.neurons[BOTH]) for layer in self.layers)
        points = max(1, CHUNK // (len(problem.data) * max(1, widest)))
        n_columns = min(len(alphas), points)
        n_rows = points // n_columns
        for row in range(0, len(betas), n_rows):
            for column in range(0, len(alphas), n_columns):
                rows, columns = slice(row, row + n_rows), slice(column, column + n_columns)
                z = self._output((rows, columns), (1.0, axes[1][columns], axes[2][rows]), kept)
                yield rows, columns, problem.errors_at(np.moveaxis(z, 0, -2))

    def _shares(self, data: Dataset, axes: Axes) -> list[list[Share]]:
        """What is computed once for a grid: shares of the neurons that need all of it, by layer."""
        x = data.x_columns[:, None, None]
        below, shares = [Part(PARTIAL[0], np.arange(len(x)), x)], []
        for number, layer in enumerate(self.layers):
            here = []
            for needs in PARTIAL:
                neurons = layer.neurons[needs]
                if len(neurons):
                    terms = [share.held for share in layer.shares(needs, below, axes)]
                    z = total_of([np.zeros((len(neurons), 1, 1, 1)), *terms], True)
                    here.append(Part(needs, neurons, self._activated(number, z)))
            shares.append(layer.shares(BOTH, below, axes))
            below = here
        return shares

    def _growth(self, number: int, shares: list[Share]) -> Growth | None:
        """What stands for the shares of a layer's z, if each needs one axis and a comes from e^κz.

        A product of exponentials along the axes takes the place of one at every point.
        """
        activation = self.problem.network.activations[number]
        is_last = number == len(self.layers) - 1
        if activation.of_growth is None or is_last or len(self.layers[number].whole_below):
            return None
        if not shares or any(share.axis for share in shares):
            return None
        p = total_of([share.held for share in shares if not share.needs[0]])
        q = total_of([share.held for share in shares if share.needs[0]])
        p, q = activation.exponent * p, activation.exponent * q
        if not np.abs(p).max() + np.abs(q).max() <= REACH:
            return None
        if q.max() > NEAR:  # e^q - 1 would drown what a small e^p leaves of it
            less = np.full((1, q.shape[1], 1, 1), -1.0)
            return Growth(np.exp(p), less, np.exp(q), activation.of_growth)
        along_beta = np.expm1(q)
        return Growth(np.expm1(p), along_beta, along_beta + 1.0, activation.of_growth)

    def _activated(self, number: int, z: Array) -> Array:
        """The activations of a layer; of the last one z itself."""
        is_last = number == len(self.layers) - 1
        return z if is_last else self.problem.network.activations[number].fn(z)

    def _output(self, tile: Tile, axes: Axes, kept: Sequence[list[Share] | Growth]) -> Array:
        """z of the last layer on a tile: (K, ny, nx, S)."""
        a = np.zeros(0)  # of the neurons below that need the whole grid
        for number, (layer, shares) in enumerate(zip(self.layers, kept, strict=True)):
            neurons = layer.neurons[BOTH]
            if isinstance(shares, Growth):
                a = shares.activated(tile)
            elif len(neurons):
                terms = [share.on(tile, axes) for share in shares]
                z = total_of([np.zeros((len(neurons), 1, 1, 1)), *terms])
                if len(layer.whole_below):
                    z = total_of([layer.product(a, axes), z], True)
                a = self._activated(number, z)
        return a
