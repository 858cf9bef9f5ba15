"""Pasting: a table of numbers put into the data, all or nothing."""

from dataclasses import replace

import numpy as np

from mlpsim.core.dataset import Dataset
from mlpsim.core.tables.tabular import TableError, dataset_of, is_ambiguous, parse_table

DIGITS = 1e-4  # to which a pasted number may differ from what is computed in its place


def pasted(data: Dataset, text: str, at: tuple[int, int] | None) -> Dataset:
    """The data after pasting at sample and column ``at`` (from 0: inputs, then targets).

    It overwrites from there on and appends the samples that are missing, if it has every column.
    With ``at`` None it replaces the data and has to have the same columns. TableError says what
    does not fit.
    """
    if at is None:
        return dataset_of(text, data.n_outputs, data.n_features)
    s, column = at
    cells = np.hstack([data.x, data.y])
    room = cells.shape[1] - column
    if room <= 0:
        raise TableError("predictions and errors are computed: paste at an input or a target")
    values = parse_table(text, _columns(text, room))
    rows, width = values.shape
    if width > room:
        raise TableError(f"it has {width} columns, but from the selected cell on there are {room}")
    missing = s + rows - len(data)
    if missing > 0:
        if width < cells.shape[1]:
            raise TableError(
                f"it has {rows} rows, but from the selected cell on there are {len(data) - s};"
                f" new samples need all {cells.shape[1]} columns"
            )
        cells = np.vstack([cells, np.zeros((missing, cells.shape[1]))])
    cells[s : s + rows, column : column + width] = values
    x, y = np.hsplit(cells, [data.n_features])
    changed = replace(data, x=x, y=y)
    for j in range(column, min(column + width, data.n_features)):
        given = x[s : s + rows, j]
        if not np.allclose(given, changed.x[s : s + rows, j], DIGITS, 0.0):
            raise TableError(f"input {j + 1} is computed from others: paste around its column")
    return changed


def _columns(text: str, room: int) -> int | None:
    """How many columns a text has where its commas leave that open: 1, or None to let it tell.

    A single "1,5" is one number, since a cell is what was chosen. Several such rows could be
    either, and are refused where there is room for both.
    """
    if not is_ambiguous(text):
        return None
    if room > 1 and len(text.strip().splitlines()) > 1:
        raise TableError(
            f"“{text.split()[0]}” could be one number or two; write the decimal mark as a point,"
            " or put semicolons or tabs between the columns"
        )
    return 1
