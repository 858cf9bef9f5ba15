"""Telling: how far a command is that writes state after state."""

import sys
import time
from collections.abc import Iterable, Iterator

TELL_SECONDS = 1.0


def telling(pieces: Iterable[bytes], steps: int, heads: int = 0) -> Iterator[bytes]:
    """The pieces, after the heads one for each state up to ``steps``.

    The error stream hears once a second how far they are.
    """
    told = time.monotonic()
    for k, piece in enumerate(pieces, start=-heads):
        yield piece
        now = time.monotonic()
        if now - told >= TELL_SECONDS:
            told = now
            said = f"step {k} of {steps}; Ctrl+C ends it and writes no file."
            print(said, file=sys.stderr, flush=True)
