"""The table of gradients: the lecture's numbers at the origin, and what stands below them."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from mlpsim.core.experiment import lecture_experiment
from mlpsim.core.lessons.gradient_table import GradientTable
from mlpsim.core.problem import Penalty

PROBLEM = lecture_experiment().problem
ORIGIN = np.zeros(2)


def test_the_lectures_gradients_at_the_origin_are_exact() -> None:
    table = GradientTable(PROBLEM, ORIGIN, None, "batch_sum")
    errors, gradients = table.rows(0, len(table))
    assert errors.tolist() == [0.25] * 4
    assert gradients.tolist() == [[0.75, 0.75], [0.5, 0.5], [1.0, 1.0], [0.5, -1.25]]
    (foot,) = table.feet
    assert (foot.kind, foot.value, foot.gradient.tolist()) == ("sum", 1.0, [2.75, 1.0])
    assert table.n_columns == 2


def test_some_rows_are_those_rows() -> None:
    table = GradientTable(PROBLEM, np.array([0.3, -0.7]), None, "batch_sum")
    whole, part = table.rows(0, 4), table.rows(2, 4)
    np.testing.assert_array_equal(part[0], whole[0][2:])
    np.testing.assert_array_equal(part[1], whole[1][2:])


def test_mean_penalty_and_step_stand_below_the_sum() -> None:
    problem = replace(PROBLEM, reduction="mean", penalty=Penalty(l2=0.5))
    theta = np.array([1.0, -2.0])
    table = GradientTable(problem, theta, np.array([3]), "batch_sum")
    feet = {foot.kind: foot for foot in table.feet}
    assert list(feet) == ["sum", "mean", "penalty", "objective", "step"]
    np.testing.assert_allclose(feet["mean"].gradient, feet["sum"].gradient / 4)
    assert feet["penalty"].value == 1.25
    assert feet["penalty"].gradient.tolist() == [0.5, -1.0]
    total = feet["mean"].gradient + feet["penalty"].gradient
    np.testing.assert_allclose(feet["objective"].gradient, total)
    assert feet["step"].value is None
    # g = (1/S)·∇e⁴ + (B/S)·∇R
    own = table.rows(3, 4)[1][0] / 4 + feet["penalty"].gradient / 4
    np.testing.assert_allclose(feet["step"].gradient, own)


@pytest.mark.parametrize("reduction", ["sum", "mean"])
@pytest.mark.parametrize("penalty", [Penalty(), Penalty(l1=0.2, l2=0.5)])
def test_what_is_known_of_the_state_gives_the_same_feet(reduction: Any, penalty: Penalty) -> None:
    problem = replace(PROBLEM, reduction=reduction, penalty=penalty)
    theta = np.array([0.3, -0.7])
    error = float(problem.errors(theta).sum()) * problem.scale
    known = error, problem.gradient(theta)
    computed = GradientTable(problem, theta, None, "batch_sum")
    told = GradientTable(problem, theta, None, "batch_sum", known)
    for ours, theirs in zip(told.feet, computed.feet, strict=True):
        assert ours.kind == theirs.kind
        assert ours.value == pytest.approx(theirs.value, rel=1e-13)
        np.testing.assert_allclose(ours.gradient, theirs.gradient, rtol=1e-12)
    if penalty:
        last = computed.feet[-1]
        assert last.value == pytest.approx(float(problem.value(theta)), rel=1e-14)
        np.testing.assert_allclose(last.gradient, problem.gradient(theta), rtol=1e-13)
