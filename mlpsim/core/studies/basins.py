"""Basins: which minimum each start of a plane reaches under the optimizer in force.

Under a method with noise nothing ever settles: there a start counts for the minimum in whose basin
its last state lies, which plain gradient descent finds from there.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from mlpsim.core.arrays import Array, Flags, Indices
from mlpsim.core.curvature import MOST_PARAMS, TOLERANCE, eigenvalues
from mlpsim.core.engine import Engine
from mlpsim.core.experiment import Experiment
from mlpsim.core.plane import Plane
from mlpsim.core.problem import Problem
from mlpsim.core.studies.fleet import Ends, chunk_size, run_fleet
from mlpsim.core.studies.settling import settled
from mlpsim.core.surface import grid_of
from mlpsim.core.window import Window

FLAT, UNSETTLED, DIVERGED = -1, -2, -3  # labels of starts that reach no minimum
REACH = 0.01  # how near a minimum an end has to be, in parts of the window's size
MOST_MINIMA = 8
MOST_TRIED = 64  # ends that are looked at more closely
COARSE = 4  # every so many-th place of a row and column comes first
NEWTON_STEPS = 20


@dataclass(frozen=True)
class Basin:
    """A minimum: theta (P,), J there, how many starts reach it, and the share of all.

    ``spread`` is how far their last states are from it: the root mean square.
    """

    theta: Array
    value: float
    count: int
    share: float
    spread: float


@dataclass(frozen=True, eq=False)
class BasinQuestion:
    """Starts on a grid of ``side``² places of a window, and how many steps they take.

    The engine takes them if it can, else NumPy.
    """

    experiment: Experiment
    plane: Plane
    window: Window
    steps: int
    side: int
    engine: Engine | None = None

    @property
    def is_noisy(self) -> bool:
        """Whether the steps follow a part of the data each, and so never come to rest."""
        sampling, n = self.experiment.sampling, len(self.experiment.problem.data)
        whole = sampling.batch_size == n and sampling.order != "with_replacement"
        return not (sampling.is_full or (whole and not sampling.batches))

    @property
    def reach(self) -> float:
        """How near a minimum an end has to be, in the parameters' own lengths."""
        return REACH * max(self.window.width, self.window.height) * self.plane.unit

    def axes(self) -> tuple[Array, Array]:
        """α and β of the grid's columns and rows, the window's edges included."""
        return grid_of(self.plane, self.window, self.side, self.side)


@dataclass(frozen=True, eq=False)
class BasinMap:
    """For every place (side, side) the index of its basin, or FLAT, UNSETTLED or DIVERGED.

    Basins stand in the order of J. ``step`` is the distance of the places that are mapped, in
    places of the grid; those between have the label of the one before them.
    """

    question: BasinQuestion
    labels: Indices
    basins: tuple[Basin, ...]
    step: int

    def share(self, label: int) -> float:
        """The share of the places that were mapped."""
        return float((self.labels[:: self.step, :: self.step] == label).mean())


@dataclass(frozen=True, eq=False)
class _Part:
    """Ends of some starts, and where they come to rest (R, P): the ends themselves, or nearby."""

    ends: Ends
    rests: Array


def basin_map(
    question: BasinQuestion,
    interrupted: Callable[[], bool] = lambda: False,
    report: Callable[[float, BasinMap | None], None] = lambda share, coarse: None,
) -> BasinMap | None:
    """The map, or None when interrupted; ``report`` is told the share done and a coarse map."""
    alphas, betas = question.axes()
    places = question.plane.points(alphas, betas)
    coarse = np.zeros((question.side, question.side), dtype=bool)
    coarse[::COARSE, ::COARSE] = True
    order = np.concatenate([np.flatnonzero(coarse), np.flatnonzero(~coarse)])
    first = int(coarse.sum())
    flat = places.reshape(-1, places.shape[-1])
    size, done = chunk_size(question.experiment), 0
    parts: list[_Part] = []
    is_coarse_told = False
    while done < len(order):
        stop = first if done < first < done + size else done + size
        starts = flat[order[done:stop]]
        ends = run_fleet(question.experiment, starts, question.steps, interrupted, question.engine)
        if ends is None:
            return None
        rests: Array | None = ends.thetas
        if question.is_noisy:
            rests = settled(question.experiment.problem, ends.thetas, question.reach, interrupted)
        if rests is None:
            return None
        parts.append(_Part(ends, rests))
        done = min(stop, len(order))
        told = None
        if done >= first and not is_coarse_told and done < len(order):
            told, is_coarse_told = _labelled(question, order[:done], parts, COARSE), True
        report(done / len(order), told)
    return _labelled(question, order, parts, 1)


def _labelled(question: BasinQuestion, order: Indices, parts: list[_Part], step: int) -> BasinMap:
    problem, reach = question.experiment.problem, question.reach
    last = np.concatenate([part.ends.thetas for part in parts])
    thetas = np.concatenate([part.rests for part in parts])
    values = np.concatenate([part.ends.values for part in parts])
    diverged = np.concatenate([part.ends.diverged for part in parts])
    if question.is_noisy:
        values = problem.value(thetas)
    found = np.full(len(order), UNSETTLED, dtype=np.intp)
    found[diverged] = DIVERGED
    slopes = np.where(diverged, np.inf, problem.stationarity(thetas))
    minima: list[tuple[float, Array]] = []
    for theta in _minima(problem, thetas, values, slopes <= TOLERANCE, reach):
        near = (np.linalg.norm(thetas - theta, axis=-1) <= reach) & (found == UNSETTLED)
        found[near] = len(minima)
        minima.append((float(problem.value(theta)), theta))
    found[(found == UNSETTLED) & (slopes <= TOLERANCE)] = FLAT
    rank = np.argsort([value for value, _ in minima], kind="stable")
    ranked = np.empty(len(minima), dtype=np.intp)
    ranked[rank] = np.arange(len(minima))
    is_basin = found >= 0
    found[is_basin] = ranked[found[is_basin]]
    counts = [int((found == place).sum()) for place in range(len(minima))]
    basins = tuple(
        Basin(theta, value, count, count / len(order), _spread(last[found == place], theta))
        for place, (count, (value, theta)) in enumerate(
            zip(counts, (minima[i] for i in rank.tolist()), strict=True)
        )
    )
    labels = np.full(question.side**2, UNSETTLED, dtype=np.intp)
    labels[order] = found
    square = labels.reshape(question.side, question.side)
    if step > 1:
        nearest = np.arange(question.side) // step * step
        square = square[np.ix_(nearest, nearest)]
    return BasinMap(question, square, basins, step)


def _minima(
    problem: Problem, thetas: Array, values: Array, at_rest: Flags, reach: float
) -> list[Array]:
    """Points with a gradient below τ around which J curves upwards, or on which C presses.

    Ends are tried from the lowest on; those within ``reach`` of a tried one are not tried again,
    and what is within ``reach`` of a minimum that is known is that one.
    """
    found: list[Array] = []
    left = np.flatnonzero(at_rest)[np.argsort(values[at_rest], kind="stable")]
    for _ in range(MOST_TRIED):
        if not len(left) or len(found) == MOST_MINIMA:
            break
        theta = _polished(problem, thetas[left[0]])
        left = left[np.linalg.norm(thetas[left] - thetas[left[0]], axis=-1) > reach]
        is_known = any(np.linalg.norm(theta - other) <= reach for other in found)
        if not is_known and _is_minimum(problem, theta):
            found.append(theta)
            left = left[np.linalg.norm(thetas[left] - theta, axis=-1) > reach]
    return found


def _spread(thetas: Array, theta: Array) -> float:
    """The root mean square of the distances of states (n, P) from a minimum; 0 without any."""
    if not len(thetas):
        return 0.0
    return float(np.sqrt(np.square(thetas - theta).sum(axis=-1).mean()))


def _polished(problem: Problem, theta: Array) -> Array:
    """The stationary point that Newton's method reaches nearby, where it gets closer to one."""
    for _ in range(NEWTON_STEPS):
        if problem.network.n_params > MOST_PARAMS or not bool(problem.feasible.contains(theta)):
            break
        try:
            step = np.linalg.solve(problem.hessian(theta), problem.gradient(theta))
        except np.linalg.LinAlgError:
            break
        closer = problem.feasible.project(theta - step)
        if not problem.stationarity(closer) < problem.stationarity(theta):
            break
        theta = closer
    return theta


def _is_minimum(problem: Problem, theta: Array) -> bool:
    """Whether all eigenvalues of the Hessian are clearly above 0, or J presses against a wall."""
    curvatures = eigenvalues(problem, theta)
    if curvatures is None:
        return False
    gradient = float(np.linalg.norm(problem.gradient(theta)))
    if gradient > TOLERANCE:
        return True  # stationary over C, with a gradient that points out of it
    return bool(curvatures[0] > 1e-9 * max(1.0, float(curvatures[-1])))
