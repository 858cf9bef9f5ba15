"""Structs of files, made from the fields of specs and from the tables that these stand in."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import fields
from functools import reduce
from operator import or_
from types import GenericAlias
from typing import Annotated, Any, get_type_hints

import msgspec

from mlpsim.core.activations import Activation
from mlpsim.core.files.strict_json import DocumentError
from mlpsim.core.losses import Loss

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


def spec_struct(spec: type[Any], tag: str | None = None) -> type[Any]:
    """The struct of a spec's fields, with their defaults."""
    hints = get_type_hints(spec)
    entries: list[Any] = []
    for entry in fields(spec):
        kind = hints[entry.name]
        default = msgspec.NODEFAULT if entry.default is entry.default_factory else entry.default
        entries.append((entry.name, Integer if kind is int else kind, default))
    return struct(spec.__name__, entries, tag)


# -- specs that are chosen from a table: {"name": "Adam", "learning_rate": 0.1, ...} ---------------


class Table:
    """A family of specs and the tagged structs that stand for them."""

    def __init__(self, specs: tuple[type[Any], ...]) -> None:
        self._wires = {spec: spec_struct(spec, spec.__name__) for spec in specs}
        self._specs = {wire: spec for spec, wire in self._wires.items()}
        self.kind = _union(list(self._specs))

    def write(self, spec: Any) -> Wire:
        """The struct that stands for a spec."""
        values = {entry.name: getattr(spec, entry.name) for entry in fields(spec)}
        return self._wires[type(spec)](**values)

    def read(self, wire: Wire, where: str) -> Any:
        """What a struct stands for; DocumentError with its place if that cannot be."""
        with at(where):
            return self._specs[type(wire)](**msgspec.structs.asdict(wire))


# -- functions that are chosen by name, some with one number: "tanh", {"name": "elu", "alpha": 1} --


class Functions:
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
        """The name of a function, or the struct with its number."""
        if not entry.hyperparameter:
            return entry.name
        return self._wires[entry.name](**{entry.hyperparameter: entry.value})

    def read(self, wire: Wire, where: str) -> Any:
        """The function of a name or struct; DocumentError with its place if there is none."""
        with at(where):
            if isinstance(wire, str):
                return self._make(wire, None)
            (value,) = msgspec.structs.astuple(wire)
            return self._make(type(wire).__name__, value)
