"""Activations: each function beside its first and second derivative."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from math import isfinite

import numpy as np

from mlpsim.core.arrays import Array
from mlpsim.core.erf import erfc

Pair = Callable[[Array, Array], Array]  # writes one result into the second, and gives the other


@dataclass(frozen=True)
class Activation:
    """A function a(z), its slope da/dz and curvature d²a/dz²; elementwise, any shape.

    ``pair(z, a)`` writes a(z) into a, which may be z itself, and gives the slope, for less than one
    after the other. ``with_complement(z, a)`` writes a(z), too, and gives 1 - a(z) without
    cancellation, for an activation with a' = a·(1 - a). ``of_growth(t)`` is a(z) in the place of
    t = e^(exponent·z) - 1. Two activations are equal when their names and hyperparameters are.
    """

    name: str
    fn: Callable[[Array], Array] = field(compare=False, repr=False)
    slope: Callable[[Array, Array], Array] = field(compare=False, repr=False)
    curvature: Callable[[Array, Array], Array] = field(compare=False, repr=False)
    pair: Pair | None = field(default=None, compare=False, repr=False)
    with_complement: Pair | None = field(default=None, compare=False, repr=False)
    exponent: float = field(default=0.0, compare=False, repr=False)
    of_growth: Callable[[Array], Array] | None = field(default=None, compare=False, repr=False)
    hyperparameter: str = ""
    value: float = 0.0

    @cached_property
    def with_slope(self) -> Pair:
        """``pair``, of any activation."""
        return self.pair or self._one_after_the_other

    def _one_after_the_other(self, z: Array, a: Array) -> Array:
        activated = self.fn(z)
        slope = self.slope(z, activated)
        a[...] = activated
        return slope

    def __reduce__(self) -> tuple[Callable[..., "Activation"], tuple[object, ...]]:
        return activation, (self.name, *([self.value] if self.hyperparameter else []))


# An array without axes: NumPy takes as long to read a Python float as for a small operation.
ONE, TWO = np.array(1.0), np.array(2.0)
ONE.setflags(write=False)
TWO.setflags(write=False)


def sigmoid(z: Array) -> Array:
    """1 / (1 + e^-z): relatively exact in the lower tail; e^-z may overflow to a correct 0."""
    result: Array = ONE / (ONE + np.exp(-z))
    return result


def _sigmoid_with_complement(z: Array, a: Array) -> Array:
    """a = 1 / (1 + e^-z) and 1 / (1 + e^z), from one exponential."""
    odds_against = np.exp(-z)
    np.divide(ONE, ONE + odds_against, a)
    complement: Array = ONE / (ONE + ONE / odds_against)
    return complement


def _sigmoid_with_slope(z: Array, a: Array) -> Array:
    complement = _sigmoid_with_complement(z, a)
    return a * complement


def _sigmoid_slope(z: Array, a: Array) -> Array:
    result: Array = a / (ONE + np.exp(z))
    return result


def _sigmoid_of(t: Array) -> Array:
    t += TWO
    np.reciprocal(t, t)
    return t


def tanh(z: Array) -> Array:
    result: Array = np.tanh(z)
    return result


def _tanh_of(t: Array) -> Array:
    t /= t + TWO
    return t


def _tanh_slope(z: Array, a: Array) -> Array:
    # 1 - tanh² = 1/cosh²: 1 - a² would be 0 from |z| = 19 on.
    cosh = np.cosh(z)
    result: Array = ONE / (cosh * cosh)
    return result


def _tanh_with_slope(z: Array, a: Array) -> Array:
    slope = _tanh_slope(z, a)
    np.tanh(z, a)
    return slope


def _gaussian(z: Array) -> Array:
    result: Array = np.exp(-0.5 * z * z) / np.sqrt(2.0 * np.pi)
    return result


def _gaussian_cdf(z: Array) -> Array:
    return 0.5 * erfc(-z / np.sqrt(2.0))


IDENTITY = Activation(
    "identity", lambda z: z, lambda z, a: np.ones_like(z), lambda z, a: np.zeros_like(z)
)
SIGMOID = Activation(
    "sigmoid",
    sigmoid,
    _sigmoid_slope,
    lambda z, a: _sigmoid_slope(z, a) * (1.0 - 2.0 * a),
    pair=_sigmoid_with_slope,
    with_complement=_sigmoid_with_complement,
    exponent=-1.0,
    of_growth=_sigmoid_of,
)
TANH = Activation(
    "tanh",
    tanh,
    _tanh_slope,
    lambda z, a: -2.0 * a * _tanh_slope(z, a),
    pair=_tanh_with_slope,
    exponent=2.0,
    of_growth=_tanh_of,
)
RELU = Activation(
    "relu",
    lambda z: np.maximum(z, 0.0),
    lambda z, a: (z > 0.0).astype(np.float64),
    lambda z, a: np.zeros_like(z),
)
SOFTPLUS = Activation(
    "softplus",
    lambda z: np.logaddexp(0.0, z),
    lambda z, a: sigmoid(z),
    lambda z, a: sigmoid(z) * sigmoid(-z),
)
GELU = Activation(
    "gelu",
    lambda z: z * _gaussian_cdf(z),
    lambda z, a: _gaussian_cdf(z) + z * _gaussian(z),
    lambda z, a: _gaussian(z) * (2.0 - z * z),
)
SIN = Activation("sin", np.sin, lambda z, a: np.cos(z), lambda z, a: -a)


def leaky_relu(slope: float = 0.01) -> Activation:
    """max(z, 0) + slope·min(z, 0)."""
    return Activation(
        "leaky_relu",
        lambda z: np.where(z > 0.0, z, slope * z),
        lambda z, a: np.where(z > 0.0, 1.0, slope),
        lambda z, a: np.zeros_like(z),
        hyperparameter="slope",
        value=slope,
    )


def elu(alpha: float = 1.0) -> Activation:
    """z where z > 0, else alpha·(e^z - 1)."""

    def decay(z: Array) -> Array:
        result: Array = alpha * np.exp(np.minimum(z, 0.0))
        return result

    return Activation(
        "elu",
        lambda z: np.where(z > 0.0, z, alpha * np.expm1(np.minimum(z, 0.0))),
        lambda z, a: np.where(z > 0.0, 1.0, decay(z)),
        lambda z, a: np.where(z > 0.0, 0.0, decay(z)),
        hyperparameter="alpha",
        value=alpha,
    )


ACTIVATIONS = (IDENTITY, SIGMOID, TANH, RELU, leaky_relu(), elu(), SOFTPLUS, GELU, SIN)
_WITH_VALUE = {"leaky_relu": leaky_relu, "elu": elu}


def activation(name: str, value: float | None = None) -> Activation:
    """The activation of that name with its hyperparameter set; ValueError names what is wrong."""
    for entry in ACTIVATIONS:
        if entry.name == name:
            if value is None:
                return entry
            if not entry.hyperparameter:
                raise ValueError(f"activation {name!r} has no hyperparameter")
            if not isfinite(value):
                raise ValueError(f"{name} {entry.hyperparameter} {value!r} is not a finite number")
            return _WITH_VALUE[name](value)
    known = ", ".join(entry.name for entry in ACTIVATIONS)
    raise ValueError(f"unknown activation {name!r}; known: {known}")
