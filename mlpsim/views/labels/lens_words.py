"""What is said of the ε-lens: verdicts, the lower point with its drop, and z as a local optimum."""

from mlpsim.core.arrays import Array
from mlpsim.core.proofs.lens import LensAnswer, Lower
from mlpsim.core.proofs.locally import Locally, Verdict
from mlpsim.core.proofs.neighbourhood import Shape
from mlpsim.views.labels.bounds import within
from mlpsim.views.labels.numbers import number
from mlpsim.views.labels.op_words import point_words

WORDS: dict[Verdict, str] = {"certified": "CERTIFIED", "refuted": "REFUTED", "open": "OPEN"}
PENDING = "…"
DIGITS = 4
QUESTION = "is z optimal nearby?"
OFF = "Lay the lens over the loss surface to ask whether z is optimal there."
TOO_MANY = (
    "The lens looks at one to three parameters; this network has {}. For more, boxes around z are"
    " too many to be searched."
)
NOT_DRAWN = "The map's axes are no weights: the lens is not drawn on it, and holds all the same."
HIDDEN = "N(z, ε) is a {} in all three weights; the map shows its section."
SECTIONS: dict[Shape, str] = {"disc": "ball", "square": "cube"}


def question(z: Array) -> str:
    """What the lens asks, with z in numbers: is z = (−0.8, 0.03) optimal nearby?"""
    return f"is z = {point_words(z)} optimal nearby?"


def claim(epsilon: float) -> str:
    """The claim that the lens is about."""
    return f"z minimises f on N(z, ε) ∩ C with ε = {number(epsilon)}"


def exactly_words(answer: LensAnswer) -> str:
    """What proves or refutes it exactly."""
    if answer.exactly == "certified":
        return "no point of it is lower than z"
    if answer.exactly == "open":
        return "no lower point was found, and none is ruled out exactly"
    if answer.lower is None:
        return "lower points lie closer to z than numbers can tell"
    return drop_words(answer.lower)


def up_to_words(answer: LensAnswer) -> str:
    """The same up to δ."""
    delta = number(answer.question.delta)
    if answer.up_to_delta == "certified":
        return f"no point of it is lower by more than {delta}"
    if answer.up_to_delta == "open":
        return f"no point lower by more than {delta} was found, and none is ruled out"
    return "the same point is lower by more than that"


def drop_words(lower: Lower) -> str:
    """The lower point, and by how much it is."""
    return f"f(u) is lower by {_about(*lower.drop)} at u = {point_words(lower.theta)}"


def locally_words(found: Locally) -> str:
    """Why z is a local optimum, or is none."""
    if found.by == "slope":
        assert found.way is not None
        way = point_words(found.way.direction)
        return f"f falls along the feasible d = {way}: slope {_about(*found.way.bend)}"
    if found.by == "signs":
        return "at this corner of C f grows along every way into C"
    if found.by == "curvature" and found.verdict == "refuted":
        assert found.way is not None
        way = point_words(found.way.direction)
        return f"f bends down along ±d = {way}: second derivative {_about(*found.way.bend)}"
    if found.by == "curvature":
        assert found.distance is not None
        near = number(found.distance, 2)
        return f"stationary within {near} of z, with a positive definite Hessian"
    return "neither a way down nor a minimum is proved: flat, or a kink"


def _about(lo: float, hi: float) -> str:
    """A number between close bounds, rounded; else the digits that are certain."""
    low, high = number(lo, DIGITS), number(hi, DIGITS)
    return low if low == high else within(lo, hi)
