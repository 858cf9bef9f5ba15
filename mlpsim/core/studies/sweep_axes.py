"""The axes of a sweep: what a grid can vary, and how a value changes an experiment."""

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from math import isfinite
from typing import Any

from mlpsim.core.activations import SIGMOID
from mlpsim.core.editing.conversions import fitting_labels, fitting_output, misfit, with_logits
from mlpsim.core.experiment import Experiment
from mlpsim.core.losses import loss
from mlpsim.core.optimizer import Optimizer
from mlpsim.core.optimizers import (
    AdaGrad,
    Adam,
    AdamW,
    GradientDescent,
    Momentum,
    RMSProp,
    VariableRate,
    exchanged,
)
from mlpsim.core.sampling import Order
from mlpsim.core.second_order import ConjugateGradient, LevenbergMarquardt, Newton
from mlpsim.core.starts import (
    Given,
    GlorotNormal,
    GlorotUniform,
    HeNormal,
    HeUniform,
    Start,
    Uniform,
    Zeros,
)

FULL = "full"
OPTIMIZER_NAMES: dict[str, type[Optimizer]] = {
    "gd": GradientDescent,
    "momentum": Momentum,
    "variable-rate": VariableRate,
    "adagrad": AdaGrad,
    "rmsprop": RMSProp,
    "adam": Adam,
    "adamw": AdamW,
    "newton": Newton,
    "cg": ConjugateGradient,
    "lm": LevenbergMarquardt,
}
START_NAMES: dict[str, type[Start]] = {
    "zeros": Zeros,
    "uniform": Uniform,
    "glorot-uniform": GlorotUniform,
    "glorot-normal": GlorotNormal,
    "he-uniform": HeUniform,
    "he-normal": HeNormal,
}


@dataclass(frozen=True)
class Kind:
    """An axis: its name on the command line, what it varies, and how; a value is a text.

    ``apply`` gives the experiment with the value, or raises ValueError.
    """

    name: str
    text: str
    apply: Callable[[Experiment, str], Experiment]


def _number(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not isfinite(value):
        raise ValueError(f"{text!r} is not a finite number")
    return value


def _names(optimizer: Any) -> set[str]:
    return {entry.name for entry in fields(optimizer)}


def _field(name: str) -> Callable[[Experiment, str], Experiment]:
    """Set a number of the optimizer."""

    def apply(experiment: Experiment, text: str) -> Experiment:
        optimizer: Any = experiment.optimizer
        if name not in _names(optimizer):
            having = [key for key, kind in OPTIMIZER_NAMES.items() if name in _names(kind)]
            lacks = f"{type(optimizer).__name__} has no {name}"
            raise ValueError(f"{lacks}; these have one: {', '.join(having)}")
        changed = replace(optimizer, **{name: _number(text)})
        return replace(experiment, optimizer=changed)

    return apply


def _batch(experiment: Experiment, text: str) -> Experiment:
    if text == FULL:
        size = None
    elif text.isascii() and text.isdigit() and int(text) >= 1:
        size = int(text)
    else:
        raise ValueError(f"{text!r} is neither a whole number from 1 on nor {FULL!r}")
    sampling = experiment.sampling
    order: Order = "without_replacement" if sampling.order == "given" else sampling.order
    changed = replace(sampling, batch_size=size, order=order, batches=())
    return replace(experiment, sampling=changed)


def _optimizer(experiment: Experiment, text: str) -> Experiment:
    """Another optimizer with its usual hyperparameters and, if it is of use, the learning rate."""
    if text not in OPTIMIZER_NAMES:
        raise ValueError(f"unknown optimizer {text!r}; known: {', '.join(OPTIMIZER_NAMES)}")
    kind = OPTIMIZER_NAMES[text]
    if type(experiment.optimizer) is kind:
        return experiment
    return replace(experiment, optimizer=exchanged(experiment.optimizer, kind))


def _loss(experiment: Experiment, text: str) -> Experiment:
    """Another loss, with the last layer and the labels that it is meant for.

    Cross-entropy takes logits: a sigmoid in the last layer goes to the loss, and comes back where
    another loss compares probabilities with labels. Of one output the model stays the same. Hinge
    takes scores of both signs, which a sigmoid has not.
    """
    entry, before = loss(text), experiment.problem
    if entry == before.loss:
        return experiment
    if entry.on_logits:
        experiment = with_logits(experiment, entry).experiment
    else:
        network = before.network
        if before.loss.on_logits and entry.labels == "any":
            network = replace(network, activations=(*network.activations[:-1], SIGMOID))
        experiment = replace(experiment, problem=replace(before, loss=entry, network=network))
    conversion = fitting_labels(experiment)
    if conversion is not None:
        experiment = conversion.experiment
    if entry.labels == "plus_minus_one":
        _, conversion = fitting_output(experiment)
        experiment = experiment if conversion is None else conversion.experiment
    problem = experiment.problem
    if misfit(problem.loss, problem.data):
        raise ValueError(misfit(problem.loss, problem.data))
    return experiment


def _start(experiment: Experiment, text: str) -> Experiment:
    """Another rule for the start with the seed there was, or numbers between colons."""
    before: Any = experiment.start
    if text in START_NAMES:
        made: Any = START_NAMES[text]
        if isinstance(before, made):
            return experiment
        seeds = {"seed": before.seed} if hasattr(before, "seed") and hasattr(made, "seed") else {}
        return replace(experiment, start=made(**seeds))
    parts = text.split(":")
    if len(parts) == 1 and experiment.problem.network.n_params > 1:
        known = ", ".join(START_NAMES)
        raise ValueError(f"unknown start {text!r}; known: {known}, or numbers such as 0.5:-1")
    return replace(experiment, start=Given(tuple(_number(part) for part in parts)))


def _penalty(name: str) -> Callable[[Experiment, str], Experiment]:
    def apply(experiment: Experiment, text: str) -> Experiment:
        changes: Any = {name: _number(text)}
        penalty = replace(experiment.problem.penalty, **changes)
        return replace(experiment, problem=replace(experiment.problem, penalty=penalty))

    return apply


KINDS = (
    Kind("optimizer", "optimizer", _optimizer),
    Kind("loss", "loss", _loss),
    Kind("eta", "learning rate η", _field("learning_rate")),
    Kind("momentum", "momentum μ", _field("momentum")),
    Kind("batch", "batch size, or full", _batch),
    Kind("start", "start", _start),
    Kind("l1", "weight of the L1 penalty", _penalty("l1")),
    Kind("l2", "weight of the L2 penalty", _penalty("l2")),
)


def kind(name: str) -> Kind:
    """The axis of that name; ValueError names those there are."""
    for entry in KINDS:
        if entry.name == name:
            return entry
    known = ", ".join(entry.name for entry in KINDS)
    raise ValueError(f"unknown axis {name!r}; known: {known}")
