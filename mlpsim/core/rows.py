"""An append-only table of numbers that shares its blocks with the tables forked from it."""

import numpy as np

from mlpsim.core.arrays import Array

BLOCK = 1024  # rows, of wide tables fewer
BLOCK_BYTES = 2**20


class Rows:
    """Rows of ``width`` float64, kept in blocks so that growing never copies what is there."""

    def __init__(self, width: int) -> None:
        self.width = width
        # Even, so that every other row of each block makes every other row of the table.
        self.block = min(BLOCK, 2 * max(1, BLOCK_BYTES // (16 * width)))
        self._blocks: list[Array] = []
        self._length = 0

    def __len__(self) -> int:
        return self._length

    @property
    def nbytes(self) -> int:
        return len(self._blocks) * self.block * self.width * 8

    def append(self, rows: Array) -> None:
        """Append rows (n, width)."""
        taken = 0
        while taken < len(rows):
            place = self._length % self.block
            if place == 0:
                self._blocks.append(np.empty((self.block, self.width)))
            room = min(self.block - place, len(rows) - taken)
            self._blocks[-1][place : place + room] = rows[taken : taken + room]
            self._length += room
            taken += room

    def __getitem__(self, i: int) -> Array:
        """Row i (width,), a view."""
        if not 0 <= i < self._length:
            raise IndexError(f"row {i} of {self._length}")
        row: Array = self._blocks[i // self.block][i % self.block]
        return row

    def __setitem__(self, i: int, row: Array | float) -> None:
        self[i][:] = row

    def slice(self, first: int, stop: int, every: int = 1) -> Array:
        """Every so many of the rows first … stop - 1 (n, width), a copy."""
        stop = min(stop, self._length)
        parts = [np.empty((0, self.width))]
        while first < stop:
            start = first - first % self.block
            part = self._blocks[first // self.block][first - start : stop - start : every]
            parts.append(part)
            first += every * len(part)
        return np.concatenate(parts)

    def head(self, length: int) -> "Rows":
        """The first rows as a table of their own; full blocks are shared."""
        rows = Rows(self.width)
        full = min(length, self._length) // self.block
        rows._blocks = self._blocks[:full]
        rows._length = full * self.block
        rows.append(self.slice(rows._length, length))
        return rows

    def every_other(self) -> "Rows":
        """Rows 0, 2, 4, … as a table of their own."""
        rows = Rows(self.width)
        for block in range(0, self._length, self.block):
            rows.append(self.slice(block, block + self.block)[::2])
        return rows
