"""Homework in words: what an exercise gives and asks, and what is said of an answer."""

from collections.abc import Sequence

from mlpsim.core.feasible import WholeSpace
from mlpsim.core.lessons.exercise import Exercise, Quantity
from mlpsim.core.lessons.homework import Judgement, Miss
from mlpsim.core.lessons.slips import Slip, SlipKind
from mlpsim.core.problem import Problem
from mlpsim.views import labels
from mlpsim.views.labels.symbols import activations, weighted_sum

TOLERANCE = (
    "Right within 1 %, or rounded to two digits or more; w⁺ also within a quarter of the step."
)

_BESIDE = "    "  # between short lines that are joined
_LINE = 48  # signs of a line, at most, so joined

SLIPS: dict[SlipKind, str] = {
    "sign": "the sign is the wrong way round",
    "factor_two": "the factor 2 is missing: (y − ŷ)² has the slope 2(ŷ − y)",
    "factor_two_and_sign": "the factor 2 is missing, and the sign is the wrong way round",
    "half": "there is no ½ in this error",
    "no_half": "the ½ of this error is missing",
    "square": "the difference is not squared",
    "activation": "this is z, without the activation",
    "slope": "the activation's slope σ′(z) is missing",
    "input": "the last factor is missing: what enters the weight",
    "mean": "divided by {n}: not the mean is asked, but the sum",
    "sum": "this is the plain sum Σ ∇eˢ: its factor is missing",
    "stale": "calculated with the state before",
    "sample": "this is sample {s}",
    "one_of_batch": "this is sample {s} alone: all of the batch add up",
    "all_samples": "this is the sum over all samples",
    "parameter": "this is the value for {p}",
    "rate": "η is missing",
    "added": "added instead of subtracted: w − η·g goes down",
    "change": "this is the change alone: w is missing",
    "unmoved": "this is w, which has not moved",
    "projection": "this lies outside C: it has to be projected",
}
_IN_THE_GRADIENT = {
    "sign",
    "factor_two",
    "factor_two_and_sign",
    "no_half",
    "slope",
    "input",
    "mean",
    "sum",
    "sample",
    "one_of_batch",
    "all_samples",
}


def verdict_words(task: Exercise, quantity: Quantity, verdict: Judgement) -> str:
    """Right, or the likely slip, or that none was recognised."""
    if verdict.right:
        return "✓ right"
    if verdict.slip is None:
        return "✗ not right"
    return f"✗ {_slip_words(task, quantity, verdict.slip)}"


def _slip_words(task: Exercise, quantity: Quantity, slip: Slip) -> str:
    text = SLIPS[slip.kind]
    if slip.detail is not None:
        fills = {"n": slip.detail, "s": slip.detail + 1}
        network = task.problem.network
        name = labels.parameter(network, slip.detail) if slip.kind == "parameter" else ""
        text = text.format(**fills, p=name)
    if quantity.kind == "prediction" and slip.kind == "sign":
        text = "the sign of z is the wrong way round"
    if quantity.kind == "weight" and slip.kind in _IN_THE_GRADIENT:
        text = f"in the gradient: {text}"
    return text


def quantity_name(task: Exercise, quantity: Quantity) -> str:
    """ŷ⁴, e⁴, ∂e⁴/∂w¹₁₁ and w¹₁₁⁺; a scaled or penalised step gradient is g."""
    network = task.problem.network
    if quantity.sample is not None:
        s = labels.sup(quantity.sample + 1)
        if quantity.kind == "error":
            return f"e{s}"
        names = labels.predictions(network.sizes[-1])
        return f"{names[quantity.place][:2]}{s}{names[quantity.place][2:]}"
    name = labels.parameter(network, quantity.place)
    if quantity.kind == "weight":
        return f"{name}⁺"
    if not is_plain(task):
        return f"g at {name}"
    if len(task.batch) == 1:
        return f"∂e{labels.sup(task.batch[0] + 1)}/∂{name}"
    return f"Σ ∂eˢ/∂{name}"


def quantity_words(quantity: Quantity, name: str) -> str:
    """What a quantity is, for tooltips and screen readers."""
    kinds = {
        "prediction": "the prediction",
        "error": "the error",
        "gradient": "the gradient of the step",
        "weight": "the weight after the step",
    }
    return f"{name}, {kinds[quantity.kind]}"


def is_plain(task: Exercise) -> bool:
    """Whether g is the sum of the batch's gradients and nothing else."""
    problem = task.problem
    return (problem.reduction, task.experiment.scaling) == ("sum", "batch_sum") and not (
        problem.penalty
    )


def given(task: Exercise, with_before: bool = True) -> tuple[str, ...]:
    """The state (and that before it), the rate and the samples of the batch, line by line."""
    data, network = task.problem.data, task.problem.network
    names = [labels.parameter(network, p) for p in range(network.n_params)]
    lines = [f"now  {_equations(names, task.theta)}"]
    if with_before and task.before != task.theta:
        lines.append(f"one step before  {_equations(names, task.before)}")
    lines.append(f"η = {labels.number(task.rate)}")
    for s in task.batch:
        x = _equations(labels.inputs(data.n_features), data.x[s].tolist())
        y = _equations(labels.targets(data.n_outputs), data.y[s].tolist())
        lines.append(f"sample {s + 1}:  {x};  {y}")
    return tuple(lines)


def _equations(names: list[str] | tuple[str, ...], values: tuple[float, ...] | list[float]) -> str:
    pairs = zip(names, values, strict=True)
    return ",  ".join(f"{name} = {labels.number(value)}" for name, value in pairs)


def formulas(task: Exercise) -> tuple[str, ...]:
    """How ŷ, e and w⁺ are calculated, line by line."""
    problem, network = task.problem, task.problem.network
    lines, names = list[str](), labels.inputs(network.sizes[0])
    for layer, activation in enumerate(network.activations):
        below, symbol = names, labels.activation_symbol(activation)
        is_last = layer == network.depth - 1
        width = network.sizes[layer + 1]
        names = _outputs(problem) if is_last else activations(layer + 1, width)
        for i, name in enumerate(names):
            text = weighted_sum(network, layer, i, below)
            lines.append(f"{name} = {symbol}({text})" if symbol else f"{name} = {text}")
    if "sigmoid" in {a.name for a in network.activations} or problem.loss.name == "bce_logits":
        lines.append("σ(z) = 1/(1 + e⁻ᶻ)")
    lines.append(labels.loss_formula(problem.loss, network.sizes[-1]))
    step = "w − η·g"
    if not isinstance(problem.feasible, WholeSpace):
        step = f"projection of {step} onto C"
    lines.append(f"w⁺ = {step}")
    if is_plain(task):
        lines.append("g = Σ ∂eˢ/∂w, s in batch" if len(task.batch) > 1 else "g = ∂eˢ/∂w")
    else:
        lines.append(labels.scaling_formula(problem, task.experiment.scaling))
        if problem.penalty:
            lines.append(f"R = {labels.penalty_formula(problem.penalty)}")
    return tuple(lines)


def _outputs(problem: Problem) -> tuple[str, ...]:
    """The names of what the last layer gives: predictions, or logits."""
    names = labels.predictions(problem.network.sizes[-1])
    return tuple(name.replace("ŷ", "z") for name in names) if problem.loss.on_logits else names


def side_by_side(parts: Sequence[str]) -> list[str]:
    """Short lines joined, in order."""
    lines = [parts[0]]
    for part in parts[1:]:
        if len(lines[-1]) + len(_BESIDE) + len(part) <= _LINE:
            lines[-1] += _BESIDE + part
        else:
            lines.append(part)
    return lines


def miss_words(found: Miss) -> str:
    """How far a guessed step is from the true one."""
    text = f"{labels.number(found.distance, 3)} away from w⁺"
    if found.angle is None:
        return f"{text}; a step that does not move has no direction."
    return f"{text}; its direction is off by {labels.number(round(found.angle, 1), 3)}°."
