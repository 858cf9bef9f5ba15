"""Descents: the gradient of one step after another, in room that they share."""

import numpy as np
import pytest

from mlpsim.core.activations import IDENTITY, SIGMOID, TANH, leaky_relu
from mlpsim.core.dataset import Columns, Dataset
from mlpsim.core.descent import Descent
from mlpsim.core.losses import HINGE, SQUARED_ERROR
from mlpsim.core.network import Network
from mlpsim.core.problem import Penalty, Problem

RNG = np.random.default_rng(0)
DATA = Dataset(RNG.normal(0.0, 1.0, (7, 3)), RNG.choice([-1.0, 1.0], (7, 2)))
LAYERS = {
    "biased": ((3, 4, 5, 2), (TANH, SIGMOID, IDENTITY), (True, True, True)),
    "mixed": ((3, 4, 5, 2), (IDENTITY, leaky_relu(), SIGMOID), (False, True, False)),
    "other way": ((3, 4, 5, 2), (SIGMOID, IDENTITY, TANH), (True, False, True)),
    "single": ((3, 2), (SIGMOID,), (True,)),
}
BATCHES = [(0,), (1, 2, 3), (6, 6, 4), (5,), (0, 1, 2, 3, 4, 5, 6), (4, 2)]


def problem_of(name, loss=SQUARED_ERROR):
    return Problem(DATA, Network(*LAYERS[name]), loss, "mean", Penalty(l2=0.1))


def differences(problem, theta, batch):
    """The unbiased step gradient by central differences of the errors of a batch."""

    def value(at):
        penalty = float(problem.penalty_value(at))
        return float(problem.errors(at)[list(batch)].mean()) + penalty

    steps = 1e-6 * np.eye(len(theta))
    return np.array([(value(theta + step) - value(theta - step)) / 2e-6 for step in steps])


@pytest.mark.parametrize("loss", [SQUARED_ERROR, HINGE], ids=lambda loss: loss.name)
@pytest.mark.parametrize("name", LAYERS)
def test_batches_of_any_size_follow_one_another(name, loss) -> None:
    problem = problem_of(name, loss)
    descent, found, wanted = Descent(problem, "unbiased"), [], []
    for batch in BATCHES:
        theta = RNG.normal(0.0, 0.7, problem.network.n_params)
        found.append(descent.gradient(theta, problem.data.batch(np.array(batch))))
        wanted.append(differences(problem, theta, batch))
        errors = problem.errors(theta)[list(batch)]
        np.testing.assert_allclose(descent.errors(), errors, rtol=1e-12, atol=1e-14)
    # Only now: what a step has given is not written over by those after it.
    np.testing.assert_allclose(found, wanted, rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("name", LAYERS)
def test_members_of_a_stack_descend_as_each_alone(name) -> None:
    problem, members = problem_of(name), 3
    thetas = RNG.normal(0.0, 0.7, (members, problem.network.n_params))
    visits = RNG.integers(0, 7, (members, 4))
    alone = Descent(problem, "batch_sum")

    def each(batches) -> list[np.ndarray]:
        return [
            alone.gradient(theta, problem.data.batch(batch))
            for theta, batch in zip(thetas, batches, strict=True)
        ]

    stack = Descent(problem, "batch_sum", (members,))
    own = stack.gradient(thetas, problem.data.batch(visits))
    np.testing.assert_allclose(own, each(visits), rtol=1e-12, atol=1e-15)
    x, y, y_complement = problem.data.batch(visits[0])
    common = stack.gradient(thetas, Columns(x, y, y_complement))
    np.testing.assert_allclose(common, each([visits[0]] * members), rtol=1e-12, atol=1e-15)
