"""Surgery: an experiment with another network, and what else had to change with it.

Every function returns the new experiment and a sentence on what it changed besides the network,
empty if nothing. Layers are counted as on screen: layer 0 is the input, layer L the output.
"""

from dataclasses import replace
from typing import TypeVar

from mlpsim.core.activations import TANH, Activation
from mlpsim.core.experiment import Experiment
from mlpsim.core.feasible import FeasibleSet, WholeSpace
from mlpsim.core.network import MAX_LAYERS, MAX_WIDTH, Network
from mlpsim.core.optimizer import Optimizer
from mlpsim.core.optimizers import GradientDescent
from mlpsim.core.second_order import MOST_PARAMS, check_hessian
from mlpsim.core.starts import Given, GlorotUniform, Start

NEW_LAYER_WIDTH = 4

Entry = TypeVar("Entry")
Outcome = tuple[Experiment, str]


def with_activation(experiment: Experiment, layer: int, activation: Activation) -> Outcome:
    """Layer 1…L with another activation: the parameters stay as they are."""
    network = experiment.problem.network
    _check_computes(network, layer)
    activations = _replaced(network.activations, layer - 1, activation)
    return _with_network(experiment, replace(network, activations=activations))


def with_bias(experiment: Experiment, layer: int, bias: bool) -> Outcome:
    """Layer 1…L with or without biases; a written start keeps its weights, new biases are 0."""
    network = experiment.problem.network
    _check_computes(network, layer)
    if network.bias[layer - 1] == bias:
        return experiment, ""
    changed = replace(network, bias=_replaced(network.bias, layer - 1, bias))
    start = experiment.start
    if isinstance(start, Given):
        start = _with_biases_of(start, network, changed)
    return _with_network(experiment, changed, start)


def with_width(experiment: Experiment, layer: int, width: int) -> Outcome:
    """Hidden layer 1…L−1 with ``width`` neurons."""
    network = experiment.problem.network
    _check_hidden(network, layer)
    if not 1 <= width <= MAX_WIDTH:
        raise ValueError(f"a layer has 1 to {MAX_WIDTH} neurons, not {width}")
    if network.sizes[layer] == width:
        return experiment, ""
    return _with_network(experiment, replace(network, sizes=_replaced(network.sizes, layer, width)))


def with_layer_after(experiment: Experiment, layer: int) -> Outcome:
    """A new hidden layer behind layer 0…L−1, like that one if it is hidden, else 4 tanh neurons."""
    network = experiment.problem.network
    if not 0 <= layer < network.depth:
        raise ValueError(f"no layer can follow layer {layer} of 0 to {network.depth}")
    if network.depth == MAX_LAYERS:
        raise ValueError(f"a network has at most {MAX_LAYERS} layers")
    width, activation, bias = NEW_LAYER_WIDTH, TANH, True
    if layer > 0:
        width = network.sizes[layer]
        activation, bias = network.activations[layer - 1], network.bias[layer - 1]
    changed = Network(
        (*network.sizes[: layer + 1], width, *network.sizes[layer + 1 :]),
        (*network.activations[:layer], activation, *network.activations[layer:]),
        (*network.bias[:layer], bias, *network.bias[layer:]),
    )
    return _with_network(experiment, changed)


def without_layer(experiment: Experiment, layer: int) -> Outcome:
    """The network without its hidden layer 1…L−1."""
    network = experiment.problem.network
    _check_hidden(network, layer)
    changed = Network(
        network.sizes[:layer] + network.sizes[layer + 1 :],
        network.activations[: layer - 1] + network.activations[layer:],
        network.bias[: layer - 1] + network.bias[layer:],
    )
    return _with_network(experiment, changed)


def fitting_start(start: Start, network: Network) -> tuple[Start, str]:
    """A start for ``network``: the same, unless it is written for another number of parameters."""
    if not isinstance(start, Given) or len(start.values) == network.n_params:
        return start, ""
    return GlorotUniform(seed=0), (
        f"The start had {len(start.values)} values for now {network.n_params} parameters:"
        " it is Glorot uniform with seed 0."
    )


def fitting_set(feasible: FeasibleSet, network: Network) -> tuple[FeasibleSet, str]:
    """A feasible set for ``network``: the same, or the whole space if its dimension differs."""
    try:
        feasible.check(network.n_params)
    except ValueError:
        return WholeSpace(), (
            f"C did not fit {network.n_params} parameters: it is the whole space again."
        )
    return feasible, ""


def fitting_optimizer(optimizer: Optimizer, network: Network) -> tuple[Optimizer, str]:
    """An optimizer for ``network``: the same, unless it would take too large a Hessian."""
    try:
        check_hessian(optimizer, network.n_params)
    except ValueError:
        return GradientDescent(), (
            f"The Hessian is taken of at most {MOST_PARAMS} parameters, and there are"
            f" {network.n_params} now: the optimizer is gradient descent."
        )
    return optimizer, ""


def _with_network(experiment: Experiment, network: Network, start: Start | None = None) -> Outcome:
    """The experiment with another network between the same data, and what had to change."""
    start, about_start = fitting_start(start or experiment.start, network)
    feasible, about_set = fitting_set(experiment.problem.feasible, network)
    optimizer, about_optimizer = fitting_optimizer(experiment.optimizer, network)
    problem = replace(experiment.problem, network=network, feasible=feasible)
    changed = replace(experiment, problem=problem, optimizer=optimizer, start=start)
    return changed, " ".join(filter(None, (about_start, about_set, about_optimizer)))


def _with_biases_of(start: Given, before: Network, after: Network) -> Given:
    values: list[float] = []
    for old, new in zip(before.layout, after.layout, strict=True):
        values += start.values[old.w]
        if new.b is not None:
            values += start.values[old.b] if old.b is not None else [0.0] * new.shape[0]
    return Given(tuple(values))


def _replaced(values: tuple[Entry, ...], place: int, value: Entry) -> tuple[Entry, ...]:
    return (*values[:place], value, *values[place + 1 :])


def _check_computes(network: Network, layer: int) -> None:
    if not 1 <= layer <= network.depth:
        raise ValueError(f"layer {layer} is not one of the layers 1 to {network.depth}")


def _check_hidden(network: Network, layer: int) -> None:
    if not 1 <= layer < network.depth:
        raise ValueError(f"layer {layer} is not a hidden layer")
