"""Ranges: what an activation or a loss can be while its argument lies in an interval.

A function that is monotone between finitely many critical points takes its extremes at the ends of
the interval or at a critical point inside; at a jump both sides count.
"""

from collections.abc import Callable
from math import pi, sqrt

import numpy as np

from mlpsim.core.activations import Activation, sigmoid
from mlpsim.core.arrays import Array, Flags
from mlpsim.core.losses import Loss
from mlpsim.core.proofs.interval import (
    EPS,
    TINY,
    Interval,
    add,
    at_least_zero,
    elementary,
    gamma,
    grown,
    magnitude,
    multiply,
    point,
    scale,
    square,
    subtract,
    total,
)

LARGE = 1e300  # sums of several of these do not overflow
GELU_MINIMUM = -0.751791524693564457  # where Φ(z) + z·φ(z) = 0


def extremes(
    fn: Callable[[Array], Array], z: Interval, critical: tuple[float, ...] = ()
) -> Interval:
    """The range of fn over z, before rounding outward."""
    a, b = fn(z.lo), fn(z.hi)
    lo, hi = np.minimum(a, b), np.maximum(a, b)
    for c in critical:
        inside = (z.lo <= c) & (z.hi >= c)
        value = fn(np.array([c]))
        lo = np.where(inside, np.minimum(lo, value), lo)
        hi = np.where(inside, np.maximum(hi, value), hi)
    return Interval(lo, hi)


def _jump(z: Interval, left: float, right: float) -> Interval:
    """The range of a step from ``left`` (z ≤ 0) to ``right`` (z > 0), both sides at the jump."""
    below, above = z.lo <= 0.0, z.hi >= 0.0
    low, high = min(left, right), max(left, right)
    both = below & above
    value = np.where(z.lo > 0.0, right, left)
    return Interval(np.where(both, low, value), np.where(both, high, value))


def _wave(z: Interval, phase: float) -> Interval:
    """The range of sin(z + phase): ±1 where a crest or a trough may lie inside."""
    a, b = np.sin(z.lo + phase), np.sin(z.hi + phase)
    slack = 1e-9 + 4e-15 * z.magnitude  # generous: near a crest the answer is ±1 either way

    def holds(turn: float) -> Flags:
        first = np.ceil((z.lo + phase - slack - turn) / (2.0 * pi))
        inside: Flags = first * (2.0 * pi) + turn <= z.hi + phase + slack
        return inside

    lo = np.where(holds(-0.5 * pi), -1.0, np.minimum(a, b))
    hi = np.where(holds(0.5 * pi), 1.0, np.maximum(a, b))
    # The argument's own rounding moves the value by at most as much.
    error = 4e-16 * (1.0 + z.magnitude)
    return Interval(np.maximum(lo - error, -1.0), np.minimum(hi + error, 1.0))


def activation_range(activation: Activation, z: Interval) -> Interval:
    """a(z) over the interval."""
    if activation.name == "identity":
        return z
    if activation.name == "relu":
        return Interval(np.maximum(z.lo, 0.0), np.maximum(z.hi, 0.0))
    if activation.name == "sin":
        return _wave(z, 0.0)
    if activation.name == "gelu":
        return _gelu_range(activation.fn, z, (GELU_MINIMUM,))
    critical = {"leaky_relu": (0.0,), "elu": (0.0,)}
    return elementary(extremes(activation.fn, z, critical.get(activation.name, ())))


def _gelu_range(fn: Callable[[Array], Array], z: Interval, critical: tuple[float, ...]) -> Interval:
    """GELU or its slope: e^(-z²/2) passes the rounding of z² on, and the slope's terms cancel.

    Left of 0 both are at most (1 + |z|)·e^(-z²/2), right of it 1 + |z|.
    """

    def error(x: Array) -> Array:
        size = np.where(x < 0.0, (64.0 + 8.0 * x * x) * np.exp(-0.5 * x * x), 64.0)
        result: Array = size * (1.0 + np.abs(x)) * EPS
        return result

    return grown(extremes(fn, z, critical), error(z.lo), error(z.hi))


def slope_range(activation: Activation, z: Interval) -> Interval:
    """a'(z) over the interval; at a kink everything between the two sides."""

    def fn(x: Array) -> Array:
        return activation.slope(x, activation.fn(x))

    if activation.name == "identity":
        return point(np.ones_like(z.lo))
    if activation.name == "relu":
        return _jump(z, 0.0, 1.0)
    if activation.name == "leaky_relu":
        return _jump(z, activation.value, 1.0)
    if activation.name == "elu":
        left = extremes(fn, Interval(np.minimum(z.lo, 0.0), np.minimum(z.hi, 0.0)))
        right = _jump(z, activation.value, 1.0)
        # Above 0 the slope is 1; below, left tells it all; with both, the jump counts too.
        lo = np.where(z.hi < 0.0, left.lo, np.minimum(left.lo, right.lo))
        hi = np.where(z.hi < 0.0, left.hi, np.maximum(left.hi, right.hi))
        above = z.lo > 0.0
        return elementary(Interval(np.where(above, 1.0, lo), np.where(above, 1.0, hi)))
    if activation.name == "sin":
        return _wave(z, 0.5 * pi)
    if activation.name == "gelu":
        return _gelu_range(fn, z, (-sqrt(2.0), sqrt(2.0)))
    critical = {"sigmoid": (0.0,), "tanh": (0.0,)}
    return elementary(extremes(fn, z, critical.get(activation.name, ())))


def residual_range(activation: Activation, z: Interval, a: Interval, y: Array) -> Interval:
    """output - y over the interval, without cancellation where the output is close to 1."""
    with_complement = activation.with_complement
    if with_complement is None:
        return subtract(a, point(y))

    def ends(x: Array) -> tuple[Array, Array]:
        output = np.empty_like(x)
        complement = with_complement(x, output)
        up_part, down_part = (1.0 - y) * output, y * complement
        return up_part - down_part, np.abs(up_part) + np.abs(down_part)

    (lo, lo_size), (hi, hi_size) = ends(z.lo), ends(z.hi)
    return Interval(_below(lo, lo_size), _above(hi, hi_size))


def loss_ranges(loss: Loss, a: Interval, y: Array, r: Interval) -> tuple[Interval, Interval]:
    """The errors e^s (..., S) and ∂e/∂a (..., K, S) over output a and residual r."""
    if loss.name == "softmax_ce_logits":
        return _softmax_ranges(a, y)
    errors, slopes = _ELEMENTWISE[loss.name](loss, a, y, r)
    return total(errors, axis=-2), slopes


def _squared(loss: Loss, a: Interval, y: Array, r: Interval) -> tuple[Interval, Interval]:
    return square(r), Interval(2.0 * r.lo, 2.0 * r.hi)


def _half_squared(loss: Loss, a: Interval, y: Array, r: Interval) -> tuple[Interval, Interval]:
    return at_least_zero(scale(square(r), 0.5)), r


def _absolute(loss: Loss, a: Interval, y: Array, r: Interval) -> tuple[Interval, Interval]:
    return magnitude(r), _jump(r, -1.0, 1.0)


def _huber(loss: Loss, a: Interval, y: Array, r: Interval) -> tuple[Interval, Interval]:
    size, delta = magnitude(r), loss.value

    def value(x: Array) -> Array:
        return np.where(x <= delta, 0.5 * x * x, delta * (x - 0.5 * delta))

    errors = elementary(Interval(value(size.lo), value(size.hi)))
    bounded = Interval(np.clip(r.lo, -delta, delta), np.clip(r.hi, -delta, delta))
    return at_least_zero(errors), bounded


def _hinge(loss: Loss, a: Interval, y: Array, r: Interval) -> tuple[Interval, Interval]:
    margin = multiply(a, point(np.broadcast_to(y, a.lo.shape)))
    rest = subtract(point(np.ones_like(margin.lo)), margin)
    errors = at_least_zero(Interval(rest.lo, np.maximum(rest.hi, 0.0)))
    active = _jump(rest, 0.0, 1.0)
    return errors, multiply(active, point(np.broadcast_to(-y, a.lo.shape)))


def _cross_entropy(loss: Loss, a: Interval, y: Array, r: Interval) -> tuple[Interval, Interval]:
    def slope(x: Array) -> Array:
        return (1.0 - y) * sigmoid(x) - y * sigmoid(-x)

    def error(x: Array) -> Array:
        return (np.maximum(x, 0.0) - y * x) + np.log1p(np.exp(-np.abs(x)))

    def size(x: Array) -> Array:
        return np.abs(1.0 - y) * sigmoid(x) + np.abs(y) * sigmoid(-x)

    def terms(x: Array) -> Array:
        # For the labels 0 and 1 the first part is exactly 0 or |x|, whichever is right.
        binary = (y == 0.0) | (y == 1.0)
        rounds = np.where(binary, np.abs(error(x)), (1.0 + np.abs(y)) * np.abs(x))
        return rounds + np.log1p(np.exp(-np.abs(x)))

    slopes = Interval(_below(slope(a.lo), size(a.lo)), _above(slope(a.hi), size(a.hi)))
    below = np.minimum(_below(error(a.lo), terms(a.lo)), _below(error(a.hi), terms(a.hi)))
    above = np.maximum(_above(error(a.lo), terms(a.lo)), _above(error(a.hi), terms(a.hi)))
    with np.errstate(divide="ignore", invalid="ignore"):
        entropy = -(y * np.log(y) + (1.0 - y) * np.log1p(-y))
    inside = (y > 0.0) & (y < 1.0) & slopes.straddles_zero
    below = np.where(inside, np.minimum(below, _below(entropy, np.ones_like(y))), below)
    is_probability = (y >= 0.0) & (y <= 1.0)
    return at_least_zero(Interval(below, above), is_probability), slopes


def _below(x: Array, terms: Array) -> Array:
    """x less what rounding a formula with terms of that size may have added."""
    result: Array = np.fmax(x - gamma(20) * terms - TINY, -np.inf)
    return result


def _above(x: Array, terms: Array) -> Array:
    result: Array = np.fmin(x + gamma(20) * terms + TINY, np.inf)
    return result


def _softmax_ranges(a: Interval, y: Array) -> tuple[Interval, Interval]:
    """Σ y_k·(log-sum-exp - a_k): each term grows with every logit but its own."""
    errors = point(np.zeros_like(a.lo[..., 0, :]))
    slopes_lo, slopes_hi = np.empty_like(a.lo), np.empty_like(a.hi)
    for k in range(a.lo.shape[-2]):
        above, rest = _rivals(a, k)
        # log(1 + Σe^d) lies between max d and, for max d ≥ 0, max d + log(1 + number of d).
        high = above.hi.max(axis=-2, initial=-np.inf) + np.log1p(float(len(y) - 1))
        term = Interval(
            np.maximum(np.log1p(rest.lo), above.lo.max(axis=-2, initial=-np.inf)),
            np.where(rest.hi < LARGE, np.log1p(rest.hi), high),
        )
        term = elementary(term)
        target = point(np.broadcast_to(y[..., k, :], term.lo.shape))
        errors = add(errors, multiply(at_least_zero(term), target))
        p, q = _shares(rest)
        # p·Σy - y_k = p·(Σy - y_k) - y_k·(1 - p), the complement being q.
        others = total(point(np.delete(y, k, axis=-2)), axis=-2)
        slope = add(multiply(p, others), multiply(q, Interval(-target.hi, -target.lo)))
        slopes_lo[..., k, :], slopes_hi[..., k, :] = slope
    return at_least_zero(errors, np.asarray((y >= 0.0).all(axis=-2))), Interval(
        slopes_lo, slopes_hi
    )


def _rivals(a: Interval, k: int) -> tuple[Interval, Interval]:
    """a_j - a_k of the other logits (..., K - 1, S), and Σ_{j≠k} e^(a_j - a_k) (..., S)."""
    own = Interval(a.lo[..., k : k + 1, :], a.hi[..., k : k + 1, :])
    rivals = Interval(np.delete(a.lo, k, axis=-2), np.delete(a.hi, k, axis=-2))
    above = subtract(rivals, own)
    powers = Interval(np.minimum(np.exp(above.lo), LARGE), np.exp(above.hi))
    return above, at_least_zero(total(at_least_zero(elementary(powers)), axis=-2))


def _shares(rest: Interval) -> tuple[Interval, Interval]:
    """The probability p = 1/(1 + rest) of a class, and 1 - p without cancellation."""
    p = elementary(Interval(1.0 / (1.0 + rest.hi), 1.0 / (1.0 + rest.lo)))
    q = elementary(Interval(1.0 / (1.0 + 1.0 / rest.lo), 1.0 / (1.0 + 1.0 / rest.hi)))
    return p, q


def softmax_shares(a: Interval, k: int) -> tuple[Interval, Interval]:
    """The probability of class k, and its complement, over logits a (..., K, S): (..., S)."""
    return _shares(_rivals(a, k)[1])


_ELEMENTWISE = {
    "squared_error": _squared,
    "half_squared_error": _half_squared,
    "absolute_error": _absolute,
    "huber": _huber,
    "hinge": _hinge,
    "bce_logits": _cross_entropy,
}
