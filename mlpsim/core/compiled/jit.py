"""How the functions of the compiled engine are compiled."""

from collections.abc import Callable
from typing import Any, TypeVar

from llvmlite import binding
from numba import config, njit

from mlpsim.core.compiled import cache

config.CACHE_DIR = config.CACHE_DIR or str(cache.folder())
# A loop here takes few rounds; unrolled, it would take as long to find out how many are left.
binding.set_option("", "-unroll-runtime=false")
F = TypeVar("F", bound=Callable[..., Any])
# Without Numba's counts of who holds an array: most of a small step would go to them. A function
# therefore makes no arrays.
# A product and a sum may become one instruction with one rounding; nothing else is reordered.
_OPTIONS: dict[str, Any] = {
    "nogil": True,
    "error_model": "numpy",
    "_nrt": False,
    "forceinline": True,
    "fastmath": {"contract"},
    "no_cfunc_wrapper": True,
}


def kernel(function: F) -> F:
    """Machine code for Python, kept on disk; it divides by zero as NumPy does.

    It runs without Python's lock.
    """
    made: F = njit(**_OPTIONS, cache=True)(function)
    return made


def compiled(function: F) -> F:
    """Machine code that becomes a part of kernels."""
    made: F = njit(**_OPTIONS, no_cpython_wrapper=True)(function)
    return made
