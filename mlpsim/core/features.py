"""Features: what an input is called, its unit, and whether it is computed from others."""

from dataclasses import dataclass
from math import isfinite
from typing import Literal

import numpy as np

from mlpsim.core.arrays import Array

MAX_NAME = 60  # letters
MAX_FACTORS = 8

Function = Literal["", "product", "sin"]


@dataclass(frozen=True)
class Feature:
    """What an input is called, and its unit: x = (as measured − shift) / scale.

    With a ``function`` it is not measured but computed from others as they were measured: the
    product of the inputs ``of`` (from 0; one that stands there twice is squared), or the sine of
    one.
    """

    name: str = ""
    shift: float = 0.0
    scale: float = 1.0
    function: Function = ""
    of: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        check_name(self.name)
        if not isfinite(self.shift):
            raise ValueError(f"the shift {self.shift!r} of an input is not a finite number")
        if not (isfinite(self.scale) and self.scale > 0.0):
            raise ValueError(f"the scale {self.scale!r} of an input is not above 0")
        fewest, most = {"": (0, 0), "product": (2, MAX_FACTORS), "sin": (1, 1)}[self.function]
        if not fewest <= len(self.of) <= most:
            what = f"{self.function} of" if self.function else "an input that is measured, from"
            raise ValueError(f"{what} {len(self.of)} inputs; {fewest} to {most} are possible")

    @property
    def is_scaled(self) -> bool:
        """Whether x differs from what was measured."""
        return (self.shift, self.scale) != (0.0, 1.0)


def check_name(name: str) -> None:
    """ValueError for the name of an input or a class that is too long."""
    if len(name) > MAX_NAME:
        raise ValueError(
            f"the name “{name[:20]}…” has {len(name)} letters; {MAX_NAME} are possible"
        )


def check_computed(features: tuple[Feature, ...]) -> None:
    """ValueError unless every computed input comes from measured ones before it."""
    for j, feature in enumerate(features):
        for i in feature.of:
            if not 0 <= i < j or features[i].function:
                raise ValueError(
                    f"input {j + 1} is computed from input {i + 1}, which has to be measured, and"
                    " to stand before it"
                )


@np.errstate(all="ignore")
def compute(columns: Array, features: tuple[Feature, ...]) -> None:
    """Write the computed inputs into the rows that are theirs of inputs (D, n), in place.

    What is beyond all floats becomes infinite without a word.
    """
    for row, feature in zip(columns, features, strict=False):
        if feature.function:
            measured = [columns[i] * features[i].scale + features[i].shift for i in feature.of]
            values = np.sin(measured[0]) if feature.function == "sin" else np.prod(measured, axis=0)
            row[...] = (values - feature.shift) / feature.scale
