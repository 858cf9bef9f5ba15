"""The optimization problem: the objective J(theta) over a feasible set, and its derivatives."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from math import prod
from typing import Literal, get_args

import numpy as np

from mlpsim.core.arrays import Array, Indices
from mlpsim.core.dataset import Columns, Dataset
from mlpsim.core.descent import Descent
from mlpsim.core.feasible import FeasibleSet, WholeSpace
from mlpsim.core.fields import check_numbers, number
from mlpsim.core.losses import SQUARED_ERROR, Loss
from mlpsim.core.network import Forward, Network

Reduction = Literal["sum", "mean"]
Scaling = Literal["batch_sum", "unbiased"]
REDUCTIONS: tuple[Reduction, ...] = get_args(Reduction)
SCALINGS: tuple[Scaling, ...] = get_args(Scaling)
HESSIAN_SAMPLES = 4096  # samples times products whose passes fit into the cache


def quiet() -> np.errstate:
    """Compute through overflow without a warning, as a decorator or context.

    Divergence is a phenomenon to be shown: whoever evaluates a network at any theta looks at the
    result instead.
    """
    return np.errstate(over="ignore", invalid="ignore", divide="ignore", under="ignore")


@dataclass(frozen=True)
class Penalty:
    """R = l1·‖w‖₁ + (l2/2)·‖w‖² on the weights, and on the biases if asked."""

    l1: float = number(0.0, symbol="l1", text="weight of the sum of magnitudes")
    l2: float = number(0.0, symbol="l2", text="weight of half the sum of squares")
    include_bias: bool = False

    def __post_init__(self) -> None:
        check_numbers(self)

    def __bool__(self) -> bool:
        return bool(self.l1 or self.l2)


@dataclass(frozen=True)
class Problem:
    """min J(theta) over C with J = A·Σ e^s + R, where A is 1 (sum) or 1/S (mean)."""

    data: Dataset
    network: Network
    loss: Loss = SQUARED_ERROR
    reduction: Reduction = "sum"
    penalty: Penalty = field(default_factory=Penalty)
    feasible: FeasibleSet = field(default_factory=WholeSpace)

    def __post_init__(self) -> None:
        if self.reduction not in REDUCTIONS:
            raise ValueError(f"unknown reduction {self.reduction!r}; known: sum, mean")
        if self.data.n_features != self.network.sizes[0]:
            raise ValueError(
                f"the data has {self.data.n_features} inputs, the network {self.network.sizes[0]}"
            )
        if self.data.n_outputs != self.network.sizes[-1]:
            raise ValueError(
                f"the data has {self.data.n_outputs} targets,"
                f" the network {self.network.sizes[-1]} outputs"
            )
        if self.loss.on_logits and self.network.activations[-1].name != "identity":
            raise ValueError(
                f"{self.loss.name} works on logits: the last layer's activation has to be"
                f" identity, not {self.network.activations[-1].name}"
            )
        self.feasible.check(self.network.n_params)

    @cached_property
    def scale(self) -> float:
        """A: 1, or 1/S for the mean."""
        return 1.0 if self.reduction == "sum" else 1.0 / len(self.data)

    @cached_property
    def is_penalized(self) -> bool:
        return bool(self.penalty)

    @cached_property
    def penalized(self) -> Array:
        """1 where R counts a parameter, 0 where it does not (P,)."""
        include_all = self.penalty.include_bias
        return np.ones(self.network.n_params) if include_all else self.network.is_weight

    @cached_property
    def penalty_curvature(self) -> Array:
        """∂²R/∂w² of every parameter (P,)."""
        return self.penalty.l2 * self.penalized

    # -- value ---------------------------------------------------------------------------------

    @quiet()
    def forward(self, theta: Array) -> Forward:
        """The forward pass of all samples: theta (..., P)."""
        return self.network.forward(theta, self.data.x_columns)

    @quiet()
    def predict(self, theta: Array, x: Array) -> Array:
        """ŷ for inputs x (N, D): (..., N, K)."""
        output = self.network.forward(theta, np.ascontiguousarray(x.T)).output
        return self.loss.predict(output).swapaxes(-1, -2)

    @quiet()
    def errors(self, theta: Array) -> Array:
        """e^s of every sample: theta (..., P) -> (..., S)."""
        return self._errors(theta)

    @quiet()
    def penalty_value(self, theta: Array) -> Array:
        """R: theta (..., P) -> (...)."""
        return self._penalty_value(theta)

    @quiet()
    def value(self, theta: Array) -> Array:
        """J for every parameter vector: theta (..., P) -> (...)."""
        return self._value(theta)

    def _columns(self, batch: Indices | None) -> Columns:
        return self.data.columns if batch is None else self.data.batch(batch)

    def residual(self, output: Array, complement: Array | None, seen: Columns) -> Array:
        """output - y without cancellation where the output is close to 1."""
        if complement is None:
            return output - seen.y
        residual: Array = seen.y_complement * output - seen.y * complement
        return residual

    @quiet()
    def errors_at(self, z: Array) -> Array:
        """e^s from the last pre-activations of every sample: z (..., K, S) -> (..., S)."""
        last = self.network.activations[-1]
        if last.with_complement is None:
            a, one_minus = last.fn(z), None
        else:
            a = np.empty_like(z)
            one_minus = last.with_complement(z, a)
        return self._errors_of(a, one_minus)

    def _errors(self, theta: Array) -> Array:
        forward = self.network.forward(theta, self.data.x_columns)
        return self._errors_of(forward.output, forward.complement)

    def _errors_of(self, output: Array, complement: Array | None) -> Array:
        residual = self.residual(output, complement, self.data.columns)
        return self.loss.errors(output, self.data.y_columns, residual)

    def _penalty_value(self, theta: Array) -> Array:
        penalized = theta * self.penalized
        l1 = np.abs(penalized).sum(axis=-1)
        l2 = (penalized * penalized).sum(axis=-1)
        value: Array = self.penalty.l1 * l1 + (0.5 * self.penalty.l2) * l2
        return value

    def _value(self, theta: Array) -> Array:
        return self.objective(theta, self._errors(theta))

    def objective(self, theta: Array, errors: Array) -> Array:
        """J (...) from theta (..., P) and e^s of all samples there (..., S)."""
        # Without the detour of errors.sum(), which costs as much as the sum of a few samples.
        value: Array = np.asarray(np.add.reduce(errors, axis=-1))
        if self.reduction == "mean":
            value = value * self.scale
        return value + self._penalty_value(theta) if self.is_penalized else value

    # -- gradient ------------------------------------------------------------------------------

    def gradient(self, theta: Array) -> Array:
        """∇J: theta (..., P) -> (..., P)."""
        return self.step_gradient(theta, None, "unbiased")

    @quiet()
    def step_gradient(self, theta: Array, batch: Indices | None, scaling: Scaling) -> Array:
        """κ·[A·(S/B)·Σ_{s∈B} ∇e^s + ∇R] with κ = B/S (batch_sum) or 1 (unbiased): (..., P).

        ``batch`` holds samples from 0, repeats count; None means all of them.
        """
        self.network.check(theta)
        return Descent(self, scaling, theta.shape[:-1]).gradient(theta, self._columns(batch))

    @quiet()
    def penalty_gradient(self, theta: Array) -> Array:
        """∇R: (..., P), with sign(0) = 0."""
        return self._penalty_gradient(theta)

    @quiet()
    def sample_gradients(self, theta: Array) -> Array:
        """∇e^s of every sample, unscaled and without R: theta (..., P) -> (..., S, P)."""
        forward, _, slope = self.output_slope(theta, None)
        deltas = self.network.backward(theta, forward, slope)
        return self.network.sample_gradients(forward, deltas).swapaxes(-1, -2)

    @quiet()
    def output_slope(self, theta: Array, batch: Indices | None) -> tuple[Forward, Array, Array]:
        """The forward pass of a batch, its output - y, and ∂e^s/∂output (..., K, B)."""
        seen = self._columns(batch)
        forward = self.network.forward(theta, seen.x, with_slopes=True)
        residual = self.residual(forward.output, forward.complement, seen)
        return forward, residual, self.loss.slope(forward.output, seen.y, residual)

    def factors(self, size: int, scaling: Scaling) -> tuple[float, float]:
        """κ·A·(S/B) and κ, by which a batch's summed gradient and ∇R enter its step gradient."""
        if scaling == "batch_sum":
            # Written so that a batch sum is not scaled at all: κ·S/B is then exactly 1.
            return self.scale, size / len(self.data)
        return self.scale * (len(self.data) / size), 1.0

    def _penalty_gradient(self, theta: Array) -> Array:
        gradient: Array = self.penalty.l1 * np.sign(theta) + self.penalty.l2 * theta
        return gradient * self.penalized

    # -- curvature -----------------------------------------------------------------------------

    @quiet()
    def hessian_vector_product(self, theta: Array, v: Array) -> Array:
        """∇²J·v for theta (P,) and v (..., P), by Pearlmutter's R-operator (1994)."""
        return self._hessian_product(theta, v, self.data.columns, "unbiased")

    def _hessian_product(self, theta: Array, v: Array, seen: Columns, scaling: Scaling) -> Array:
        network, factors = self.network, self.factors(seen.x.shape[-1], scaling)
        forward = network.forward(theta, seen.x, with_slopes=True)
        residual = self.residual(forward.output, forward.complement, seen)
        tangent = network.forward_tangent(theta, v, forward)
        slope = self.loss.slope(forward.output, seen.y, residual)
        slope_tangent = self.loss.curvature(forward.output, seen.y, residual, tangent.output)
        deltas, delta_tangents = network.backward_tangent(
            theta, v, forward, tangent, slope, slope_tangent
        )
        product = network.gradient(forward, delta_tangents)
        # All directions v share the δ at theta.
        shared = tuple(np.broadcast_to(d, v.shape[:-1] + d.shape[-2:]) for d in deltas)
        product += network.gradient(tangent, shared) * network.is_weight
        product *= factors[0]
        if self.penalty.l2:
            product += factors[1] * self.penalty_curvature * v
        return product

    def hessian(self, theta: Array) -> Array:
        """∇²J (P, P), symmetrized; for small networks, P products."""
        return self.step_hessian(theta, self.data.columns, "unbiased")

    @quiet()
    def step_hessian(self, theta: Array, seen: Columns, scaling: Scaling) -> Array:
        """∇² of what ``step_gradient`` is the gradient of, symmetrized: (..., P) -> (..., P, P).

        What is seen may be each theta's own: x (..., D, B).
        """
        # The same bits, whichever view of the samples is given.
        seen = Columns(*map(np.ascontiguousarray, seen))
        rows = np.concatenate(list(self.hessian_rows(theta, seen, scaling)), axis=-2)
        symmetric: Array = 0.5 * (rows + rows.mT)
        return symmetric

    def hessian_rows(
        self, theta: Array, seen: Columns | None = None, scaling: Scaling = "unbiased"
    ) -> Iterator[Array]:
        """Rows of ∇²J (..., n, P), or of a step's, some after the others, not symmetrized."""
        # What is each theta's own is so for all of its rows.
        seen = Columns(
            *(a[..., None, :, :] if a.ndim > 2 else a for a in seen or self.data.columns)
        )
        lead, n_params = theta.shape[:-1], self.network.n_params
        few = max(1, HESSIAN_SAMPLES // (prod(lead) * seen.x.shape[-1]))
        units = np.broadcast_to(np.eye(n_params), (*lead, n_params, n_params))
        for first in range(0, n_params, few):
            v = units[..., first : first + few, :]
            with quiet():
                rows = self._hessian_product(theta[..., None, :], v, seen, scaling)
            yield rows

    @quiet()
    def stationarity(self, theta: Array, gradient: Array | None = None) -> Array:
        """‖∇J‖, or ‖w - P_C(w - ∇J)‖ where C is not the whole space: (..., P) -> (...).

        A gradient that is known already is not computed again.
        """
        if gradient is None:
            gradient = self.gradient(theta)
        if not isinstance(self.feasible, WholeSpace):
            gradient = theta - self.feasible.project(theta - gradient)
        norm: Array = np.linalg.norm(gradient, axis=-1)
        return norm
