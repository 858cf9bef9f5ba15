"""The cache of machine code on the disk: where it is, and whether it has been filled."""

import os
import platform
import shutil
import sys
from contextlib import suppress
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

STAMP = "filled"
KEPT_SECONDS = 30 * 24 * 3600.0  # since the last use; other environments have folders of their own


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


def tidy(now: float) -> None:
    """Note that the folder is used ``now`` (in s, since 1970), and remove those long out of use.

    What another process removes at the same time, or what may not be removed, is passed over.
    """
    mine = folder()
    with suppress(OSError):
        os.utime(mine / STAMP, (now, now))
    others = [other for other in mine.parent.glob("?" * len(mine.name)) if other != mine]
    for other in others:
        with suppress(OSError):
            _remove_unused(other, now)


def _remove_unused(place: Path, now: float) -> None:
    """Remove a folder that was long not used; one that is not filled yet, not written to."""
    stamp = place / STAMP
    last = (stamp if stamp.exists() else place).stat().st_mtime
    if now - last > KEPT_SECONDS:
        # First: what is left of a folder that is half removed does not count as filled.
        stamp.unlink(missing_ok=True)
        shutil.rmtree(place)


def _makers() -> str:
    """What the machine code depends on besides its sources, known without an import of Numba."""
    found = [sys.version, platform.node(), os.environ.get("NUMBA_CACHE_DIR", "")]
    for name in ("numba", "llvmlite"):
        spec = find_spec(name)
        if spec is not None and spec.origin is not None:
            found.append(f"{spec.origin} {os.stat(spec.origin).st_mtime_ns}")
    return "\n".join(found)
