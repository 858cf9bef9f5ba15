"""The first factor of the chain rule: how e changes with the output, for every loss."""

from collections.abc import Callable
from dataclasses import dataclass

from mlpsim.core.lessons.chain import BothPasses
from mlpsim.core.network import Network
from mlpsim.views.labels.numbers import factor as bracketed
from mlpsim.views.labels.numbers import number
from mlpsim.views.labels.parameters import of_neuron, predictions, targets

DIGITS = (5, 4, 3, 2)  # of the numbers, from the fullest text to the shortest
CANCELS = "{0}: the slope of {1} cancels against that of ln, so that δ = ŷ − y."


@dataclass(frozen=True)
class Factor:
    """A factor: in TeX and as text, with its numbers from the fullest text to the shortest.

    ``derivative`` says which derivative it is, ∂ŷ/∂z.
    """

    tex: str
    plain: str
    numbers: tuple[str, ...]
    value: float
    derivative: str


def in_digits(write: Callable[[int], str]) -> tuple[str, ...]:
    """The numbers of a factor, of which ``write`` makes the text with so many digits."""
    return tuple(write(digits) for digits in DIGITS)


def prediction_name(network: Network, i: int) -> tuple[str, str]:
    """The TeX and the text of ŷ at output i (from 0)."""
    outputs = network.sizes[-1]
    tex = r"\hat{y}" if outputs == 1 else rf"\hat{{y}}_{{{i + 1}}}"
    return tex, predictions(outputs)[i]


def loss_factor(passes: BothPasses, i: int) -> tuple[Factor, str]:
    """∂e/∂output at output i (from 0), or δ itself for a loss on logits; and a sentence on it."""
    problem = passes.problem
    network, loss = problem.network, problem.loss
    hat_tex, hat = prediction_name(network, i)
    y = targets(network.sizes[-1])[i]
    y_tex = "y" if network.sizes[-1] == 1 else f"y_{{{i + 1}}}"
    value = float(passes.above[-1][i])
    made, note = _FORMS[loss.name](passes, i, value)
    tex, plain, write = made
    names = {"HAT": hat_tex, "TARGET": y_tex}, {"HAT": hat, "TARGET": y}
    for name in ("HAT", "TARGET"):
        tex, plain = tex.replace(name, names[0][name]), plain.replace(name, names[1][name])
    where = hat
    if loss.on_logits:
        where = "z" if network.sizes[1:] == (1,) else of_neuron("z", network.depth, i)
    return Factor(tex, plain, in_digits(write), value, f"∂e/∂{where}"), note


def _difference(passes: BothPasses, i: int, residual: float) -> Callable[[int], str]:
    """ŷ − y in numbers; where they agree in all digits shown, the difference itself."""
    hat, y = float(passes.prediction[i]), float(passes.target[i])

    def write(digits: int) -> str:
        if abs(residual) < 10.0 ** (2 - digits) * max(abs(hat), abs(y)):
            return f"({number(residual, digits)})"
        return f"({number(hat, digits)} − {bracketed(y, digits)})"

    return write


_Form = tuple[tuple[str, str, Callable[[int], str]], str]


def _squared(passes: BothPasses, i: int, value: float) -> _Form:
    write = _difference(passes, i, float(passes.residual[i]))

    def doubled(digits: int) -> str:
        return f"2{write(digits)}"

    return (r"2(HAT - TARGET)", "2(HAT − TARGET)", doubled), ""


def _half(passes: BothPasses, i: int, value: float) -> _Form:
    write = _difference(passes, i, float(passes.residual[i]))
    return ("(HAT - TARGET)", "(HAT − TARGET)", write), ""


def _absolute(passes: BothPasses, i: int, value: float) -> _Form:
    write = _difference(passes, i, float(passes.residual[i]))

    def signed(digits: int) -> str:
        return f"sign{write(digits)}"

    note = "Where ŷ = y, |ŷ − y| has a kink; its slope counts as 0." if value == 0.0 else ""
    return (r"\operatorname{sign}(HAT - TARGET)", "sign(HAT − TARGET)", signed), note


def _huber(passes: BothPasses, i: int, value: float) -> _Form:
    limit = passes.problem.loss.value
    if abs(passes.residual[i]) <= limit:
        made, _ = _half(passes, i, value)
        return made, f"|ŷ − y| ≤ {number(limit)}: here the Huber loss is ½(ŷ − y)²."
    (tex, plain, write), _ = _absolute(passes, i, value)
    size = number(limit)

    def scaled(digits: int) -> str:
        return f"{size}·{write(digits)}"

    note = f"|ŷ − y| > {size}: here the Huber loss is a straight line."
    return (rf"{size} \cdot {tex}", f"{size}·{plain}", scaled), note


def _hinge(passes: BothPasses, i: int, value: float) -> _Form:
    y = float(passes.target[i])
    if y * float(passes.a[-1][i]) < 1.0:

        def opposite(digits: int) -> str:
            return f"(−{bracketed(y, digits)})"

        return ("(-TARGET)", "(−TARGET)", opposite), "The margin y·a is below 1: e = 1 − y·a."
    return (
        "0",
        "0",
        lambda digits: "0",
    ), "The margin y·a is 1 or more: e = 0, and so is its slope."


def _logistic(passes: BothPasses, i: int, value: float) -> _Form:
    made = "(HAT - TARGET)", "(HAT − TARGET)", _difference(passes, i, value)
    return made, CANCELS.format("Cross-entropy with ŷ = σ(z)", "σ")


def _softmax(passes: BothPasses, i: int, value: float) -> _Form:
    total = float(passes.target.sum())
    if total == 1.0:
        made = "(HAT - TARGET)", "(HAT − TARGET)", _difference(passes, i, value)
        return made, CANCELS.format("Cross-entropy with ŷ = softmax(z)", "softmax")
    hat, y = float(passes.prediction[i]), float(passes.target[i])

    def weighted(digits: int) -> str:
        return f"({number(hat, digits)}·{bracketed(total, digits)} − {bracketed(y, digits)})"

    tex = r"(HAT {\textstyle \sum_j} y_j - TARGET)"
    return (tex, "(HAT·Σy − TARGET)", weighted), "The targets do not add up to 1: δ = ŷ·Σy − y."


_FORMS: dict[str, Callable[[BothPasses, int, float], _Form]] = {
    "squared_error": _squared,
    "half_squared_error": _half,
    "absolute_error": _absolute,
    "huber": _huber,
    "hinge": _hinge,
    "bce_logits": _logistic,
    "softmax_ce_logits": _softmax,
}
