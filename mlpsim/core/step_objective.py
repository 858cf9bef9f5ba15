"""What a step sees of the objective: its value, its Hessian, and the Gauss-Newton matrix."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING

import numpy as np

from mlpsim.core.arrays import Array
from mlpsim.core.dataset import Columns

if TYPE_CHECKING:
    from mlpsim.core.problem import Problem, Scaling

NUMBERS = 1 << 18  # of the outputs' slopes that are held at a time


@dataclass(eq=False)
class StepObjective:
    """κ·[A·(S/B)·Σ_{s∈B} e^s + R] of the samples that are seen, at any theta (..., P).

    They may be each theta's own: x (..., D, B). Overflow warnings are the caller's to silence.
    """

    problem: "Problem"
    scaling: "Scaling"
    seen: Columns

    def value(self, theta: Array) -> Array:
        """Its value (...) at the point of C that is nearest to theta."""
        problem, seen = self.problem, self.seen
        theta = problem.feasible.project(theta)
        factor, kappa = problem.factors(seen.x.shape[-1], self.scaling)
        forward = problem.network.forward(theta, seen.x)
        residual = problem.residual(forward.output, forward.complement, seen)
        errors = problem.loss.errors(forward.output, seen.y, residual)
        value: Array = factor * errors.sum(axis=-1)
        return value + kappa * problem.penalty_value(theta) if problem.is_penalized else value

    def hessian(self, theta: Array) -> Array:
        """∇² (..., P, P)."""
        return self.problem.step_hessian(theta, self.seen, self.scaling)

    def gauss_newton(self, theta: Array) -> Array:
        """∇² (..., P, P) as if the outputs were linear in theta: Σ Aᵀ (∂²e^s/∂output²) A, scaled.

        A is the Jacobian of the outputs. Of a squared error that is the matrix of nonlinear least
        squares (Nocedal and Wright 2006, section 10.3), of logits the generalised one (Schraudolph
        2002). A penalty keeps its own curvature.
        """
        problem = self.problem
        factor, kappa = problem.factors(self.seen.x.shape[-1], self.scaling)
        matrix = np.zeros((*theta.shape, theta.shape[-1]))
        for seen in self._parts(max(1, NUMBERS // prod(theta.shape))):
            matrix += self._summed(theta, seen)
        matrix *= factor
        if problem.penalty.l2:
            matrix += np.diag(kappa * problem.penalty_curvature)
        return matrix

    def _parts(self, size: int) -> Iterator[Columns]:
        """At most so many samples at a time."""
        for first in range(0, self.seen.x.shape[-1], size):
            # The same bits, whichever view of the samples is given.
            yield Columns(*(np.ascontiguousarray(a[..., first : first + size]) for a in self.seen))

    def _summed(self, theta: Array, seen: Columns) -> Array:
        """Σ Aᵀ (∂²e^s/∂output²) A over the samples, with A (K, P) of each of them."""
        problem, network = self.problem, self.problem.network
        forward = network.forward(theta, seen.x, with_slopes=True)
        residual = problem.residual(forward.output, forward.complement, seen)
        units = [np.zeros_like(forward.output) for _ in range(network.sizes[-1])]
        for output, unit in enumerate(units):
            unit[..., output, :] = 1.0
        slopes = [
            network.sample_gradients(forward, network.backward(theta, forward, unit))
            for unit in units
        ]
        total = np.zeros((*theta.shape, theta.shape[-1]))
        for unit, right in zip(units, slopes, strict=True):
            bend = problem.loss.curvature(forward.output, seen.y, residual, unit)
            left = sum(bend[..., k, None, :] * slope for k, slope in enumerate(slopes))
            total += left @ right.mT
        return total
