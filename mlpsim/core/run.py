"""The run: every state of a training, recorded or replayed bit for bit."""

from bisect import bisect_right
from dataclasses import replace
from math import isfinite, isnan, nan

import numpy as np

from mlpsim.core.arrays import Array, Indices
from mlpsim.core.engine import Engine
from mlpsim.core.experiment import Experiment
from mlpsim.core.keyframes import Keyframes
from mlpsim.core.record import StepRecord, record_step
from mlpsim.core.rows import Rows, spread
from mlpsim.core.segment import Segment, able, first_segment
from mlpsim.core.training import Burst, Checkpoint, advance, begin, replay
from mlpsim.core.values import Values
from mlpsim.core.work import takes_long

THETA_BUDGET = 64 * 2**20  # bytes of recorded parameters; beyond it every other state is replayed
KEYFRAME_BUDGET = 8 * 2**20
EARLY = 256  # states of a segment that its path goes through, however long the run
EARLY_PRODUCTS = 1_000_000  # of weights and samples, that these may cost
VISITED = 4  # checkpoints besides, of what was looked at


class Run:
    """An append-only history of states 0 … ``last``.

    theta of every ``stride``-th state is recorded, J of every ``value_stride``-th (NaN where
    training left it out, or where a segment begins at which J is dear), and checkpoints at evenly
    spaced keyframes; whatever lies between is replayed from the keyframe before.
    """

    def __init__(self, segment: Segment) -> None:
        n_params = segment.experiment.problem.network.n_params
        self.segments: tuple[Segment, ...] = (segment,)
        self.stride = 1
        self._thetas = Rows(n_params)
        self._values = Values()
        self._keyframes = Keyframes()
        self._visited: tuple[Checkpoint, ...] = ()
        self._gradient: tuple[int, Array] | None = None
        self.diverged_at: int | None = None
        self.tip = begin(segment, None)
        self._begin_segment()

    @classmethod
    def from_experiment(cls, experiment: Experiment) -> "Run":
        """A new run at step 0."""
        return cls(first_segment(experiment))

    # -- what there is -------------------------------------------------------------------------

    @property
    def last(self) -> int:
        """The last recorded step."""
        return self.tip.k

    @property
    def value_stride(self) -> int:
        """J is recorded of no state between every so many."""
        return self._values.stride

    def segment_at(self, k: int) -> Segment:
        """The segment in force at state k."""
        return self.segments[bisect_right([segment.start for segment in self.segments], k) - 1]

    def checkpoint(self, k: int) -> Checkpoint:
        """State k with the optimizer's state, from the keyframe before it."""
        self._check(k)
        key = self.key_before(k)
        return key if key.k == k else replay(self.segment_at(k), key, k)

    def key_before(self, k: int) -> Checkpoint:
        """The last checkpoint that is kept, of the states 0 … k; of k's own segment."""
        key = self._keyframes.before(k)
        for kept in (self.tip, self._before_tip, *self._visited):
            if key.k < kept.k <= k:  # a segment begins with a keyframe
                key = kept
        recorded = k - k % self.stride
        if key.k < recorded and not key.state:  # its parameters are all that a step needs
            theta = self._thetas[recorded // self.stride]
            key = Checkpoint(recorded, theta, key.state, key.t + recorded - key.k)
        return key

    def keeps(self, k: int) -> bool:
        """Whether the parameters of state k are there without a replay."""
        return k % self.stride == 0 or self.key_before(k).k == k

    def theta(self, k: int) -> Array:
        """The parameters of state k (P,)."""
        self._check(k)
        if k % self.stride == 0:
            return self._thetas[k // self.stride]
        return self.checkpoint(k).theta

    def recorded_at(self, steps: Indices) -> tuple[Array, Array]:
        """theta (n, P) and J (n,) of the states at some multiples of both strides (n,)."""
        return self._thetas.take(steps // self.stride), self._values.at(steps)

    def recorded(self, first: int, last: int, most: int | None = None) -> tuple[Indices, Array]:
        """The recorded states among first … last: their steps (n,) and parameters (n, P).

        If there are more than ``most``, about so many of them, evenly; only these are read.
        """
        start, stop = self._places(first, last)
        every = 1 if most is None else 1 + (stop - start) // most
        steps = np.arange(start, stop, every) * self.stride
        return steps, self._thetas.slice(start, stop, every)

    def path(self, first: int, last: int, most: int | None = None) -> tuple[Indices, Array]:
        """``recorded``, and more of the first states of a segment that begins there.

        A line through these does not cut the corners that a thinned run, or a choice of ``most`` of
        its states, has left out: the first states are all there, however large the run's stride,
        and of the others up to ``most`` more that are ever closer to them.
        """
        segment = self.segment_at(first)
        if segment.start != first:
            return self.recorded(first, last, most)
        steps, thetas = self._recorded_closer(first, last, most)
        problem, sampling = segment.experiment.problem, segment.experiment.sampling
        visited = sampling.largest_batch(len(problem.data)) * len(self.tip.theta)
        end = min(first + min(EARLY, EARLY_PRODUCTS // visited), last)
        if first < end and len(steps) <= last - first:
            start, later = self.checkpoint(first), steps > end
            early = advance(segment, start, end - first).thetas
            steps = np.concatenate([np.arange(first, end + 1), steps[later]])
            thetas = np.concatenate([start.theta[None], early, thetas[later]])
        return steps, thetas

    def _recorded_closer(self, first: int, last: int, most: int | None) -> tuple[Indices, Array]:
        """``recorded``, and up to ``most`` more that are ever closer to the first."""
        start, stop = self._places(first, last)
        if most is None or stop - start <= most:
            return self.recorded(first, last)
        places = spread(start, stop, most)
        return places * self.stride, self._thetas.take(places)

    def _places(self, first: int, last: int) -> tuple[int, int]:
        """Where the recorded states among first … last begin, and where they end."""
        start = -(-first // self.stride)
        return start, max(start, min(last, self.last) // self.stride + 1)

    def value(self, k: int) -> float:
        """J on all data at state k under the experiment then in force."""
        value = self.recorded_value(k)
        if isnan(value):
            value = float(self.segment_at(k).experiment.problem.value(self.theta(k)))
            self._values[k] = value
        return value

    def recorded_value(self, k: int) -> float:
        """J at state k where it is known already, else NaN."""
        self._check(k)
        return self._values[k]

    def note(self, k: int, value: float, gradient: Array) -> None:
        """Keep J and ∇J (P,) of state k, which were computed elsewhere."""
        self._values[k] = value
        self._gradient = (k, gradient)
        if k == self.last and not isfinite(value):
            self.diverged_at = k

    def visit(self, checkpoints: tuple[Checkpoint, ...]) -> None:
        """Keep states that were made again, as long as no others are visited."""
        self._visited = (*self._visited, *checkpoints)[-VISITED:]

    def gradient(self, k: int) -> Array:
        """∇J on all data at state k (P,); that of the state asked for last is kept."""
        self._check(k)
        if self._gradient is None or self._gradient[0] != k:
            problem = self.segment_at(k).experiment.problem
            self._gradient = (k, problem.gradient(self.theta(k)))
        return self._gradient[1]

    def values(self, first: int, last: int) -> Array:
        """J of states first … last (n,), NaN where it is not recorded."""
        return self._values.between(first, min(last, self.last))

    def record(self, k: int) -> StepRecord:
        """Everything about step k (k ≥ 1), recomputed."""
        if k < 1:
            raise ValueError("state 0 is the start: no step leads to it")
        record = record_step(self.segment_at(k - 1), self.checkpoint(k - 1))
        return record.edited(self.theta(k)) if self.segment_at(k).start == k else record

    def _check(self, k: int) -> None:
        if not 0 <= k <= self.last:
            raise IndexError(f"step {k} of a run that ends at step {self.last}")

    # -- growth --------------------------------------------------------------------------------

    def choose_engine(self, engine: Engine | None) -> None:
        """At step 0, let this engine make the run if it can; the first step decides for good."""
        if self.last == 0:
            segment = self.segments[0]
            self.segments = (replace(segment, engine=able(engine, segment.experiment)),)

    def extend(self, burst: Burst) -> None:
        """Append a burst that begins at the last state."""
        if burst.first is not self.tip:
            raise ValueError(f"the burst does not begin at state {self.last} of this run")
        first = self.last + 1
        offset = -first % self.stride
        self._thetas.append(burst.thetas[offset :: self.stride])
        self._values.append(first, burst.values)
        self._keyframes.extend(burst.keyframes)
        self._before_tip, self.tip = burst.before_last, burst.last
        self.diverged_at = burst.diverged_at
        if self.diverged_at is not None:
            self._find_divergence()
        self.thin(THETA_BUDGET, KEYFRAME_BUDGET)

    def thin(self, thetas: int, keyframes: int) -> None:
        """Keep about so many bytes of parameters and of keyframes; what goes is replayed.

        So it is with J beyond its own budget.
        The memory is let go as the run grows, or by ``settle``.
        """
        while self._thetas.nbytes > thetas and len(self._thetas) > 1:
            self._thetas = self._thetas.every_other()
            self.stride *= 2
        self._values.thin()
        self._keyframes.thin(keyframes)

    def settle(self) -> None:
        """Hold no more memory than what is kept takes, of a run that grows no further."""
        self._thetas.settle()
        self._values.settle()
        self._keyframes.settle()

    def fork(self, segment: Segment) -> "Run":
        """A new run with this one's states before ``segment.start``, and the segment from there."""
        k = segment.start
        kept = tuple(old for old in self.segments if old.start < k)
        replaced = self.segment_at(k)
        if replaced.start == k:
            segment = _merged(replaced, segment)
        before = Checkpoint(k, self.theta(k), (), 0)
        if segment.keeps_state:
            before = self.checkpoint(k)
            self.visit((before,))
        forked = Run.__new__(Run)
        forked.segments = (*kept, segment)
        forked.stride, forked._gradient, forked._visited = self.stride, None, ()
        forked._thetas = self._thetas.head(-(-k // self.stride))
        forked._values = self._values.head(k)
        forked._keyframes = self._keyframes.head(k)
        forked.tip = begin(segment, before)
        known = nan
        if segment.experiment.problem is replaced.experiment.problem and segment.theta is None:
            known = self.recorded_value(k)
        forked._begin_segment(known)
        return forked

    def head(self, k: int) -> "Run":
        """A new run with the states 0 … k of this one."""
        segment = self.segment_at(k)
        again = replace(segment, start=k, theta=None, keeps_state=True)
        forked = self.fork(again)
        if segment.start < k:
            forked.segments = forked.segments[:-1]
        return forked

    def _begin_segment(self, value: float = nan) -> None:
        """Record state k as the last segment has set it, with its J if that is known."""
        self._before_tip = self.tip  # the state that the last step left, once there is one
        k, problem = self.tip.k, self.segments[-1].experiment.problem
        if k % self.stride == 0:
            self._thetas.append(self.tip.theta[None])
        is_known = not isnan(value)
        if not is_known and not takes_long(problem):
            value, is_known = float(problem.value(self.tip.theta)), True
        self._values.append(k, np.array([value]))
        self._keyframes.begin(self.tip)
        self.diverged_at = k if is_known and not isfinite(value) else None

    def _find_divergence(self) -> None:
        """J was last seen finite at some state, if at any: look through the states after it."""
        problem, start = self.segments[-1].experiment.problem, self.segments[-1].start
        k = self.last
        while k >= start and not isfinite(self._values[k]):
            k -= 1
        for step in range(k + 1, self.last + 1):
            if not isfinite(problem.value(self.theta(step))):
                cut = self.head(max(start, step - 1))
                self.tip, self._before_tip = cut.tip, cut._before_tip
                self._thetas, self._values = cut._thetas, cut._values
                self._keyframes = cut._keyframes
                self.diverged_at = step
                return


def _merged(old: Segment, new: Segment) -> Segment:
    """One segment for two that begin at the same state."""
    theta = old.theta if new.theta is None else new.theta
    keeps_state = old.keeps_state and new.keeps_state
    return replace(new, theta=theta, keeps_state=keeps_state)
