"""``mlpsim sweep``: a grid of runs, written to a CSV file as they end, resumed after a kill."""

import sys
from collections.abc import Iterator
from concurrent.futures import CancelledError, Executor
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

from mlpsim.app.commands import resolve_source, tell_of_projection
from mlpsim.app.interruption import interruptible
from mlpsim.app.refusal import RefusedError
from mlpsim.app.telling import Teller
from mlpsim.core.files.strict_json import DocumentError
from mlpsim.core.processors import processors
from mlpsim.core.studies.sweep import Axis, ProcessDiedError, Sweep, run_cells
from mlpsim.session import pool
from mlpsim.session.results_file import ResultsFile

CONNECT_SECONDS = 5
KEPT = "What has ended is kept: sweep again with the same file to go on."


def sweep_command(
    source: str,
    variant: str | None,
    *,
    axes: tuple[Axis, ...],
    seeds: int,
    epochs: int,
    steps: int | None,
    workers: int | None,
    dask: str | None,
    out: Path,
) -> None:
    """Run every cell of the grid that the file does not hold yet; tell of starts outside C."""
    experiment = resolve_source(source, variant).experiment
    try:
        sweep = Sweep(experiment, axes, seeds, epochs, steps)
        cells = sweep.cells()
    except ValueError as error:
        raise RefusedError("mlpsim sweep", f"{error}.", "Change --grid or the count.") from error
    outside = sum(cell.experiment.start_is_projected for cell in cells)
    if outside:
        some = "" if outside == len(cells) else f" of {outside} of {len(cells)} cells"
        tell_of_projection(source, f"the start{some}")
    try:
        with interruptible() as interrupted, _executor(workers, dask) as (executor, count):
            file = ResultsFile(out, sweep)
            left = [cell for cell in cells if cell.number not in file.finished]
            done = len(cells) - len(left)
            if done:
                print(f"{done} of {len(cells)} cells were done before.", file=sys.stderr)
            teller = Teller()
            for result in run_cells(left, executor, count, interrupted):
                file.add(cells[result.number], result)
                done += 1
                teller.say(f"{done} of {len(cells)} cells", anyway=done == len(cells))
        file.finish()
    except DocumentError as error:
        raise RefusedError(error.where or str(out), f"{error.what}.", error.what_to_do) from error
    except ProcessDiedError as error:
        raise RefusedError("mlpsim sweep", str(error), KEPT) from error


@contextmanager
def _executor(workers: int | None, dask: str | None) -> Iterator[tuple[Executor, int]]:
    """Processes here, or the workers of a Dask cluster; and how many."""
    if dask is None:
        count = workers or processors()
        with pool.process_pool(count) as executor:
            yield executor, count
        return
    try:
        distributed: Any = import_module("distributed")
    except ImportError as error:
        raise RefusedError(
            "mlpsim sweep --dask",
            "the package distributed is not installed.",
            "Install it with: pip install distributed",
        ) from error
    try:
        client = distributed.Client(dask, timeout=CONNECT_SECONDS)
    except (OSError, ValueError) as error:
        raise RefusedError(
            "mlpsim sweep --dask",
            f"no scheduler answers at {dask}: {error}.",
            "Start one with: dask scheduler, and its workers with: dask worker ADDRESS",
        ) from error
    with client:
        try:
            yield client.get_executor(), max(1, sum(client.nthreads().values()))
        except distributed.KilledWorker as error:
            raise ProcessDiedError from error
        except CancelledError as error:
            raise RefusedError(
                "mlpsim sweep --dask", f"the scheduler at {dask} answers no longer.", KEPT
            ) from error
