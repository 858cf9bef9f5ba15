"""Proven bounds as text: rounded outward, with the digits in which they agree told apart."""

from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from math import isfinite
from typing import NamedTuple

from mlpsim.views.labels.numbers import MINUS, number, sup

MOST_DIGITS = 17
FEW_DIGITS = 4  # where the bounds agree in none
MIDDLE_DIGITS = 6  # of a number that is known give or take
SMALLEST = 9.99e-301
PLAIN = range(-4, 7)  # powers of ten that are written out


class Bound(NamedTuple):
    """A bound: the head that both share, the rest of its own digits, and its power of ten."""

    head: str
    rest: str
    power: str = ""

    @property
    def text(self) -> str:
        return self.head + self.rest + self.power

    @property
    def html(self) -> str:
        head = f"<b>{self.head}</b>" if self.head else ""
        return head + self.rest + self.power


def bounds(lo: float, hi: float) -> tuple[Bound, Bound]:
    """lo ≤ hi as text, rounded down and up, with two digits beyond those that agree."""
    if not (isfinite(lo) and isfinite(hi) and _agree(lo, hi)):
        return _alone(lo, ROUND_FLOOR), _alone(hi, ROUND_CEILING)
    low, high = Decimal(lo), Decimal(hi)
    exponent = max(low.adjusted(), high.adjusted())
    gap = high - low
    last = gap.adjusted() - 1 if gap else exponent - MOST_DIGITS + 1
    last = max(last, exponent - MOST_DIGITS + 1)
    shift, power = (0, "") if exponent in PLAIN else (exponent, f"·10{sup(exponent)}")
    texts = [
        _plain(x.quantize(Decimal((0, (1,), last)), rounding, Context(prec=400)), shift)
        for x, rounding in ((low, ROUND_FLOOR), (high, ROUND_CEILING))
    ]
    if not gap and len(set(texts)) == 1:
        text = _without_zeros(texts[0])
        return Bound(text, "", power), Bound(text, "", power)
    shared = next(i for i, (a, b) in enumerate(zip(*texts, strict=False)) if a != b)
    first, second = (Bound(text[:shared], text[shared:], power) for text in texts)
    return first, second


def within(lo: float, hi: float) -> str:
    """A number known to lie between bounds: the digits that are certain, and "…" for the others."""
    if lo == hi:
        return number(lo)
    first, second = bounds(lo, hi)
    certain = first.head.rstrip(".")
    if not any(digit in certain for digit in "123456789"):
        return f"[{first.text}, {second.text}]"
    return f"{certain}…{first.power}"


def around(lo: float, hi: float) -> str:
    """The same, where no digit is certain as a number give or take: "1 ± 2.9·10⁻¹⁵"."""
    text = within(lo, hi)
    middle = 0.5 * lo + 0.5 * hi
    if not text.startswith("[") or not isfinite(middle):
        return text
    shown = 0.0 if lo <= 0.0 <= hi else float(f"{middle:.{MIDDLE_DIGITS}g}")
    return f"{number(shown, MIDDLE_DIGITS)} ± {at_most(max(hi - shown, shown - lo))}"


def at_most(size: float) -> str:
    """A size rounded up; what is far below all that matters is no smaller than 10⁻³⁰⁰."""
    return _alone(max(size, SMALLEST), ROUND_CEILING, 2).text


def _agree(lo: float, hi: float) -> bool:
    """Whether the two have a leading digit in common, or almost."""
    return lo * hi > 0.0 and abs(hi - lo) < 0.5 * min(abs(lo), abs(hi))


def _alone(x: float, rounding: str, digits: int = FEW_DIGITS) -> Bound:
    if x == 0.0:
        return Bound("", "0")
    if not isfinite(x):
        return Bound("", MINUS + "∞" if x < 0.0 else "∞")
    rounded = Context(prec=digits, rounding=rounding).plus(Decimal(x))
    exponent = rounded.adjusted()
    shift, power = (0, "") if exponent in PLAIN else (exponent, f"·10{sup(exponent)}")
    return Bound("", _without_zeros(_plain(rounded, shift)), power)


def _plain(x: Decimal, shift: int) -> str:
    text = f"{x.scaleb(-shift, Context(prec=400)):f}"
    return text.replace("-", MINUS)


def _without_zeros(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text
