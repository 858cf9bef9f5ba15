"""The labels' symbols as TeX."""

import re

# What stands in the labels' text, as TeX in math mode.
_TEX = {
    "ŷ": r"\hat{y}",
    "η": r"\eta ",
    "σ": r"\sigma ",
    "δ": r"\delta ",
    "Σ": r"\sum ",
    "∂": r"\partial ",
    "∇": r"\nabla ",
    "½": r"\tfrac{1}{2}",
    "−": "-",
    "–": "-",
    "·": r"\cdot ",
    "≤": r"\le ",
    "→": r"\to ",
    "Δ": r"\Delta ",
    "…": r"\dots ",
    "‖": r"\|",
    "∞": r"\infty ",
    "\u202f": r"\,",
    "\u00a0": "~",
}
_RAISED = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ˡˢᶻ", "0123456789+-()lsz", strict=True))
_LOWERED = dict(zip("₀₁₂₃₄₅₆₇₈₉₊₋₍₎", "0123456789+-()", strict=True))
_ACTIVE = "{}$&#_%"
_UP, _DOWN = f"[{''.join(_RAISED)}]+", f"[{''.join(_LOWERED)}]+"
_TOKEN = re.compile(
    f"(?P<indices>{_UP}{_DOWN}(?={_UP}))|(?P<raised>{_UP})|(?P<lowered>{_DOWN})"
    "|(?P<words> ?[A-Za-z]{2,}(?: [A-Za-z]{2,})*(?: (?! ))?)|(?P<gap> {2,})|(?P<sign>.)"
)


def math_tex(text: str) -> str:
    """A line of the screen's symbols, ŷ⁴ = σ(w¹₁₁x₁), as TeX for math mode; words are set upright.

    Characters that mean something to TeX are escaped.
    """
    return _TOKEN.sub(_token_tex, text)


def _token_tex(found: re.Match[str]) -> str:
    token = found[0]
    if found.lastgroup == "words":
        return r"\operatorname{sign}" if token == "sign" else rf"\text{{{token}}}"
    if found.lastgroup == "gap":
        return r"\quad "
    if found.lastgroup == "indices":
        return f"{math_tex(token)}{{}}"  # TeX refuses a second superscript: w¹₁₂⁺
    for table, mark in ((_RAISED, "^"), (_LOWERED, "_")):
        if token[0] in table:
            return f"{mark}{{{''.join(table[c] for c in token)}}}"
    return _sign(token)


def _sign(sign: str) -> str:
    if sign == "\\":
        return r"\backslash "
    if sign == "^":
        return r"\hat{\ }"
    if sign == "~":
        return r"\sim "
    return f"\\{sign}" if sign in _ACTIVE else _TEX.get(sign, sign)
