"""The cache of machine code on the disk: where it is, and whether it has been filled."""

import os
import platform
import sys
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

STAMP = "filled"


def folder() -> Path:
    """Where machine code is kept, by the sources of all kernels, what they call, and the compiler.

    Numba itself looks only at the file that a kernel stands in, and would keep what is out of date.
    """
    sources = sorted(Path(__file__).parent.glob("*.py"))
    digest = sha256(b"".join(source.read_bytes() for source in sources))
    digest.update(_makers().encode())
    caches = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(caches) / "mlpsim" / digest.hexdigest()[:16]


def is_filled() -> bool:
    """Whether all kernels were once compiled here by this Python and this Numba."""
    return os.path.isfile(folder() / STAMP)


def note_filled() -> None:
    """All kernels are in the cache now."""
    place = folder()
    place.mkdir(parents=True, exist_ok=True)
    (place / STAMP).touch()


def _makers() -> str:
    """What the machine code depends on besides its sources, known without an import of Numba."""
    found = [sys.version, platform.node(), os.environ.get("NUMBA_CACHE_DIR", "")]
    for name in ("numba", "llvmlite"):
        spec = find_spec(name)
        if spec is not None and spec.origin is not None:
            found.append(f"{spec.origin} {os.stat(spec.origin).st_mtime_ns}")
    return "\n".join(found)
