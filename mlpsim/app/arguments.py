"""Arguments of the commands: texts turned into values, or refused with what they should be."""

import argparse
import os
from collections.abc import Callable
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mlpsim.core.studies.sweep import Axis

LONGEST_SIDE = 16_384
LONGEST_RUN = 1_000_000_000  # steps, as in a file
UP_TO_LARGEST = "up to 1.8e308"  # a float64
LONGEST_SHOWN = 40  # letters of what is refused


def _refusal(text: str, wanted: str) -> argparse.ArgumentTypeError:
    shown = text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"
    return argparse.ArgumentTypeError(f"{shown!r} is not {wanted}")


def _whole_number(least: int, most: int) -> Callable[[str], int]:
    def whole_number(text: str) -> int:
        is_whole = text.isascii() and text.isdigit()
        # Python reads no more than 4,300 digits.
        value = int(text.lstrip("0")[:LONGEST_SHOWN] or "0") if is_whole else least - 1
        if not least <= value <= most:
            raise _refusal(text, f"a whole number from {least} to {most:,}")
        return value

    return whole_number


count = _whole_number(0, LONGEST_RUN)
positive = _whole_number(1, LONGEST_RUN)
columns = _whole_number(1, 20)
workers = _whole_number(1, 1_000)


def axis(text: str) -> "Axis":
    from mlpsim.core.studies.sweep import Axis

    name, _, values = text.partition("=")
    texts = tuple(value.strip() for value in values.split(","))
    if not (name and all(texts)):
        raise _refusal(text, "AXIS=VALUE,VALUE…, such as eta=0.1,0.01")
    try:
        return Axis(name, texts)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def source(text: str) -> str:
    if not text:
        raise _refusal(text, "a preset's id or the name of a file")
    return text


def file_name(text: str) -> str:
    if not text or text.endswith(("/", os.sep)):
        raise _refusal(text, "the name of a file")
    return text


def results(text: str) -> Path:
    if text == "-":
        raise _refusal(text, "a file, from which a sweep could go on")
    return Path(file_name(text))


def _path_ending_in(*endings: str) -> Callable[[str], Path]:
    def path(text: str) -> Path:
        if Path(text).suffix.lower() not in endings:
            *others, last = endings
            raise _refusal(text, f"the name of a file that ends in {', '.join(others)} or {last}")
        return Path(text)

    return path


figure = _path_ending_in(".png", ".pdf", ".svg")
film = _path_ending_in(".gif", ".png", ".apng", ".mp4")
sheet = _path_ending_in(".pdf", ".svg")
form = _path_ending_in(".csv", ".npz", ".py", ".tex", ".json")


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
        raise _refusal(text, f"a number from {lo:g} to {hi:g}")
    return value


def size(text: str) -> tuple[int, int]:
    width, _, height = text.lower().replace("×", "x").partition("x")
    try:
        return _side(width), _side(height)
    except argparse.ArgumentTypeError:
        wanted = f"WIDTHxHEIGHT with sides from 1 to {LONGEST_SIDE}, such as 1600x1000"
        raise _refusal(text, wanted) from None


_side = _whole_number(1, LONGEST_SIDE)


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
            wanted = f"LO,HI with two numbers LO ≤ HI {UP_TO_LARGEST}, such as --box=-10,10"
            raise _refusal(pair, wanted)
        pairs.append((lo, hi))
    return tuple(pairs)


def not_negative(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not (isfinite(value) and value >= 0.0):
        raise _refusal(text, f"a number from 0 on {UP_TO_LARGEST}")
    return value
