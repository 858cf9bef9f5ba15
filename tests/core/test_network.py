"""Networks: where their parameters stand, and what is none."""

from collections.abc import Callable

import numpy as np
import pytest

from mlpsim.core.activations import IDENTITY, TANH
from mlpsim.core.network import Network


def test_weight_index_and_biases() -> None:
    network = Network((2, 3, 1), (TANH, IDENTITY), (True, False))
    theta = np.arange(network.n_params, dtype=np.float64)
    assert theta[network.weight_index(0, 2, 1)] == network.weights(theta, 0)[2, 1] == 5
    assert theta[network.weight_index(1, 0, 2)] == network.weights(theta, 1)[0, 2] == 11
    assert network.connections(theta)[0].b.ravel().tolist() == [6, 7, 8]
    assert network.connections(theta)[1].b is None


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Network((2,), (), ()), "1 sizes; a network has those of two layers"),
        (lambda: Network((), (), ()), "0 sizes"),
        (lambda: Network((2, 65), (TANH,), (True,)).within_limits(), "layer 1 has 65 neurons"),
        (lambda: Network((1,) * 10, (TANH,) * 9, (True,) * 9).within_limits(), "9 layers"),
        (lambda: Network((2, 1), (TANH, TANH), (True,)), "2 activations"),
    ],
)
def test_what_is_no_network_is_refused(make: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make()
