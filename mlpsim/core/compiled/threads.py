"""Threads: parts of a long job side by side, since kernels run without Python's lock."""

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from mlpsim.core.processors import processors

Part = TypeVar("Part")
SHORTEST = 20_000_000  # products of weights and samples, below which threads take longer to begin


def count() -> int:
    """One thread for each processor but that of the window, or what NUMBA_NUM_THREADS says."""
    said = os.environ.get("NUMBA_NUM_THREADS", "")
    if said.isdecimal() and int(said) > 0:
        return int(said)
    return max(1, processors() - 1)


def side_by_side(do: Callable[[Part], bool], parts: Iterable[Part], products: int) -> bool:
    """Do all parts, in any order, unless one is not done; ``products`` is what they cost."""
    threads = count() if products >= SHORTEST else 1
    if threads == 1:
        return all(do(part) for part in parts)
    with ThreadPoolExecutor(threads) as pool:
        return all(pool.map(do, parts))
