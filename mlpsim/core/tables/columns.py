"""The choice of columns: which of a CSV file's columns are inputs and targets, and the data."""

from dataclasses import dataclass
from typing import NoReturn

import numpy as np

from mlpsim.core.arrays import Array, Indices
from mlpsim.core.dataset import Dataset
from mlpsim.core.editing.conversions import MAX_CLASSES
from mlpsim.core.features import MAX_NAME, Feature
from mlpsim.core.network import MAX_WIDTH
from mlpsim.core.tables.csv_table import Column, CsvTable, label_of
from mlpsim.core.tables.tabular import TableError

SAMPLES_A_CLASS = 5  # on average, from which a column of few whole numbers looks like classes


@dataclass(frozen=True)
class Choice:
    """Columns (from 0) that are inputs and targets, and what becomes of them.

    ``as_classes`` makes one column for each label of the target, or one of 0 and 1 for two labels.
    ``drop_missing`` leaves out the rows with a missing cell in a chosen column.
    """

    inputs: tuple[int, ...]
    targets: tuple[int, ...]
    as_classes: bool = False
    drop_missing: bool = False


def suggested(table: CsvTable, n_features: int = 0, n_outputs: int = 0) -> Choice:
    """The choice to begin with: the last column that can be is the target, numbers are inputs.

    Columns that hold nothing are left out, such as one after a comma at the end of every row. Words
    can be the target where they are labels of a few classes: notes and dates are not.
    A table of numbers with just the columns of data with D inputs and K targets is taken as such.
    """
    columns = table.columns
    held = [i for i, column in enumerate(columns) if not column.is_missing.all()]
    possible = [i for i in held if not columns[i].words or _tells_classes(columns[i])]
    last = (possible or held or [len(columns) - 1])[-1]
    numbers = [i for i in held if not columns[i].words]
    if len(numbers) == len(columns) == n_features + n_outputs and n_features:
        return Choice(tuple(range(n_features)), tuple(range(n_features, len(columns))))
    inputs = tuple(i for i in numbers if i != last)[:MAX_WIDTH]
    return Choice(inputs, (last,), looks_like_classes(columns[last]))


def looks_like_classes(column: Column) -> bool:
    """Whether a column holds words, or few whole numbers that come often."""
    if column.words:
        return True
    values = column.values[~column.is_missing]
    labels = np.unique(values)
    few = len(labels) <= min(MAX_CLASSES, len(values) // SAMPLES_A_CLASS)
    return few and bool((labels == np.rint(labels)).all())


def _tells_classes(column: Column) -> bool:
    return 2 <= len(column.labels) <= MAX_CLASSES


def chosen_data(table: CsvTable, choice: Choice) -> Dataset:
    """The data; TableError says what is wrong with the choice, or with which row and column."""
    _check(table, choice)
    kept = _kept_rows(table, choice)
    x = np.column_stack([_numbers(table, j, kept) for j in choice.inputs])
    features = tuple(Feature(_name(table.columns[j])) for j in choice.inputs)
    if choice.as_classes:
        y, labels = _classes(table.columns[choice.targets[0]], kept)
    else:
        y = np.column_stack([_numbers(table, j, kept) for j in choice.targets])
        labels = tuple(_name(table.columns[j]) for j in choice.targets)
    return Dataset(x, y, features, labels)


def rows_with_gaps(table: CsvTable, choice: Choice) -> Indices:
    """The samples (from 0) in which a chosen column has nothing."""
    gaps = np.zeros(len(table), dtype=bool)
    for j in (*choice.inputs, *choice.targets):
        gaps |= table.columns[j].is_missing
    return np.flatnonzero(gaps)


def _check(table: CsvTable, choice: Choice) -> None:
    if len(table.columns) == 1:
        raise TableError(
            "it has one column only: cells stand between commas, semicolons, tabs, bars or spaces,"
            " in every row the same"
        )
    if not choice.inputs:
        raise TableError("no input is chosen: at least one column has to be an input")
    if not choice.targets:
        raise TableError("no target is chosen: at least one column has to be the target")
    for columns, what in ((choice.inputs, "inputs"), (choice.targets, "targets")):
        if len(columns) > MAX_WIDTH:
            raise TableError(f"{len(columns)} {what} are chosen; at most {MAX_WIDTH} are possible")
    if choice.as_classes and len(choice.targets) > 1:
        raise TableError("classes come from one column: choose a single target")


def _kept_rows(table: CsvTable, choice: Choice) -> Indices:
    gaps = rows_with_gaps(table, choice)
    if len(gaps) and not choice.drop_missing:
        first = int(gaps[0])
        column = next(
            j for j in (*choice.inputs, *choice.targets) if table.columns[j].is_missing[first]
        )
        rows = "row has" if len(gaps) == 1 else "rows have"
        _refuse(table, first, column, f"the cell is missing; {len(gaps)} {rows} missing cells")
    kept = np.delete(np.arange(len(table)), gaps)
    if not len(kept):
        raise TableError("every row has a missing cell: choose other columns")
    return kept


def _numbers(table: CsvTable, j: int, kept: Indices) -> Array:
    column = table.columns[j]
    words = np.flatnonzero(column.is_word[kept])
    if len(words):
        sample = int(kept[words[0]])
        word = column.words[column.codes[sample]]
        shown = word if len(word) <= 24 else f"{word[:23]}…"
        _refuse(table, sample, j, f"“{shown}” is not a number that can be read")
    return column.values[kept]


def _classes(column: Column, kept: Indices) -> tuple[Array, tuple[str, ...]]:
    """One-hot targets, or one column of 0 and 1 for two classes: (S, K); and the labels."""
    values, codes = column.values[kept], column.codes[kept]
    numbers = np.unique(values[codes < 0])
    present = np.unique(codes[codes >= 0])
    words = sorted(present.tolist(), key=lambda code: column.words[code])
    count = len(numbers) + len(words)
    if not 2 <= count <= MAX_CLASSES:
        raise TableError(
            f"the target {column.name!r} has {_labels(count)}; 2 to {MAX_CLASSES} classes"
            " are possible"
        )
    of_numbers = values[:, None] == numbers
    of_words = codes[:, None] == np.array(words, dtype=np.intp)
    y = np.hstack([of_numbers, of_words]).astype(np.float64)
    labels = [label_of(value) for value in numbers.tolist()]
    labels += [column.words[code] for code in words]
    cut = tuple(_cut(label) for label in labels)
    return (y[:, 1:], cut) if count == 2 else (y, cut)


def _labels(count: int) -> str:
    return "only one label" if count == 1 else f"{count} different labels"


def _name(column: Column) -> str:
    return _cut(column.name)


def _cut(name: str) -> str:
    name = " ".join(name.split())  # in one line
    return name if len(name) <= MAX_NAME else f"{name[: MAX_NAME - 1]}…"


def _refuse(table: CsvTable, sample: int, j: int, reason: str) -> NoReturn:
    where = f"{reason} (column “{_name(table.columns[j])}”)"
    raise TableError(where, int(table.rows[sample]), j + 1)
