"""Separation: a proof that one neuron's infimum 0 is not attained on the whole space."""

import numpy as np

from mlpsim.core.arrays import Array
from mlpsim.core.problem import Problem
from mlpsim.core.proofs.interval import TINY, gamma

MAX_UPDATES = 20_000
WIDENING = 200  # updates that go on after the first w that separates


def separates_strictly(problem: Problem) -> Array | None:
    """A direction (P,) along which J falls to 0 for ever on R^P, or None where none was found.

    It exists for one neuron without a penalty, with a sigmoid and squared error or with
    cross-entropy on logits, whose 0/1 labels a direction w separates strictly: (2y - 1)·w·x > 0 for
    every sample. Then J(tw) → 0 while every error stays above 0. The direction comes from the
    perceptron (Rosenblatt 1958); its products are checked with their rounding errors.
    """
    network, data = problem.network, problem.data
    is_neuron = network.depth == 1 and network.sizes[-1] == 1
    squared = network.activations[-1].name == "sigmoid" and problem.loss.name in (
        "squared_error",
        "half_squared_error",
    )
    if not is_neuron or problem.penalty:
        return None
    if not (squared or problem.loss.name == "bce_logits"):
        return None
    if not np.isin(data.y, (0.0, 1.0)).all():
        return None
    ones = np.ones((len(data), 1))
    inputs = np.hstack([data.x, ones]) if network.bias[0] else data.x
    signed = (2.0 * data.y - 1.0) * inputs
    direction = _perceptron(signed)
    if direction is None:
        return None
    error = gamma(signed.shape[1]) * (np.abs(signed) @ np.abs(direction))
    return direction if (signed @ direction - error > TINY).all() else None


def _perceptron(signed: Array) -> Array | None:
    """w with signed·w > 0 for every row, or None within MAX_UPDATES."""
    lengths = np.linalg.norm(signed, axis=1, keepdims=True)
    if not lengths.all():
        return None
    unit = signed / lengths
    w, widening = unit.mean(axis=0), 0
    for _ in range(MAX_UPDATES):
        margins = unit @ w
        worst = int(margins.argmin())
        # A margin well above rounding: the proof that follows needs a little room.
        if margins[worst] > 1e-9 * np.abs(w).max():
            widening += 1
            if widening > WIDENING:
                direction: Array = w / np.abs(w).max()
                return direction
        # Also where w separates already: so the margin grows (Krauth and Mézard 1987).
        w = w + unit[worst]
    return None
