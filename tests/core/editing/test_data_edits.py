"""Edits of the data: what follows in the network, the start, C and the sampling."""

from dataclasses import replace

import numpy as np
import pytest

from mlpsim.core.activations import SIGMOID, TANH
from mlpsim.core.dataset import Dataset
from mlpsim.core.editing.data_edits import (
    labelled_for,
    with_computed_input,
    with_data,
    with_input,
    with_target,
    without_input,
    without_samples,
    without_target,
)
from mlpsim.core.experiment import Experiment, lecture_data, lecture_experiment
from mlpsim.core.feasible import Ball, WholeSpace
from mlpsim.core.generators import Blobs, Line
from mlpsim.core.losses import BCE_LOGITS, HINGE, SOFTMAX_CE_LOGITS, SQUARED_ERROR
from mlpsim.core.network import Network
from mlpsim.core.problem import Problem
from mlpsim.core.sampling import Sampling
from mlpsim.core.starts import Given, GlorotUniform, HeNormal


def test_data_of_the_same_shape_changes_nothing_else():
    experiment = lecture_experiment()
    data = experiment.problem.data.without([0])
    changed, about = with_data(experiment, data)
    assert about == ""
    assert changed == replace(experiment, problem=replace(experiment.problem, data=data))


def test_the_networks_ends_follow_the_data_and_hidden_layers_stay():
    network = Network((2, 3, 1), (TANH, SIGMOID), (True, True))
    experiment = Experiment(Problem(lecture_data(), network), start=HeNormal(seed=4))
    changed, about = with_data(experiment, Blobs(classes=3).generate())
    assert changed.problem.network.sizes == (2, 3, 3)
    assert changed.problem.network.activations == (TANH, SIGMOID)
    assert changed.start == HeNormal(seed=4)
    assert about == "The network is now 2–3–3."


def test_a_written_start_and_a_set_that_do_not_fit_give_way_and_it_is_said():
    experiment = lecture_experiment()
    problem = replace(experiment.problem, feasible=Ball((0.0, 0.0), 1.0))
    changed, about = with_data(replace(experiment, problem=problem), Line().generate())
    assert changed.problem.network.sizes == (1, 1)
    assert changed.start == GlorotUniform()
    assert changed.problem.feasible == WholeSpace()
    assert "1–1" in about
    assert "Glorot" in about
    assert "whole space" in about


def test_columns_are_added_and_removed_at_the_end():
    experiment = lecture_experiment()
    wider, _ = with_input(experiment)
    assert wider.problem.data.x.shape == (4, 3)
    assert (wider.problem.data.x[:, 2] == 0.0).all()
    assert wider.problem.network.sizes == (3, 1)
    back, _ = without_input(wider, 2)
    assert back.problem.data == experiment.problem.data

    two, _ = with_target(experiment)
    assert two.problem.data.y[:, 1].tolist() == [0.0] * 4
    assert two.problem.network.sizes == (2, 2)
    one, _ = without_target(two, 0)
    assert (one.problem.data.y == 0.0).all()


def test_the_last_column_stays_and_the_widest_network_is_the_limit():
    experiment = lecture_experiment()
    with pytest.raises(ValueError, match="0 targets"):
        without_target(experiment, 0)
    narrow, _ = without_input(experiment, 0)
    with pytest.raises(ValueError, match="0 inputs"):
        without_input(narrow, 0)
    wide, _ = with_data(experiment, Dataset(np.zeros((2, 64)), np.zeros((2, 1))))
    with pytest.raises(ValueError, match="65 inputs"):
        with_input(wide)
    with pytest.raises(ValueError, match="65 inputs"):
        with_computed_input(wide, "sin", (0,))
    wide, _ = with_data(experiment, Dataset(np.zeros((2, 63)), np.zeros((2, 63))))
    widest, _ = with_target(with_computed_input(wide, "sin", (0,))[0])
    assert widest.problem.network.sizes == (64, 64)


def test_given_batches_lose_samples_that_are_gone():
    experiment = replace(
        lecture_experiment(), sampling=Sampling(order="given", batches=((0, 3), (3,), (1,)))
    )
    fewer = experiment.problem.data.without([3])
    changed, about = with_data(experiment, fewer)
    assert changed.sampling.batches == ((0,), (1,))
    assert "taken out" in about
    only = replace(experiment, sampling=Sampling(order="given", batches=((3,),)))
    changed, about = with_data(only, fewer)
    assert changed.sampling.order == "without_replacement"
    assert "without replacement" in about
    assert isinstance(changed.start, Given)


def test_given_batches_name_the_same_samples_when_others_are_deleted():
    sampling = Sampling(order="given", batches=((0, 3), (1, 2), (0,)))
    experiment = replace(lecture_experiment(), sampling=sampling)
    without_first, about = without_samples(experiment, [0])
    assert without_first.problem.data == lecture_data().chosen([1, 2, 3])
    assert without_first.sampling.batches == ((2,), (0, 1))
    assert about == (
        "Samples that are gone were taken out of the given batches."
        " The given batches name the others by their new numbers."
    )
    other = replace(experiment, sampling=Sampling(order="given", batches=((1, 3),)))
    renumbered, about = without_samples(other, [0, 2])
    assert renumbered.sampling.batches == ((0, 1),)
    assert about == "The given batches name the others by their new numbers."
    kept, about = without_samples(replace(other, sampling=replace(sampling, batches=((1,),))), [2])
    assert (kept.sampling.batches, about) == (((1,),), "")


def test_new_classes_come_in_the_labels_of_the_loss():
    data = Dataset(np.zeros((2, 2)), [[0.0], [1.0]])
    assert labelled_for(SQUARED_ERROR, data) is data
    assert labelled_for(BCE_LOGITS, data) is data
    assert labelled_for(HINGE, data).y.tolist() == [[-1.0], [1.0]]
    assert labelled_for(SOFTMAX_CE_LOGITS, data).y.tolist() == [[1.0, 0.0], [0.0, 1.0]]
    line = Line().generate()
    assert labelled_for(HINGE, line) is line
