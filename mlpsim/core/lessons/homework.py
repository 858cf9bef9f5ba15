"""Homework: an answer that was typed is right, or is what a likely slip gives, or neither."""

from dataclasses import dataclass
from decimal import Decimal
from math import atan2, degrees, hypot, inf

import numpy as np

from mlpsim.core.arrays import Array
from mlpsim.core.lessons.exercise import Exercise, Quantity
from mlpsim.core.lessons.slips import Slip, slips

RELATIVE = 0.01
LEAST_DIGITS = 2
SHARE = 0.25  # of the step
TELLABLE = 1e-4  # of the weight
ROUNDING = 1e-13  # of what was added up: a sum that cancels is 0 to whoever adds by hand


@dataclass(frozen=True)
class Judgement:
    """Whether an answer is right; else the slip that gives it, if one does."""

    right: bool
    slip: Slip | None = None


def judge(exercise: Exercise, quantity: Quantity, typed: Decimal) -> Judgement:
    """The verdict on an answer, with the digits that were typed.

    It is right within 1 % of the value, or if it is the value rounded to at least two
    significant digits; w⁺ also within a quarter of the step, or w itself would often do. Slips
    are recognised by the same rule.
    """
    slack, limit = ROUNDING * _magnitude(exercise, quantity), _limit(exercise, quantity)
    if agrees(typed, exercise.answer(quantity), slack, limit):
        return Judgement(True)
    for slip, value in slips(exercise, quantity):
        if agrees(typed, value, limit=limit):
            return Judgement(False, slip)
    return Judgement(False)


def agrees(typed: Decimal, value: float, slack: float = 0.0, limit: float = inf) -> bool:
    """Whether a typed number means a value: to 1 %, or to the last of two or more digits.

    ``slack`` is a distance that is always near enough, ``limit`` one that nothing may exceed.
    """
    distance = abs(float(typed) - value)
    if distance > max(limit, slack):
        return False
    if distance <= max(RELATIVE * abs(value), slack):
        return True
    exponent = int(typed.as_tuple().exponent)
    digits = typed.adjusted() - exponent + 1
    return bool(typed) and digits >= LEAST_DIGITS and distance <= 0.5000001 * 10.0**exponent


def _limit(exercise: Exercise, quantity: Quantity) -> float:
    """A quarter of the step that leads to w⁺, where a hand can tell it from no step at all."""
    if quantity.kind != "weight":
        return inf
    w = exercise.theta[quantity.place]
    change = abs(exercise.answer(quantity) - w)
    return SHARE * change if change > TELLABLE * abs(w) else inf


def _magnitude(exercise: Exercise, quantity: Quantity) -> float:
    """The size of the terms that add up to g or w⁺; 0 for what is no sum."""
    if quantity.kind in ("prediction", "error"):
        return 0.0
    gradients = exercise.problem.sample_gradients(np.array(exercise.theta))
    size = float(np.abs(gradients[list(exercise.batch), quantity.place]).sum())
    if quantity.kind == "gradient":
        return size
    return abs(exercise.theta[quantity.place]) + exercise.rate * size


@dataclass(frozen=True)
class Miss:
    """How far a guessed step ends from the true end, and the angle between both in degrees.

    The angle is None where one of the steps does not move.
    """

    distance: float
    angle: float | None


def miss(origin: Array, true: Array, guessed: Array) -> Miss:
    """A guess against the truth: all three are places (2,) of a plane."""
    step, guess = true - origin, guessed - origin
    distance = hypot(*(guessed - true).tolist())
    if not (step.any() and guess.any()):
        return Miss(distance, None)
    turn = float(step[0] * guess[1] - step[1] * guess[0])
    return Miss(distance, degrees(abs(atan2(turn, float(step @ guess)))))
