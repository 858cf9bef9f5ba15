"""Neurons: what every neuron of the network holds for one sample."""

from dataclasses import dataclass

import numpy as np

from mlpsim.core.arrays import Array
from mlpsim.core.network import Network
from mlpsim.core.problem import Problem, quiet


@dataclass(frozen=True, eq=False)
class Neurons:
    """theta (P,), a⁰…a^L (n,) and z¹…z^L (n,) of a sample (from 0), and its ŷ (K,)."""

    network: Network
    theta: Array
    activations: tuple[Array, ...]
    pre_activations: tuple[Array, ...]
    prediction: Array
    sample: int


@quiet()
def neurons(problem: Problem, theta: Array, sample: int) -> Neurons:
    """The forward pass of one sample (from 0) at theta (P,)."""
    x = problem.data.x_columns[:, sample : sample + 1]
    forward = problem.network.forward(theta, x)
    return Neurons(
        problem.network,
        np.array(theta),
        (x[:, 0], *(a[:, 0] for a in forward.a)),
        tuple(z[:, 0] for z in forward.z),
        problem.loss.predict(forward.output)[:, 0],
        sample,
    )
