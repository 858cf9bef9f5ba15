"""Where a penalty keeps the minimisers: in a box that holds all of them, or nowhere known."""

from dataclasses import replace

import numpy as np
import pytest

from mlpsim.core.activations import IDENTITY
from mlpsim.core.dataset import Dataset
from mlpsim.core.experiment import lecture_experiment
from mlpsim.core.losses import BCE_LOGITS
from mlpsim.core.network import Network
from mlpsim.core.problem import Penalty, Problem
from mlpsim.core.proofs.coercive import box_of_minimisers

LECTURE = lecture_experiment().problem
LINE = Network((1, 1), (IDENTITY,), (True,))


def reach(problem):
    box = box_of_minimisers(problem)
    return None if box is None else box.hi[0]


def test_the_box_holds_all_that_is_no_worse_than_0() -> None:
    """E(0) = 1, so that (l2/2)·w² ≤ 1 and l1·|w| ≤ 1."""
    assert reach(replace(LECTURE, penalty=Penalty(l2=0.02))) == pytest.approx(10.0, rel=2e-3)
    assert reach(replace(LECTURE, penalty=Penalty(l1=0.25))) == pytest.approx(4.0, rel=2e-3)
    assert reach(replace(LECTURE, penalty=Penalty(l1=0.25, l2=0.5))) == pytest.approx(2.0, rel=2e-3)
    problem = replace(LECTURE, penalty=Penalty(l1=0.25))
    rng = np.random.default_rng(0)
    thetas = rng.uniform(-20.0, 20.0, (100_000, 2))
    good = thetas[problem.value(thetas) <= 1.0]
    assert len(good)
    assert (np.abs(good) < reach(problem)).all()


def test_without_a_penalty_on_everything_no_box_is_known() -> None:
    assert box_of_minimisers(LECTURE) is None
    biased = Problem(Dataset([[1.0]], [[1.0]]), LINE, penalty=Penalty(l2=1.0))
    assert box_of_minimisers(biased) is None
    everything = replace(biased, penalty=Penalty(l2=1.0, include_bias=True))
    assert reach(everything) == pytest.approx(np.sqrt(2.0), rel=2e-3)


def test_an_error_that_may_be_negative_bounds_nothing() -> None:
    penalty = Penalty(l2=1.0, include_bias=True)
    odd = Problem(Dataset([[1.0]], [[1.5]]), LINE, BCE_LOGITS, penalty=penalty)
    assert box_of_minimisers(odd) is None
    assert reach(replace(odd, data=Dataset([[1.0]], [[0.5]]))) is not None


def test_what_overflows_bounds_nothing() -> None:
    penalty = Penalty(l2=1.0, include_bias=True)
    assert box_of_minimisers(Problem(Dataset([[1.0]], [[1e200]]), LINE, penalty=penalty)) is None
