"""The multilayer perceptron: the layout of its parameters, forward and backward passes."""

from dataclasses import dataclass
from functools import cached_property
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


class Forward(NamedTuple):
    """What a forward pass leaves: z and a of layers 1..L (..., n, S), and the input a⁰ = x (D, S).

    ``complement`` is 1 - output without cancellation, where the last activation offers it.
    """

    x: Array
    z: tuple[Array, ...]
    a: tuple[Array, ...]
    complement: Array | None = None

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
            raise ValueError(f"{len(self.sizes) - 1} layers; a network has at least 1")
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

    def biases(self, theta: Array, layer: int) -> Array | None:
        """b of ``layer`` (counted from 0): (..., fan_out), or None."""
        b = self.layout[layer].b
        return None if b is None else theta[..., b]

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

    def _affine(self, theta: Array, layer: int, a: Array) -> Array:
        w = self.weights(theta, layer)
        if w.ndim == 2 and a.ndim == 2:
            z: Array = w.dot(a)  # half the overhead of matmul for small matrices
        elif a.ndim == 2:
            # One matrix product for all parameter vectors instead of one for each.
            flat = w.reshape(-1, w.shape[-1]).dot(a)
            z = flat.reshape((*w.shape[:-1], a.shape[-1]))
        else:
            z = w @ a
        b = self.layout[layer].b
        return z if b is None else z + theta[..., b, None]

    def forward(self, theta: Array, x: Array) -> Forward:
        """All pre-activations and activations: theta (..., P), x (D, S)."""
        zs, activations, a = [], [], x
        for layer, activation in enumerate(self.activations):
            z = self._affine(theta, layer, a)
            a = activation.fn(z)
            zs.append(z)
            activations.append(a)
        complement = self.activations[-1].complement
        one_minus = None if complement is None else complement(zs[-1])
        return Forward(x, tuple(zs), tuple(activations), one_minus)

    def backward(self, theta: Array, forward: Forward, slope: Array) -> tuple[Array, ...]:
        """δ of every layer, ∂e^s/∂z (..., n, S), from ∂e^s/∂output.

        Backpropagation: δ^L = ∂e/∂a ∘ σ'(z^L), δ^l = (W^{l+1})ᵀ δ^{l+1} ∘ σ'(z^l)
        (Goodfellow, Bengio and Courville 2016, algorithm 6.4).
        """
        deltas: list[Array] = []
        for layer in reversed(range(self.depth)):
            if deltas:
                slope = self.weights(theta, layer + 1).swapaxes(-1, -2) @ deltas[-1]
            activation = self.activations[layer]
            if activation.name == "identity":
                deltas.append(slope)
            elif forward.complement is not None and not deltas:
                deltas.append(slope * (forward.output * forward.complement))
            else:
                deltas.append(slope * activation.slope(forward.z[layer], forward.a[layer]))
        return tuple(reversed(deltas))

    def gradient(self, forward: Forward, deltas: tuple[Array, ...]) -> Array:
        """The sum over samples of ∂e^s/∂theta: (..., P)."""
        parts = []
        for layer, (slots, delta) in enumerate(zip(self.layout, deltas, strict=True)):
            below = forward.below(layer)
            if delta.ndim == 2:
                parts.append(delta.dot(below.T).ravel())
            else:
                product = delta @ below.swapaxes(-1, -2)
                parts.append(product.reshape((*product.shape[:-2], -1)))
            if slots.b is not None:
                parts.append(delta.sum(axis=-1))
        return parts[0] if len(parts) == 1 else np.concatenate(parts, axis=-1)

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
        """How z and a change along the direction v: the R-operator of Pearlmutter (1994)."""
        zs: list[Array] = []
        activations: list[Array] = []
        for layer, activation in enumerate(self.activations):
            z = self._affine(v, layer, forward.below(layer))
            if layer:
                z = z + self.weights(theta, layer) @ activations[-1]
            zs.append(z)
            activations.append(z * activation.slope(forward.z[layer], forward.a[layer]))
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
            rate = activation.slope(z, a)
            deltas.append(slope * rate)
            tangents.append(
                slope_tangent * rate + slope * activation.curvature(z, a) * tangent.z[layer]
            )
        return tuple(reversed(deltas)), tuple(reversed(tangents))
