"""What is said of a race: the names of variants, the table's cells, and what cannot be compared."""

from collections.abc import Sequence
from math import isnan

from mlpsim.core.losses import loss
from mlpsim.core.problem import Problem
from mlpsim.core.run import Run
from mlpsim.core.studies.lanes import Standing
from mlpsim.core.studies.sweep_axes import FULL, OPTIMIZER_NAMES, START_NAMES
from mlpsim.views import labels

NOBODY = (
    "Add variants of the experiment on view: one setting with several values, the experiment as it"
    " stands, or the variants of its preset. They run beside it."
)
COMING = "…"
_SYMBOLS = {"eta": "η", "momentum": "μ", "l1": "L1", "l2": "L2", "batch": "B", "seed": "seed"}
_SETTINGS = {"batch": "batch size B", "l1": "L1 penalty", "l2": "L2 penalty"}
EXAMPLES = {
    "optimizer": "momentum, adam",
    "loss": "bce_logits",
    "eta": "0.01, 0.1, 1",
    "momentum": "0.5, 0.9",
    "batch": "1, 10, full",
    "start": "zeros, 0.5:-1",
    "l1": "0, 0.01",
    "l2": "0, 0.01",
    "seed": "1, 2, 3",
}


def setting_name(name: str, text: str) -> str:
    """What a setting is called in a choice."""
    return _SETTINGS.get(name, text)


def variant_name(setting: str, value: str) -> str:
    """The name of a variant by what was typed: η = 0.1, Adam, full batch, start (0.5, −1)."""
    if setting == "optimizer":
        return labels.optimizer_name(OPTIMIZER_NAMES[value])
    if setting == "loss":
        return labels.loss_name(loss(value))
    if setting == "start":
        if value in START_NAMES:
            return f"start: {labels.start_name(START_NAMES[value])}"
        return f"start ({', '.join(labels.number(float(part)) for part in value.split(':'))})"
    if (setting, value) == ("batch", FULL):
        return "full batch"
    return f"{_SYMBOLS[setting]} = {labels.number(float(value), 6)}"


def reached_text(found: Standing) -> str:
    """When E came to the level: a step, “≤ 40” where some before it are not known, or not yet."""
    if found.reached is None:
        return f"not by {labels.whole(found.last)}"
    return ("" if found.is_first else "≤ ") + labels.whole(found.reached)


def cost_text(found: Standing) -> str:
    """How many gradients ∇eˢ that took, or has taken so far."""
    cost = labels.whole(found.cost)
    if found.reached is None:
        return f"> {cost}"
    return ("" if found.is_first else "≤ ") + cost


def diverged_text(found: Standing) -> str:
    """The step at which a lane diverged."""
    return "–" if found.diverged_at is None else f"step {labels.whole(found.diverged_at)}"


def right_text(found: Standing) -> str:
    """The share of samples that are classified correctly."""
    if found.accuracy is None:
        return "–"
    return COMING if isnan(found.accuracy) else labels.percent(found.accuracy)


def error_text(value: float | None, digits: int = 4) -> str:
    """E, or a dash where it is not finite; dots where it is not known yet."""
    if value is None:
        return COMING
    return "–" if isnan(value) else labels.number(value, digits)


def lane_words(name: str, found: Standing) -> str:
    """A lane in a sentence, for a tooltip."""
    said = f"{name}: E = {error_text(found.error, 6)} at step {labels.whole(found.k)}"
    said += f", {error_text(found.final, 6)} at its last step {labels.whole(found.last)}"
    if found.diverged_at is not None:
        said += f"; diverged at step {labels.whole(found.diverged_at)}"
    return said


def comparison_words(problems: Sequence[Problem]) -> str:
    """What of several problems cannot be compared; empty where E can."""
    first, said = problems[0], []
    if any(problem.loss != first.loss for problem in problems):
        said.append("The lanes have different losses: compare their accuracy, not their E.")
    if any(problem.data != first.data for problem in problems):
        said.append("The lanes have different data: each E is over other samples.")
    if any(problem.penalty for problem in problems):
        said.append("E is the error alone, without the penalty R.")
    return " ".join(said)


def course_words(runs: Sequence[Run], short: Sequence[int], k: int) -> str:
    """Which lanes end short of step k, and whether the first run was edited on its way."""
    said = []
    if edits := len(runs[0].segments) - 1:
        said.append(f"Lane 1 was edited on its way ({labels.count(edits, 'time')}).")
    if short:
        ends = ", ".join(f"{lane + 1} at {labels.whole(runs[lane].last)}" for lane in short)
        said.append(f"At step {labels.whole(k)} these show their last state: lane {ends}.")
    return " ".join(said)


def recording_words(every: Sequence[int], symbol: str) -> str:
    """Of which lanes E is recorded of one state in so many only; empty where of all states."""
    lanes: dict[int, list[str]] = {}
    for lane, steps in enumerate(every):
        lanes.setdefault(steps, []).append(str(lane + 1))
    said = [
        f"in lane{'s' if len(some) > 1 else ''} {', '.join(some)} every {steps} steps"
        for steps, some in lanes.items()
        if steps > 1
    ]
    return f"{symbol} is recorded {', '.join(said)}: its curve is straight between." if said else ""


def surface_words(lanes: int, here: Sequence[int], is_plane: bool) -> str:
    """Which lanes are not drawn on the loss surface, and what is only projected."""
    away = [str(lane + 1) for lane in range(lanes) if lane not in here]
    said = []
    if away:
        said.append(f"Not on the surface, which is of another problem: lane {', '.join(away)}.")
    if is_plane:
        said.append("Paths are projected onto the plane.")
    return " ".join(said)
