"""Krawczyk's operator: where a system of equations F(x) = 0 has its solutions in a box."""

import numpy as np

from mlpsim.core.arrays import Array
from mlpsim.core.problem import quiet
from mlpsim.core.proofs.interval import Interval, add, matmul, point, subtract


@quiet()
def krawczyk(x: Interval, centre: Array, at_centre: Interval, slope: Interval) -> Interval:
    """K = c - Y·F(c) + (I - Y·F'(X))·(X - c), Y an inverse of F' (Krawczyk 1969; Moore 1977).

    ``at_centre`` (N, M) encloses F at the centres, ``slope`` (N, M, M) F' over the boxes X (N, M).
    All zeros of F in X lie in K too; where K lies in the interior of X there is exactly one, for
    |I - Y·F'(X)| then shrinks the width of X (Neumaier 1990, theorem 5.1.8).
    """
    inverse = point(middle_inverse(slope))
    product = matmul(inverse, slope)
    rest = subtract(point(np.eye(centre.shape[-1])), product)
    offset = subtract(x, point(centre))
    shift = _times(inverse, at_centre)
    moved = subtract(point(centre), shift)
    return add(moved, _times(rest, offset))


def middle_inverse(matrices: Interval) -> Array:
    """An inverse of the enclosure's middle (N, M, M), or the unit matrix where there is none."""
    middle: Array = 0.5 * matrices.lo + 0.5 * matrices.hi
    unit = np.eye(middle.shape[-1])
    finite = np.isfinite(middle).all(axis=(-1, -2), keepdims=True)
    usable = np.where(finite, middle, unit)
    usable[np.linalg.det(usable) == 0.0] = unit
    inverse: Array = np.linalg.inv(usable)
    return inverse


def _times(matrix: Interval, x: Interval) -> Interval:
    """Matrix times vector: (N, M, M), (N, M) -> (N, M)."""
    product = matmul(matrix, Interval(x.lo[..., None], x.hi[..., None]))
    return Interval(product.lo[..., 0], product.hi[..., 0])
