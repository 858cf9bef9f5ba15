"""Room for vectors, each in one line of the cache: across two, it takes twice the time."""

from math import prod

import numpy as np

from mlpsim.core.arrays import Array
from mlpsim.core.compiled.program import ROW, WIDTH, Work
from mlpsim.core.network import Network

_LINE = 8 * WIDTH  # bytes


def empty(*shape: int) -> Array:
    """``numpy.empty``, from the beginning of a line on."""
    return _lined(np.empty(prod(shape) + WIDTH - 1)).reshape(shape)


def zeros(*shape: int) -> Array:
    """``numpy.zeros``, from the beginning of a line on."""
    return _lined(np.zeros(prod(shape) + WIDTH - 1)).reshape(shape)


def _lined(numbers: Array) -> Array:
    """Those from the first line on, of which there are W - 1 too many."""
    address, _ = numbers.__array_interface__["data"]
    start = -address % _LINE // numbers.itemsize
    return numbers[start : start + len(numbers) - WIDTH + 1]


def work_for(network: Network) -> Work:
    """Room for the passes of a network."""
    neurons = sum(network.sizes)
    turned = 3 * neurons
    targets = turned + max(network.sizes)
    live = targets + network.sizes[-1]
    rows = zeros(live + 1, ROW)
    rows[live, :WIDTH] = 1.0
    return Work(rows.reshape(-1), neurons, 2 * neurons, turned, targets, live)
