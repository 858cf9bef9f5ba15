"""Exercise sheets with their key: as LaTeX, which needs amsmath only, and as HTML to print."""

from collections.abc import Sequence
from html import escape

from mlpsim.core.lessons.exercise import Exercise, Quantity
from mlpsim.views import labels
from mlpsim.views.labels.homework import TOLERANCE, formulas, given, quantity_name
from mlpsim.views.labels.tex import math_tex

TITLE = "One step of gradient descent"
DIGITS = 5


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
