"""Enclosures of J and ∇J against J and ∇J at points inside the boxes."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlpsim.core.activations import IDENTITY, SIGMOID
from mlpsim.core.dataset import Dataset
from mlpsim.core.experiment import lecture_experiment
from mlpsim.core.network import Network
from mlpsim.core.problem import Problem
from mlpsim.core.proofs.enclosure import Enclosure
from tests.core.random_problems import any_problem


@given(st.integers(0, 10**6), st.sampled_from([0.0, 1e-9, 0.1, 2.0]))
@settings(max_examples=200)
def test_value_and_gradient_of_every_point_lie_inside(seed, width) -> None:
    problem = any_problem(seed)
    rng = np.random.default_rng(seed + 1)
    n_params = problem.network.n_params
    lo = rng.normal(0.0, 1.5, (3, n_params))
    lo = np.where(rng.random(lo.shape) < 0.1, 0.0, lo)  # on a kink of the penalty
    hi = lo + width * rng.random(lo.shape)
    enclosure = Enclosure(problem)
    value, gradient = enclosure.value_and_gradient(lo, hi)
    lower = enclosure.lower_value(lo, hi, value, gradient)
    for _ in range(8):
        thetas = lo + (hi - lo) * rng.choice([0.0, 1.0, rng.random()], lo.shape)
        thetas = np.clip(thetas, lo, hi)
        found, slope = problem.value(thetas), problem.gradient(thetas)
        # What float64 loses while it computes J, where terms cancel.
        slack = 1e-14 * (1.0 + np.abs(found))
        assert (value.lo <= found + slack).all()
        assert (value.hi >= found - slack).all()
        assert (lower <= found + slack).all()
        assert (lower >= value.lo).all()
        slack = 1e-13 * (1.0 + np.abs(slope))
        assert (gradient.lo <= slope + slack).all()
        assert (gradient.hi >= slope - slack).all()
    upper = enclosure.upper_value(hi)
    assert (upper >= problem.value(hi)).all()


def test_the_lectures_value_at_the_start_is_one() -> None:
    enclosure = Enclosure(lecture_experiment().problem)
    value, gradient = enclosure.value_and_gradient(np.zeros((1, 2)), np.zeros((1, 2)))
    assert value.lo < 1.0 < value.hi
    assert value.hi - value.lo < 1e-12
    assert gradient.lo[0] == pytest.approx([2.75, 1.0], rel=1e-12)


def test_a_mean_is_that_of_the_exact_division() -> None:
    # J = (1 + 0 + 0)/3 at w = 0, with labels -1, 0, 0 and an identity neuron.
    problem = Problem(
        Dataset([[1], [1], [1]], [[-1], [0], [0]]), Network((1, 1), (IDENTITY,), (False,)),
        reduction="mean",
    )  # fmt: skip
    value, _ = Enclosure(problem).value_and_gradient(np.zeros((1, 1)), np.zeros((1, 1)))
    assert value.lo.item() * 3 < 1.0 < np.nextafter(value.hi.item() * 3, 2.0)
    assert value.lo.item() < 1.0 / 3.0 < value.hi.item()


def test_what_overflows_is_bounded_by_nothing() -> None:
    problem = Problem(Dataset([[1e200, -1e200]], [[0.0]]), Network((2, 1), (SIGMOID,), (False,)))
    far = np.array([[1e300, 1e300]])
    value, gradient = Enclosure(problem).value_and_gradient(-far, far)
    assert value.lo.item() <= 0.0
    assert value.hi.item() >= 1.0
    assert (gradient.lo < 0.0).all()
    assert (gradient.hi > 0.0).all()
    at_corner, _ = Enclosure(problem).value_and_gradient(far, far)
    assert at_corner.lo.item() <= 0.25 <= at_corner.hi.item()
