"""Enclosures of J and ∇J over boxes of parameters: interval forward and backward passes."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from mlpsim.core.arrays import Array
from mlpsim.core.problem import Problem, quiet
from mlpsim.core.proofs.interval import (
    Interval,
    add,
    at_least_zero,
    divide,
    down,
    joined,
    linear,
    magnitude,
    matmul,
    multiply,
    point,
    scale,
    square,
    subtract,
    total,
    transpose,
)
from mlpsim.core.proofs.ranges import activation_range, loss_ranges, residual_range, slope_range


class ForwardRanges(NamedTuple):
    """z and a of layers 1..L (N, n, S), and output - y (N, K, S)."""

    z: tuple[Interval, ...]
    a: tuple[Interval, ...]
    residual: Interval


@dataclass(frozen=True)
class Enclosure:
    """Bounds of a problem's J over boxes lo ≤ theta ≤ hi, each (N, P)."""

    problem: Problem

    @quiet()
    def value_and_gradient(self, lo: Array, hi: Array) -> tuple[Interval, Interval]:
        """J (N,) and ∇J (N, P) over every box: natural interval extension, backpropagated."""
        box = Interval(lo, hi)
        zs, activations, residual = self.forward(box)
        y = self.problem.data.y_columns
        errors, slope = loss_ranges(self.problem.loss, activations[-1], y, residual)
        layers = zip(self.problem.network.activations, zs, strict=True)
        slopes = tuple(slope_range(activation, z) for activation, z in layers)
        return self.totals(box, activations, slopes, errors, slope)

    def totals(
        self,
        box: Interval,
        activations: tuple[Interval, ...],
        slopes: tuple[Interval, ...],
        errors: Interval,
        slope: Interval,
    ) -> tuple[Interval, Interval]:
        """J and ∇J from a forward pass: its a and a' (N, n, S), the errors (N, S) and ∂e/∂a."""
        network = self.problem.network
        parts: list[Interval] = []
        for layer in reversed(range(network.depth)):
            delta = multiply(slope, slopes[layer])
            slope = self.back(box, layer, delta) if layer else slope
            if network.layout[layer].b is not None:
                parts.append(total(delta, axis=-1))
            if layer:
                outer = matmul(delta, transpose(activations[layer - 1]))
            else:
                outer = linear(delta, self.problem.data.x)
            size = outer.lo.shape[-2] * outer.lo.shape[-1]
            parts.append(Interval(*(bound.reshape(-1, size) for bound in outer)))
        gradient = joined(reversed(parts), -1)
        value = total(errors, axis=-1)
        if self.problem.reduction == "mean":
            # The exact mean: 1/S itself would be rounded.
            samples = len(self.problem.data)
            value = at_least_zero(divide(value, samples), value.lo >= 0.0)
            gradient = divide(gradient, samples)
        if self.problem.penalty:
            value, gradient = self._penalized(box, value, gradient)
        return value, gradient

    @quiet()
    def upper_value(self, theta: Array) -> Array:
        """A proven upper bound of J at points (N, P): (N,)."""
        return self.value_and_gradient(theta, theta)[0].hi

    @quiet()
    def lower_value(self, lo: Array, hi: Array, value: Interval, gradient: Interval) -> Array:
        """A lower bound of J over boxes: the better of the natural and the mean-value form (N,).

        Mean-value form: J(w) ≥ J(c) + Σ min(∇J·(w - c)) with the centre c (Moore 1966).
        """
        centre = np.clip(0.5 * lo + 0.5 * hi, lo, hi)
        at_centre = self.value_and_gradient(centre, centre)[0].lo
        offset = subtract(Interval(lo, hi), point(centre))
        change = total(multiply(gradient, offset), axis=-1).lo
        result: Array = np.maximum(value.lo, down(at_centre + change))
        return result

    def forward(self, box: Interval) -> ForwardRanges:
        """The forward pass over boxes (N, P)."""
        network = self.problem.network
        zs: list[Interval] = []
        activations: list[Interval] = []
        for layer, activation in enumerate(network.activations):
            z = self.affine(box, layer, activations[-1] if layer else None)
            zs.append(z)
            activations.append(activation_range(activation, z))
        y = self.problem.data.y_columns
        residual = residual_range(network.activations[-1], zs[-1], activations[-1], y)
        return ForwardRanges(tuple(zs), tuple(activations), residual)

    def weights(self, box: Interval, layer: int) -> Interval:
        """W of ``layer`` (counted from 0) over boxes: (N, fan_out, fan_in)."""
        network = self.problem.network
        return Interval(network.weights(box.lo, layer), network.weights(box.hi, layer))

    def back(self, box: Interval, layer: int, delta: Interval) -> Interval:
        """∂e/∂a of the layer below, from δ of ``layer``: (N, n, S)."""
        return matmul(transpose(self.weights(box, layer)), delta)

    def affine(self, box: Interval, layer: int, a: Interval | None) -> Interval:
        """z of ``layer`` over boxes, from a of the layer below; None below the first."""
        w = self.weights(box, layer)
        z = linear(w, self.problem.data.x_columns) if a is None else matmul(w, a)
        b = self.problem.network.layout[layer].b
        if b is None:
            return z
        return add(z, Interval(box.lo[..., b, None], box.hi[..., b, None]))

    def _penalized(
        self, box: Interval, value: Interval, gradient: Interval
    ) -> tuple[Interval, Interval]:
        penalty, counted = self.problem.penalty, self.problem.penalized
        w = Interval(box.lo * counted, box.hi * counted)
        nonnegative = value.lo >= 0.0
        if penalty.l1:
            value = add(value, scale(total(magnitude(w), axis=-1), penalty.l1))
            sign = Interval(
                np.where(w.lo > 0.0, 1.0, -1.0) * counted, np.where(w.hi < 0.0, -1.0, 1.0) * counted
            )
            gradient = add(gradient, scale(sign, penalty.l1))
        if penalty.l2:
            value = add(value, scale(total(square(w), axis=-1), 0.5 * penalty.l2))
            gradient = add(gradient, scale(w, penalty.l2))
        return at_least_zero(value, nonnegative), gradient
