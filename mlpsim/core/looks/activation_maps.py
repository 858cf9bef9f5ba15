"""Activation maps: what every neuron gives over two of the inputs."""

import numpy as np

from mlpsim.core.arrays import Array
from mlpsim.core.features import Feature, compute
from mlpsim.core.network import Network
from mlpsim.core.problem import quiet
from mlpsim.core.window import Window


def input_grid(
    columns: tuple[int, int],
    others: Array,
    window: Window,
    nx: int,
    ny: int,
    features: tuple[Feature, ...],
) -> tuple[Array, Array, Array]:
    """xs (nx,), ys (ny,), and inputs (D, ny·nx), row by row: two vary, the rest as in ``others``.

    Those that the ``features`` say are computed follow the two. Of a single measured input the grid
    has one row.
    """
    is_line = len(others) - sum(bool(feature.function) for feature in features) == 1
    xs = np.linspace(window.x0, window.x1, nx)
    ys = np.zeros(1) if is_line else np.linspace(window.y0, window.y1, ny)
    points = np.repeat(others[:, None], nx * len(ys), axis=1)
    points[columns[0]] = np.tile(xs, len(ys))
    if not is_line:
        points[columns[1]] = np.repeat(ys, nx)
    compute(points, features)
    return xs, ys, points


@quiet()
def activation_maps(
    network: Network,
    theta: Array,
    columns: tuple[int, int],
    others: Array,
    window: Window,
    n: int,
    features: tuple[Feature, ...],
) -> tuple[Array, ...]:
    """a of layers 0 … L on a grid of the window: (neurons, rows, n) each, the top row first.

    ``others`` (D,) gives a value for every input; those of the two columns are not read, nor
    those that are computed. There are n rows, or one where a single input is measured.
    """
    _, ys, points = input_grid(columns, others, window, n, n, features)
    forward = network.forward(theta, points)
    layers = (points, *forward.a)
    return tuple(a.reshape(len(a), len(ys), n)[:, ::-1] for a in layers)
