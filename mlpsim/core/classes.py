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
    if y.min() < pair[0] or y.max() > pair[1] or not np.isin(y, pair).all():
        return False
    return y.shape[1] == 1 or bool(((y == pair[1]).sum(axis=1) == 1).all())


def classes_of(data: Dataset) -> Indices | None:
    """The class of every sample (S,), from 0; None if the targets are not classes."""
    labels = class_labels(data.y)
    if labels is None:
        return None
    # A single column is high where it is above the middle of its two labels.
    scores = data.y if data.n_outputs > 1 else np.insert(data.y, 0, np.mean(labels), axis=1)
    classes: Indices = np.argmax(scores, axis=1)
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
