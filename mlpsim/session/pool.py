"""Processes that run the cells of a sweep, and end at once when the sweep is cancelled."""

import os
import signal
import sys
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import active_children, get_context, parent_process
from threading import Thread

MOST_ON_WINDOWS = 61  # processes that Python can wait for there


@contextmanager
def process_pool(workers: int) -> Iterator[Executor]:
    """An executor of ``workers`` processes; leaving it ends them, whatever they are at."""
    if sys.platform == "win32":
        workers = min(workers, MOST_ON_WINDOWS)
    before = set(active_children())
    executor = ProcessPoolExecutor(workers, get_context("spawn"), begin)
    try:
        yield executor
    finally:
        # One that is still starting would not listen for a second and more.
        for process in set(active_children()) - before:
            process.kill()
        executor.shutdown()


def begin() -> None:
    # Ctrl+C reaches every process of the terminal; the first one decides.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, name="end with parent", daemon=True).start()


def _end_with_parent() -> None:
    """A process whose parent was killed would wait for ever for its next cell."""
    parent = parent_process()
    if parent is not None:  # pragma: no cover (runs in another process, which it ends)
        parent.join()
        os._exit(1)
