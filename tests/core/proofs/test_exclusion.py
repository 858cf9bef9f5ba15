"""Exclusion: the lecture's error has no stationary point, others have where they should."""

import pytest

from mlpsim.core.activations import IDENTITY, RELU, SIN
from mlpsim.core.dataset import Dataset
from mlpsim.core.experiment import lecture_experiment
from mlpsim.core.feasible import Box
from mlpsim.core.network import Network
from mlpsim.core.problem import Problem
from mlpsim.core.proofs import exclusion
from mlpsim.core.proofs.exclusion import excludes_stationary_points

LECTURE = lecture_experiment().problem


def neuron(activation, x=((1.0,),), y=((0.0,),)):
    return Problem(Dataset(x, y), Network((len(x[0]), 1), (activation,), (False,)))


@pytest.mark.parametrize("reach", [1.0, 10.0, 50.0])
def test_the_lectures_error_has_none_in_any_window(reach) -> None:
    assert excludes_stationary_points(LECTURE, Box((-reach,) * 2, (reach,) * 2))


def test_a_parabola_has_one_where_it_is_lowest_and_none_elsewhere() -> None:
    parabola = neuron(IDENTITY)
    assert not excludes_stationary_points(parabola, Box((-1.0,), (2.0,)))
    assert not excludes_stationary_points(parabola, Box((0.0,), (2.0,)))
    assert excludes_stationary_points(parabola, Box((1e-3,), (2.0,)))


def test_a_window_is_split_where_one_look_does_not_tell() -> None:
    # J = sin²w is steep but at the multiples of π/2.
    wave = neuron(SIN)
    assert excludes_stationary_points(wave, Box((0.05,), (1.5,)))
    assert not excludes_stationary_points(wave, Box((0.05,), (1.6,)))


def test_a_dead_relu_is_stationary() -> None:
    assert not excludes_stationary_points(neuron(RELU, y=((1.0,),)), Box((-2.0,), (-1.0,)))


def test_it_claims_nothing_when_interrupted_or_out_of_boxes(monkeypatch) -> None:
    window = Box((-3.0, -3.0), (3.0, 3.0))
    assert not excludes_stationary_points(LECTURE, window, lambda: True)
    monkeypatch.setattr(exclusion, "MOST_BOXES", 0)
    assert not excludes_stationary_points(neuron(SIN), Box((0.05,), (1.5,)))


def test_a_window_has_to_have_the_networks_dimensions() -> None:
    with pytest.raises(ValueError, match="1 parameters"):
        excludes_stationary_points(LECTURE, Box((0.0,), (1.0,)))
