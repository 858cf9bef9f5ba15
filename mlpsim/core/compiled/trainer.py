"""The trainer: a segment's steps by kernels, as checkpoints and arrays."""

from dataclasses import dataclass, replace

import numpy as np

from mlpsim.core.arrays import Array
from mlpsim.core.compiled.program import STATES, Motion, Trail, method_of, objective_of
from mlpsim.core.compiled.room import work_for, zeros
from mlpsim.core.segment import Segment
from mlpsim.core.training import KEYFRAME_INTERVAL, Checkpoint, recording_interval

STEP = 300  # what a step costs besides its passes, in products of weights and samples
REPLAYED = 1_000_000  # products that a state may lie behind a keyframe: some tenths of a ms
PRODUCTS = 40_000_000  # of weights and samples in one call, after which someone may interrupt
MOST_STEPS = 16_384  # in one call


@dataclass(frozen=True, eq=False)
class Stretch:
    """The states after a checkpoint: theta (n, P), J (n,), and the checkpoints among them.

    If it has diverged, the step that would follow leaves no finite state.
    """

    thetas: Array
    values: Array
    keyframes: tuple[Checkpoint, ...]
    before_last: Checkpoint
    last: Checkpoint
    has_diverged: bool = False


class Trainer:
    """A segment for the kernels, with their room to work in; it may leave J out."""

    def __init__(self, segment: Segment, records: bool) -> None:
        experiment = segment.experiment
        problem, samples = experiment.problem, len(experiment.problem.data)
        self._segment = segment
        self._objective, self._method = objective_of(problem), method_of(experiment)
        self._every = recording_interval(segment) if records else 0
        batch = experiment.sampling.largest_batch(samples)
        self._work = work_for(problem.network)
        self._whole = work_for(problem.network) if records else self._work
        products = STEP + 3 * batch * problem.network.n_params
        self._keys_every = KEYFRAME_INTERVAL
        while 2 * self._keys_every * products <= REPLAYED:
            self._keys_every *= 2
        if records and not self._method.is_full:
            products += samples * problem.network.n_params // self._every
        self.steps_a_call = max(1, min(PRODUCTS // products, MOST_STEPS))

    def stretch(self, first: Checkpoint, thetas: Array) -> Stretch:
        """The steps from ``first`` that thetas (n, P) have room for, fewer at a divergence."""
        n = len(thetas)
        done, motion, trail = self._call(first, thetas, np.full(n, np.nan))
        if done < n:
            # What a divergence leaves is no state: the steps before it are taken again.
            return replace(self.stretch(first, thetas[:done]), has_diverged=True)
        every = self._keys_every
        first_key = (first.k // every + 1) * every
        keyframes = tuple(
            self._checkpoint(first, k - first.k, trail.thetas[k - first.k - 1], state)
            for k, state in zip(range(first_key, first.k + n + 1, every), trail.keys, strict=False)
        )
        before_last = first
        if n > 1:
            before_last = self._checkpoint(first, n - 1, trail.before[0], trail.before[1:])
        last = self._checkpoint(first, n, motion.theta, motion.state) if n else first
        return Stretch(trail.thetas, trail.values, keyframes, before_last, last)

    def moved(self, first: Checkpoint, n: int) -> Checkpoint:
        """The state that n steps lead to, or the first one that is not finite."""
        room = np.empty((min(n, 1), len(first.theta))), np.empty(n)
        done, motion, _ = self._call(first, *room)
        return self._checkpoint(first, min(done + 1, n), motion.theta, motion.state)

    def _checkpoint(self, first: Checkpoint, steps: int, theta: Array, state: Array) -> Checkpoint:
        rows = tuple(row.copy() for row in state[: len(first.state)])
        return Checkpoint(first.k + steps, theta.copy(), rows, first.t + steps)

    def _call(self, first: Checkpoint, thetas: Array, values: Array) -> tuple[int, Motion, Trail]:
        """How many of n steps went well, where they led, and their trail, which fills the two."""
        # Numba is imported with the first call, long after the window is there.
        from mlpsim.core.compiled.draws import drawn
        from mlpsim.core.compiled.kernels import descend, descend_by_batches

        n, n_params = len(values), len(first.theta)
        room = zeros(1 + STATES, n_params)
        gradient, state = room[0], room[1:]
        for row, array in enumerate(first.state):
            state[row] = array
        motion = Motion(first.theta.copy(), state, gradient)
        trail = Trail(
            thetas,
            values,
            np.empty((1 + STATES, n_params)),
            np.empty((n // self._keys_every + 1, STATES, n_params)),
        )
        arguments = (self._objective, self._method, first.k, first.t, motion, trail)
        last = (self._keys_every, self._work)
        if self._method.is_full:
            return descend(*arguments, *last), motion, trail
        visits, bounds = self._segment.visits(first.k + 1, n, drawn)
        done = descend_by_batches(*arguments, visits, bounds, self._every, *last, self._whole)
        return done, motion, trail
