"""Chebyshev nodes: a smooth slice from a few of its points, no kink taken for smooth, no doubt."""

import numpy as np
import pytest

from mlpsim.core.activations import IDENTITY, RELU, SIGMOID, SIN, TANH
from mlpsim.core.chebyshev import interpolated
from mlpsim.core.dataset import Dataset
from mlpsim.core.experiment import lecture_experiment
from mlpsim.core.generators import Moons
from mlpsim.core.losses import ABSOLUTE_ERROR, BCE_LOGITS, SQUARED_ERROR
from mlpsim.core.network import Network
from mlpsim.core.plane import directions, two_weights
from mlpsim.core.problem import Problem
from mlpsim.core.slices import Slice
from mlpsim.core.surface import smooth_values

AXIS = np.linspace(-1.0, 1.0, 150)
MANY = 10**6


def slice_of(activation, seed, loss=BCE_LOGITS):
    """Two random directions through a random 2-6-6-1 on 40 samples."""
    rng = np.random.default_rng(seed)
    network = Network((2, 6, 6, 1), (activation, activation, IDENTITY), (True, True, True))
    problem = Problem(Moons(samples=40).generate(), network, loss, "mean")
    theta, u, v = rng.normal(0.0, 0.6, (3, network.n_params))
    return Slice(problem, directions(theta, u, v))


@pytest.mark.parametrize("activation", [TANH, SIGMOID, SIN], ids=lambda entry: entry.name)
@pytest.mark.parametrize("seed", range(4))
def test_a_smooth_slice_is_found_within_the_error_that_is_said(activation, seed):
    over = slice_of(activation, seed)
    found = smooth_values(over, AXIS, AXIS, None, MANY)
    assert found is not None
    exact = over.values(AXIS, AXIS)
    assert np.abs(found.values - exact).max() <= found.error
    assert found.error <= 1e-4 * np.ptp(exact)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("loss", [BCE_LOGITS, ABSOLUTE_ERROR], ids=lambda entry: entry.name)
def test_a_slice_with_kinks_is_not_interpolated(seed, loss):
    over = slice_of(RELU if loss is BCE_LOGITS else TANH, seed, loss)
    assert smooth_values(over, AXIS, AXIS, None, MANY) is None


def test_on_a_logarithmic_scale_every_value_keeps_its_digits():
    problem = lecture_experiment().problem
    over = Slice(problem, two_weights(np.zeros(2), 0, 1))
    axis = np.linspace(-2.0, 2.0, 200)
    found = smooth_values(over, axis, axis, True, MANY)
    assert found is not None
    assert found.values == pytest.approx(over.values(axis, axis), rel=1e-3)


def test_what_may_be_a_logarithmic_scale_is_never_guessed():
    """J = α² is 0 in a column: no error is small against that, so the exact grid decides."""
    network = Network((1, 1), (IDENTITY,), (False,))
    problem = Problem(Dataset(np.ones((1, 1)), np.zeros((1, 1))), network, SQUARED_ERROR)
    over = Slice(problem, directions(np.zeros(1), np.ones(1), np.zeros(1)))
    axis = np.linspace(-1.0, 1.0, 151)
    assert smooth_values(over, axis, axis, None, MANY) is None
    found = smooth_values(over, axis, axis, False, MANY)
    assert found is not None
    assert found.values == pytest.approx(np.broadcast_to(axis**2, (151, 151)), abs=1e-12)


def test_a_needle_between_the_nodes_is_seen_by_the_controls():
    """The nodes alone would take this for flat: it is high near one control only."""

    class Needle(Slice):
        def values(self, alphas, betas, cancelled=lambda: False):
            far = (alphas + 0.957) ** 2 + (betas[:, None] + 0.957) ** 2
            return 1.0 + np.exp(-far / 1e-7)

    over = slice_of(TANH, 0)
    needle = Needle(over.problem, over.plane)
    assert smooth_values(needle, AXIS, AXIS, None, MANY) is None


def test_a_control_without_a_value_is_no_proof_of_smoothness():
    class Holed(Slice):
        def values(self, alphas, betas, cancelled=lambda: False):
            far = (alphas + 0.7195) ** 2 + (betas[:, None] + 0.7195) ** 2
            return np.where(far < 1e-7, np.nan, 2.0 + alphas)

    over = slice_of(TANH, 0)
    holed = Holed(over.problem, over.plane)
    assert smooth_values(holed, AXIS, AXIS, None, MANY) is None


def test_values_that_are_not_finite_are_not_interpolated():
    over = slice_of(TANH, 0, SQUARED_ERROR)
    far = np.linspace(-1e200, 1e200, 150)
    assert smooth_values(over, far, far, None, MANY) is None


def test_no_more_points_than_allowed_are_computed():
    over = slice_of(TANH, 1)
    assert smooth_values(over, AXIS, AXIS, None, 33 * 33 - 1) is None
    assert smooth_values(over, AXIS[:60], AXIS[:60], None, MANY) is None
    asked = []

    def cancelled():
        asked.append(True)
        return len(asked) > 5

    assert interpolated(over, AXIS, AXIS, lambda values: 1.0, MANY, lambda: True) is None
    assert interpolated(over, AXIS, AXIS, lambda values: 1.0, MANY, cancelled) is None


def test_a_tolerance_below_rounding_is_given_up():
    axis = np.linspace(-0.5, 0.5, 260)
    assert interpolated(slice_of(TANH, 1), axis, axis, lambda values: 1e-17, MANY) is None
