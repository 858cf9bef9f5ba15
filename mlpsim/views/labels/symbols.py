"""Symbols: a sample's prediction and error as the lecture writes them, σ(−3w¹₁₁ − 3w¹₁₂)."""

from collections.abc import Sequence

from mlpsim.core.arrays import Array
from mlpsim.core.network import Network
from mlpsim.core.problem import Problem
from mlpsim.views.labels import (
    MINUS,
    activation_symbol,
    number,
    of_neuron,
    parameter,
    predictions,
    sample_error,
    sub,
)

MAX_TERMS = 6
_SUPERSCRIPTS = tuple("⁰¹²³⁴⁵⁶⁷⁸⁹")


def predictions_in_symbols(problem: Problem, s: int) -> tuple[str, ...]:
    """ŷ of sample s (from 0), one text for each output.

    With one layer the sample's inputs stand in it: σ(−3w¹₁₁ − 3w¹₁₂); with more, the activations
    below the last layer: σ(w²₁₁a¹₁ + w²₁₂a¹₂).
    """
    network, layer = problem.network, problem.network.depth - 1
    below: Sequence[float | str] = (
        problem.data.x[s].tolist() if layer == 0 else activations(layer, network.sizes[layer])
    )
    sums = [weighted_sum(network, layer, i, below) for i in range(network.sizes[-1])]
    if problem.loss.labels == "one_hot":
        inside = ", ".join(sums) if len(sums) == 1 or layer == 0 else "z"
        return tuple(f"softmax({inside}){sub(i + 1)}" for i in range(len(sums)))
    symbol = activation_symbol(network.activations[-1])
    if problem.loss.on_logits:
        symbol = "σ"
    return tuple(f"{symbol}({text})" if symbol else text for text in sums)


def hidden_in_symbols(problem: Problem, s: int) -> str:
    """What the hidden activations of sample s are, line by line; empty with one layer."""
    network = problem.network
    lines = []
    for layer in range(network.depth - 1):
        below: Sequence[float | str] = (
            problem.data.x[s].tolist() if layer == 0 else activations(layer, network.sizes[layer])
        )
        symbol = activation_symbol(network.activations[layer])
        names = activations(layer + 1, network.sizes[layer + 1])
        for i, name in enumerate(names[:MAX_TERMS]):
            text = weighted_sum(network, layer, i, below)
            lines.append(f"{name} = {symbol}({text})" if symbol else f"{name} = {text}")
        if len(names) > MAX_TERMS:
            lines.append("…")
    return "\n".join(lines)


def error_in_symbols(problem: Problem, s: int) -> str:
    """eˢ of sample s (from 0): (1 − σ(−3w¹₁₁ − 3w¹₁₂))² for a target of 1."""
    network, y = problem.network, problem.data.y[s]
    texts = predictions_in_symbols(problem, s)
    is_sum = not activation_symbol(network.activations[-1]) and not problem.loss.on_logits
    if network.depth > 1 or len(texts) > 1:
        texts, is_sum = predictions(len(texts)), False
    if problem.loss.labels == "one_hot":
        return _softmax_error(y, texts)
    terms = [
        _error(problem.loss.name, target, text, is_sum)
        for target, text in zip(y.tolist(), texts, strict=True)
    ]
    return " + ".join(terms[:MAX_TERMS]) + (" + …" if len(terms) > MAX_TERMS else "")


def total_in_symbols(problem: Problem) -> str:
    """E as a sum of the samples' errors: e¹ + e² + e³ + e⁴."""
    samples = len(problem.data)
    names = [sample_error(s) for s in range(min(samples, 4))]
    if samples > 4:
        names = [sample_error(0), sample_error(1), "…", sample_error(samples - 1)]
    text = " + ".join(names)
    return text if problem.reduction == "sum" else f"({text}) / {samples}"


def weighted_sum(network: Network, layer: int, i: int, below: Sequence[float | str]) -> str:
    """z of neuron i of a layer (both from 0): weights times what is below, plus the bias."""
    slots = network.layout[layer]
    text = ""
    left_out = False
    for j, factor in enumerate(below):
        if factor == 0.0:
            continue
        left_out = j >= MAX_TERMS
        if left_out:
            break
        weight = parameter(network, network.weight_index(layer, i, j))
        text = _plus(text, *_term(factor, weight))
    if left_out:
        text += " + …"
    if slots.b is not None:
        text = _plus(text, "+", parameter(network, slots.b.start + i))
    return text or "0"


def _term(factor: float | str, weight: str) -> tuple[str, str]:
    if isinstance(factor, str):
        return "+", weight + factor
    size = "" if abs(factor) == 1.0 else number(abs(factor))
    dot = "·" if size.endswith(_SUPERSCRIPTS) else ""
    return ("+" if factor > 0.0 else MINUS), f"{size}{dot}{weight}"


def _plus(text: str, sign: str, term: str) -> str:
    if not text:
        return term if sign == "+" else f"{MINUS}{term}"
    return f"{text} {sign} {term}"


def activations(layer: int, width: int) -> tuple[str, ...]:
    """The names of a layer's activations: a¹₁, a¹₂ …"""
    return tuple(of_neuron("a", layer, i) for i in range(width))


def _error(loss: str, y: float, prediction: str, is_sum: bool) -> str:
    wrapped = f"({prediction})" if is_sum else prediction
    difference = f"{number(y)} {MINUS} {wrapped}" if y else f"{MINUS}{wrapped}"
    if loss in ("squared_error", "half_squared_error"):
        half = "½" if loss == "half_squared_error" else ""
        return f"{half}({difference})²" if y else f"{half}{wrapped}²"
    if loss == "absolute_error":
        return f"|{difference}|" if y else f"|{prediction}|"
    if loss == "hinge":
        sign = MINUS if y > 0.0 else "+"
        factor = "" if abs(y) == 1.0 else f"{number(abs(y))}·"
        return f"max(0, 1 {sign} {factor}{wrapped})"
    if loss == "bce_logits":
        return _cross_entropy(y, prediction)
    return f"{loss}({difference})"


def _cross_entropy(y: float, prediction: str) -> str:
    hit, miss = f"ln {prediction}", f"ln(1 {MINUS} {prediction})"
    if y in (0.0, 1.0):
        return f"{MINUS}{hit if y else miss}"
    return f"{MINUS}{number(y)}·{hit} {MINUS} {number(1.0 - y)}·{miss}"


def _softmax_error(y: Array, texts: Sequence[str]) -> str:
    terms = [
        f"{'' if target == 1.0 else f'{number(target)}·'}ln {text}"
        for target, text in zip(y.tolist(), texts, strict=True)
        if target
    ]
    return MINUS + f" {MINUS} ".join(terms) if terms else "0"
