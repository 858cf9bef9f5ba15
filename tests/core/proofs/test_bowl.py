"""Bowls: boxes around z on which no point is lower than is allowed, on problems known by hand."""

from dataclasses import replace

import numpy as np
import pytest

from mlpsim.core.activations import IDENTITY
from mlpsim.core.dataset import Dataset
from mlpsim.core.experiment import lecture_experiment
from mlpsim.core.feasible import Box, WholeSpace
from mlpsim.core.losses import ABSOLUTE_ERROR
from mlpsim.core.network import Network
from mlpsim.core.problem import Problem
from mlpsim.core.proofs.bowl import bowl
from mlpsim.core.proofs.neighbourhood import Lens
from mlpsim.core.proofs.rises import Rises

WALL = replace(lecture_experiment().problem, feasible=Box((1.0, -4.0), (4.0, 4.0)))
LOCAL = (1.0, 0.789258168111058)


def found(problem, z, epsilon, level=-1e-9):
    region = Lens(z, epsilon).within(problem.feasible)
    return bowl(problem, Rises(problem, region.z), region, level)


def quadratic(loss=None) -> Problem:
    """J = (w₁ - 1)² + (w₂ - 2)², or with the absolute error |w₁ - 1| + |w₂ - 2|."""
    data = Dataset([[1.0, 0.0], [0.0, 1.0]], [[1.0], [2.0]])
    network = Network((2, 1), (IDENTITY,), (False,))
    if loss is not None:
        return Problem(data, network, loss, feasible=WholeSpace())
    return Problem(data, network, feasible=WholeSpace())


def test_a_convex_j_is_a_bowl_all_over() -> None:
    lo, hi = found(quadratic(), (1.0, 2.0), 5.0)
    assert lo == pytest.approx([-4.0, -3.0])
    assert hi == pytest.approx([6.0, 7.0])


def test_a_slope_at_z_makes_it_smaller_or_none() -> None:
    # At (1, 2.001) the slope is 0.002: within h of z a point is lower by 0.002·h at most.
    lo, hi = found(quadratic(), (1.0, 2.001), 1.0, -0.0006)
    assert hi - lo == pytest.approx([0.5, 0.5])
    assert found(quadratic(), (1.0, 2.5), 1.0) is None


def test_at_a_wall_it_is_convex_along_it_only() -> None:
    lo, hi = found(WALL, LOCAL, 3.0)
    assert lo[0] == 1.0
    assert hi[0] > 1.0
    assert lo[1] < LOCAL[1] < hi[1] < LOCAL[1] + 3.0
    # golden/optima.json: the Hessian there has the eigenvalue -0.53, yet on E₂₂ > 0 it rests.
    points = lo + (hi - lo) * np.random.default_rng(0).random((4_000, 2))
    assert (WALL.value(points) - WALL.value(np.array(LOCAL))).min() >= -1e-9


def test_beyond_a_kink_or_where_j_bends_down_there_is_none() -> None:
    assert found(quadratic(ABSOLUTE_ERROR), (1.0, 2.0), 0.5, -10.0) is None
    assert found(WALL, (1.0, -0.0340041511575857364), 0.5) is None
