"""Numbers as text: significant digits, powers of ten, sub- and superscripts."""

from collections.abc import Sequence
from math import isfinite, isnan

MINUS = "−"
MOST_DIGITS = 15  # that every number of a double has
_SUPERSCRIPTS = str.maketrans("0123456789+-−()ls", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁽⁾ˡˢ")
_SUBSCRIPTS = str.maketrans("0123456789+-−()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₍₎")


def sup(text: object) -> str:
    """Superscript digits and signs: 12 -> ¹²."""
    return str(text).translate(_SUPERSCRIPTS)


def sub(text: object) -> str:
    """Subscript digits and signs: 12 -> ₁₂."""
    return str(text).translate(_SUBSCRIPTS)


def number(x: float, digits: int = 5) -> str:
    """A number with about ``digits`` significant digits and no trailing zeros.

    Whole numbers below ten million keep all of their digits. What is tiny or huge is written as a
    power with two digits fewer, 7.73·10⁻¹⁸, but not below three: a number that is not 0 is never
    shown as 0. "–" stands for NaN.
    """
    x = float(x)
    if isnan(x):
        return "–"
    sign = MINUS if x < 0.0 else ""
    size = abs(x)
    if not isfinite(size):
        return sign + "∞"
    if size == 0.0:
        return "0"
    if not 1e-4 <= size < 1e7:
        return sign + _power(size, min(digits, max(digits - 2, 3)))
    whole = len(str(int(size))) if size >= 1.0 else 0
    if whole >= digits:
        return f"{sign}{size:.0f}"
    text = f"{size:#.{digits}g}"
    return sign + text.rstrip("0").rstrip(".")


def power(x: float) -> str:
    """A finite number as a power of ten: 1.5·10⁻³; 0 as it is."""
    return (MINUS if x < 0.0 else "") + _power(abs(x), 5) if x else "0"


def _power(size: float, digits: int) -> str:
    mantissa, exponent = f"{size:.{digits - 1}e}".split("e")
    if "." in mantissa:
        mantissa = mantissa.rstrip("0").rstrip(".")
    power = f"10{sup(int(exponent))}"
    return power if mantissa == "1" else f"{mantissa}·{power}"


def apart(values: Sequence[float], digits: int = 5) -> list[str]:
    """Numbers with as many digits, from ``digits`` on, as tell apart all that differ.

    Ticks of a narrow range, or what a small step changed: 0.50001 and 0.50002, not 0.5 twice.
    """
    different = len(set(values))
    for many in range(digits, MOST_DIGITS):
        texts = [number(value, many) for value in values]
        if len(set(texts)) >= different:
            return texts
    return [number(value, MOST_DIGITS) for value in values]


def factor(x: float, digits: int = 5) -> str:
    """A number as a factor: what is negative stands in brackets, (−3)."""
    text = number(x, digits)
    return f"({text})" if text.startswith(MINUS) else text


def signed(x: float, digits: int = 5) -> str:
    """A number with its sign, for changes: +0.0024."""
    text = number(x, digits)
    return f"+{text}" if x > 0.0 else text


def percent(share: float) -> str:
    """A share (0 to 1) in percent; 100 % and 0 % only where they are exact."""
    shown = min(max(round(100.0 * share, 1), 0.1), 99.9) if 0.0 < share < 1.0 else 100.0 * share
    return f"{number(shown, 3)} %"


def count(n: int, one: str, many: str = "") -> str:
    """A number of things: "1 step", "12,000 steps" with thin spaces."""
    return f"{whole(n)} {one if n == 1 else many or one + 's'}"


def whole(n: int) -> str:
    """A whole number, in groups of three from five digits on."""
    text = f"{abs(n):,}".replace(",", "\u202f") if abs(n) >= 10_000 else str(abs(n))
    return MINUS + text if n < 0 else text


def sentence(reason: object) -> str:
    """A reason, as errors give it, as a sentence: a capital at its head and one full stop."""
    text = str(reason)
    return f"{text[:1].upper()}{text[1:].rstrip('.')}."
