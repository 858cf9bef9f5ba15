"""The experiment: everything the user chooses; and the segments that a run is made of."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise, repeat

import numpy as np

from mlpsim.core.activations import SIGMOID
from mlpsim.core.arrays import Array, Indices
from mlpsim.core.dataset import Columns, Dataset
from mlpsim.core.engine import Engine
from mlpsim.core.held_out import HeldOut
from mlpsim.core.network import Network
from mlpsim.core.optimizer import Optimizer
from mlpsim.core.optimizers import GradientDescent
from mlpsim.core.problem import SCALINGS, Problem, Scaling, quiet
from mlpsim.core.sampling import Draw, Sampling, drawn
from mlpsim.core.schedules import Constant, Schedule
from mlpsim.core.second_order import check_hessian
from mlpsim.core.starts import Given, Start

VISITS_AT_ONCE = 4096  # samples gathered ahead of the steps that see them


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


@dataclass(frozen=True)
class Segment:
    """A stretch of a run under one experiment, from state ``start`` on.

    ``theta`` sets the parameters of state ``start`` (the first segment's always does); None keeps
    them. ``keeps_state`` says whether the optimizer's state goes on. Epoch number ``epoch`` begins
    with step ``epoch_step`` + 1. ``engine`` makes the states; None is NumPy, the reference.
    """

    start: int
    experiment: Experiment
    theta: tuple[float, ...] | None = None
    keeps_state: bool = False
    epoch_step: int = 0
    epoch: int = 0
    engine: Engine | None = None

    def visit(self, k: int) -> tuple[int, int]:
        """The epoch that step k (from 1) belongs to, and its place in it, both from 0."""
        per_epoch = self.experiment.sampling.steps_per_epoch(len(self.experiment.problem.data))
        epochs, place = divmod(k - 1 - self.epoch_step, per_epoch)
        return self.epoch + epochs, place

    def batch(self, k: int) -> Indices:
        """The samples (from 0) of step k (from 1)."""
        epoch, place = self.visit(k)
        sampling = self.experiment.sampling
        return sampling.batch(len(self.experiment.problem.data), epoch, place)

    def batches(self, k: int) -> Iterator[Columns]:
        """What the steps from k on see, without an end."""
        data, sampling = self.experiment.problem.data, self.experiment.sampling
        if sampling.is_full:
            yield from repeat(data.columns)
        # Many batches are gathered at once and then cut.
        steps = max(1, VISITS_AT_ONCE // sampling.largest_batch(len(data)))
        while True:
            visits, bounds = self.visits(k, steps)
            if (np.diff(bounds) == bounds[1]).all():
                yield from map(Columns, *data.batch(visits.reshape(steps, -1)))
            else:
                x, y, y_complement = data.batch(visits)
                for begin, end in pairwise(bounds.tolist()):
                    yield Columns(x[:, begin:end], y[:, begin:end], y_complement[:, begin:end])
            k += steps

    def visits(self, k: int, n: int, draw: Draw = drawn) -> tuple[Indices, Indices]:
        """The samples of the steps k … k + n − 1: all visits, and where each step's begin."""
        epoch, place = self.visit(k)
        sampling = self.experiment.sampling
        return sampling.visits(len(self.experiment.problem.data), epoch, place, n, draw)


def first_segment(experiment: Experiment, engine: Engine | None = None) -> Segment:
    """The segment that begins a new run at step 0, made by this engine if it can make it."""
    theta = tuple(experiment.start_theta().tolist())
    return Segment(0, experiment, theta, engine=able(engine, experiment))


def able(engine: Engine | None, experiment: Experiment) -> Engine | None:
    """The engine if it can make the experiment's states, else NumPy."""
    return None if engine is None or engine.lacks(experiment) else engine


def lecture_data() -> Dataset:
    """The lecture's four samples."""
    x = np.array([[-3, -3], [-2, -2], [4, 4], [2, -5]], dtype=np.float64)
    y = np.array([[1], [1], [0], [0]], dtype=np.float64)
    return Dataset(x, y)


def lecture_experiment() -> Experiment:
    """The lecture's example: four samples, ŷ = σ(w11 x1 + w12 x2), squared error, start (0, 0)."""
    network = Network((2, 1), (SIGMOID,), (False,))
    return Experiment(Problem(lecture_data(), network), start=Given((0.0, 0.0)))
