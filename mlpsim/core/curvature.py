"""Curvature: where the gradient vanishes, and the Hessian's eigenvalues there."""

from collections.abc import Callable
from math import isfinite, isnan

import numpy as np

from mlpsim.core.arrays import Array
from mlpsim.core.optimizers import step_is_linear
from mlpsim.core.problem import Problem
from mlpsim.core.run import Run
from mlpsim.core.work import work_of

TOLERANCE = 1e-6  # τ: a state with stationarity ≤ τ is a stationary point or a plateau
MOST_PARAMS = 64  # above, the Hessian is not worth computing for a sentence
MOST_WORK = 2_000_000  # S·P² above which the Hessian is not waited for, as for a sentence


def eigenvalues(
    problem: Problem, theta: Array, cancelled: Callable[[], bool] = lambda: False
) -> Array | None:
    """Those of ∇²J, ascending (P,); None where it is not finite or the network is large.

    None too when cancelled.
    """
    if problem.network.n_params > MOST_PARAMS:
        return None
    rows = []
    for some in problem.hessian_rows(theta):
        if cancelled():
            return None
        rows.append(some)
    hessian = np.concatenate(rows)
    if not np.isfinite(hessian).all():
        return None
    return np.linalg.eigvalsh(0.5 * hessian + 0.5 * hessian.T).astype(np.float64)


def quick_eigenvalues(problem: Problem, theta: Array) -> Array | None:
    """The same; None too where somebody who reads a sentence would have to wait for them."""
    if work_of(problem) * problem.network.n_params > MOST_WORK:
        return None
    return eigenvalues(problem, theta)


def edge_of_stability(run: Run) -> float | None:
    """η·λ_max where the run ends, else where its segment began; None if neither is above 0.

    Gradient descent on a quadratic diverges above 2. None too where that takes long, or the
    optimizer's steps do not grow with the gradient.
    """
    segment = run.segment_at(run.last)
    if not step_is_linear(segment.experiment.optimizer):
        return None
    for k in (run.last, segment.start):
        found = quick_eigenvalues(segment.experiment.problem, run.theta(k))
        if found is not None and found[-1] > 0.0 and isfinite(found[-1]):
            product = segment.experiment.rate(run.tip.t) * float(found[-1])
            return None if isnan(product) else product  # 0·∞ tells nothing
    return None
