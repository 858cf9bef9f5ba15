"""The training data: inputs and targets of S samples."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np

from mlpsim.core.arrays import Array, Indices, frozen_matrix
from mlpsim.core.features import Feature, check_computed, check_name, compute

MAX_SAMPLES = 100_000


class Columns(NamedTuple):
    """Samples as columns: x (..., D, B), y (..., K, B), and 1 - y."""

    x: Array
    y: Array
    y_complement: Array


@dataclass(frozen=True, eq=False)
class Dataset:
    """Inputs x (S, D) and targets y (S, K), read-only; equal when every number and name is.

    ``features`` tells about the inputs, and is empty where nothing is known; inputs that are
    computed are so here, whatever x holds. ``labels`` names the targets, or the two classes of a
    single column; it may be empty too.
    """

    x: Array
    y: Array
    features: tuple[Feature, ...] = ()
    labels: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "x", frozen_matrix(self.x, "x"))
        object.__setattr__(self, "y", frozen_matrix(self.y, "y"))
        if all(feature == Feature() for feature in self.features):
            object.__setattr__(self, "features", ())
        if len(self.x) != len(self.y):
            raise ValueError(f"{len(self.x)} inputs, but {len(self.y)} targets")
        if not 1 <= len(self.x) <= MAX_SAMPLES:
            raise ValueError(f"{len(self.x)} samples; 1 to {MAX_SAMPLES} are possible")
        if len(self.features) not in (0, self.n_features):
            raise ValueError(f"{len(self.features)} features for {self.n_features} inputs")
        check_computed(self.features)
        if len(self.measured) < self.n_features:
            object.__setattr__(self, "x", frozen_matrix(self.with_computed(self.x), "x"))
        if len(self.labels) not in (0, self.n_outputs, max(2, self.n_outputs)):
            raise ValueError(f"{len(self.labels)} labels for {self.n_outputs} targets")
        for label in self.labels:
            check_name(label)

    def __len__(self) -> int:
        return len(self.x)

    @property
    def n_features(self) -> int:
        return int(self.x.shape[1])

    @property
    def n_outputs(self) -> int:
        return int(self.y.shape[1])

    @property
    def each_feature(self) -> tuple[Feature, ...]:
        """What is told about every input: of those that nothing is known of, a plain one."""
        return self.features or (Feature(),) * self.n_features

    @cached_property
    def measured(self) -> tuple[int, ...]:
        """The inputs (from 0) that are not computed from others."""
        computed = {j for j, feature in enumerate(self.features) if feature.function}
        return tuple(j for j in range(self.n_features) if j not in computed)

    def with_computed(self, x: Array) -> Array:
        """Inputs (n, D) with the computed ones as they follow from the others."""
        x = np.array(x, dtype=np.float64)
        compute(x.T, self.features)
        return x

    @cached_property
    def x_columns(self) -> Array:
        """x with samples as columns (D, S), contiguous."""
        return np.ascontiguousarray(self.x.T)

    @cached_property
    def y_columns(self) -> Array:
        """y with samples as columns (K, S), contiguous."""
        return np.ascontiguousarray(self.y.T)

    @cached_property
    def y_complement(self) -> Array:
        """1 - y with samples as columns (K, S)."""
        return 1.0 - self.y_columns

    @cached_property
    def columns(self) -> Columns:
        """All samples."""
        return Columns(self.x_columns, self.y_columns, self.y_complement)

    def batch(self, samples: Indices) -> Columns:
        """These samples (..., B), from 0, repeats count; neighbours lie side by side in memory."""
        y = self.y[samples].mT
        return Columns(self.x[samples].mT, y, 1.0 - y)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Dataset):
            return NotImplemented
        if (self.features, self.labels) != (other.features, other.labels):
            return False
        return np.array_equal(self.x, other.x) and np.array_equal(self.y, other.y)

    def __hash__(self) -> int:
        return hash((self.x.tobytes(), self.y.tobytes()))

    def shares_a_sample(self, other: "Dataset") -> bool:
        """Whether the inputs of a sample, as they were measured, are among the other's."""
        if len(self.measured) != len(other.measured):
            return False
        mine, theirs = self._measured_columns(), other._measured_columns()
        return any(_holds(theirs, sample) for sample in mine.T.tolist())

    def _measured_columns(self) -> Array:
        """What was measured, as it was, with samples as columns (inputs, S)."""
        if not self.features:
            return self.x_columns
        units = [(self.features[j].scale, self.features[j].shift) for j in self.measured]
        scales, shifts = np.array(units).T[..., None]
        measured: Array = self.x_columns[list(self.measured)] * scales + shifts
        return measured

    def with_sample(self, s: int, x: Array, y: Array) -> "Dataset":
        """The same data with sample s (from 0) replaced."""
        xs, ys = self.x.copy(), self.y.copy()
        xs[s], ys[s] = x, y
        return replace(self, x=xs, y=ys)

    def appended(self, x: Array, y: Array) -> "Dataset":
        """The same data with one more sample at the end."""
        return replace(self, x=np.vstack([self.x, x]), y=np.vstack([self.y, y]))

    def without(self, samples: list[int]) -> "Dataset":
        """The same data without these samples (from 0); ValueError if none would be left."""
        if len(set(samples)) >= len(self):
            raise ValueError("a dataset needs at least one sample")
        kept = np.delete(np.arange(len(self)), samples)
        return self.chosen(kept)

    def chosen(self, samples: Indices | Sequence[int]) -> "Dataset":
        """These samples (from 0), in this order."""
        places = np.asarray(samples, dtype=np.intp)
        return replace(self, x=self.x[places], y=self.y[places])


def _holds(columns: Array, sample: list[float]) -> bool:
    """Whether a sample, but for rounding, is one of the columns (D, S)."""
    near = [
        np.abs(column - value) <= 1e-9 * max(1.0, abs(value))
        for column, value in zip(columns, sample, strict=True)
    ]
    return bool(np.logical_and.reduce(near).any())
