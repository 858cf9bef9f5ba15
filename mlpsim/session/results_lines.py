"""The lines of a file of results, each with a check by which a text that has changed is found."""

import csv
import io
import re
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

from mlpsim.core.files.run_tables import csv_line
from mlpsim.core.files.strict_json import DocumentError

CHECK = "check"
NUMBERS = ("objective", "error", "accuracy", "held_out_error", "held_out_accuracy")
NO_RESULTS = "It holds no results of a sweep"
OTHER = "Choose another file."
LINE = (
    "Choose a copy that no other program has saved, or remove the line: its cell is then run again."
)


def write_line(cells: Sequence[str]) -> bytes:
    """A line with its check."""
    return csv_line([*cells, _check(cells)])


def write_head(names: Sequence[str]) -> bytes:
    """The line above them."""
    return csv_line([*names, CHECK])


def read_lines(data: bytes, path: Path) -> list[list[str]]:
    """The head and the lines of a file, without the checks; none of an empty one.

    A last line that a kill has cut short is left out. How a spreadsheet writes is read: a byte
    order mark, semicolons or tabs, decimal commas, 1 for 1.0. DocumentError names the first line
    in which a number or a text is another one.
    """
    whole = data[: data.rfind(b"\n") + 1]
    try:
        text = whole.decode("utf-8-sig")
        saved = re.match('"?cell"?([;\t])', text)
        separator = saved[1] if saved else ","
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except (UnicodeDecodeError, csv.Error) as error:
        raise DocumentError("It is no CSV file", str(path), OTHER) from error
    head = rows[0] if rows else []
    if data and head[-1:] != [CHECK]:
        raise DocumentError(NO_RESULTS, str(path), OTHER)
    lines = [head[:-1]]
    for place, row in enumerate(rows[1:], start=2):
        line = [_as_written(name, cell) for name, cell in zip(head, row, strict=False)]
        if len(row) != len(head) or line[-1] != _check(line[:-1]):
            what = f"A line of it is not as it was written{_difference(head, row)}"
            raise DocumentError(what, f"{path}:{place}", LINE)
        lines.append(line[:-1])
    return lines if rows else []


def _check(cells: Sequence[str]) -> str:
    # The letter in front: a spreadsheet takes digits, and digits around an e, for a number.
    return "x" + sha256(csv_line(list(cells))).hexdigest()[:8]


def _as_written(name: str, cell: str) -> str:
    """The text of a cell as a sweep writes it; no text of a sweep has a comma."""
    number = _number(cell) if name in NUMBERS else None
    return cell.replace(",", ".") if number is None else repr(number)


def _number(cell: str) -> float | None:
    try:
        return float(cell.replace(",", "."))
    except ValueError:
        return None


def _difference(head: list[str], row: list[str]) -> str:
    """What shows that a line has been changed, if it is not just another number or text."""
    if len(row) != len(head):
        return f": it has {len(row)} cells, not {len(head)}"
    for name, cell in zip(head, row, strict=True):
        if name in NUMBERS and cell and _number(cell) is None:
            return f": its {name} is '{cell}'"
    return ""
