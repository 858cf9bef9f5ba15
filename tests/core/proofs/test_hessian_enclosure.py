"""Enclosures of ∇²J against ∇²J at points inside the boxes, and against numbers by hand."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlpsim.core.activations import IDENTITY, RELU
from mlpsim.core.dataset import Dataset
from mlpsim.core.experiment import lecture_experiment
from mlpsim.core.network import Network
from mlpsim.core.problem import Penalty, Problem
from mlpsim.core.proofs.hessian_enclosure import HessianEnclosure
from tests.core.random_problems import any_problem
from tests.recorded import OPTIMA

LECTURE = lecture_experiment().problem


@given(st.integers(0, 10**6), st.sampled_from([0.0, 1e-9, 0.1, 2.0]))
@settings(max_examples=200)
def test_the_hessian_of_every_point_lies_inside(seed, width) -> None:
    problem = any_problem(seed)
    rng = np.random.default_rng(seed + 1)
    lo = rng.normal(0.0, 1.5, (3, problem.network.n_params))
    hi = lo + width * rng.random(lo.shape)
    found = HessianEnclosure(problem).hessian(lo, hi)
    assert not np.isnan([found.lo, found.hi]).any()
    assert np.array_equal(found.lo, found.lo.swapaxes(-1, -2))
    for theta_lo, theta_hi, below, above in zip(lo, hi, *found, strict=True):
        for _ in range(4):
            theta = theta_lo + (theta_hi - theta_lo) * rng.random(len(theta_lo))
            hessian = problem.hessian(np.clip(theta, theta_lo, theta_hi))
            slack = 1e-13 * (1.0 + np.abs(hessian).max())  # what float64 loses in it
            assert (below <= hessian + slack).all()
            assert (above >= hessian - slack).all()


def test_the_lectures_hessian_at_the_start_is_an_eighth_of_the_inputs_squares() -> None:
    # σ = ½, σ' = ¼ and σ'' = 0 there: ∇²E = Σ 2·(¼)²·x xᵀ.
    start = np.zeros((1, 2))
    found = HessianEnclosure(LECTURE).hessian(start, start)
    by_hand = np.array([[33.0, 19.0], [19.0, 54.0]]) / 8.0
    assert (found.lo[0] < by_hand).all()
    assert (found.hi[0] > by_hand).all()
    assert (found.hi - found.lo < 1e-12).all()


def test_the_golden_eigenvalues_are_those_of_a_matrix_inside() -> None:
    case = OPTIMA["lecture-box-1.0"]
    place = case["points"][0]
    theta = np.array([[float(w) for w in place["w"]]])
    found = HessianEnclosure(LECTURE).hessian(theta - 1e-9, theta + 1e-9)
    # The spectrum of a symmetric matrix moves by at most the norm of what is added (Weyl).
    spread = np.linalg.norm(found.hi[0] - found.lo[0])
    middle = np.linalg.eigvalsh(0.5 * (found.lo[0] + found.hi[0]))
    golden = [float(value) for value in place["hessian_eigenvalues"]]
    assert 0.0 < spread < 1e-6
    assert np.abs(middle - golden).max() <= spread


def test_a_penalty_adds_to_the_weights_that_it_counts_and_a_mean_divides() -> None:
    # e = (w + b)²: ∇²E = 2 everywhere; halved by the mean of two, and l2 on w alone.
    problem = Problem(
        Dataset([[1.0], [1.0]], [[0.0], [0.0]]),
        Network((1, 1), (IDENTITY,), (True,)),
        reduction="mean",
        penalty=Penalty(l2=0.25),
    )
    at = np.array([[0.3, -0.2]])
    found = HessianEnclosure(problem).hessian(at, at + 1.0)
    assert found.lo[0] == pytest.approx(np.array([[2.25, 2.0], [2.0, 2.0]]), rel=1e-14)
    assert found.hi[0] == pytest.approx(np.array([[2.25, 2.0], [2.0, 2.0]]), rel=1e-14)
    everywhere = replace(problem, penalty=Penalty(l2=0.25, include_bias=True))
    assert HessianEnclosure(everywhere).hessian(at, at).lo[0, 1, 1] == pytest.approx(2.25)


def test_nothing_is_known_where_a_kink_may_be() -> None:
    rectified = Problem(Dataset([[1.0]], [[1.0]]), Network((1, 1), (RELU,), (False,)))
    lo = np.array([[-1.0], [-2.0], [1.0]])
    found = HessianEnclosure(rectified).hessian(lo, lo + 1.0)
    assert np.isneginf(found.lo[0, 0, 0])
    assert np.isposinf(found.hi[0, 0, 0])
    # Dead on [-2, -1]; e = (w - 1)² on [1, 2].
    assert found.lo[1:, 0, 0] == pytest.approx([0.0, 2.0])
    assert found.hi[1:, 0, 0] == pytest.approx([0.0, 2.0])
    lasso = replace(LECTURE, penalty=Penalty(l1=0.1))
    box = np.array([[0.5, -1.0], [0.5, 0.5]])
    bends = HessianEnclosure(lasso).hessian(box, box + 1.0)
    assert np.isposinf(bends.hi[0]).all()
    assert np.isfinite(bends.hi[1]).all()
