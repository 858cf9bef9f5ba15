"""Coercive problems: where a penalty keeps every minimiser over the whole space in a known box."""

import numpy as np

from mlpsim.core.feasible import Box
from mlpsim.core.problem import Problem
from mlpsim.core.proofs.enclosure import Enclosure

ROOM = 1.001  # on the walls of the box J is larger than inside, whatever was rounded


def box_of_minimisers(problem: Problem) -> Box | None:
    """A box with every w where J(w) ≤ J(0) strictly inside; None where the penalty proves none.

    No error is negative, so that J(w) ≥ l1·|w_i| + (l2/2)·w_i² for each parameter that is
    penalised; a bias that is not may go anywhere.
    """
    penalty, n_params = problem.penalty, problem.network.n_params
    if not (penalty and problem.penalized.all() and _errors_are_at_least_zero(problem)):
        return None
    at_zero = float(Enclosure(problem).upper_value(np.zeros((1, n_params)))[0])
    reach = min(
        at_zero / penalty.l1 if penalty.l1 else np.inf,
        float(np.sqrt(2.0 * at_zero / penalty.l2)) if penalty.l2 else np.inf,
    )
    if not reach < 1e150:
        return None
    reach = ROOM * reach + np.finfo(np.float64).tiny
    return Box((-reach,) * n_params, (reach,) * n_params)


def _errors_are_at_least_zero(problem: Problem) -> bool:
    """Cross-entropies need labels that are probabilities, not below 0 or above 1."""
    y = problem.data.y
    return not problem.loss.on_logits or bool(((y >= 0.0) & (y <= 1.0)).all())
