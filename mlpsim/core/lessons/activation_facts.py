"""Facts of activations: continuity, monotony and limits, which no plot can prove."""

from dataclasses import dataclass
from math import inf

from mlpsim.core.activations import Activation


@dataclass(frozen=True)
class Facts:
    """What holds of a continuous activation on all of R.

    ``monotonic`` is "strictly increasing", "increasing" (never falling) or "no". The limits are
    those for z → −∞ and z → +∞, None where there is none. ``kink`` says that there is no slope
    at z = 0.
    """

    monotonic: str
    lower: float | None
    upper: float | None
    kink: bool = False


_FACTS = {
    "identity": Facts("strictly increasing", -inf, inf),
    "sigmoid": Facts("strictly increasing", 0.0, 1.0),
    "tanh": Facts("strictly increasing", -1.0, 1.0),
    "relu": Facts("increasing", 0.0, inf, kink=True),
    "softplus": Facts("strictly increasing", 0.0, inf),
    "gelu": Facts("no", 0.0, inf),
    "sin": Facts("no", None, None),
}


def facts(activation: Activation) -> Facts:
    """The facts of an activation with its hyperparameter."""
    value = activation.value
    if activation.name == "leaky_relu":
        if value == 0.0:
            return _FACTS["relu"]
        monotonic = "strictly increasing" if value > 0.0 else "no"
        return Facts(monotonic, -inf if value > 0.0 else inf, inf, kink=value != 1.0)
    if activation.name == "elu":
        if value == 0.0:
            return _FACTS["relu"]
        return Facts("strictly increasing" if value > 0.0 else "no", -value, inf, value != 1.0)
    return _FACTS[activation.name]
