"""The readout: the few numbers that say where a run stands at a state."""

from dataclasses import dataclass

import numpy as np

from mlpsim.core.arrays import Array, Indices
from mlpsim.core.dataset import Dataset
from mlpsim.core.evaluation import Evaluation, accuracy, evaluate, problem_on
from mlpsim.core.problem import Problem
from mlpsim.core.run import Run
from mlpsim.core.segment import Segment


@dataclass(frozen=True)
class Readout:
    """State k of a run: J, ‖∇J‖ on all data, and the accuracy (0 to 1) where classes are told.

    ``held_out`` tells the same and more of the held-out samples, if there are any.
    ``epoch`` and ``place`` (both from 1, of ``steps_per_epoch``) are those of the step that led to
    the state; 0 at the start.
    """

    epoch: int
    place: int
    steps_per_epoch: int
    value: float
    gradient_norm: float
    accuracy: float | None
    held_out: Evaluation | None


def readout(run: Run, k: int) -> Readout:
    """The numbers of state k; IndexError if the run has no such state."""
    segment, made = run.segment_at(k), run.segment_at(max(0, k - 1))
    return readout_of(segment, made, k, run.theta(k), run.value(k), run.gradient(k))


def readout_of(
    segment: Segment, made: Segment, k: int, theta: Array, value: float, gradient: Array
) -> Readout:
    """The same, of a state with its segment, and that whose step led there."""
    problem, held_out = segment.experiment.problem, segment.experiment.held_out
    epoch, place = made.visit(k) if k else (-1, -1)
    return Readout(
        epoch=epoch + 1,
        place=place + 1,
        steps_per_epoch=made.experiment.sampling.steps_per_epoch(len(made.experiment.problem.data)),
        value=value,
        gradient_norm=length(gradient),
        accuracy=accuracy(problem, theta),
        held_out=None if held_out is None else evaluate(problem, theta, held_out.data),
    )


def length(vector: Array) -> float:
    """‖v‖₂ without overflow of the squares; not finite where the vector is not."""
    largest = float(np.abs(vector).max())
    if not 0.0 < largest < np.inf:
        return largest
    return largest * float(np.linalg.norm(vector / largest))


def predictions_and_errors(
    problem: Problem, theta: Array, samples: Indices | slice
) -> tuple[Array, Array]:
    """ŷ (n, K) and e^s (n,) of some of the samples at theta (P,)."""
    data = Dataset(problem.data.x[samples], problem.data.y[samples])
    part = problem_on(problem, data)
    return part.predict(theta, data.x), part.errors(theta)
