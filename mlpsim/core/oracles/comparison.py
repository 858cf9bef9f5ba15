"""The comparison of one quantity: what is farthest from what was recorded, and where."""

from dataclasses import dataclass
from math import inf

import numpy as np

from mlpsim.core.arrays import Array
from mlpsim.core.problem import quiet

FIRST = 1e-12  # forward, loss, gradients, and values of J
SECOND = 1e-11  # Hessian and its products
PATH = 1e-9  # what depends on a whole run


@dataclass
class Comparison:
    """The largest |a - b| / max(1, |b|) of one quantity, where it is, and a and b there."""

    quantity: str
    tolerance: float
    deviation: float = 0.0
    where: str = ""
    here: float = 0.0
    expected: float = 0.0

    @property
    def holds(self) -> bool:
        return self.deviation <= self.tolerance

    @property
    def line(self) -> str:
        """The deviation and its tolerance, and where it is beyond it the place and both values."""
        text = f"{self.deviation:8.2g}  (tolerance {self.tolerance:g})"
        if self.holds:
            return f"{text}  ok"
        return f"{text}  DEVIATES at {self.where}: {self.here!r}, expected {self.expected!r}"

    def add(self, here: Array | float, expected: Array | float, where: str) -> None:
        """Take the values here and those expected, of one shape, into account."""
        a, b = np.asarray(here, dtype=np.float64), np.asarray(expected, dtype=np.float64)
        if b.size == 0:
            return
        with quiet():
            deviations = np.abs(a - b) / np.maximum(1.0, np.abs(b))
        deviations = np.where(np.isfinite(deviations), deviations, inf)
        place = np.unravel_index(int(deviations.argmax()), b.shape)
        if deviations[place] > self.deviation or not self.where:
            self.deviation = float(deviations[place])
            self.where = where + "".join(f"[{i}]" for i in place)
            self.here, self.expected = float(a[place]), float(b[place])
