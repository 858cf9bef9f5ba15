"""The experiment: everything the user chooses."""

from dataclasses import dataclass, field

import numpy as np

from mlpsim.core.activations import SIGMOID
from mlpsim.core.arrays import Array
from mlpsim.core.dataset import Dataset
from mlpsim.core.held_out import HeldOut
from mlpsim.core.network import Network
from mlpsim.core.optimizer import Optimizer
from mlpsim.core.optimizers import GradientDescent
from mlpsim.core.problem import SCALINGS, Problem, Scaling, quiet
from mlpsim.core.sampling import Sampling
from mlpsim.core.schedules import Constant, Schedule
from mlpsim.core.second_order import check_hessian
from mlpsim.core.starts import Given, Start


@dataclass(frozen=True)
class Experiment:
    """The document: a problem, and how it is optimized from where; and what is held out of it."""

    problem: Problem
    optimizer: Optimizer = field(default_factory=GradientDescent)
    schedule: Schedule = field(default_factory=Constant)
    sampling: Sampling = field(default_factory=Sampling)
    scaling: Scaling = "batch_sum"
    start: Start = field(default_factory=Given)
    held_out: HeldOut | None = None

    def __post_init__(self) -> None:
        if self.scaling not in SCALINGS:
            raise ValueError(f"unknown scaling {self.scaling!r}; known: batch_sum, unbiased")
        self.sampling.check(len(self.problem.data))
        if self.held_out is not None:
            self.held_out.check(self.problem.data)
        n_params = self.problem.network.n_params
        check_hessian(self.optimizer, n_params)
        if isinstance(self.start, Given) and len(self.start.values) != n_params:
            raise ValueError(
                f"the start has {len(self.start.values)} values, the network {n_params} parameters"
            )

    @quiet()
    def start_theta(self) -> Array:
        """The parameters at step 0, projected onto C (P,)."""
        return self.problem.feasible.project(self.start.theta(self.problem.network))

    @property
    @quiet()
    def start_is_projected(self) -> bool:
        """Whether the start lies outside C, so that state 0 is its projection."""
        theta = self.start.theta(self.problem.network)
        return not bool(self.problem.feasible.contains(theta))

    def rate(self, t: int) -> float:
        """The learning rate of update t (from 0) under the schedule."""
        return self.optimizer.learning_rate * self.schedule.factor(t)


def lecture_data() -> Dataset:
    """The lecture's four samples."""
    x = np.array([[-3, -3], [-2, -2], [4, 4], [2, -5]], dtype=np.float64)
    y = np.array([[1], [1], [0], [0]], dtype=np.float64)
    return Dataset(x, y)


def lecture_experiment() -> Experiment:
    """The lecture's example: four samples, ŷ = σ(w11 x1 + w12 x2), squared error, start (0, 0)."""
    network = Network((2, 1), (SIGMOID,), (False,))
    return Experiment(Problem(lecture_data(), network), start=Given((0.0, 0.0)))
