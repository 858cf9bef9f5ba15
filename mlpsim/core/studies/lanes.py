"""Lanes of a race: what a run has cost at each state, and E there, so that runs can be compared."""

from dataclasses import dataclass
from math import isfinite, nan

import numpy as np

from mlpsim.core.arrays import Array, Indices
from mlpsim.core.evaluation import accuracy
from mlpsim.core.experiment import Segment
from mlpsim.core.held_out_curve import TrainingMean, stretches
from mlpsim.core.problem import Reduction, quiet
from mlpsim.core.run import Run

BLOCK = 65_536  # states that are looked through at a time


def evaluations(segments: tuple[Segment, ...], steps: Indices) -> Indices:
    """How many gradients ∇e^s were evaluated for the first so many updates: steps (n,) -> (n,).

    A step costs the size of its batch; the last batch of an epoch may be smaller. Beyond the last
    segment's steps that are taken, those that it would take are counted.
    """
    ends = [segment.start for segment in segments[1:]] + [int(np.max(steps, initial=0))]
    total = np.zeros(len(steps), dtype=np.int64)
    for segment, end in zip(segments, ends, strict=True):
        upto = np.clip(steps, segment.start, max(end, segment.start))
        total += _visits(segment, upto) - _visits(segment, np.array([segment.start]))
    return total


def _visits(segment: Segment, steps: Indices) -> Indices:
    """The samples that are visited from the segment's ``epoch_step`` up to these steps (n,)."""
    sampling, samples = segment.experiment.sampling, len(segment.experiment.problem.data)
    epochs, places = np.divmod(steps - segment.epoch_step, sampling.steps_per_epoch(samples))
    if sampling.order == "given":
        sizes = np.cumsum([0, *(len(batch) for batch in sampling.batches)])
        visited: Indices = epochs * sizes[-1] + sizes[places]
    else:
        visited = epochs * samples + places * (sampling.batch_size or samples)
    return visited


class ErrorSeries:
    """E at every state of a run: Σ e^s, or the mean of e^s; NaN where it is not recorded.

    E is the error alone: where the objective has a penalty, that is taken off.
    """

    def __init__(self, run: Run, reduction: Reduction) -> None:
        self.run, self.reduction = run, reduction
        self._means = TrainingMean(run)
        self._is_plain = all(
            not segment.experiment.problem.penalty
            and segment.experiment.problem.reduction == reduction
            for segment in run.segments
        )
        self._value: tuple[int, float] | None = None
        self._accuracy: tuple[int, float | None] | None = None
        self._begin(nan)

    def _begin(self, level: float) -> None:
        """Nothing has been looked through for this level."""
        self._level, self._looked, self._reached = level, 0, -1
        self.misses_some = False

    @property
    def last(self) -> int:
        """The last recorded step."""
        return self.run.last

    def values(self, first: int, last: int) -> Array:
        """E of states first … last (n,), NaN where J or theta is not recorded."""
        if self._is_plain:
            return self.run.values(first, last)  # bit for bit what the loss curve shows
        means = self._means.values(first, last)
        if self.reduction == "sum":
            for segment, begin, end in stretches(self.run, first, first + len(means) - 1):
                means[begin - first : end + 1 - first] *= len(segment.experiment.problem.data)
        return means

    @quiet()
    def value(self, k: int) -> float:
        """E at state k: the recorded one, or where there is none, or a penalty, from theta.

        That of the state asked for last is kept.
        """
        recorded = float(self.run.values(k, k)[0]) if self._is_plain else nan
        if isfinite(recorded):
            return recorded
        if self._value is None or self._value[0] != k:
            errors = self.run.errors(k)
            self._value = k, float(errors.sum() if self.reduction == "sum" else errors.mean())
        return self._value[1]

    def accuracy(self, k: int) -> float | None:
        """That of state k, None where the targets are no classes; the last one is kept."""
        if self._accuracy is None or self._accuracy[0] != k:
            problem = self.run.segment_at(k).experiment.problem
            self._accuracy = k, accuracy(problem, self.run.theta(k))
        return self._accuracy[1]

    def first_at_most(self, level: float) -> int | None:
        """The first recorded state with E ≤ level; None if there is none yet.

        Afterwards ``misses_some`` says whether E is not recorded of some state before it. States
        that were looked through are not looked at again for the same level.
        """
        if level != self._level:
            self._begin(level)
        while self._reached < 0 and self._looked <= self.last:
            values = self.values(self._looked, min(self._looked + BLOCK - 1, self.last))
            below = np.flatnonzero(values <= level)
            before = values[: below[0]] if len(below) else values
            self.misses_some = self.misses_some or bool(np.isnan(before).any())
            if len(below):
                self._reached = self._looked + int(below[0])
            self._looked += len(values)
        return None if self._reached < 0 else self._reached


@dataclass(frozen=True)
class Standing:
    """How a lane stands: E at a state ``k`` and at its last one, and what it took to a level.

    ``reached`` is the first state known to have E ≤ level, at the cost of ``cost`` gradients; it
    ``is_first`` where E is known of every state before it. A lane that has not reached the level
    has None there, and ``cost`` is all that was spent so far. ``accuracy`` (0 to 1) is that of
    state k, None where the targets are no classes.
    """

    k: int
    last: int
    error: float
    final: float
    reached: int | None
    is_first: bool
    cost: int
    accuracy: float | None
    diverged_at: int | None


def standing(series: ErrorSeries, k: int, level: float, tells_classes: bool = True) -> Standing:
    """How a lane stands at state min(k, last); without its accuracy where that is not asked for."""
    run = series.run
    k = min(k, run.last)
    error, reached = series.value(k), series.first_at_most(level)
    upto = run.last if reached is None else reached
    return Standing(
        k=k,
        last=run.last,
        error=error,
        final=error if k == run.last else series.value(run.last),
        reached=reached,
        is_first=not series.misses_some,
        cost=int(evaluations(run.segments, np.array([upto]))[0]),
        accuracy=series.accuracy(k) if tells_classes else None,
        diverged_at=run.diverged_at,
    )
