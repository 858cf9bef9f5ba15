"""Edits: which segment an experiment, changed at step k, begins."""

from dataclasses import replace

import numpy as np

from mlpsim.core.arrays import Array
from mlpsim.core.experiment import Experiment
from mlpsim.core.run import Run
from mlpsim.core.segment import Segment, able, first_segment
from mlpsim.core.starts import Given


def edited(run: Run, k: int, experiment: Experiment) -> Run:
    """The run after an edit at step k: a fork there, or a new run where nothing can go on."""
    old = run.segment_at(k).experiment
    if k == 0 or starts_anew(old, experiment):
        return Run(first_segment(experiment))
    return run.fork(_continuation(run, k, experiment))


def starts_anew(old: Experiment, new: Experiment) -> bool:
    """Whether the parameters change their meaning or start, so that a run begins at step 0."""
    before, after = old.problem.network, new.problem.network
    return not before.has_shape_of(after) or old.start != new.start


def with_theta(run: Run, k: int, theta: Array) -> Run:
    """The run after theta was set by hand at step k ≥ 1: the optimizer's state goes on."""
    segment = run.segment_at(k)
    projected = segment.experiment.problem.feasible.project(theta)
    return run.fork(replace(segment, start=k, theta=tuple(projected.tolist()), keeps_state=True))


def with_start(experiment: Experiment, theta: Array) -> Experiment:
    """The experiment that starts at theta."""
    return replace(experiment, start=Given(tuple(theta.tolist())))


def _continuation(run: Run, k: int, experiment: Experiment) -> Segment:
    segment = run.segment_at(k)
    old, theta = segment.experiment, run.theta(k)
    keeps_state = old.problem == experiment.problem and type(old.optimizer) is type(
        experiment.optimizer
    )
    feasible = experiment.problem.feasible
    inside = bool(feasible.contains(theta))
    same_epoch = old.sampling == experiment.sampling and len(old.problem.data) == len(
        experiment.problem.data
    )
    return Segment(
        start=k,
        experiment=experiment,
        theta=None if inside else tuple(np.asarray(feasible.project(theta)).tolist()),
        keeps_state=keeps_state,
        epoch_step=segment.epoch_step if same_epoch else k,
        epoch=segment.epoch if same_epoch else _next_unused_epoch(segment, k),
        engine=able(segment.engine, experiment),
    )


def _next_unused_epoch(segment: Segment, k: int) -> int:
    """The number after that of the epoch which step k belongs to."""
    if k == segment.epoch_step:
        return segment.epoch
    return segment.visit(k)[0] + 1
