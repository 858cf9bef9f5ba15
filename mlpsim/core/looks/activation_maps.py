"""Activation maps: what every neuron gives over two of the inputs."""

import numpy as np

from mlpsim.core.arrays import Array
from mlpsim.core.network import Network
from mlpsim.core.problem import quiet
from mlpsim.core.surface import Window


def input_grid(
    columns: tuple[int, int], others: Array, window: Window, nx: int, ny: int
) -> tuple[Array, Array, Array]:
    """xs (nx,), ys (ny,), and inputs (D, ny·nx), row by row: two vary, the rest as in ``others``.

    Of a single input the grid has one row.
    """
    xs = np.linspace(window.x0, window.x1, nx)
    if len(others) == 1:
        return xs, np.zeros(1), xs[None, :]
    ys = np.linspace(window.y0, window.y1, ny)
    points = np.repeat(others[:, None], nx * ny, axis=1)
    points[columns[0]] = np.tile(xs, ny)
    points[columns[1]] = np.repeat(ys, nx)
    return xs, ys, points


@quiet()
def activation_maps(
    network: Network,
    theta: Array,
    columns: tuple[int, int],
    others: Array,
    window: Window,
    n: int,
) -> tuple[Array, ...]:
    """a of layers 0 … L on a grid of the window: (neurons, rows, n) each, the top row first.

    ``others`` (D,) gives a value for every input; those of the two columns are not read. There are
    n rows, or one where the network has a single input.
    """
    _, ys, points = input_grid(columns, others, window, n, n)
    forward = network.forward(theta, points)
    layers = (points, *forward.a)
    return tuple(a.reshape(len(a), len(ys), n)[:, ::-1] for a in layers)
