"""Cases: what another program computed, read strictly and turned into this one's specs."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from mlpsim.core.activations import Activation
from mlpsim.core.arrays import Array, Indices
from mlpsim.core.dataset import Dataset
from mlpsim.core.experiment import Experiment
from mlpsim.core.files.strict_json import MAX_ENTRIES, DocumentError, decode_as
from mlpsim.core.files.structs import Integer, array_of, at
from mlpsim.core.files.wire import matrix
from mlpsim.core.losses import loss
from mlpsim.core.network import Network
from mlpsim.core.optimizer import Optimizer
from mlpsim.core.oracles.optimizer_schema import OptimizerCase
from mlpsim.core.oracles.schema import (
    ActivationCase,
    CaseWire,
    ExpectedCase,
    ParamsCase,
    ProblemCase,
    RunCase,
    SliceCase,
)
from mlpsim.core.problem import Penalty, Problem
from mlpsim.core.sampling import Sampling
from mlpsim.core.schedules import Constant, Schedule
from mlpsim.core.segment import Segment
from mlpsim.core.starts import Given


@dataclass(frozen=True)
class ExpectedRun:
    """A run to replay, and what it should give: states (n, P), J (n,), gradients (m, P)."""

    name: str
    where: str
    segment: Segment
    steps: int
    recorded: Indices
    thetas: Array
    values: Array
    gradients: Array
    diverged_at: int | None


@dataclass(frozen=True)
class Case:
    """A problem, the parameters theta (P,) it is looked at, and what is expected there."""

    id: str
    description: str
    problem: Problem
    theta: Array
    expected: ExpectedCase
    runs: tuple[ExpectedRun, ...]
    slices: tuple[SliceCase, ...]


def read_case(data: bytes) -> Case:
    """The case in scanned JSON; DocumentError says what is wrong, where, and what to do."""
    wire = decode_as(data, CaseWire)
    with at("$.regularization"):
        penalty = wire.regularization.spec()
    problem = read_problem(wire, penalty, "$")
    theta = _read_params(wire.params0, problem.network)
    runs = tuple(_read_run(run, problem, theta, f"$.runs[{i}]") for i, run in enumerate(wire.runs))
    at_theta = problem, theta, wire.expected
    return Case(wire.id, wire.description, *at_theta, runs, tuple(wire.slices))


def shaped(values: Any, shape: tuple[int, ...], where: str) -> Array:
    """The numbers as an array of this shape; DocumentError names the place where it differs."""
    if shape and len(values) != shape[0]:
        raise DocumentError(f"It has {len(values)} entries, not {shape[0]}", where)
    if len(shape) > 1:
        for i, part in enumerate(values):
            shaped(part, shape[1:], f"{where}[{i}]")
    return np.array(values, dtype=np.float64).reshape(shape)


def check_places(places: Sequence[int], count: int, kind: str, where: str) -> None:
    """DocumentError unless each is one of so many, counted from 0 as everywhere in the file."""
    for i, place in enumerate(places):
        if not 0 <= place < count:
            what = f"There is no {kind} {place}; there are 0 to {count - 1}"
            raise DocumentError(what, f"{where}[{i}]")


def _check_width(rows: Array, size: int, kind: str, where: str) -> None:
    if rows.shape[1] != size:
        what = f"Its rows have {rows.shape[1]} numbers, the network has {size} {kind}"
        raise DocumentError(what, where)


def read_problem(wire: ProblemCase, penalty: Penalty, where: str) -> Problem:
    """The problem over all parameters that stands at a place."""
    activations = tuple(
        _read_activation(entry, f"{where}.network.activations[{layer}]")
        for layer, entry in enumerate(wire.network.activations)
    )
    with at(f"{where}.network"):
        network = Network(tuple(wire.network.sizes), activations, tuple(wire.network.bias))
    x = matrix(wire.data.x, f"{where}.data.x", MAX_ENTRIES)
    y = matrix(wire.data.y, f"{where}.data.y", MAX_ENTRIES)
    with at(f"{where}.data"):
        data = Dataset(x, y)
    _check_width(x, network.sizes[0], "inputs", f"{where}.data.x")
    _check_width(y, network.sizes[-1], "outputs", f"{where}.data.y")
    with at(f"{where}.loss"):
        error = loss(wire.loss.name, wire.loss.delta)
    if error.labels == "plus_minus_one":
        for s, k in np.argwhere(np.abs(y) != 1.0)[:1]:
            raise DocumentError(
                f"{error.name} takes -1 and +1 as targets, not {y[s, k]}",
                f"{where}.data.y[{s}][{k}]",
            )
    with at(where):
        return Problem(data, network, error, wire.loss.reduction, penalty)


def read_rule(wire: OptimizerCase, where: str) -> tuple[Optimizer, Schedule]:
    """The optimizer that stands at a place, and the schedule in it."""
    with at(where):
        optimizer = wire.spec()
    with at(f"{where}.schedule"):
        return optimizer, wire.schedule.spec() if wire.schedule else Constant()


def _read_activation(entry: str | ActivationCase, where: str) -> Activation:
    case = ActivationCase(name=entry) if isinstance(entry, str) else entry
    with at(where):
        return case.spec()


def _read_params(wire: ParamsCase, network: Network) -> Array:
    """theta (P,) from matrices and vectors."""
    parts = []
    for name, values in (("weights", wire.weights), ("biases", wire.biases)):
        if len(values) != network.depth:
            raise DocumentError(
                f"It has {len(values)} entries for {network.depth} layers", f"$.params0.{name}"
            )
    for layer, slots in enumerate(network.layout):
        where = f"$.params0.weights[{layer}]"
        parts.append(shaped(wire.weights[layer], slots.shape, where).reshape(-1))
        where = f"$.params0.biases[{layer}]"
        biases = wire.biases[layer]
        if (biases is None) != (slots.b is None):
            raise DocumentError("The biases contradict the network's bias switch", where)
        if biases is not None:
            parts.append(shaped(biases, slots.shape[:1], where))
    return np.concatenate(parts)


def _read_run(wire: RunCase, problem: Problem, theta: Array, where: str) -> ExpectedRun:
    n_params = problem.network.n_params
    if wire.start is not None:
        theta = shaped(wire.start, (n_params,), f"{where}.start")
    start = tuple(theta.tolist())
    batches = tuple(
        tuple(decode_as(raw, array_of(Integer), f"{where}.batches[{i}]"))
        for i, raw in enumerate(wire.batches)
    )
    optimizer, schedule = read_rule(wire.optimizer, f"{where}.optimizer")
    for i, batch in enumerate(batches):
        check_places(batch, len(problem.data), "sample", f"{where}.batches[{i}]")
    if wire.projection is not None:
        with at(f"{where}.projection"):
            problem = replace(problem, feasible=wire.projection.spec())
    with at(f"{where}.batches"):
        is_full = set(batches) <= {tuple(range(len(problem.data)))}
        sampling = Sampling() if is_full else Sampling(order="given", batches=batches)
        experiment = Experiment(problem, optimizer, schedule, sampling, wire.scaling, Given(start))
    _check_record(wire, where)
    count = len(wire.recorded_steps)
    return ExpectedRun(
        wire.name,
        where,
        # Replayed as written: the start is not projected.
        Segment(0, experiment, start),
        len(batches),
        np.array(wire.recorded_steps, dtype=np.intp),
        shaped(wire.trajectory, (count, n_params), f"{where}.trajectory"),
        shaped(wire.objective, (count,), f"{where}.objective"),
        shaped(
            wire.first_step_gradients,
            (min(len(wire.first_step_gradients), len(batches)), n_params),
            f"{where}.first_step_gradients",
        ),
        wire.diverged_at,
    )


def _check_record(wire: RunCase, where: str) -> None:
    """DocumentError unless the recorded steps ascend within the run, as often as it says."""
    if wire.record_every < 1:
        raise DocumentError("It is below 1", f"{where}.record_every")
    last = len(wire.batches)
    if wire.diverged_at is not None:
        if not 1 <= wire.diverged_at <= last:
            raise DocumentError(f"It is not from 1 to {last}", f"{where}.diverged_at")
        last = wire.diverged_at - 1
    before = -1
    for i, k in enumerate(wire.recorded_steps):
        place = f"{where}.recorded_steps[{i}]"
        if not before < k <= last:
            possible = f"from {before + 1} to {last}" if before < last else f"up to {last}"
            raise DocumentError(f"Step {k} is not {possible}", place)
        if k % wire.record_every and k != last:
            raise DocumentError(f"Step {k} is no multiple of {wire.record_every}", place)
        before = k
