"""Planes: where in parameter space the loss is looked at, and how points are seen from there."""

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from mlpsim.core.arrays import Array
from mlpsim.core.network import Network
from mlpsim.core.problem import quiet
from mlpsim.core.random import normal

PlaneKind = Literal["one_weight", "two_weights", "directions", "random", "pca"]


@dataclass(frozen=True, eq=False)
class Plane:
    """The points origin + α·u + β·v, each (P,).

    ``parameters`` are the places in theta of the weights that α and β are, where they are weights;
    ``explained`` is the share of a path's variance along u and v, where they come from a path.
    """

    kind: PlaneKind
    origin: Array
    u: Array
    v: Array
    parameters: tuple[int, ...] = ()
    explained: tuple[float, ...] = ()

    @cached_property
    def _inverse_gram(self) -> Array:
        basis = np.stack([self.u, self.v])
        gram: Array = basis @ basis.T
        if np.array_equal(gram, np.eye(2)):
            return gram  # weights themselves are read off without a rounding
        inverse: Array = np.asarray(np.linalg.pinv(gram), dtype=np.float64)
        return inverse

    @property
    def is_line(self) -> bool:
        """Whether it is the axis of one weight: v is 0, and the loss over it a curve."""
        return self.kind == "one_weight"

    @property
    def is_degenerate(self) -> bool:
        """Whether u and v do not span a plane, so that different places show the same point."""
        basis = np.stack([self.u, self.v])
        return bool(np.linalg.matrix_rank(basis @ basis.T) < 2)

    @quiet()
    def point(self, alpha: float, beta: float) -> Array:
        """The parameter vector at (α, β): (P,)."""
        point: Array = self.origin + alpha * self.u + beta * self.v
        return point

    @quiet()
    def points(self, alphas: Array, betas: Array) -> Array:
        """The grid of parameter vectors: alphas (nx,), betas (ny,) -> (ny, nx, P)."""
        rows = betas[:, None, None] * self.v
        grid: Array = self.origin + alphas[:, None] * self.u + rows
        return grid

    def project(self, theta: Array) -> Array:
        """(α, β) of the nearest point of the plane: theta (..., P) -> (..., 2).

        u and v need not be orthogonal: the 2×2 Gram matrix is solved.
        """
        offset = theta - self.origin
        return self.components(offset)

    @quiet()
    def components(self, direction: Array) -> Array:
        """The same for a direction, such as a gradient: (..., P) -> (..., 2)."""
        basis = np.stack([self.u, self.v], axis=-1)
        result: Array = (direction @ basis) @ self._inverse_gram
        return result

    @property
    def unit(self) -> float:
        """How long a step of 1 in α or β is in parameter space: the directions' geometric mean."""
        return float(np.sqrt(np.linalg.norm(self.u) * np.linalg.norm(self.v)))

    @quiet()
    def share(self, direction: Array) -> float:
        """How much of the length of a direction (P,) lies in the plane: 0 to 1, NaN if it is 0."""
        along = self.components(direction)
        flat = along[0] * self.u + along[1] * self.v
        whole = np.linalg.norm(direction)
        return float(np.minimum(np.linalg.norm(flat) / whole, 1.0))

    @quiet()
    def distance(self, theta: Array) -> Array:
        """How far theta (..., P) lies off the plane: (...); no square of it overflows."""
        ab = self.project(theta)
        rest = theta - self.origin - ab[..., :1] * self.u - ab[..., 1:] * self.v
        exponent = np.frexp(np.abs(rest).max(axis=-1))[1]
        small = np.linalg.norm(np.ldexp(rest, -exponent[..., None]), axis=-1)
        result: Array = np.ldexp(small, exponent)
        return result


def one_weight(theta: Array, i: int = 0) -> Plane:
    """The line through theta (P,) along weight i: all there is to see where P = 1."""
    check_parameters(len(theta), i)
    unit = np.eye(1, len(theta), i)[0]
    return Plane("one_weight", np.where(unit, 0.0, theta), unit, np.zeros_like(unit), (i,))


def two_weights(theta: Array, i: int, j: int) -> Plane:
    """The plane through theta (P,) on which α and β are the parameters i and j themselves."""
    check_parameters(len(theta), i, j)
    u, v = np.eye(1, len(theta), i)[0], np.eye(1, len(theta), j)[0]
    return Plane("two_weights", np.where(u + v, 0.0, theta), u, v, (i, j))


def check_parameters(n_params: int, *places: int) -> None:
    """ValueError unless the places in theta exist and differ."""
    for place in places:
        if not 0 <= place < n_params:
            raise ValueError(f"there is no parameter {place + 1} among {n_params}")
    if len(set(places)) < len(places):
        raise ValueError(f"both axes are parameter {places[0] + 1}: choose two different ones")


def directions(origin: Array, u: Array, v: Array) -> Plane:
    """The plane through origin along two given directions, each (P,)."""
    return Plane("directions", origin, u, v)


def random_directions(network: Network, seed: int) -> tuple[Array, Array]:
    """Two directions of standard normal numbers, each (P,): draws 0 … 2P - 1 of the seed."""
    first, second = normal(seed, 0, 2 * network.n_params).reshape(2, -1)
    return first, second


def filter_normalised(network: Network, theta: Array, raw_u: Array, raw_v: Array) -> Plane:
    """The plane through theta along two directions of the weights' own size (Li et al. 2018).

    Each weight row d_i becomes d_i·‖w_i‖/(‖d_i‖ + 1e-10), biases 0; nothing is orthogonalised.
    ValueError where the weights are so large that the directions' lengths are not finite.
    """
    with quiet():
        u, v = (_filter_normalised(network, theta, raw) for raw in (raw_u, raw_v))
        if not np.isfinite([u @ u, v @ v]).all():
            raise ValueError("the weights are too large for random directions of their size")
    return Plane("random", theta, u, v)


def _filter_normalised(network: Network, theta: Array, raw: Array) -> Array:
    direction = np.zeros_like(theta)
    for layer, slots in enumerate(network.layout):
        rows = network.weights(raw, layer)
        size = np.linalg.norm(network.weights(theta, layer), axis=-1, keepdims=True)
        scale = size / (np.linalg.norm(rows, axis=-1, keepdims=True) + 1e-10)
        direction[slots.w] = (rows * scale).reshape(-1)
    return direction


def pca(thetas: Array) -> Plane:
    """The plane that holds most of a path thetas (n, P): its mean and two principal directions.

    The sign is fixed by making the entry of largest magnitude positive.
    """
    origin = thetas.mean(axis=0) if len(thetas) else np.zeros(thetas.shape[-1])
    centred = thetas - origin
    size = np.abs(centred).max(initial=0.0)
    if thetas.shape[-1] < 2 or not 0.0 < size < np.inf:
        raise ValueError("a plane of the path needs a path of two or more weights that has moved")
    _, singular, rows = np.linalg.svd(centred / size, full_matrices=False)
    u, v = (row * np.sign(row[np.abs(row).argmax()]) for row in rows[:2])
    shares = singular**2 / (singular**2).sum()
    return Plane("pca", origin, u, v, explained=(float(shares[0]), float(shares[1])))
