"""Conversions: edits that make labels, last layer or rate fit a choice; offered, not made unasked.

Each takes an experiment and gives another one, with the sentence that says what it does to what.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from mlpsim.core.activations import IDENTITY, SIGMOID, TANH
from mlpsim.core.arrays import Array
from mlpsim.core.classes import PAIRS, are_labels
from mlpsim.core.dataset import Dataset
from mlpsim.core.editing.surgery import fitting_optimizer
from mlpsim.core.experiment import Experiment
from mlpsim.core.feasible import Ball, Box, FeasibleSet
from mlpsim.core.held_out import held_out_with
from mlpsim.core.losses import Loss
from mlpsim.core.network import Network
from mlpsim.core.optimizers import step_is_linear
from mlpsim.core.starts import Given

MAX_CLASSES = 10
_RANGES = {SIGMOID.name: (0.0, 1.0), TANH.name: (-1.0, 1.0)}


@dataclass(frozen=True)
class Conversion:
    """An offered edit: the experiment after it, its name (an undo text), and what it does."""

    experiment: Experiment
    text: str
    sentence: str


def with_parts(experiment: Experiment, change: Callable[[Dataset], Dataset]) -> Experiment:
    """The experiment with the training data and the held-out samples changed alike."""
    changed = replace(experiment.problem, data=change(experiment.problem.data))
    held_out = held_out_with(experiment.held_out, change)
    return replace(experiment, problem=changed, held_out=held_out)


def labels_fit(loss: Loss, data: Dataset) -> bool:
    """Whether the targets are of the kind that a loss is meant for."""
    y = data.y
    if loss.labels == "zero_one":
        return bool(((y >= 0.0) & (y <= 1.0)).all())
    if loss.labels == "plus_minus_one":
        return bool((np.abs(y) == 1.0).all())
    if loss.labels == "one_hot":
        sums = np.abs(y.sum(axis=1) - 1.0) <= 1e-9
        return data.n_outputs > 1 and bool((y >= 0.0).all() and sums.all())
    return True


def misfit(loss: Loss, data: Dataset) -> str:
    """One sentence that says why the targets do not fit a loss; empty if they do."""
    if labels_fit(loss, data):
        return ""
    if loss.labels == "zero_one":
        return "This loss takes targets from 0 to 1; the data has others."
    if loss.labels == "plus_minus_one":
        return "This loss takes the labels −1 and +1; the data has others."
    if data.n_outputs == 1:
        return "This loss takes one column per class; the data has a single column."
    return "This loss takes one 1 per row and 0 elsewhere; the data has other targets."


def fitting_labels(experiment: Experiment) -> Conversion | None:
    """The conversion of the targets to those that the loss is meant for.

    None if they fit already, or if no conversion is without doubt: more than two labels for a loss
    of two, more than ten distinct values for one column per class.
    """
    problem = experiment.problem
    if labels_fit(problem.loss, problem.data):
        return None
    if problem.loss.labels == "one_hot":
        return _one_hot(experiment)
    lo, hi = (0.0, 1.0) if problem.loss.labels == "zero_one" else (-1.0, 1.0)
    return _two_labels(experiment, lo, hi)


def with_logits(experiment: Experiment, loss: Loss) -> Conversion:
    """A loss together with the identity as last activation."""
    problem = experiment.problem
    network = problem.network
    last = network.activations[-1].name
    changed = replace(network, activations=(*network.activations[:-1], IDENTITY))
    if loss.labels == "zero_one" and last == SIGMOID.name:
        sentence = "The same model: the last layer gives the logit z, and ŷ = σ(z)."
    elif loss.on_logits:
        name = "σ(z)" if loss.labels == "zero_one" else "softmax(z)"
        sentence = f"Another model: the last layer's {_words(last)} gives way to ŷ = {name}."
    else:
        sentence = f"Another model: the last layer's {_words(last)} gives way to the score a = z."
    changed_problem = replace(problem, network=changed, loss=loss)
    return Conversion(
        replace(experiment, problem=changed_problem),
        "Use the logit (identity output)",
        sentence,
    )


def fitting_output(experiment: Experiment) -> tuple[str, Conversion | None]:
    """Why the last layer cannot reach the targets, and the identity in its place.

    Empty and None where it can, where the loss takes logits, and where the labels are to be mended
    first.
    """
    problem, last = experiment.problem, experiment.problem.network.activations[-1].name
    y, bounds = problem.data.y, _RANGES.get(last)
    lo, hi = float(y.min()), float(y.max())
    is_asked = not problem.loss.on_logits and labels_fit(problem.loss, problem.data)
    if not is_asked or bounds is None or (bounds[0] <= lo and hi <= bounds[1]):
        return "", None
    network = problem.network
    changed = replace(network, activations=(*network.activations[:-1], IDENTITY))
    span = f"{lo:.5g} to {hi:.5g}".replace("-", "−")
    why = f"The targets go from {span}; {_words(last)} stays between {_listed(bounds)}."
    return why, Conversion(
        replace(experiment, problem=replace(problem, network=changed)),
        "Use the identity output",
        f"Another model: the last layer's {_words(last)} gives way to a = z.",
    )


def with_rate_for_reduction(before: Experiment, now: Experiment) -> Conversion | None:
    """η·S after a change from sum to mean, η/S after the way back: the same steps as before.

    None where the reduction is the same, the rate has been changed, or the optimizer's step does
    not grow with the gradient (Adam divides its size out).
    """
    was, samples = before.problem.reduction, len(now.problem.data)
    rate = now.optimizer.learning_rate
    if was == now.problem.reduction or rate != before.optimizer.learning_rate:
        return None
    if samples == 1 or not step_is_linear(now.optimizer):
        return None
    scaled, sign = (rate * samples, "·") if was == "sum" else (rate / samples, "/")
    if not np.isfinite(scaled):
        return None
    optimizer: Any = now.optimizer
    return Conversion(
        replace(now, optimizer=replace(optimizer, learning_rate=scaled)),
        f"Use η{sign}S",
        f"With η{sign}S = {scaled:.5g} the data moves the weights as far as before.",
    )


def _all_targets(experiment: Experiment) -> Array:
    """The targets of the training data, and of the held-out samples after them: (S, K)."""
    y, held_out = experiment.problem.data.y, experiment.held_out
    return y if held_out is None else np.vstack([y, held_out.data.y])


def _words(name: str) -> str:
    return name.replace("_", " ")


def _pair(y: Array) -> tuple[float, float] | None:
    """The two labels of targets, low and high; None if there are more, or no telling."""
    values = set(np.unique(y).tolist())
    for known in PAIRS:
        if values <= set(known):
            return known
    return (min(values), max(values)) if len(values) == 2 else None


def _two_labels(experiment: Experiment, lo: float, hi: float) -> Conversion | None:
    pair = _pair(_all_targets(experiment))
    if pair is None:
        return None

    def relabelled(part: Dataset) -> Dataset:
        return replace(part, y=np.where(part.y == pair[0], lo, hi))

    old, new = _listed(pair), _listed((lo, hi))
    return Conversion(
        with_parts(experiment, relabelled),
        f"Convert the labels to {new}",
        f"The labels {old} become {new}.",
    )


def _listed(values: Iterable[float]) -> str:
    *most, last = (f"{value:g}".replace("-", "−") for value in values)
    return f"{', '.join(most)} and {last}"


def _one_hot(experiment: Experiment) -> Conversion | None:
    problem = experiment.problem
    data, y = problem.data, _all_targets(experiment)
    pair = _pair(y)
    if data.n_outputs > 1:
        return _two_labels(experiment, 0.0, 1.0) if pair and are_labels(y, pair) else None
    classes = np.array(pair) if pair else np.unique(y)
    if not 2 <= len(classes) <= MAX_CLASSES:
        return None
    network = replace(problem.network, sizes=(*problem.network.sizes[:-1], len(classes)))
    source = _sources(problem.network, len(classes))
    feasible = _feasible(problem.feasible, source)
    labels = tuple(f"{label:g}" for label in classes.tolist())
    if len(data.labels) == len(classes):
        labels = data.labels

    def one_hot(part: Dataset) -> Dataset:
        return replace(part, y=(part.y == classes).astype(np.float64), labels=labels)

    changed = replace(problem, data=one_hot(data), network=network, feasible=feasible)
    start, held_out = experiment.start, held_out_with(experiment.held_out, one_hot)
    sentence = f"One column and one output for each of the labels {_listed(classes)}."
    if isinstance(start, Given):
        start = _output_start(start, network, source)
        sentence += (
            " The second output starts with the weights there are, the first with 0."
            if len(classes) == 2
            else " The last layer starts at 0."
        )
    optimizer, about_optimizer = fitting_optimizer(experiment.optimizer, network)
    return Conversion(
        replace(experiment, problem=changed, optimizer=optimizer, start=start, held_out=held_out),
        f"Convert the labels to {len(classes)} columns",
        f"{sentence} {about_optimizer}".strip(),
    )


def _sources(network: Network, classes: int) -> list[int]:
    """For every parameter with ``classes`` outputs, the parameter of the network with one."""
    slots = network.layout[-1]
    weights = list(range(slots.w.start, slots.w.stop))
    source = [*range(slots.w.start), *weights * classes]
    return source if slots.b is None else [*source, *[slots.b.start] * classes]


def _feasible(feasible: FeasibleSet, source: list[int]) -> FeasibleSet:
    if isinstance(feasible, Box):
        lo, hi = (tuple(limit[p] for p in source) for limit in (feasible.lo, feasible.hi))
        return Box(lo, hi)
    if isinstance(feasible, Ball):
        return Ball(tuple(feasible.center[p] for p in source), feasible.radius)
    return feasible


def _output_start(start: Given, network: Network, source: list[int]) -> Given:
    """The written start, in the last layer kept for the second of two classes only, else 0.

    With two classes the model is then the same: softmax(0, z) gives σ(z) to the second.
    """
    theta = np.array(start.values)[source]
    slots = network.layout[-1]
    kept = np.arange(slots.shape[0]) == 1 if slots.shape[0] == 2 else np.zeros(slots.shape[0])
    theta[slots.w] = (theta[slots.w].reshape(slots.shape) * kept[:, None]).ravel()
    if slots.b is not None:
        theta[slots.b] *= kept
    return Given(tuple(theta.tolist()))
