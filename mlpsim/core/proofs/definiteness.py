"""Definiteness: the signs of the eigenvalues of a symmetric matrix that is known to an interval."""

from typing import Literal

import numpy as np

from mlpsim.core.problem import quiet
from mlpsim.core.proofs.interval import Interval, matmul, point, total

Signs = Literal["positive", "negative", "indefinite", "open"]


@quiet()
def definiteness(matrix: Interval) -> Signs:
    """What is proved of all symmetric matrices (M, M) in the interval; "open" is nothing.

    In the basis of the middle's eigenvectors a matrix whose diagonal dominates is definite
    (Gershgorin 1931), and two diagonal entries of different signs prove that it is indefinite: by
    Sylvester's law of inertia both hold for the matrix itself.
    """
    if not (np.isfinite(matrix.lo).all() and np.isfinite(matrix.hi).all()):
        return "open"
    _, basis = np.linalg.eigh(0.5 * matrix.lo + 0.5 * matrix.hi)
    seen = matmul(matmul(point(basis.T), matrix), point(basis))
    diagonal = Interval(np.diagonal(seen.lo), np.diagonal(seen.hi))
    beside = seen.magnitude
    np.fill_diagonal(beside, 0.0)
    radius = total(point(beside), axis=-1).hi
    if (diagonal.lo > radius).all():
        return "positive"
    if (-diagonal.hi > radius).all():
        return "negative"
    if (diagonal.lo > 0.0).any() and (diagonal.hi < 0.0).any():
        return "indefinite"
    return "open"
