"""Ranges of second derivatives: of an activation, and of a loss along a direction.

At a kink there is none, and the range is everything: nothing can be concluded from it. Where only
the second derivative jumps (ELU with α = 1, Huber), both sides count: the range then encloses the
generalized Hessian of Clarke (1983), for which the mean-value theorem holds as well.
"""

from math import atanh, log, sqrt

import numpy as np

from mlpsim.core.activations import Activation, sigmoid
from mlpsim.core.arrays import Array, Flags
from mlpsim.core.losses import Loss
from mlpsim.core.proofs.interval import (
    EPS,
    Interval,
    add,
    elementary,
    grown,
    magnitude,
    multiply,
    point,
    total,
)
from mlpsim.core.proofs.ranges import activation_range, extremes, softmax_shares

SIGMOID_TURN = log(2.0 + sqrt(3.0))  # ±: where σ‴ = σ'·(1 - 6σ + 6σ²) vanishes
TANH_TURN = atanh(sqrt(1.0 / 3.0))  # ±: where tanh‴ = (1 - tanh²)·(6·tanh² - 2) vanishes


def curvature_range(activation: Activation, z: Interval) -> Interval:
    """a''(z) over the interval; at a kink everything."""
    name = activation.name
    if name in ("relu", "leaky_relu"):
        return _unbounded_where(z.straddles_zero, _constant(0.0, z))
    if name == "elu":
        return _elu_curvature(activation, z)
    if name == "sin":
        wave = activation_range(activation, z)
        return Interval(-wave.hi, -wave.lo)
    if name == "gelu":
        return _gelu_curvature(activation, z)
    if name == "sigmoid":
        # σ' - 2σ·σ' = -σ'·tanh(z/2), which does not cancel near 0.
        return elementary(
            extremes(
                lambda x: -sigmoid(x) * sigmoid(-x) * np.tanh(0.5 * x),
                z,
                (-SIGMOID_TURN, SIGMOID_TURN),
            )
        )

    def fn(x: Array) -> Array:
        return activation.curvature(x, activation.fn(x))

    critical = {"tanh": (-TANH_TURN, TANH_TURN), "softplus": (0.0,)}
    return elementary(extremes(fn, z, critical[name])) if name != "identity" else _constant(0.0, z)


def loss_curvature_range(loss: Loss, a: Interval, y: Array, r: Interval, v: Interval) -> Interval:
    """∂²e/∂a² over output a and residual r, applied to a direction v (..., K, S); see Loss."""
    if loss.name == "softmax_ce_logits":
        return _softmax_curvature(a, y, v)
    return multiply(_elementwise(loss, a, y, r), v)


def _elementwise(loss: Loss, a: Interval, y: Array, r: Interval) -> Interval:
    if loss.name == "absolute_error":
        return _unbounded_where(r.straddles_zero, _constant(0.0, r))
    if loss.name == "hinge":
        margin = multiply(a, point(np.broadcast_to(y, a.lo.shape)))
        return _unbounded_where((margin.lo <= 1.0) & (margin.hi >= 1.0), _constant(0.0, a))
    if loss.name == "huber":
        size = magnitude(r)
        inside, outside = size.hi < loss.value, size.lo > loss.value
        return Interval(np.where(inside, 1.0, 0.0), np.where(outside, 0.0, 1.0))
    if loss.name == "bce_logits":
        return elementary(extremes(lambda x: sigmoid(x) * sigmoid(-x), a, (0.0,)))
    return _constant({"squared_error": 2.0, "half_squared_error": 1.0}[loss.name], r)


def _softmax_curvature(a: Interval, y: Array, v: Interval) -> Interval:
    """Σy·p_k·(v_k - Σ_j p_j·v_j), written Σy·p_k·Σ_{j≠k} p_j·(v_k - v_j)."""
    shape = np.broadcast_shapes(a.lo.shape, v.lo.shape)
    lo, hi = np.empty(shape), np.empty(shape)
    outputs = range(shape[-2])
    mass = total(point(y), axis=-2)
    shares = [softmax_shares(a, k)[0] for k in outputs]
    for k in outputs:
        pull = _constant(0.0, Interval(v.lo[..., k, :], v.hi[..., k, :]))
        for j in outputs:
            if j != k:
                apart = Interval(
                    v.lo[..., k, :] - v.hi[..., j, :], v.hi[..., k, :] - v.lo[..., j, :]
                )
                pull = add(pull, multiply(shares[j], elementary(apart)))
        lo[..., k, :], hi[..., k, :] = multiply(multiply(shares[k], mass), pull)
    return Interval(lo, hi)


def _elu_curvature(activation: Activation, z: Interval) -> Interval:
    """α·e^z left of 0 and 0 right of it: with α = 1 a jump, else a kink."""
    below = elementary(
        extremes(
            lambda x: activation.value * np.exp(x),
            Interval(np.minimum(z.lo, 0.0), np.minimum(z.hi, 0.0)),
        )
    )
    both = Interval(np.minimum(below.lo, 0.0), np.maximum(below.hi, 0.0))
    left, right = z.hi < 0.0, z.lo > 0.0
    result = Interval(
        np.where(left, below.lo, np.where(right, 0.0, both.lo)),
        np.where(left, below.hi, np.where(right, 0.0, both.hi)),
    )
    return result if activation.value == 1.0 else _unbounded_where(z.straddles_zero, result)


def _gelu_curvature(activation: Activation, z: Interval) -> Interval:
    """φ(z)·(2 - z²): e^(-z²/2) passes the rounding of z² on, and the bracket cancels."""

    def fn(x: Array) -> Array:
        return activation.curvature(x, x)

    def error(x: Array) -> Array:
        square = x * x
        result: Array = (64.0 + 8.0 * square) * np.exp(-0.5 * square) * (2.0 + square) * EPS
        return result

    return grown(extremes(fn, z, (-2.0, 0.0, 2.0)), error(z.lo), error(z.hi))


def _constant(value: float, like: Interval) -> Interval:
    return point(np.full_like(like.lo, value))


def _unbounded_where(kink: Flags, x: Interval) -> Interval:
    return Interval(np.where(kink, -np.inf, x.lo), np.where(kink, np.inf, x.hi))
