"""How the functions of the compiled engine are compiled."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from llvmlite import binding
from numba import config, njit
from numba.core.caching import FunctionCache

from mlpsim.core.compiled import cache

config.CACHE_DIR = config.CACHE_DIR or str(cache.folder())
# A loop here takes few rounds; unrolled, it would take as long to find out how many are left.
binding.set_option("", "-unroll-runtime=false")
# Nor is it worth the C library's call that sets memory to zero.
binding.set_option("", "-disable-loop-idiom-memset")
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


class _Disk(FunctionCache):  # type: ignore[misc] # Numba has no types of its own
    """Machine code on the disk, which is loaded without what the compiler needs besides.

    Numba would fill the compiler's tables first, which takes longer than all kernels do.
    """

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        with self._guard_against_spurious_io_errors():
            return self._load_overload(sig, target_context)


def kernel(function: F) -> F:
    """Machine code for Python, kept on disk; it divides by zero as NumPy does.

    It runs without Python's lock.
    """
    made: Any = njit(**_OPTIONS)(function)
    made._cache = _Disk(function)
    return cast(F, made)


def compiled(function: F) -> F:
    """Machine code that becomes a part of kernels."""
    made: F = njit(**_OPTIONS, no_cpython_wrapper=True)(function)
    return made
