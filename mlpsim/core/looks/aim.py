"""The aim: which plane of parameter space is wanted, through which point, and whether it moves."""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from mlpsim.core.arrays import Array
from mlpsim.core.network import Network
from mlpsim.core.plane import (
    Plane,
    check_parameters,
    filter_normalised,
    one_weight,
    pca,
    random_directions,
    two_weights,
)

AimKind = Literal["two_weights", "random", "pca"]
Centre = Literal["state", "start", "mean"]
Follow = Literal["off", "rest", "run"]
FAR = 1e100  # what a diverging run leaves behind is no part of a path's plane
# Of a path, through which its plane is laid: points, and numbers, so that it takes an instant.
FEWEST_POINTS, MOST_POINTS, NUMBERS = 64, 2_000, 250_000


@dataclass(frozen=True)
class Aim:
    """Two weights by their places in theta, random directions by a seed, or the path's plane.

    The plane passes through ``centre``: the state on view, the start, or the mean of the path. It
    is laid anew as the run moves on: never (``off``), when the run rests, or while it plays.
    """

    kind: AimKind = "two_weights"
    params: tuple[int, int] = (0, 1)
    seed: int = 0
    centre: Centre = "state"
    follow: Follow = "rest"


TWO_WEIGHTS = Aim()
RANDOM = Aim("random", follow="off")
PCA = Aim("pca", centre="mean", follow="off")
USUAL: dict[AimKind, Aim] = {"two_weights": TWO_WEIGHTS, "random": RANDOM, "pca": PCA}


def lay(aim: Aim, network: Network, theta: Array, start: Array, path: Array) -> Plane:
    """The plane that is aimed at, for the state on view and the start (P,) and the path (n, P).

    A network of one parameter has but one line. ValueError where there is no such plane.
    """
    if network.n_params == 1:
        return one_weight(theta)
    if aim.kind == "two_weights":
        check_parameters(network.n_params, *aim.params)
    mean = path.mean(axis=0) if len(path) else theta
    centre = {"state": theta, "start": start, "mean": mean}[aim.centre]
    if aim.kind == "two_weights":
        return two_weights(centre, *aim.params)
    if aim.kind == "random":
        return filter_normalised(network, centre, *random_directions(network, aim.seed))
    return replace(pca(path), origin=centre)


def turned_like(plane: Plane, before: Plane) -> Plane:
    """The same plane, its directions turned round where they point against those before it.

    The principal directions of a growing path would else change their signs at times.
    """
    signs = [1.0 if float(new @ old) >= 0.0 else -1.0 for new, old in _pairs(plane, before)]
    return (
        plane if signs == [1.0, 1.0] else replace(plane, u=signs[0] * plane.u, v=signs[1] * plane.v)
    )


def is_same(plane: Plane, other: Plane) -> bool:
    """Whether two planes have the same origin and directions."""
    pairs = ((plane.origin, other.origin), *_pairs(plane, other))
    return plane.kind == other.kind and all(np.array_equal(a, b) for a, b in pairs)


def _pairs(plane: Plane, other: Plane) -> tuple[tuple[Array, Array], tuple[Array, Array]]:
    return (plane.u, other.u), (plane.v, other.v)


def path_points(n_params: int) -> int:
    """How many of a path's points its plane is laid through at most, of so many parameters."""
    return max(FEWEST_POINTS, min(MOST_POINTS, NUMBERS // n_params))


def near(thetas: Array) -> Array:
    """Some of a path's points (n, P), without what a diverging run leaves far away."""
    close = thetas[(np.abs(thetas) < FAR).all(axis=-1)]
    path: Array = close[:: max(1, -(-len(close) // path_points(thetas.shape[-1])))]
    return path
