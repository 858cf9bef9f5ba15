"""Sample-wise gradients, compiled, against NumPy's."""

import numpy as np
from hypothesis import given, settings

from mlpsim.core.activations import TANH
from mlpsim.core.compiled.engine import COMPILED
from mlpsim.core.compiled.program import BLOCK
from mlpsim.core.dataset import Dataset
from mlpsim.core.looks.bouquet import sample_gradients
from mlpsim.core.network import Network
from mlpsim.core.problem import Problem
from tests.core.compiled.random_experiments import assert_close, experiments
from tests.core.engines import needs_numba

pytestmark = needs_numba


@settings(max_examples=100)
@given(experiments())
def test_the_gradients_of_any_network_equal_numpys(experiment) -> None:
    problem, theta = experiment.problem, experiment.start_theta()
    found = COMPILED.sample_gradients(problem, theta)
    assert_close(found, problem.sample_gradients(theta), 1e-12)


def test_samples_beyond_a_block_are_there_too() -> None:
    rng = np.random.default_rng(3)
    network = Network((2, 5, 3), (TANH, TANH), (True, True))
    data = Dataset(rng.normal(size=(2 * BLOCK + 3, 2)), rng.normal(size=(2 * BLOCK + 3, 3)))
    problem, theta = Problem(data, network), rng.normal(size=network.n_params)
    found = COMPILED.sample_gradients(problem, theta)
    assert_close(found, problem.sample_gradients(theta), 1e-12)


def test_an_engine_computes_those_of_some_samples() -> None:
    rng = np.random.default_rng(4)
    network = Network((2, 1), (TANH,), (True,))
    problem = Problem(Dataset(rng.normal(size=(9, 2)), rng.normal(size=(9, 1))), network)
    theta, some = rng.normal(size=3), np.array([7, 2, 2])
    found = sample_gradients(problem, theta, some, COMPILED)
    assert_close(found, problem.sample_gradients(theta)[some], 1e-13)
