"""Curvature: where the gradient vanishes, and the Hessian's eigenvalues there."""

from math import isfinite, isnan

import numpy as np

from mlpsim.core.arrays import Array
from mlpsim.core.problem import Problem
from mlpsim.core.run import Run

TOLERANCE = 1e-6  # τ: a state with stationarity ≤ τ is a stationary point or a plateau
MOST_PARAMS = 64  # above, the Hessian is not worth computing for a sentence


def eigenvalues(problem: Problem, theta: Array) -> Array | None:
    """Those of ∇²J, ascending (P,); None where it is not finite or the network is large."""
    if problem.network.n_params > MOST_PARAMS:
        return None
    hessian = problem.hessian(theta)
    if not np.isfinite(hessian).all():
        return None
    return np.linalg.eigvalsh(hessian).astype(np.float64)


def edge_of_stability(run: Run) -> float | None:
    """η·λ_max where the run ends, else where its segment began; None if neither is above 0.

    Gradient descent on a quadratic diverges above 2.
    """
    segment = run.segment_at(run.last)
    for k in (run.last, segment.start):
        found = eigenvalues(segment.experiment.problem, run.theta(k))
        if found is not None and found[-1] > 0.0 and isfinite(found[-1]):
            product = segment.experiment.rate(run.tip.t) * float(found[-1])
            return None if isnan(product) else product  # 0·∞ tells nothing
    return None
