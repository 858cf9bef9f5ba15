"""The training data: inputs and targets of S samples."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from mlpsim.core.arrays import Array, frozen_array

MAX_SAMPLES = 100_000


@dataclass(frozen=True, eq=False)
class Dataset:
    """Inputs x (S, D) and targets y (S, K), read-only; equal when every number is."""

    x: Array
    y: Array

    def __post_init__(self) -> None:
        object.__setattr__(self, "x", frozen_array(self.x, 2, "x"))
        object.__setattr__(self, "y", frozen_array(self.y, 2, "y"))
        if len(self.x) != len(self.y):
            raise ValueError(f"{len(self.x)} inputs, but {len(self.y)} targets")
        if not 1 <= len(self.x) <= MAX_SAMPLES:
            raise ValueError(f"{len(self.x)} samples; 1 to {MAX_SAMPLES} are possible")

    def __len__(self) -> int:
        return len(self.x)

    @property
    def n_features(self) -> int:
        return int(self.x.shape[1])

    @property
    def n_outputs(self) -> int:
        return int(self.y.shape[1])

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

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Dataset):
            return NotImplemented
        return np.array_equal(self.x, other.x) and np.array_equal(self.y, other.y)

    def __hash__(self) -> int:
        return hash((self.x.tobytes(), self.y.tobytes()))

    def with_sample(self, s: int, x: Array, y: Array) -> "Dataset":
        """The same data with sample s (from 0) replaced."""
        xs, ys = self.x.copy(), self.y.copy()
        xs[s], ys[s] = x, y
        return Dataset(xs, ys)

    def appended(self, x: Array, y: Array) -> "Dataset":
        """The same data with one more sample at the end."""
        return Dataset(np.vstack([self.x, x]), np.vstack([self.y, y]))

    def without(self, samples: list[int]) -> "Dataset":
        """The same data without these samples (from 0); ValueError if none would be left."""
        if len(set(samples)) >= len(self):
            raise ValueError("a dataset needs at least one sample")
        return Dataset(np.delete(self.x, samples, axis=0), np.delete(self.y, samples, axis=0))
