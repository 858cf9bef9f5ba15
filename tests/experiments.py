"""Experiments that the tests of several parts begin with."""

from dataclasses import replace

from mlpsim.core.activations import IDENTITY, TANH
from mlpsim.core.dataset import Dataset
from mlpsim.core.experiment import Experiment, lecture_experiment
from mlpsim.core.feasible import Box, FeasibleSet
from mlpsim.core.network import Network
from mlpsim.core.problem import Problem
from mlpsim.core.starts import Zeros

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
