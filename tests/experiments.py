"""Experiments that the tests of several parts begin with."""

from dataclasses import replace

import numpy as np

from mlpsim.core.activations import IDENTITY, TANH
from mlpsim.core.dataset import Dataset
from mlpsim.core.experiment import Experiment, lecture_experiment
from mlpsim.core.feasible import Box, FeasibleSet
from mlpsim.core.network import Network
from mlpsim.core.optimizers import GradientDescent
from mlpsim.core.problem import Problem
from mlpsim.core.sampling import Sampling
from mlpsim.core.starts import Given, Zeros

_SEVEN_WEIGHTS = Network((1, 2, 1), (TANH, IDENTITY), (True, True))

# More weights than are looked through for stationary points, or lie under a lens.
MANY_WEIGHTS = Experiment(
    Problem(Dataset([[-1.0], [0.5]], [[0.3], [-0.2]]), _SEVEN_WEIGHTS), start=Zeros()
)
# More weights than are certified unasked.
DEAR_TO_CERTIFY = Experiment(
    Problem(
        Dataset([[-1.0], [0.5], [2.0]], [[0.3], [-0.2], [0.9]]),
        _SEVEN_WEIGHTS,
        feasible=Box((-3.0,) * 7, (3.0,) * 7),
    ),
    start=Zeros(),
)


def lecture_on(feasible: FeasibleSet, **others: object) -> Experiment:
    """The lecture's example with this set C, and other fields of its problem."""
    experiment = lecture_experiment()
    return replace(experiment, problem=replace(experiment.problem, feasible=feasible, **others))


def ravine(rate: float) -> Experiment:
    """A quadratic with eigenvalues 0.32 and 32."""
    x = np.array([[2, 2], [-2, -2], [0.2, -0.2], [-0.2, 0.2]])
    y = np.array([[0.0], [0.0], [0.4], [-0.4]])
    problem = Problem(Dataset(x, y), Network((2, 1), (IDENTITY,), (False,)))
    return Experiment(problem, GradientDescent(rate), start=Given((-1.0, 1.5)))


def overflow() -> Experiment:
    """J is not finite anywhere, but rarely recorded; the first three batches do not tell."""
    x = np.ones((24_000, 1))
    x[3] = 1e200
    problem = Problem(Dataset(x, np.zeros(x.shape)), Network((1, 1), (IDENTITY,), (False,)))
    given = Sampling(order="given", batches=((0,), (1,), (2,), (3,)))
    return Experiment(problem, GradientDescent(0.1), sampling=given, start=Given((1.0,)))


def large(rate: float) -> Experiment:
    """A line through so many samples that J is recorded now and then."""
    rng = np.random.default_rng(0)
    data = Dataset(rng.normal(size=(12_000, 1)), rng.normal(size=(12_000, 1)))
    network = Network((1, 1), (IDENTITY,), (True,))
    problem = Problem(data, network, reduction="mean")
    return Experiment(
        problem, GradientDescent(rate), sampling=Sampling(100), start=Given((1.0, 1.0))
    )


def parabola(start: float, rate: float) -> Experiment:
    """J(w) = 4w²."""
    data = Dataset(np.array([[2.0]]), np.array([[0.0]]))
    problem = Problem(data, Network((1, 1), (IDENTITY,), (False,)))
    return Experiment(problem, GradientDescent(rate), start=Given((start,)))
