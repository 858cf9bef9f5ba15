"""Losses: the error of a sample, its gradient and its curvature, from the network's output."""

from collections.abc import Callable
from dataclasses import dataclass, field
from math import isfinite
from typing import Literal

import numpy as np

from mlpsim.core.activations import ONE, sigmoid
from mlpsim.core.arrays import Array

Labels = Literal["any", "zero_one", "plus_minus_one", "one_hot"]


@dataclass(frozen=True)
class Loss:
    """e^s = Err(y^s, output^s), from output a, target y and residual r = a - y, each (..., K, S).

    ``errors`` sums over the K outputs: (..., S). ``slope`` is ∂e/∂a (..., K, S); ``curvature`` is
    ∂²e/∂a² applied to a direction v (..., K, S). ``predict`` turns the output into ŷ. ``labels``
    says which targets the loss is meant for. The residual comes without cancellation; those that
    are not ``by_residual`` do not look at it.
    """

    name: str
    errors: Callable[[Array, Array, Array], Array] = field(compare=False, repr=False)
    slope: Callable[[Array, Array, Array], Array] = field(compare=False, repr=False)
    curvature: Callable[[Array, Array, Array, Array], Array] = field(compare=False, repr=False)
    predict: Callable[[Array], Array] = field(default=lambda a: a, compare=False, repr=False)
    labels: Labels = "any"
    by_residual: bool = field(default=True, compare=False, repr=False)
    hyperparameter: str = ""
    value: float = 0.0

    @property
    def on_logits(self) -> bool:
        """Whether the output is a logit, so that the last layer has to be the identity."""
        return self.name.endswith("_logits")

    def __reduce__(self) -> tuple[Callable[..., "Loss"], tuple[object, ...]]:
        return loss, (self.name, *([self.value] if self.hyperparameter else []))


def _sum_outputs(errors: Array) -> Array:
    total: Array = errors[..., 0, :] if errors.shape[-2] == 1 else errors.sum(axis=-2)
    return total


SQUARED_ERROR = Loss(
    "squared_error",
    lambda a, y, r: _sum_outputs(r * r),
    lambda a, y, r: r + r,
    lambda a, y, r, v: 2.0 * v,
)
HALF_SQUARED_ERROR = Loss(
    "half_squared_error",
    lambda a, y, r: _sum_outputs(0.5 * r * r),
    lambda a, y, r: r,
    lambda a, y, r, v: v,
)
ABSOLUTE_ERROR = Loss(
    "absolute_error",
    lambda a, y, r: _sum_outputs(np.abs(r)),
    lambda a, y, r: np.sign(r),
    lambda a, y, r, v: np.zeros_like(v),
)
HINGE = Loss(
    "hinge",
    lambda a, y, r: _sum_outputs(np.maximum(0.0, 1.0 - y * a)),
    lambda a, y, r: np.where(y * a < 1.0, -y, 0.0),
    lambda a, y, r, v: np.zeros_like(v),
    labels="plus_minus_one",
    by_residual=False,
)


def huber(delta: float = 1.0) -> Loss:
    """½r² where |r| ≤ delta, else delta·(|r| - ½delta)."""
    return Loss(
        "huber",
        lambda a, y, r: _sum_outputs(
            np.where(np.abs(r) <= delta, 0.5 * r * r, delta * (np.abs(r) - 0.5 * delta))
        ),
        lambda a, y, r: np.clip(r, -delta, delta),
        lambda a, y, r, v: np.where(np.abs(r) <= delta, v, 0.0),
        hyperparameter="delta",
        value=delta,
    )


def _bce_errors(a: Array, y: Array, r: Array) -> Array:
    # max(a, 0) - ya first: it is exactly 0 where the answer is as small as e^-|a|.
    return _sum_outputs((np.maximum(a, 0.0) - y * a) + np.log1p(np.exp(-np.abs(a))))


def _bce_slope(a: Array, y: Array, r: Array) -> Array:
    """(1 - y)·σ(a) - y·σ(-a), from the odds e^a."""
    odds = np.exp(a)
    slope: Array = (ONE - y) / (ONE + np.reciprocal(odds)) - y / (ONE + odds)
    return slope


BCE_LOGITS = Loss(
    "bce_logits",
    _bce_errors,
    _bce_slope,
    lambda a, y, r, v: sigmoid(a) * sigmoid(-a) * v,
    sigmoid,
    labels="zero_one",
    by_residual=False,
)


def _softmax_parts(a: Array) -> tuple[Array, Array, Array]:
    """max, e^(a - max), and the sum of all those but the largest one: (..., 1 or K, S)."""
    largest = a.max(axis=-2, keepdims=True)
    exponentials = np.exp(a - largest)
    others = exponentials.copy()
    np.put_along_axis(others, a.argmax(axis=-2)[..., None, :], 0.0, axis=-2)
    return largest, exponentials, others.sum(axis=-2, keepdims=True)


def _softmax(a: Array) -> Array:
    _, exponentials, rest = _softmax_parts(a)
    result: Array = exponentials / (1.0 + rest)
    return result


def _softmax_errors(a: Array, y: Array, r: Array) -> Array:
    largest, _, rest = _softmax_parts(a)
    errors: Array = (y * ((largest - a) + np.log1p(rest))).sum(axis=-2)
    return errors


def _softmax_slope(a: Array, y: Array, r: Array) -> Array:
    """p·Σy - y, written p·(Σy - y) - y·(1 - p) with 1 - p as the sum of the other classes."""
    _, exponentials, rest = _softmax_parts(a)
    is_largest = np.zeros(a.shape, dtype=bool)
    np.put_along_axis(is_largest, a.argmax(axis=-2)[..., None, :], True, axis=-2)
    complement = np.where(is_largest, rest, 1.0 + rest - exponentials)
    slope: Array = exponentials * (y.sum(axis=-2, keepdims=True) - y) - y * complement
    return slope / (1.0 + rest)


def _softmax_curvature(a: Array, y: Array, r: Array, v: Array) -> Array:
    p = _softmax(a)
    mean = (p * v).sum(axis=-2, keepdims=True)
    result: Array = y.sum(axis=-2, keepdims=True) * p * (v - mean)
    return result


SOFTMAX_CE_LOGITS = Loss(
    "softmax_ce_logits",
    _softmax_errors,
    _softmax_slope,
    _softmax_curvature,
    _softmax,
    labels="one_hot",
    by_residual=False,
)

LOSSES = (
    SQUARED_ERROR,
    HALF_SQUARED_ERROR,
    ABSOLUTE_ERROR,
    huber(),
    HINGE,
    BCE_LOGITS,
    SOFTMAX_CE_LOGITS,
)


def loss(name: str, value: float | None = None) -> Loss:
    """The loss of that name, with its one hyperparameter set; ValueError names what is wrong."""
    for entry in LOSSES:
        if entry.name == name:
            if value is None:
                return entry
            if not entry.hyperparameter:
                raise ValueError(f"loss {name!r} has no hyperparameter")
            if not (isfinite(value) and value > 0.0):
                raise ValueError(f"{name} {entry.hyperparameter} {value!r} is not above 0")
            return huber(value)
    known = ", ".join(entry.name for entry in LOSSES)
    raise ValueError(f"unknown loss {name!r}; known: {known}")
