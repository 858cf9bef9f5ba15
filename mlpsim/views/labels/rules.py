"""Rules: the lines of an update, each a formula with the numbers that it gave in one step."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from mlpsim.core.arrays import Array
from mlpsim.core.record import StepRecord
from mlpsim.views.labels.formulas import objective_symbol

Kind = Literal["gradient", "memory", "corrected", "scale", "step"]
Part = str | float | Array
Worked = tuple[Part, ...]


@dataclass(frozen=True)
class Drawn:
    """What of a line is drawn on the map: its name there, the vector (P,), and what it is.

    A "step" is as long as it is; all others are gradients or roots of squared gradients.
    """

    name: str
    vector: Array
    kind: Kind


@dataclass(frozen=True)
class Rule:
    """One line of an update: its name, its formula, and what it gave (P,), or a few numbers.

    ``worked`` is the right side of the formula with numbers for its letters, vectors (P,) among
    them. ``direction`` is what η is multiplied by, where the line is w − η·direction.
    """

    name: str
    tex: str
    vector: Array
    worked: Worked = ()
    drawn: Drawn | None = None
    direction: Array | None = None
    is_of_weights: bool = True


def weights_rule(
    record: StepRecord, tex: str, worked: Worked, direction: Array | None = None
) -> Rule:
    moved = Drawn("Δw", record.unprojected - record.theta_before, "step")
    return Rule("weights", rf"w \leftarrow {tex}", record.unprojected, worked, moved, direction)


def squares_rule(name: str, tex: str, vector: Array, worked: Worked, letter: str) -> Rule:
    """Squared gradients are drawn by their root, which is as long as a gradient."""
    return Rule(name, tex, vector, worked, Drawn(f"√{letter}", np.sqrt(vector), "scale"))


@dataclass(frozen=True)
class Trial:
    """Where a step would lead that is taken only if the objective of its batch allows it.

    ``tried`` is w′ (P,); what the batch tells of J at w and there ends the optimizer's state.
    """

    record: StepRecord
    tried: Array

    @property
    def objectives(self) -> tuple[float, float]:
        here, there = self.record.state_after[-2:]
        return float(here[0]), float(there[0])

    @property
    def is_taken(self) -> bool:
        return np.array_equal(self.record.unprojected, self.tried)

    def rule(self, tex: str, worked: Worked, direction: Array) -> Rule:
        """The line w′ = w − …, drawn only where it is not the step."""
        moved = Drawn("w′ − w", self.tried - self.record.theta_before, "step")
        drawn = None if self.is_taken else moved
        return Rule("tried", f"w' = {tex}", self.tried, worked, drawn, direction)

    def verdict(self) -> tuple[Rule, Rule]:
        """The lines with both objectives, and with the weights."""
        symbol = self._symbol()
        both = np.array(self.objectives)
        compared = Rule("compared", f"{symbol}(w), \\; {symbol}(w')", both, is_of_weights=False)
        return compared, weights_rule(self.record, "w'" if self.is_taken else "w", ())

    def _symbol(self) -> str:
        experiment = self.record.segment.experiment
        if not experiment.sampling.is_full:
            return "J_B"
        symbol = objective_symbol(experiment.problem)
        return r"\tfrac{1}{S} E" if symbol == "E/S" else symbol
