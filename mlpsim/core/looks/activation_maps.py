"""Activation maps: what every neuron gives over two of the inputs."""

from mlpsim.core.arrays import Array
from mlpsim.core.looks.input_grid import InputGrid
from mlpsim.core.network import Network
from mlpsim.core.problem import quiet


@quiet()
def activation_maps(network: Network, theta: Array, grid: InputGrid) -> tuple[Array, ...]:
    """a of layers 0 … L over a grid: (neurons, rows, columns) each, the top row first."""
    forward = network.forward(theta, grid.inputs)
    layers = (grid.inputs, *forward.a)
    return tuple(a.reshape(len(a), *grid.shape)[:, ::-1] for a in layers)
