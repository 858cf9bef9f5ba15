"""What is said of the basins of the minima."""

from mlpsim.core.feasible import Box, WholeSpace
from mlpsim.core.studies.basins import DIVERGED, FLAT, UNSETTLED, Basin, BasinMap
from mlpsim.views import labels
from mlpsim.views.labels.op_words import feasible_words

NOT_MAPPED = (
    "Every place of the map as a start: which minimum does it reach under the optimizer in force?"
)
NO_PLANE = "A network with one weight has no map of starts."
_OTHERS = {
    FLAT: "end where ∇{symbol} ≈ 0, at no minimum",
    UNSETTLED: "have not settled",
    DIVERGED: "diverge",
}


def share(value: float) -> str:
    """A share in per cent, to a tenth."""
    return f"{labels.number(round(100.0 * value, 1))} %"


def basin_words(found: BasinMap, basin: Basin) -> str:
    """A basin in one line: 34.5 % reach E = 1.2521 at (0.33483, 0.15763)."""
    symbol = labels.objective_symbol(found.question.experiment.problem)
    at = ""
    if len(basin.theta) <= 3:
        at = f" at ({', '.join(labels.number(float(w)) for w in basin.theta)})"
    if not found.question.is_noisy:
        return f"{share(basin.share)} reach {symbol} = {labels.number(basin.value)}{at}"
    off = f"{labels.number(basin.spread, 2)} off, root mean square"
    return f"{share(basin.share)} end around {symbol} = {labels.number(basin.value)}{at}, {off}"


def other_words(found: BasinMap, label: int) -> str:
    """The starts that reach no minimum; empty where there are none."""
    part = found.share(label)
    if not part:
        return ""
    after = f" after {labels.count(found.question.steps, 'step')}" if label == UNSETTLED else ""
    symbol = labels.objective_symbol(found.question.experiment.problem)
    return f"{share(part)} {_OTHERS[label].format(symbol=symbol)}{after}"


def note_words(found: BasinMap) -> str:
    """What was asked, and what a minimum is here."""
    side, problem = found.question.side, found.question.experiment.problem
    window = found.question.window
    where = Box((window.x0, window.y0), (window.x1, window.y1))
    is_free = isinstance(problem.feasible, WholeSpace)
    held = "" if is_free else ", or the wall of C holds it, projected gradient below τ"
    coarse = " The map is coarse so far." if found.step > 1 else ""
    said = (
        f"{side}×{side} starts in {feasible_words(where, 2, 3)},"
        f" {labels.count(found.question.steps, 'step')} each."
        f" A minimum: gradient below τ, the Hessian's eigenvalues above 0{held};"
    )
    if not found.question.is_noisy:
        return f"{said} a start reaches it if it ends within 1 % of the window.{coarse}"
    symbol = labels.objective_symbol(problem)
    return (
        f"{said} steps on batches never come to rest, so a start counts for the minimum to which"
        f" plain gradient descent on {symbol}, polished by Newton's method, leads from its last"
        f" state.{coarse}"
    )
