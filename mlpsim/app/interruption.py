"""Interruption: Ctrl+C while a command computes what is worth keeping."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event


@contextmanager
def interruptible() -> Iterator[Callable[[], bool]]:
    """Whether Ctrl+C was pressed; it is raised at the end, not while something is begun."""
    pressed = Event()
    before = signal.signal(signal.SIGINT, lambda _number, _frame: pressed.set())
    try:
        yield pressed.is_set
    finally:
        signal.signal(signal.SIGINT, before)
    if pressed.is_set():
        raise KeyboardInterrupt
