"""What is said of stationary points: what each is, what is proved, and whether they are all."""

from mlpsim.core.arrays import Array
from mlpsim.core.problem import Problem
from mlpsim.core.proofs.stationary import MOST_PARAMS, StationarySet
from mlpsim.core.proofs.stationary_point import StationaryPoint
from mlpsim.views.labels.bounds import around, at_most
from mlpsim.views.labels.formulas import objective_symbol
from mlpsim.views.labels.numbers import count, number, sub
from mlpsim.views.labels.op_words import feasible_words, point_words

SEARCHING = "Looking for the stationary points …"
TOO_MANY = (
    f"They are looked for in networks of up to {MOST_PARAMS} parameters; this one has more."
    " The Why panel tells what is known of the state on view."
)
NO_WINDOW = (
    "C is the whole space, and the axes on view are no weights, so that there is no window to look"
    " in. Choose two weights as axes, or a set C."
)
ROW_DIGITS, VECTOR_DIGITS, WINDOW_DIGITS = 6, 3, 3
KINDS = {"minimum": "local minimum", "maximum": "local maximum", "saddle": "saddle"}


def nothing_words(problem: Problem) -> str:
    """Why no stationary points are looked for."""
    return TOO_MANY if problem.network.n_params > MOST_PARAMS else NO_WINDOW


def name_words(point: StationaryPoint) -> str:
    """What a point is, and where: "local minimum on the wall of C"."""
    if not point.is_proved:
        return "not decided: a stationary point may be here"
    place = " in a corner of C" if point.is_corner else " on the wall of C"
    kind = KINDS.get(point.kind, "stationary point")
    return kind + (place if point.is_on_wall else "")


def proof_words(point: StationaryPoint, problem: Problem) -> str:
    """What is proved of a point, and what is not."""
    symbol = objective_symbol(problem)
    width = float((point.hi - point.lo).max())
    box = f"a box {at_most(width)} wide" if width else "a box of width 0"
    if not point.is_proved:
        if point.eigenvalues is None:
            return f"Nothing is proved in {box}: {symbol} has a kink there, and no Hessian."
        return f"Nothing is proved in {box}: its eigenvalues are computed, no proof."
    one = "The corner itself" if point.is_corner else f"Exactly one in {box}"
    return f"Proved. {one}: {_reason(point, symbol)}."


def _reason(point: StationaryPoint, symbol: str) -> str:
    if point.kind == "open":
        return "its kind is open, as an eigenvalue is too close to 0"
    if point.is_corner:
        return f"{symbol} grows from it into C along every axis"
    if point.is_on_wall:
        along = "grows along it, too" if point.kind == "minimum" else "falls along it"
        return f"{symbol} grows from the wall into C, and {along}"
    return {
        "minimum": "all eigenvalues of the Hessian are above 0",
        "maximum": "all eigenvalues of the Hessian are below 0",
        "saddle": "the Hessian has eigenvalues on either side of 0",
    }[point.kind]


def row_words(place: int, point: StationaryPoint, problem: Problem) -> str:
    """A point in a list: its number, what it is, and about how large E is there."""
    value = number(0.5 * point.value[0] + 0.5 * point.value[1], ROW_DIGITS)
    return f"{place + 1}   {name_words(point)},  {objective_symbol(problem)} ≈ {value}"


def value_words(point: StationaryPoint) -> str:
    """E with its certain digits."""
    return around(*point.value)


def place_words(point: StationaryPoint) -> str:
    """w with its certain digits, or the middle of a box that is not proved."""
    if not point.is_proved:
        return f"about {point_words(point.theta)}"
    texts = [around(lo, hi) for lo, hi in zip(point.lo.tolist(), point.hi.tolist(), strict=True)]
    return texts[0] if len(texts) == 1 else f"({', '.join(texts)})"


def off_words(distance: float) -> str:
    """How far a point lies off the plane on view; nothing where it lies on it."""
    return f" It is {number(distance, 3)} off the map." if distance else ""


def eigen_words(point: StationaryPoint) -> str:
    """The Hessian's eigenvalues with their eigenvectors, a line each."""
    if point.eigenvalues is None or point.eigenvectors is None:
        return "none: a kink"
    return "\n".join(
        f"λ{sub(i + 1)} = {number(value)} along {_direction(vector)}"
        for i, (value, vector) in enumerate(
            zip(point.eigenvalues.tolist(), point.eigenvectors.T, strict=True)
        )
    )


def _direction(vector: Array) -> str:
    texts = [number(v, VECTOR_DIGITS) for v in vector.tolist()]
    return texts[0] if len(texts) == 1 else f"({', '.join(texts)})"


def summary_words(found: StationarySet) -> str:
    """How many there are, where, and whether that is proved."""
    where = _where(found)
    proved = sum(point.is_proved for point in found.points)
    if found.is_complete:
        if not proved:
            return f"No stationary point {where}: proved."
        number_of = "Exactly one stationary point" if proved == 1 else f"{proved} stationary points"
        return f"{number_of} {where}: proved to be all."
    open_ones = len(found.points) - proved
    known = (
        f"{count(proved, 'stationary point') if proved else 'No stationary point'} {where} proved"
    )
    if found.is_isolated:
        places = count(open_ones, "more place" if proved else "place")
        return f"{known}, {places} not decided; no others."
    boxes = count(len(found.cover.lo), "box", "boxes")
    others = "the others" if proved else "those that there may be"
    return f"{known}; {others} are not isolated: cover stopped at {boxes}."


def _where(found: StationarySet) -> str:
    place = found.question.where
    assert place is not None
    n_params = found.question.problem.network.n_params
    if found.question.has_walls:
        return f"on C = {feasible_words(place, n_params)}"
    return f"in the window {feasible_words(place, n_params, WINDOW_DIGITS)}"
