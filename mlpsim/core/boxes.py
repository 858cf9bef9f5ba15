"""Boxes of parameter vectors, as branch-and-bound splits, keeps and reports them."""

from dataclasses import dataclass

import numpy as np

from mlpsim.core.arrays import Array, Flags, Indices
from mlpsim.core.interval import Interval
from mlpsim.core.problem import quiet


@dataclass(frozen=True, eq=False)
class Boxes:
    """Boxes lo, hi (N, P), a lower bound of J over each (N,), and the axis to split next (N,)."""

    lo: Array
    hi: Array
    lower: Array
    axis: Indices

    def __len__(self) -> int:
        return len(self.lower)

    def take(self, which: Flags | Indices) -> "Boxes":
        return Boxes(self.lo[which], self.hi[which], self.lower[which], self.axis[which])

    def joined(self, other: "Boxes") -> "Boxes":
        return Boxes(
            np.concatenate([self.lo, other.lo]),
            np.concatenate([self.hi, other.hi]),
            np.concatenate([self.lower, other.lower]),
            np.concatenate([self.axis, other.axis]),
        )

    @property
    def widths(self) -> Array:
        """The longest side of each (N,)."""
        result: Array = (self.hi - self.lo).max(axis=-1)
        return result

    @property
    def splittable(self) -> Flags:
        """Whether the axis to split still holds a float between its ends."""
        rows = np.arange(len(self))
        lo, hi = self.lo[rows, self.axis], self.hi[rows, self.axis]
        middle = 0.5 * lo + 0.5 * hi
        return (lo < middle) & (middle < hi)

    @quiet()
    def split(self, parts: int) -> tuple[Array, Array, Array]:
        """Each box cut into equal parts along its axis; a part inherits the bound."""
        rows = np.arange(len(self))
        lo, hi = self.lo[rows, self.axis], self.hi[rows, self.axis]
        share = np.arange(parts + 1)[:, None] / parts
        cuts = np.clip(lo * (1.0 - share) + hi * share, lo, hi)
        cuts[0], cuts[-1] = lo, hi
        new_lo, new_hi = np.repeat(self.lo[None], parts, 0), np.repeat(self.hi[None], parts, 0)
        new_lo[:, rows, self.axis] = cuts[:-1]
        new_hi[:, rows, self.axis] = cuts[1:]
        shape = (-1, self.lo.shape[1])
        return new_lo.reshape(shape), new_hi.reshape(shape), np.tile(self.lower, parts)


def merged(boxes: Interval, cell: float) -> Interval:
    """One box around all those whose centres share a cell of a grid: never more, never less."""
    centres = 0.5 * boxes.lo + 0.5 * boxes.hi
    _, group = np.unique(np.floor(centres / cell), axis=0, return_inverse=True)
    shape = (int(group.max(initial=-1)) + 1, boxes.lo.shape[1])
    lo, hi = np.full(shape, np.inf), np.full(shape, -np.inf)
    np.minimum.at(lo, group.ravel(), boxes.lo)
    np.maximum.at(hi, group.ravel(), boxes.hi)
    return Interval(lo, hi)


def clusters(boxes: Interval, gap: float) -> Interval:
    """One box around each group of boxes that touch, directly or through others.

    Boxes touch where no axis sets them further apart than ``gap``.
    """
    lo, hi = boxes
    touch = (lo[:, None] <= hi[None] + gap).all(axis=-1)
    touch &= touch.T
    group = np.arange(len(lo))
    while True:
        nearest = np.where(touch, group[None], len(lo)).min(axis=-1, initial=len(lo))
        if np.array_equal(nearest, group):
            break
        group = nearest
    names = np.unique(group)
    members = [group == name for name in names]
    shape = (len(names), lo.shape[1])
    return Interval(
        np.array([lo[which].min(axis=0) for which in members]).reshape(shape),
        np.array([hi[which].max(axis=0) for which in members]).reshape(shape),
    )
