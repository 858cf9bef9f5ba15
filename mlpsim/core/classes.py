"""Classes: which data are classes, and which class a sample or a prediction belongs to."""

import numpy as np

from mlpsim.core.arrays import Array, Indices
from mlpsim.core.dataset import Dataset

PAIRS = ((0.0, 1.0), (-1.0, 1.0))


def class_labels(y: Array) -> tuple[float, float] | None:
    """The low and high label of targets (S, K): 0 and 1, or −1 and 1; None for other targets.

    With several columns exactly one is high in every row, else the rows name no class.
    """
    return next((pair for pair in PAIRS if are_labels(y, pair)), None)


def are_labels(y: Array, pair: tuple[float, float]) -> bool:
    """Whether targets (S, K) are written with a low and a high label, and name one class each."""
    low, high = pair
    is_high = y == high
    if not ((y == low) | is_high).all():
        return False
    return y.shape[1] == 1 or bool((is_high.sum(axis=1) == 1).all())


def classes_of(data: Dataset) -> Indices | None:
    """The class of every sample (S,), from 0; None if the targets are not classes."""
    labels = class_labels(data.y)
    if labels is None:
        return None
    classes: Indices
    if data.n_outputs == 1:
        classes = (data.y[:, 0] == labels[1]).astype(np.intp)
    else:
        classes = np.argmax(data.y, axis=1)
    return classes


def n_classes(data: Dataset) -> int:
    """How many classes the targets can tell apart: two for one column, else one per column."""
    return max(2, data.n_outputs)


def target_of(data: Dataset, label: int) -> Array:
    """The targets (K,) of class ``label``, written as the data writes its classes."""
    low, high = class_labels(data.y) or PAIRS[0]
    target = np.full(data.n_outputs, low)
    if data.n_outputs > 1:
        target[label] = high
    elif label == 1:
        target[0] = high
    return target
