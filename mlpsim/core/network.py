"""The multilayer perceptron: the layout of its parameters, forward and backward passes."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

import numpy as np

from mlpsim.core.activations import Activation
from mlpsim.core.arrays import Array

# Of what is edited, shown and saved; the arithmetic knows no limit.
MAX_LAYERS = 8
MAX_WIDTH = 64


class LayerSlots(NamedTuple):
    """Where a layer's weights and biases stand in theta."""

    shape: tuple[int, int]
    w: slice
    b: slice | None


class Connections(NamedTuple):
    """What leads into a layer: W (..., fan_out, fan_in) and b (..., fan_out, 1), or None."""

    w: Array
    b: Array | None


class Forward(NamedTuple):
    """What a forward pass leaves: z and a of layers 1..L (..., n, S), and the input a⁰ = x (D, S).

    ``complement`` is 1 - output without cancellation, where the last activation offers it;
    ``slopes`` are da/dz where they came with a.
    """

    x: Array
    z: tuple[Array, ...]
    a: tuple[Array, ...]
    complement: Array | None = None
    slopes: tuple[Array | None, ...] = ()

    @property
    def output(self) -> Array:
        return self.a[-1]

    def below(self, layer: int) -> Array:
        """The activation that enters ``layer`` (counted from 0)."""
        return self.a[layer - 1] if layer else self.x


@dataclass(frozen=True)
class Network:
    """Layer sizes n⁰…n^L, and for each of the layers 1…L its activation and whether it has a bias.

    theta (..., P) holds, layer by layer, W row by row (fan_out, fan_in), then b.
    """

    sizes: tuple[int, ...]
    activations: tuple[Activation, ...]
    bias: tuple[bool, ...]

    def __post_init__(self) -> None:
        if len(self.sizes) < 2:
            raise ValueError(f"{len(self.sizes)} sizes; a network has those of two layers at least")
        for layer, size in enumerate(self.sizes):
            if size < 1:
                raise ValueError(f"layer {layer} has {size} neurons; at least 1 is needed")
        if not len(self.activations) == len(self.bias) == self.depth:
            raise ValueError(
                f"{self.depth} layers, but {len(self.activations)} activations"
                f" and {len(self.bias)} bias switches"
            )

    def within_limits(self) -> "Network":
        """The same network; ValueError if a document cannot hold one as large."""
        if self.depth > MAX_LAYERS:
            raise ValueError(f"{self.depth} layers; a network has 1 to {MAX_LAYERS}")
        for layer, size in enumerate(self.sizes):
            if size > MAX_WIDTH:
                raise ValueError(f"layer {layer} has {size} neurons; 1 to {MAX_WIDTH} are possible")
        return self

    @property
    def depth(self) -> int:
        """L, the number of layers with weights."""
        return len(self.sizes) - 1

    @cached_property
    def n_params(self) -> int:
        last = self.layout[-1]
        return int((last.b or last.w).stop)

    @cached_property
    def layout(self) -> tuple[LayerSlots, ...]:
        slots, start = [], 0
        for fan_in, fan_out, has_bias in zip(self.sizes, self.sizes[1:], self.bias, strict=False):
            w = slice(start, start + fan_in * fan_out)
            b = slice(w.stop, w.stop + fan_out) if has_bias else None
            slots.append(LayerSlots((fan_out, fan_in), w, b))
            start = (b or w).stop
        return tuple(slots)

    def has_shape_of(self, other: "Network") -> bool:
        """Whether the parameters of both mean the same connections."""
        return self.sizes == other.sizes and self.bias == other.bias

    @cached_property
    def is_weight(self) -> Array:
        """1 where theta holds a weight, 0 where a bias (P,)."""
        mask = np.zeros(self.n_params)
        for slots in self.layout:
            mask[slots.w] = 1.0
        mask.setflags(write=False)
        return mask

    def weights(self, theta: Array, layer: int) -> Array:
        """W of ``layer`` (counted from 0): (..., fan_out, fan_in), a view of a single theta."""
        slots = self.layout[layer]
        if theta.ndim == 1:
            return theta[slots.w].reshape(slots.shape)
        return theta[..., slots.w].reshape(theta.shape[:-1] + slots.shape)

    def connections(self, theta: Array) -> tuple[Connections, ...]:
        """Views of theta (..., P) by layer."""
        return tuple(
            Connections(
                self.weights(theta, layer),
                None if slots.b is None else theta[..., slots.b, None],
            )
            for layer, slots in enumerate(self.layout)
        )

    def check(self, theta: Array) -> None:
        """ValueError if theta (..., P) does not have as many numbers as this network."""
        if theta.shape[-1] != self.n_params:
            raise ValueError(f"theta has {theta.shape[-1]} numbers, the network {self.n_params}")

    def weight_index(self, layer: int, i: int, j: int) -> int:
        """The place in theta of the weight from neuron j to neuron i of ``layer``, from 0."""
        slots = self.layout[layer]
        return int(slots.w.start) + i * slots.shape[1] + j

    def place(self, p: int) -> tuple[int, int, int | None]:
        """Layer, to and from (None for a bias) of parameter p, all from 0; IndexError beyond."""
        for layer, slots in enumerate(self.layout):
            if slots.w.start <= p < slots.w.stop:
                i, j = divmod(p - slots.w.start, slots.shape[1])
                return layer, i, j
            if slots.b is not None and slots.b.start <= p < slots.b.stop:
                return layer, p - slots.b.start, None
        raise IndexError(f"parameter {p} of {self.n_params}")

    def forward(self, theta: Array, x: Array, with_slopes: bool = False) -> Forward:
        """All pre-activations and activations: theta (..., P), x (D, S).

        Before a backward pass, slopes are wanted too, which cost less together with a.
        """
        product = product_of(theta.ndim + 1)
        zs, activations, slopes, a, complement = [], [], [], x, None
        for (w, b), activation in zip(self.connections(theta), self.activations, strict=True):
            z = product(w, a)
            if b is not None:
                z += b
            slope = complement = None
            if activation.with_complement is not None:
                a = np.empty_like(z)
                complement = activation.with_complement(z, a)
                slope = a * complement if with_slopes else None
            elif with_slopes:
                a = np.empty_like(z)
                slope = activation.with_slope(z, a)
            else:
                a = activation.fn(z)
            zs.append(z)
            activations.append(a)
            slopes.append(slope)
        return Forward(x, tuple(zs), tuple(activations), complement, tuple(slopes))

    def backward(self, theta: Array, forward: Forward, slope: Array) -> tuple[Array, ...]:
        """δ of every layer, ∂e^s/∂z (..., n, S), from ∂e^s/∂output.

        Backpropagation: δ^L = ∂e/∂a ∘ σ'(z^L), δ^l = (W^{l+1})ᵀ δ^{l+1} ∘ σ'(z^l)
        (Goodfellow, Bengio and Courville 2016, algorithm 6.4).
        """
        layers = self.connections(theta)
        product = product_of(slope.ndim)
        deltas: list[Array] = []
        for layer in range(self.depth - 1, -1, -1):
            if deltas:
                slope = product(layers[layer + 1].w.mT, deltas[-1])
            if self.activations[layer].name != "identity":
                slope = slope * self._slope(forward, layer)
            deltas.append(slope)
        return tuple(reversed(deltas))

    def _slope(self, forward: Forward, layer: int) -> Array:
        """da/dz of a layer, as it came with the forward pass or else by z and a."""
        known = forward.slopes[layer]
        if known is not None:
            return known
        return self.activations[layer].slope(forward.z[layer], forward.a[layer])

    def gradient(self, forward: Forward, deltas: tuple[Array, ...]) -> Array:
        """The sum over samples of ∂e^s/∂theta: (..., P)."""
        gradient = np.empty((*deltas[0].shape[:-2], self.n_params))
        slots = self.connections(gradient)
        # A product with ones adds samples up at a third of the cost of a sum.
        ones = _ones(forward.x.shape[-1])
        product = product_of(deltas[0].ndim)
        for below, delta, (w, b) in zip((forward.x, *forward.a), deltas, slots, strict=False):
            product(delta, below.mT, w)
            if b is not None:
                product(delta, ones, b)
        return gradient

    def sample_gradients(self, forward: Forward, deltas: tuple[Array, ...]) -> Array:
        """∂e^s/∂theta of every sample, parameter-major: (..., P, S)."""
        samples = forward.x.shape[-1]
        gradients = np.empty((*deltas[0].shape[:-2], self.n_params, samples))
        for layer, (slots, delta) in enumerate(zip(self.layout, deltas, strict=True)):
            # Splitting an axis makes no copy: the products go where they belong.
            w = gradients[..., slots.w, :].reshape((*delta.shape[:-2], *slots.shape, samples))
            np.multiply(delta[..., :, None, :], forward.below(layer)[..., None, :, :], out=w)
            if slots.b is not None:
                gradients[..., slots.b, :] = delta
        return gradients

    def forward_tangent(self, theta: Array, v: Array, forward: Forward) -> Forward:
        """How z and a change along v: the R-operator of Pearlmutter (1994).

        theta (..., P) may be one for many v (..., P).
        """
        product = product_of(v.ndim + 1)
        zs: list[Array] = []
        activations: list[Array] = []
        for layer, (w, b) in enumerate(self.connections(v)):
            z = product(w, forward.below(layer))
            if b is not None:
                z += b
            if layer:
                z = z + self.weights(theta, layer) @ activations[-1]
            zs.append(z)
            activations.append(z * self._slope(forward, layer))
        return Forward(np.zeros_like(forward.x), tuple(zs), tuple(activations))

    def backward_tangent(
        self,
        theta: Array,
        v: Array,
        forward: Forward,
        tangent: Forward,
        slope: Array,
        slope_tangent: Array,
    ) -> tuple[tuple[Array, ...], tuple[Array, ...]]:
        """δ and its change along v, layer by layer, from ∂e/∂output and its change."""
        deltas: list[Array] = []
        tangents: list[Array] = []
        for layer in reversed(range(self.depth)):
            if deltas:
                w = self.weights(theta, layer + 1).swapaxes(-1, -2)
                w_tangent = self.weights(v, layer + 1).swapaxes(-1, -2)
                slope_tangent = w_tangent @ deltas[-1] + w @ tangents[-1]
                slope = w @ deltas[-1]
            z, a, activation = forward.z[layer], forward.a[layer], self.activations[layer]
            rate = self._slope(forward, layer)
            deltas.append(slope * rate)
            tangents.append(
                slope_tangent * rate + slope * activation.curvature(z, a) * tangent.z[layer]
            )
        return tuple(reversed(deltas)), tuple(reversed(tangents))


def product_of(ndim: int) -> Callable[..., Array]:
    """The matrix product of arrays with so many axes, whose third argument takes the result."""
    # Of two plain matrices dot is the same at half the overhead of matmul.
    return np.ndarray.dot if ndim == 2 else _stacked_product


def _stacked_product(a: Array, b: Array, out: Array | None = None) -> Array:
    if b.ndim > 2:
        stacked: Array = np.matmul(a, b, out)
        return stacked
    # One matrix product for the whole stack instead of one for each of its matrices.
    stack = a.reshape(-1, a.shape[-1])
    if out is not None and out.flags.c_contiguous:
        stack.dot(b, out.reshape(-1, b.shape[-1]))
        return out
    product: Array = stack.dot(b).reshape((*a.shape[:-1], b.shape[-1]))
    if out is None:
        return product
    out[...] = product
    return out


@lru_cache(maxsize=8)
def _ones(samples: int) -> Array:
    """(S, 1), read-only."""
    ones = np.ones((samples, 1))
    ones.setflags(write=False)
    return ones
