"""Starts: where the parameters are at step 0."""

from dataclasses import dataclass, replace
from math import isfinite, sqrt
from typing import ClassVar, Protocol

import numpy as np

from mlpsim.core.arrays import Array
from mlpsim.core.fields import check_numbers, number
from mlpsim.core.network import Network
from mlpsim.core.random import MAX_SEED, normal, uniform


class Start(Protocol):
    """A rule that gives the first parameters."""

    def theta(self, network: Network) -> Array:
        """The parameters at step 0 (P,)."""
        ...


@dataclass(frozen=True)
class Given:
    """The parameters as they are written."""

    values: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        for p, value in enumerate(self.values):
            if not isfinite(value):
                raise ValueError(f"start value {p + 1} is {value!r}, not a finite number")

    def theta(self, network: Network) -> Array:
        return np.array(self.values, dtype=np.float64)


@dataclass(frozen=True)
class Zeros:
    """All parameters 0."""

    def theta(self, network: Network) -> Array:
        return np.zeros(network.n_params)


@dataclass(frozen=True)
class Uniform:
    """Weights and biases uniform on (−r, r)."""

    radius: float = number(1.0, symbol="r", text="half the width of the interval")
    seed: int = number(0, hi=MAX_SEED, symbol="seed", text="seed of the start")

    def __post_init__(self) -> None:
        check_numbers(self)

    def theta(self, network: Network) -> Array:
        return self.radius * (2.0 * uniform(self.seed, 0, network.n_params) - 1.0)


@dataclass(frozen=True)
class _Scaled:
    """Weights drawn layer by layer at a scale that the layer's width sets; biases 0."""

    draws: ClassVar[str]
    numerator: ClassVar[float]
    counts_outputs: ClassVar[bool]

    seed: int = number(0, hi=MAX_SEED, symbol="seed", text="seed of the start")

    def __post_init__(self) -> None:
        check_numbers(self)

    def theta(self, network: Network) -> Array:
        if self.draws == "uniform":
            draws = 2.0 * uniform(self.seed, 0, network.n_params) - 1.0
        else:
            draws = normal(self.seed, 0, network.n_params)
        theta = np.zeros(network.n_params)
        for slots in network.layout:
            fan_out, fan_in = slots.shape
            fan = fan_in + fan_out if self.counts_outputs else fan_in
            theta[slots.w] = sqrt(self.numerator / fan) * draws[slots.w]
        return theta


class GlorotUniform(_Scaled):
    """Weights uniform on ±√(6 / (fan in + fan out)), biases 0   (Glorot and Bengio 2010)."""

    draws, numerator, counts_outputs = "uniform", 6.0, True


class GlorotNormal(_Scaled):
    """Weights normal with variance 2 / (fan in + fan out), biases 0   (Glorot and Bengio 2010)."""

    draws, numerator, counts_outputs = "normal", 2.0, True


class HeUniform(_Scaled):
    """Weights uniform on ±√(6 / fan in), biases 0   (He et al. 2015)."""

    draws, numerator, counts_outputs = "uniform", 6.0, False


class HeNormal(_Scaled):
    """Weights normal with variance 2 / fan in, biases 0   (He et al. 2015)."""

    draws, numerator, counts_outputs = "normal", 2.0, False


def next_random_start(start: Start) -> Start:
    """The start with the next seed; one without a seed becomes Glorot uniform."""
    if isinstance(start, Uniform | _Scaled):
        return replace(start, seed=0 if start.seed == MAX_SEED else start.seed + 1)
    return GlorotUniform()


STARTS: tuple[type[Start], ...] = (
    Given,
    Zeros,
    Uniform,
    GlorotUniform,
    GlorotNormal,
    HeUniform,
    HeNormal,
)
