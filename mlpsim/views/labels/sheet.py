"""Exercise sheets with their key: as LaTeX, which needs amsmath only, and as HTML to print."""

import re
from collections.abc import Sequence
from html import escape

from mlpsim.core.lessons.exercise import Exercise, Quantity
from mlpsim.views import labels
from mlpsim.views.labels.homework import TOLERANCE, formulas, given, quantity_name

TITLE = "One step of gradient descent"
DIGITS = 5

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
    "\u202f": r"\,",
}
_RAISED = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ˡˢᶻ", "0123456789+-()lsz", strict=True))
_LOWERED = dict(zip("₀₁₂₃₄₅₆₇₈₉₊₋₍₎", "0123456789+-()", strict=True))
_ACTIVE = "{}$&#_%"
_TOKEN = re.compile(
    f"(?P<raised>[{''.join(_RAISED)}]+)|(?P<lowered>[{''.join(_LOWERED)}]+)"
    "|(?P<words> ?[A-Za-z]{2,}(?: [A-Za-z]{2,})*(?: (?! ))?)|(?P<gap> {2,})|(?P<sign>.)"
)


def math_tex(text: str) -> str:
    """A line of the screen's symbols, ŷ⁴ = σ(w₁₁x₁), as TeX for math mode; words are set upright.

    Characters that mean something to TeX are escaped.
    """
    return _TOKEN.sub(_token_tex, text)


def _token_tex(found: re.Match[str]) -> str:
    token = found[0]
    if found.lastgroup == "words":
        return rf"\text{{{token}}}"
    if found.lastgroup == "gap":
        return r"\quad "
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


def _asked(task: Exercise) -> list[tuple[str, str]]:
    """The name and the value of every quantity."""
    return [(quantity_name(task, quantity), _value(task, quantity)) for quantity in task.quantities]


def _value(task: Exercise, quantity: Quantity) -> str:
    return labels.number(task.answer(quantity), DIGITS)


def sheet_tex(exercises: Sequence[Exercise], key: bool) -> str:
    """The sheet as a LaTeX document; with its key on a page of its own."""
    lines = [
        r"\documentclass[a4paper]{article}",
        r"\usepackage[utf8]{inputenc}",
        r"\usepackage{amsmath}",
        r"\setlength{\parindent}{0pt}",
        r"\begin{document}",
        rf"\section*{{{TITLE}}}",
    ]
    shared = _shared(exercises)
    if shared:
        lines += _display(shared)
    for place, task in enumerate(exercises, start=1):
        lines += ["", rf"\subsection*{{{place}. Exercise {task.seed}}}"]
        lines += _display(given(task, with_before=False))
        if not shared:
            lines += ["with", *_display(formulas(task))]
        lines += ["Calculate", *_display([f"{name} = ?" for name, _ in _asked(task)])]
    if key:
        lines += ["", r"\newpage", r"\section*{Key}"]
        for place, task in enumerate(exercises, start=1):
            lines += ["", rf"\subsection*{{{place}. Exercise {task.seed}}}"]
            lines += _display([f"{name} = {value}" for name, value in _asked(task)])
    return "\n".join([*lines, r"\end{document}", ""])


def _shared(exercises: Sequence[Exercise]) -> tuple[str, ...]:
    """The formulas that all exercises have; none where they differ."""
    found = {formulas(task) for task in exercises}
    return found.pop() if len(found) == 1 else ()


def _display(lines: Sequence[str]) -> list[str]:
    """Lines of symbols under each other."""
    rows = " \\\\\n".join(f"& {math_tex(line)}" for line in lines)
    return [r"\begin{align*}", rows, r"\end{align*}"]


def sheet_html(exercises: Sequence[Exercise], key: bool) -> str:
    """The same as HTML of the kind that Qt lays out on pages."""
    shared = _shared(exercises)
    parts = [f"<h2>{TITLE}</h2>", f"<p>{escape(TOLERANCE)}</p>", f"<p>{_lines(shared)}</p>"]
    for place, task in enumerate(exercises, start=1):
        blanks = "&nbsp;&nbsp; ".join(
            f"{_name(name)}&nbsp;=&nbsp;______" for name, _ in _asked(task)
        )
        own = "" if shared else f"<p><small>{_lines(formulas(task))}</small></p>"
        parts += [
            f"<h3>{place}. Exercise {task.seed}</h3>",
            f"<p>{_lines(given(task, with_before=False))}</p>{own}",
            f"<p style='line-height:170%'>{blanks}</p>",
        ]
    if key:
        parts.append('<h2 style="page-break-before:always">Key</h2>')
        for place, task in enumerate(exercises, start=1):
            answers = ";&nbsp; ".join(
                f"{_name(name)}&nbsp;=&nbsp;{escape(value)}" for name, value in _asked(task)
            )
            parts.append(f"<p><b>{place}. Exercise {task.seed}</b><br/>{answers}</p>")
    return "".join(parts)


def _name(name: str) -> str:
    """A name that no line breaks in."""
    return escape(name).replace(" ", "&nbsp;").replace("/", "/&#8288;")


def _lines(texts: Sequence[str]) -> str:
    return "<br/>".join(escape(text) for text in texts)
