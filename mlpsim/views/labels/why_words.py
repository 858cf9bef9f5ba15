"""The words for a diagnosis and for a gradient check."""

from math import isfinite

from mlpsim.core.curvature import TOLERANCE
from mlpsim.core.lessons.diagnosis import Diagnosis
from mlpsim.core.lessons.gradient_check import GradientCheck
from mlpsim.core.network import Network
from mlpsim.core.run import Run
from mlpsim.views.labels.formulas import objective_symbol
from mlpsim.views.labels.numbers import count, number, signed, whole
from mlpsim.views.labels.observations import convergence, divergence
from mlpsim.views.labels.parameters import parameter

_HEADLINES = {
    "diverging": "Diverging",
    "saturated": "Saturated",
    "boundary": "On the boundary of C",
    "stationary": f"Gradient below τ = {number(TOLERANCE)}",
    "slow": "Only slow",
    "moving": "Not stopped",
}
_MOST_NAMED = 6


def headline(found: Diagnosis) -> str:
    """The diagnosis in a few words; not optimal only where a lower value is known."""
    text = _HEADLINES[found.kind]
    is_lower = found.kind == "saturated" and found.lower is not None
    return f"{text}, not optimal" if is_lower else text


def reason(found: Diagnosis, run: Run, k: int) -> str:
    """Why, with the numbers."""
    symbol = objective_symbol(run.segment_at(k).experiment.problem)
    gradient = f"‖∇{symbol}‖ = {number(found.gradient_norm, 3)}"
    at = f"{_about(symbol, found.value)} and {gradient}"
    if found.kind == "diverging":
        return f"{divergence(run)} {_culprit(found)}".strip()
    if found.kind == "saturated":
        lower = (
            ""
            if found.lower is None
            else f" {_about(symbol, found.lower)} is known to be reached elsewhere in C."
        )
        return f"{at}: σ′(z) is nearly 0 for {_held(found)}, though still wrong.{lower}"
    if found.kind == "boundary":
        small = number(found.stationarity, 3)
        if found.stationarity > TOLERANCE:
            return f"{at}, but the projected gradient is {small}: the edge of C takes the rest."
        small = f"{small} ≤ {number(TOLERANCE)}"
        return f"{at}, but the projected gradient is {small}: the edge of C stops the step."
    if found.kind == "stationary":
        return convergence(run, k)
    return f"{at}. {_change(run, k, symbol)}"


def check_sentence(check: GradientCheck | None, network: Network) -> str:
    """Whether backpropagation agrees with central differences, and the worst weight."""
    if check is None:
        return "Gradient check: could not be computed."
    name = parameter(network, check.worst)
    told = "✓ agrees with" if check.agrees else "✗ differs from"
    return (
        f"Gradient check: {told} central differences; worst at {name}: "
        f"{number(check.gradient)} against {number(check.difference)}, "
        f"{number(check.distance, 2)} apart."
    )


def _about(symbol: str, value: float) -> str:
    """E = 0.4339, but E ≈ 3 where the digits look like the whole number that it is not."""
    text = number(value, 4)
    is_rounded = isfinite(value) and value != round(value) and text == number(round(value))
    return f"{symbol} {'≈' if is_rounded else '='} {text}"


def _held(found: Diagnosis) -> str:
    samples = found.held.tolist()
    if len(samples) > _MOST_NAMED:
        return count(len(samples), "sample")
    word = "sample" if len(samples) == 1 else "samples"
    return f"{word} {', '.join(str(s + 1) for s in samples)}"


def _culprit(found: Diagnosis) -> str:
    if found.culprit is None:
        return ""
    sample, size = whole(found.culprit.sample + 1), number(found.culprit.size, 3)
    return (
        f"The largest error is that of sample {sample}; its factor {found.culprit.factor} = {size}."
    )


def _change(run: Run, k: int, symbol: str) -> str:
    if k == 0:
        return "No step has been taken yet."
    change = signed(run.value(k) - run.value(k - 1), 3)
    return f"The last step changed {symbol} by {change}."
