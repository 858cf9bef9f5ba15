"""The optimizers and schedules of recorded runs, key by key."""

from mlpsim.core.files.structs import Integer
from mlpsim.core.optimizer import Optimizer
from mlpsim.core.optimizers import (
    AdaGrad,
    Adam,
    AdamW,
    GradientDescent,
    Momentum,
    RMSProp,
    VariableRate,
)
from mlpsim.core.oracles.strict import Strict
from mlpsim.core.schedules import Exponential, InverseTime, Schedule, StepDecay
from mlpsim.core.second_order import ConjugateGradient, LevenbergMarquardt, Newton


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


class VariableRateCase(Rated, tag="variable_rate", tag_field="name"):
    momentum: float = 0.0
    growth: float = 1.05
    shrinkage: float = 0.7
    tolerance: float = 0.04

    def spec(self) -> Optimizer:
        return VariableRate(self.lr, self.momentum, self.growth, self.shrinkage, self.tolerance)


class LevenbergMarquardtCase(Rated, tag="levenberg_marquardt", tag_field="name"):
    damping: float = 0.01
    factor: float = 10.0

    def spec(self) -> Optimizer:
        return LevenbergMarquardt(self.lr, self.damping, self.factor)


OptimizerCase = (
    SgdCase
    | VariableRateCase
    | AdaGradCase
    | RMSPropCase
    | AdamCase
    | AdamWCase
    | NewtonCase
    | ConjugateGradientCase
    | LevenbergMarquardtCase
)
