"""What the letters of (OP) mean in the experiment in force, in long words and in short ones."""

from dataclasses import dataclass

from mlpsim.core.feasible import Ball, Box, FeasibleSet
from mlpsim.core.problem import Problem
from mlpsim.views.labels import loss_name, number, objective_symbol, parameter, penalty_formula

MOST_WEIGHTS = 3


@dataclass(frozen=True)
class Meaning:
    """A letter of (OP), what it is here, and the same as short as it can be said."""

    letter: str
    long: str
    short: str


def meanings(problem: Problem) -> tuple[Meaning, ...]:
    """x, f, C, and how the errors are added up."""
    return (_variable(problem), _objective(problem), _feasible(problem.feasible), _scale(problem))


def _variable(problem: Problem) -> Meaning:
    network = problem.network
    shown = min(network.n_params, MOST_WEIGHTS)
    names = [parameter(network, p) for p in range(shown)]
    if network.n_params > shown:
        names.append("…")
    has_bias = any(network.bias)
    what = "weights and biases" if has_bias else "weights"
    return Meaning(
        "x ↔ w", f"= ({', '.join(names)}), the {what}; the data's x is input", f"({what})"
    )


def _objective(problem: Problem) -> Meaning:
    symbol = objective_symbol(problem)
    mean = problem.reduction == "mean"
    short = "= (1/S) Σ eˢ" if mean else "= Σ eˢ"
    if problem.penalty:
        return Meaning(
            f"f ↔ {symbol}", f"{short} + R, R = {penalty_formula(problem.penalty)}", f"{short} + R"
        )
    return Meaning(f"f ↔ {symbol}", f"{short}, the {'mean' if mean else 'total'} error", short)


def _feasible(feasible: FeasibleSet) -> Meaning:
    if isinstance(feasible, Box):
        limits = list(zip(feasible.lo, feasible.hi, strict=True))
        if len(set(limits)) == 1:
            ((lo, hi),) = set(limits)
            text = f"the box {number(lo)} ≤ w ≤ {number(hi)}"
        else:
            sides = [f"[{number(lo)}, {number(hi)}]" for lo, hi in limits[:MOST_WEIGHTS]]
            text = "the box " + " × ".join(sides) + (" × …" if len(limits) > MOST_WEIGHTS else "")
        return Meaning("C ↔", f"{text}, also where it is not on screen", text)
    if isinstance(feasible, Ball):
        radius = number(feasible.radius)
        if any(feasible.center):
            text = f"the ball ‖w − c‖ ≤ {radius}"
        else:
            text = f"the ball ‖w‖ ≤ {radius}"
        return Meaning("C ↔", f"{text}, also where it is not on screen", text)
    return Meaning("C ↔", "the whole space, not only the part on screen", "the whole space")


def _scale(problem: Problem) -> Meaning:
    form, words = _FORMS.get(problem.loss.name, ("", loss_name(problem.loss)))
    mean = problem.reduction == "mean"
    squared = problem.loss.name in _FORMS
    if not squared:
        long = f"{words}, {'averaged, as PyTorch does' if mean else 'summed; PyTorch averages'}"
        return Meaning("eˢ", long, "mean" if mean else "sum")
    others = []
    if problem.loss.name == "squared_error":
        others.append("TensorFlow Playground halves")
    else:
        others.append("as in TensorFlow Playground; the lecture has no ½")
    others.append("averaged, as PyTorch does; the lecture sums" if mean else "PyTorch averages")
    return Meaning("eˢ", f"{form}, {words}: {', '.join(reversed(others))}", f"{form}, {words}")


_FORMS = {"squared_error": ("(y − ŷ)²", "no ½"), "half_squared_error": ("½(y − ŷ)²", "with ½")}
