"""Diagnosis: why a run is slow at a state or has stopped there."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from mlpsim.core.arrays import Array, Indices
from mlpsim.core.curvature import TOLERANCE
from mlpsim.core.problem import Problem, quiet
from mlpsim.core.readout import length
from mlpsim.core.run import Run
from mlpsim.core.work import work_of

Kind = Literal["diverging", "saturated", "boundary", "stationary", "slow", "moving"]
FLAT = 1e-3  # σ′ up to which a sample counts as saturated
WRONG = 0.1  # |∂e/∂output| from which a sample still has something to gain
SLOW = 1e-4  # a step that changes J by less than this share is slow
WALLED = 0.1  # of ‖∇J‖: a projected gradient up to which C is what slows a step


@dataclass(frozen=True, eq=False)
class Culprit:
    """The sample (from 0) with the largest error at divergence, and its largest factor there.

    ``factor`` is one of "∂e/∂a", "σ′(z)" and "a", of the last layer.
    """

    sample: int
    factor: str
    size: float


@dataclass(frozen=True, eq=False)
class Diagnosis:
    """What holds a run at a state.

    ``slopes`` (S,) are the σ′(zˢ) that let the least of each sample's error through, ``held`` the
    samples that are wrong but saturated. ``lower`` is a value of J known to be reached in C below
    the one at the state, None if none is known.
    """

    kind: Kind
    value: float
    gradient_norm: float
    stationarity: float
    slopes: Array
    held: Indices
    lower: float | None
    culprit: Culprit | None


@quiet()
def sample_slopes(problem: Problem, theta: Array) -> Array:
    """For every sample the largest σ′(z) of the layer where it is least (S,)."""
    forward = problem.forward(theta)
    layers = zip(problem.network.activations, forward.z, forward.a, strict=True)
    largest = [np.abs(activation.slope(z, a)).max(axis=0) for activation, z, a in layers]
    least: Array = np.min(largest, axis=0)
    return least


@dataclass(frozen=True, eq=False)
class Saturation:
    """σ′(zˢ) of every sample at a state (S,), whom it holds, and J at the zero vector in C."""

    slopes: Array
    held: Indices
    at_zero: float


@dataclass(frozen=True, eq=False)
class SaturationQuestion:
    """What takes passes through the data to know of theta (P,), before it is diagnosed."""

    problem: Problem
    theta: Array

    @property
    def work(self) -> int:
        """Samples times parameters that are gone through."""
        return work_of(self.problem)

    @quiet()
    def answer(self) -> Saturation:
        """Slopes, samples and value."""
        problem = self.problem
        slopes = sample_slopes(problem, self.theta)
        _, _, gain = problem.output_slope(self.theta, None)
        is_held = (slopes <= FLAT) & (np.abs(gain).max(axis=0) >= WRONG)
        origin = problem.feasible.project(np.zeros_like(self.theta))
        return Saturation(slopes, np.flatnonzero(is_held), float(problem.value(origin)))


@quiet()
def diagnose(run: Run, k: int, found: Saturation | None = None) -> Diagnosis:
    """The diagnosis of state k; ``found`` is the answer to its ``SaturationQuestion``, if known."""
    problem, theta = run.segment_at(k).experiment.problem, run.theta(k)
    found = found or SaturationQuestion(problem, theta).answer()
    value = run.value(k)
    gradient = run.gradient(k)
    norm, stationarity = length(gradient), float(problem.stationarity(theta, gradient))
    has_diverged = run.diverged_at is not None and k == run.last
    culprit = _culprit(run) if has_diverged else None
    kind = _kind(has_diverged, norm, stationarity, len(found.held) > 0, _is_slow(run, k))
    return Diagnosis(
        kind,
        value,
        norm,
        stationarity,
        found.slopes,
        found.held,
        _lower(run, k, found.at_zero, value),
        culprit,
    )


def _kind(diverged: bool, norm: float, stationarity: float, held: bool, slow: bool) -> Kind:
    if diverged:
        return "diverging"
    if stationarity <= TOLERANCE:
        if norm > TOLERANCE:
            return "boundary"
        return "saturated" if held else "stationary"
    if slow and stationarity <= WALLED * norm:
        return "boundary"
    if slow:
        return "saturated" if held else "slow"
    return "moving"


def _is_slow(run: Run, k: int) -> bool:
    if k == 0:
        return False
    before, after = run.value(k - 1), run.value(k)
    return abs(after - before) <= SLOW * abs(after)


def _lower(run: Run, k: int, at_zero: float, value: float) -> float | None:
    """The least J known in C: at the zero vector, projected, and at states under this problem."""
    segment = run.segment_at(k)
    last = next((s.start - 1 for s in run.segments if s.start > segment.start), run.last)
    known = np.append(run.values(segment.start, last), at_zero)
    least = float(np.min(known, initial=np.inf, where=np.isfinite(known)))
    return least if least < value * (1.0 - 1e-9) else None


def _culprit(run: Run) -> Culprit:
    problem, theta = run.segment_at(run.last).experiment.problem, run.theta(run.last)
    errors = problem.errors(theta)
    sample = int(np.argmax(np.where(np.isnan(errors), np.inf, errors)))
    forward, _, gain = problem.output_slope(theta, np.array([sample]))
    network = problem.network
    below = problem.data.x[sample] if network.depth == 1 else forward.a[-2][:, 0]
    slope = network.activations[-1].slope(forward.z[-1], forward.a[-1])
    sizes = {
        "∂e/∂a": float(np.abs(gain).max()),
        "σ′(z)": float(np.abs(slope).max()),
        "a": float(np.abs(below).max()),
    }
    factor = max(sizes, key=lambda name: np.inf if np.isnan(sizes[name]) else sizes[name])
    return Culprit(sample, factor, sizes[factor])
