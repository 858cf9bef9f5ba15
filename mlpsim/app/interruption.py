"""Interruption: Ctrl+C, or a request to end, while a command computes or draws."""

import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from threading import Event
from types import FrameType

Handler = Callable[[int, FrameType | None], None]


@contextmanager
def ended_as_by_ctrl_c() -> Iterator[None]:
    """A command that is asked to end, as by kill or timeout, clears away what is not whole.

    Also in the background of a shell, where Ctrl+C is ignored.
    """

    def end(_number: int, frame: FrameType | None) -> None:
        on_ctrl_c = signal.getsignal(signal.SIGINT)
        (on_ctrl_c if callable(on_ctrl_c) else signal.default_int_handler)(signal.SIGINT, frame)

    before = signal.signal(signal.SIGTERM, end)
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


@contextmanager
def ended_between_pictures() -> Iterator[Callable[[], None]]:
    """What raises KeyboardInterrupt, when it is called, if the command was asked to end since.

    Computations are interrupted at once. Where Qt may be calling back, it is only noted: Qt prints
    what is raised there, forgets it and goes on.
    """
    asked = Event()

    def noted(end: Callable[[int, FrameType | None], object]) -> Handler:
        def note(number: int, frame: FrameType | None) -> None:
            asked.set()
            if _computes(frame):
                end(number, frame)

        return note

    def heed() -> None:
        if asked.is_set():
            raise KeyboardInterrupt

    with ExitStack() as stack:
        for number in (signal.SIGINT, signal.SIGTERM):
            handler = signal.getsignal(number)
            if callable(handler):
                signal.signal(number, noted(handler))
                stack.callback(signal.signal, number, handler)
        yield heed


def _computes(frame: FrameType | None) -> bool:
    """Whether the core is at work."""
    while frame is not None:
        if frame.f_globals.get("__name__", "").startswith("mlpsim.core."):
            return True
        frame = frame.f_back
    return False
