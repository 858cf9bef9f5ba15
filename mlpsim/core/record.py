"""The record of one step: what it saw, how it moved, and what that did to the errors."""

from dataclasses import dataclass, replace

import numpy as np

from mlpsim.core.arrays import Array, Indices
from mlpsim.core.descent import Descent
from mlpsim.core.optimizer import State
from mlpsim.core.problem import quiet
from mlpsim.core.segment import Segment
from mlpsim.core.step_objective import StepObjective
from mlpsim.core.training import Checkpoint, replay


@dataclass(frozen=True)
class StepRecord:
    """Step k, from state k - 1 to state k.

    ``gradient`` is the scaled step gradient g (P,), ``rate`` η after the schedule, ``unprojected``
    where the optimizer went before the projection onto C. ``set_by_hand`` is theta of state k where
    an edit there changed it. Errors are e^s of all samples (S,), values J. The states are those
    that the segment's engine makes; how NumPy gets there is equal but for rounding.
    """

    k: int
    segment: Segment
    batch: Indices
    rate: float
    t: int
    gradient: Array
    theta_before: Array
    unprojected: Array
    theta_after: Array
    state_before: State
    state_after: State
    errors_before: Array
    errors_after: Array
    value_before: float
    value_after: float
    set_by_hand: Array | None = None

    @property
    def projected(self) -> bool:
        """Whether the projection onto C moved the step's end."""
        projected = self.segment.experiment.problem.feasible.project(self.unprojected)
        return not np.array_equal(self.unprojected, projected)

    @property
    def objective(self) -> StepObjective:
        """What the step's batch tells of J."""
        problem, scaling = self.segment.experiment.problem, self.segment.experiment.scaling
        return StepObjective(problem, scaling, problem.data.batch(self.batch))

    def edited(self, theta: Array) -> "StepRecord":
        """The same step, whose end an edit may have set to theta."""
        unchanged = np.array_equal(theta, self.theta_after)
        return replace(self, set_by_hand=None if unchanged else theta)


@quiet()
def record_step(segment: Segment, before: Checkpoint) -> StepRecord:
    """The record of the step that leaves ``before``."""
    experiment, problem = segment.experiment, segment.experiment.problem
    k = before.k + 1
    batch = segment.batch(k)
    seen = problem.data.columns if experiment.sampling.is_full else problem.data.batch(batch)
    descent = Descent(problem, experiment.scaling)
    gradient = descent.gradient(before.theta, seen)
    rate = experiment.rate(before.t)
    unprojected, state = experiment.optimizer.update(
        before.theta, gradient, before.state, rate, before.t, descent.objective
    )
    theta = problem.feasible.project(unprojected)
    if segment.engine is not None:
        _, theta, state, _ = replay(segment, before, k)
    return StepRecord(
        k=k,
        segment=segment,
        batch=batch,
        rate=rate,
        t=before.t,
        gradient=gradient,
        theta_before=before.theta,
        unprojected=unprojected,
        theta_after=theta,
        state_before=before.state,
        state_after=state,
        errors_before=problem.errors(before.theta),
        errors_after=problem.errors(theta),
        value_before=float(problem.value(before.theta)),
        value_after=float(problem.value(theta)),
    )
