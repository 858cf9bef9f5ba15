"""Data are values; names and units stay, or go, with their columns."""

from dataclasses import replace

import numpy as np
import pytest

from mlpsim.core.activations import IDENTITY
from mlpsim.core.dataset import Dataset
from mlpsim.core.editing.conversions import fitting_labels
from mlpsim.core.editing.data_edits import (
    labelled_for,
    with_data,
    with_input,
    with_target,
    without_input,
    without_target,
)
from mlpsim.core.editing.feature_scaling import standardised
from mlpsim.core.experiment import lecture_data, lecture_experiment
from mlpsim.core.features import Feature
from mlpsim.core.losses import HINGE, SOFTMAX_CE_LOGITS
from mlpsim.core.network import Network
from mlpsim.core.problem import Problem
from mlpsim.core.tables.pasting import pasted

LENGTH, WIDTH = Feature("length", 1.0, 2.0), Feature("width")
X, Y = [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]], [[0.0], [1.0], [1.0]]
DATA = Dataset(X, Y, (LENGTH, WIDTH), ("cat", "dog"))


def test_a_feature_tells_whether_it_is_scaled():
    assert LENGTH.is_scaled
    assert not WIDTH.is_scaled
    assert Feature("a", 0.0, 2.0).is_scaled


def test_samples_are_known_again_in_other_units():
    standard = standardised(experiment := lecture_experiment())[0].problem.data
    data = experiment.problem.data
    assert data.shares_a_sample(standard)
    assert standard.shares_a_sample(data.chosen([2]))
    assert not data.shares_a_sample(replace(data, x=data.x + 0.5))
    assert not data.shares_a_sample(replace(data, x=np.pad(data.x, ((0, 0), (0, 1)))))


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: Dataset(np.zeros((0, 2)), np.zeros((0, 1))), "0 samples"),
        (lambda: Dataset(np.zeros((1, 2)), np.zeros((2, 1))), "1 inputs, but 2 targets"),
        (lambda: Dataset(np.zeros(2), np.zeros((2, 1))), "x has 1 axes"),
        (lambda: Dataset(np.array([[0.0, np.nan]]), np.zeros((1, 1))), r"x\[0\]\[1\]"),
        (lambda: lecture_data().without([0, 1, 2, 3]), "at least one sample"),
        (lambda: Feature("n" * 61), "61 letters; 60"),
        (lambda: Feature("a", np.inf), "not a finite number"),
        (lambda: Feature("a", 0.0, 0.0), "not above 0"),
        (lambda: Feature("a", 0.0, np.nan), "not above 0"),
        (lambda: Dataset(X, Y, (LENGTH,)), "1 features for 2 inputs"),
        (lambda: Dataset(X, Y, (), ("a", "b", "c")), "3 labels for 1 targets"),
        (lambda: Dataset(X, X, (), ("a",)), "1 labels for 2 targets"),
        (lambda: Dataset(X, Y, (), ("n" * 61,)), "61 letters"),
    ],
)
def test_what_cannot_be_is_refused(make, said):
    with pytest.raises(ValueError, match=said):
        make()


def test_datasets_are_values() -> None:
    data = lecture_data()
    assert data == Dataset(data.x.copy(), data.y.copy())
    assert hash(data) == hash(Dataset(data.x.copy(), data.y.copy()))
    assert data != data.with_sample(0, np.zeros(2), np.zeros(1))
    assert data != "data"
    assert len(data.appended(np.zeros(2), np.zeros(1))) == 5
    assert len(data.without([0, 2])) == 2
    with pytest.raises(ValueError, match="read-only"):
        data.x[0] = 1.0


def test_names_and_units_belong_to_the_data():
    assert Dataset(X, Y, (Feature(), Feature())) == Dataset(X, Y)
    assert Dataset(X, Y) != DATA
    assert replace(DATA, labels=("dog", "cat")) != DATA
    assert Dataset(X, Y) != 3
    assert hash(DATA) == hash(replace(DATA))


def test_edits_of_samples_keep_names_and_units():
    row, target = np.array([7.0, 8.0]), np.array([0.0])
    for edited in (
        DATA.with_sample(1, row, target),
        DATA.appended(row, target),
        DATA.without([0]),
        DATA.chosen([2, 0]),
        pasted(DATA, "9", (0, 1)),
    ):
        assert (edited.features, edited.labels) == ((LENGTH, WIDTH), ("cat", "dog"))
    assert DATA.chosen([2, 0]).x.tolist() == [[5, 6], [1, 2]]


def test_edits_of_columns_take_what_is_known_of_them_along():
    experiment, _ = with_data(lecture_experiment(), DATA)
    assert with_input(experiment)[0].problem.data.features == (LENGTH, WIDTH, Feature())
    assert without_input(experiment, 0)[0].problem.data.features == (WIDTH,)
    wider = with_target(experiment)[0]
    assert wider.problem.data.labels == ()
    assert wider.problem.data.features == (LENGTH, WIDTH)
    assert without_target(wider, 1)[0].problem.data.labels == ()
    plain = with_input(lecture_experiment())[0]
    assert plain.problem.data.features == ()


def test_labels_written_in_another_way_keep_their_names():
    assert labelled_for(HINGE, DATA).labels == ("cat", "dog")
    one_hot = labelled_for(SOFTMAX_CE_LOGITS, DATA)
    assert one_hot.y.tolist() == [[1, 0], [0, 1], [0, 1]]
    assert one_hot.labels == ("cat", "dog")
    assert labelled_for(SOFTMAX_CE_LOGITS, replace(DATA, labels=("pet",))).labels == ()
    both = Dataset(X, [[1.0, 1.0], [0.0, 1.0], [0.0, 0.0]])
    assert labelled_for(SOFTMAX_CE_LOGITS, both) is both


def softmax_of(data):
    problem = Problem(data, Network((2, 1), (IDENTITY,), (False,)), SOFTMAX_CE_LOGITS)
    return fitting_labels(replace(lecture_experiment(), problem=problem)).experiment.problem.data


def test_a_conversion_to_columns_names_them():
    assert softmax_of(DATA).labels == ("cat", "dog")
    assert softmax_of(Dataset(X, [[2.0], [0.5], [-1.0]])).labels == ("-1", "0.5", "2")
