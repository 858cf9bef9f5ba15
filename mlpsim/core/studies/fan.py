"""The fan: the paths of one experiment under many seeds, their spread, and the noise ball."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import isfinite, nan
from typing import Any

import numpy as np

from mlpsim.core.arrays import Array, joined
from mlpsim.core.engine import Engine
from mlpsim.core.evaluation import problem_on
from mlpsim.core.experiment import Experiment
from mlpsim.core.looks.bouquet import sample_gradients
from mlpsim.core.problem import Problem, quiet
from mlpsim.core.random import moved
from mlpsim.core.segment import able
from mlpsim.core.studies.fleet import chunk_size, run_paths
from mlpsim.core.studies.sweep import with_seed

MOST_NUMBERS = 4_000_000  # of all paths together; of longer ones every n-th state is kept
GROUP = 256  # seeds that are run together at most
FACTORS = (0.25, 0.5, 1.0, 2.0)  # of η, for which the noise ball is measured


@dataclass(frozen=True, eq=False)
class FanQuestion:
    """An experiment, how many seeds it is run with, how many steps, and by which engine."""

    experiment: Experiment
    seeds: int
    steps: int
    engine: Engine | None = None


@dataclass(frozen=True, eq=False)
class Fan:
    """The states 0, ``stride``, 2 ``stride`` … of every seed: thetas (R, n, P), NaN once diverged.

    Seed r adds r to the seeds of sampling and start, so that path 0 is the experiment's own, but
    for rounding.
    """

    question: FanQuestion
    stride: int
    thetas: Array

    def place(self, k: int) -> int:
        """Where in ``thetas`` state k is, or the last one that was kept before it."""
        return min(k, self.question.steps) // self.stride

    def at(self, k: int) -> Array:
        """The members' states there (r, P), without those that have diverged."""
        states = self.thetas[:, self.place(k)]
        finite: Array = states[np.isfinite(states).all(axis=-1)]
        return finite


@dataclass(frozen=True, eq=False)
class Spread:
    """How places of a plane are spread: mean (2,), covariance (2, 2) with 1/(n − 1)."""

    mean: Array
    covariance: Array

    def axes(self) -> tuple[Array, Array]:
        """Standard deviations (2,) along the ellipse's axes, the longer first, and these (2, 2).

        Each row is the unit vector of an axis.
        """
        variances, columns = np.linalg.eigh(self.covariance)
        deviations: Array = np.sqrt(np.maximum(variances[::-1], 0.0))
        return deviations, columns.T[::-1]


@dataclass(frozen=True)
class NoiseBall:
    """How far from their mean states stay under the rate η, over the last half of the steps.

    ``radius`` is the root mean square distance, NaN if any of the seeds diverged.
    """

    rate: float
    radius: float


@dataclass(frozen=True, eq=False)
class Expectation:
    """The mean of ∇e^s over a sample drawn at random (P,), ∇E/S (P,), and the spread of ∇e^s.

    ``spread`` is the root mean square distance of ∇e^s from its mean.
    """

    mean: Array
    share: Array
    spread: float


def fan(
    question: FanQuestion,
    interrupted: Callable[[], bool] = lambda: False,
    report: Callable[[float], None] = lambda share: None,
) -> Fan | None:
    """The fan, or None when interrupted; ``report`` is told the share that is done."""
    n_params = question.experiment.problem.network.n_params
    numbers = question.seeds * (question.steps + 1) * n_params
    stride = max(1, -(-numbers // MOST_NUMBERS))
    engine = able(question.engine, question.experiment)
    paths, experiment = run_paths if engine is None else engine.paths, question.experiment
    # An engine cuts them once more, for its threads.
    size = min(GROUP, chunk_size(experiment) * (1 if engine is None else 4))
    parts: list[Array] = []
    for first in range(0, question.seeds, size):
        members = range(first, min(first + size, question.seeds))
        seeds = [moved(experiment.sampling.seed, member) for member in members]
        starts = _starts(experiment, members)
        found = paths(experiment, seeds, starts, question.steps, stride, interrupted)
        if found is None:
            return None
        parts.append(found)
        report(members.stop / question.seeds)
    return Fan(question, stride, joined(parts))


def _starts(experiment: Experiment, members: range) -> Array:
    """Where these members start (R, P)."""
    if not hasattr(experiment.start, "seed"):
        return np.tile(experiment.start_theta(), (len(members), 1))
    return np.array([with_seed(experiment, member).start_theta() for member in members])


def spread(places: Array) -> Spread | None:
    """The spread of places (r, 2); None of fewer than two."""
    if len(places) < 2:
        return None
    # From one of them, so that the spread of equal places is 0, not a rounding error.
    apart = places - places[0]
    return Spread(places[0] + apart.mean(axis=0), np.cov(apart, rowvar=False))


def noise_balls(
    question: FanQuestion,
    interrupted: Callable[[], bool] = lambda: False,
    report: Callable[[float], None] = lambda share: None,
) -> tuple[NoiseBall, ...] | None:
    """The noise balls of η/4, η/2, η and 2η; None when interrupted."""
    balls: list[NoiseBall] = []
    optimizer: Any = question.experiment.optimizer
    for factor in FACTORS:
        rate, done = factor * optimizer.learning_rate, len(balls)
        slower = replace(question.experiment, optimizer=replace(optimizer, learning_rate=rate))
        found = fan(replace(question, experiment=slower), interrupted, _part(report, done))
        if found is None:
            return None
        balls.append(NoiseBall(rate, _radius(found)))
    return tuple(balls)


def exponent(balls: Sequence[NoiseBall]) -> float:
    """p where the radius grows as ηᵖ: the least-squares slope of log radius against log η.

    NaN of fewer than two balls with a rate and a radius above 0.
    """
    known = [(b.rate, b.radius) for b in balls if b.rate > 0.0 and 0.0 < b.radius < np.inf]
    if len(known) < 2:
        return float("nan")
    rates, radii = np.log(np.array(known)).T
    return float(np.polyfit(rates, radii, 1)[0])


def _part(report: Callable[[float], None], done: int) -> Callable[[float], None]:
    """Reports the share of one rate as a share of all."""
    return lambda share: report((done + share) / len(FACTORS))


@quiet()
def _radius(found: Fan) -> float:
    settled = found.thetas[:, found.thetas.shape[1] // 2 :]
    away = settled - settled.mean(axis=(0, 1))
    radius = float(np.sqrt((away * away).sum(axis=-1).mean()))
    return radius if isfinite(radius) else nan


@quiet()
def expectation(problem: Problem, theta: Array) -> Expectation:
    """What one sample's gradient is on average, at theta (P,), and what a share of ∇E is."""
    gradients = sample_gradients(problem, theta, slice(None))
    mean = gradients.mean(axis=0)
    plain = problem_on(problem, problem.data)
    away = gradients - mean
    return Expectation(
        mean,
        plain.gradient(theta) / len(problem.data),
        float(np.sqrt((away * away).sum(axis=-1).mean())),
    )
