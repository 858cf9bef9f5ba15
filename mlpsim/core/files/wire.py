"""The wire: an experiment as it stands in a file, part by part, and back again."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, NamedTuple

import msgspec
import numpy as np

from mlpsim.core.activations import ACTIVATIONS, activation
from mlpsim.core.arrays import Array
from mlpsim.core.dataset import Dataset
from mlpsim.core.experiment import Experiment
from mlpsim.core.feasible import Ball, Box, WholeSpace
from mlpsim.core.features import Feature
from mlpsim.core.files.strict_json import DocumentError, decode_as
from mlpsim.core.files.structs import (
    Functions,
    Integer,
    Table,
    Wire,
    array_of,
    at,
    spec_struct,
    struct,
)
from mlpsim.core.held_out import HeldOut, Split
from mlpsim.core.losses import LOSSES, loss
from mlpsim.core.network import MAX_WIDTH, Network
from mlpsim.core.optimizers import OPTIMIZERS
from mlpsim.core.problem import Penalty, Problem, Reduction, Scaling
from mlpsim.core.sampling import Order, Sampling
from mlpsim.core.schedules import SCHEDULES
from mlpsim.core.starts import STARTS

FEASIBLE_SETS = (WholeSpace, Box, Ball)
MAX_VISITS = 1_000_000  # samples named by given batches


# -- data, network, sampling, penalty --------------------------------------------------------------

Rows = list[msgspec.Raw]
_FeatureWire = spec_struct(Feature)
_DataWire = struct(
    "Data",
    [
        ("x", Rows),
        ("y", Rows),
        ("features", array_of(_FeatureWire), msgspec.field(default_factory=list)),
        ("labels", list[str], msgspec.field(default_factory=list)),
    ],
)
_SamplingWire = struct(
    "Sampling",
    [
        ("batch_size", Integer | None, None),
        ("order", Order, "without_replacement"),
        ("seed", Integer, 0),
        ("batches", Rows, msgspec.field(default_factory=list)),
    ],
)
_HeldOutWire = struct(
    "HeldOut",
    [("data", _DataWire), ("places", list[Integer]), ("split", spec_struct(Split))],
)
ACTIVATION = Functions(ACTIVATIONS, activation)
LOSS = Functions(LOSSES, loss)
_NetworkWire = struct(
    "Network",
    [("sizes", list[Integer]), ("activations", array_of(ACTIVATION.kind)), ("bias", list[bool])],
)
_PenaltyWire = spec_struct(Penalty)


def matrix(rows: Rows, where: str, widest: int = MAX_WIDTH) -> Array:
    """Rows of numbers as an array (n, width ≤ widest), read one by one; ragged rows are refused."""
    width = len(decode_as(rows[0], list[float], f"{where}[0]")) if rows else 0
    if width > widest:
        raise DocumentError(f"A row has {width} numbers; {widest} are possible", f"{where}[0]")
    array = np.empty((len(rows), width))
    for i, raw in enumerate(rows):
        row = decode_as(raw, list[float], f"{where}[{i}]")
        if len(row) != width:
            raise DocumentError(f"The row has {len(row)} numbers, not {width}", f"{where}[{i}]")
        array[i] = row
    return array


def _write_data(data: Dataset) -> Wire:
    wire: dict[str, Wire] = {"x": data.x.tolist(), "y": data.y.tolist()}
    if data.features:
        wire["features"] = data.features
    if data.labels:
        wire["labels"] = data.labels
    return wire


def _read_data(wire: Wire, where: str) -> Dataset:
    x, y = matrix(wire.x, f"{where}.x"), matrix(wire.y, f"{where}.y")
    features = []
    for j, feature in enumerate(wire.features):
        with at(f"{where}.features[{j}]"):
            features.append(Feature(**msgspec.structs.asdict(feature)))
    with at(where):
        return Dataset(x, y, tuple(features), tuple(wire.labels))


def _write_held_out(held_out: HeldOut | None) -> Wire:
    if held_out is None:
        return None
    wire = {"data": _write_data(held_out.data)}
    return wire | {"places": held_out.places, "split": held_out.split}


def _read_held_out(wire: Wire, where: str) -> HeldOut | None:
    if wire is None:
        return None
    data = _read_data(wire.data, f"{where}.data")
    with at(f"{where}.split"):
        split = Split(**msgspec.structs.asdict(wire.split))
    with at(where):
        return HeldOut(data, tuple(wire.places), split)


def _write_network(network: Network) -> Wire:
    activations = [ACTIVATION.write(entry) for entry in network.activations]
    return {"sizes": network.sizes, "activations": activations, "bias": network.bias}


def _read_network(wire: Wire, where: str) -> Network:
    activations = tuple(
        ACTIVATION.read(entry, f"{where}.activations[{layer}]")
        for layer, entry in enumerate(wire.activations)
    )
    with at(where):
        return Network(tuple(wire.sizes), activations, tuple(wire.bias)).within_limits()


def _read_sampling(wire: Wire, where: str) -> Sampling:
    visits = sum(bytes(raw).count(b",") + 1 for raw in wire.batches)
    if visits > MAX_VISITS:
        raise DocumentError(
            f"The given batches name {visits} samples; {MAX_VISITS} are possible",
            f"{where}.batches",
        )
    batches = tuple(
        tuple(decode_as(raw, list[Integer], f"{where}.batches[{i}]"))
        for i, raw in enumerate(wire.batches)
    )
    with at(where):
        return Sampling(wire.batch_size, wire.order, wire.seed, batches)


def _read_penalty(wire: Wire, where: str) -> Penalty:
    with at(where):
        return Penalty(**msgspec.structs.asdict(wire))


def _same(value: Wire, where: str = "") -> Any:
    return value


# -- the experiment as its parts -------------------------------------------------------------------


class Part(NamedTuple):
    """One part of an experiment: its key in the file, its type there, the way there and back."""

    name: str
    kind: Any
    write: Callable[[Any], Wire]
    read: Callable[[Wire, str], Any]


_OPTIMIZER, _SCHEDULE, _START = Table(OPTIMIZERS), Table(SCHEDULES), Table(STARTS)
_FEASIBLE = Table(FEASIBLE_SETS)
_PROBLEM_PARTS = (
    Part("data", _DataWire, _write_data, _read_data),
    Part("network", _NetworkWire, _write_network, _read_network),
    Part("loss", LOSS.kind, LOSS.write, LOSS.read),
    Part("reduction", Reduction, _same, _same),
    Part("penalty", _PenaltyWire, _same, _read_penalty),
    Part("feasible", _FEASIBLE.kind, _FEASIBLE.write, _FEASIBLE.read),
)
_OTHER_PARTS = (
    Part("optimizer", _OPTIMIZER.kind, _OPTIMIZER.write, _OPTIMIZER.read),
    Part("schedule", _SCHEDULE.kind, _SCHEDULE.write, _SCHEDULE.read),
    Part("sampling", _SamplingWire, _same, _read_sampling),
    Part("scaling", Scaling, _same, _same),
    Part("start", _START.kind, _START.write, _START.read),
    Part("held_out", _HeldOutWire | None, _write_held_out, _read_held_out),
)
_PARTS = _PROBLEM_PARTS + _OTHER_PARTS
_OPTIONAL = [(part.name, part.kind | msgspec.UnsetType, msgspec.UNSET) for part in _PARTS]
ExperimentWire = struct(
    "Experiment",
    [(part.name, part.kind) for part in _PARTS[:2]] + _OPTIONAL[2:],
)
_ChangesWire = struct("Changes", _OPTIONAL)
# The entry of a wire that holds what it changes of a base.
CHANGES = ("changes", _ChangesWire | msgspec.UnsetType, msgspec.UNSET)


def _parts(experiment: Experiment) -> dict[str, Any]:
    return {
        part.name: getattr(experiment.problem if part in _PROBLEM_PARTS else experiment, part.name)
        for part in _PARTS
    }


def write_experiment(experiment: Experiment, base: Experiment | None = None) -> dict[str, Wire]:
    """The parts that an experiment has, or those in which it differs from a base."""
    parts = _parts(experiment)
    old = dict.fromkeys(parts) if base is None else _parts(base)
    return {
        part.name: part.write(parts[part.name])
        for part in _PARTS
        if parts[part.name] != old[part.name]
    }


def read_experiment(wire: Wire, where: str, base: Experiment | None = None) -> Experiment:
    """The experiment of an ``ExperimentWire``, or of the changes and their base."""
    parts = {
        part.name: part.read(getattr(wire, part.name), f"{where}.{part.name}")
        for part in _PARTS
        if getattr(wire, part.name) is not msgspec.UNSET
    }
    problem_parts = {
        part.name: parts.pop(part.name) for part in _PROBLEM_PARTS if part.name in parts
    }
    with at(where):
        if base is None:
            return Experiment(Problem(**problem_parts), **parts)
        # Unchanged data stay one object, however many segments share them.
        problem = replace(base.problem, **problem_parts) if problem_parts else base.problem
        return replace(base, problem=problem, **parts)


def read_changed(wire: Wire, base: Experiment, where: str) -> Experiment:
    """The base with what a wire with the entry ``CHANGES`` changes of it."""
    if wire.changes is msgspec.UNSET:
        return base
    return read_experiment(wire.changes, f"{where}.changes", base)
