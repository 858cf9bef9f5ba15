"""What is said of an activation: continuous, monotonic or not, and its limits."""

import numpy as np

from mlpsim.core.activations import SIGMOID, Activation
from mlpsim.core.lessons.activation_facts import facts
from mlpsim.core.losses import Loss
from mlpsim.core.problem import quiet
from mlpsim.views import labels
from mlpsim.views.labels.chain_lines import function_tex

_MONOTONIC = {
    "strictly increasing": "monotonic (strictly increasing)",
    "increasing": "monotonic (never falling, flat in parts)",
    "no": "not monotonic",
}


def activation_facts(activation: Activation) -> str:
    """σ is continuous, monotonic (…); σ(z) → 0 for z → −∞ and 1 for z → +∞."""
    known, (_, symbol) = facts(activation), function_tex(activation)
    kink = ", with a kink at z = 0" if known.kink else ""
    if known.lower is None or known.upper is None:
        limits = f"{symbol}(z) has no limit for z → ±∞"
    else:
        low, high = labels.number(known.lower), labels.number(known.upper)
        limits = f"{symbol}(z) → {low} for z → −∞ and → {high} for z → +∞"
    return f"{symbol} is continuous{kink}, {_MONOTONIC[known.monotonic]}; {limits}."


def output_facts(loss: Loss) -> str:
    """The same of what makes ŷ of the output of a loss on logits."""
    if loss.name == "bce_logits":
        return f"ŷ = σ(z): {activation_facts(SIGMOID)}"
    return (
        "ŷ = softmax(z) takes all outputs together: continuous, each ŷ grows with its own z"
        " and falls with the others, and they add up to 1. Here is z itself."
    )


@quiet()
def slope_words(activation: Activation, z_name: str, z: float, sample: int) -> str:
    """Sample 1: z = 0, σ(z) = 0.5; the tangent's slope is σ′(z) = 0.25."""
    at = np.array([z])
    a = activation.fn(at)
    slope = float(activation.slope(at, a)[0])
    _, symbol = function_tex(activation)
    return (
        f"Sample {sample + 1}: {z_name} = {labels.number(z)}, {symbol}({z_name}) ="
        f" {labels.number(float(a[0]))}; the tangent's slope is"
        f" {symbol}′({z_name}) = {labels.number(slope)}."
    )
