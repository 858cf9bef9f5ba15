"""The layers of a slice: what its neurons need of the grid, and their z and a in pieces."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from mlpsim.core.arrays import Array, Flags, Indices

Needs = tuple[bool, bool]  # whether a neuron depends on β, on α
PARTIAL: tuple[Needs, ...] = ((False, False), (False, True), (True, False))
BOTH: Needs = (True, True)
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
class Growth:
    """t = e^κ(p + q) - 1 of neurons whose z is p along α plus q along β, as one product and a sum.

    t = (e^κp - 1)·e^κq + (e^κq - 1), in which no small t is lost: ``along_alpha`` (n, 1, nx, S) is
    e^κp - 1, ``along_beta`` (n, ny, 1, S) is e^κq - 1; or they are e^κp and -1, where κq is large.
    ``activation`` gives a in the place of t.
    """

    along_alpha: Array
    along_beta: Array
    power: Array  # e^κq
    activation: Callable[[Array], Array]

    def activated(self, tile: Tile) -> Array:
        """a on a tile."""
        rows, columns = tile
        t = self.along_alpha[:, :, columns] * self.power[:, rows]
        t += self.along_beta[:, rows]
        return self.activation(t)


@dataclass(frozen=True, eq=False)
class Layer:
    """W (3, n, m) and b (3, n) at the origin, along u and along v; the needs (n, 2) of its z.

    ``whole_below`` are the neurons of the layer below that need the whole grid.
    """

    w: Array
    b: Array
    needs: Flags
    whole_below: Indices

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
        return [Share(own, 0, total_of(terms, True)) for own, terms in found.items()] + crossing

    @cached_property
    def _whole(self) -> tuple[Array, Array, Array]:
        """W from neurons that need the whole grid to their like, at the origin, along u and v."""
        fixed, along_u, along_v = self.w[:, self.neurons[BOTH]][:, :, self.whole_below]
        return fixed, along_u, along_v

    @cached_property
    def _moves(self) -> bool:
        return bool(self._whole[1].any() or self._whole[2].any())

    def product(self, held: Array, axes: Axes) -> Array:
        """What neurons that need the whole grid add to their like: (n, ny, nx, S)."""
        fixed, along_u, along_v = self._whole
        if not self._moves:
            return _product(fixed, held)
        w = fixed + axes[1][..., None] * along_u + axes[2][..., None] * along_v
        z = np.empty((len(fixed), *held.shape[1:]))
        np.matmul(w, held.transpose(1, 2, 0, 3), out=z.transpose(1, 2, 0, 3))
        return z


def _product(w: Array, a: Array) -> Array:
    """W (n, m) times a (m, ...), as one product of two matrices."""
    flat: Array = w.dot(a.reshape(len(a), -1))
    return flat.reshape(len(w), *a.shape[1:])


def _cut(needs: Needs, held: Array, tile: Tile) -> Array:
    """The part of (n, ny or 1, nx or 1, S) that belongs to a tile."""
    return held[:, tile[0] if needs[0] else slice(None), tile[1] if needs[1] else slice(None)]


def total_of(terms: list[Array], are_own: bool = False) -> Array:
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
