"""Random small problems over all activations, losses, penalties and feasible sets."""

import numpy as np

from mlpsim.core.activations import ACTIVATIONS, IDENTITY, elu, leaky_relu
from mlpsim.core.dataset import Dataset
from mlpsim.core.feasible import Ball, Box
from mlpsim.core.losses import LOSSES, huber
from mlpsim.core.network import Network
from mlpsim.core.problem import Penalty, Problem

SHAPES = (
    ((1, 1), (False,)),
    ((1, 1), (True,)),
    ((2, 1), (False,)),
    ((2, 1), (True,)),
    ((3, 1), (False,)),
    ((1, 2), (False,)),
    ((1, 3), (False,)),
    ((1, 1, 1), (False, False)),
    ((1, 1, 1), (True, False)),
    ((1, 1, 1), (False, True)),
    ((1, 1, 1, 1), (False, False, False)),
)
ACTIVATIONS_TRIED = (*ACTIVATIONS, leaky_relu(1.5), elu(-0.5), elu(2.0))
LOSSES_TRIED = (*LOSSES, huber(0.3))


def targets(loss, samples, outputs, rng):
    if rng.random() < 0.15:
        return rng.uniform(0.0, 1.0, (samples, outputs)).round(2)
    match loss.labels:
        case "zero_one":
            return rng.integers(0, 2, (samples, outputs))
        case "plus_minus_one":
            return 2 * rng.integers(0, 2, (samples, outputs)) - 1
        case "one_hot":
            return np.eye(outputs)[rng.integers(0, outputs, samples)]
    return rng.normal(0.0, 1.0, (samples, outputs)).round(2)


def random_problem(seed):
    """At most three parameters; every activation and loss comes up in a row of seeds."""
    rng = np.random.default_rng(seed)
    loss = LOSSES_TRIED[seed % len(LOSSES_TRIED)]
    sizes, bias = SHAPES[rng.integers(len(SHAPES))]
    layers = [ACTIVATIONS_TRIED[rng.integers(len(ACTIVATIONS_TRIED))] for _ in bias]
    layers[0] = ACTIVATIONS_TRIED[seed % len(ACTIVATIONS_TRIED)]
    if loss.on_logits:
        layers[-1] = IDENTITY
    network = Network(sizes, tuple(layers), bias)
    samples, n_params = int(rng.integers(1, 7)), network.n_params
    x = rng.normal(0.0, 2.0, (samples, sizes[0])).round(2)
    width = 9.0 / (1 + n_params)  # the more parameters, the longer a search through C takes
    if rng.random() < 0.5:
        lo = rng.uniform(-4.0, 2.0, n_params)
        feasible = Box(tuple(lo), tuple(lo + rng.uniform(0.0, width, n_params)))
    else:
        feasible = Ball(tuple(rng.normal(0.0, 1.0, n_params)), float(rng.uniform(0.0, 0.5 * width)))
    l1, l2 = rng.uniform(0.0, 0.3, 2) * (rng.random(2) < 0.3)
    return Problem(
        Dataset(x, targets(loss, samples, sizes[-1], rng)),
        network,
        loss,
        "mean" if rng.random() < 0.3 else "sum",
        Penalty(l1, l2, bool(rng.random() < 0.5)),
        feasible,
    )


def any_problem(seed):
    """Larger networks too: up to three layers of up to three neurons."""
    rng = np.random.default_rng(seed)
    loss = LOSSES[seed % len(LOSSES)]
    sizes = tuple(int(n) for n in rng.integers(1, 4, rng.integers(2, 5)))
    layers = [ACTIVATIONS[rng.integers(len(ACTIVATIONS))] for _ in sizes[1:]]
    if loss.on_logits:
        layers[-1] = IDENTITY
    bias = tuple(bool(flag) for flag in rng.integers(0, 2, len(layers)))
    x = rng.normal(0.0, 2.0, (5, sizes[0]))
    penalty = Penalty(*rng.uniform(0.0, 0.3, 2) * (rng.random(2) < 0.5), rng.random() < 0.5)
    return Problem(
        Dataset(x, targets(loss, 5, sizes[-1], rng)),
        Network(sizes, tuple(layers), bias),
        loss,
        "mean" if rng.random() < 0.5 else "sum",
        penalty,
    )


def points_of(feasible, n_params, count, rng):
    """Random points of a box or ball, some of them on its walls."""
    spread = rng.uniform(-1.2, 1.2, (count, n_params))
    if isinstance(feasible, Box):
        lo, hi = np.array(feasible.lo), np.array(feasible.hi)
        return feasible.project(0.5 * (lo + hi) + spread * 0.5 * (hi - lo))
    return feasible.project(np.array(feasible.center) + spread * feasible.radius)


def descended(problem, count, steps, rng):
    """Points of C after projected gradient descent with steps of shrinking length (count, P)."""
    thetas = points_of(problem.feasible, problem.network.n_params, count, rng)
    values = problem.value(thetas)
    length = np.full(count, 1.0)
    for _ in range(steps):
        slope = problem.gradient(thetas)
        size = np.maximum(np.linalg.norm(slope, axis=-1, keepdims=True), 1e-300)
        tried = problem.feasible.project(thetas - length[:, None] * slope / size)
        found = problem.value(tried)
        better = found < values
        thetas = np.where(better[:, None], tried, thetas)
        values = np.where(better, found, values)
        length *= np.where(better, 1.2, 0.6)
    return thetas, values
