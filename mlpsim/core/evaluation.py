"""Evaluation: how well a network predicts some samples."""

from dataclasses import dataclass

import numpy as np

from mlpsim.core.activations import SIGMOID, TANH
from mlpsim.core.arrays import Array, Indices
from mlpsim.core.classes import are_labels, n_classes
from mlpsim.core.dataset import Dataset
from mlpsim.core.problem import Problem, quiet


@dataclass(frozen=True, eq=False)
class Evaluation:
    """Of some samples: the mean of e^s, and what tells classes or numbers.

    Of classes: ``accuracy`` (0 to 1) and ``confusion`` (K, K), how many samples of each class (a
    row) are predicted to be of each class (a column); None where the targets are no classes. Of
    numbers: ``rms``, the root of the mean of (y − ŷ)², and ``r2``, the coefficient of
    determination 1 − Σ(y − ŷ)² / Σ(y − ȳ)²; NaN where y does not vary. Outputs are pooled.
    """

    samples: int
    mean_error: float
    accuracy: float | None
    confusion: Indices | None
    rms: float
    r2: float


Evaluations = tuple[Evaluation, Evaluation | None]


@dataclass(frozen=True, eq=False)
class EvaluationQuestion:
    """How well the network theta (P,) predicts the training samples, and others if there are."""

    problem: Problem
    theta: Array
    others: Dataset | None

    @property
    def work(self) -> int:
        """Samples times parameters that are evaluated."""
        samples = len(self.problem.data) + (0 if self.others is None else len(self.others))
        return samples * self.problem.network.n_params

    def answer(self) -> Evaluations:
        """Of the training samples and of the others."""
        trained = evaluate(self.problem, self.theta, self.problem.data)
        if self.others is None:
            return trained, None
        return trained, evaluate(self.problem, self.theta, self.others)


@quiet()
def evaluate(problem: Problem, theta: Array, data: Dataset) -> Evaluation:
    """How the network theta (P,) predicts ``data``, by the loss of the problem."""
    part = problem_on(problem, data)
    told = _told(part, theta)
    residuals = data.y - part.predict(theta, data.x)
    squares = float((residuals**2).sum())
    spread = float(((data.y - data.y.mean(axis=0)) ** 2).sum())
    confusion = None
    if told is not None:
        count = n_classes(data)
        confusion = np.zeros((count, count), dtype=np.intp)
        np.add.at(confusion, told, 1)
    return Evaluation(
        len(data),
        float(part.errors(theta).mean()),
        _share_told_right(told),
        confusion,
        float(np.sqrt(squares / residuals.size)),
        1.0 - squares / spread if spread > 0.0 else np.nan,
    )


def problem_on(problem: Problem, data: Dataset) -> Problem:
    """The network and loss of a problem on other samples, without its penalty and set C."""
    return Problem(data, problem.network, problem.loss)


def accuracy(problem: Problem, theta: Array) -> float | None:
    """The share of samples that are classified correctly; None where the targets are no classes.

    Classes are told by a loss for labels, or by a last layer that is bounded like its targets:
    sigmoid with 0 and 1, tanh with −1 and +1. Several outputs tell the largest one (the first of
    equals), one output tells class 1 strictly above the middle between the labels.
    """
    return _share_told_right(_told(problem, theta))


def _share_told_right(told: tuple[Indices, Indices] | None) -> float | None:
    return None if told is None else float((told[0] == told[1]).mean())


def _told(problem: Problem, theta: Array) -> tuple[Indices, Indices] | None:
    """The class of every sample, and the one that the network tells; None without classes."""
    y, pair = problem.data.y, _labels_told(problem)
    if pair is None or not are_labels(y, pair):
        return None
    y_hat = problem.predict(theta, problem.data.x)
    if problem.data.n_outputs > 1:
        return y.argmax(axis=1), y_hat.argmax(axis=1)
    middle = 0.5 * (pair[0] + pair[1])
    return (y[:, 0] > middle).astype(np.intp), (y_hat[:, 0] > middle).astype(np.intp)


def _labels_told(problem: Problem) -> tuple[float, float] | None:
    """The low and high label that predictions stand for; None where they stand for numbers."""
    kind: str = problem.loss.labels
    if kind == "any":
        kind = problem.network.activations[-1].name
    if kind in ("plus_minus_one", TANH.name):
        return -1.0, 1.0
    return (0.0, 1.0) if kind in ("zero_one", "one_hot", SIGMOID.name) else None
