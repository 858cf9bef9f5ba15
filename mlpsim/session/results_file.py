"""The results of a sweep as CSV: a line a cell as it ends, so that a kill loses none of them."""

import os
from collections.abc import Iterable
from math import isfinite, nan
from pathlib import Path

from mlpsim.core.files.strict_json import DocumentError
from mlpsim.core.studies.sweep import Cell, Result, Sweep
from mlpsim.session.files import read_whole, write_whole
from mlpsim.session.results_lines import NUMBERS, OTHER, read_lines, write_head, write_line

MEASURED = (*NUMBERS, "diverged_at", "sweep")


class ResultsFile:
    """Appends results, and takes up those that are there.

    A line that a kill has cut short is dropped, and its cell is run again. ``finish`` puts the
    lines in the order of the cells. DocumentError if the file belongs to another sweep, or cannot
    be read or written.
    """

    def __init__(self, path: Path, sweep: Sweep, anew: bool = False) -> None:
        self.path = path
        self._sweep = sweep
        self._fingerprint = sweep.fingerprint()
        self._names = [axis.name for axis in sweep.axes]
        self._lines: dict[int, list[str]] = {}
        if path.exists() and not anew:
            self._lines = self._read(read_whole(path))
        self._write_all()

    @property
    def finished(self) -> frozenset[int]:
        """The numbers of the cells whose results are there."""
        return frozenset(self._lines)

    def results(self) -> dict[int, Result]:
        """What the lines tell, by the number of the cell: all but the curve."""
        return {n: _result(n, row[-len(MEASURED) :]) for n, row in self._lines.items()}

    def add(self, cell: Cell, result: Result) -> None:
        """Append a cell's result and force it to the disk."""
        self.add_all([(cell, result)])

    def add_all(self, done: Iterable[tuple[Cell, Result]]) -> None:
        """The same for several cells at once."""
        rows = {cell.number: self._row(cell, result) for cell, result in done}
        try:
            with self.path.open("ab") as file:
                file.write(b"".join(map(write_line, rows.values())))
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise DocumentError(
                f"It cannot be written: {error.strerror}",
                str(self.path),
                "The results before are kept: make room, and sweep again to go on.",
            ) from error
        self._lines |= rows

    def finish(self) -> None:
        """Put the lines in the order of the cells."""
        self._write_all()

    def _row(self, cell: Cell, result: Result) -> list[str]:
        return [
            str(cell.number),
            *cell.values,
            str(cell.seed),
            str(cell.steps),
            *map(_cell, (result.objective, result.error, result.accuracy)),
            *map(_cell, (result.held_out_error, result.held_out_accuracy)),
            _cell(result.diverged_at),
            self._fingerprint,
        ]

    def _head(self) -> list[str]:
        return ["cell", *self._names, "seed", "steps", *MEASURED]

    def _write_all(self) -> None:
        lines = [self._lines[number] for number in sorted(self._lines)]
        write_whole(self.path, [write_head(self._head()), *map(write_line, lines)])

    def _read(self, data: bytes) -> dict[int, list[str]]:
        rows = read_lines(data, self.path)
        if rows and rows[0] != self._head():
            raise DocumentError("Its columns are not those of this sweep", str(self.path), OTHER)
        for place, row in enumerate(rows[1:], start=2):
            if row[-1] != self._fingerprint:
                where = f"{self.path}:{place}"
                raise DocumentError("It holds the results of another sweep", where, OTHER)
        return {int(row[0]): row for row in rows[1:]}


def _result(number: int, measured: list[str]) -> Result:
    """What a line tells of its cell."""
    *numbers, diverged_at, _ = measured
    objective, error, *others = (float(text) if text else None for text in numbers)
    accuracy, held_out_error, held_out_accuracy = others
    return Result(
        number,
        nan if objective is None else objective,
        nan if error is None else error,
        accuracy,
        held_out_error,
        held_out_accuracy,
        int(diverged_at) if diverged_at else None,
        (),
    )


def _cell(value: float | None) -> str:
    """Empty where there is no number: a run whose start is not finite has none."""
    return "" if value is None or not isfinite(value) else repr(value)
