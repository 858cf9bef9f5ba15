"""Optimizers by hand on the first steps; the golden data hold them against PyTorch in full."""

from dataclasses import fields
from math import inf

import numpy as np
import pytest

from mlpsim.core.fields import range_of
from mlpsim.core.optimizer import Optimizer
from mlpsim.core.optimizers import (
    OPTIMIZERS,
    AdaGrad,
    Adam,
    AdamW,
    GradientDescent,
    Momentum,
    RMSProp,
)
from mlpsim.core.problem import quiet
from mlpsim.core.schedules import SCHEDULES, Constant, Exponential, InverseTime, StepDecay
from tests.core.quadratic import Quadratic

THETA = np.array([1.0, -2.0])
UNKNOWN = Quadratic(np.full((2, 2), np.nan))  # of which nothing is asked
G1, G2 = np.array([0.5, -1.0]), np.array([-0.2, 3.0])


def two_steps(optimizer: Optimizer) -> list[np.ndarray]:
    theta, state = THETA, optimizer.init(THETA)
    path = []
    for t, gradient in enumerate((G1, G2)):
        theta, state = optimizer.update(theta, gradient, state, optimizer.learning_rate, t, UNKNOWN)
        path.append(theta)
    return path


def test_gradient_descent() -> None:
    np.testing.assert_allclose(two_steps(GradientDescent(0.1)), [[0.95, -1.9], [0.97, -2.2]])


def test_momentum_starts_with_the_gradient_undampened() -> None:
    first, second = two_steps(Momentum(0.1, 0.9, 0.5))
    np.testing.assert_allclose(first, THETA - 0.1 * G1)
    np.testing.assert_allclose(second, first - 0.1 * (0.9 * G1 + 0.5 * G2))


def test_nesterov_looks_ahead() -> None:
    first, _ = two_steps(Momentum(0.1, 0.9, nesterov=True))
    np.testing.assert_allclose(first, THETA - 0.1 * 1.9 * G1)


def test_adagrad_moves_by_the_rate_at_first() -> None:
    first, second = two_steps(AdaGrad(0.1, lr_decay=1.0))
    np.testing.assert_allclose(first, THETA - 0.1 * np.sign(G1), rtol=1e-8)
    np.testing.assert_allclose(second, first - 0.05 * G2 / np.sqrt(G1**2 + G2**2), rtol=1e-8)


def test_rmsprop_centred_divides_by_the_spread() -> None:
    first, _ = two_steps(RMSProp(0.1, alpha=0.5, centered=True))
    spread = 0.5 * G1**2 - (0.5 * G1) ** 2
    np.testing.assert_allclose(first, THETA - 0.1 * G1 / np.sqrt(spread), rtol=1e-7)


def test_adam_moves_by_the_rate_at_first() -> None:
    first, _ = two_steps(Adam(0.1))
    np.testing.assert_allclose(first, THETA - 0.1 * np.sign(G1), rtol=1e-7)


def test_adamw_decays_before_it_moves() -> None:
    first, _ = two_steps(AdamW(0.1, weight_decay=0.5))
    np.testing.assert_allclose(first, 0.95 * THETA - 0.1 * np.sign(G1), rtol=1e-7)


@pytest.mark.parametrize("kind", OPTIMIZERS, ids=lambda kind: kind.__name__)
def test_a_zero_gradient_moves_nothing(kind: type[Optimizer]) -> None:
    optimizer, zero = kind(), np.zeros(2)
    theta, state = optimizer.update(zero, zero, optimizer.init(zero), 0.1, 0, Quadratic(np.eye(2)))
    assert theta.tolist() == [0.0, 0.0]
    assert len(state) == len(kind.state_names)


@pytest.mark.parametrize(
    "optimizer",
    [
        AdaGrad(eps=0.0),
        RMSProp(eps=0.0),
        RMSProp(eps=0.0, momentum=0.5, centered=True),
        Adam(eps=0.0),
        Adam(eps=0.0, amsgrad=True),
        AdamW(eps=0.0),
    ],
)
def test_without_epsilon_a_zero_gradient_is_pytorchs_zero_by_zero(optimizer: Optimizer) -> None:
    with quiet():
        theta, _ = optimizer.update(
            THETA, np.array([0.0, 1.0]), optimizer.init(THETA), optimizer.learning_rate, 0, UNKNOWN
        )
    assert np.isnan(theta[0])
    assert np.isfinite(theta[1])


@pytest.mark.parametrize("kind", [*OPTIMIZERS, *SCHEDULES], ids=lambda kind: kind.__name__)
def test_every_number_field_has_a_range_a_symbol_and_a_text(kind: type) -> None:
    for entry in fields(kind):
        if isinstance(entry.default, float):
            limits = range_of(entry)
            assert limits is not None
            assert limits.symbol
            assert limits.text
            with pytest.raises(ValueError, match="not a finite number"):
                kind(**{entry.name: float("nan")})
            if limits.lo > -inf:
                with pytest.raises(ValueError, match="below"):
                    kind(**{entry.name: limits.lo - 1.0})
            if limits.hi < inf:
                with pytest.raises(ValueError, match="above"):
                    kind(**{entry.name: limits.hi + 1.0})


def test_what_makes_no_sense_is_refused() -> None:
    with pytest.raises(ValueError, match="Nesterov"):
        Momentum(momentum=0.0, nesterov=True)
    with pytest.raises(ValueError, match="Nesterov"):
        Momentum(dampening=0.1, nesterov=True)
    with pytest.raises(ValueError, match="below 1"):
        Adam(beta1=1.0)
    with pytest.raises(ValueError, match="below 1"):
        AdamW(beta2=1.0)


def test_gradients_that_are_all_the_same_have_no_spread() -> None:
    optimizer, theta, gradient = RMSProp(alpha=0.9, centered=True), np.zeros(100), np.empty(100)
    state = optimizer.init(theta)
    gradient[:] = np.linspace(0.1, 0.3, 100)
    for t in range(500):
        theta, state = optimizer.update(theta, gradient, state, 0.01, t, UNKNOWN)
    assert np.isfinite(theta).all()


def test_amsgrad_divides_by_the_largest_square_so_far() -> None:
    optimizer = Adam(beta1=0.0, beta2=0.0, eps=0.0, amsgrad=True)
    theta, state = np.zeros(1), optimizer.init(np.zeros(1))
    moves = []
    for t, gradient in enumerate((4.0, 1.0)):
        before = theta
        theta, state = optimizer.update(theta, np.array([gradient]), state, 1.0, t, UNKNOWN)
        moves.append(float((before - theta)[0]))
    assert moves == [1.0, 0.25]


def test_a_little_momentum_is_momentum() -> None:
    optimizer = RMSProp(alpha=0.0, eps=0.0, momentum=0.25)
    theta, state = np.zeros(1), optimizer.init(np.zeros(1))
    for t in range(2):
        theta, state = optimizer.update(theta, np.array([3.0]), state, 1.0, t, UNKNOWN)
    assert theta.tolist() == [-1.0 - 1.25]


def test_what_decays_follows_the_schedule() -> None:
    optimizer = AdamW(learning_rate=0.5, weight_decay=0.5)
    theta = np.ones(1)
    moved, _ = optimizer.update(theta, np.zeros(1), optimizer.init(theta), 0.25, 0, UNKNOWN)
    assert moved.tolist() == [1.0 - 0.25 * 0.5]


def test_schedules() -> None:
    assert Constant().factor(7) == 1.0
    assert InverseTime(0.5).factor(4) == 1 / 3
    assert StepDecay(0.5, 10).factor(29) == 0.25
    assert Exponential(0.9).factor(2) == 0.9**2


def test_schedules_take_what_pytorch_takes() -> None:
    assert InverseTime(-0.25).factor(2) == 2.0
    assert InverseTime(-0.25).factor(4) == inf
    assert InverseTime(-0.25).factor(5) == -4.0
    assert [Exponential(-0.5).factor(t) for t in range(3)] == [1.0, -0.5, 0.25]
    assert StepDecay(-2.0, 10).factor(10) == -2.0
    assert [Exponential(-2.0).factor(t) for t in (2000, 2001)] == [inf, -inf]


def test_a_negative_dampening_adds_to_the_gradient() -> None:
    first, second = two_steps(Momentum(0.1, 0.9, -0.5))
    np.testing.assert_allclose(second, first - 0.1 * (0.9 * G1 + 1.5 * G2))


def test_a_memory_above_one_makes_a_root_of_a_negative_number() -> None:
    with quiet():
        first, _ = two_steps(RMSProp(0.1, alpha=1.5))
    assert np.isnan(first).all()
