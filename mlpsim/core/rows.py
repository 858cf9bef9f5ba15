"""An append-only table of numbers that shares its blocks with the tables forked from it."""

from itertools import pairwise

import numpy as np

from mlpsim.core.arrays import Array, Indices

BLOCK = 8192  # rows, of wide tables fewer
BLOCK_BYTES = 2**20
JOINED_AT_ONCE = 2  # with every new block: of a table that was halved, all before it is full again


class Rows:
    """Rows of ``width`` float64, kept in blocks so that growing never copies what is there.

    A block may lie in two pieces, of tables that had twice its rows; it is joined when it is read,
    or else by and by while the table grows.
    """

    def __init__(self, width: int) -> None:
        self.width = width
        # Even, so that every other row of each block makes every other row of the table.
        self.block = min(BLOCK, 2 * max(1, BLOCK_BYTES // (16 * width)))
        self._blocks: list[tuple[Array, ...]] = []
        self._joined = 0  # blocks up to here are in one piece
        self._length = 0

    def __len__(self) -> int:
        return self._length

    @property
    def nbytes(self) -> int:
        """Bytes of the blocks, each in one piece."""
        return len(self._blocks) * self.block * self.width * 8

    def append(self, rows: Array) -> None:
        """Append rows (n, width)."""
        taken = 0
        while taken < len(rows):
            place = self._length % self.block
            if place == 0:
                self._blocks.append((np.empty((self.block, self.width)),))
                self._join(JOINED_AT_ONCE)
            room = min(self.block - place, len(rows) - taken)
            self._block(-1)[place : place + room] = rows[taken : taken + room]
            self._length += room
            taken += room

    def __getitem__(self, i: int) -> Array:
        """Row i (width,), a view."""
        if not 0 <= i < self._length:
            raise IndexError(f"row {i} of {self._length}")
        row: Array = self._block(i // self.block)[i % self.block]
        return row

    def __setitem__(self, i: int, row: Array | float) -> None:
        self[i][:] = row

    def slice(self, first: int, stop: int, every: int = 1) -> Array:
        """Every so many of the rows first … stop - 1 (n, width), a copy."""
        stop = min(stop, self._length)
        parts = [np.empty((0, self.width))]
        while first < stop:
            start = first - first % self.block
            part = self._block(first // self.block)[first - start : stop - start : every]
            parts.append(part)
            first += every * len(part)
        return np.concatenate(parts)

    def take(self, places: Indices) -> Array:
        """The rows at some places (n, width), a copy; quickest where a block is gone to once."""
        rows = np.empty((len(places), self.width))
        blocks, inside = np.divmod(places, self.block)
        starts = np.flatnonzero(np.diff(blocks, prepend=-1))
        for first, stop in pairwise([*starts.tolist(), len(places)]):
            rows[first:stop] = self._block(int(blocks[first]))[inside[first:stop]]
        return rows

    def head(self, length: int) -> "Rows":
        """The first rows as a table of their own; full blocks are shared."""
        rows = Rows(self.width)
        full = min(length, self._length) // self.block
        rows._blocks = [(self._block(i),) for i in range(full)]
        rows._length = full * self.block
        rows.append(self.slice(rows._length, length))
        return rows

    def every_other(self) -> "Rows":
        """Rows 0, 2, 4, … as a table of their own; full blocks are not copied yet."""
        rows = Rows(self.width)
        pairs = self._length // (2 * self.block)
        halves = [self._block(i)[::2] for i in range(2 * pairs)]
        rows._blocks = list(zip(halves[::2], halves[1::2], strict=True))
        rows._length = pairs * self.block
        rows.append(self.slice(2 * rows._length, self._length)[::2])
        return rows

    def settle(self) -> None:
        """Join all blocks, so that nothing is held but these rows."""
        self._join(len(self._blocks))

    def _block(self, i: int) -> Array:
        """Block i (block, width), in one piece from now on."""
        if len(self._blocks[i]) > 1:
            self._blocks[i] = (np.concatenate(self._blocks[i]),)
        return self._blocks[i][0]

    def _join(self, blocks: int) -> None:
        """Join the next so many blocks."""
        end = min(self._joined + blocks, len(self._blocks))
        for i in range(self._joined, end):
            self._block(i)
        self._joined = end


def spread(start: int, stop: int, most: int) -> Indices:
    """Places start … stop − 1; of more than ``most`` so many evenly, and as many near the start.

    Those are ever closer to it: a run turns early rather than late.
    """
    if stop - start <= most:
        return np.arange(start, stop)
    even = np.arange(start, stop, 1 + (stop - start) // most)
    closer = start + np.rint(np.geomspace(1.0, stop - start - 1.0, most)).astype(np.intp)
    return np.union1d(even, closer)
