"""Lanes of a race: what a run has cost at each state, and E there, so that runs can be compared."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import isfinite, lcm, nan

import numpy as np

from mlpsim.core.arrays import Array, Indices
from mlpsim.core.curves import recorded_every
from mlpsim.core.evaluation import accuracy
from mlpsim.core.held_out_curve import TrainingMean, stretches
from mlpsim.core.problem import Problem, Reduction, quiet
from mlpsim.core.race import MOST_RACERS
from mlpsim.core.run import Run
from mlpsim.core.segment import Segment
from mlpsim.core.work import is_dear, work_of

BLOCK = 65_536  # states that are looked through at a time
PASSES = (MOST_RACERS + 1) // 2  # of a gradient's: what the values of all lanes cost in a frame
KEPT = 4  # states of a lane: the start, its last one, and those on view now and before
Reading = tuple[float, float | None]  # E and the accuracy of a state


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
        self._read: dict[int, Reading] = {}
        self._begin(nan)

    def _begin(self, level: float) -> None:
        """Nothing has been looked through for this level."""
        self._level, self._looked, self._reached = level, 0, -1
        self.misses_some = False

    @property
    def last(self) -> int:
        """The last recorded step."""
        return self.run.last

    @property
    def every(self) -> int:
        """E is recorded of one state in so many."""
        run = self.run
        has_penalty = any(segment.experiment.problem.penalty for segment in run.segments)
        return lcm(recorded_every(run, run.last), run.stride if has_penalty else 1)

    def values(self, first: int, last: int) -> Array:
        """E of states first … last (n,), NaN where J or theta is not recorded."""
        if self._is_plain:
            return self.run.values(first, last)  # bit for bit what the loss curve shows
        means = self._means.values(first, last)
        if self.reduction == "sum":
            for segment, begin, end in stretches(self.run, first, first + len(means) - 1):
                means[begin - first : end + 1 - first] *= len(segment.experiment.problem.data)
        return means

    def value(self, k: int) -> float | None:
        """E at state k: the recorded one, or where there is none, or a penalty, from theta.

        None where a frame cannot wait for that and it was not found out before.
        """
        recorded = self._recorded(k)
        return recorded if isfinite(recorded) else self._reading(k)[0]

    @property
    def found(self) -> dict[int, float]:
        """E of the states, beside the recorded ones, that it was last found out of."""
        return {k: error for k, (error, _) in self._read.items() if isfinite(error)}

    def accuracy(self, k: int) -> float | None:
        """That of state k, None where the targets are no classes.

        NaN where a frame cannot wait for it and it was not found out before.
        """
        return self._reading(k)[1]

    def lacking(self, k: int) -> list[int]:
        """The states to find out before a frame can wait for how the run stands at state k."""
        k = min(k, self.last)
        return [
            j
            for j in dict.fromkeys((k, self.last, 0))
            if j not in self._read and self._is_dear(j)
            if j == k or not isfinite(self._recorded(j))
        ]

    def question(self, k: int) -> "ReadingQuestion":
        """What E and the accuracy of state k are."""
        problem = self.run.segment_at(k).experiment.problem
        return ReadingQuestion(self, k, problem, self.run.theta(k), self._recorded(k))

    def keep(self, k: int, reading: Reading) -> None:
        """Take what was found out of state k; beside the start, that of some states is kept."""
        self._read[k] = reading
        while len(self._read) > KEPT:
            del self._read[next(j for j in self._read if j)]

    def _recorded(self, k: int) -> float:
        return float(self.run.values(k, k)[0]) if self._is_plain else nan

    def _is_dear(self, k: int) -> bool:
        return is_dear(PASSES * work_of(self.run.segment_at(k).experiment.problem))

    def _reading(self, k: int) -> tuple[float | None, float | None]:
        if k not in self._read:
            if self._is_dear(k):
                return None, nan
            self.keep(k, self.question(k).answer())
        return self._read[k]

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


@dataclass(frozen=True, eq=False)
class ReadingQuestion:
    """E and the accuracy of state k of a lane, at theta; ``recorded`` is E where that is known."""

    series: ErrorSeries  # who it is about; the answer takes no more of it than its reduction
    k: int
    problem: Problem
    theta: Array
    recorded: float

    @quiet()
    def answer(self) -> Reading:
        error = self.recorded
        if not isfinite(error):
            errors = self.problem.errors(self.theta)
            error = float(errors.sum() if self.series.reduction == "sum" else errors.mean())
        return error, accuracy(self.problem, self.theta)


@dataclass(frozen=True, eq=False)
class StandingsQuestion:
    """What a frame cannot wait for, before it can be told how lanes stand at some ``states``."""

    states: dict[ErrorSeries, int]
    readings: tuple[ReadingQuestion, ...]

    def answer(self, cancelled: Callable[[], bool] = lambda: False) -> tuple[Reading, ...]:
        """One after the other; no more of them once cancelled."""
        found: list[Reading] = []
        for reading in self.readings:
            if cancelled():
                break
            found.append(reading.answer())
        return tuple(found)

    def keep(self, found: Sequence[Reading]) -> None:
        """Leave the answer with the lanes."""
        for question, reading in zip(self.readings, found, strict=True):
            question.series.keep(question.k, reading)


def standings_question(lanes: Sequence[ErrorSeries], k: int) -> StandingsQuestion | None:
    """What a frame cannot wait for of how lanes stand at state k; None if that can be told."""
    readings = tuple(series.question(j) for series in lanes for j in series.lacking(k))
    if not readings:
        return None
    return StandingsQuestion({series: min(k, series.last) for series in lanes}, readings)


@dataclass(frozen=True)
class Standing:
    """How a lane stands: E at a state ``k`` and at its last one, and what it took to a level.

    E is None, and the accuracy NaN, where that takes long to know and was not found out yet.

    ``reached`` is the first state known to have E ≤ level, at the cost of ``cost`` gradients; it
    ``is_first`` where E is known of every state before it. A lane that has not reached the level
    has None there, and ``cost`` is all that was spent so far. ``accuracy`` (0 to 1) is that of
    state k, None where the targets are no classes.
    """

    k: int
    last: int
    error: float | None
    final: float | None
    reached: int | None
    is_first: bool
    cost: int
    accuracy: float | None
    diverged_at: int | None


def standing(series: ErrorSeries, k: int, level: float) -> Standing:
    """How a lane stands at state min(k, last)."""
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
        accuracy=series.accuracy(k),
        diverged_at=run.diverged_at,
    )
