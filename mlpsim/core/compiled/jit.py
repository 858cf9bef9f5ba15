"""How the functions of the compiled engine are compiled."""

import os
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from llvmlite import ir
from numba import config, njit, types
from numba.extending import intrinsic


def _cache_folder() -> Path:
    """Where machine code is kept, by the sources of all kernels and of what they call.

    Numba itself looks only at the file that a kernel stands in, and would keep what is out of date.
    """
    sources = sorted(Path(__file__).parent.glob("*.py"))
    digest = sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()[:16]
    caches = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(caches) / "mlpsim" / digest


config.CACHE_DIR = config.CACHE_DIR or str(_cache_folder())
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


def reordered(function: F) -> F:
    """The same for a sum that may be added up in any order, several terms at a time."""
    made: F = njit(**_OPTIONS, fastmath={"contract", "reassoc", "nsz"})(function)
    return made


def _bits_of(typing: Any, x: Any) -> Any:  # pragma: no cover (only where nothing is cached)
    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.bitcast(arguments[0], ir.IntType(64))

    return types.uint64(types.float64), generate


def _float_of(typing: Any, bits: Any) -> Any:  # pragma: no cover (only where nothing is cached)
    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.bitcast(arguments[0], ir.DoubleType())

    return types.float64(types.uint64), generate


bits_of: Callable[[float], np.uint64] = intrinsic(_bits_of)
float_of: Callable[[np.uint64], float] = intrinsic(_float_of)
