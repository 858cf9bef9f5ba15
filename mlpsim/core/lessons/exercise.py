"""Exercises: a state and a step that a student computes by hand, drawn from an experiment."""

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from mlpsim.core.arrays import Array, Indices
from mlpsim.core.experiment import Experiment
from mlpsim.core.problem import Problem, quiet
from mlpsim.core.random import uniform

MOST_PARAMETERS = 20
MOST_ASKED = 4  # parameters of a step, and samples of a batch
LARGEST_SUM = 2.5  # |w·x| of a drawn state stays below, so that no neuron is saturated

Kind = Literal["prediction", "error", "gradient", "weight"]


@dataclass(frozen=True)
class Quantity:
    """What is asked: ŷ (output ``place``) or e of a sample, or g or w⁺ of parameter ``place``.

    Samples, outputs and parameters count from 0; ``sample`` is None for g and w⁺.
    """

    kind: Kind
    place: int
    sample: int | None = None


@dataclass(frozen=True)
class Exercise:
    """One plain gradient step w⁺ = P_C(w − η·g) on a batch (samples from 0) from a state.

    ``before`` is the state that the step before it left. ``asked`` are the parameters whose
    g and w⁺ are asked.
    """

    experiment: Experiment
    seed: int
    theta: tuple[float, ...]
    before: tuple[float, ...]
    batch: tuple[int, ...]
    asked: tuple[int, ...]

    @property
    def problem(self) -> Problem:
        return self.experiment.problem

    @property
    def rate(self) -> float:
        """η."""
        return self.experiment.optimizer.learning_rate

    def asks_the_same_as(self, other: "Exercise") -> bool:
        """Whether all that is given and asked is equal, whatever else the experiments hold."""
        return self._asked_of() == other._asked_of()

    def _asked_of(self) -> tuple[object, ...]:
        states = self.theta, self.before, self.batch, self.asked
        return self.problem, self.rate, self.experiment.scaling, states

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        """ŷ and e of every sample of the batch, then g, then w⁺."""
        outputs = range(self.problem.network.sizes[-1])
        passes = [
            [*(Quantity("prediction", i, s) for i in outputs), Quantity("error", 0, s)]
            for s in self.batch
        ]
        return (
            *(quantity for sample in passes for quantity in sample),
            *(Quantity("gradient", p) for p in self.asked),
            *(Quantity("weight", p) for p in self.asked),
        )

    @cached_property
    @quiet()
    def gradient(self) -> Array:
        """g, the scaled step gradient (P,)."""
        batch: Indices = np.array(self.batch)
        return self.problem.step_gradient(np.array(self.theta), batch, self.experiment.scaling)

    @cached_property
    def after(self) -> Array:
        """w⁺ (P,)."""
        return moved(self, np.array(self.theta), self.gradient)

    def answer(self, quantity: Quantity) -> float:
        """The right value."""
        if quantity.kind == "gradient":
            return float(self.gradient[quantity.place])
        if quantity.kind == "weight":
            return float(self.after[quantity.place])
        theta = np.array(self.theta)
        if quantity.kind == "error":
            return float(self.problem.errors(theta)[quantity.sample])
        prediction = self.problem.predict(theta, self.problem.data.x)
        return float(prediction[quantity.sample, quantity.place])


@quiet()
def moved(exercise: Exercise, theta: Array, gradient: Array) -> Array:
    """P_C(theta − η·gradient) (P,)."""
    return exercise.problem.feasible.project(theta - exercise.rate * gradient)


def exercise(experiment: Experiment, seed: int, size: int = 1) -> Exercise:
    """The exercise of a seed, with a batch of ``size`` samples.

    Seed 0 is the experiment's start and its last samples. Others draw a state that one step has
    left, with two decimals where C has such a point, small enough that no neuron saturates.
    ValueError if the network has too many parameters, or the data not so many samples.
    """
    problem = experiment.problem
    n_params, samples = problem.network.n_params, len(problem.data)
    if n_params > MOST_PARAMETERS:
        raise ValueError(
            f"{n_params} weights are too many to calculate by hand:"
            f" exercises are set for up to {MOST_PARAMETERS}"
        )
    if not 1 <= size <= min(samples, MOST_ASKED):
        raise ValueError(f"a batch of {size} is not between 1 and {min(samples, MOST_ASKED)}")
    draws = uniform(seed, 0, 2 * n_params + samples)
    asked = np.sort(np.argsort(draws[n_params : 2 * n_params], kind="stable")[:MOST_ASKED])
    if seed == 0:
        order = np.arange(samples)[::-1]
        theta = before = _neat(problem, experiment.start_theta())
    else:
        order = np.argsort(draws[2 * n_params :], kind="stable")
        before = _neat(problem, _drawn(problem, draws[:n_params]))
        theta = _left_by_a_step(experiment, before, int(order[-1]))
    batch = tuple(sorted(order[:size].tolist()))
    states = tuple(theta.tolist()), tuple(before.tolist())
    return Exercise(experiment, seed, *states, batch, tuple(asked.tolist()))


def _drawn(problem: Problem, draws: Array) -> Array:
    largest = float(np.abs(problem.data.x).sum(axis=1).max())
    reach = LARGEST_SUM / max(largest, LARGEST_SUM)
    return problem.feasible.project(np.round(reach * (2.0 * draws - 1.0), 2))


@quiet()
def _left_by_a_step(experiment: Experiment, before: Array, sample: int) -> Array:
    """The state after a step on one sample; the same state where that leads far away."""
    problem = experiment.problem
    step = problem.step_gradient(before, np.array([sample]), experiment.scaling)
    after = before - experiment.optimizer.learning_rate * step
    is_near = bool((np.abs(after) <= 10.0 * np.maximum(1.0, np.abs(before))).all())
    return _neat(problem, problem.feasible.project(after)) if is_near else before


@quiet()
def _neat(problem: Problem, theta: Array) -> Array:
    """The state with two decimals, where that lies in C."""
    rounded: Array = np.round(theta, 2) + 0.0
    rounded = np.where(np.isfinite(rounded), rounded, theta)
    return rounded if problem.feasible.contains(rounded) else theta
