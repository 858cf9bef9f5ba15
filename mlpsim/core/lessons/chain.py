"""The chain rule: ∂e^s/∂w of one sample and one parameter, factor by factor down to the loss."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from mlpsim.core.arrays import Array, Indices
from mlpsim.core.network import Network
from mlpsim.core.problem import Problem, quiet


@dataclass(frozen=True, eq=False)
class BothPasses:
    """Both passes of sample s (from 0) at theta (P,), by layer; every entry is (n,).

    ``a`` holds a⁰…a^L. The others begin with layer 1: z, the activations' slopes σ'(z), ``above``
    (∂e/∂a: from the loss at the output, else Σ_k w_ki δ_k of the layer above) and the deltas.
    ``residual`` is output - y without cancellation, and ``error`` is e^s.
    """

    problem: Problem
    theta: Array
    sample: int
    a: tuple[Array, ...]
    z: tuple[Array, ...]
    slopes: tuple[Array, ...]
    above: tuple[Array, ...]
    deltas: tuple[Array, ...]
    residual: Array
    prediction: Array
    target: Array
    error: float


@dataclass(frozen=True)
class Term:
    """w_ki·δ_k: what neuron k of the layer above, by parameter p, adds to ∂e/∂a of neuron i."""

    neuron: int
    parameter: int
    weight: float
    delta: float

    @property
    def value(self) -> float:
        return self.weight * self.delta


@dataclass(frozen=True)
class Delta:
    """δ = ∂e/∂z of a neuron, layer and place from 0: ``above``·``slope``.

    ``terms`` are those of ``above``; the output layer has none. ``chosen`` is the one to follow.
    """

    layer: int
    neuron: int
    above: float
    slope: float
    value: float
    terms: tuple[Term, ...]
    chosen: int | None


@dataclass(frozen=True)
class Chain:
    """∂e^s/∂theta_p = δ_i·below: layer, to and from (None for a bias, where below is 1), from 0.

    ``deltas`` begins with δ_i and follows one neuron of each layer to the output.
    """

    passes: BothPasses
    parameter: int
    layer: int
    to: int
    origin: int | None
    below: float
    deltas: tuple[Delta, ...]

    @property
    def value(self) -> float:
        """The derivative as the product of its factors."""
        first = self.deltas[0]
        return first.above * first.slope * self.below


@quiet()
def both_passes(problem: Problem, theta: Array, sample: int) -> BothPasses:
    """The forward and the backward pass of one sample (from 0) at theta (P,)."""
    network = problem.network
    forward, residual, slope = problem.output_slope(theta, np.array([sample]))
    deltas = network.backward(theta, forward, slope)
    slopes = [
        activation.slope(z, a)
        for activation, z, a in zip(network.activations, forward.z, forward.a, strict=True)
    ]
    above = [network.weights(theta, layer).T @ deltas[layer] for layer in range(1, network.depth)]
    target = problem.data.y[sample]
    error = problem.loss.errors(forward.output, target[:, None], residual)
    return BothPasses(
        problem,
        theta,
        sample,
        _columns((forward.x, *forward.a)),
        _columns(forward.z),
        _columns(slopes),
        _columns([*above, slope]),
        _columns(deltas),
        residual[:, 0],
        problem.loss.predict(forward.output)[:, 0],
        target,
        float(error[0]),
    )


def _columns(arrays: tuple[Array, ...] | list[Array]) -> tuple[Array, ...]:
    return tuple(array[:, 0] for array in arrays)


@quiet()
def chain(passes: BothPasses, p: int, way: Mapping[int, int] | None = None) -> Chain:
    """The chain of parameter p; IndexError beyond them.

    ``way`` may say for a layer (from 0) which of its neurons is followed towards the output; else
    it is the one whose term is largest.
    """
    layer, i, j = passes.problem.network.place(p)
    deltas = [delta_of(passes, layer, i, way)]
    while deltas[-1].chosen is not None:
        deltas.append(delta_of(passes, deltas[-1].layer + 1, deltas[-1].chosen, way))
    below = 1.0 if j is None else float(passes.a[layer][j])
    return Chain(passes, p, layer, i, j, below, tuple(deltas))


def delta_of(passes: BothPasses, layer: int, i: int, way: Mapping[int, int] | None = None) -> Delta:
    """δ of neuron i of a layer, both from 0; ``way`` as in ``chain``."""
    network, terms = passes.problem.network, []
    chosen = None
    if layer + 1 < network.depth:
        for k in range(network.sizes[layer + 2]):
            p = network.weight_index(layer + 1, k, i)
            delta = float(passes.deltas[layer + 1][k])
            terms.append(Term(k, p, float(passes.theta[p]), delta))
        strongest = int(np.argmax([abs(term.value) for term in terms]))
        chosen = (way or {}).get(layer + 1, strongest)
    return Delta(
        layer,
        i,
        float(passes.above[layer][i]),
        float(passes.slopes[layer][i]),
        float(passes.deltas[layer][i]),
        tuple(terms),
        chosen,
    )


@quiet()
def neuron_values(problem: Problem, theta: Array, samples: Indices, layer: int, i: int) -> Array:
    """z of neuron i of a layer (both from 0) for some samples (n,), from 0: (n,)."""
    forward = problem.network.forward(theta, problem.data.x_columns[:, samples])
    z: Array = forward.z[layer][i]
    return z


Direction = Literal["forward", "error", "backward"]


@dataclass(frozen=True)
class PassStep:
    """One neuron's turn in a pass, layer (from 0) and place; at "error", the whole output."""

    direction: Direction
    layer: int
    neuron: int


def pass_steps(network: Network) -> tuple[PassStep, ...]:
    """Forward neuron by neuron, the error, and backward neuron by neuron."""
    places = [(layer, i) for layer in range(network.depth) for i in range(network.sizes[layer + 1])]
    backward = sorted(places, key=lambda place: (-place[0], place[1]))
    return (
        *(PassStep("forward", *place) for place in places),
        PassStep("error", network.depth - 1, 0),
        *(PassStep("backward", *place) for place in backward),
    )
