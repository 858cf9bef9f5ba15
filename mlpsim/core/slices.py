"""Slices: J over a grid of a plane, each neuron computed on no more of the grid than it needs.

Over a plane every weight is affine in (α, β), so that a layer above fixed inputs is too. A neuron
that β does not reach is the same in every row: it is computed once for all of them. So a slice
along two weights leaves most of the network's work undone.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from mlpsim.core.arrays import Array, Flags, Indices
from mlpsim.core.dataset import Dataset
from mlpsim.core.engine import Engine
from mlpsim.core.plane import Plane
from mlpsim.core.problem import Problem, quiet

CHUNK = 20_000  # numbers in the largest array over a tile of the grid: it stays in the cache
KEPT = 1_000_000  # numbers that are kept along the axes
FEWEST = 64  # samples that are looked at together

Needs = tuple[bool, bool]  # whether a neuron depends on β, on α
PARTIAL: tuple[Needs, ...] = ((False, False), (False, True), (True, False))
BOTH: Needs = (True, True)


Activated = Callable[[int, Array], Array]  # a of the layer of this number, from z
Tile = tuple[slice, slice]  # rows and columns of the grid
Axes = tuple[float, Array, Array]  # 1, α as columns (nx, 1) and β as rows (ny, 1, 1)
GROWS: tuple[Needs, ...] = ((False, False), (False, True), (True, False))  # what an axis adds


@dataclass(frozen=True, eq=False)
class Part:
    """Neurons of a layer with the same needs, and what they hold: (n, ny or 1, nx or 1, S)."""

    needs: Needs
    neurons: Indices
    held: Array


@dataclass(frozen=True, eq=False)
class Share:
    """A share (n, ny or 1, nx or 1, S or 1) of some neurons' z; to be multiplied by an axis."""

    needs: Needs
    axis: int
    held: Array

    def on(self, tile: Tile, axes: Axes) -> Array:
        """What it adds on a tile, whose axes these are."""
        held = _cut(self.needs, self.held, tile)
        return axes[self.axis] * held if self.axis else held


@dataclass(frozen=True, eq=False)
class Layer:
    """W (3, n, m) and b (3, n) at the origin, along u and along v; the needs (n, 2) of its z."""

    w: Array
    b: Array
    needs: Flags

    @cached_property
    def neurons(self) -> dict[Needs, Indices]:
        """The neurons with the same needs."""
        each = (*PARTIAL, BOTH)
        return {needs: np.flatnonzero((self.needs == needs).all(axis=1)) for needs in each}

    def shares(self, needs: Needs, below: list[Part], axes: Axes) -> list[Share]:
        """What the bias and parts of the layer below add to the z of the neurons with these needs.

        What needs one axis at most is added up; what crosses the other axis is left to the tiles.
        """
        neurons = self.neurons[needs]
        found: dict[Needs, list[Array]] = {}
        crossing: list[Share] = []
        # A bias is the weight of a neuron that is always 1.
        one = Part(PARTIAL[0], np.zeros(1, np.intp), np.ones((1, 1, 1, 1)))
        parts = [(self.b[:, neurons, None], one)]
        parts += [(self.w[:, neurons][:, :, part.neurons], part) for part in below]
        for matrices, part in parts:
            own = part.needs
            for axis, matrix in enumerate(matrices):
                if not matrix.any():
                    continue
                grown = (own[0] or GROWS[axis][0], own[1] or GROWS[axis][1])
                held = _product(matrix, part.held)
                if grown == BOTH:
                    crossing.append(Share(own, axis, held))
                else:
                    found.setdefault(grown, []).append(axes[axis] * held if axis else held)
        return [Share(own, 0, _total(terms, True)) for own, terms in found.items()] + crossing

    def product(self, part: Part, axes: Axes) -> Array:
        """What a part that needs the whole grid adds to its like: (n, ny, nx, S)."""
        fixed, *moving = self.w[:, self.neurons[BOTH]][:, :, part.neurons]
        if not (moving[0].any() or moving[1].any()):
            return _product(fixed, part.held)
        w = fixed + axes[1][..., None] * moving[0] + axes[2][..., None] * moving[1]
        z = np.empty((len(fixed), *part.held.shape[1:]))
        np.matmul(w, part.held.transpose(1, 2, 0, 3), out=z.transpose(1, 2, 0, 3))
        return z


def _product(w: Array, a: Array) -> Array:
    """W (n, m) times a (m, ...), as one product of two matrices."""
    flat: Array = w.dot(a.reshape(len(a), -1))
    return flat.reshape(len(w), *a.shape[1:])


def _cut(needs: Needs, held: Array, tile: Tile) -> Array:
    """The part of (n, ny or 1, nx or 1, S) that belongs to a tile."""
    return held[:, tile[0] if needs[0] else slice(None), tile[1] if needs[1] else slice(None)]


def _total(terms: list[Array], are_own: bool = False) -> Array:
    """The sum of terms that are broadcast to each other, the small ones first.

    Terms that nobody else holds are written over: new memory costs more than a sum.
    """
    total, *others = sorted(terms, key=np.size)
    is_own = are_own
    for term in others:
        shape, place = np.broadcast_shapes(total.shape, term.shape), None
        if is_own and total.shape == shape:
            place = total
        elif are_own and term.shape == shape:
            place = term
        total, is_own = np.add(total, term, out=place), True
    return total


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
            layers.append(Layer(w, b, below))
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
        kept = self.shares(problem.data, axes)
        widest = max(len(layer.neurons[BOTH]) for layer in self.layers)
        points = max(1, CHUNK // (len(problem.data) * max(1, widest)))
        n_columns = min(len(alphas), points)
        n_rows = points // n_columns
        for row in range(0, len(betas), n_rows):
            for column in range(0, len(alphas), n_columns):
                rows, columns = slice(row, row + n_rows), slice(column, column + n_columns)
                z = self._output((rows, columns), (1.0, axes[1][columns], axes[2][rows]), kept)
                yield rows, columns, problem.errors_at(np.moveaxis(z, 0, -2))

    def shares(
        self, data: Dataset, axes: Axes, activated: Activated | None = None
    ) -> list[list[Share]]:
        """What is computed once for a grid: shares of the neurons that need all of it, by layer."""
        activated = activated or self._activated
        x = data.x_columns[:, None, None]
        below, shares = [Part(PARTIAL[0], np.arange(len(x)), x)], []
        for number, layer in enumerate(self.layers):
            here = []
            for needs in PARTIAL:
                neurons = layer.neurons[needs]
                if len(neurons):
                    terms = [share.held for share in layer.shares(needs, below, axes)]
                    z = _total([np.zeros((len(neurons), 1, 1, 1)), *terms], True)
                    here.append(Part(needs, neurons, activated(number, z)))
            shares.append(layer.shares(BOTH, below, axes))
            below = here
        return shares

    def _activated(self, number: int, z: Array) -> Array:
        """The activations of a layer; of the last one z itself."""
        is_last = number == len(self.layers) - 1
        return z if is_last else self.problem.network.activations[number].fn(z)

    def _output(self, tile: Tile, axes: Axes, kept: list[list[Share]]) -> Array:
        """z of the last layer on a tile: (K, ny, nx, S)."""
        whole: list[Part] = []
        for number, (layer, shares) in enumerate(zip(self.layers, kept, strict=True)):
            neurons = layer.neurons[BOTH]
            terms = [share.on(tile, axes) for share in shares]
            terms += [layer.product(part, axes) for part in whole if len(neurons)]
            whole = []
            if len(neurons):
                z = _total([np.zeros((len(neurons), 1, 1, 1)), *terms])
                whole.append(Part(BOTH, neurons, self._activated(number, z)))
        return whole[0].held
