"""CSV files of any columns: numbers, words and missing cells told apart, for someone to choose."""

import csv
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from io import StringIO
from itertools import islice

import numpy as np

from mlpsim.core.arrays import Array, Flags, Indices
from mlpsim.core.dataset import MAX_SAMPLES
from mlpsim.core.tables.tabular import (
    TableError,
    is_header,
    not_csv,
    parse_number,
    refuse_width,
    separator_of,
)

MAX_COLUMNS = 1000
MISSING = frozenset(("", "?", "na", "n/a", "nan", "null", "none"))
SEPARATORS = ("\t", ";", ",", "|", " ")
HEAD = 65_536  # signs of a text that tell what stands between its cells
CHUNK = 20_000  # cells between two looks at whether to go on
_NAMED = re.compile(r"(sep=[^\w\s\"]|sep=\t)[;,]*\r?\n", re.IGNORECASE)  # Excel's first line
_COMMENT = re.compile(r"#[^\r\n]*")
# Comments and blank lines before anything else; where nothing else follows, they are the table.
_TOP = re.compile(r"(?:(?:#[^\r\n]*|[ \t]*)(?:\r\n|\r|\n))++(?=[^#])")
_NUMBER, _MISSING = -1, -2  # of a cell that is no word

Rows = Sequence[list[str]]


@dataclass(frozen=True, eq=False)
class Column:
    """A column: its name, its numbers (S,), and which word each cell is (S,), from 0.

    The number of a cell is NaN where it has none; the word is −1 where it is a number, and −2
    where nothing is there.
    """

    name: str
    values: Array
    codes: Indices
    words: tuple[str, ...]

    @property
    def is_missing(self) -> Flags:
        """Where nothing is there (S,)."""
        missing: Flags = self.codes == _MISSING
        return missing

    @property
    def is_word(self) -> Flags:
        """Where there is something that is no number (S,)."""
        words: Flags = self.codes >= 0
        return words

    @cached_property
    def n_missing(self) -> int:
        return int(np.count_nonzero(self.is_missing))

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """What stands in the cells, each once: numbers in their order, then words in theirs."""
        numbers = np.unique(self.values[self.codes == _NUMBER])
        return (*(label_of(value) for value in numbers.tolist()), *sorted(self.words))


@dataclass(frozen=True, eq=False)
class CsvTable:
    """The columns of a file, and the row of the file (from 1) that each sample stands in (S,).

    ``n_comments`` lines before them, which begin with #, were skipped.
    """

    columns: tuple[Column, ...]
    rows: Indices
    n_comments: int

    def __len__(self) -> int:
        return len(self.rows)


def label_of(value: float) -> str:
    """A number as the name of a class."""
    return f"{value:.12g}"


def read_csv(
    text: str,
    progress: Callable[[float], None] = lambda share: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> CsvTable | None:
    """The table in a text; None when cancelled, TableError with the row and column at fault.

    Cells stand between tabs, semicolons, commas, bars or spaces, as the first rows tell, or a line
    like ``sep=;`` before them. Lines that begin with # are skipped at the top, and only there. The
    first row may name the columns. ``progress`` is told the share of the rows that are read, now
    and then.
    """
    text = text.removeprefix("\ufeff")
    named = _NAMED.match(text)
    if named:
        text = text[named.end() - 1 :]  # its end stays, and is counted
    n_comments = 0
    top = _TOP.match(text)
    if top:
        blank, n_comments = _COMMENT.subn("", top[0])
        text = blank + text[top.end() :]  # their ends stay, too
    reader = _reader(text, named[1][-1] if named else _separator(text))
    lines = max(1, text.count("\n") + text.count("\r") - text.count("\r\n"))
    builder = _Builder()
    numbered = _numbered(reader)
    rows = 1
    while chunk := list(islice(numbered, rows)):
        builder.add(chunk)
        rows = CHUNK // len(chunk[0][1]) + 1
        progress(min(1.0, chunk[-1][0] / lines))
        if cancelled():
            return None
    return builder.table(n_comments)


def _reader(text: str, separator: str) -> Iterator[list[str]]:
    skips = separator == " "  # columns that are lined up have several of them
    lines = StringIO(text, newline="")
    return csv.reader(lines, delimiter=separator, skipinitialspace=skips, strict=True)


def _separator(text: str) -> str:
    """What parts the first two rows into as many cells each; else as the first line tells."""
    head = text[:HEAD]
    for separator in SEPARATORS:
        if separator == " " and any(other in head for other in SEPARATORS[:-1]):
            break
        try:
            rows = list(islice(_numbered(_reader(head, separator)), 2))
        except TableError:
            continue
        widths = {len(cells) for _, cells in rows}
        if len(widths) == 1 and widths != {1}:
            return separator
    first = next((line for line in text.splitlines() if line.strip()), "")
    return separator_of(first)


def _numbered(reader: Iterator[list[str]]) -> Iterator[tuple[int, list[str]]]:
    """The rows that are not blank, each with its number (from 1)."""
    row = 0
    try:
        for row, cells in enumerate(reader, start=1):
            if len(cells) > 1 or any(cell.strip() for cell in cells):
                yield row, cells
    except csv.Error as error:
        raise TableError(not_csv(error), row + 1) from None


class _Builder:
    """Puts chunks of rows together, column by column."""

    def __init__(self) -> None:
        self._names: tuple[str, ...] = ()
        self._columns: list[_ColumnBuilder] = []
        self._rows: list[int] = []

    def add(self, chunk: list[tuple[int, list[str]]]) -> None:
        if not self._columns:
            chunk = self._begin(chunk)
        width = len(self._columns)
        for row, cells in chunk:
            if len(cells) != width:
                refuse_width(row, len(cells), width)
        self._rows += [row for row, _ in chunk]
        if len(self._rows) > MAX_SAMPLES:
            raise TableError(f"it has more than {MAX_SAMPLES} rows")
        if chunk:
            across = zip(*(cells for _, cells in chunk), strict=True)
            for builder, column in zip(self._columns, across, strict=True):
                builder.add(column)

    def _begin(self, chunk: list[tuple[int, list[str]]]) -> list[tuple[int, list[str]]]:
        _, first = chunk[0]
        if len(first) > MAX_COLUMNS:
            raise TableError(f"it has {len(first)} columns; at most {MAX_COLUMNS} are read")
        has_header = is_header(first)
        names = [" ".join(cell.split()) for cell in first] if has_header else [""] * len(first)
        self._names = tuple(name or f"column {i + 1}" for i, name in enumerate(names))
        self._columns = [_ColumnBuilder() for _ in first]
        return chunk[1:] if has_header else chunk

    def table(self, n_comments: int) -> CsvTable:
        if not self._rows:
            raise TableError("there are no rows of data in it")
        columns = (
            builder.column(name) for name, builder in zip(self._names, self._columns, strict=True)
        )
        return CsvTable(tuple(columns), np.array(self._rows, dtype=np.intp), n_comments)


@dataclass
class _ColumnBuilder:
    """The cells of one column, as numbers and words; the same text is looked at once."""

    values: list[Array] = field(default_factory=list)
    codes: list[Indices] = field(default_factory=list)
    words: dict[str, int] = field(default_factory=dict)
    known: dict[str, tuple[float, int]] = field(default_factory=dict)

    def add(self, cells: tuple[str, ...]) -> None:
        values = None if self.words else _plain_numbers(cells)
        if values is not None:
            self.values.append(values)
            self.codes.append(np.full(len(cells), _NUMBER, dtype=np.intp))
            return
        read = [self.known.get(cell) or self._look_at(cell) for cell in cells]
        self.values.append(np.array([value for value, _ in read]))
        self.codes.append(np.array([code for _, code in read], dtype=np.intp))

    def _look_at(self, cell: str) -> tuple[float, int]:
        text = cell.strip()
        if text.lower() in MISSING:
            found = np.nan, _MISSING
        else:
            try:
                found = parse_number(text), _NUMBER
            except ValueError:
                found = np.nan, self.words.setdefault(text, len(self.words))
        self.known[cell] = found
        return found

    def column(self, name: str) -> Column:
        values, codes = np.concatenate(self.values), np.concatenate(self.codes)
        return Column(name, values, codes, tuple(self.words))


def _plain_numbers(cells: tuple[str, ...]) -> Array | None:
    """The cells as numbers where each is written plainly; None where they have to be looked at."""
    joined = "".join(cells)
    if "," in joined or "−" in joined:
        cells = tuple(cell.replace(",", ".").replace("−", "-") for cell in cells)
        joined = "".join(cells)
    # float() takes more than a table should hold: 1_000, digits of other scripts, nan and inf.
    if "_" in joined or not joined.isascii():
        return None
    try:
        values = np.array([*map(float, cells)])
    except ValueError:
        return None
    if not np.isfinite(values).all():
        return None
    zeros = {cells[i].lower() for i in np.flatnonzero(values == 0.0).tolist()}
    is_tiny = any(set("123456789") & set(zero.partition("e")[0]) for zero in zeros)
    return None if is_tiny else values
