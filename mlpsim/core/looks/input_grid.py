"""Input grids: places over a window at which two inputs vary and the others are held."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from mlpsim.core.arrays import Array
from mlpsim.core.features import Feature, compute
from mlpsim.core.window import Window


@dataclass(frozen=True, eq=False)
class InputGrid:
    """nx by ny places of a window over the inputs ``columns``.

    ``others`` (D,) gives a value for every input; those of the two columns are not read, nor those
    that ``features`` say are computed, which follow the two. Of a single measured input the grid
    has one row.
    """

    columns: tuple[int, int]
    others: Array
    window: Window
    nx: int
    ny: int
    features: tuple[Feature, ...] = ()

    @cached_property
    def is_line(self) -> bool:
        """Whether there is a single measured input."""
        return len(self.others) - sum(bool(feature.function) for feature in self.features) == 1

    @cached_property
    def xs(self) -> Array:
        """What the first of the two inputs is in each column (nx,)."""
        return np.linspace(self.window.x0, self.window.x1, self.nx)

    @cached_property
    def ys(self) -> Array:
        """What the second one is in each row (ny,)."""
        return np.zeros(1) if self.is_line else np.linspace(self.window.y0, self.window.y1, self.ny)

    @property
    def shape(self) -> tuple[int, int]:
        """How many rows and columns there are."""
        return len(self.ys), len(self.xs)

    @cached_property
    def inputs(self) -> Array:
        """All inputs at every place, row by row (D, ny·nx)."""
        rows, columns = self.shape
        points = np.repeat(self.others[:, None], rows * columns, axis=1)
        points[self.columns[0]] = np.tile(self.xs, rows)
        if not self.is_line:
            points[self.columns[1]] = np.repeat(self.ys, columns)
        compute(points, self.features)
        return points
