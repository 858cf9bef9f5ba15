"""``python -m mlpsim.core.compiled``: fill the cache of machine code, and give way to others."""

import os

from mlpsim.core.compiled.cache import note_filled
from mlpsim.core.compiled.warming import warm

if __name__ == "__main__":  # pragma: no cover (a process of its own)
    if hasattr(os, "nice"):
        os.nice(10)
    warm()
    note_filled()
