"""Recorded presets, ``mlpsim-presets-1``: whole runs, and J, ‖∇J‖ and θ at some of their states."""

from dataclasses import replace
from typing import Literal

import msgspec
import numpy as np

from mlpsim.core.engine import Engine
from mlpsim.core.experiment import Experiment
from mlpsim.core.files.document import states
from mlpsim.core.files.strict_json import DocumentError, decode_as
from mlpsim.core.files.structs import Integer, at
from mlpsim.core.oracles.case import read_problem, read_rule, shaped
from mlpsim.core.oracles.comparison import Comparison
from mlpsim.core.oracles.optimizer_schema import OptimizerCase
from mlpsim.core.oracles.schema import FeasibleCase, ProblemCase
from mlpsim.core.oracles.strict import Strict, Vector
from mlpsim.core.problem import Penalty, Scaling
from mlpsim.core.sampling import Order, Sampling
from mlpsim.core.segment import Segment, able
from mlpsim.core.starts import Given

TOLERANCE = 2e-9
# In a chaotic run rounding is divided by rounding from the second step on.
CHAOTIC_FROM = 2


class FullCase(Strict, tag="full", tag_field="mode"):
    def spec(self) -> Sampling:
        return Sampling()


class MinibatchCase(Strict, tag="minibatch", tag_field="mode"):
    batch_size: Integer
    seed: Integer = 0
    replacement: bool = False

    def spec(self) -> Sampling:
        order: Order = "with_replacement" if self.replacement else "without_replacement"
        return Sampling(self.batch_size, order, self.seed)


class StateCase(Strict):
    step: Integer
    objective: float | None = None
    grad_norm: float | None = None
    w: Vector | None = None


class VariantCase(ProblemCase):
    name: str
    start: Vector
    steps: Integer
    optimizer: OptimizerCase
    sampling: FullCase | MinibatchCase
    scaling: Scaling
    expect: list[StateCase]
    constraint: FeasibleCase | None = None
    l1: float = 0.0
    l2: float = 0.0
    chaotic: bool = False


class PresetCase(Strict):
    id: str
    variants: list[VariantCase]
    title: str = ""
    say: str = ""
    see: str = ""
    view: msgspec.Raw = msgspec.Raw(b"null")


class PresetsWire(Strict):
    schema: Literal["mlpsim-presets-1"]
    presets: list[PresetCase]


def check_presets(data: bytes, engine: Engine | None) -> list[Comparison]:
    """A comparison of each variant in scanned JSON; DocumentError if it cannot be read."""
    return [
        _check_variant(preset.id, variant, f"$.presets[{i}].variants[{j}]", engine)
        for i, preset in enumerate(decode_as(data, PresetsWire).presets)
        for j, variant in enumerate(preset.variants)
    ]


def _check_variant(
    preset: str, variant: VariantCase, where: str, engine: Engine | None
) -> Comparison:
    experiment = read_variant(variant, where)
    expected: dict[int, list[tuple[StateCase, str]]] = {}
    for i, entry in enumerate(variant.expect):
        place = f"{where}.expect[{i}]"
        if not 0 <= entry.step <= variant.steps:
            raise DocumentError(f"Step {entry.step} is not from 0 to {variant.steps}", place)
        if not variant.chaotic or entry.step < CHAOTIC_FROM:
            expected.setdefault(entry.step, []).append((entry, place))
    compared = ", first step" if variant.chaotic else ""
    found = Comparison(f"{preset}, {variant.name}{compared}", TOLERANCE)
    # Replayed as written: the start is not projected.
    segment = Segment(0, experiment, tuple(variant.start), engine=able(engine, experiment))
    problem, shape = experiment.problem, (experiment.problem.network.n_params,)
    for _, state in states((segment,), max(expected, default=0)):
        for entry, place in expected.get(state.k, ()):
            if entry.objective is not None:
                found.add(problem.value(state.theta), entry.objective, f"{place}.objective")
            if entry.grad_norm is not None:
                norm = float(np.linalg.norm(problem.gradient(state.theta)))
                found.add(norm, entry.grad_norm, f"{place}.grad_norm")
            if entry.w is not None:
                found.add(state.theta, shaped(entry.w, shape, f"{place}.w"), f"{place}.w")
    return found


def read_variant(variant: VariantCase, where: str) -> Experiment:
    """The experiment of the variant that stands at a place."""
    with at(where):
        penalty = Penalty(variant.l1, variant.l2)
    problem = read_problem(variant, penalty, where)
    shaped(variant.start, (problem.network.n_params,), f"{where}.start")
    if variant.constraint is not None:
        with at(f"{where}.constraint"):
            problem = replace(problem, feasible=variant.constraint.spec())
    optimizer, schedule = read_rule(variant.optimizer, f"{where}.optimizer")
    with at(f"{where}.sampling"):
        sampling = variant.sampling.spec()
    start = Given(tuple(variant.start))
    with at(where):
        return Experiment(problem, optimizer, schedule, sampling, variant.scaling, start)
