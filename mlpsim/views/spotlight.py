"""The spotlight: which neurons and weights one view lights up on the diagram of another."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from mlpsim.core.network import Network

if TYPE_CHECKING:  # imported by the panel that lights a chain
    from mlpsim.core.lessons.chain import BothPasses, Chain, PassStep

Node = tuple[int, int]  # layer and place from 0; layer 0 is the input


@dataclass(frozen=True)
class Light:
    """Lit neurons and parameters of a network; ``deltas`` are written at their neurons.

    ``now`` is the neuron whose turn it is.
    """

    network: Network
    nodes: tuple[Node, ...]
    parameters: tuple[int, ...]
    deltas: tuple[tuple[Node, float], ...] = ()
    now: Node | None = None


class Spotlight(QObject):
    """Holds the light that is on, or None."""

    changed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.light: Light | None = None

    def on(self, network: Network) -> Light | None:
        """The light, if it is cast on a network of this shape."""
        light = self.light
        return light if light is not None and light.network.has_shape_of(network) else None

    def show(self, light: Light | None) -> None:
        """Light up something else, or nothing."""
        if light != self.light:
            self.light = light
            self.changed.emit(light)


def light_of_chain(chain: "Chain") -> Light:
    """The way of the chain rule: from the parameter's origin to the loss, with δ on the way."""
    nodes: list[Node] = [(delta.layer + 1, delta.neuron) for delta in chain.deltas]
    parameters = [chain.parameter]
    for delta in chain.deltas:
        parameters += [term.parameter for term in delta.terms if term.neuron == delta.chosen]
    deltas = tuple((node, delta.value) for node, delta in zip(nodes, chain.deltas, strict=True))
    origin = [] if chain.origin is None else [(chain.layer, chain.origin)]
    return Light(
        chain.passes.problem.network, (*origin, *nodes), tuple(parameters), deltas, nodes[0]
    )


def light_of_steps(passes: "BothPasses", steps: "tuple[PassStep, ...]") -> Light:
    """Both passes as far as they have come; the last of the steps is the one under way."""
    network, last = passes.problem.network, steps[-1]
    layer, i = last.layer, last.neuron
    now = (layer + 1, i)
    inputs: list[Node] = [(0, j) for j in range(network.sizes[0])]
    reached = [(s.layer + 1, s.neuron) for s in steps if s.direction == "forward"]
    if last.direction == "forward":
        parameters = [
            network.weight_index(layer, i, j) for j in range(network.layout[layer].shape[1])
        ]
        biases = network.layout[layer].b
        if biases is not None:
            parameters.append(biases.start + i)
        return Light(network, (*inputs, *reached), tuple(parameters), (), now)
    outputs = [(network.depth, k) for k in range(network.sizes[-1])]
    if last.direction == "error":
        return Light(network, tuple(outputs), ())
    back = [s for s in steps if s.direction == "backward"]
    deltas = tuple(((s.layer + 1, s.neuron), float(passes.deltas[s.layer][s.neuron])) for s in back)
    above = range(network.sizes[layer + 2]) if layer + 1 < network.depth else ()
    parameters = [network.weight_index(layer + 1, k, i) for k in above]
    return Light(network, tuple(node for node, _ in deltas), tuple(parameters), deltas, now)
