"""Interval Newton: proofs that equations have a solution, and that a matrix is definite."""

import numpy as np

from mlpsim.core.arrays import Array, Flags
from mlpsim.core.problem import quiet
from mlpsim.core.proofs.interval import (
    Interval,
    down,
    magnitude,
    matmul,
    multiply,
    point,
    square,
    subtract,
    total,
    up,
)


@quiet()
def is_positive_definite(x: Interval) -> Flags:
    """Whether every symmetric matrix within x (N, n, n) is positive definite: (N,).

    Gaussian elimination without exchanges: a symmetric matrix is where all its pivots are above 0.
    """
    lo, hi = x.lo.copy(), x.hi.copy()
    definite: Flags = np.asarray((np.isfinite(lo) & np.isfinite(hi)).all(axis=(-1, -2)))
    for k in range(lo.shape[-1]):
        pivot = Interval(lo[:, k, k], hi[:, k, k])
        definite &= pivot.lo > 0.0
        inverse = Interval(down(1.0 / pivot.hi), up(1.0 / pivot.lo))
        for i in range(k + 1, lo.shape[-1]):
            for j in range(k + 1, i + 1):
                row, column = (Interval(lo[:, m, k], hi[:, m, k]) for m in (i, j))
                product = square(row) if i == j else multiply(row, column)
                share = multiply(product, inverse)
                rest = subtract(Interval(lo[:, i, j], hi[:, i, j]), share)
                lo[:, i, j], hi[:, i, j] = rest
    return definite


@quiet()
def root_distance(value: Interval, jacobian: Interval, radii: Array) -> Array:
    """How far from x a root of F has to be that is proved to exist within ±radii: (N, n).

    ``value`` (n,) encloses F(x), ``jacobian`` (N, n, n) F' over the boxes x ± radii (N, n), of
    which one after the other is tried. ∞ where nothing is proved. Krawczyk (1969): where
    -A·F(x) + (1 - A·F')·(±radii) lies inside ±radii there is exactly one root, and it is in there.
    """
    middle = 0.5 * jacobian.lo + 0.5 * jacobian.hi
    usable = np.isfinite(middle).all(axis=(-1, -2))
    middle[~usable] = np.eye(middle.shape[-1])
    usable &= np.linalg.cond(middle) < 1e14
    middle[~usable] = np.eye(middle.shape[-1])
    inverse = point(np.linalg.inv(middle).astype(np.float64))
    shift = matmul(inverse, Interval(value.lo[:, None], value.hi[:, None])).magnitude[..., 0]
    product = matmul(inverse, jacobian)
    identity = point(np.broadcast_to(np.eye(middle.shape[-1]), product.lo.shape))
    rest = magnitude(subtract(identity, product))
    spread = total(multiply(rest, point(np.broadcast_to(radii[:, None], rest.lo.shape))), axis=-1)
    reach = up(shift + spread.hi)
    proved = usable & (reach < radii).all(axis=-1)
    return np.where(proved[:, None], reach, np.inf)
