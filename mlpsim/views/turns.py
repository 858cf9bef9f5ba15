"""Turns: where much changes at once, one view after the other shows it, in a frame of its own."""

from collections import deque
from time import perf_counter
from typing import Protocol
from weakref import ref

PATIENCE_SECONDS = 0.1  # what a turn takes at most: its end never comes if its view is gone


class Taker(Protocol):
    """Someone who may have to wait for a turn."""

    @property
    def is_waiting(self) -> bool:
        """Whether a turn is still wanted."""

    def be_called(self) -> None:
        """The turn has come: take it soon."""


class Turns:
    """Who may change what is on screen now; those who have to wait are called in their order.

    A turn lasts until what was changed in it has been painted, so that no frame takes longer than
    one view does.
    """

    def __init__(self) -> None:
        # Weak, or views would outlive their window.
        self._waiting: deque[ref[Taker]] = deque()
        self._whose: ref[Taker] | None = None
        self._over_at = 0.0

    def take(self, taker: Taker) -> bool:
        """Begin a turn, unless it is another's; then ``taker`` is called when it may."""
        now = perf_counter()
        if now < self._over_at and not self._is_of(taker):
            self._waiting.append(ref(taker))
            return False
        self._whose, self._over_at = ref(taker), now + PATIENCE_SECONDS
        return True

    def end(self, taker: Taker) -> None:
        """The taker's turn is over, or not wanted any more."""
        if not self._is_of(taker):
            return
        self._whose, self._over_at = None, 0.0
        while self._waiting:
            following = self._waiting.popleft()()
            if following is not None and following.is_waiting:
                self.take(following)
                following.be_called()
                return

    def _is_of(self, taker: Taker) -> bool:
        return self._whose is not None and self._whose() is taker
