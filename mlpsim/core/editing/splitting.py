"""Splitting: an experiment with some of its samples held out, or with all of them back."""

from dataclasses import replace

import numpy as np

from mlpsim.core.arrays import Indices
from mlpsim.core.dataset import Dataset
from mlpsim.core.editing.data_edits import numbers_without, with_data
from mlpsim.core.editing.surgery import Outcome
from mlpsim.core.experiment import Experiment
from mlpsim.core.held_out import HeldOut, Split


def all_samples(experiment: Experiment) -> Dataset:
    """The training data with the held-out samples in their places."""
    data, held_out = experiment.problem.data, experiment.held_out
    return data if held_out is None else held_out.joined(data)


def held_out_by(experiment: Experiment, split: Split) -> Outcome:
    """The experiment with samples held out of all that it has, and what followed.

    J is then of the others alone. ValueError if there is a single sample.
    """
    data = all_samples(experiment)
    places = split.draw(data).tolist()
    moved = numbers_without(len(data), places)[_numbers(experiment)]
    alone = replace(experiment, held_out=None)
    changed, about = with_data(alone, data.without(places), moved)
    held_out = HeldOut(data.chosen(places), tuple(places), split)
    return replace(changed, held_out=held_out), about


def nothing_held_out(experiment: Experiment) -> Outcome:
    """The experiment trained on all of its samples."""
    alone = replace(experiment, held_out=None)
    return with_data(alone, all_samples(experiment), _numbers(experiment))


def _numbers(experiment: Experiment) -> Indices:
    """The numbers (from 0) that the training samples have among all."""
    samples, held_out = len(experiment.problem.data), experiment.held_out
    return np.arange(samples) if held_out is None else held_out.numbers(samples)
