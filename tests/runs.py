"""Runs that tests begin with, and what a run comes to by its log alone."""

from dataclasses import replace

import numpy as np

from mlpsim.core.activations import IDENTITY
from mlpsim.core.arrays import Array
from mlpsim.core.dataset import Dataset
from mlpsim.core.engine import Engine
from mlpsim.core.experiment import Experiment, lecture_experiment
from mlpsim.core.held_out import HeldOut, Split
from mlpsim.core.network import Network
from mlpsim.core.optimizers import GradientDescent
from mlpsim.core.problem import Problem
from mlpsim.core.run import Run
from mlpsim.core.segment import first_segment
from mlpsim.core.starts import Given
from mlpsim.core.training import advance, begin, replay
from mlpsim.session.session import Session


def grown(run: Run, steps: int, burst: int = 10_000) -> Run:
    """The run itself, so many steps longer unless it diverges."""
    end = run.last + steps
    while run.last < end and run.diverged_at is None:
        run.extend(advance(run.segments[-1], run.tip, min(burst, end - run.last)))
    return run


def trained(
    experiment: Experiment, steps: int, burst: int = 10_000, engine: Engine | None = None
) -> Run:
    """A new run of so many steps."""
    return grown(Run(first_segment(experiment, engine)), steps, burst)


def lecture_run(steps: int, **changes: object) -> Run:
    """A run of the lecture's example with other fields of the experiment."""
    return trained(replace(lecture_experiment(), **changes), steps)


def passing(target: float, rate: float) -> Experiment:
    """w goes from 1 to 0 as (1 − 2·rate)^k, past what is held out: its error is (w − target)²."""
    seen, held = (Dataset(np.array([[1.0]]), np.array([[y]])) for y in (0.0, target))
    problem = Problem(seen, Network((1, 1), (IDENTITY,), (False,)))
    held_out = HeldOut(held, (1,), Split(0.5))
    return Experiment(problem, GradientDescent(rate), start=Given((1.0,)), held_out=held_out)


def train(session: Session, steps: int) -> None:
    """Take some steps of the run on view at once, as the worker would."""
    session.extend(advance(session.run.segments[-1], session.run.tip, steps))


def serial_replay(run: Run) -> Array:
    """theta at the end, by nothing but the log and the pure step: the oracle of what makes runs."""
    checkpoint = None
    ends = [segment.start for segment in run.segments[1:]] + [run.last]
    for segment, end in zip(run.segments, ends, strict=True):
        checkpoint = replay(segment, begin(segment, checkpoint), end)
    return checkpoint.theta
