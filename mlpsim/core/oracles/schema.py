"""The objects that recorded numbers are made of, key by key: ``mlpsim-oracle/1`` and its parts."""

from typing import Literal

import msgspec

from mlpsim.core.activations import Activation, activation
from mlpsim.core.feasible import Ball, Box, FeasibleSet
from mlpsim.core.files.wire import Integer
from mlpsim.core.optimizer import Optimizer
from mlpsim.core.optimizers import AdaGrad, Adam, AdamW, GradientDescent, Momentum, RMSProp
from mlpsim.core.problem import Penalty, Reduction, Scaling
from mlpsim.core.schedules import Exponential, InverseTime, Schedule, StepDecay
from mlpsim.core.second_order import ConjugateGradient, Newton

Vector = list[float]
Matrix = list[Vector]


class Strict(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """An object of the schema: a key that is not listed is refused."""


# -- the problem -----------------------------------------------------------------------------------


class ActivationCase(Strict):
    name: str
    slope: float | None = None
    alpha: float | None = None

    def spec(self) -> Activation:
        given = {
            key: v for key, v in (("slope", self.slope), ("alpha", self.alpha)) if v is not None
        }
        expected = activation(self.name).hyperparameter
        for key in given:
            if key != expected:
                raise ValueError(f"{self.name} has no {key}")
        return activation(self.name, given.get(expected))


class NetworkCase(Strict):
    sizes: list[Integer]
    activations: list[str | ActivationCase]
    bias: list[bool]


class LossCase(Strict):
    name: str
    reduction: Reduction
    delta: float | None = None


class DataCase(Strict):
    x: list[msgspec.Raw]
    y: list[msgspec.Raw]


class ProblemCase(Strict):
    network: NetworkCase
    loss: LossCase
    data: DataCase


class RegularizationCase(Strict):
    l1: float = 0.0
    l2: float = 0.0
    include_bias: bool = False

    def spec(self) -> Penalty:
        return Penalty(self.l1, self.l2, self.include_bias)


class ParamsCase(Strict):
    weights: list[Matrix]
    biases: list[Vector | None]


# -- what is expected ------------------------------------------------------------------------------


class HvpCase(Strict):
    v: Vector
    Hv: Vector


class ExpectedCase(Strict):
    n_params: Integer | None = None
    pre_activations: list[Matrix] | None = None
    activations: list[Matrix] | None = None
    per_sample_loss: Vector | None = None
    data_loss_sum: float | None = None
    regularization: float | None = None
    objective: float | None = None
    per_sample_gradient: Matrix | None = None
    data_gradient_sum: Vector | None = None
    objective_gradient: Vector | None = None
    objective_hessian: Matrix | None = None
    hvp: HvpCase | None = None


# -- optimizers, schedules, projections ------------------------------------------------------------


class InverseTimeCase(Strict, tag="inverse_time", tag_field="name"):
    decay: float

    def spec(self) -> Schedule:
        return InverseTime(self.decay)


class StepCase(Strict, tag="step", tag_field="name"):
    gamma: float
    every: Integer

    def spec(self) -> Schedule:
        return StepDecay(self.gamma, self.every)


class ExponentialCase(Strict, tag="exponential", tag_field="name"):
    gamma: float

    def spec(self) -> Schedule:
        return Exponential(self.gamma)


class Rated(Strict):
    lr: float
    schedule: InverseTimeCase | StepCase | ExponentialCase | None = None


class SgdCase(Rated, tag="sgd", tag_field="name"):
    momentum: float = 0.0
    dampening: float = 0.0
    nesterov: bool = False

    def spec(self) -> Optimizer:
        # PyTorch looks at the dampening only where there is a momentum.
        if self.momentum == 0.0 and not self.nesterov:
            return GradientDescent(self.lr)
        return Momentum(self.lr, self.momentum, self.dampening, self.nesterov)


class AdaGradCase(Rated, tag="adagrad", tag_field="name"):
    lr_decay: float = 0.0
    initial_accumulator: float = 0.0
    eps: float = 1e-10

    def spec(self) -> Optimizer:
        return AdaGrad(self.lr, self.lr_decay, self.initial_accumulator, self.eps)


class RMSPropCase(Rated, tag="rmsprop", tag_field="name"):
    alpha: float = 0.99
    eps: float = 1e-8
    momentum: float = 0.0
    centered: bool = False

    def spec(self) -> Optimizer:
        return RMSProp(self.lr, self.alpha, self.eps, self.momentum, self.centered)


class AdamCase(Rated, tag="adam", tag_field="name"):
    betas: tuple[float, float] = (0.9, 0.999)
    eps: float = 1e-8
    amsgrad: bool = False

    def spec(self) -> Optimizer:
        return Adam(self.lr, *self.betas, self.eps, self.amsgrad)


class AdamWCase(Rated, tag="adamw", tag_field="name"):
    betas: tuple[float, float] = (0.9, 0.999)
    eps: float = 1e-8
    amsgrad: bool = False
    weight_decay: float = 0.01

    def spec(self) -> Optimizer:
        return AdamW(self.lr, *self.betas, self.eps, self.amsgrad, self.weight_decay)


class NewtonCase(Rated, tag="newton", tag_field="name"):
    damping: float = 0.0
    saddle_free: bool = False

    def spec(self) -> Optimizer:
        return Newton(self.lr, self.damping, self.saddle_free)


class ConjugateGradientCase(Rated, tag="conjugate_gradient", tag_field="name"):
    damping: float = 0.0
    restart: Integer = 0

    def spec(self) -> Optimizer:
        return ConjugateGradient(self.lr, self.damping, self.restart)


OptimizerCase = (
    SgdCase | AdaGradCase | RMSPropCase | AdamCase | AdamWCase | NewtonCase | ConjugateGradientCase
)


class BoxCase(Strict, tag="box", tag_field="type"):
    lo: Vector
    hi: Vector

    def spec(self) -> FeasibleSet:
        return Box(tuple(self.lo), tuple(self.hi))


class BallCase(Strict, tag="ball", tag_field="type"):
    center: Vector
    radius: float

    def spec(self) -> FeasibleSet:
        return Ball(tuple(self.center), self.radius)


FeasibleCase = BoxCase | BallCase


class RunCase(Strict):
    name: str
    optimizer: OptimizerCase
    batches: list[msgspec.Raw]
    scaling: Scaling
    recorded_steps: list[Integer]
    trajectory: Matrix
    objective: Vector
    projection: FeasibleCase | None = None
    start: Vector | None = None
    record_every: Integer = 1
    first_step_gradients: Matrix = []
    diverged_at: Integer | None = None


# -- slices ----------------------------------------------------------------------------------------


class TwoWeightsCase(Strict, tag="two_weights", tag_field="kind"):
    params: tuple[Integer, Integer]
    origin: Vector
    xs: Vector
    ys: Vector
    values: Matrix = msgspec.field(name="values_[y][x]")


class DirectionsCase(Strict, tag="directions", tag_field="kind"):
    origin: Vector
    d1: Vector
    d2: Vector
    alphas: Vector
    betas: Vector
    values: Matrix = msgspec.field(name="values_[b][a]")


class FilterNormalisedCase(Strict, tag="filter_normalised", tag_field="kind"):
    origin: Vector
    raw1: Vector
    raw2: Vector
    alphas: Vector
    betas: Vector
    values: Matrix = msgspec.field(name="values_[b][a]")
    normalised1: Vector | None = None
    normalised2: Vector | None = None


class PcaCase(Strict, tag="pca", tag_field="kind"):
    run: Integer
    origin: Vector
    d1: Vector
    d2: Vector
    coordinates: Matrix
    projection_error: Vector | None = None
    explained_variance_ratio: Vector | None = None


SliceCase = TwoWeightsCase | DirectionsCase | FilterNormalisedCase | PcaCase


class CaseWire(ProblemCase):
    schema: Literal["mlpsim-oracle/1"]
    params0: ParamsCase
    expected: ExpectedCase
    id: str = ""
    description: str = ""
    regularization: RegularizationCase = msgspec.field(default_factory=RegularizationCase)
    runs: list[RunCase] = []
    slices: list[SliceCase] = []
