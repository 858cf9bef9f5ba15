"""J of the states of a run: of all of them, or of a very long run evenly thinned."""

from math import nan

import numpy as np

from mlpsim.core.arrays import Array, Indices
from mlpsim.core.rows import Rows

BUDGET = 64 * 2**20  # bytes: J of each of eight million states


class Values:
    """J of every ``stride``-th state from 0 on, and of one more; NaN where it is not known."""

    def __init__(self) -> None:
        self.stride = 1
        self._rows = Rows(1)
        self._other = (-1, nan)  # a state between those, and its J

    @property
    def nbytes(self) -> int:
        return self._rows.nbytes

    def append(self, first: int, values: Array) -> None:
        """J of the next states, from ``first`` on (n,); the last one stays known."""
        self._rows.append(values[-first % self.stride :: self.stride, None])
        if len(values):
            self[first + len(values) - 1] = float(values[-1])

    def __getitem__(self, k: int) -> float:
        if k % self.stride == 0:
            return float(self._rows[k // self.stride][0])
        return self._other[1] if self._other[0] == k else nan

    def __setitem__(self, k: int, value: float) -> None:
        if k % self.stride == 0:
            self._rows[k // self.stride] = value
        else:
            self._other = (k, value)

    def at(self, states: Indices) -> Array:
        """J of states at multiples of the stride (n,)."""
        return self._rows.take(states // self.stride)[:, 0]

    def between(self, first: int, last: int) -> Array:
        """J of states first … last (n,), NaN where it is not recorded."""
        start = -(-first // self.stride)
        recorded = self._rows.slice(start, last // self.stride + 1)[:, 0]
        if self.stride == 1:
            return recorded
        values = np.full(last + 1 - first, nan)
        values[start * self.stride - first :: self.stride] = recorded
        return values

    def thin(self) -> None:
        """Forget every other one until they are within the budget."""
        while self.nbytes > BUDGET and len(self._rows) > 1:
            self._rows = self._rows.every_other()
            self.stride *= 2

    def settle(self) -> None:
        """Hold no more memory than what is kept takes."""
        self._rows.settle()

    def head(self, states: int) -> "Values":
        """Those of the first states."""
        values = Values()
        values.stride, values._rows = self.stride, self._rows.head(-(-states // self.stride))
        return values
