"""Optimizers: from a gradient to a parameter update, by PyTorch's formulas.

With ε = 0 a gradient that is 0 moves to 0/0, as in PyTorch: the run diverges there.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import inf
from typing import ClassVar

import numpy as np

from mlpsim.core.arrays import Array
from mlpsim.core.fields import check_numbers, number
from mlpsim.core.optimizer import ADAPTED, Objective, Optimizer, State
from mlpsim.core.second_order import SECOND_ORDER


@dataclass(frozen=True)
class GradientDescent:
    """w ← w − η g."""

    state_names: ClassVar[tuple[str, ...]] = ()

    learning_rate: float = number(0.1, symbol="η", text="step length")

    def __post_init__(self) -> None:
        check_numbers(self)

    def init(self, theta: Array) -> State:
        return ()

    def update(
        self, theta: Array, gradient: Array, state: State, rate: float, t: int, objective: Objective
    ) -> tuple[Array, State]:
        return theta - rate * gradient, ()


@dataclass(frozen=True)
class Momentum:
    """v ← μ v + (1 − d) g, with v = g at first; w ← w − η v. Nesterov: w ← w − η (g + μ v)."""

    state_names: ClassVar[tuple[str, ...]] = ("v",)

    learning_rate: float = number(0.1, symbol="η", text="step length")
    momentum: float = number(0.9, symbol="μ", text="how much of the velocity is kept")
    dampening: float = number(0.0, -inf, symbol="d", text="how much of the gradient is held back")
    nesterov: bool = False

    def __post_init__(self) -> None:
        check_numbers(self)
        if self.nesterov and (self.momentum == 0.0 or self.dampening != 0.0):
            raise ValueError("Nesterov needs a momentum above 0 and no dampening")

    def init(self, theta: Array) -> State:
        return (np.zeros_like(theta),)

    def update(
        self, theta: Array, gradient: Array, state: State, rate: float, t: int, objective: Objective
    ) -> tuple[Array, State]:
        v = gradient if t == 0 else self.momentum * state[0] + (1.0 - self.dampening) * gradient
        direction = gradient + self.momentum * v if self.nesterov else v
        return theta - rate * direction, (v,)


@dataclass(frozen=True)
class VariableRate:
    """v ← μ v + g, with v = g at first; w ← w − η c v, and c ← ξ c if J falls there.

    Where J would rise by more than the share ζ the step is not taken: v ← 0, c ← ρ c. J is what
    the step's batch tells of it, and J′ that where the step leads; c is 1 at first (Vogl and others
    1988).
    """

    state_names: ClassVar[tuple[str, ...]] = ("c", "v", "J", "J′")

    learning_rate: float = number(0.1, symbol="η", text="step length at first")
    momentum: float = number(0.0, symbol="μ", text="how much of the velocity is kept")
    growth: float = number(1.05, 1.0, symbol="ξ", text="of c after a step at which J falls")
    shrinkage: float = number(0.7, 0.0, 1.0, "ρ", text="of c after a step that is not taken")
    tolerance: float = number(0.04, symbol="ζ", text="share by which J may rise at a step")

    def __post_init__(self) -> None:
        check_numbers(self)

    def init(self, theta: Array) -> State:
        one = np.ones((*theta.shape[:-1], 1))
        return (one, np.zeros_like(theta), 0.0 * one, 0.0 * one)

    def update(
        self, theta: Array, gradient: Array, state: State, rate: float, t: int, objective: Objective
    ) -> tuple[Array, State]:
        c, v, *_ = state
        v = self.momentum * v + gradient
        tried = theta - rate * c * v
        here, there = objective.value(theta)[..., None], objective.value(tried)[..., None]
        is_taken = there <= (1.0 + self.tolerance) * here
        c = np.where(there < here, self.growth * c, np.where(is_taken, c, self.shrinkage * c))
        return np.where(is_taken, tried, theta), (
            np.clip(c, *ADAPTED),
            np.where(is_taken, v, 0.0),
            here,
            there,
        )


@dataclass(frozen=True)
class AdaGrad:
    """s ← s + g²; w ← w − η/(1 + t·decay) · g / (√s + ε)   (Duchi, Hazan and Singer 2011)."""

    state_names: ClassVar[tuple[str, ...]] = ("s",)

    learning_rate: float = number(0.1, symbol="η", text="step length")
    lr_decay: float = number(0.0, symbol="decay", text="how fast η falls per update")
    initial_accumulator: float = number(0.0, symbol="s₀", text="s at the start")
    eps: float = number(1e-10, symbol="ε", text="keeps the division finite")

    def __post_init__(self) -> None:
        check_numbers(self)

    def init(self, theta: Array) -> State:
        return (np.full_like(theta, self.initial_accumulator),)

    def update(
        self, theta: Array, gradient: Array, state: State, rate: float, t: int, objective: Objective
    ) -> tuple[Array, State]:
        s = state[0] + gradient * gradient
        rate = rate / (1.0 + t * self.lr_decay)
        return theta - rate * gradient / (np.sqrt(s) + self.eps), (s,)


@dataclass(frozen=True)
class RMSProp:
    """s ← α s + (1 − α) g²; w ← w − η g / (√s + ε)   (Tieleman and Hinton 2012).

    Centred: s − ḡ² in place of s, ḡ ← α ḡ + (1 − α) g. With momentum:
    u ← μ u + g / (√s + ε), w ← w − η u.
    """

    state_names: ClassVar[tuple[str, ...]] = ("s", "ḡ", "u")

    learning_rate: float = number(0.01, symbol="η", text="step length")
    alpha: float = number(0.99, symbol="α", text="memory of the squared gradients")
    eps: float = number(1e-8, symbol="ε", text="keeps the division finite")
    momentum: float = number(0.0, symbol="μ", text="how much of the velocity is kept")
    centered: bool = False

    def __post_init__(self) -> None:
        check_numbers(self)

    def init(self, theta: Array) -> State:
        return (np.zeros_like(theta), np.zeros_like(theta), np.zeros_like(theta))

    def update(
        self, theta: Array, gradient: Array, state: State, rate: float, t: int, objective: Objective
    ) -> tuple[Array, State]:
        s, mean, velocity = state
        s = self.alpha * s + (1.0 - self.alpha) * gradient * gradient
        spread = s
        if self.centered:
            mean = self.alpha * mean + (1.0 - self.alpha) * gradient
            # The difference is ≥ 0 but for rounding.
            spread = np.maximum(s - mean * mean, 0.0)
        direction = gradient / (np.sqrt(spread) + self.eps)
        if self.momentum > 0.0:
            direction = velocity = self.momentum * velocity + direction
        return theta - rate * direction, (s, mean, velocity)


@dataclass(frozen=True)
class Adam:
    """m ← β₁ m + (1 − β₁) g; v ← β₂ v + (1 − β₂) g²; w ← w − η m̂ / (√v̂ + ε).

    m̂ = m / (1 − β₁ᵗ) and v̂ = v / (1 − β₂ᵗ) with t counted from 1 (Kingma and Ba 2015). AMSGrad
    divides by the largest v so far (Reddi, Kale and Kumar 2018).
    """

    state_names: ClassVar[tuple[str, ...]] = ("m", "v", "v max")

    learning_rate: float = number(0.001, symbol="η", text="step length")
    beta1: float = number(0.9, hi=1.0, symbol="β₁", text="memory of the gradients")
    beta2: float = number(0.999, hi=1.0, symbol="β₂", text="memory of the squared gradients")
    eps: float = number(1e-8, symbol="ε", text="keeps the division finite")
    amsgrad: bool = False

    def __post_init__(self) -> None:
        check_numbers(self)
        if self.beta1 == 1.0 or self.beta2 == 1.0:
            raise ValueError("beta1 and beta2 are below 1")

    def init(self, theta: Array) -> State:
        return (np.zeros_like(theta), np.zeros_like(theta), np.zeros_like(theta))

    def update(
        self, theta: Array, gradient: Array, state: State, rate: float, t: int, objective: Objective
    ) -> tuple[Array, State]:
        m, v, largest = state
        m = m + (1.0 - self.beta1) * (gradient - m)
        v = self.beta2 * v + (1.0 - self.beta2) * gradient * gradient
        second = v
        if self.amsgrad:
            second = largest = np.maximum(largest, v)
        correction1 = 1.0 - self.beta1 ** (t + 1)
        correction2 = 1.0 - self.beta2 ** (t + 1)
        denominator = np.sqrt(second) / correction2**0.5 + self.eps
        return theta - (rate / correction1) * m / denominator, (m, v, largest)


@dataclass(frozen=True)
class AdamW(Adam):
    """Adam after w ← (1 − η λ) w: decoupled weight decay   (Loshchilov and Hutter 2019)."""

    weight_decay: float = number(0.01, symbol="λ", text="how fast the weights decay")

    def update(
        self, theta: Array, gradient: Array, state: State, rate: float, t: int, objective: Objective
    ) -> tuple[Array, State]:
        decayed = theta * (1.0 - rate * self.weight_decay)
        return super().update(decayed, gradient, state, rate, t, objective)


OPTIMIZERS: tuple[type[Optimizer], ...] = (
    GradientDescent,
    Momentum,
    VariableRate,
    AdaGrad,
    RMSProp,
    Adam,
    AdamW,
    *SECOND_ORDER,
)


def exchanged(optimizer: Optimizer, kind: type[Optimizer]) -> Optimizer:
    """One of another kind, with its defaults but for the learning rate, which it keeps.

    Of second order it is a share of a step that knows its length, and of no use to the others.
    """
    made: Callable[..., Optimizer] = kind
    if (kind in SECOND_ORDER) != isinstance(optimizer, SECOND_ORDER):
        return made()
    return made(learning_rate=optimizer.learning_rate)


def step_is_linear(optimizer: Optimizer) -> bool:
    """Whether twice the objective makes the steps twice as long."""
    return isinstance(optimizer, GradientDescent | Momentum)
