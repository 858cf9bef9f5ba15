"""Arguments of the commands: texts turned into values, or refused with what they should be."""

import argparse
from collections.abc import Callable
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mlpsim.core.studies.sweep import Axis

LONGEST_SIDE = 16_384


def count(text: str) -> int:
    if not text.isascii() or not text.isdigit():
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 0 on")
    return int(text)


def positive(text: str) -> int:
    if count(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1 on")
    return int(text)


def axis(text: str) -> "Axis":
    from mlpsim.core.studies.sweep import Axis

    name, equals, values = text.partition("=")
    if not equals or not values:
        raise argparse.ArgumentTypeError(f"{text!r} is not AXIS=VALUE,VALUE…, such as eta=0.1,0.01")
    try:
        return Axis(name, tuple(value.strip() for value in values.split(",")))
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _path_ending_in(*endings: str) -> Callable[[str], Path]:
    def path(text: str) -> Path:
        if Path(text).suffix.lower() not in endings:
            *others, last = endings
            raise argparse.ArgumentTypeError(
                f"{text!r} does not end in {', '.join(others)} or {last}"
            )
        return Path(text)

    return path


figure = _path_ending_in(".png", ".pdf", ".svg")
film = _path_ending_in(".gif", ".png", ".apng", ".mp4")
sheet = _path_ending_in(".pdf", ".svg")
form = _path_ending_in(".csv", ".npz", ".py", ".tex")


def steps(text: str) -> tuple[int, ...]:
    return tuple(count(step.strip()) for step in text.split(","))


def rate(text: str) -> float:
    return _between(text, 0.1, 60.0)


def centimetres(text: str) -> float:
    return _between(text, 2.0, 200.0)


def _between(text: str, lo: float, hi: float) -> float:
    try:
        value = float(text)
    except ValueError:
        value = lo - 1.0
    if not lo <= value <= hi:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from {lo:g} to {hi:g}")
    return value


def size(text: str) -> tuple[int, int]:
    width, _, height = text.lower().replace("×", "x").partition("x")
    sides = tuple(int(side) if side.isascii() and side.isdigit() else 0 for side in (width, height))
    if not all(1 <= side <= LONGEST_SIDE for side in sides):
        raise argparse.ArgumentTypeError(
            f"{text!r} is not WIDTHxHEIGHT with sides from 1 to {LONGEST_SIDE}, such as 1600x1000"
        )
    return sides[0], sides[1]


def scale(text: str) -> float:
    return _between(text, 0.1, 10.0)


def limits(text: str) -> tuple[tuple[float, float], ...]:
    pairs = []
    for pair in text.split(";"):
        try:
            lo, hi = (float(limit) for limit in pair.split(","))
        except ValueError:
            lo, hi = 1.0, 0.0
        if not (isfinite(lo) and isfinite(hi) and lo <= hi):
            raise argparse.ArgumentTypeError(
                f"{pair!r} is not LO,HI with two numbers LO ≤ HI, such as --box=-10,10"
            )
        pairs.append((lo, hi))
    return tuple(pairs)


def not_negative(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not (isfinite(value) and value >= 0.0):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 0 on")
    return value
