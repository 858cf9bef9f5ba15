"""Typed numbers: read the same in every locale, or refused with the reason."""

import re
from decimal import Decimal
from math import isfinite

_NUMBER = re.compile(
    r"(?P<sign>[+-]?)(?P<digits>\d+(?:[.,]\d*)?|[.,]\d+)(?:[eE](?P<exponent>[+-]?\d{1,6}))?",
    re.ASCII,
)
_THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2}[.,]000", re.ASCII)
_MOST_CHARACTERS = 400
_POWERS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")
_POWER_OF_TEN = re.compile(
    r"(?:(?P<mantissa>[\d.,]+)\s*[·×*]\s*)?10(?P<exponent>[⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,6})", re.ASCII
)


def read_number(text: str) -> float:
    """The number that a text means: a point or a comma is the decimal mark, whatever the locale.

    Takes what the program itself shows, with − for minus and 7.73·10⁻¹⁸ for powers. ValueError
    with a sentence if the text is empty, ambiguous, too large, too small, or no number.
    """
    text = _plain(text)
    match = _NUMBER.fullmatch(text)
    if match is None:
        raise ValueError(_refusal(text))
    value = float(text.replace(",", "."))
    if not isfinite(value):
        raise ValueError(f"{text} is too large: numbers go up to 1.8·10³⁰⁸.")
    if value == 0.0 and re.search("[1-9]", match["digits"]):
        raise ValueError(f"{text} is too small: it could not be told from 0.")
    return value


def read_decimal(text: str) -> Decimal:
    """The same number with the digits that were typed; ValueError with a sentence."""
    read_number(text)
    return Decimal(_plain(text).replace(",", "."))


def read_whole(text: str) -> int:
    """The whole number that a text means, exact at any size; ValueError with a sentence."""
    plain = _plain(text)
    if re.fullmatch(r"[+-]?\d+", plain, re.ASCII):
        return int(plain)
    if _THOUSANDS.fullmatch(plain):
        raise ValueError(f"{plain} is ambiguous: write {plain[:-4]}000 or {plain[:-4]}.")
    value = read_number(text)
    if value != int(value):
        raise ValueError(f"{plain} is not a whole number.")
    return int(value)


def write_number(value: float) -> str:
    """A number as it can be typed: the shortest text that is read as the same value."""
    if isinstance(value, int):
        return str(value)
    text = repr(value).removesuffix(".0")
    mantissa, e, exponent = text.partition("e")
    return f"{mantissa}e{int(exponent)}" if e else text


def _plain(text: str) -> str:
    text = text.strip().replace("−", "-")
    if len(text) > _MOST_CHARACTERS:
        raise ValueError("This text is too long for a number.")
    power = _POWER_OF_TEN.fullmatch(text.lstrip("+-"))
    if power is not None:
        sign = "-" if text.startswith("-") else ""
        text = f"{sign}{power['mantissa'] or '1'}e{power['exponent'].translate(_POWERS)}"
    return text


def _refusal(text: str) -> str:
    if not text:
        return "Type a number."
    if text.lstrip("+-").lower() in ("nan", "inf", "infinity", "∞"):
        return f"{text} is not a finite number."
    if re.fullmatch(r"[+-]?[\d.,'\s]+", text, re.ASCII) and re.search(r"[.,'\s]", text):
        return f"{text} is ambiguous: write it with one decimal mark and nothing between thousands."
    return f"“{text}” is not a number."
