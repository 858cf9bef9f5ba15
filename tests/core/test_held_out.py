"""Held-out samples: which are drawn, what training keeps, and how all come back."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlpsim.core.activations import IDENTITY
from mlpsim.core.dataset import Dataset
from mlpsim.core.editing.conversions import fitting_labels
from mlpsim.core.editing.data_edits import (
    HELD_OUT_GONE,
    with_data,
    with_input,
    with_new_data,
    with_target,
    without_input,
    without_target,
)
from mlpsim.core.editing.splitting import all_samples, held_out_by, nothing_held_out
from mlpsim.core.edits import edited
from mlpsim.core.experiment import lecture_experiment
from mlpsim.core.features import Feature
from mlpsim.core.generators import Blobs, Moons
from mlpsim.core.held_out import HeldOut, Split
from mlpsim.core.losses import BCE_LOGITS, HINGE, SOFTMAX_CE_LOGITS
from mlpsim.core.network import Network
from mlpsim.core.problem import Problem
from mlpsim.core.sampling import Sampling
from tests.runs import trained

MOONS = with_data(lecture_experiment(), Moons(samples=40).generate())[0]


def order_of(seed, samples):
    """The samples in the order of their draws, by NumPy's generator alone."""
    generator = np.random.PCG64(seed)
    generator.advance(2**62)
    draws = generator.random_raw(samples).tolist()
    return sorted(range(samples), key=lambda s: draws[s])


def test_the_first_of_a_seeded_order_are_held_out():
    data = Blobs(samples=12).generate()
    drawn = Split(0.25, seed=7, by_class=False).draw(data)
    assert drawn.tolist() == sorted(order_of(7, 12)[:3])
    assert Split(0.25, 8, False).draw(data).tolist() != drawn.tolist()


def test_of_every_class_the_same_share_is_held_out():
    data = Blobs(samples=30, classes=3).generate()
    drawn = Split(0.2, seed=3).draw(data)
    assert data.y[drawn].sum(axis=0).tolist() == [2, 2, 2]
    order = [s for s in order_of(3, 30) if data.y[s, 1] == 1.0]
    assert sorted(order[:2]) == [s for s in drawn.tolist() if data.y[s, 1] == 1.0]


def test_numbers_are_held_out_without_classes():
    data = Dataset(np.arange(8.0)[:, None], np.linspace(0.0, 1.3, 8)[:, None])
    assert Split(0.25, 1).draw(data).tolist() == sorted(order_of(1, 8)[:2])


@given(st.integers(2, 40), st.floats(0.01, 0.99), st.integers(0, 5), st.booleans())
def test_something_is_held_out_and_something_left(samples, share, seed, by_class):
    data = Blobs(samples=samples, classes=3).generate()
    drawn = Split(share, seed, by_class).draw(data).tolist()
    assert 1 <= len(drawn) < samples
    assert drawn == sorted(set(drawn))


def test_one_sample_and_impossible_shares_are_refused():
    with pytest.raises(ValueError, match="one sample cannot be split"):
        Split().draw(Dataset([[1.0]], [[0.0]]))
    with pytest.raises(ValueError, match=r"share 1\.0 is above 0\.99"):
        Split(1.0)


def test_training_keeps_the_others_and_the_objective_is_of_them_alone():
    experiment, about = held_out_by(MOONS, Split(0.25, 4))
    data, held_out = experiment.problem.data, experiment.held_out
    assert about == ""
    assert (len(data), len(held_out.data)) == (30, 10)
    whole = MOONS.problem.data
    assert held_out.data.x.tolist() == whole.x[list(held_out.places)].tolist()
    theta = np.array([0.3, -0.7])
    errors = MOONS.problem.errors(theta)
    kept = [s for s in range(40) if s not in held_out.places]
    assert experiment.problem.value(theta) == pytest.approx(errors[kept].sum(), rel=1e-14)


def test_another_split_is_drawn_from_all_samples_and_joining_brings_them_back():
    once, _ = held_out_by(MOONS, Split(0.25, 4))
    again, _ = held_out_by(once, Split(0.5, 9))
    direct, _ = held_out_by(MOONS, Split(0.5, 9))
    assert again == direct
    assert all_samples(again) == MOONS.problem.data
    assert nothing_held_out(again)[0] == MOONS
    assert all_samples(MOONS) is MOONS.problem.data
    assert nothing_held_out(MOONS)[0] == MOONS


def test_samples_come_back_even_where_others_were_added_or_removed():
    experiment, _ = held_out_by(MOONS, Split(0.25, 4))
    data = experiment.problem.data
    fewer, _ = with_data(experiment, data.without(list(range(25))))
    joined = all_samples(fewer)
    assert len(joined) == 15
    both = np.vstack([data.x[25:], experiment.held_out.data.x])
    assert sorted(joined.x.tolist()) == sorted(both.tolist())
    more, _ = with_data(experiment, data.appended(np.array([9.0, 9.0]), np.array([1.0])))
    assert all_samples(more).x[-1].tolist() == [9.0, 9.0]
    assert all_samples(more).x[:40].tolist() == MOONS.problem.data.x.tolist()


def test_a_split_at_a_step_forks_the_run_and_keeps_the_weights():
    run = trained(MOONS, 4)
    theta = run.theta(4)
    forked = edited(run, 4, held_out_by(MOONS, Split())[0])
    assert np.array_equal(forked.theta(4), theta)
    assert len(forked.segments) == 2
    assert forked.segments[-1].experiment.held_out is not None


def test_given_batches_name_the_same_samples_through_splits():
    sampling = Sampling(None, "given", 0, ((0, 1), (2, 3), (3, 1, 1)))
    experiment = replace(lecture_experiment(), sampling=sampling)

    def named(of):
        """The samples themselves, batch by batch."""
        return [of.problem.data.x[list(batch)].tolist() for batch in of.sampling.batches]

    x = lecture_experiment().problem.data.x.tolist()
    for seed in range(8):
        once, about = held_out_by(experiment, Split(0.5, seed))
        kept = [s for s in range(4) if s not in once.held_out.places]
        expected = [[x[s] for s in batch if s in kept] for batch in sampling.batches]
        assert named(once) == [batch for batch in expected if batch]
        assert "taken out of the given batches" in about
        joined, _ = nothing_held_out(once)
        assert named(joined) == named(once)
        again, _ = held_out_by(once, Split(0.25, seed + 1))
        stay = [[s for s in b if s in again.problem.data.x.tolist()] for b in named(once)]
        assert again.sampling.order != "given" or named(again) == [batch for batch in stay if batch]


def test_what_does_not_belong_together_is_refused():
    data = Dataset([[1.0, 2.0]], [[0.0]])
    with pytest.raises(ValueError, match="2 places for 1 held-out samples"):
        HeldOut(data, (0, 1), Split())
    with pytest.raises(ValueError, match="ascend"):
        HeldOut(Dataset(np.ones((2, 2)), np.ones((2, 1))), (3, 3), Split())
    named = replace(data, features=(Feature("a"), Feature("b")))
    with pytest.raises(ValueError, match="other names or units"):
        replace(lecture_experiment(), held_out=HeldOut(named, (0,), Split()))


def test_new_data_have_nothing_held_out_and_it_is_said():
    split, _ = held_out_by(MOONS, Split())
    changed, about = with_new_data(split, Moons(samples=9).generate())
    assert (changed.held_out, about) == (None, HELD_OUT_GONE)
    changed, about = with_data(split, Blobs(classes=3).generate())
    assert changed.held_out is None
    assert HELD_OUT_GONE in about
    assert with_new_data(MOONS, Moons(samples=9).generate())[1] == ""


def test_columns_come_and_go_in_both_parts():
    split, _ = held_out_by(MOONS, Split())
    wider, _ = with_input(split)
    assert wider.held_out.data.x.shape == (10, 3)
    assert without_input(wider, 2)[0].held_out == split.held_out
    more, _ = with_target(split)
    assert more.held_out.data.y.shape == (10, 2)
    assert without_target(more, 1)[0].held_out == split.held_out


def logits(experiment, loss):
    network = Network((2, 1), (IDENTITY,), (False,))
    return replace(experiment, problem=Problem(experiment.problem.data, network, loss))


def test_labels_are_converted_in_both_parts():
    split, _ = held_out_by(MOONS, Split())
    before = split.held_out.data.y
    hinge = fitting_labels(logits(split, HINGE)).experiment
    assert hinge.held_out.data.y.tolist() == (2.0 * before - 1.0).tolist()
    one_hot = fitting_labels(logits(split, SOFTMAX_CE_LOGITS)).experiment
    assert one_hot.held_out.data.y.tolist() == np.hstack([1.0 - before, before]).tolist()
    back = fitting_labels(logits(hinge, BCE_LOGITS)).experiment
    assert back.held_out.data.y.tolist() == before.tolist()


def test_a_label_that_only_held_out_samples_have_counts_as_one():
    numbers = Dataset(np.zeros((3, 2)), [[2.0], [3.0], [2.0]])
    other = Dataset(np.zeros((1, 2)), [[5.0]])
    experiment = replace(
        lecture_experiment(),
        problem=Problem(numbers, Network((2, 1), (IDENTITY,), (False,)), SOFTMAX_CE_LOGITS),
        held_out=HeldOut(other, (1,), Split()),
    )
    converted = fitting_labels(experiment).experiment
    assert converted.problem.data.y.tolist() == [[1, 0, 0], [0, 1, 0], [1, 0, 0]]
    assert converted.held_out.data.y.tolist() == [[0, 0, 1]]
