"""Bowls: boxes around z in which J is convex along the free coordinates, and grows off the walls.

There a point u is lower than z by no more than the slope at z along the free coordinates allows:
from z to the point beside u at the walls J is convex, and from there to u it grows.
"""

import numpy as np

from mlpsim.core.arrays import Array
from mlpsim.core.problem import Problem, quiet
from mlpsim.core.proofs.hessian_enclosure import HessianEnclosure
from mlpsim.core.proofs.interval import Interval, multiply, point, subtract, total
from mlpsim.core.proofs.locally import are_held
from mlpsim.core.proofs.neighbourhood import Neighbourhood
from mlpsim.core.proofs.newton import is_positive_definite
from mlpsim.core.proofs.rises import Rises

HALVINGS = 0.5 ** np.arange(16.0)[:, None]


@quiet()
def bowl(
    problem: Problem, rises: Rises, region: Neighbourhood, level: float
) -> tuple[Array, Array] | None:
    """The largest of some boxes lo, hi (P,) around z with J(u) - J(z) ≥ level on N(z, ε) ∩ C."""
    z, gradient, walls = rises.z, rises.gradient, Interval(region.lo, region.hi)
    held = are_held(z, gradient, walls)
    corners = region.corners
    lo = np.maximum(z - HALVINGS * np.maximum(z - corners[0], 0.0), corners[0])
    hi = np.minimum(z + HALVINGS * np.maximum(corners[1] - z, 0.0), corners[1])
    slopes = rises.enclosure.value_and_gradient(lo, hi)[1]
    free = ~held
    offset = subtract(Interval(lo, hi), point(z))
    drops = multiply(gradient, offset)
    lowest = total(Interval(drops.lo[:, free], drops.hi[:, free]), axis=-1).lo
    proved = (lowest >= level) & (are_held(z, slopes, walls) | free).all(axis=-1)
    if proved.any():
        matrix = HessianEnclosure(problem).hessian(lo, hi)
        places = np.ix_(np.ones(len(lo), dtype=bool), free, free)
        proved &= is_positive_definite(Interval(matrix.lo[places], matrix.hi[places]))
    if not proved.any():
        return None
    largest = int(proved.argmax())
    return lo[largest], hi[largest]
