"""Passes that follow one another: forward and backward in room that is made once for all of them.

They compute what ``Network.forward``, ``backward`` and ``gradient`` compute anew. With few samples
a step takes as long as its calls of NumPy, and so there are few: a bias is the weight of a neuron
that is always 1, and W and b of a layer are one matrix here.
"""

from functools import lru_cache

import numpy as np

from mlpsim.core.arrays import Array, Indices
from mlpsim.core.network import Network, product_of


class Layer:
    """A layer's share of the passes: from what enters to a, from ∂e/∂a to the gradient by [W b].

    ``below`` (..., m + 1, B) is what enters: a of the m neurons below over a row of ones, which is
    left out, as b is, where there is no bias. ``filled`` is that for the layer above.
    """

    def __init__(
        self, network: Network, number: int, matrix: Array, gradient: Array, below: Array
    ) -> None:
        n, m = network.layout[number].shape
        lead, samples = matrix.shape[:-2], below.shape[-1]
        activation, is_last = network.activations[number], number == network.depth - 1
        self.product = product_of(matrix.ndim)
        self.matrix, self.w_transposed = matrix, matrix[..., :m].mT
        self.below, self.below_transposed = below, below.mT
        self.filled = np.ones((*lead, n + (not is_last and network.bias[number + 1]), samples))
        self.a = self.filled[..., :n, :]
        self.is_identity = activation.name == "identity"
        self.with_slope, self.with_complement = activation.with_slope, activation.with_complement
        self.slope = np.empty(0)  # da/dz
        self.delta = np.empty((*lead, n, samples))
        self.gradient, self.rise_below = gradient, np.empty((*lead, m, samples))

    def forward(self) -> None:
        """z = [W b]·[a of the layer below; 1], and a in its place."""
        z = self.product(self.matrix, self.below, self.a)
        if not self.is_identity:
            self.slope = self.with_slope(z, z)

    def forward_with_complement(self) -> Array | None:
        """``forward``, and 1 - a without cancellation where the activation offers it."""
        if self.with_complement is None:
            self.forward()
            return None
        z = self.product(self.matrix, self.below, self.a)
        complement = self.with_complement(z, z)
        self.slope = self.a * complement
        return complement

    def backward(self, rise: Array) -> Array:
        """δ = ∂e/∂a · da/dz from ∂e/∂a, and the gradient δ·[a of the layer below; 1]ᵀ."""
        delta = rise if self.is_identity else np.multiply(rise, self.slope, self.delta)
        self.product(delta, self.below_transposed, self.gradient)
        return delta

    def down(self, delta: Array) -> Array:
        """∂e/∂a of the layer below, Wᵀ·δ."""
        rise: Array = self.product(self.w_transposed, delta, self.rise_below)
        return rise


class Passes:
    """The passes of a network at theta (..., P) over batches x of one shape, (D, B) or (..., D, B).

    Each overwrites what the one before has left but for the gradient that it gave.
    """

    def __init__(self, network: Network, lead: tuple[int, ...], shape: tuple[int, ...]) -> None:
        *own, features, samples = shape
        below = np.ones((*own, features + network.bias[0], samples))
        self._x, self._layers = below[..., :features, :], []
        self._has_bias, (self._order, self._places) = any(network.bias), _packing(network)
        self._theta, self._gradient = np.empty((2, *lead, network.n_params))
        start = 0
        for number, slots in enumerate(network.layout):
            block = (*lead, slots.shape[0], slots.shape[1] + network.bias[number])
            stop = start + block[-2] * block[-1]
            matrix = self._theta[..., start:stop].reshape(block)
            gradient = self._gradient[..., start:stop].reshape(block)
            self._layers.append(Layer(network, number, matrix, gradient, below))
            below, start = self._layers[-1].filled, stop
        *self._inner, self._last = self._layers
        self._first, *upper = self._layers
        self._downwards = upper[::-1]

    def forward(self, theta: Array, x: Array) -> tuple[Array, Array | None]:
        """The output (..., K, B), and 1 - output without cancellation where that is offered."""
        if self._has_bias:
            theta.take(self._order, -1, self._theta, "clip")
        else:
            self._theta[...] = theta
        self._x[...] = x
        for layer in self._inner:
            layer.forward()
        complement = self._last.forward_with_complement()
        return self._last.a, complement

    def backward(self, rise: Array) -> Array:
        """The sum over samples of ∂e^s/∂theta, a new array (..., P), from ∂e^s/∂output."""
        for layer in self._downwards:
            rise = layer.down(layer.backward(rise))
        self._first.backward(rise)
        packed = self._gradient
        gradient: Array = packed.take(self._places, -1) if self._has_bias else packed.copy()
        return gradient


@lru_cache(maxsize=32)
def _packing(network: Network) -> tuple[Indices, Indices]:
    """Where in theta the numbers of [W b] of all layers stand, row by row; and the way back."""
    places, blocks = np.arange(network.n_params), []
    for slots in network.layout:
        w = places[slots.w].reshape(slots.shape)
        blocks.append(w if slots.b is None else np.column_stack([w, places[slots.b]]))
    order = np.concatenate(blocks, axis=None)
    return order, np.argsort(order)
