"""Supports: bounds by lines under kinks hold everywhere, and are close where others are not."""

from dataclasses import replace

import numpy as np
import pytest

from mlpsim.core.activations import (
    IDENTITY,
    RELU,
    SIGMOID,
    SOFTPLUS,
    TANH,
    Activation,
    elu,
    leaky_relu,
)
from mlpsim.core.dataset import Dataset
from mlpsim.core.feasible import Ball, Box
from mlpsim.core.losses import ABSOLUTE_ERROR, HINGE, SQUARED_ERROR, Loss
from mlpsim.core.network import Network
from mlpsim.core.problem import Penalty, Problem
from mlpsim.core.proofs.certify import minimize
from mlpsim.core.proofs.enclosure import Enclosure
from mlpsim.core.proofs.supports import Supports

KINKED = (RELU, leaky_relu(), leaky_relu(-0.5), leaky_relu(1.5), elu(0.5), elu(-0.5), TANH)
ALL_WAYS = np.eye(2)


def problem_of(last: Activation, loss: Loss, hidden: Activation | None = None, outputs: int = 1):
    """Five samples, with labels for the loss."""
    rng = np.random.default_rng(7)
    x, y = rng.normal(size=(5, 2)), rng.normal(size=(5, outputs))
    y = np.where(y > 0.0, 1.0, -1.0) if loss is HINGE else y
    sizes = (2, outputs) if hidden is None else (2, 2, outputs)
    layers = (last,) if hidden is None else (hidden, last)
    network = Network(sizes, layers, (True,) * len(layers))
    return Problem(Dataset(x, y), network, loss, "mean", Penalty(l1=0.1, l2=0.1))


# |w₁ + w₂ - 1| + ½‖w‖²: least at (½, ½), where it is ¼, at the bottom of an oblique valley. With
# the multiplier β = -½ in place of the kink its gradient there is 0.
VALLEY = Problem(
    Dataset([[1.0, 1.0]], [[1.0]]),
    Network((2, 1), (IDENTITY,), (False,)),
    ABSOLUTE_ERROR,
    penalty=Penalty(l2=1.0),
)


@pytest.mark.parametrize("loss", [ABSOLUTE_ERROR, HINGE, SQUARED_ERROR], ids=lambda loss: loss.name)
@pytest.mark.parametrize("activation", KINKED, ids=str)
@pytest.mark.parametrize("depth", [1, 2])
def test_no_value_in_a_box_is_below_its_bound(loss, activation, depth) -> None:
    rng = np.random.default_rng(depth)
    problem = problem_of(activation, loss, activation if depth == 2 else None, 2)
    n_params = problem.network.n_params
    bounded = 0
    for reach in (2.0, 0.3, 0.01):
        centre = rng.normal(size=(40, n_params))
        lo, hi = (
            centre - reach * rng.random(centre.shape),
            centre + reach * rng.random(centre.shape),
        )
        shares = tuple(rng.random(s.shape) for s in Supports(problem).shares)
        bound = Supports(problem, shares).lower_value(lo, hi)
        inside = lo + (hi - lo) * rng.random((60, *lo.shape))
        ends = np.where(rng.random(inside.shape) < 0.5, lo, hi)
        for thetas in (inside, ends):
            assert (problem.value(thetas) >= bound - 1e-13).all()
        bounded += np.isfinite(bound).sum()
    assert bounded or activation in (TANH, leaky_relu(1.5), elu(-0.5))


@pytest.mark.parametrize(
    ("activation", "loss", "has_kinks"),
    [
        (RELU, SQUARED_ERROR, True),
        (leaky_relu(0.2), SQUARED_ERROR, True),
        (leaky_relu(1.5), SQUARED_ERROR, False),
        (elu(), SQUARED_ERROR, False),
        (elu(0.5), SQUARED_ERROR, True),
        (SIGMOID, SQUARED_ERROR, False),
        (SIGMOID, ABSOLUTE_ERROR, True),
        (IDENTITY, HINGE, True),
    ],
)
def test_only_what_bends_upwards_has_kinks(activation, loss, has_kinks) -> None:
    assert Supports(problem_of(activation, loss)).has_kinks is has_kinks


def test_a_box_that_straddles_no_kink_has_no_bound() -> None:
    bound = Supports(VALLEY).lower_value(np.array([[1.0, 1.0], [0.0, 0.0]]), np.full((2, 2), 2.0))
    assert bound[0] == -np.inf
    assert np.isfinite(bound[1])


def test_where_the_error_falls_as_the_unit_grows_no_line_is_laid_under_it() -> None:
    """(relu(w) - 1)² bends downwards at 0: there a line would not stay below."""
    bent = Problem(Dataset([[1.0]], [[1.0]]), Network((1, 1), (RELU,), (False,)), SQUARED_ERROR)
    box = np.array([[-0.1]]), np.array([[0.1]])
    assert Supports(bent).lower_value(*box)[0] == -np.inf
    upwards = replace(bent, data=Dataset([[1.0]], [[-1.0]]))
    assert 0.0 < Supports(upwards).lower_value(*box)[0] <= 1.0


def test_balanced_slopes_leave_no_more_than_the_square_of_a_boxs_width() -> None:
    at, width = np.array([0.5, 0.5]), 1e-3
    lo, hi = (at - width)[None], (at + width)[None]
    value, gradient = Enclosure(VALLEY).value_and_gradient(lo, hi)
    assert Enclosure(VALLEY).lower_value(lo, hi, value, gradient)[0] < 0.25 - 0.9 * width
    supports = Supports(VALLEY).balanced(at, width, ALL_WAYS)
    assert supports.shares[-1] == pytest.approx(0.25)  # of the way from -1 to 1
    assert 0.25 - 4.0 * width**2 < supports.lower_value(lo, hi)[0] <= 0.25


def test_too_many_kinks_are_left_as_they_are() -> None:
    rng = np.random.default_rng(0)
    many = Problem(
        Dataset(rng.normal(size=(60, 2)), np.zeros((60, 1))), VALLEY.network, ABSOLUTE_ERROR
    )
    supports = Supports(many)
    assert supports.balanced(np.zeros(2), 0.1, ALL_WAYS) is supports
    assert supports.balanced(np.array([1.0, 0.3]), 1e-9, ALL_WAYS) is supports


def test_what_overflows_is_not_balanced() -> None:
    steep = Problem(
        Dataset([[1e200]], [[0.0]]),
        Network((1, 1, 1), (IDENTITY, IDENTITY), (False, False)),
        ABSOLUTE_ERROR,
    )
    supports = Supports(steep)
    assert supports.balanced(np.array([1.0, 1e200]), 1e201, ALL_WAYS) is supports


@pytest.mark.parametrize("feasible", [Box((-9.0,) * 2, (8.0,) * 2), Ball((0.0, 0.0), 5.0)])
@pytest.mark.parametrize(
    ("activation", "seed"), [(SOFTPLUS, 13), (SIGMOID, 13), (leaky_relu(), 9), (RELU, 9)]
)
def test_a_valley_with_an_oblique_kink_is_certified(activation, seed, feasible) -> None:
    rng = np.random.default_rng(seed)
    x, y = rng.normal(0.0, 2.0, (4, 2)).round(2), rng.normal(0.0, 1.0, (4, 1)).round(2)
    loss = ABSOLUTE_ERROR if activation in (SOFTPLUS, SIGMOID) else SQUARED_ERROR
    network = Network((2, 1), (activation,), (False,))
    problem = Problem(Dataset(x, y), network, loss, feasible=feasible)
    optimum = minimize(problem)
    assert optimum.verdict == "certified"
    tries = feasible.project(rng.uniform(-9.0, 8.0, (200_000, 2)))
    assert problem.value(tries).min() >= optimum.f_lo
