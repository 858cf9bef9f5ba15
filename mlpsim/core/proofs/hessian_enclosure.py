"""Enclosures of the Hessian ∇²J over boxes of parameters: second-order interval passes."""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from mlpsim.core.arrays import Array, Flags
from mlpsim.core.problem import Problem, quiet
from mlpsim.core.proofs.curvature_ranges import curvature_range, loss_curvature_range
from mlpsim.core.proofs.enclosure import Enclosure, ForwardRanges
from mlpsim.core.proofs.interval import (
    Interval,
    add,
    divide,
    joined,
    linear,
    matmul,
    multiply,
    point,
    total,
    transpose,
)
from mlpsim.core.proofs.ranges import loss_ranges, slope_range


class _Derivatives(NamedTuple):
    """a' and a'' of every layer (N, n, S), and how its z changes with parameters (N, p, n, S).

    The parameters are those of the layer and of the layers below it; the others change nothing.
    """

    slope: list[Interval]
    curvature: list[Interval]
    tangent: list[Interval]


@dataclass(frozen=True)
class HessianEnclosure:
    """Bounds of ∇²J over boxes lo ≤ theta ≤ hi, each (N, P), for a problem's J.

    The R-operator of Pearlmutter (1994) along all unit vectors at once, in interval arithmetic.
    Where only a second derivative jumps, the bounds hold for Clarke's generalized Hessian.
    """

    problem: Problem

    @cached_property
    def _enclosure(self) -> Enclosure:
        return Enclosure(self.problem)

    @quiet()
    def hessian(self, lo: Array, hi: Array) -> Interval:
        """∇²J (N, P, P), symmetric; from -∞ to ∞ over a box that may hold a kink of J."""
        problem, box = self.problem, Interval(lo, hi)
        forward = self._enclosure.forward(box)
        known = self._derivatives(box, forward)
        result = self._of_errors(box, forward, known)
        if problem.reduction == "mean":
            result = divide(result, len(problem.data))
        if problem.penalty.l2:
            result = add(result, point(np.diag(problem.penalty_curvature)))
        kink = self._may_have_kink(box, forward, known)[:, None, None]
        return Interval(np.where(kink, -np.inf, result.lo), np.where(kink, np.inf, result.hi))

    def _derivatives(self, box: Interval, forward: ForwardRanges) -> _Derivatives:
        network = self.problem.network
        layers = list(zip(network.activations, forward.z, strict=True))
        slopes = [slope_range(*layer) for layer in layers]
        tangents: list[Interval] = []
        for layer, slots in enumerate(network.layout):
            below = self._below(forward, layer)
            tangent = _own_tangent(len(box.lo), slots.shape[0], below, slots.b is not None)
            if layer:
                change = multiply(_per_parameter(slopes[layer - 1]), tangents[-1])
                w = _per_parameter(self._enclosure.weights(box, layer))
                tangent = joined([matmul(w, change), tangent], 1)
            tangents.append(tangent)
        return _Derivatives(slopes, [curvature_range(*layer) for layer in layers], tangents)

    def _below(self, forward: ForwardRanges, layer: int) -> Interval:
        return forward.a[layer - 1] if layer else point(self.problem.data.x_columns[None])

    def _of_errors(self, box: Interval, forward: ForwardRanges, known: _Derivatives) -> Interval:
        """Σ ∇²e^s (N, P, P): backwards, δ and how it changes with every parameter."""
        network = self.problem.network
        shape = (len(box.lo), network.n_params, network.n_params)
        result = Interval(np.full(shape, -np.inf), np.full(shape, np.inf))
        y = self.problem.data.y_columns
        _, slope = loss_ranges(self.problem.loss, forward.a[-1], y, forward.residual)
        change = self._output_change(forward, known)
        for layer in reversed(range(network.depth)):
            rate, bend = known.slope[layer], multiply(slope, known.curvature[layer])
            delta = multiply(slope, rate)
            change = add(
                multiply(change, _per_parameter(rate)),
                multiply(_per_parameter(bend), known.tangent[layer]),
            )
            block = self._block(layer, forward, known, delta, change)
            start, end = network.layout[layer].w.start, change.lo.shape[1]
            result.lo[:, :end, start:end], result.hi[:, :end, start:end] = block
            if layer:
                w = transpose(self._enclosure.weights(box, layer))
                slope = matmul(w, delta)
                lower = Interval(change.lo[:, :start], change.hi[:, :start])
                change = matmul(_per_parameter(w), lower)
        # What stands below the diagonal is known from above it, or from both sides.
        return Interval(
            np.maximum(result.lo, result.lo.swapaxes(-1, -2)),
            np.minimum(result.hi, result.hi.swapaxes(-1, -2)),
        )

    def _output_change(self, forward: ForwardRanges, known: _Derivatives) -> Interval:
        """How ∂e/∂a of the output changes with every parameter (N, P, K, S)."""
        output = multiply(_per_parameter(known.slope[-1]), known.tangent[-1])
        return self._loss_curvature(forward, output)

    def _loss_curvature(self, forward: ForwardRanges, direction: Interval) -> Interval:
        y = self.problem.data.y_columns
        a, residual = _per_parameter(forward.a[-1]), _per_parameter(forward.residual)
        return loss_curvature_range(self.problem.loss, a, y, residual, direction)

    def _block(
        self,
        layer: int,
        forward: ForwardRanges,
        known: _Derivatives,
        delta: Interval,
        change: Interval,
    ) -> Interval:
        """How the gradient by a layer's parameters changes with them and those below (N, p, q)."""
        below, start = self._below(forward, layer), self.problem.network.layout[layer].w.start
        if layer:
            outer = matmul(change, _per_parameter(transpose(below)))
            tangent = multiply(_per_parameter(known.slope[layer - 1]), known.tangent[layer - 1])
            more = matmul(_per_parameter(delta), transpose(tangent))
            sums = add(Interval(outer.lo[:, :start], outer.hi[:, :start]), more)
            outer.lo[:, :start], outer.hi[:, :start] = sums
        else:
            outer = linear(change, self.problem.data.x)
        parts = [Interval(*(bound.reshape((*bound.shape[:2], -1)) for bound in outer))]
        if self.problem.network.layout[layer].b is not None:
            parts.append(total(change, axis=-1))
        return joined(parts, -1)

    def _may_have_kink(self, box: Interval, forward: ForwardRanges, known: _Derivatives) -> Flags:
        """Where a second derivative of an activation, the loss or the penalty is unbounded (N,)."""
        one = point(np.ones_like(forward.residual.lo))
        loss = self._loss_curvature(forward, _per_parameter(one))
        smooth = _is_finite(Interval(loss.lo[:, 0], loss.hi[:, 0]))
        for curvature in known.curvature:
            smooth &= _is_finite(curvature)
        if self.problem.penalty.l1:
            bent = box.straddles_zero & (self.problem.penalized > 0.0)
            smooth &= ~np.asarray(bent.any(axis=-1))
        return ~smooth


def _is_finite(x: Interval) -> Flags:
    """Whether all the bounds of a box (N, n, S) are finite (N,)."""
    finite = np.isfinite(x.lo) & np.isfinite(x.hi)
    return np.asarray(finite.all(axis=(-1, -2)))


def _per_parameter(x: Interval) -> Interval:
    """With an axis for the parameter along which something changes: (N, 1, …)."""
    return Interval(x.lo[:, None], x.hi[:, None])


def _own_tangent(boxes: int, fan_out: int, below: Interval, has_bias: bool) -> Interval:
    """How z changes with a layer's own weights and biases: by a of the layer below, and by 1."""
    fan_in, samples = below.lo.shape[-2:]
    bounds = []
    for a in below:
        by_weight = np.zeros((boxes, fan_out, fan_in, fan_out, samples))
        for i in range(fan_out):
            by_weight[:, i, :, i] = a
        parts = [by_weight.reshape(boxes, -1, fan_out, samples)]
        if has_bias:
            unit = np.eye(fan_out)[None, :, :, None]
            parts.append(np.broadcast_to(unit, (boxes, fan_out, fan_out, samples)))
        bounds.append(np.concatenate(parts, axis=1))
    return Interval(*bounds)
