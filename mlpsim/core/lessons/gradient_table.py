"""The table of gradients: a row ∇e^s for every sample, and below them what they add up to."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal, NamedTuple

from mlpsim.core.arrays import Array, Indices
from mlpsim.core.looks.bouquet import sample_gradients
from mlpsim.core.problem import Penalty, Problem, Scaling
from mlpsim.core.readout import predictions_and_errors

FootKind = Literal["sum", "mean", "penalty", "objective", "step"]


class Foot(NamedTuple):
    """A row below the samples: E, E/S, R, J or a step's g; its value (None of g) and gradient."""

    kind: FootKind
    value: float | None
    gradient: Array


@dataclass(frozen=True, eq=False)
class GradientTable:
    """The gradients at theta (P,); ``batch`` None: the coming step sees all samples.

    ``known`` is E with its reduction, and ∇J (P,), where a pass through the data has told them.
    """

    problem: Problem
    theta: Array
    batch: Indices | None
    scaling: Scaling
    known: tuple[float, Array] | None = None

    def __len__(self) -> int:
        return len(self.problem.data)

    @property
    def n_columns(self) -> int:
        """P, one for every parameter."""
        return self.problem.network.n_params

    def rows(self, first: int, last: int) -> tuple[Array, Array]:
        """e^s (n,) and ∇e^s (n, P) of the samples first … last - 1: only those are computed."""
        samples = slice(first, last)
        errors = predictions_and_errors(self.problem, self.theta, samples)[1]
        return errors, sample_gradients(self.problem, self.theta, samples)

    @cached_property
    def feet(self) -> tuple[Foot, ...]:
        """Σ e^s = E; then the mean, the penalty and J, and the coming step's g, where there are."""
        problem, theta = self.problem, self.theta
        error, gradient = self._sum
        found = [Foot("sum", error, gradient)]
        if problem.reduction == "mean":
            found.append(Foot("mean", problem.scale * error, problem.scale * gradient))
        if problem.penalty:
            penalty = float(problem.penalty_value(theta))
            found.append(Foot("penalty", penalty, problem.penalty_gradient(theta)))
            objective = problem.scale * gradient + problem.penalty_gradient(theta)
            found.append(Foot("objective", problem.scale * error + penalty, objective))
        if self.batch is not None:
            step = problem.step_gradient(theta, self.batch, self.scaling)
            found.append(Foot("step", None, step))
        return tuple(found)

    @property
    def _sum(self) -> tuple[float, Array]:
        """Σ e^s and its gradient (P,)."""
        problem, theta = self.problem, self.theta
        if self.known is None:
            plain = replace(problem, reduction="sum", penalty=Penalty())
            return float(plain.value(theta)), plain.gradient(theta)
        error, gradient = self.known
        if problem.penalty:
            gradient = gradient - problem.penalty_gradient(theta)
        return error / problem.scale, gradient / problem.scale
