"""Names of parameters, inputs, targets and samples, in the lecture's symbols."""

from collections.abc import Iterable
from functools import lru_cache

from mlpsim.core.dataset import Dataset
from mlpsim.core.features import Function
from mlpsim.core.network import Network
from mlpsim.views.labels.numbers import number, sub, sup


def _indices(i: int, j: int | None) -> str:
    if j is None:
        return str(i + 1)
    return f"{i + 1}{',' if i > 8 or j > 8 else ''}{j + 1}"


def parameter(network: Network, p: int) -> str:
    """w¹₁₂ (layer, to, from) or b¹₁."""
    layer, i, j = network.place(p)
    letter = "b" if j is None else "w"
    return f"{letter}{sup(layer + 1)}{sub(_indices(i, j))}"


def axes(network: Network, parameters: tuple[int, ...]) -> tuple[str, str]:
    """The names of a plane's axes: of the two weights that they are, or else α and β."""
    if len(parameters) != 2:
        return "α", "β"
    return parameter(network, parameters[0]), parameter(network, parameters[1])


def parameter_tex(network: Network, p: int) -> str:
    """The same for a formula: w^{1}_{12}."""
    layer, i, j = network.place(p)
    letter = "b" if j is None else "w"
    return f"{letter}^{{{layer + 1}}}_{{{_indices(i, j)}}}"


def parameter_words(network: Network, p: int) -> str:
    """What a parameter is, for tooltips and screen readers."""
    layer, i, j = network.place(p)
    if j is None:
        return f"bias of neuron {i + 1} in layer {layer + 1}"
    source = f"input {j + 1}" if layer == 0 else f"neuron {j + 1} of layer {layer}"
    return f"weight from {source} to neuron {i + 1} of layer {layer + 1}"


def parameter_choices(network: Network, parameters: Iterable[int]) -> list[tuple[int, str, str]]:
    """Parameters as choices: their places in theta, their names, and what they are."""
    return [(p, parameter(network, p), parameter_words(network, p)) for p in parameters]


def of_neuron(letter: str, layer: int, i: int) -> str:
    """a¹₂: what belongs to neuron i (from 0) of a layer (0: the inputs)."""
    return f"{letter}{sup(layer)}{sub(i + 1)}"


@lru_cache(maxsize=64)
def inputs(n: int) -> tuple[str, ...]:
    """x₁ x₂ …; a single input is x."""
    return ("x",) if n == 1 else tuple(f"x{sub(j + 1)}" for j in range(n))


def input_formula(n: int, function: Function, of: tuple[int, ...]) -> str:
    """What computes one of n inputs from others: x₁², x₁x₂, sin x₁."""
    symbols = inputs(n)
    if function == "sin":
        return f"sin {symbols[of[0]]}"
    powers = [(symbols[i], of.count(i)) for i in dict.fromkeys(of)]
    return "".join(f"{symbol}{sup(power) if power > 1 else ''}" for symbol, power in powers)


def input_symbols(data: Dataset) -> tuple[str, ...]:
    """x₁ x₂ …, and the formulas of those that are computed."""
    symbols = list(inputs(data.n_features))
    for j, feature in enumerate(data.features):
        if feature.function:
            symbols[j] = input_formula(data.n_features, feature.function, feature.of)
    return tuple(symbols)


def named_input(data: Dataset, j: int) -> str:
    """x₁ with what it is called, and that it is scaled: "x₁ petal length (cm), scaled".

    One that is computed with its formula: "x₃ = x₁x₂".
    """
    symbol = inputs(data.n_features)[j]
    feature = data.each_feature[j]
    named = f"{symbol} {feature.name}" if feature.name else symbol
    if feature.function:
        named = f"{named} = {input_symbols(data)[j]}"
    return f"{named}, scaled" if feature.is_scaled else named


def unit_of_input(data: Dataset, j: int) -> str:
    """How a scaled input comes from what was measured: "x₁ = (petal length (cm) − 3.76) / 1.76"."""
    feature = data.each_feature[j]
    symbol, formula = inputs(data.n_features)[j], input_symbols(data)[j]
    if any(data.features[i].is_scaled for i in feature.of):
        formula = f"{formula} as measured"
    if not feature.is_scaled:
        return f"{symbol} = {formula}" if feature.function else ""
    sign = "+" if feature.shift < 0.0 else "−"
    name = formula if feature.function else feature.name or "measured"
    return f"{symbol} = ({name} {sign} {number(abs(feature.shift))}) / {number(feature.scale)}"


def named_target(data: Dataset, i: int) -> str:
    """y₁ with what it is called, if that is known."""
    symbol = targets(data.n_outputs)[i]
    return f"{symbol} {data.labels[i]}" if len(data.labels) == data.n_outputs else symbol


def class_name(label: int, data: Dataset | None = None) -> str:
    """The name that the data give a class (from 0), else A, B, C …"""
    if data is not None and label < len(data.labels) and len(data.labels) > 1:
        return data.labels[label]
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    return letters[label] if label < len(letters) else str(label + 1)


def targets(n: int) -> tuple[str, ...]:
    """y₁ y₂ …; a single target is y."""
    return ("y",) if n == 1 else tuple(f"y{sub(i + 1)}" for i in range(n))


def predictions(n: int) -> tuple[str, ...]:
    """ŷ₁ ŷ₂ …; a single prediction is ŷ."""
    return ("ŷ",) if n == 1 else tuple(f"ŷ{sub(i + 1)}" for i in range(n))


SAMPLE_ERROR = "eˢ"


def sample_error(s: int) -> str:
    """e¹ for sample 0."""
    return f"e{sup(s + 1)}"
