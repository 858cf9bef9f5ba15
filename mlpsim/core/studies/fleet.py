"""A fleet: many parameter vectors that take the same steps of one experiment together."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, repeat

import numpy as np

from mlpsim.core.arrays import Array, Flags
from mlpsim.core.dataset import Columns
from mlpsim.core.descent import Descent
from mlpsim.core.engine import Engine
from mlpsim.core.experiment import Experiment
from mlpsim.core.problem import quiet
from mlpsim.core.sampling import visits_of_seeds
from mlpsim.core.segment import able

NUMBERS = 8_192  # of the largest layer over the fleet's samples: small enough for the cache
VISITS = 1_000_000  # of samples that are drawn at a time


@dataclass(frozen=True, eq=False)
class Ends:
    """Where the members of a fleet end: theta (R, P), J (R,), and which of them diverged (R,).

    The theta of a diverged member is its last finite one.
    """

    thetas: Array
    values: Array
    diverged: Flags


def chunk_size(experiment: Experiment) -> int:
    """How many members are best advanced together."""
    network = experiment.problem.network
    batch = experiment.sampling.largest_batch(len(experiment.problem.data))
    return int(max(16, NUMBERS // (batch * max(network.sizes[1:]))))


@quiet()
def run_fleet(
    experiment: Experiment,
    starts: Array,
    steps: int,
    interrupted: Callable[[], bool] = lambda: False,
    engine: Engine | None = None,
) -> Ends | None:
    """``steps`` steps from every start (R, P), projected first; None when interrupted.

    All members see the same batches: those of the experiment's sampling. The engine makes them if
    it can, else NumPy.
    """
    engine = able(engine, experiment)
    if engine is None:
        starts = experiment.problem.feasible.project(starts)
        found = _advance(experiment, [experiment.sampling.seed], starts, steps, interrupted)
    else:
        found = engine.fleet(experiment, starts, steps, interrupted)
    if found is None:
        return None
    thetas, lost = found
    values = experiment.problem.value(thetas)
    return Ends(thetas, values, lost | ~np.isfinite(values))


@quiet()
def run_paths(
    experiment: Experiment,
    seeds: Sequence[int],
    starts: Array,
    steps: int,
    stride: int,
    interrupted: Callable[[], bool],
) -> Array | None:
    """As ``Engine.paths``, by NumPy."""
    paths = np.empty((len(starts), steps // stride + 1, starts.shape[1]))
    paths[:, 0] = starts

    def keep(k: int, theta: Array, lost: Flags) -> None:
        if k % stride == 0:
            paths[:, k // stride] = np.where(lost[:, None], np.nan, theta)

    found = _advance(experiment, seeds, starts, steps, interrupted, keep)
    return None if found is None else paths


def _advance(
    experiment: Experiment,
    seeds: Sequence[int],
    theta: Array,
    steps: int,
    interrupted: Callable[[], bool],
    keep: Callable[[int, Array, Flags], None] = lambda k, theta, lost: None,
) -> tuple[Array, Flags] | None:
    """theta (R, P) after the steps, and who was lost on the way; None when interrupted.

    One seed of sampling stands for all members, or each has its own. Who is lost stays at its last
    finite theta. ``keep`` is told every state from 1 on.
    """
    problem, optimizer = experiment.problem, experiment.optimizer
    state, lost = optimizer.init(theta), np.zeros(len(theta), dtype=bool)
    descent = Descent(problem, experiment.scaling, theta.shape[:-1])
    for t, seen in enumerate(_batches(experiment, seeds, len(theta), steps)):
        if interrupted():
            return None
        gradient = descent.gradient(theta, seen)
        after, state = optimizer.update(
            theta, gradient, state, experiment.rate(t), t, descent.objective
        )
        after = problem.feasible.project(after)
        is_finite = np.isfinite(after)
        if not is_finite.all():
            lost |= ~is_finite.all(axis=-1)
        theta = np.where(lost[:, None], theta, after) if lost.any() else after
        keep(t + 1, theta, lost)
    return theta, lost


def _batches(
    experiment: Experiment, seeds: Sequence[int], members: int, steps: int
) -> Iterator[Columns]:
    """What each step sees: x (D, B) for all members, or (R, D, B) where each draws its own."""
    data, sampling = experiment.problem.data, experiment.sampling
    if sampling.is_full:
        # Targets (R, K, S): to go through short rows again and again is dear.
        x, *targets = data.columns
        yield from repeat(Columns(x, *(np.repeat(y[None], members, 0) for y in targets)), steps)
        return
    at_once = max(1, VISITS // (len(seeds) * sampling.largest_batch(len(data))))
    for first in range(0, steps, at_once):
        count = min(at_once, steps - first)
        visits, bounds = visits_of_seeds(sampling, seeds, len(data), first, count)
        for begin, end in pairwise(bounds.tolist()):
            seen = visits[begin:end]
            yield data.batch(seen.T if len(seeds) > 1 else seen[:, 0])
