"""What is said of (OP), min f(x) over x ∈ C: its parts in symbols, and what is proved in words."""

from itertools import pairwise

from mlpsim.core.arrays import Array
from mlpsim.core.feasible import Ball, Box, FeasibleSet
from mlpsim.core.problem import Problem
from mlpsim.core.proofs.certify import Optimum
from mlpsim.core.proofs.question import Answer
from mlpsim.views.labels.bounds import around
from mlpsim.views.labels.formulas import objective_symbol
from mlpsim.views.labels.numbers import MINUS, count, number, sup

MOST_LISTED = 4  # parameters whose values are listed
NOT_ASKED = "Not certified yet. With more than three parameters this is done when you ask."
NOT_SEARCHED = "Not certified here: with more than three parameters it takes a search on request."
WINDOW = "Make what is on screen the feasible set C;\nweights off the map reach as far around it"
NO_WINDOW = "The axes of the map are no weights here: choose two weights,\nor a box under Training"
BEGINNING = "Certifying …"
FREE = "No stationary point in this window: the gradient is proved to vanish nowhere in it."
OPEN = "OPEN beyond the window: there nothing is proved about f."
NOTHING = (
    "OPEN: on the whole space nothing is proved about f*, and its parameters do not fit in a"
    " window. Choose a box or a ball as C under Training."
)


def objective_tex(problem: Problem) -> str:
    """f in the lecture's words: f(w) = E(w) = Σ eˢ(w), or the mean, or with a penalty J(w)."""
    is_sum = problem.reduction == "sum"
    error = "E(w)" if is_sum else "E(w)/S"
    if problem.penalty:
        return f"f(w) = J(w) = {error} + R(w)"
    factor = "" if is_sum else r"\frac{1}{S} "
    return rf"f(w) = {error} = {factor}\sum_{{s}} e^s(w)"


def objective_note(problem: Problem) -> str:
    """What f is, in words."""
    error = "mean error" if problem.reduction == "mean" else "total error"
    return f"{error} and penalty" if problem.penalty else error


def feasible_words(feasible: FeasibleSet, n_params: int, digits: int = 5) -> str:
    """C as a set: [−10, 10]², [1, 4] × [−4, 4], {w : ‖w‖ ≤ 1} or R²."""
    power = "" if n_params == 1 else sup(n_params)
    if isinstance(feasible, Box):
        sides = [_interval(lo, hi, digits) for lo, hi in zip(feasible.lo, feasible.hi, strict=True)]
        if all(a == b for a, b in pairwise(sides)):
            return sides[0] + power
        dots = ["…"] if len(sides) > MOST_LISTED else []
        return " × ".join(sides[:MOST_LISTED] + dots)
    if isinstance(feasible, Ball):
        is_centred = not any(feasible.center)
        point = "w" if is_centred else f"w {MINUS} {point_words(feasible.center)}"
        return f"{{w : ‖{point}‖ ≤ {number(feasible.radius)}}}"
    return "R" + power


def search_words(share: float) -> str:
    """How far a search under way is, of the boxes that it looks at before it gives up."""
    return (
        f"Certifying: {round(100.0 * share)} % of the boxes that it may look at."
        " The bounds close in as boxes split …"
    )


def solution_words(optimum: Optimum, is_stopped: bool) -> str:
    """S*: the boxes that hold it, or ∅."""
    boxes = len(optimum.cover.lo)
    if optimum.verdict == "infimum-not-attained":
        return "∅"
    if not optimum.isolated and not is_stopped:
        return f"not isolated: cover stopped at {count(boxes, 'box', 'boxes')}"
    width = float((optimum.cover.hi - optimum.cover.lo).max())
    size = f"at most {number(width, 2)} wide" if width else "of width 0"
    return f"within {count(boxes, 'box', 'boxes')} {size}"


def best_words(optimum: Optimum) -> str:
    """x*: its certain digits where S* lies in one box, else the best point that was found."""
    if optimum.verdict == "infimum-not-attained":
        return "none"
    if optimum.isolated and len(optimum.cover.lo) == 1:
        lo, hi = optimum.cover.lo[0].tolist(), optimum.cover.hi[0].tolist()
        return _listed([around(a, b) for a, b in zip(lo, hi, strict=True)])
    return f"best found: {point_words(optimum.theta)}"


def verdict_words(answer: Answer) -> str:
    """What is proved, and what is not, in words."""
    problem, optimum = answer.question.problem, answer.shown
    if optimum is None:
        return NOTHING
    symbol = objective_symbol(problem)
    if optimum.verdict == "infimum-not-attained":
        return (
            f"Infimum 0, not attained, S* = ∅: along the direction"
            f" w = {point_words(optimum.theta)} {symbol} keeps falling."
        )
    where = "C" if answer.optimum is not None else "the window"
    gap = number(optimum.gap, 2)
    boxes = count(len(optimum.cover.lo), "box", "boxes")
    if optimum.verdict == "certified":
        text = f"Global optimum of (OP) on {where}, certified to gap {gap}."
        if not optimum.isolated:
            text += f" S* is not isolated: its cover stopped at {boxes}."
        return text
    if answer.is_stopped:
        return (
            f"The search was stopped: f* on {where} is known to gap {gap}, S* lies within {boxes}."
            " More is not proved."
        )
    if not optimum.isolated:
        return (
            f"S* on {where} is not isolated by this search: f* to gap {gap}, cover stopped at"
            f" {boxes}. More is not proved."
        )
    return f"On {where} f* is certified to gap {gap}, no closer: relative to f* this is open."


def note_words(answer: Answer) -> str:
    """What is proved of the window, and what is open beyond it; empty where C is bounded."""
    if answer.question.window is None or answer.shown is None:
        return ""
    window = answer.question.window
    place = f"Window {feasible_words(window, len(window.lo))}. "
    parts = [FREE] if answer.is_free else []
    if answer.optimum is None:
        parts.append(OPEN)
    return place + " ".join(parts) if parts else ""


def point_words(theta: Array | tuple[float, ...]) -> str:
    """A parameter vector: (−10, 0.065449)."""
    return _listed([number(float(w)) for w in theta])


def _listed(texts: list[str]) -> str:
    shown = texts[:MOST_LISTED] + (["…"] if len(texts) > MOST_LISTED else [])
    return shown[0] if len(texts) == 1 else f"({', '.join(shown)})"


def _interval(lo: float, hi: float, digits: int) -> str:
    return f"[{number(lo, digits)}, {number(hi, digits)}]"
