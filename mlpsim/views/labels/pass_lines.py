"""The lines of both passes, neuron by neuron: z and a forwards, e, and δ backwards."""

from collections.abc import Callable

from mlpsim.core.lessons.chain import BothPasses, PassStep, delta_of
from mlpsim.core.network import Network
from mlpsim.views import labels
from mlpsim.views.labels.chain_lines import (
    LINE,
    Equation,
    below_names,
    delta_equation,
    function_tex,
    z_name,
    z_tex,
)
from mlpsim.views.labels.loss_factors import Factor, in_digits, prediction_name
from mlpsim.views.labels.numbers import factor as bracketed

MOST_TERMS = 3  # of a weighted sum that is written out
_ERRORS = {
    "squared_error": (r"(TARGET - HAT)^2", "(TARGET − HAT)²"),
    "half_squared_error": (r"\tfrac{1}{2} (TARGET - HAT)^2", "½(TARGET − HAT)²"),
    "absolute_error": (r"|TARGET - HAT|", "|TARGET − HAT|"),
    "huber": (r"\mathrm{Huber}(TARGET - HAT)", "Huber(TARGET − HAT)"),
    "hinge": (r"\max(0, 1 - TARGET \, HAT)", "max(0, 1 − TARGET·HAT)"),
    "bce_logits": (
        r"-TARGET \ln HAT - (1 - TARGET) \ln(1 - HAT)",
        "−TARGET·ln HAT − (1 − TARGET)·ln(1 − HAT)",
    ),
    "softmax_ce_logits": (r"-TARGET \ln HAT", "−TARGET·ln HAT"),
}


def title_of_step(network: Network, step: PassStep) -> str:
    """Where a step stands: backward, layer 2, neuron 1."""
    if step.direction == "error":
        return "the error"
    return f"{step.direction}: layer {step.layer + 1}, neuron {step.neuron + 1}"


def equations_of_step(passes: BothPasses, step: PassStep) -> tuple[Equation, ...]:
    """What is computed in a step of the passes."""
    if step.direction == "backward":
        return (delta_equation(passes, delta_of(passes, step.layer, step.neuron)),)
    if step.direction == "error":
        return (_error(passes),)
    return _weighted_sum(passes, step), _activation(passes, step)


def caption_of_step(passes: BothPasses, step: PassStep) -> str:
    """A step in one line: forward: z = w¹₁₁x₁ + w¹₁₂x₂ = 0, ŷ = σ(z) = 0.5."""
    lines = [
        f"{equation.plain} = {' · '.join(factor.plain for factor in equation.factors)}"
        f" = {labels.number(equation.value)}"
        for equation in equations_of_step(passes, step)
    ]
    return f"{step.direction}: {', '.join(lines)}"


def _weighted_sum(passes: BothPasses, step: PassStep) -> Equation:
    network, layer, i = passes.problem.network, step.layer, step.neuron
    slots, below = network.layout[layer], passes.a[layer].tolist()
    weights = [network.weight_index(layer, i, j) for j in range(slots.shape[1])]
    names = [below_names(network, layer, j) for j in range(slots.shape[1])]
    tex = [
        labels.parameter_tex(network, p) + f" {x}" for p, (x, _) in zip(weights, names, strict=True)
    ]
    plain = [labels.parameter(network, p) + x for p, (_, x) in zip(weights, names, strict=True)]
    bias = None if slots.b is None else slots.b.start + i
    values = [float(passes.theta[p]) for p in weights]
    many = len(weights) > MOST_TERMS
    if many:
        upper = f"^{{{layer + 1}}}"
        entering = below_names(network, layer, 0)[0].split("_")[0]
        tex = [rf"{{\textstyle \sum_j}} w{upper}_{{{i + 1}j}} {entering}_j"]
        plain = [*plain[:2], f"… {len(weights)} terms"]

    def numbers(digits: int) -> str:
        shown = 2 if many else len(weights)
        parts = [
            f"{bracketed(w, digits)}·{bracketed(x, digits)}"
            for w, x in zip(values[:shown], below[:shown], strict=True)
        ]
        parts += [f"… {len(weights)} terms"] if many else []
        parts += [] if bias is None else [bracketed(float(passes.theta[bias]), digits)]
        return " + ".join(parts)

    if bias is not None:
        tex.append(labels.parameter_tex(network, bias))
        plain.append(labels.parameter(network, bias))
    value = float(passes.z[layer][i])
    return Equation(
        z_tex(network, layer, i),
        z_name(network, layer, i),
        (Factor(" + ".join(tex), " + ".join(plain), in_digits(numbers), value, ""),),
        value,
        LINE,
    )


def _activation(passes: BothPasses, step: PassStep) -> Equation:
    problem, layer, i = passes.problem, step.layer, step.neuron
    network = problem.network
    z = float(passes.z[layer][i])
    if layer == network.depth - 1:
        tex, plain = prediction_name(network, i)
        value = float(passes.prediction[i])
    else:
        tex = f"a^{{{layer + 1}}}_{{{i + 1}}}"
        plain = labels.of_neuron("a", layer + 1, i)
        value = float(passes.a[layer + 1][i])
    last = layer == network.depth - 1
    symbol_tex, symbol = function_tex(network.activations[layer])
    if last and problem.loss.name == "bce_logits":
        symbol_tex, symbol = r"\sigma", "σ"
    z_of, named = z_tex(network, layer, i), z_name(network, layer, i)
    if last and problem.loss.name == "softmax_ce_logits":
        ratio = rf"e^{{{z_of}}} / {{\textstyle \sum_k}} e^{{z^{{{network.depth}}}_k}}"
        made = Factor(ratio, f"softmax(z){labels.sub(i + 1)}", in_digits(lambda d: ""), value, "")
    else:
        made = Factor(
            f"{symbol_tex}({z_of})",
            f"{symbol}({named})",
            in_digits(lambda digits: f"{symbol}({labels.number(z, digits)})"),
            value,
            "",
        )
    return Equation(tex, plain, (made,), value, LINE)


def _error(passes: BothPasses) -> Equation:
    problem = passes.problem
    outputs = problem.network.sizes[-1]
    tex, plain = _ERRORS[problem.loss.name]
    names = {"HAT": (r"\hat{y}", "ŷ"), "TARGET": ("y", "y")}
    if outputs > 1:
        names = {"HAT": (r"\hat{y}_k", "ŷₖ"), "TARGET": ("y_k", "yₖ")}
        tex, plain = rf"{{\textstyle \sum_k}} \left({tex}\right)", f"Σₖ ({plain})"
    for name, (in_tex, in_text) in names.items():
        tex, plain = tex.replace(name, in_tex), plain.replace(name, in_text)
    made = Factor(tex, plain, in_digits(_written_error(passes)), passes.error, "")
    return Equation("e^s", labels.sample_error(passes.sample), (made,), passes.error, LINE)


def _written_error(passes: BothPasses) -> Callable[[int], str]:
    name = passes.problem.loss.name
    hat, y = float(passes.prediction[0]), float(passes.target[0])
    forms = {
        "squared_error": "({})²",
        "half_squared_error": "½({})²",
        "absolute_error": "|{}|",
    }

    def write(digits: int) -> str:
        if name not in forms or len(passes.target) > 1:
            return ""
        return forms[name].format(f"{labels.number(y, digits)} − {bracketed(hat, digits)}")

    return write
