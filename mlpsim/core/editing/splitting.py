"""Splitting: an experiment with some of its samples held out, or with all of them back."""

from dataclasses import replace

import numpy as np

from mlpsim.core.dataset import Dataset
from mlpsim.core.editing.data_edits import with_data
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
    places = split.draw(data)
    kept = np.delete(np.arange(len(data)), places)
    changed, about = with_data(replace(experiment, held_out=None), data.chosen(kept))
    held_out = HeldOut(data.chosen(places), tuple(places.tolist()), split)
    return replace(changed, held_out=held_out), about


def nothing_held_out(experiment: Experiment) -> Outcome:
    """The experiment trained on all of its samples."""
    return with_data(replace(experiment, held_out=None), all_samples(experiment))
