"""Curves of a run at the resolution of a screen: decimated values, sample errors, epochs."""

from dataclasses import dataclass
from math import lcm
from typing import NamedTuple, Protocol

import numpy as np

from mlpsim.core.arrays import Array, Indices
from mlpsim.core.problem import Problem, quiet
from mlpsim.core.run import Run
from mlpsim.core.training import recording_interval

BLOCK = 64
AT_ONCE = 256  # blocks, whose values stay in the processor's cache
MOST_BLOCKS = 32_768  # of a longer run two and two become one
_BLOCKS_PER_COLUMN = 8  # from here on, blocks are fine enough


class Columns(NamedTuple):
    """The lowest, highest and mean finite value of every column (n,); NaN where there is none."""

    lo: Array
    hi: Array
    mean: Array


class Series(Protocol):
    """A number for every state, such as J of a run; NaN where it is not known."""

    @property
    def last(self) -> int: ...

    def values(self, first: int, last: int) -> Array: ...


class Decimation:
    """A series, summed up in blocks of steps, so that a million steps are cheap to draw."""

    def __init__(self, run: Series) -> None:
        self.run = run
        self._blocks = _summary(np.empty(0), np.zeros(0, dtype=np.intp))
        self._size = BLOCK  # steps of a block
        self._done = 0  # blocks

    def columns(self, edges: Indices) -> Columns:
        """Columns between the steps ``edges`` (n + 1,), ascending and at most ``last`` + 1."""
        steps = int(edges[-1] - edges[0]) / max(len(edges) - 1, 1)
        if steps < BLOCK * _BLOCKS_PER_COLUMN:
            values = self.run.values(int(edges[0]), int(edges[-1]) - 1)
            return _columns(_summary(values, edges[:-1] - edges[0]))
        self.follow()
        places = np.minimum(edges // self._size, self._done)
        tail = _summary(
            self.run.values(self._done * self._size, int(edges[-1]) - 1),
            np.zeros(1, dtype=np.intp),
        )
        return _columns(_merged(_joined([self._blocks, tail]), places[:-1]))

    def follow(self) -> None:
        """Sum up the blocks that were completed since the last time; done often, it is brief."""
        done = (self.run.last + 1) // self._size
        parts = [self._blocks]
        for first in range(self._done, done, AT_ONCE):
            last = min(first + AT_ONCE, done)
            values = self.run.values(first * self._size, last * self._size - 1)
            parts.append(_summary(values, np.arange(0, len(values), self._size)))
        self._blocks = _joined(parts)
        self._done = done
        while self._done > MOST_BLOCKS:
            self._done //= 2
            self._size *= 2
            pairs = _Summary(*(part[: 2 * self._done] for part in self._blocks))
            self._blocks = _merged(pairs, np.arange(0, 2 * self._done, 2))


class _Summary(NamedTuple):
    lo: Array
    hi: Array
    total: Array
    known: Array


@quiet()
def _summary(values: Array, starts: Indices) -> _Summary:
    """Of the finite values from each start to the next."""
    if len(values) == 0:
        return _Summary(*(np.full(len(starts), x) for x in (np.nan, np.nan, 0.0, 0.0)))
    finite = np.isfinite(values)
    if finite.all():
        return _Summary(
            np.minimum.reduceat(values, starts),
            np.maximum.reduceat(values, starts),
            np.add.reduceat(values, starts),
            np.diff(starts, append=len(values)).astype(np.float64),
        )
    values = np.where(finite, values, np.nan)
    return _Summary(
        np.fmin.reduceat(values, starts),
        np.fmax.reduceat(values, starts),
        np.add.reduceat(np.where(finite, values, 0.0), starts),
        np.add.reduceat(finite.astype(np.float64), starts),
    )


def _joined(parts: list[_Summary]) -> _Summary:
    return _Summary(*(np.concatenate(same) for same in zip(*parts, strict=True)))


@quiet()
def _merged(parts: _Summary, starts: Indices) -> _Summary:
    return _Summary(
        np.fmin.reduceat(parts.lo, starts),
        np.fmax.reduceat(parts.hi, starts),
        np.add.reduceat(parts.total, starts),
        np.add.reduceat(parts.known, starts),
    )


def _columns(summary: _Summary) -> Columns:
    known = summary.known > 0.0
    mean = np.where(known, summary.total, np.nan) / np.where(known, summary.known, 1.0)
    # A sum of values near the end of a diverging run overflows; their mean is between them.
    return Columns(summary.lo, summary.hi, np.clip(mean, summary.lo, summary.hi))


def recorded_every(run: Run, k: int) -> int:
    """J is recorded of one state in so many, as training goes on from state k."""
    return lcm(run.value_stride, recording_interval(run.segment_at(k)))


def even_steps(run: Run, points: int) -> Indices:
    """At most about so many recorded states, evenly, and the last; as a run grows, they stay."""
    stride = run.stride
    while run.last > points * stride:
        stride *= 2
    steps = np.arange(0, run.last + 1, stride)
    return steps if steps[-1] == run.last else np.append(steps, run.last)


class ErrorCurves:
    """e^s along a run at about ``points`` states, each computed once.

    Segments with more than ``most_samples`` samples are left out.
    """

    def __init__(self, run: Run, points: int, most_samples: int) -> None:
        self._run, self._points, self._most_samples = run, points, most_samples
        self._known: dict[int, Array] = {}

    def curves(self) -> list[tuple[Indices, Array]]:
        """For every stretch with the same samples, some of its steps (n,) and e^s there (n, S)."""
        run, before, self._known = self._run, self._known, {}
        steps = even_steps(run, self._points)
        problems = [segment.experiment.problem for segment in run.segments]
        firsts = [
            place
            for place, problem in enumerate(problems)
            if place == 0 or not _has_same_errors(problem, problems[place - 1])
        ]
        starts = [run.segments[place].start for place in firsts]
        owners = np.searchsorted(starts, steps, side="right") - 1
        curves = []
        for stretch in sorted(set(owners.tolist())):
            problem = problems[firsts[stretch]]
            if len(problem.data) > self._most_samples:
                continue
            own = steps[owners == stretch]
            missing = [k for k in own.tolist() if k not in before]
            if missing:
                errors = problem.errors(np.array([run.theta(k) for k in missing]))
                before.update(zip(missing, errors, strict=True))
            self._known |= {k: before[k] for k in own.tolist()}
            curves.append((own, np.array([before[k] for k in own.tolist()])))
        return curves


def _has_same_errors(problem: Problem, other: Problem) -> bool:
    """Whether e^s(w) are the same numbers."""
    return problem is other or (
        (problem.data, problem.network, problem.loss) == (other.data, other.network, other.loss)
    )


@dataclass(frozen=True)
class StepAxis:
    """Steps as they are, or as epochs: within a segment linear, jumping where an epoch is cut."""

    starts: Array
    offsets: Array
    slopes: Array

    def of_steps(self, steps: Indices | Array) -> Array:
        """The coordinate of every step."""
        place = np.searchsorted(self.starts, steps, side="right") - 1
        x: Array = self.offsets[place] + (steps - self.starts[place]) * self.slopes[place]
        return x

    def to_steps(self, x: Array) -> Array:
        """The steps (not rounded) at some coordinates; inverse of ``of_steps``."""
        place = np.clip(np.searchsorted(self.offsets, x, side="right") - 1, 0, None)
        steps = self.starts[place] + (x - self.offsets[place]) / self.slopes[place]
        ends = np.append(self.starts[1:], np.inf)[place]
        return np.clip(steps, 0.0, ends)


def step_axis() -> StepAxis:
    """The axis that counts steps."""
    return StepAxis(np.zeros(1), np.zeros(1), np.ones(1))


def epoch_axis(run: Run) -> StepAxis:
    """The axis that counts epochs, through all segments of a run."""
    starts, offsets, slopes = [], [], []
    for segment in run.segments:
        experiment = segment.experiment
        per_epoch = experiment.sampling.steps_per_epoch(len(experiment.problem.data))
        starts.append(float(segment.start))
        offsets.append(segment.epoch + (segment.start - segment.epoch_step) / per_epoch)
        slopes.append(1.0 / per_epoch)
    return StepAxis(np.array(starts), np.array(offsets), np.array(slopes))
