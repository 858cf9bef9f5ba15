"""Schedules: the learning rate at the t-th update, t = 0, 1, 2, …"""

from dataclasses import dataclass
from math import inf
from typing import Protocol

from mlpsim.core.fields import check_numbers, number


class Schedule(Protocol):
    """A rule that scales the learning rate."""

    def factor(self, t: int) -> float:
        """What the learning rate is multiplied by at update t (from 0)."""
        ...


@dataclass(frozen=True)
class Constant:
    """η stays as it is."""

    def factor(self, t: int) -> float:
        return 1.0


@dataclass(frozen=True)
class InverseTime:
    """η / (1 + decay·t)."""

    decay: float = number(0.05, -inf, symbol="k", text="how fast η falls per update")

    def __post_init__(self) -> None:
        check_numbers(self)

    def factor(self, t: int) -> float:
        divisor = 1.0 + self.decay * t
        return 1.0 / divisor if divisor else inf


@dataclass(frozen=True)
class StepDecay:
    """η·γ^⌊t / every⌋."""

    gamma: float = number(0.5, -inf, symbol="γ", text="factor at every drop")
    every: int = number(100, 1, symbol="m", text="updates between drops")

    def __post_init__(self) -> None:
        check_numbers(self)

    def factor(self, t: int) -> float:
        return _power(self.gamma, t // self.every)


@dataclass(frozen=True)
class Exponential:
    """η·γ^t."""

    gamma: float = number(0.99, -inf, symbol="γ", text="factor at every update")

    def __post_init__(self) -> None:
        check_numbers(self)

    def factor(self, t: int) -> float:
        return _power(self.gamma, t)


def _power(gamma: float, n: int) -> float:
    """γⁿ, infinite where it overflows: a rising rate ends in a divergence, not in an error."""
    try:
        return gamma**n
    except OverflowError:
        return inf if gamma > 0.0 or n % 2 == 0 else -inf


SCHEDULES: tuple[type[Schedule], ...] = (Constant, InverseTime, StepDecay, Exponential)
