"""The wire: specs as they stand in a file, made from the tables of specs, and back again."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import fields, replace
from functools import reduce
from operator import or_
from types import GenericAlias
from typing import Annotated, Any, NamedTuple, get_type_hints

import msgspec
import numpy as np

from mlpsim.core.activations import ACTIVATIONS, Activation, activation
from mlpsim.core.arrays import Array
from mlpsim.core.dataset import Dataset
from mlpsim.core.experiment import Experiment
from mlpsim.core.feasible import Ball, Box, WholeSpace
from mlpsim.core.features import Feature
from mlpsim.core.files.strict_json import DocumentError, decode_as
from mlpsim.core.held_out import HeldOut, Split
from mlpsim.core.losses import LOSSES, Loss, loss
from mlpsim.core.network import MAX_WIDTH, Network
from mlpsim.core.optimizers import OPTIMIZERS
from mlpsim.core.problem import Penalty, Problem, Reduction, Scaling
from mlpsim.core.sampling import Order, Sampling
from mlpsim.core.schedules import SCHEDULES
from mlpsim.core.starts import STARTS

FEASIBLE_SETS = (WholeSpace, Box, Ball)
MAX_VISITS = 1_000_000  # samples named by given batches
Integer = Annotated[int, msgspec.Meta(ge=-(2**63), le=2**63 - 1)]
Wire = Any  # what msgspec reads or writes


@contextmanager
def at(where: str) -> Iterator[None]:
    """Turn the ValueError of a spec into a DocumentError at this place."""
    try:
        yield
    except ValueError as error:
        raise DocumentError(f"{error}", where) from error


def struct(name: str, entries: list[Any], tag: str | None = None) -> type[Any]:
    """A msgspec struct that refuses keys it does not know; a tag is read from the key "name"."""
    options: dict[str, Any] = {"tag": tag, "tag_field": "name"} if tag else {}
    made: type[Any] = msgspec.defstruct(
        name, entries, forbid_unknown_fields=True, kw_only=True, **options
    )
    return made


def array_of(kind: Any) -> Any:
    """The type list[kind], for a kind that was made from a table."""
    return GenericAlias(list, (kind,))


def _union(kinds: list[Any]) -> Any:
    return reduce(or_, kinds)


# -- specs that are chosen from a table: {"name": "Adam", "learning_rate": 0.1, ...} ---------------


def _spec_struct(spec: type[Any], tag: str | None) -> type[Any]:
    hints = get_type_hints(spec)
    kinds = {int: Integer}
    entries: list[Any] = []
    for entry in fields(spec):
        kind = hints[entry.name]
        default = msgspec.NODEFAULT if entry.default is entry.default_factory else entry.default
        entries.append((entry.name, kinds.get(kind, kind), default))
    return struct(spec.__name__, entries, tag)


class _Table:
    """A family of specs and the tagged structs that stand for them."""

    def __init__(self, specs: tuple[type[Any], ...]) -> None:
        self._wires = {spec: _spec_struct(spec, spec.__name__) for spec in specs}
        self._specs = {wire: spec for spec, wire in self._wires.items()}
        self.kind = _union(list(self._specs))

    def write(self, spec: Any) -> Wire:
        values = {entry.name: getattr(spec, entry.name) for entry in fields(spec)}
        return self._wires[type(spec)](**values)

    def read(self, wire: Wire, where: str) -> Any:
        with at(where):
            return self._specs[type(wire)](**msgspec.structs.asdict(wire))


# -- functions that are chosen by name, some with one number: "tanh", {"name": "elu", "alpha": 1} --


class _Functions:
    """Activations or losses: a name, or a struct that holds the one hyperparameter."""

    def __init__(self, entries: tuple[Any, ...], make: Callable[[str, float | None], Any]) -> None:
        self._make = make
        self._wires: dict[str, type[Any]] = {
            entry.name: struct(entry.name, [(entry.hyperparameter, float, entry.value)], entry.name)
            for entry in entries
            if entry.hyperparameter
        }
        self.kind = _union([str, *self._wires.values()])

    def write(self, entry: Activation | Loss) -> Wire:
        if not entry.hyperparameter:
            return entry.name
        return self._wires[entry.name](**{entry.hyperparameter: entry.value})

    def read(self, wire: Wire, where: str) -> Any:
        with at(where):
            if isinstance(wire, str):
                return self._make(wire, None)
            (value,) = msgspec.structs.astuple(wire)
            return self._make(type(wire).__name__, value)


# -- data, network, sampling, penalty --------------------------------------------------------------

Rows = list[msgspec.Raw]
_FeatureWire = _spec_struct(Feature, None)
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
    [("data", _DataWire), ("places", list[Integer]), ("split", _spec_struct(Split, None))],
)
ACTIVATION = _Functions(ACTIVATIONS, activation)
LOSS = _Functions(LOSSES, loss)
_NetworkWire = struct(
    "Network",
    [("sizes", list[Integer]), ("activations", array_of(ACTIVATION.kind)), ("bias", list[bool])],
)
_PenaltyWire = _spec_struct(Penalty, None)


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


_OPTIMIZER, _SCHEDULE, _START = _Table(OPTIMIZERS), _Table(SCHEDULES), _Table(STARTS)
_FEASIBLE = _Table(FEASIBLE_SETS)
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
