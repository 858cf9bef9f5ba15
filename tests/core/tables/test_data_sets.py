"""The real data sets against what has been published about them."""

import numpy as np
import pytest

from mlpsim.core.tables.columns import Choice, chosen_data
from mlpsim.core.tables.data_sets import DATA_SETS

SETS = {entry.id: entry for entry in DATA_SETS}
PUBLISHED = {
    # samples, inputs, how many of each class; an input with its mean, as the literature has them
    "iris": (150, 4, [50, 50, 50], "petal length (cm)", 3.758),
    "wine": (178, 13, [59, 71, 48], "proline", 746.8933),
    "breast-cancer": (569, 30, [357, 212], "mean radius", 14.12729),
    "digits": (1797, 64, [178, 182, 177, 183, 181, 182, 181, 179, 174, 180], "r1c1", 0.0),
    "diabetes": (442, 10, None, "bmi", 26.37579),
}


def whole(entry):
    table = entry.table()
    last = len(table.columns) - 1
    return chosen_data(table, Choice(tuple(range(last)), (last,), entry.is_classes))


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_data_set_is_what_has_been_published(name):
    samples, inputs, classes, column, mean = PUBLISHED[name]
    data = whole(SETS[name])
    assert data.x.shape == (samples, inputs)
    names = [feature.name for feature in data.features]
    assert data.x[:, names.index(column)].mean() == pytest.approx(mean, rel=1e-5)
    if classes is None:
        assert data.y.mean() == pytest.approx(152.13348, rel=1e-7)
    else:
        y = data.y if data.n_outputs > 1 else np.hstack([1 - data.y, data.y])
        assert y.sum(axis=0).tolist() == classes
        assert len(data.labels) == len(classes)


@pytest.mark.parametrize("entry", DATA_SETS, ids=lambda entry: entry.id)
def test_every_data_set_tells_its_source_and_licence_and_can_be_taken_at_once(entry):
    assert "Source:" in entry.about
    assert "licence" in entry.about
    assert entry.summary.endswith(".")
    data = chosen_data(entry.table(), entry.choice(entry.table()))
    assert data.n_features <= 30


def test_digits_begin_with_the_middle_of_the_picture():
    table = SETS["digits"].table()
    data = chosen_data(table, SETS["digits"].choice(table))
    names = [feature.name for feature in data.features]
    assert names[:5] == ["r3c3", "r3c4", "r3c5", "r3c6", "r4c3"]
    # The first picture, a nought, row by row: 15 2 0 11 | 12 0 0 8 | 8 0 0 9 | 11 0 1 12.
    assert data.x[0].tolist() == [15, 2, 0, 11, 12, 0, 0, 8, 8, 0, 0, 9, 11, 0, 1, 12]
    assert data.y[0].tolist() == [1] + [0] * 9
