"""Tables of numbers as text: pasted from a spreadsheet or read from a CSV file, all or nothing."""

import csv
import re
from collections.abc import Iterable, Sequence
from io import StringIO
from math import isfinite
from typing import NoReturn

import numpy as np

from mlpsim.core.arrays import Array
from mlpsim.core.dataset import MAX_SAMPLES, Dataset
from mlpsim.core.network import MAX_WIDTH

MAX_BYTES = 64 * 1024 * 1024
_NUMBER = re.compile(r"[+-]?([0-9]+[.,]?[0-9]*|[.,][0-9]+)([eE][+-]?[0-9]+)?", re.ASCII)
_NOT_FINITE = re.compile(r"[+-]?(nan|inf|infinity|∞)|#.*", re.IGNORECASE)
_LOOKS_NUMERIC = re.compile(r"[+-]?[.,]?[0-9]")
# One comma, and a reading either way: 1,5 is a number, and 1 beside 5 as well.
_TWO_READINGS = re.compile(r"\s*[+-]?[0-9]+,[0-9]+\s*", re.ASCII)
_QUOTED = re.compile(r'"[^"]*"')


class TableError(ValueError):
    """What is wrong with a table, and at which row and column (from 1; None: the table itself)."""

    def __init__(self, reason: str, row: int | None = None, column: int | None = None) -> None:
        place = f"row {row}" if row is not None else ""
        place += f", column {column}" if column is not None else ""
        super().__init__(f"{place}: {reason}" if place else reason)


def decode(content: bytes) -> str:
    """The text of a UTF-8 file, with or without a byte order mark; TableError for any other."""
    if len(content) > MAX_BYTES:
        raise TableError(f"the file has {len(content)} bytes; at most {MAX_BYTES} are read")
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise TableError("the text is UTF-16; save it as “CSV UTF-8”")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = content.count(b"\n", 0, error.start) + 1
        raise TableError(
            f"byte {error.start + 1} is not UTF-8; save the file as “CSV UTF-8”", row
        ) from None


def parse_number(text: str) -> float:
    """The number that a person wrote, with a point or a comma; ValueError says what is wrong."""
    cleaned = text.strip().replace("−", "-")
    if not cleaned:
        raise ValueError("the cell is empty")
    if _NUMBER.fullmatch(cleaned):
        value = float(cleaned.replace(",", "."))
        if value == 0.0 and re.search("[1-9]", cleaned.lower().partition("e")[0]):
            raise ValueError(f"{_shown(text)} is too small: it could not be told from 0")
        if isfinite(value):
            return value
        raise ValueError(f"{_shown(text)} is too large a number")
    if _NOT_FINITE.fullmatch(cleaned):
        raise ValueError(f"{_shown(text)} is not a finite number")
    raise ValueError(f"{_shown(text)} is not a number")


def parse_table(text: str, columns: int | None = None) -> Array:
    """The numbers (rows, columns) of a text; between cells stand tabs, else semicolons or commas.

    The first row may name the columns. A cell may be quoted, and its decimal sign may be a comma
    wherever the comma does not separate. ``columns`` is the number of columns that is expected, if
    it is known. TableError names the first row and column at fault.
    """
    rows = _cells(text.removeprefix("\ufeff"), columns)
    header: Sequence[str] = ()
    if rows and is_header(rows[0][1]):
        (_, header), *rows = rows
    if not rows:
        raise TableError("there are no numbers in it")
    if len(rows) > MAX_SAMPLES:
        raise TableError(f"it has {len(rows)} rows; at most {MAX_SAMPLES} are possible")
    width = columns or len(header) or len(rows[0][1])
    if header and len(header) != width:
        refuse_width(1, len(header), width)
    values = np.empty((len(rows), width))
    for place, (row, cells) in enumerate(rows):
        if len(cells) != width:
            refuse_width(row, len(cells), width)
        for column, cell in enumerate(cells):
            try:
                values[place, column] = parse_number(cell)
            except ValueError as error:
                raise TableError(str(error), row, column + 1) from None
    return values


def dataset_of(text: str, n_outputs: int, n_features: int | None = None) -> Dataset:
    """The data of a table whose last ``n_outputs`` columns are the targets.

    With ``n_features`` the number of columns is fixed; without, the columns before the targets
    are the inputs, however many.
    """
    columns = None if n_features is None else n_features + n_outputs
    values = parse_table(text, columns)
    inputs = values.shape[1] - n_outputs
    if inputs < 1:
        raise TableError(
            f"it has {_counted(values.shape[1])}; expected at least one input"
            f" and {n_outputs} for the target"
        )
    if inputs > MAX_WIDTH:
        raise TableError(f"it has {inputs} inputs; at most {MAX_WIDTH} are possible")
    return Dataset(values[:, :inputs], values[:, inputs:])


def is_ambiguous(text: str) -> bool:
    """Whether every row is like "1,5": one number with a decimal comma, or two numbers."""
    lines = [line for line in text.removeprefix("\ufeff").splitlines() if line.strip()]
    return bool(lines) and all(_TWO_READINGS.fullmatch(line) for line in lines)


def to_text(values: Sequence[Sequence[float]] | Array, header: Sequence[str] = ()) -> str:
    """The numbers as a spreadsheet takes them: tabs between cells, every digit, a point."""
    lines: Iterable[str] = ("\t".join(repr(float(value)) for value in row) for row in values)
    heading = ["\t".join(header)] if header else []
    return "\n".join([*heading, *lines]) + "\n"


def not_csv(error: csv.Error) -> str:
    """What an error of Python's reader means to the person whose file it is."""
    if "field limit" in str(error):
        return f"a cell has more than {csv.field_size_limit()} signs; is a quote left open?"
    return f"the quotes do not match ({error})"


def _cells(text: str, columns: int | None) -> list[tuple[int, list[str]]]:
    """The rows that are not blank, each with its number (from 1)."""
    separator = separator_of(text, columns)
    reader = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
    rows = []
    row = 0
    try:
        for row, cells in enumerate(reader, start=1):
            if any(cell.strip() for cell in cells) or len(cells) > 1:
                rows.append((row, cells))
    except csv.Error as error:
        raise TableError(not_csv(error), row + 1) from None
    return rows


def separator_of(text: str, columns: int | None = None) -> str:
    """What stands between cells: tabs if there are any outside quotes, else semicolons or commas.

    A single column has nothing between its cells, and may have decimal commas.
    """
    unquoted = _QUOTED.sub("", text)
    if "\t" in unquoted or columns == 1:
        return "\t"
    return ";" if ";" in unquoted else ","


def is_header(cells: list[str]) -> bool:
    """Whether a row is names, and no cell that is, or was meant as, a number."""
    named = [cell.strip() for cell in cells if cell.strip()]
    return bool(named) and not any(
        _LOOKS_NUMERIC.match(cell.replace("−", "-")) or _NOT_FINITE.fullmatch(cell)
        for cell in named
    )


def refuse_width(row: int, found: int, expected: int) -> NoReturn:
    """Say that a row has another number of columns than expected."""
    raise TableError(f"it has {_counted(found)}, expected {expected}", row)


def _counted(columns: int) -> str:
    return f"{columns} column" if columns == 1 else f"{columns} columns"


def _shown(text: str) -> str:
    """A cell's text, cut where it is long."""
    flat = " ".join(text.split())
    return f"“{flat}”" if len(flat) <= 24 else f"“{flat[:23]}…”"
