"""The anatomy of an update: every line of the optimizer in force, with the numbers put in."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mlpsim.core.arrays import Array
from mlpsim.core.record import StepRecord
from mlpsim.views import labels
from mlpsim.views.labels.rules import Drawn, Part, Rule
from mlpsim.views.labels.step_rows import gradient_tex
from mlpsim.views.labels.update_rules import update_rules

MOST_AT_ONCE = 2  # parameters up to which all stand in the numbers, else the one that is chosen
DIGITS = 4
_TOGETHER = ",\u00a0"  # no line ends within a vector
NOTHING_YET = "This is the start: the first step makes the optimizer's state."
COMPONENTWISE = "Squares, roots and quotients: weight by weight."
DRAWN = (
    "From w before the step: gradients, their means and roots to one scale, Δw as long as it is."
)


@dataclass(frozen=True)
class Line:
    """A line: its name, formula, numbers, result, exact result, and what of it lies on the map.

    A line that is only a name has no numbers but the result.
    """

    name: str
    tex: str
    worked: str
    result: str
    exact: str
    drawn: Drawn | None

    @property
    def text(self) -> str:
        """0.9·(2.75, 1) + (1.1, 0.4) = (3.575, 1.3)."""
        return f"{self.worked} = {self.result}" if self.worked else self.result


def rules_of(record: StepRecord) -> tuple[Rule, ...]:
    """The gradient, the optimizer's own lines, and the projection where it moved the step's end."""
    g = record.gradient
    rules = [Rule("gradient", gradient_tex(record), g, drawn=Drawn("−g", -g, "gradient"))]
    rules += update_rules(record)
    if record.projected:
        rules.append(Rule("projection", r"w \leftarrow P_C(w)", record.theta_after))
    return tuple(rules)


def drawn_of(record: StepRecord) -> tuple[Drawn, ...]:
    """The vectors of a step that lie on the map, in the order of its lines."""
    return tuple(rule.drawn for rule in rules_of(record) if rule.drawn is not None)


def anatomy(record: StepRecord, chosen: Sequence[int]) -> tuple[Line, ...]:
    """The lines of a step with the numbers of the chosen parameters (from 0)."""
    network = record.segment.experiment.problem.network
    names = [labels.parameter(network, p) for p in chosen]

    def line(rule: Rule) -> Line:
        worked = in_numbers(rule.worked, chosen) if len(rule.worked) > 1 else ""
        if rule.is_of_weights:
            values = [float(rule.vector[p]) for p in chosen]
            pairs = zip(names, values, strict=True)
            exact = "\n".join(f"{name}: {value!r}" for name, value in pairs)
            result = in_numbers((rule.vector,), chosen)
        else:
            exact = "\n".join(map(repr, rule.vector.tolist()))
            result = _TOGETHER.join(labels.apart(rule.vector.tolist(), DIGITS))
        return Line(rule.name, rule.tex, worked, result, exact, rule.drawn)

    return tuple(line(rule) for rule in rules_of(record))


def in_numbers(parts: Sequence[Part], chosen: Sequence[int]) -> str:
    """A formula's right side, its vectors by the chosen components."""
    text = ""
    for part, follower in zip(parts, (*parts[1:], ""), strict=True):
        if isinstance(part, str):
            text += part
            continue
        is_base = isinstance(follower, str) and follower.startswith("²")
        is_after = bool(text) and not text.endswith("(")
        text += _operand(part, chosen, is_after, is_base, text.endswith("√"))
    return text


def _operand(
    part: float | Array, chosen: Sequence[int], is_after: bool, is_base: bool, is_under: bool
) -> str:
    """A number or a vector, in brackets where the signs around it ask for them."""
    values = [float(part[p]) for p in chosen] if isinstance(part, np.ndarray) else [float(part)]
    texts = [labels.number(value, DIGITS) for value in values]
    if len(texts) > 1:
        return f"({_TOGETHER.join(texts)})"
    is_negative = texts[0].startswith(labels.MINUS) and (is_after or is_base)
    is_power = not texts[0].removeprefix(labels.MINUS).replace(".", "").isdecimal()
    needs = is_negative or (is_power and (is_base or is_under))
    return f"({texts[0]})" if needs else texts[0]
