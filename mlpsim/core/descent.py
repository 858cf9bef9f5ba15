"""Descents: the gradient of one step after another."""

from typing import TYPE_CHECKING

import numpy as np

from mlpsim.core.arrays import Array
from mlpsim.core.dataset import Columns
from mlpsim.core.passes import Passes
from mlpsim.core.step_objective import StepObjective

if TYPE_CHECKING:
    from mlpsim.core.problem import Problem, Scaling

# The passes over batches of one shape; whether κ·A·(S/B) is 1; what it is; κ.
Room = tuple[Passes, bool, Array, float]


class Descent:
    """Step gradients of a problem at one theta (..., P) after another.

    ``objective`` is what ``gradient`` gave the gradient of last. Room is made once for each shape
    of batch. Overflow warnings are the caller's to silence.
    """

    def __init__(self, problem: "Problem", scaling: "Scaling", lead: tuple[int, ...] = ()) -> None:
        self._problem, self._scaling, self._lead = problem, scaling, lead
        self.objective = StepObjective(problem, scaling, problem.data.columns)
        self._rooms: dict[tuple[int, ...], Room] = {}

    def gradient(self, theta: Array, seen: Columns) -> Array:
        """``Problem.step_gradient`` of what is seen, in an array of its own."""
        problem, loss = self._problem, self._problem.loss
        shape = seen.x.shape
        passes, is_plain, factor, kappa = self._rooms.get(shape) or self._room(shape)
        output, complement = passes.forward(theta, seen.x)
        # Where the loss does not look at the residual, anything may stand for it.
        residual = problem.residual(output, complement, seen) if loss.by_residual else output
        self.objective.seen, self._left = seen, (output, seen.y, residual)
        slope = loss.slope(output, seen.y, residual)
        gradient = passes.backward(slope if is_plain else slope * factor)
        if problem.is_penalized:
            gradient += kappa * problem._penalty_gradient(theta)
        return gradient

    def errors(self) -> Array:
        """e^s (..., B) of the samples that were seen last."""
        return self._problem.loss.errors(*self._left)

    def _room(self, shape: tuple[int, ...]) -> Room:
        """Room for batches of such a shape, kept."""
        problem = self._problem
        factor, kappa = problem.factors(shape[-1], self._scaling)
        passes = Passes(problem.network, self._lead, shape)
        self._rooms[shape] = passes, factor == 1.0, np.array(factor), kappa
        return self._rooms[shape]
