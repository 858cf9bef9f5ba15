"""Supports: lower bounds of J over boxes with a kink, by lines that touch the kink from below.

Where a box straddles a kink, the slopes of both sides spoil the mean-value form however small it
is. A line through the kink with a slope between theirs stays below: |r| ≥ βr, and relu(z) ≥ βz.
With such lines in place of its kinks J is smooth and nowhere larger, and with slopes that balance
the gradient, as multipliers do at a minimum (Clarke 1983, section 2.3), it is flat there.
"""

from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from mlpsim.core.activations import Activation
from mlpsim.core.arrays import Array, Flags
from mlpsim.core.losses import Loss
from mlpsim.core.problem import Problem, quiet
from mlpsim.core.proofs.enclosure import Enclosure
from mlpsim.core.proofs.interval import (
    Interval,
    add,
    down,
    joined,
    multiply,
    point,
    subtract,
    total,
)
from mlpsim.core.proofs.ranges import activation_range, loss_ranges, residual_range, slope_range

MOST = 24  # kinks that are balanced against each other
SWEEPS = 30
LOSSES = ("absolute_error", "hinge")


@dataclass(frozen=True, eq=False)
class Lines:
    """Which kinks are replaced by lines, and the lines' slopes as shares from left to right.

    One entry for every layer's activation (N, n, S), and last one for the loss (N, K, S).
    """

    where: tuple[Flags, ...]
    shares: tuple[Array, ...]


@dataclass(frozen=True, eq=False)
class Supports:
    """Lower bounds of a problem with kinks; ``shares`` (n, S) of every layer, and of the loss."""

    problem: Problem
    shares: tuple[Array, ...] = field(default=())

    def __post_init__(self) -> None:
        if not self.shares:
            samples, sizes = len(self.problem.data), self.problem.network.sizes[1:]
            halves = tuple(np.full((n, samples), 0.5) for n in (*sizes, sizes[-1]))
            object.__setattr__(self, "shares", halves)

    @cached_property
    def _enclosure(self) -> Enclosure:
        return Enclosure(self.problem)

    @property
    def has_kinks(self) -> bool:
        """Whether anything bends upwards abruptly."""
        bends = any(_is_convex_kink(entry) for entry in self.problem.network.activations)
        return bends or self.problem.loss.name in LOSSES

    @quiet()
    def lower_value(self, lo: Array, hi: Array) -> Array:
        """A lower bound of J over boxes (N, P): the mean-value form of what the lines make of it.

        -∞ over boxes that straddle no kink.
        """
        result = np.full(len(lo), -np.inf)
        lines = self._lines(Interval(lo, hi))
        some = np.any([flags.any(axis=(-2, -1)) for flags in lines.where], axis=0)
        if not some.any():
            return result
        lo, hi = lo[some], hi[some]
        lines = replace(lines, where=tuple(flags[some] for flags in lines.where))
        centre = np.clip(0.5 * lo + 0.5 * hi, lo, hi)
        at_centre, _ = self._value_and_gradient(Interval(centre, centre), lines)
        _, gradient = self._value_and_gradient(Interval(lo, hi), lines)
        offset = subtract(Interval(lo, hi), point(centre))
        change = total(multiply(gradient, offset), axis=-1).lo
        result[some] = down(at_centre.lo + change)
        return result

    @quiet()
    def balanced(self, theta: Array, reach: float, ways: Array) -> "Supports":
        """The same with slopes that make ∇J at theta (P,) short, projected by ``ways`` (P, P).

        The kinks are those within ``reach`` of theta. Whatever the slopes, the bounds hold.
        """
        lines = self._lines(Interval(theta[None] - reach, theta[None] + reach))
        places = [
            (i, *map(int, at[1:])) for i, w in enumerate(lines.where) for at in np.argwhere(w)
        ]
        if not 0 < len(places) <= MOST:
            return self
        base = tuple(np.where(w[0], 0.0, s) for w, s in zip(lines.where, self.shares, strict=True))
        tried = [np.repeat(s[None], len(places) + 1, axis=0) for s in base]
        for row, (entry, i, s) in enumerate(places, 1):
            tried[entry][row, i, s] = 1.0
        thetas = np.repeat(theta[None], len(places) + 1, axis=0)
        _, found = self._value_and_gradient(
            Interval(thetas, thetas), Lines(lines.where, tuple(tried))
        )
        gradients = (0.5 * found.lo + 0.5 * found.hi) @ ways
        if not np.isfinite(gradients).all():
            return self
        for (entry, i, s), share in zip(places, _balance(gradients), strict=True):
            base[entry][i, s] = share
        return Supports(self.problem, base)

    # -- inside --------------------------------------------------------------------------------

    def _lines(self, box: Interval) -> Lines:
        """The kinks that a box straddles, where J does not fall as what bends grows."""
        network = self.problem.network
        zs, straddled, ranges = list[Interval](), list[Flags](), list[Interval]()
        for layer, activation in enumerate(network.activations):
            z = self._enclosure.affine(box, layer, ranges[-1] if layer else None)
            kinked = np.zeros(z.lo.shape, dtype=bool)
            a = activation_range(activation, z)
            if _is_convex_kink(activation):
                kinked = (z.lo < 0.0) & (z.hi > 0.0)
                a = _hull(a, multiply(z, point(self._slopes(layer, self.shares[layer]))), kinked)
            zs.append(z)
            straddled.append(kinked)
            ranges.append(a)
        bend = self._bend(zs[-1], ranges[-1])
        at_loss = np.zeros(bend.lo.shape, dtype=bool)
        if self.problem.loss.name in LOSSES:
            at_loss = (bend.lo < 0.0) & (bend.hi > 0.0)
        _, slope = self._errors(zs[-1], ranges[-1], at_loss, self.shares[-1])
        where = [at_loss]
        for layer in reversed(range(network.depth)):
            where.insert(0, straddled[layer] & (slope.lo >= 0.0))
            if layer:
                delta = multiply(slope, slope_range(network.activations[layer], zs[layer]))
                slope = self._enclosure.back(box, layer, delta)
        return Lines(tuple(where), self.shares)

    def _value_and_gradient(self, box: Interval, lines: Lines) -> tuple[Interval, Interval]:
        """J (N,) and ∇J (N, P) with lines in place of kinks."""
        network = self.problem.network
        zs, ranges, slopes = list[Interval](), list[Interval](), list[Interval]()
        for layer, activation in enumerate(network.activations):
            z = self._enclosure.affine(box, layer, ranges[-1] if layer else None)
            a, slope = activation_range(activation, z), slope_range(activation, z)
            where = lines.where[layer]
            if where.any():
                line = point(self._slopes(layer, lines.shares[layer]))
                a = _chosen(where, multiply(z, line), a)
                slope = _chosen(where, line, slope)
            zs.append(z)
            ranges.append(a)
            slopes.append(slope)
        errors, slope = self._errors(zs[-1], ranges[-1], lines.where[-1], lines.shares[-1])
        return self._enclosure.totals(box, tuple(ranges), tuple(slopes), errors, slope)

    def _bend(self, z: Interval, a: Interval) -> Interval:
        """What the loss bends at 0: the residual, or the hinge's 1 - y·a."""
        y = self.problem.data.y_columns
        if self.problem.loss.name == "hinge":
            product = multiply(a, point(np.broadcast_to(-y, a.lo.shape)))
            return add(point(np.ones_like(a.lo)), product)
        return residual_range(self.problem.network.activations[-1], z, a, y)

    def _errors(
        self, z: Interval, a: Interval, where: Flags, shares: Array
    ) -> tuple[Interval, Interval]:
        """The errors (N, S) and ∂e/∂a (N, K, S) with lines where the loss bends."""
        y, bend, loss = self.problem.data.y_columns, self._bend(z, a), self.problem.loss
        if loss.name not in LOSSES:
            return loss_ranges(loss, a, y, bend)
        # One output at a time: the loss adds up what has to be told apart here.
        single = [loss_ranges(loss, _row(a, k), y[k : k + 1], _row(bend, k)) for k in range(len(y))]
        errors = joined((Interval(e.lo[:, None], e.hi[:, None]) for e, _ in single), -2)
        slope = joined((part for _, part in single), -2)
        if where.any():
            line = point(_loss_slopes(loss, shares))
            errors = _chosen(where, multiply(bend, line), errors)
            outer = multiply(line, point(-y if loss.name == "hinge" else np.ones_like(y)))
            slope = _chosen(where, outer, slope)
        return total(errors, axis=-2), slope

    def _slopes(self, layer: int, shares: Array) -> Array:
        left = _left_slope(self.problem.network.activations[layer])
        result: Array = left + (1.0 - left) * shares
        return np.clip(result, left, 1.0)


def _is_convex_kink(activation: Activation) -> bool:
    """Whether the activation bends upwards at 0 and lies above every line through the kink."""
    name = activation.name
    return (
        name == "relu"
        or (name == "leaky_relu" and activation.value < 1.0)
        or (name == "elu" and 0.0 <= activation.value < 1.0)
    )


def _left_slope(activation: Activation) -> float:
    return 0.0 if activation.name == "relu" else activation.value


def _loss_slopes(loss: Loss, shares: Array) -> Array:
    """From -1 to 1 for |r|, from 0 to 1 for the hinge's max(0, 1 - y·a)."""
    return shares if loss.name == "hinge" else np.clip(2.0 * shares - 1.0, -1.0, 1.0)


def _balance(gradients: Array) -> Array:
    """Shares in [0, 1] (M,) that make g₀ + Σ share·(g_m - g₀) short; gradients (M + 1, P)."""
    rest, ways = gradients[0].copy(), gradients[1:] - gradients[0]
    lengths = (ways * ways).sum(axis=1)
    shares = np.zeros(len(ways))
    for _ in range(SWEEPS):
        for m in np.flatnonzero(lengths):
            best = float(np.clip(shares[m] - rest @ ways[m] / lengths[m], 0.0, 1.0))
            rest += (best - shares[m]) * ways[m]
            shares[m] = best
    return shares


def _chosen(where: Flags, one: Interval, other: Interval) -> Interval:
    return Interval(np.where(where, one.lo, other.lo), np.where(where, one.hi, other.hi))


def _hull(one: Interval, other: Interval, where: Flags) -> Interval:
    lo, hi = np.minimum(one.lo, other.lo), np.maximum(one.hi, other.hi)
    return _chosen(where, Interval(lo, hi), one)


def _row(x: Interval, k: int) -> Interval:
    return Interval(x.lo[..., k : k + 1, :], x.hi[..., k : k + 1, :])
