"""Classes of a data set: one column, one-hot, and targets that are none."""

import numpy as np
import pytest

from mlpsim.core.classes import class_labels, classes_of, n_classes, target_of
from mlpsim.core.dataset import Dataset


def data(y):
    y = np.array(y, dtype=float)
    return Dataset(np.zeros((len(y), 2)), y)


@pytest.mark.parametrize(
    ("y", "labels", "classes", "count"),
    [
        ([[1], [0], [0]], (0.0, 1.0), [1, 0, 0], 2),
        ([[1], [1]], (0.0, 1.0), [1, 1], 2),
        ([[0]], (0.0, 1.0), [0], 2),
        ([[-1], [1]], (-1.0, 1.0), [0, 1], 2),
        ([[-1]], (-1.0, 1.0), [0], 2),
        ([[1, 0, 0], [0, 0, 1]], (0.0, 1.0), [0, 2], 3),
        ([[1, -1], [-1, 1]], (-1.0, 1.0), [0, 1], 2),
    ],
)
def test_classes_are_read_from_the_targets(y, labels, classes, count):
    assert class_labels(data(y).y) == labels
    assert classes_of(data(y)).tolist() == classes
    assert n_classes(data(y)) == count
    for row, label in zip(y, classes, strict=True):
        assert target_of(data(y), label).tolist() == row


@pytest.mark.parametrize("y", [[[0.5]], [[0], [2]], [[1, 1]], [[0, 0]], [[-1, 0], [0, 1]], [[-2]]])
def test_other_targets_are_no_classes(y):
    assert class_labels(data(y).y) is None
    assert classes_of(data(y)) is None
    assert set(target_of(data(y), 1).tolist()) <= {0.0, 1.0}
