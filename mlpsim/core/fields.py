"""Number fields of specs: a default with the range, symbol and text that a form shows."""

from dataclasses import Field, dataclass, field, fields
from math import inf, isfinite
from typing import Any, TypeVar

Number = TypeVar("Number", int, float)


@dataclass(frozen=True)
class Range:
    """The closed range of a field, its symbol, and what it means."""

    lo: float
    hi: float
    symbol: str
    text: str


def number(
    default: Number, lo: float = 0.0, hi: float = inf, symbol: str = "", text: str = ""
) -> Number:
    """A dataclass field that carries its ``Range``."""
    value: Number = field(default=default, metadata={"range": Range(lo, hi, symbol, text)})
    return value


def range_of(entry: Field[Any]) -> Range | None:
    """The range of a field made by ``number``."""
    found: Range | None = entry.metadata.get("range")
    return found


def check_numbers(spec: Any) -> None:
    """ValueError naming the first number field of a spec that is outside its range."""
    for entry in fields(spec):
        limits = range_of(entry)
        if limits is None:
            continue
        value = getattr(spec, entry.name)
        name = entry.name.replace("_", " ")
        if not isfinite(value):
            raise ValueError(f"{name} {value!r} is not a finite number")
        if value < limits.lo:
            raise ValueError(f"{name} {value!r} is below {limits.lo:g}")
        if value > limits.hi:
            raise ValueError(f"{name} {value!r} is above {limits.hi:g}")
