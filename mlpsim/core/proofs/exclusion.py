"""Exclusion: a proof that a box of parameters holds no stationary point."""

from collections.abc import Callable

import numpy as np

from mlpsim.core.feasible import Box
from mlpsim.core.problem import Problem, quiet
from mlpsim.core.proofs.boxes import Boxes
from mlpsim.core.proofs.enclosure import Enclosure

MOST_BOXES = 20_000
MOST_AT_ONCE = 512


@quiet()
def excludes_stationary_points(
    problem: Problem, box: Box, interrupted: Callable[[], bool] = lambda: False
) -> bool:
    """Whether ∇J ≠ 0 is proved all over a box; False where it is not, which proves nothing.

    The box is split until on every part some component of the gradient's enclosure excludes 0. A
    kink counts as stationary where a subgradient vanishes.
    """
    box.check(problem.network.n_params)
    enclosure = Enclosure(problem)
    lo, hi = np.array([box.lo], dtype=np.float64), np.array([box.hi], dtype=np.float64)
    waiting = [(lo, hi)]
    judged = 0
    while waiting:
        lo, hi = waiting.pop()
        judged += len(lo)
        if judged > MOST_BOXES or interrupted():
            return False
        gradient = enclosure.value_and_gradient(lo, hi)[1]
        open_ones = gradient.straddles_zero.all(axis=-1)
        lo, hi = lo[open_ones], hi[open_ones]
        axis = (0.5 * hi - 0.5 * lo).argmax(axis=-1)
        boxes = Boxes(lo, hi, np.zeros(len(lo)), axis)
        if not boxes.splittable.all():
            return False
        lo, hi, _ = boxes.split(2)
        waiting.extend(
            (lo[i : i + MOST_AT_ONCE], hi[i : i + MOST_AT_ONCE])
            for i in range(0, len(lo), MOST_AT_ONCE)
        )
    return True
