"""How the functions of the compiled engine are compiled."""

from collections.abc import Callable
from typing import Any, TypeVar

from numba import config, njit

from mlpsim.core.compiled import cache

config.CACHE_DIR = config.CACHE_DIR or str(cache.folder())
F = TypeVar("F", bound=Callable[..., Any])
# Without Numba's counts of who holds an array: most of a small step would go to them. A function
# therefore makes no arrays.
_OPTIONS: dict[str, Any] = {
    "cache": True,
    "nogil": True,
    "error_model": "numpy",
    "_nrt": False,
    "forceinline": True,
}


def compiled(function: F) -> F:
    """Machine code, kept on disk; runs without Python's lock, and divides by zero as NumPy does.

    A product and a sum may become one instruction with one rounding; nothing else is reordered.
    """
    made: F = njit(**_OPTIONS, fastmath={"contract"})(function)
    return made
