"""Generators: data sets that are drawn from a seed."""

from dataclasses import dataclass, fields
from typing import Any, Protocol

import numpy as np

from mlpsim.core.arrays import Array
from mlpsim.core.dataset import MAX_SAMPLES, Dataset
from mlpsim.core.fields import check_numbers, number
from mlpsim.core.random import MAX_SEED, normal, uniform

MAX_CLASSES = 3
# The noise has its own stretch of the stream: a change of the noise moves no point's base.
_NOISE_DRAWS = 2**40
_GAP = 0.15


class Generator(Protocol):
    """A rule that gives a data set; its fields are the form."""

    def generate(self) -> Dataset:
        """The data: x (samples, D), y (samples, K)."""
        ...


@dataclass(frozen=True)
class _Drawn:
    """What every generator has: how many samples, how much noise, which seed."""

    samples: int = number(100, lo=1, hi=MAX_SAMPLES, symbol="S", text="number of samples")
    noise: float = number(
        0.1, hi=1000.0, symbol="noise", text="standard deviation of the noise, in units of x"
    )
    seed: int = number(0, hi=MAX_SEED, symbol="seed", text="seed of the data")

    def __post_init__(self) -> None:
        check_numbers(self)
        for entry in fields(self):
            _check_whole(self, entry.name, entry.type)

    def _uniform(self, columns: int = 1) -> Array:
        """Uniform numbers in [0, 1): (samples, columns)."""
        return uniform(self.seed, 0, self.samples * columns).reshape(self.samples, columns)

    def _noise(self, columns: int) -> Array:
        """Normal numbers times the noise: (samples, columns)."""
        draws = normal(self.seed, _NOISE_DRAWS, self.samples * columns)
        noise: Array = self.noise * draws.reshape(self.samples, columns)
        return noise

    def _classes(self, classes: int = 2) -> Array:
        """The class of every sample, in turn, so that any batch holds all of them: (samples,)."""
        return np.arange(self.samples, dtype=np.float64) % classes


def _check_whole(spec: Any, name: str, kind: object) -> None:
    value = getattr(spec, name)
    if kind is int and not isinstance(value, int):
        raise ValueError(f"{name} {value!r} is not a whole number")


def _targets(classes: Array, count: int) -> Array:
    """One column of 0 and 1 for two classes, else one-hot: (S, K)."""
    if count == 2:
        return classes.reshape(-1, 1)
    one_hot: Array = (classes.reshape(-1, 1) == np.arange(count)).astype(np.float64)
    return one_hot


@dataclass(frozen=True)
class Blobs(_Drawn):
    """Normal clouds around points of a circle of radius 2."""

    noise: float = number(
        0.6, hi=1000.0, symbol="noise", text="standard deviation of each cloud, in units of x"
    )
    classes: int = number(2, lo=2, hi=MAX_CLASSES, symbol="K", text="number of classes")

    def generate(self) -> Dataset:
        labels = self._classes(self.classes)
        angle = 2.0 * np.pi * labels / self.classes + 1.25 * np.pi
        centres = 2.0 * np.stack([np.cos(angle), np.sin(angle)], axis=1)
        return Dataset(centres + self._noise(2), _targets(labels, self.classes))


@dataclass(frozen=True)
class Xor(_Drawn):
    """Uniform in four squares; class 1 where x₁ and x₂ differ in sign."""

    def generate(self) -> Dataset:
        quarter = self._classes(4)
        signs = np.stack([1.0 - 2.0 * (quarter // 2), 1.0 - 2.0 * (quarter % 2)], axis=1)
        x = signs * (_GAP + (2.0 - _GAP) * self._uniform(2))
        differ = (signs[:, 0] != signs[:, 1]).astype(np.float64)
        return Dataset(x + self._noise(2), differ[:, None])


@dataclass(frozen=True)
class Circles(_Drawn):
    """Two rings around the origin: class 0 at radius 2, class 1 at radius 1."""

    def generate(self) -> Dataset:
        labels = self._classes()
        angle = 2.0 * np.pi * self._uniform()[:, 0]
        ring = np.stack([np.cos(angle), np.sin(angle)], axis=1)
        return Dataset((2.0 - labels)[:, None] * ring + self._noise(2), labels[:, None])


@dataclass(frozen=True)
class Moons(_Drawn):
    """Two half circles that reach into each other."""

    def generate(self) -> Dataset:
        labels = self._classes()
        angle = np.pi * self._uniform()[:, 0]
        side = 1.0 - 2.0 * labels
        # The upper moon is centred at 0, the lower one at (1, 0.5), as they are usually drawn.
        x = np.stack([labels + side * np.cos(angle), 0.5 * labels + side * np.sin(angle)], axis=1)
        return Dataset(x + self._noise(2), labels[:, None])


@dataclass(frozen=True)
class Spiral(_Drawn):
    """Arms that wind out from the origin, one for each class."""

    classes: int = number(2, lo=2, hi=MAX_CLASSES, symbol="K", text="number of arms")
    turns: float = number(1.0, lo=0.1, hi=5.0, symbol="turns", text="turns of an arm")

    def generate(self) -> Dataset:
        labels = self._classes(self.classes)
        along = np.sqrt(self._uniform()[:, 0])
        angle = 2.0 * np.pi * (self.turns * along + labels / self.classes)
        arms = (4.0 * along)[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
        return Dataset(arms + self._noise(2), _targets(labels, self.classes))


@dataclass(frozen=True)
class Line(_Drawn):
    """A regression line: y = slope·x + intercept + noise, x in [−1, 1]."""

    samples: int = number(20, lo=1, hi=MAX_SAMPLES, symbol="S", text="number of samples")
    noise: float = number(0.1, hi=1000.0, symbol="noise", text="standard deviation of y")
    slope: float = number(0.8, lo=-1000.0, hi=1000.0, symbol="slope", text="y per unit of x")
    intercept: float = number(0.2, lo=-1000.0, hi=1000.0, symbol="y₀", text="y at x = 0")

    def generate(self) -> Dataset:
        x = 2.0 * self._uniform() - 1.0
        return Dataset(x, self.slope * x + self.intercept + self._noise(1))


@dataclass(frozen=True)
class Sine(_Drawn):
    """A regression curve: y = sin x + noise, x in [−3, 3]."""

    samples: int = number(25, lo=1, hi=MAX_SAMPLES, symbol="S", text="number of samples")
    noise: float = number(0.1, hi=1000.0, symbol="noise", text="standard deviation of y")

    def generate(self) -> Dataset:
        x = 6.0 * self._uniform() - 3.0
        return Dataset(x, np.sin(x) + self._noise(1))


@dataclass(frozen=True)
class Hills(_Drawn):
    """A regression surface over [−3, 3]²: a hill in two of the quarters, a hollow in the others.

    y = Σ ±exp(−‖x − c‖²) + noise with c = (±1.5, ±1.5).
    """

    noise: float = number(0.1, hi=1000.0, symbol="noise", text="standard deviation of y")

    def generate(self) -> Dataset:
        x = 6.0 * self._uniform(2) - 3.0
        y = np.zeros((self.samples, 1))
        for sign, centre in ((1, (1, 1)), (-1, (-1, 1)), (1, (-1, -1)), (-1, (1, -1))):
            away = x - 1.5 * np.array(centre)
            y += sign * np.exp(-(away * away).sum(axis=1, keepdims=True))
        return Dataset(x, y + self._noise(1))


GENERATORS: tuple[type[Generator], ...] = (Blobs, Xor, Circles, Moons, Spiral, Line, Sine, Hills)
