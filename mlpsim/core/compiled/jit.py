"""How the functions of the compiled engine are compiled."""

import os
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

from numba import config, njit


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
