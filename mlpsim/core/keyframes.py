"""Keyframes: the checkpoints that a run keeps, evenly spaced, and where a segment begins."""

from bisect import bisect_right
from collections.abc import Iterable

from mlpsim.core.training import KEYFRAME_INTERVAL, Checkpoint

OVERHEAD = 300  # bytes of a keyframe besides its numbers: Python's objects around them
LET_GO_AT_ONCE = 500  # of those that are kept no longer: thousands take a frame's time


class Keyframes:
    """Checkpoints in the order of their steps, from which what lies between is replayed."""

    def __init__(self) -> None:
        self._checkpoints: dict[int, Checkpoint] = {}
        self._steps: list[int] = []
        self._starts: set[int] = set()  # of segments
        self._interval = KEYFRAME_INTERVAL
        self._dropped: list[int] = []  # what is still to be let go

    def begin(self, checkpoint: Checkpoint) -> None:
        """Append the first state of a segment, which stays."""
        self._starts.add(checkpoint.k)
        self._append(checkpoint)

    def extend(self, checkpoints: Iterable[Checkpoint]) -> None:
        """Append those of some later states that stand at the interval that is kept."""
        for checkpoint in checkpoints:
            if checkpoint.k % self._interval == 0:
                self._append(checkpoint)

    def _append(self, checkpoint: Checkpoint) -> None:
        self._steps.append(checkpoint.k)
        self._checkpoints[checkpoint.k] = checkpoint

    def before(self, k: int) -> Checkpoint:
        """The last one of the states 0 … k."""
        return self._checkpoints[self._steps[bisect_right(self._steps, k) - 1]]

    def head(self, k: int) -> "Keyframes":
        """Those before state k, as a series of their own."""
        head = Keyframes()
        head._steps = [step for step in self._steps if step < k]
        head._checkpoints = {step: self._checkpoints[step] for step in head._steps}
        head._starts = {step for step in self._starts if step < k}
        head._interval = self._interval
        return head

    def thin(self, budget: int) -> None:
        """Keep every other one, and those that begin a segment, until they are about so many bytes.

        The memory is let go with the next calls, or by ``settle``.
        """
        self._let_go(LET_GO_AT_ONCE)
        while self._nbytes() > budget and len(self._steps) > len(self._starts):
            self._interval *= 2
            steps, self._steps = self._steps, []
            for k in steps:
                stays = k % self._interval == 0 or k in self._starts
                (self._steps if stays else self._dropped).append(k)

    def settle(self) -> None:
        """Hold no more memory than what is kept takes."""
        self._let_go(len(self._dropped))

    def _nbytes(self) -> int:
        last = self._checkpoints[self._steps[-1]]
        numbers = last.theta.nbytes + sum(array.nbytes for array in last.state)
        return (OVERHEAD + numbers) * len(self._steps)

    def _let_go(self, count: int) -> None:
        for k in self._dropped[:count]:
            del self._checkpoints[k]
        del self._dropped[:count]
