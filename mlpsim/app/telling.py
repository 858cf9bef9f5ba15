"""Telling: how far a command is, said on the error stream."""

import sys
import time
from collections.abc import Iterable, Iterator

TELL_SECONDS = 1.0


class Teller:
    """Says at most one sentence a second, the first one after a second."""

    def __init__(self) -> None:
        self._told = time.monotonic()

    def say(self, sentence: str, anyway: bool = False) -> None:
        """Say a sentence if it is time for one; ``anyway``, at once."""
        now = time.monotonic()
        if anyway or now - self._told >= TELL_SECONDS:
            self._told = now
            print(sentence, file=sys.stderr, flush=True)


def telling(pieces: Iterable[bytes], steps: int, heads: int = 0) -> Iterator[bytes]:
    """The pieces, after the heads one for each state up to ``steps``, and how far they are."""
    teller = Teller()
    for k, piece in enumerate(pieces, start=-heads):
        yield piece
        teller.say(f"step {k} of {steps}; Ctrl+C ends it and writes no file.")
