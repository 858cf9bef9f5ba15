"""The program: an experiment's problem and method as numbers and arrays, which kernels read.

Each table of the heart has its entries numbered here; an entry without a number has no compiled
twin, and an experiment that uses it is left to NumPy.
"""

from dataclasses import fields
from typing import Any, NamedTuple

import numpy as np

from mlpsim.core.arrays import Array, Indices
from mlpsim.core.experiment import Experiment
from mlpsim.core.feasible import Ball, Box, WholeSpace
from mlpsim.core.optimizers import AdaGrad, Adam, AdamW, GradientDescent, Momentum, RMSProp
from mlpsim.core.problem import Problem
from mlpsim.core.schedules import Constant, Exponential, InverseTime, StepDecay

IDENTITY, SIGMOID, TANH, RELU, LEAKY_RELU, ELU, SOFTPLUS, GELU, SIN = range(9)
SQUARED_ERROR, HALF_SQUARED_ERROR, ABSOLUTE_ERROR, HUBER, HINGE, BCE, SOFTMAX = range(7)
GRADIENT_DESCENT, MOMENTUM, ADAGRAD, RMSPROP, ADAM, ADAMW = range(6)
CONSTANT, INVERSE_TIME, STEP_DECAY, EXPONENTIAL = range(4)
WHOLE_SPACE, BOX, BALL = range(3)

ACTIVATION_CODES = {
    "identity": IDENTITY,
    "sigmoid": SIGMOID,
    "tanh": TANH,
    "relu": RELU,
    "leaky_relu": LEAKY_RELU,
    "elu": ELU,
    "softplus": SOFTPLUS,
    "gelu": GELU,
    "sin": SIN,
}
LOSS_CODES = {
    "squared_error": SQUARED_ERROR,
    "half_squared_error": HALF_SQUARED_ERROR,
    "absolute_error": ABSOLUTE_ERROR,
    "huber": HUBER,
    "hinge": HINGE,
    "bce_logits": BCE,
    "softmax_ce_logits": SOFTMAX,
}
OPTIMIZER_CODES: dict[type[Any], int] = {
    GradientDescent: GRADIENT_DESCENT,
    Momentum: MOMENTUM,
    AdaGrad: ADAGRAD,
    RMSProp: RMSPROP,
    Adam: ADAM,
    AdamW: ADAMW,
}
SCHEDULE_CODES: dict[type[Any], int] = {
    Constant: CONSTANT,
    InverseTime: INVERSE_TIME,
    StepDecay: STEP_DECAY,
    Exponential: EXPONENTIAL,
}
SET_CODES: dict[type[Any], int] = {WholeSpace: WHOLE_SPACE, Box: BOX, Ball: BALL}

STATES = 3  # arrays that an optimizer's state may have
WIDTH = 8  # numbers in a vector: one register of AVX-512, two of AVX2
BLOCK = 256  # samples that pass through the network together: few enough for the cache
# Numbers in a row of the passes' room: a block, and a vector more, since columns of rows of 2ⁿ
# bytes would share a few places of the cache. One length for all spares the kernels many products.
ROW = BLOCK + WIDTH


class Objective(NamedTuple):
    """A problem: layers (L, 5), their hyperparameters (L,), x (D, S), y (K, S), loss and penalty.

    A layer is fan-in, fan-out, the places in theta of its weights and of its biases (−1: none),
    and its activation's code. ``scale`` is A; R = l1·‖w‖₁ + (l2/2)·‖w‖² on theta·penalized.
    """

    layers: Indices
    hyperparameters: Array
    x: Array
    y: Array
    loss: int
    delta: float
    scale: float
    l1: float
    l2: float
    penalized: Array


class Method(NamedTuple):
    """How theta moves: codes with their numbers, the step gradient's scaling, and C.

    C is a box from ``low`` to ``high`` (P,), or a ball of ``radius`` around ``low``.
    ``data_order`` (S,) is all samples as they are.
    """

    optimizer: int
    numbers: Array
    schedule: int
    schedule_numbers: Array
    is_full: bool
    is_unbiased: bool
    feasible: int
    low: Array
    high: Array
    radius: float
    data_order: Indices


class Motion(NamedTuple):
    """What moves: theta (P,), the optimizer's state (3, P), and the gradient of a step (P,)."""

    theta: Array
    state: Array
    gradient: Array


class Trail(NamedTuple):
    """What n steps leave behind.

    thetas (n, P), or (1, P) with the last one alone; J (n,) where it is asked for; ``before``
    (4, P), theta and the optimizer's state before the last step; ``keys`` (m, 3, P), the
    optimizer's state at every so many steps.
    """

    thetas: Array
    values: Array
    before: Array
    keys: Array


class Work(NamedTuple):
    """Room for a block of samples on their way through N neurons, above their D inputs: n rows.

    First D + N rows of activations. Then begin, at the rows that are named here, slopes da/dz and
    deltas ∂e/∂z, of as many rows; a layer's inputs, turned; targets; and live, a row of W times the
    same factor and then zeros. One array has one address, which leaves registers to the numbers.
    """

    rows: Array
    slopes: int
    deltas: int
    turned: int
    targets: int
    live: int


def missing_twin(problem: Problem) -> str:
    """The name of an activation or a loss of the problem that is not compiled, or nothing."""
    names = [activation.name for activation in problem.network.activations]
    unknown = [name for name in names if name not in ACTIVATION_CODES]
    if problem.loss.name not in LOSS_CODES:
        unknown.append(problem.loss.name)
    return unknown[0] if unknown else ""


def missing_part(experiment: Experiment) -> str:
    """The same of an experiment, whose method counts too."""
    for part, codes in (
        (experiment.optimizer, OPTIMIZER_CODES),
        (experiment.schedule, SCHEDULE_CODES),
        (experiment.problem.feasible, SET_CODES),
    ):
        if type(part) not in codes:
            return type(part).__name__
    return missing_twin(experiment.problem)


def objective_of(problem: Problem) -> Objective:
    """The problem for a kernel.

    Its arrays are copies, since Numba compiles once more for one that is read-only.
    """
    network = problem.network
    layers = [
        [
            *(slots.shape[1], slots.shape[0], slots.w.start),
            *(-1 if slots.b is None else slots.b.start, ACTIVATION_CODES[activation.name]),
        ]
        for slots, activation in zip(network.layout, network.activations, strict=True)
    ]
    return Objective(
        np.array(layers),
        np.array([float(activation.value) for activation in network.activations]),
        problem.data.x_columns.copy(),
        problem.data.y_columns.copy(),
        LOSS_CODES[problem.loss.name],
        float(problem.loss.value),
        float(problem.scale),
        float(problem.penalty.l1),
        float(problem.penalty.l2),
        problem.penalized.copy(),
    )


def method_of(experiment: Experiment) -> Method:
    """The experiment's method for a kernel."""
    feasible = experiment.problem.feasible
    low = high = np.zeros(0)
    radius = 0.0
    if isinstance(feasible, Box):
        low, high = np.array(feasible.lo, float), np.array(feasible.hi, float)
    elif isinstance(feasible, Ball):
        low, radius = np.array(feasible.center, float), float(feasible.radius)
    return Method(
        OPTIMIZER_CODES[type(experiment.optimizer)],
        _numbers(experiment.optimizer),
        SCHEDULE_CODES[type(experiment.schedule)],
        _numbers(experiment.schedule),
        experiment.sampling.is_full,
        experiment.scaling == "unbiased",
        SET_CODES[type(feasible)],
        low,
        high,
        radius,
        np.arange(len(experiment.problem.data)),
    )


def _numbers(spec: Any) -> Array:
    """A spec's fields in their order, as numbers."""
    return np.array([float(getattr(spec, entry.name)) for entry in fields(spec)])
