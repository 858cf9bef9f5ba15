"""Wording: what may be said of a state, and nothing more."""

from math import isfinite

import numpy as np

from mlpsim.core.arrays import Array
from mlpsim.core.experiment import Segment
from mlpsim.core.feasible import WholeSpace
from mlpsim.core.run import Run

TOLERANCE = 1e-6
MAX_EIGENVALUE_PARAMS = 64  # above, the Hessian is not worth computing for a sentence


def sharpest_curvature(segment: Segment, theta: Array) -> float | None:
    """λ_max of ∇²J, or None where it is not finite or the network is large."""
    problem = segment.experiment.problem
    if problem.network.n_params > MAX_EIGENVALUE_PARAMS:
        return None
    hessian = problem.hessian(theta)
    if not np.isfinite(hessian).all():
        return None
    return float(np.linalg.eigvalsh(hessian)[-1])


def divergence(run: Run) -> str | None:
    """The sentence that says where the run diverged, or None."""
    k = run.diverged_at
    if k is None:
        return None
    if k == run.last:
        return f"J is not finite at state {k}: start somewhere else."
    segment, theta = run.segment_at(run.last), run.theta(run.last)
    last = _digits(run.value(run.last))
    sentence = f"Diverged at step {k}: J or a weight is not finite. Last finite J: {last}."
    for place in (theta, run.theta(segment.start)):
        sharpest = sharpest_curvature(segment, place)
        if sharpest is not None and isfinite(sharpest) and sharpest > 0.0:
            product = segment.experiment.rate(run.tip.t) * sharpest
            side = "above" if product > 2.0 else "not above"
            return f"{sentence} η·λ_max = {_digits(product)}, {side} 2."
    return sentence


def convergence(run: Run, k: int) -> str | None:
    """The sentence that says whether state k is stationary, or None."""
    segment, theta = run.segment_at(k), run.theta(k)
    problem = segment.experiment.problem
    stationarity = problem.stationarity(theta)
    if not stationarity <= TOLERANCE:
        return None
    if not isinstance(problem.feasible, WholeSpace):
        return f"Projected gradient ≤ {TOLERANCE:g}: stationary on C, or a plateau."
    sentence = f"‖∇J‖ ≤ {TOLERANCE:g}: stationary point or plateau"
    if problem.network.n_params > MAX_EIGENVALUE_PARAMS:
        return sentence + "."
    eigenvalues = np.linalg.eigvalsh(problem.hessian(theta))
    lowest, highest = float(eigenvalues[0]), float(eigenvalues[-1])
    between = f"the Hessian's eigenvalues lie between {_digits(lowest)} and {_digits(highest)}"
    if lowest > TOLERANCE:
        return f"‖∇J‖ ≤ {TOLERANCE:g} and curved upwards in every direction: {between}."
    if lowest < -TOLERANCE < TOLERANCE < highest:
        return (
            f"‖∇J‖ ≤ {TOLERANCE:g}, up in some directions and down in others (saddle): {between}."
        )
    return f"{sentence}: {between}."


def _digits(x: float) -> str:
    return f"{x:.4g}"
