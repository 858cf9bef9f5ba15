"""The bouquet: how every sample pulls at a state, as seen in a plane, and how the pulls add up."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mlpsim.core.arrays import Array, Indices
from mlpsim.core.dataset import Dataset
from mlpsim.core.engine import Engine
from mlpsim.core.evaluation import problem_on
from mlpsim.core.plane import Plane
from mlpsim.core.problem import Problem, quiet

MOST = 64
CHEAP = 200_000  # S·P up to which every sample's pull is computed to find the largest ones


@dataclass(frozen=True, eq=False)
class Bouquet:
    """Pulls at theta in a plane, each (α, β), those of the batch first.

    ``pulls`` (n, 2) are -A·∇e^s of the ``samples`` (n,), of which ``in_batch`` (n,) says who is in
    the batch; ``rest`` is the pull of all other samples together and ``penalty`` is -∇R, each None
    where there is none. They add up to ``total``, -∇J, of whose length in parameter space
    ``share`` lies in the plane.
    """

    samples: Indices
    pulls: Array
    in_batch: NDArray[np.bool_]
    rest: Array | None
    penalty: Array | None
    total: Array
    share: float


@quiet()
def bouquet(
    problem: Problem,
    theta: Array,
    plane: Plane,
    batch: Indices,
    picked: int | None = None,
    engine: Engine | None = None,
    most: int = MOST,
) -> Bouquet:
    """The pulls at theta (P,) of at most ``most`` samples, ``picked`` among them.

    Those of the batch come before others, and large ones before small ones. An engine may compute
    the gradients.
    """
    member = np.zeros(len(problem.data), dtype=bool)
    member[batch] = True
    samples, pulls = np.zeros(0, dtype=np.intp), np.zeros((0, 2))
    if most:
        candidates = _candidates(problem, member, picked)
        gradients = sample_gradients(problem, theta, candidates, engine)
        pulls = plane.components(-problem.scale * gradients)
        size = np.nan_to_num((pulls * pulls).sum(axis=1), nan=0.0)
        order = np.lexsort((-size, ~member[candidates], candidates != picked))[:most]
        order = order[np.lexsort((candidates[order], ~member[candidates[order]]))]
        samples, pulls = candidates[order], pulls[order]
    descent = -problem.gradient(theta)
    total = plane.components(descent)
    penalty = plane.components(-problem.penalty_gradient(theta)) if problem.penalty else None
    rest = None
    if len(samples) < len(problem.data):
        rest = total - pulls.sum(axis=0) - (0.0 if penalty is None else penalty)
    share = plane.share(descent)
    return Bouquet(samples, pulls, member[samples], rest, penalty, total, share)


def _candidates(problem: Problem, member: NDArray[np.bool_], picked: int | None) -> Indices:
    """All samples, or of too many some, spread evenly: of the batch first, then of the others."""
    samples = np.arange(len(member))
    if len(samples) * problem.network.n_params <= CHEAP:
        return samples
    found = [_spread(samples[member], MOST)]
    found.append(_spread(samples[~member], MOST - len(found[0])))
    if picked is not None:
        found.append(np.array([picked]))
    return np.unique(np.concatenate(found))


def _spread(samples: Indices, most: int) -> Indices:
    return samples[:: max(1, -(-len(samples) // max(most, 1)))][:most]


def sample_gradients(
    problem: Problem, theta: Array, samples: Indices | slice, engine: Engine | None = None
) -> Array:
    """∇e^s of some of the samples, unscaled and without R, at theta (P,): (n, P)."""
    part = _part(problem, samples)
    if engine is None or engine.lacks_for(part):
        return part.sample_gradients(theta)
    return engine.sample_gradients(part, theta)


def batch_problem(problem: Problem, batch: Indices) -> Problem:
    """The problem that a step on this batch descends, up to a factor; repeats count."""
    share = len(batch) / (len(problem.data) * problem.scale)
    penalty = replace(problem.penalty, l1=share * problem.penalty.l1, l2=share * problem.penalty.l2)
    return replace(_part(problem, batch), penalty=penalty, feasible=problem.feasible)


def _part(problem: Problem, samples: Indices | slice) -> Problem:
    return problem_on(problem, Dataset(problem.data.x[samples], problem.data.y[samples]))
