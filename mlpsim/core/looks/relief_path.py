"""A run's path over a relief: where its states are, at their true heights, and on the sheet."""

from dataclasses import dataclass
from math import lcm

import numpy as np

from mlpsim.core.arrays import Array
from mlpsim.core.plane import Plane
from mlpsim.core.problem import quiet
from mlpsim.core.rows import spread
from mlpsim.core.run import Run
from mlpsim.core.surface import Surface
from mlpsim.core.training import recording_interval

MOST, MOST_PLAYING = 1_200, 100  # states of a path that are looked at: at rest, and as it grows
APART, PIECES = 0.04, 16  # of the box's half width: how far points of a line are apart


@dataclass(frozen=True, eq=False)
class ReliefPath:
    """States of a run: places (n, 2) of their projections, and J (n,) of the states themselves."""

    places: Array
    values: Array

    @classmethod
    @quiet()
    def of(cls, run: Run, plane: Plane, first: int, last: int, most: int = MOST) -> "ReliefPath":
        """The states first … last; of a thinned run those that are recorded with their J.

        Of more than ``most``, so many evenly and as many ever closer to the first.
        """
        # Neither theta nor J of all states is recorded, and of a long run few are read.
        every = lcm(run.stride, run.value_stride, recording_interval(run.segment_at(last)))
        steps = every * spread(-(-first // every), last // every + 1, most)
        thetas, values = run.recorded_at(steps[steps < last])
        known = np.isfinite(values)
        thetas = np.concatenate([thetas[known], run.theta(last)[None]])
        return cls(plane.project(thetas), np.append(values[known], run.value(last)))

    @quiet()
    def line(self, surface: Surface) -> tuple[Array, Array, Array]:
        """Points close together: places (m, 2), shares of the scale (m,), and the sheet's (m,).

        Between two states the line keeps its height over the sheet, or goes evenly from that of
        the one to that of the other: on a plane that holds the states it lies on the sheet.
        """
        places, shares = self.places, surface.share(self.values)
        over = shares - surface.share(surface.at(places))
        half = 0.5 * max(surface.window.width, surface.window.height)
        lengths = np.linalg.norm(np.diff(places, axis=0), axis=1) / half
        pieces = np.clip(np.nan_to_num(np.ceil(lengths / APART), nan=1.0), 1, PIECES).astype(int)
        start = np.repeat(np.arange(len(pieces)), pieces)
        along = np.arange(len(start)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
        t = along / pieces[start]
        fine = places[start] + t[:, None] * (places[start + 1] - places[start])
        fine = np.concatenate([fine, places[-1:]])
        t, start = np.append(t, 0.0), np.append(start, len(places) - 1)
        after = np.minimum(start + 1, len(places) - 1)
        offset = over[start] + np.where(t > 0.0, t * (over[after] - over[start]), 0.0)
        sheet = surface.share(surface.at(fine))
        # The states themselves stand where they are, whatever the grid says.
        heights = np.where(t == 0.0, shares[start], sheet + offset)
        return fine, heights, sheet
