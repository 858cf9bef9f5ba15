"""Fleets and paths: many runs at once, by the compiled engine."""

from collections.abc import Callable, Sequence

import numpy as np

from mlpsim.core.arrays import Array, Flags, joined
from mlpsim.core.compiled.program import STATES, WIDTH, method_of, objective_of
from mlpsim.core.compiled.room import empty, work_for, zeros
from mlpsim.core.compiled.threads import side_by_side
from mlpsim.core.experiment import Experiment
from mlpsim.core.sampling import visits_of_seeds

NUMBERS = 16_384  # of theta in a group of members: few enough for the cache
FEWEST, MOST = 16, 256  # members in a group
PRODUCTS = 4_000_000  # of weights and visits between two looks at whether to go on


def fleet(
    experiment: Experiment, starts: Array, steps: int, interrupted: Callable[[], bool]
) -> tuple[Array, Flags] | None:
    """theta (R, P) after the steps from every start (R, P), and who was lost; None if interrupted.

    All members see the batches of the experiment. One that is lost stays at its last finite theta.
    """
    thetas, lost = np.empty_like(starts), np.zeros(len(starts), dtype=bool)

    def advance(group: slice) -> bool:
        found = _advance(
            experiment, [experiment.sampling.seed], starts[group], steps, interrupted, 0
        )
        if found is not None:
            thetas[group], lost[group], _ = found
        return found is not None

    return (thetas, lost) if _by_groups(advance, experiment, len(starts), steps) else None


def paths(
    experiment: Experiment,
    seeds: Sequence[int],
    starts: Array,
    steps: int,
    stride: int,
    interrupted: Callable[[], bool],
) -> Array | None:
    """The states 0, ``stride``, … (R, n, P) from every start (R, P), by its own seed of sampling.

    NaN from where one is lost; None if interrupted.
    """
    parts: dict[int, Array] = {}

    def advance(group: slice) -> bool:
        found = _advance(experiment, seeds[group], starts[group], steps, interrupted, stride)
        if found is not None:
            parts[group.start] = found[2].transpose(2, 0, 1)
        return found is not None

    if not _by_groups(advance, experiment, len(starts), steps):
        return None
    result = joined([parts[start] for start in sorted(parts)])
    result[:, 0] = starts
    return result


def _by_groups(
    advance: Callable[[slice], bool], experiment: Experiment, members: int, steps: int
) -> bool:
    """Whether all members were advanced, so many at a time as fit into the cache."""
    n_params = experiment.problem.network.n_params
    size = max(FEWEST, min(MOST, NUMBERS // n_params))
    groups = [slice(start, start + size) for start in range(0, members, size)]
    batch = experiment.sampling.largest_batch(len(experiment.problem.data))
    return side_by_side(advance, groups, members * steps * batch * n_params)


def _advance(
    experiment: Experiment,
    seeds: Sequence[int],
    starts: Array,
    steps: int,
    interrupted: Callable[[], bool],
    stride: int,
) -> tuple[Array, Flags, Array] | None:
    """A group's theta at the end (R, P), who was lost (R,), and states on the way (n, P, R).

    One seed of sampling stands for all members, or each has its own.
    """
    # Numba is imported with the first call, long after the window is there.
    from mlpsim.core.compiled.draws import drawn
    from mlpsim.core.compiled.lanes import Lanes, advance_lanes

    problem, members = experiment.problem, len(starts)
    # The last member again, until they fill whole vectors.
    filling = -members % WIDTH
    starts = np.concatenate([starts, starts[-1:].repeat(filling, axis=0)])
    if len(seeds) > 1:
        seeds = [*seeds, *[seeds[-1]] * filling]
    projected = problem.feasible.project(starts).T
    theta, before, gradient = (empty(*projected.shape) for _ in range(3))
    theta[...] = projected
    state = zeros(STATES, theta.size)
    for row, array in enumerate(experiment.optimizer.init(theta)):
        state[row] = array.ravel()
    flat = (theta.reshape(-1), gradient.reshape(-1), state)
    lanes = Lanes(theta, before, gradient, *flat, zeros(1, len(starts)))
    path = np.empty((steps // stride + 1 if stride else 0, *theta.shape))
    batch = experiment.sampling.largest_batch(len(problem.data))
    at_once = max(1, PRODUCTS // (batch * theta.size))
    arguments = (
        objective_of(problem),
        method_of(experiment),
        lanes,
        work_for(problem.network),
    )
    for first in range(0, steps, at_once):
        if interrupted():
            return None
        count = min(at_once, steps - first)
        visits, bounds = visits_of_seeds(
            experiment.sampling, seeds, len(problem.data), first, count, drawn
        )
        advance_lanes(*arguments, visits, bounds, first, path, stride)
    return theta[:, :members].T, lanes.lost[0, :members] != 0.0, path[..., :members]
