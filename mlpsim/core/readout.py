"""The readout: the few numbers that say where a run stands at a state."""

from dataclasses import dataclass

import numpy as np

from mlpsim.core.activations import SIGMOID, TANH
from mlpsim.core.arrays import Array
from mlpsim.core.classes import are_labels
from mlpsim.core.dataset import Dataset
from mlpsim.core.problem import Problem
from mlpsim.core.run import Run


@dataclass(frozen=True)
class Readout:
    """State k of a run: J, ‖∇J‖ on all data, and the accuracy (0 to 1) where classes are told.

    ``epoch`` and ``place`` (both from 1, of ``steps_per_epoch``) are those of the step that led to
    the state; 0 at the start.
    """

    k: int
    epoch: int
    place: int
    steps_per_epoch: int
    value: float
    gradient_norm: float
    accuracy: float | None


def readout(run: Run, k: int) -> Readout:
    """The numbers of state k; IndexError if the run has no such state."""
    problem, theta = run.segment_at(k).experiment.problem, run.theta(k)
    made = run.segment_at(max(0, k - 1))
    epoch, place = made.visit(k) if k else (-1, -1)
    return Readout(
        k=k,
        epoch=epoch + 1,
        place=place + 1,
        steps_per_epoch=made.experiment.sampling.steps_per_epoch(len(made.experiment.problem.data)),
        value=run.value(k),
        gradient_norm=length(problem.gradient(theta)),
        accuracy=accuracy(problem, theta),
    )


def length(vector: Array) -> float:
    """‖v‖₂ without overflow of the squares; not finite where the vector is not."""
    largest = float(np.abs(vector).max())
    if not 0.0 < largest < np.inf:
        return largest
    return largest * float(np.linalg.norm(vector / largest))


def predictions_and_errors(problem: Problem, theta: Array, samples: slice) -> tuple[Array, Array]:
    """ŷ (n, K) and e^s (n,) of some of the samples at theta (P,)."""
    data = Dataset(problem.data.x[samples], problem.data.y[samples])
    part = Problem(data, problem.network, problem.loss)
    return part.predict(theta, data.x), part.errors(theta)


def accuracy(problem: Problem, theta: Array) -> float | None:
    """The share of samples whose class is told right; None where the targets are no classes.

    Classes are told by a loss for labels, or by a last layer that is bounded like its targets:
    sigmoid with 0 and 1, tanh with −1 and +1. Several outputs tell the largest one (the first of
    equals), one output tells class 1 strictly above the middle between the labels.
    """
    y, pair = problem.data.y, _labels_told(problem)
    if pair is None or not are_labels(y, pair):
        return None
    y_hat = problem.predict(theta, problem.data.x)
    if problem.data.n_outputs > 1:
        right = y_hat.argmax(axis=1) == y.argmax(axis=1)
    else:
        middle = 0.5 * (pair[0] + pair[1])
        right = (y_hat[:, 0] > middle) == (y[:, 0] > middle)
    return float(right.mean())


def _labels_told(problem: Problem) -> tuple[float, float] | None:
    """The low and high label that predictions stand for; None where they stand for numbers."""
    kind: str = problem.loss.labels
    if kind == "any":
        kind = problem.network.activations[-1].name
    if kind in ("plus_minus_one", TANH.name):
        return -1.0, 1.0
    return (0.0, 1.0) if kind in ("zero_one", "one_hot", SIGMOID.name) else None
