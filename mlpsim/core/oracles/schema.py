"""The objects that recorded numbers are made of, key by key: ``mlpsim-oracle/1`` and its parts."""

from typing import Literal

import msgspec

from mlpsim.core.activations import Activation, activation
from mlpsim.core.feasible import Ball, Box, FeasibleSet
from mlpsim.core.files.structs import Integer
from mlpsim.core.oracles.optimizer_schema import OptimizerCase
from mlpsim.core.oracles.strict import Matrix, Strict, Vector
from mlpsim.core.problem import Penalty, Reduction, Scaling

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


# -- projections and runs --------------------------------------------------------------------------


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
    first_step_gradients: Matrix = msgspec.field(default_factory=list)
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
    runs: list[RunCase] = msgspec.field(default_factory=list)
    slices: list[SliceCase] = msgspec.field(default_factory=list)
