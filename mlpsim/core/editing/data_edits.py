"""Data edits: an experiment on other data, and what else had to change with it."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from mlpsim.core.arrays import Indices
from mlpsim.core.dataset import Dataset
from mlpsim.core.editing.conversions import labels_fit
from mlpsim.core.editing.surgery import Outcome, fitting_optimizer, fitting_set
from mlpsim.core.experiment import Experiment
from mlpsim.core.features import Feature, Function
from mlpsim.core.held_out import HeldOut, held_out_with
from mlpsim.core.losses import Loss
from mlpsim.core.network import MAX_WIDTH
from mlpsim.core.sampling import Sampling
from mlpsim.core.starts import Given, GlorotUniform, Start

HELD_OUT_GONE = "No sample is held out any more."


def with_data(experiment: Experiment, data: Dataset, moved: Indices | None = None) -> Outcome:
    """The experiment trained on other data, and a sentence on what followed, empty if nothing did.

    Held-out samples stay if they have the columns and units of the data, and go if not.
    Where the number of inputs or targets differs, layers 0 and L of the network follow, the
    hidden ones stay, and a written start becomes Glorot uniform. Batches that are given by hand
    lose the samples that are gone: ``moved`` (S,) says what number (from 0) each sample has now,
    −1 where it is gone; without it they keep theirs.
    """
    problem = experiment.problem
    old = problem.network
    sizes = (data.n_features, *old.sizes[1:-1], data.n_outputs)
    network = replace(old, sizes=sizes).within_limits()
    if moved is None:
        moved = np.arange(min(len(data), len(problem.data)))
    sampling, about_sampling = _fitting_sampling(experiment.sampling, moved)
    start, feasible, about = experiment.start, problem.feasible, []
    optimizer, about_optimizer = fitting_optimizer(experiment.optimizer, network)
    if sizes != old.sizes:
        about.append(f"The network is now {'–'.join(map(str, sizes))}.")
        start, about_start = _fitting_start(start)
        feasible, about_set = fitting_set(feasible, network)
        about += [about_start, about_set, about_optimizer]
    about.append(about_sampling)
    held_out, about_held_out = _fitting_held_out(experiment.held_out, data)
    about.append(about_held_out)
    changed = replace(
        experiment,
        held_out=held_out,
        problem=replace(problem, data=data, network=network, feasible=feasible),
        optimizer=optimizer,
        start=start,
        sampling=sampling,
    )
    return changed, " ".join(filter(None, about))


def without_samples(experiment: Experiment, samples: list[int]) -> Outcome:
    """Without these samples (from 0); ValueError if none would be left."""
    data = experiment.problem.data
    return with_data(experiment, data.without(samples), numbers_without(len(data), samples))


def numbers_without(count: int, samples: Sequence[int]) -> Indices:
    """The numbers (from 0) that so many samples have when some are gone, −1 for these (count,)."""
    numbers = np.full(count, -1)
    kept = np.delete(np.arange(count), samples)
    numbers[kept] = np.arange(len(kept))
    return numbers


def with_new_data(experiment: Experiment, data: Dataset) -> Outcome:
    """The experiment on data that have nothing to do with those before: none is held out."""
    if experiment.held_out is None:
        return with_data(experiment, data)
    changed, about = with_data(replace(experiment, held_out=None), data)
    return changed, f"{about} {HELD_OUT_GONE}".strip()


def with_input(experiment: Experiment) -> Outcome:
    """One more input at the end, 0 for every sample."""
    data = experiment.problem.data
    _check_columns(data.n_features + 1, "inputs")
    return _with_each(experiment, lambda data: _with_features(data, (Feature(),)))


def with_computed_input(experiment: Experiment, function: Function, of: tuple[int, ...]) -> Outcome:
    """One more input at the end, computed from others (from 0); ValueError if it is there."""
    data = experiment.problem.data
    _check_columns(data.n_features + 1, "inputs")
    new = Feature(function=function, of=of)
    if any((f.function, f.of) == (function, of) for f in data.features):
        raise ValueError("the data have this input already")
    return _with_each(experiment, lambda data: _with_features(data, (new,)))


def with_computed_of(data: Dataset, like: Dataset) -> Dataset:
    """Data with the computed inputs of others that have as many measured ones, not scaled.

    Other data are as they were.
    """
    measured = like.measured
    if data.features or data.n_features != len(measured):
        return data
    computed = (f for f in like.features if f.function)
    return _with_features(
        data,
        tuple(
            Feature(f.name, function=f.function, of=tuple(measured.index(i) for i in f.of))
            for f in computed
        ),
    )


def without_input(experiment: Experiment, column: int) -> Outcome:
    """Without input ``column`` (from 0), and those that are computed from it."""
    features = experiment.problem.data.features
    gone = {column} | {j for j, feature in enumerate(features) if column in feature.of}
    kept = [j for j in range(experiment.problem.data.n_features) if j not in gone]
    _check_columns(len(kept), "inputs")

    def narrower(data: Dataset) -> Dataset:
        features = tuple(
            replace(feature, of=tuple(kept.index(i) for i in feature.of))
            for j, feature in enumerate(data.features)
            if j not in gone
        )
        return replace(data, x=data.x[:, kept], features=features)

    return _with_each(experiment, narrower)


def with_target(experiment: Experiment) -> Outcome:
    """One more target at the end, 0 for every sample."""
    data = experiment.problem.data
    _check_columns(data.n_outputs + 1, "targets")
    return _with_each(
        experiment, lambda data: replace(data, y=np.pad(data.y, ((0, 0), (0, 1))), labels=())
    )


def without_target(experiment: Experiment, column: int) -> Outcome:
    """Without target ``column`` (from 0)."""
    data = experiment.problem.data
    _check_columns(data.n_outputs - 1, "targets")
    return _with_each(
        experiment, lambda data: replace(data, y=np.delete(data.y, column, axis=1), labels=())
    )


def labelled_for(loss: Loss, data: Dataset) -> Dataset:
    """New data of classes 0 and 1, with the labels that a loss is meant for."""
    if labels_fit(loss, data) or not np.isin(data.y, (0.0, 1.0)).all():
        return data
    if loss.labels == "plus_minus_one":
        return replace(data, y=2.0 * data.y - 1.0)
    if data.n_outputs > 1:
        return data
    labels = data.labels if len(data.labels) == 2 else ()
    return replace(data, y=np.hstack([1.0 - data.y, data.y]), labels=labels)


def _with_features(data: Dataset, new: tuple[Feature, ...]) -> Dataset:
    """The data with more inputs at the end, 0 where they are not computed."""
    x = np.pad(data.x, ((0, 0), (0, len(new))))
    return replace(data, x=x, features=(*data.each_feature, *new))


def _with_each(experiment: Experiment, change: Callable[[Dataset], Dataset]) -> Outcome:
    """The same change of the columns made to the training data and the held-out samples."""
    changed, about = with_data(replace(experiment, held_out=None), change(experiment.problem.data))
    return replace(changed, held_out=held_out_with(experiment.held_out, change)), about


def _fitting_held_out(held_out: HeldOut | None, data: Dataset) -> tuple[HeldOut | None, str]:
    if held_out is None:
        return None, ""
    try:
        held_out.check(data)
    except ValueError:
        return None, HELD_OUT_GONE
    return held_out, ""


def _fitting_start(start: Start) -> tuple[Start, str]:
    """A written start means nothing in a network of other sizes, whatever its length."""
    if not isinstance(start, Given):
        return start, ""
    return GlorotUniform(), "It starts Glorot uniform with seed 0."


def _fitting_sampling(sampling: Sampling, moved: Indices) -> tuple[Sampling, str]:
    if not sampling.batches:
        return sampling, ""
    numbers = {old: new for old, new in enumerate(moved.tolist()) if new >= 0}
    batches = tuple(tuple(numbers[s] for s in batch if s in numbers) for batch in sampling.batches)
    if batches == sampling.batches:
        return sampling, ""
    kept, about = tuple(filter(None, batches)), []
    if not kept and sampling.order == "given":
        return replace(sampling, order="without_replacement", batches=()), (
            "No given batch was left: sampling is without replacement."
        )
    if any(s not in numbers for batch in sampling.batches for s in batch):
        about.append("Samples that are gone were taken out of the given batches.")
    if any(numbers.get(s, s) != s for batch in sampling.batches for s in batch):
        about.append("The given batches name the others by their new numbers.")
    return replace(sampling, batches=kept), " ".join(about)


def _check_columns(count: int, what: str) -> None:
    if not 1 <= count <= MAX_WIDTH:
        raise ValueError(f"the data cannot have {count} {what}; 1 to {MAX_WIDTH} are possible")
