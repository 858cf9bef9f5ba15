"""The sweep that a file of results belongs to: a known one, or what the lines tell of the grid."""

from collections.abc import Sequence
from pathlib import Path

from mlpsim.core.experiment import Experiment
from mlpsim.core.files.strict_json import DocumentError
from mlpsim.core.studies.sweep import Axis, Sweep
from mlpsim.session.files import read_whole
from mlpsim.session.results_file import MEASURED
from mlpsim.session.results_lines import NO_RESULTS, OTHER, read_lines

ANOTHER = "Open the experiment that was swept and set the same grid, then open the results again."


def sweep_in(path: Path, base: Experiment, known: Sequence[Sweep]) -> Sweep:
    """The sweep whose results a file holds: one of the known ones, or a grid over ``base``.

    A file that is not complete may not tell all values of the grid. DocumentError if it is of
    another sweep, or holds no results.
    """
    rows = read_lines(read_whole(path), path)
    head = rows[0] if rows else []
    is_table = head[:1] == ["cell"] and head[-len(MEASURED) :] == list(MEASURED)
    if not (is_table and len(rows) > 1):
        raise DocumentError(NO_RESULTS, str(path), OTHER)
    fingerprint = rows[1][-1]
    for sweep in (*known, *_told(head, rows[1:], base)):
        if sweep.fingerprint() == fingerprint:
            return sweep
    raise DocumentError(
        "It holds the results of another experiment, or of a grid that its lines do not tell",
        str(path),
        ANOTHER,
    )


def _told(head: list[str], rows: list[list[str]], base: Experiment) -> list[Sweep]:
    """The grids that the lines may be of: so many epochs, or so many steps."""
    names = head[1 : head.index("seed")] if "seed" in head else []
    try:
        lines = sorted((dict(zip(head, row, strict=True)) for row in rows), key=_number)
        axes = tuple(
            Axis(name, tuple(dict.fromkeys(line[name] for line in lines))) for name in names
        )
        seeds = 1 + max(int(line["seed"]) for line in lines)
        steps = int(lines[0]["steps"])
        by_steps = Sweep(base, axes, seeds, steps=steps)
        cell = by_steps.cells()[0].experiment
        per_epoch = cell.sampling.steps_per_epoch(len(cell.problem.data))
        return [Sweep(base, axes, seeds, max(1, steps // per_epoch)), by_steps]
    except (ValueError, KeyError):
        return []


def _number(line: dict[str, str]) -> int:
    return int(line["cell"])
