"""The layers of a grid, as tables for kernels."""

import numpy as np

from mlpsim.core.activations import Activation
from mlpsim.core.arrays import Array, Indices
from mlpsim.core.compiled.grid_program import EXPONENTS, IS_SUMMED, NEURONS
from mlpsim.core.compiled.program import ACTIVATION_CODES, WIDTH
from mlpsim.core.slice_layers import BOTH, PARTIAL, Layer
from mlpsim.core.slices import Slice


class GridLayers:
    """Gathers what kernels read of the layers, one after the other, in tables of ``grid_program``.

    ``whole`` are the layers with neurons that need both axes, ``numbers`` which these are, from 1
    on; ``axes`` are all layers, the inputs first, with so many ``neurons``, of whose z so many rows
    of ``shares`` are to be laid out.
    """

    def __init__(self, over: Slice, points: int, chunks: int, lines: int) -> None:
        network = over.problem.network
        inputs, nobody = network.sizes[0], np.zeros(0, np.intp)
        values = [float(activation.value) for activation in network.activations]
        self.hyperparameters = np.array([0.0, *values])
        self.shares = self.neurons = 0
        self.whole: list[list[int]] = []
        self.numbers: list[int] = []
        self.axes = [[inputs, 0, 0, 0, sum(network.sizes[1:]), 0, 0, 0, 0, 0, -1, -1, -1, -1]]
        self._points, self._rows = points, (chunks, lines, lines, chunks)
        self._below = [np.arange(inputs), nobody, nobody, nobody]
        self._axes_weights: list[Array] = []
        self._weights: list[Array] = []
        for layer, activation in zip(over.layers, network.activations, strict=True):
            self._add(layer, activation)

    def _add(self, layer: Layer, activation: Activation) -> None:
        code = ACTIVATION_CODES[activation.name]
        groups = [layer.neurons[needs] for needs in (*PARTIAL, BOTH)]
        *partial, below = self._below
        w = np.concatenate([layer.b[:, :, None], layer.w[:, :, np.concatenate(partial)]], axis=2)
        w *= EXPONENTS.get(code, 1.0)
        fixed, on_alpha, on_beta = map(len, partial)
        by_alpha = w[:, :, 1 + fixed : 1 + fixed + on_alpha]
        by_beta = w[:, :, 1 + fixed + on_alpha :]
        moves = on_alpha and by_alpha[1].any(), on_beta and by_beta[2].any()
        whole, places = groups[-1], [-1] * 4
        if len(whole) and w.shape[2] > 1:
            crosses = on_beta and by_beta[1, whole].any(), on_alpha and by_alpha[2, whole].any()
            for place, is_there in enumerate((True, True, *crosses)):
                if is_there:
                    places[place] = self.shares
                    self.shares += len(whole) * self._rows[place]
        begin = sum(part.shape[1] for part in self._axes_weights)
        counts = [len(group) for group in groups]
        self.axes.append([*counts, self.neurons, w.shape[2], begin, code, *moves, *places])
        self._axes_weights.append(w[:, np.concatenate(groups)].reshape(3, -1))
        self.neurons += w.shape[1]
        self._below = groups
        if len(whole):
            self.numbers.append(len(self.axes) - 1)
            self._add_whole(layer, whole, below, code, places)

    def _add_whole(
        self, layer: Layer, neurons: Indices, below: Indices, code: int, places: list[int]
    ) -> None:
        """Those that need both axes, with what is not laid out of their weights and biases."""
        b = layer.b[:, neurons, None] * (places[0] < 0)
        w = np.concatenate([b, layer.w[:, neurons][:, :, below]], axis=2)
        w *= EXPONENTS.get(code, 1.0)
        top = sum(entry[NEURONS] for entry in self.whole)
        begin = sum(part.shape[1] for part in self._weights)
        moves = bool(w[1].any())
        if len(below) and len(neurons) == 1 and not (moves and self._points > 1):
            self.whole[-1][IS_SUMMED] = True
        counts = [len(neurons), len(below), top, top - len(below)]
        self.whole.append([*counts, begin, code, *places, moves, False, False, False])
        self._weights.append(w.reshape(3, -1))

    def axes_weights(self) -> Array:
        """Of what is laid out: at the origin, along u and along v (3, M)."""
        return np.ascontiguousarray(np.concatenate(self._axes_weights, axis=1))

    def weights(self) -> Array:
        """Between neurons that need both axes: (3, 1, M), padded to whole vectors."""
        padding = np.zeros((3, -sum(part.shape[1] for part in self._weights) % WIDTH))
        return np.ascontiguousarray(np.concatenate([*self._weights, padding], axis=1))[:, None]
