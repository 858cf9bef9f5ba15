"""Feature scaling: by the training part's mean and deviation, told, and taken back."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlpsim.core.dataset import Dataset
from mlpsim.core.editing.data_edits import with_data
from mlpsim.core.editing.feature_scaling import as_measured, is_scaled, scaling_offer, standardised
from mlpsim.core.editing.splitting import held_out_by, nothing_held_out
from mlpsim.core.experiment import lecture_experiment
from mlpsim.core.features import Feature
from mlpsim.core.files.codec import decode, encode
from mlpsim.core.files.document import new_document
from mlpsim.core.held_out import Split
from mlpsim.core.tables.columns import Choice, chosen_data
from mlpsim.core.tables.data_sets import DATA_SETS


def on(x, y=None):
    x = np.array(x, dtype=np.float64)
    data = Dataset(x, np.zeros((len(x), 1)) if y is None else y)
    return with_data(lecture_experiment(), data)[0]


def test_mean_and_deviation_are_those_of_a_hand_calculation():
    # Mean 3 and deviation √((4 + 0 + 4) / 3); mean 10 and nothing to divide by.
    changed, about = standardised(on([[1.0, 10.0], [3.0, 10.0], [5.0, 10.0]]))
    data, deviation = changed.problem.data, (8.0 / 3.0) ** 0.5
    assert data.x[:, 0] == pytest.approx([-2.0 / deviation, 0.0, 2.0 / deviation])
    assert data.x[:, 1].tolist() == [0.0, 0.0, 0.0]
    assert data.features == (Feature("", 3.0, deviation), Feature("", 10.0, 1.0))
    assert "3 training samples" in about
    assert is_scaled(data)


def test_held_out_samples_are_scaled_by_what_training_has_seen():
    rng = np.random.default_rng(5)
    experiment, _ = held_out_by(on(rng.normal(50.0, 7.0, (40, 2))), Split(0.25, 2))
    seen, new = experiment.problem.data.x, experiment.held_out.data.x
    changed, _ = standardised(experiment)
    expected = (new - seen.mean(axis=0)) / seen.std(axis=0)
    assert changed.held_out.data.x == pytest.approx(expected, rel=1e-13)
    assert changed.problem.data.x.mean(axis=0) == pytest.approx(0.0, abs=1e-13)
    assert changed.problem.data.x.std(axis=0) == pytest.approx(1.0)
    joined, _ = nothing_held_out(changed)
    assert is_scaled(joined.problem.data)


@pytest.mark.parametrize("entry", DATA_SETS, ids=lambda entry: entry.id)
def test_real_measurements_come_back_to_the_last_digit(entry):
    table = entry.table()
    last = len(table.columns) - 1
    data = chosen_data(table, Choice(tuple(range(last)), (last,), entry.is_classes))
    experiment = with_data(lecture_experiment(), data)[0]
    again, _ = as_measured(standardised(experiment)[0])
    assert again == experiment


def test_scaling_twice_keeps_the_way_back():
    experiment = on([[1.0, 2.0], [3.0, 5.0], [7.0, 11.0]])
    once, _ = standardised(experiment)
    fewer = replace(once, problem=replace(once.problem, data=once.problem.data.without([0])))
    twice, _ = standardised(fewer)
    back, _ = as_measured(twice)
    assert back.problem.data.x.tolist() == [[3.0, 5.0], [7.0, 11.0]]


@given(
    st.lists(st.tuples(st.integers(-(10**6), 10**6), st.integers(-99, 99)), min_size=2, max_size=8)
)
def test_decimals_come_back(rows):
    experiment = on(np.array(rows) / [1000.0, 10.0])
    assert as_measured(standardised(experiment)[0])[0].problem.data == experiment.problem.data


def test_numbers_at_the_edge_of_all_numbers_come_back_too():
    experiment = on([[1e-305, 1e300], [3e-305, 3e300]])
    x = as_measured(standardised(experiment)[0])[0].problem.data.x
    assert x == pytest.approx(experiment.problem.data.x, rel=1e-12)


def test_a_sum_that_overflows_has_a_mean_all_the_same():
    experiment = on([[1e308, 2.0], [1.5e308, 4.0]])
    assert standardised(experiment)[0].problem.data.x == pytest.approx(
        np.array([[-1.0, -1.0], [1.0, 1.0]])
    )
    assert "varies 3e+307 times" in scaling_offer(experiment)[0]


def test_the_file_keeps_what_was_done():
    scaled, _ = standardised(on([[1.0, 2.0], [3.0, 5.0]]))
    assert decode(encode(new_document(scaled))).experiment == scaled


@pytest.mark.parametrize(
    ("x", "why"),
    [
        ([[0.0, 0.0], [1.0, 20.0]], "varies 20 times"),
        ([[100.0, 101.0], [101.0, 103.0]], "about 102 in size"),
        ([[0.0, 0.0], [1.0, 3.0]], ""),
        ([[500.0, 500.0], [500.0, 500.0]], ""),
    ],
)
def test_scaling_is_offered_where_it_helps(x, why):
    experiment = on(x)
    said, conversion = scaling_offer(experiment)
    assert why in said
    assert (conversion is None) == (why == "")
    if conversion is not None:
        assert conversion.experiment == standardised(experiment)[0]
        assert scaling_offer(conversion.experiment) == ("", None)


def test_the_lectures_data_need_no_scaling():
    assert scaling_offer(lecture_experiment()) == ("", None)
