"""Ticks: round values of a range, and the levels of isolines."""

from collections.abc import Callable
from itertools import pairwise
from math import ceil, floor, isfinite, log10

MAX_TICKS = 9
STRIDES = (1, 2, 5, 10, 20, 50, 100, 200)


def linear_ticks(lo: float, hi: float, most: int = MAX_TICKS) -> list[float]:
    """Multiples of 1, 2 or 5 times a power of ten: those in [lo, hi], and one beyond each end."""
    rough = (hi - lo) / most
    if not (isfinite(rough) and rough > 1e-12 * max(abs(lo), abs(hi)) and rough > 1e-300):
        return []
    decade = floor(log10(rough))
    candidates = [(digit, e) for e in (decade, decade + 1) for digit in (1, 2, 5)]
    digit, exponent = next(
        (d, e) for d, e in candidates if floor(hi / (d * 10.0**e)) - ceil(lo / (d * 10.0**e)) < most
    )
    first, last = ceil(lo / (digit * 10.0**exponent)), floor(hi / (digit * 10.0**exponent))
    return [float(f"{n * digit}e{exponent}") for n in range(first - 1, last + 2)]


def log_ticks(lo: float, hi: float, most: int = MAX_TICKS) -> list[float]:
    """1-2-5 values, or powers of ten where those are too many; as ``linear_ticks``."""
    first, last = floor(log10(lo)), ceil(log10(hi))
    ladder = [float(f"{digit}e{e}") for e in range(first - 1, last + 1) for digit in (1, 2, 5)]
    count = sum(lo <= value <= hi for value in ladder)
    if count < 3:
        return linear_ticks(lo, hi, most)
    if count > most:
        stride = next(stride for stride in STRIDES if (last - first) / stride < most)
        start = stride * (first // stride)
        ladder = [float(f"1e{e}") for e in range(start, last + 1 + stride, stride)]
    inside = [n for n, value in enumerate(ladder) if 0.0 < lo <= value <= hi]
    if not inside:
        return linear_ticks(lo, hi, most)
    return ladder[max(inside[0] - 1, 0) : inside[-1] + 2]


def ticks_inside(
    lo: float,
    hi: float,
    most: int,
    make: Callable[[float, float, int], list[float]] = linear_ticks,
) -> list[float]:
    """Ticks in [lo, hi], about ``most`` at most; two if there are as many: one tells no scale."""
    found: list[float] = []
    for finer in range(most, 4 * most):
        found = [tick for tick in make(lo, hi, finer) if lo <= tick <= hi]
        if len(found) > 1:
            break
    return found if len(found) <= most + 1 else [found[0], found[-1]]


def round_below(value: float) -> float:
    """The largest of 1, 2 or 5 times a power of ten up to a value; 0 where there is none."""
    if not (isfinite(value) and value >= 1e-300):
        return 0.0
    decade = floor(log10(value))
    ladder = [
        float(f"{digit}e{e}") for e in (decade - 1, decade, decade + 1) for digit in (1, 2, 5)
    ]
    return max(step for step in ladder if step <= value)


def levels(lo: float, hi: float, log: bool) -> list[tuple[float, bool]]:
    """The isolines' values in [lo, hi], and whether each is bold; two thin between two bold."""
    ticks = log_ticks(lo, hi) if log else linear_ticks(lo, hi)
    found = [(tick, True) for tick in ticks]
    for a, b in pairwise(ticks):
        found += [(value, False) for value in _between_ticks(a, b, log)]
    return sorted((value, bold) for value, bold in found if lo <= value <= hi)


def _between_ticks(a: float, b: float, log: bool) -> tuple[float, float]:
    if not (log and a > 0.0):
        return a + (b - a) / 3.0, b - (b - a) / 3.0
    if 9.5 < b / a < 10.5:
        return 2.0 * a, 5.0 * a
    third = (b / a) ** (1.0 / 3.0)
    return a * third, b / third
