"""An append-only table of numbers that shares its blocks with the tables forked from it."""

import numpy as np

from mlpsim.core.arrays import Array

BLOCK = 1024


class Rows:
    """Rows of ``width`` float64, kept in blocks so that growing never copies what is there."""

    def __init__(self, width: int) -> None:
        self.width = width
        self._blocks: list[Array] = []
        self._length = 0

    def __len__(self) -> int:
        return self._length

    @property
    def nbytes(self) -> int:
        return len(self._blocks) * BLOCK * self.width * 8

    def append(self, rows: Array) -> None:
        """Append rows (n, width)."""
        taken = 0
        while taken < len(rows):
            place = self._length % BLOCK
            if place == 0:
                self._blocks.append(np.empty((BLOCK, self.width)))
            room = min(BLOCK - place, len(rows) - taken)
            self._blocks[-1][place : place + room] = rows[taken : taken + room]
            self._length += room
            taken += room

    def __getitem__(self, i: int) -> Array:
        """Row i (width,), a view."""
        if not 0 <= i < self._length:
            raise IndexError(f"row {i} of {self._length}")
        row: Array = self._blocks[i // BLOCK][i % BLOCK]
        return row

    def __setitem__(self, i: int, row: Array | float) -> None:
        self[i][:] = row

    def slice(self, first: int, stop: int) -> Array:
        """Rows first … stop - 1 (n, width), a copy."""
        stop = min(stop, self._length)
        if first >= stop:
            return np.empty((0, self.width))
        blocks = self._blocks[first // BLOCK : (stop - 1) // BLOCK + 1]
        offset = first - first % BLOCK
        return np.concatenate(blocks)[first - offset : stop - offset].copy()

    def head(self, length: int) -> "Rows":
        """The first rows as a table of their own; full blocks are shared."""
        rows = Rows(self.width)
        full = min(length, self._length) // BLOCK
        rows._blocks = self._blocks[:full]
        rows._length = full * BLOCK
        rows.append(self.slice(rows._length, length))
        return rows

    def every_other(self) -> "Rows":
        """Rows 0, 2, 4, … as a table of their own."""
        rows = Rows(self.width)
        for block in range(0, self._length, BLOCK):
            rows.append(self.slice(block, block + BLOCK)[::2])
        return rows
