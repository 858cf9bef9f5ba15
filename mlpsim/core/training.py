"""Training: the pure step, and bursts of steps."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import isfinite, log2
from typing import NamedTuple

import numpy as np

from mlpsim.core.arrays import Array
from mlpsim.core.dataset import Columns
from mlpsim.core.descent import Descent
from mlpsim.core.experiment import Experiment
from mlpsim.core.optimizer import State
from mlpsim.core.problem import quiet
from mlpsim.core.segment import Segment

FULL_RECORDING = 20_000  # S·P up to which J on all data is recorded at every state
BURST_BUDGET = 64 * 2**20  # bytes of the states of a burst
KEYFRAME_INTERVAL = 64  # steps between the checkpoints that a run keeps


class Checkpoint(NamedTuple):
    """Enough to continue: state k with theta (P,), the optimizer's state, and its update count."""

    k: int
    theta: Array
    state: State
    t: int


@dataclass(frozen=True)
class Burst:
    """The states after ``first.k``: theta (n, P), J (n,) with NaN where it was not recorded.

    ``keyframes`` are checkpoints among them, ``last`` the final one and ``before_last`` the one
    that its step left. ``diverged_at`` is the first step at which J or a weight was not finite; the
    states end before it.
    """

    first: Checkpoint
    thetas: Array
    values: Array
    keyframes: tuple[Checkpoint, ...]
    before_last: Checkpoint
    last: Checkpoint
    diverged_at: int | None
    stationary: bool = False


def begin(segment: Segment, before: Checkpoint | None) -> Checkpoint:
    """State ``segment.start`` as the segment sets it: ``before`` is that state without the edit."""
    if segment.theta is not None:
        theta = np.array(segment.theta)
    elif before is not None:
        theta = before.theta
    else:
        raise ValueError("the first segment of a run sets theta")
    if before is not None and segment.keeps_state:
        return before._replace(theta=theta)
    return Checkpoint(segment.start, theta, segment.experiment.optimizer.init(theta), 0)


def replay(segment: Segment, checkpoint: Checkpoint, k: int) -> Checkpoint:
    """State k ≥ checkpoint.k of the same segment, bit for bit as ``advance`` made it."""
    if segment.engine is not None:
        return segment.engine.replay(segment, checkpoint, k)
    descent, batches = _descent(segment, checkpoint)
    update = _update(segment.experiment, descent)
    with quiet():
        while checkpoint.k < k:
            checkpoint = update(checkpoint, descent.gradient(checkpoint.theta, next(batches)))
    return checkpoint


def _descent(segment: Segment, first: Checkpoint) -> tuple[Descent, Iterator[Columns]]:
    """What gives the gradients of the steps after ``first``, and the batches of these."""
    experiment = segment.experiment
    return Descent(experiment.problem, experiment.scaling), segment.batches(first.k + 1)


def _update(experiment: Experiment, descent: Descent) -> Callable[[Checkpoint, Array], Checkpoint]:
    """The state after one, by the gradient that the descent has just given there."""
    optimize, rate = experiment.optimizer.update, experiment.rate
    project, objective = experiment.problem.feasible.project, descent.objective

    def update(checkpoint: Checkpoint, gradient: Array) -> Checkpoint:
        k, theta, state, t = checkpoint
        theta, state = optimize(theta, gradient, state, rate(t), t, objective)
        return Checkpoint(k + 1, project(theta), state, t + 1)

    return update


def recording_interval(segment: Segment) -> int:
    """m: J on all data is recorded at every m-th state.

    Beyond ``FULL_RECORDING`` that costs a fifth of the steps. Below, every state has it where the
    steps are not compiled; where they are, it costs about as much as the steps at most, by times
    measured from 1-1 to 2-64-64-1: a step takes as long as the errors of ten samples, and of one
    (the smallest networks) to three (wide ones) for each of its batch. m is a power of two, as the
    strides of thinned runs are: J is known of the states that these keep.
    """
    problem, sampling = segment.experiment.problem, segment.experiment.sampling
    samples, n_params = len(problem.data), problem.network.n_params
    if sampling.is_full:
        return 1
    batch = sampling.largest_batch(samples)
    if samples * n_params > FULL_RECORDING:
        steps = 5 * samples // (10 + 3 * batch)
    else:
        steps = 1 if segment.engine is None else samples // (10 + batch)
    return 1 << round(log2(max(1, steps)))


class _State(NamedTuple):
    """A state, J on all data where it is recorded, and whether that, or the batch's, is finite."""

    checkpoint: Checkpoint
    value: float | None
    is_finite: bool


def _states(segment: Segment, first: Checkpoint) -> Iterator[_State]:
    """The states after ``first``."""
    problem, checkpoint = segment.experiment.problem, first
    descent, batches = _descent(segment, first)
    update = _update(segment.experiment, descent)
    if segment.experiment.sampling.is_full:
        # One forward pass gives J of a state and the gradient of the step that leaves it.
        gradient = descent.gradient(checkpoint.theta, next(batches))
        while True:
            checkpoint = update(checkpoint, gradient)
            gradient = descent.gradient(checkpoint.theta, next(batches))
            value = problem.objective(checkpoint.theta, descent.errors())
            yield _state(checkpoint, float(value))
    every = recording_interval(segment)
    while True:
        checkpoint = update(checkpoint, descent.gradient(checkpoint.theta, next(batches)))
        if checkpoint.k % every == 0:
            yield _state(checkpoint, float(problem._value(checkpoint.theta)))
        else:
            is_finite = bool(np.isfinite(descent.errors()).all())
            yield _State(checkpoint, None, is_finite and _has_finite_weights(checkpoint.theta))


def _state(checkpoint: Checkpoint, value: float) -> _State:
    return _State(checkpoint, value, isfinite(value) and _has_finite_weights(checkpoint.theta))


def _has_finite_weights(theta: Array) -> bool:
    # A finite θ·θ proves finite terms at a third of the cost; an infinite one only suggests them.
    return isfinite(theta.dot(theta)) or bool(np.isfinite(theta).all())


def most_steps(first: Checkpoint) -> int:
    """How many steps from there a burst may be asked for, at least one: it holds their states."""
    return max(1, BURST_BUDGET // first.theta.nbytes)


def advance(
    segment: Segment,
    first: Checkpoint,
    n: int,
    interrupted: Callable[[], bool] = lambda: False,
    tolerance: float | None = None,
) -> Burst:
    """At most n steps from ``first``, fewer when interrupted or at divergence.

    With a tolerance τ the burst also ends at the first state with stationarity ≤ τ. The states do
    not depend on how a stretch of steps is cut into bursts.
    """
    if segment.engine is not None:
        return segment.engine.advance(segment, first, n, interrupted, tolerance)
    problem = segment.experiment.problem
    thetas = np.empty((n, problem.network.n_params))
    values = np.full(n, np.nan)
    keyframes: list[Checkpoint] = []
    before_last = last = first
    done, diverged_at, stationary = 0, None, False
    states, whole = _states(segment, first), Descent(problem, "unbiased")
    with quiet():
        while done < n and not (stationary or (done and interrupted())):
            checkpoint, value, is_finite = next(states)
            if not is_finite:
                diverged_at = checkpoint.k
                break
            before_last, last = last, checkpoint
            thetas[done] = checkpoint.theta
            if value is not None:
                values[done] = value
            if checkpoint.k % KEYFRAME_INTERVAL == 0:
                keyframes.append(checkpoint)
            done += 1
            if tolerance is not None:
                gradient = whole.gradient(checkpoint.theta, problem.data.columns)
                stationary = bool(problem.stationarity(checkpoint.theta, gradient) <= tolerance)
    return Burst(
        first,
        thetas[:done],
        values[:done],
        tuple(keyframes),
        before_last,
        last,
        diverged_at,
        stationary,
    )
