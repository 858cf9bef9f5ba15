"""A fleet: many parameter vectors that take the same steps of one experiment together."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from mlpsim.core.arrays import Array, Flags
from mlpsim.core.engine import Engine
from mlpsim.core.experiment import Experiment, able, first_segment
from mlpsim.core.problem import quiet

LOOK = 25  # steps between looks at whether to go on
NUMBERS = 8_192  # of the largest layer over the fleet's samples: small enough for the cache


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
    batch = experiment.sampling.batch_size or len(experiment.problem.data)
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
    found = (_steps if engine is None else engine.fleet)(experiment, starts, steps, interrupted)
    if found is None:
        return None
    thetas, lost = found
    values = experiment.problem.value(thetas)
    return Ends(thetas, values, lost | ~np.isfinite(values))


def _steps(
    experiment: Experiment, starts: Array, steps: int, interrupted: Callable[[], bool]
) -> tuple[Array, Flags] | None:
    """theta (R, P) after the steps, and who was lost on the way; None when interrupted."""
    problem, optimizer = experiment.problem, experiment.optimizer
    segment = first_segment(experiment)
    theta = problem.feasible.project(starts)
    state, diverged = optimizer.init(theta), np.zeros(len(starts), dtype=bool)
    for t in range(steps):
        if t % LOOK == 0 and interrupted():
            return None
        batch = None if experiment.sampling.is_full else segment.batch(t + 1)
        gradient = problem.step_gradient(theta, batch, experiment.scaling)
        after, state = optimizer.update(theta, gradient, state, experiment.rate(t), t)
        after = problem.feasible.project(after)
        lost = ~np.isfinite(after).all(axis=-1)
        if lost.any():
            diverged |= lost
            after = np.where(diverged[:, None], theta, after)
        theta = after
    return theta, diverged
