"""Interruption: Ctrl+C, or a request to end, while a command computes."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event


@contextmanager
def ended_as_by_ctrl_c() -> Iterator[None]:
    """A command that is asked to end, as by kill or timeout, clears away what is not whole."""
    before = signal.signal(
        signal.SIGTERM, lambda _number, _frame: signal.raise_signal(signal.SIGINT)
    )
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


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
