"""The question of (OP): what is asked, and what is answered beyond a window."""

from dataclasses import replace

import numpy as np
import pytest

from mlpsim.core.activations import IDENTITY
from mlpsim.core.dataset import Dataset
from mlpsim.core.experiment import lecture_experiment
from mlpsim.core.feasible import Box
from mlpsim.core.network import Network
from mlpsim.core.plane import one_weight, pca, two_weights
from mlpsim.core.problem import Problem
from mlpsim.core.proofs.question import OptimumQuestion, box_around, window_box
from mlpsim.core.window import Window

LECTURE = lecture_experiment().problem
LINE = Problem(Dataset([[1.0], [2.0]], [[1.0], [3.0]]), Network((1, 1), (IDENTITY,), (True,)))
WINDOW = Box((-3.0, -1.5), (1.0, 1.5))


def test_on_a_box_the_answer_is_the_optimum_there() -> None:
    box = replace(LECTURE, feasible=Box((-1.0, -1.0), (1.0, 1.0)))
    told = []
    answer = OptimumQuestion(box, WINDOW).answer(report=lambda lo, hi, _: told.append((lo, hi)))
    assert answer.optimum is answer.shown
    assert answer.in_window is None
    assert answer.shown.f_lo <= 0.029485138130592675 <= answer.shown.f_hi
    assert told[-1][1] - told[-1][0] <= 1e-9


def test_on_the_whole_space_the_lectures_infimum_is_not_attained_and_its_window_is_free() -> None:
    answer = OptimumQuestion(LECTURE, WINDOW).answer()
    assert answer.shown.verdict == "infimum-not-attained"
    assert answer.is_free
    assert not OptimumQuestion(LECTURE, None).answer().is_free


def test_where_nothing_is_proved_the_window_alone_is_spoken_of() -> None:
    answer = OptimumQuestion(LINE, Box((-4.0, -4.0), (4.0, 4.0))).answer()
    assert answer.optimum is None
    assert answer.shown is answer.in_window
    assert not answer.is_free
    # A line through both points: w = 2, b = -1.
    cover = answer.shown.cover
    assert ((cover.lo <= [2.0, -1.0]) & (cover.hi >= [2.0, -1.0])).all(axis=-1).any()
    assert OptimumQuestion(LINE, None).answer().shown is None


def test_a_window_of_two_weights_is_a_box_where_there_are_no_others() -> None:
    window = Window(-1.0, 2.0, -3.0, 4.0)
    assert window_box(two_weights(np.zeros(2), 1, 0), window) == Box((-3.0, -1.0), (4.0, 2.0))
    assert window_box(one_weight(np.zeros(1)), window) == Box((-1.0,), (2.0,))
    assert window_box(two_weights(np.zeros(3), 0, 1), window) is None


def test_a_box_around_a_window_reaches_as_far_for_the_other_weights() -> None:
    plane = two_weights(np.array([0.0, 5.0, 0.0]), 0, 2)
    box = box_around(plane, Window(-1.23456, 2.0, -0.5, 0.5))
    assert box.lo == pytest.approx((-1.23, 3.38, -0.5))
    assert box.hi == pytest.approx((2.0, 6.62, 0.5))
    assert (
        box_around(pca(np.array([[0.0, 0.0], [1.0, 1.0], [2.0, 0.0]])), Window(0, 1, 0, 1)) is None
    )
