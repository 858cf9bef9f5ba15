"""Slips: the values that a likely mistake gives in place of an exercise's answer."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from mlpsim.core.arrays import Array
from mlpsim.core.lessons.exercise import Exercise, Quantity, moved
from mlpsim.core.network import Forward
from mlpsim.core.problem import Problem, quiet

MOST_OTHERS = 8  # samples that may have been taken by mistake

SlipKind = Literal[
    "sign",
    "factor_two",
    "factor_two_and_sign",
    "half",
    "no_half",
    "square",
    "activation",
    "slope",
    "input",
    "mean",
    "sum",
    "stale",
    "sample",
    "one_of_batch",
    "all_samples",
    "parameter",
    "rate",
    "added",
    "change",
    "unmoved",
    "projection",
]


@dataclass(frozen=True)
class Slip:
    """A mistake; ``detail`` is the sample or parameter (from 0), or what was divided by."""

    kind: SlipKind
    detail: int | None = None


@quiet()
def slips(exercise: Exercise, quantity: Quantity) -> tuple[tuple[Slip, float], ...]:
    """The likely slips, each with the value that it gives, the likelier ones first."""
    of_kind = {
        "prediction": _of_prediction,
        "error": _of_error,
        "gradient": _of_gradient,
        "weight": _of_weight,
    }
    return tuple(of_kind[quantity.kind](exercise, quantity))


Found = Iterator[tuple[Slip, float]]


def _others(exercise: Exercise, s: int | None = None) -> list[int]:
    """The samples that may stand in for sample s, those of the batch first; or for the batch."""
    samples = range(len(exercise.problem.data))
    inside = [other for other in exercise.batch if s is not None and other != s]
    return (inside + [other for other in samples if other not in exercise.batch])[:MOST_OTHERS]


def _of_prediction(exercise: Exercise, quantity: Quantity) -> Found:
    problem, theta, i = exercise.problem, np.array(exercise.theta), quantity.place
    s = quantity.sample
    predicted = problem.predict(theta, problem.data.x)[:, i]
    z = problem.forward(theta).z[-1][i]
    is_share = problem.network.activations[-1].name == "sigmoid" or problem.loss.on_logits
    yield Slip("activation"), float(z[s])
    yield Slip("sign"), float(1.0 - predicted[s] if is_share else -predicted[s])
    stale = problem.predict(np.array(exercise.before), problem.data.x)
    yield Slip("stale"), float(stale[s, i])
    for other in _others(exercise, s):
        yield Slip("sample", other), float(predicted[other])


def _of_error(exercise: Exercise, quantity: Quantity) -> Found:
    problem, theta, s = exercise.problem, np.array(exercise.theta), quantity.sample
    errors = problem.errors(theta)
    e, name = float(errors[s]), problem.loss.name
    if name == "squared_error":
        yield Slip("half"), 0.5 * e
    if name == "half_squared_error":
        yield Slip("no_half"), 2.0 * e
    yield Slip("sign"), -e
    if name.endswith("squared_error") and problem.data.n_outputs == 1:
        difference = float((problem.data.y - problem.predict(theta, problem.data.x))[s, 0])
        yield Slip("square"), difference
        yield Slip("square"), -difference
    yield Slip("stale"), float(problem.errors(np.array(exercise.before))[s])
    for other in _others(exercise, s):
        yield Slip("sample", other), float(errors[other])
    yield Slip("all_samples"), float(errors.sum())
    for n in sorted({problem.data.n_outputs, len(exercise.batch), len(problem.data)} - {1}):
        yield Slip("mean", n), e / n


def _of_gradient(exercise: Exercise, quantity: Quantity) -> Found:
    for slip, vector in _gradient_slips(exercise):
        yield slip, float(vector[quantity.place])
    for p in exercise.asked:
        if p != quantity.place:
            yield Slip("parameter", p), float(exercise.gradient[p])


def _of_weight(exercise: Exercise, quantity: Quantity) -> Found:
    theta, before = np.array(exercise.theta), np.array(exercise.before)
    g, p = exercise.gradient, quantity.place
    yield Slip("projection"), float((theta - exercise.rate * g)[p])
    yield Slip("added"), float(moved(exercise, theta, -g)[p])
    yield Slip("rate"), float(moved(exercise, theta, g / exercise.rate)[p])
    yield Slip("rate"), float((theta - g)[p])
    yield Slip("change"), float(-exercise.rate * g[p])
    yield Slip("stale"), float(moved(exercise, before, g)[p])
    yield Slip("unmoved"), float(theta[p])
    for slip, vector in _gradient_slips(exercise):
        yield slip, float(moved(exercise, theta, vector)[p])
    for q in exercise.asked:
        if q != p:
            yield Slip("parameter", q), float(exercise.after[q])


def _gradient_slips(exercise: Exercise) -> Iterator[tuple[Slip, Array]]:
    """Step gradients (P,) with one slip each."""
    problem, theta = exercise.problem, np.array(exercise.theta)
    batch, depth = exercise.batch, problem.network.depth

    def scaled(summed: Array, n: int = len(batch)) -> Array:
        factor, kappa = problem.factors(n, exercise.experiment.scaling)
        return factor * summed + kappa * problem.penalty_gradient(theta)

    single = _gradients(problem, theta, batch)
    summed = single.sum(axis=1)
    if problem.loss.name == "squared_error":
        yield Slip("factor_two"), scaled(0.5 * summed)
        yield Slip("factor_two_and_sign"), scaled(-0.5 * summed)
    if problem.loss.name == "half_squared_error":
        yield Slip("no_half"), scaled(2.0 * summed)
    yield Slip("sign"), scaled(-summed)
    yield Slip("sum"), summed
    for layers in ((depth - 1,), tuple(range(depth))):
        yield Slip("slope"), scaled(_gradients(problem, theta, batch, layers).sum(axis=1))
    yield Slip("input"), scaled(_gradients(problem, theta, batch, inputs=False).sum(axis=1))
    yield Slip("stale"), scaled(_gradients(problem, np.array(exercise.before), batch).sum(axis=1))
    for n in sorted({len(batch), len(problem.data)} - {1}):
        yield Slip("mean", n), scaled(summed / n)
    if len(batch) > 1:
        for column, s in enumerate(batch):
            yield Slip("one_of_batch", s), scaled(single[:, column])
    else:
        for other in _others(exercise):
            yield Slip("sample", other), scaled(_gradients(problem, theta, (other,))[:, 0])
    samples = range(len(problem.data))
    yield Slip("all_samples"), scaled(_gradients(problem, theta, samples).sum(axis=1), len(samples))


def _gradients(
    problem: Problem,
    theta: Array,
    samples: Collection[int],
    without_slope: Collection[int] = (),
    inputs: bool = True,
) -> Array:
    """∇e^s (P, B), without σ′ in some layers (from 0), or without what enters the layers."""
    network = problem.network
    forward, _, slope = problem.output_slope(theta, np.array(samples))
    deltas: list[Array] = []
    for layer in reversed(range(network.depth)):
        if deltas:
            slope = network.weights(theta, layer + 1).T @ deltas[0]
        if layer not in without_slope:
            z, a = forward.z[layer], forward.a[layer]
            slope = slope * network.activations[layer].slope(z, a)
        deltas.insert(0, slope)
    if not inputs:
        ones = tuple(np.ones_like(a) for a in forward.a)
        forward = Forward(np.ones_like(forward.x), forward.z, ones)
    return network.sample_gradients(forward, tuple(deltas))
