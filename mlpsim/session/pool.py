"""Processes that run the cells of a sweep, and end at once when the sweep is cancelled."""

import os
import signal
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context, parent_process
from multiprocessing.synchronize import Event
from threading import Thread

from mlpsim.core.studies.sweep import Cell, Result, run_cell

_stop: Event | None = None  # in a process of the pool: whether to stop


@contextmanager
def process_pool(workers: int) -> Iterator[Executor]:
    """An executor of ``workers`` processes for ``work``; leaving it stops what is running."""
    context = get_context("spawn")
    stop = context.Event()
    executor = ProcessPoolExecutor(workers, context, _begin, (stop,))
    try:
        yield executor
    finally:
        stop.set()
        executor.shutdown(cancel_futures=True)


def work(cell: Cell) -> Result:
    """A cell's result, in a process of the pool."""
    return run_cell(cell, lambda: _stop is not None and _stop.is_set())


def _begin(stop: Event) -> None:
    global _stop
    _stop = stop
    # Ctrl+C reaches every process of the terminal; the first one decides.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, name="end with parent", daemon=True).start()


def _end_with_parent() -> None:
    """A process whose parent was killed would wait for ever for its next cell."""
    parent = parent_process()
    if parent is not None:  # pragma: no cover (runs in another process, which it ends)
        parent.join()
        os._exit(1)
