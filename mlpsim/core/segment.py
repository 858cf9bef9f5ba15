"""Segments: the stretches of a run, each under one experiment."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise, repeat

import numpy as np

from mlpsim.core.arrays import Indices
from mlpsim.core.dataset import Columns
from mlpsim.core.engine import Engine
from mlpsim.core.experiment import Experiment
from mlpsim.core.sampling import Draw, drawn

VISITS_AT_ONCE = 4096  # samples gathered ahead of the steps that see them


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
