"""Telling: how far a command is, said on the error stream."""

import sys
import time
from collections.abc import Callable

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


def telling(steps: int) -> Callable[[int], None]:
    """What is told of the states that a command reaches, up to ``steps``, says so."""
    teller = Teller()
    return lambda k: teller.say(f"step {k} of {steps}; Ctrl+C ends it and writes no file.")
