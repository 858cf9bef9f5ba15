"""Losses against finite differences, stable tails, and the rules at kinks."""

import math
import pickle

import numpy as np
import pytest

from mlpsim.core.losses import BCE_LOGITS, HINGE, LOSSES, SOFTMAX_CE_LOGITS, Loss, huber, loss

A = np.array([[0.3, -1.2, 2.0, 0.1], [-0.7, 0.4, 1.1, -2.0], [1.9, 0.2, -0.4, 0.6]])
Y = np.array([[1.0, 0.0, 0.0, 0.2], [0.0, 1.0, 0.0, 0.3], [0.0, 0.0, 1.0, 0.9]])


def errors(entry: Loss, a: np.ndarray) -> np.ndarray:
    return entry.errors(a, Y, a - Y)


@pytest.mark.parametrize("entry", LOSSES, ids=lambda entry: entry.name)
def test_slope_and_curvature_are_the_derivatives(entry: Loss) -> None:
    h = 1e-5
    slope = entry.slope(A, Y, A - Y)
    v = np.array([[0.5, -1.0, 0.3, 2.0], [1.0, 0.2, -0.6, 0.1], [-0.4, 0.8, 1.5, -1.0]])
    for k in range(3):
        step = np.zeros_like(A)
        step[k] = h
        difference = (errors(entry, A + step) - errors(entry, A - step)) / (2 * h)
        np.testing.assert_allclose(slope[k], difference, atol=1e-9)
    up, down = A + h * v, A - h * v
    change = (entry.slope(up, Y, up - Y) - entry.slope(down, Y, down - Y)) / (2 * h)
    np.testing.assert_allclose(entry.curvature(A, Y, A - Y, v), change, atol=1e-9)


def test_cross_entropy_keeps_what_is_as_small_as_a_logit_of_40_makes_it() -> None:
    a, y = np.array([[40.0]]), np.array([[1.0]])
    np.testing.assert_allclose(BCE_LOGITS.errors(a, y, a - y), math.exp(-40), rtol=1e-13)
    np.testing.assert_allclose(BCE_LOGITS.slope(a, y, a - y), -math.exp(-40), rtol=1e-13)


def test_softmax_keeps_what_is_as_small_as_a_gap_of_40_makes_it() -> None:
    a, y = np.array([[40.0], [0.0]]), np.array([[1.0], [0.0]])
    np.testing.assert_allclose(SOFTMAX_CE_LOGITS.errors(a, y, a), math.exp(-40), rtol=1e-13)
    slope = SOFTMAX_CE_LOGITS.slope(a, y, a)
    np.testing.assert_allclose(slope[:, 0], [-math.exp(-40), math.exp(-40)], rtol=1e-13)


def test_kinks() -> None:
    a, y = np.array([[1.0]]), np.array([[1.0]])
    assert HINGE.slope(a, y, a - y) == 0.0
    assert loss("absolute_error").slope(a, y, a - y) == 0.0
    assert huber(1.0).curvature(a, y, np.ones((1, 1)), a) == 1.0


def test_predictions_of_logits_are_probabilities() -> None:
    assert BCE_LOGITS.predict(np.zeros((1, 1))) == 0.5
    np.testing.assert_allclose(SOFTMAX_CE_LOGITS.predict(A).sum(axis=0), 1.0)
    assert loss("hinge").predict(A) is A


def test_equality_and_pickling_go_by_name_and_hyperparameter() -> None:
    assert loss("huber", 1.0) == huber() != huber(0.5)
    for entry in (*LOSSES, huber(0.3)):
        assert pickle.loads(pickle.dumps(entry)) == entry
        assert entry.on_logits == ("logits" in entry.name)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("mae", None, "unknown loss 'mae'"),
        ("hinge", 1.0, "no hyperparameter"),
        ("huber", 0.0, "not above 0"),
        ("huber", math.nan, "not above 0"),
    ],
)
def test_what_is_not_a_loss_is_refused(name: str, value: float | None, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        loss(name, value)
