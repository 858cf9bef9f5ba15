"""A sweep: one experiment over a grid of settings and seeds, each cell a run of its own.

Cells are frozen and a result is a pure function of its cell, so that any executor may run them.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, wait
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import islice, product
from math import prod
from typing import Any

import numpy as np

from mlpsim.core.evaluation import evaluate
from mlpsim.core.experiment import Experiment
from mlpsim.core.files.codec import encode
from mlpsim.core.files.document import new_document
from mlpsim.core.random import moved
from mlpsim.core.segment import first_segment
from mlpsim.core.studies.sweep_axes import KINDS, kind
from mlpsim.core.told import ToldError
from mlpsim.core.training import advance, begin, most_steps

MAX_CELLS = 100_000
CURVE_POINTS = 100  # states of a cell whose J is kept
AHEAD = 4  # cells that are handed to an executor before a result is awaited, for each worker
LOOK_SECONDS = 0.05  # between looks at whether to go on


class ProcessDiedError(ToldError):
    """A process that ran a cell has died; the system tells no more of it."""

    def __init__(self) -> None:
        super().__init__(
            "A process that ran a cell has died, perhaps because memory ran out."
            " Close other programs, or run the grid with mlpsim sweep and fewer --workers."
        )


@dataclass(frozen=True)
class Axis:
    """What is varied (see ``sweep_axes.KINDS``), and the values, as texts."""

    name: str
    values: tuple[str, ...]

    def __post_init__(self) -> None:
        kind(self.name)
        if not self.values:
            raise ValueError(f"the axis {self.name!r} has no values")
        if len(set(self.values)) < len(self.values):
            raise ValueError(f"the axis {self.name!r} names a value twice")


@dataclass(frozen=True)
class Cell:
    """One run of a sweep: its number from 0, the value on each axis, and what is run how far."""

    number: int
    values: tuple[str, ...]
    seed: int
    experiment: Experiment
    steps: int


@dataclass(frozen=True)
class Result:
    """What came of a cell: J and the mean error of a sample at the end, and J along the way.

    A diverged cell has the last finite J. ``accuracy`` is None where the targets are no classes,
    ``held_out_error`` and ``held_out_accuracy`` where no samples are held out.
    ``curve`` holds pairs of step and J, at most 101.
    """

    number: int
    objective: float
    error: float
    accuracy: float | None
    held_out_error: float | None
    held_out_accuracy: float | None
    diverged_at: int | None
    curve: tuple[tuple[int, float], ...]


@dataclass(frozen=True)
class Sweep:
    """The grid over a base experiment: every value of every axis, with ``seeds`` seeds.

    The length of a run is ``steps`` updates, or ``epochs`` passes over the data, so that small and
    large batches have seen as many samples. Seed i adds i to the seeds of sampling and start.
    """

    base: Experiment
    axes: tuple[Axis, ...]
    seeds: int = 1
    epochs: int = 100
    steps: int | None = None

    def __post_init__(self) -> None:
        names = [axis.name for axis in self.axes]
        if len(set(names)) < len(names):
            raise ValueError("an axis is named twice")
        for name, value in (("seeds", self.seeds), ("epochs", self.epochs), ("steps", self.steps)):
            if value is not None and value < 1:
                raise ValueError(f"{name} {value} is below 1")
        cells = self._count()
        if cells > MAX_CELLS:
            raise ValueError(f"{cells:,} cells are more than {MAX_CELLS:,}")

    def __len__(self) -> int:
        return self._count()

    def _count(self) -> int:
        """What ``len`` takes only where it is below 2⁶³."""
        return self.seeds * prod(len(axis.values) for axis in self.axes)

    def cells(self) -> tuple[Cell, ...]:
        """All cells, the last axis and then the seed varying fastest; ValueError names a bad one.

        Axes are applied in the order of ``sweep_axes.KINDS``: the optimizer before its rate.
        """
        found: list[Cell] = []
        for values in product(*(axis.values for axis in self.axes)):
            experiment = self._experiment(values)
            for seed in range(self.seeds):
                seeded = with_seed(experiment, seed)
                found.append(Cell(len(found), values, seed, seeded, self._length(seeded)))
        return tuple(found)

    def fingerprint(self) -> str:
        """A short text that differs where anything that decides the results does."""
        grid = repr((self.axes, self.seeds, self.epochs, self.steps)).encode()
        # The letter in front: a spreadsheet takes digits, and digits around an e, for a number.
        return "s" + sha256(encode(new_document(self.base)) + grid).hexdigest()[:12]

    def _experiment(self, values: tuple[str, ...]) -> Experiment:
        from_name = {axis.name: value for axis, value in zip(self.axes, values, strict=True)}
        experiment = self.base
        for name in sorted(from_name, key=_rank):
            try:
                experiment = kind(name).apply(experiment, from_name[name])
            except ValueError as error:
                raise ValueError(f"{name} = {from_name[name]}: {error}") from error
        size, samples = experiment.sampling.batch_size or 1, len(experiment.problem.data)
        if "batch" in from_name and size > samples:
            raise ValueError(f"batch = {size}: there are {samples} samples, and 'full' takes all")
        return experiment

    def _length(self, experiment: Experiment) -> int:
        if self.steps is not None:
            return self.steps
        samples = len(experiment.problem.data)
        return self.epochs * experiment.sampling.steps_per_epoch(samples)


def _rank(name: str) -> int:
    return KINDS.index(kind(name))


def with_seed(experiment: Experiment, offset: int) -> Experiment:
    """The experiment with its seeds of sampling and start moved on; a start may have none."""
    start: Any = experiment.start
    if hasattr(start, "seed"):
        start = replace(start, seed=moved(start.seed, offset))
    sampling = experiment.sampling
    sampling = replace(sampling, seed=moved(sampling.seed, offset))
    return replace(experiment, sampling=sampling, start=start)


def has_same_samples(one: Experiment, other: Experiment) -> bool:
    """Whether two experiments train on the same inputs, and hold the same ones out."""
    mine, yours = (
        [e.problem.data.x, *([] if e.held_out is None else [e.held_out.data.x])]
        for e in (one, other)
    )
    return len(mine) == len(yours) and all(map(np.array_equal, mine, yours))


def run_cell(cell: Cell, interrupted: Callable[[], bool] = lambda: False) -> Result:
    """Train a cell to its end, or to its divergence; where it got to when interrupted."""
    problem = cell.experiment.problem
    segment = first_segment(cell.experiment)
    checkpoint = begin(segment, None)
    curve = [(0, float(problem.value(checkpoint.theta)))]
    diverged_at = None if np.isfinite(curve[0][1]) else 0
    marks = np.unique(np.linspace(0, cell.steps, CURVE_POINTS + 1).round().astype(int))[1:]
    for mark in marks.tolist():
        if diverged_at is not None or interrupted():
            break
        while checkpoint.k < mark and diverged_at is None and not interrupted():
            steps = min(mark - checkpoint.k, most_steps(checkpoint))
            burst = advance(segment, checkpoint, steps, interrupted)
            checkpoint, diverged_at = burst.last, burst.diverged_at
        value = float(problem.value(checkpoint.theta))
        if checkpoint.k > curve[-1][0] and np.isfinite(value):
            curve.append((checkpoint.k, value))
    theta, held_out = checkpoint.theta, cell.experiment.held_out
    trained = evaluate(problem, theta, problem.data)
    new = None if held_out is None else evaluate(problem, theta, held_out.data)
    return Result(
        cell.number,
        curve[-1][1],
        trained.mean_error,
        trained.accuracy,
        None if new is None else new.mean_error,
        None if new is None else new.accuracy,
        diverged_at,
        tuple(curve),
    )


def run_cells(
    cells: Sequence[Cell],
    executor: Executor,
    workers: int,
    cancelled: Callable[[], bool] = lambda: False,
) -> Iterator[Result]:
    """The cells' results as they come, from an executor that is handed a few cells ahead.

    Ends when cancelled; what is then under way is left to the executor. An exception of a cell's
    run is raised here, and ProcessDiedError where a process of the executor has died.
    """
    try:
        yield from _run_cells(cells, executor, workers, cancelled)
    except BrokenExecutor as error:
        raise ProcessDiedError from error


def _run_cells(
    cells: Sequence[Cell], executor: Executor, workers: int, cancelled: Callable[[], bool]
) -> Iterator[Result]:
    waiting = iter(cells)
    under_way = {executor.submit(run_cell, cell) for cell in islice(waiting, AHEAD * workers)}
    while under_way and not cancelled():
        done, under_way = wait(under_way, timeout=LOOK_SECONDS, return_when=FIRST_COMPLETED)
        under_way |= {executor.submit(run_cell, cell) for cell in islice(waiting, len(done))}
        for future in done:
            yield future.result()
