"""Boxes of parameter vectors, as branch-and-bound splits, keeps and reports them."""

from dataclasses import dataclass

import numpy as np

from mlpsim.core.arrays import Array, Flags, Indices
from mlpsim.core.problem import quiet
from mlpsim.core.proofs.interval import Interval

SPLITS = 64  # a small batch is cut finer, so that depth costs fewer rounds
WIDENING = 1.5
HASH = 0x9E3779B97F4A7C15  # 2⁶⁴ over the golden ratio (Knuth 1998, section 6.4)


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

    def cut(self) -> tuple[Array, Array, Array]:
        """``split`` into two parts each, or of few boxes into up to eight."""
        return self.split(max(2, min(8, SPLITS // max(1, len(self)))))

    @quiet()
    def split(self, parts: int) -> tuple[Array, Array, Array]:
        """Each box cut into equal parts along its axis; a part inherits the bound."""
        rows = np.arange(len(self))
        lo, hi = self.lo[rows, self.axis], self.hi[rows, self.axis]
        share = np.arange(parts + 1)[:, None] / parts
        cuts = np.minimum(lo * (1.0 - share) + hi * share, hi)
        cuts[0], cuts[-1] = lo, hi
        np.maximum.accumulate(cuts, axis=0, out=cuts)  # rounding may have changed their order
        new_lo, new_hi = np.repeat(self.lo[None], parts, 0), np.repeat(self.hi[None], parts, 0)
        new_lo[:, rows, self.axis] = cuts[:-1]
        new_hi[:, rows, self.axis] = cuts[1:]
        shape = (-1, self.lo.shape[1])
        return new_lo.reshape(shape), new_hi.reshape(shape), np.tile(self.lower, parts)


def axis_of(lo: Array, hi: Array, slope: Array) -> Indices:
    """The axis along which J varies most over boxes, by the size of its slope (N, P): (N,)."""
    # Of a width and a slope that are both known to be finite, the product tells what varies.
    width = hi - lo
    smear = width * np.minimum(slope, 1e150)
    varies = smear.max(axis=-1) > 0.0
    axis: Indices = np.where(varies, smear.argmax(axis=-1), width.argmax(axis=-1))
    return axis


def merged(boxes: Interval, cell: float, most: int | None = None) -> Interval:
    """One box around all those whose centres share a cell of a grid: never more, never less.

    The cells are widened as often as it takes to leave at most ``most`` boxes.
    """
    first, group = _grouped(boxes, cell)
    while most is not None and len(first) > most:
        cell *= WIDENING
        first, group = _grouped(boxes, cell)
    shape = (len(first), boxes.lo.shape[1])
    lo, hi = np.full(shape, np.inf), np.full(shape, -np.inf)
    np.minimum.at(lo, group, boxes.lo)
    np.maximum.at(hi, group, boxes.hi)
    order = np.argsort(first)
    return Interval(lo[order], hi[order])


@quiet()
def _grouped(boxes: Interval, cell: float) -> tuple[Indices, Indices]:
    """The first box of every cell that holds one, and each box's place among these cells."""
    halves = 0.25 * boxes.lo + 0.25 * boxes.hi
    places = np.floor((halves - halves.min(axis=0, initial=np.inf)) / (0.5 * cell))
    # One number for a place: rows are sorted thirty times as slowly. Places that met in one number
    # would be joined, which leaves a cover a cover.
    factors = np.cumprod(np.full(halves.shape[1], HASH, dtype=np.uint64), dtype=np.uint64)
    numbers = (np.minimum(places, 2.0**62).astype(np.uint64) * factors).sum(axis=1)
    _, first, group = np.unique(numbers, return_index=True, return_inverse=True)
    return first, group


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
