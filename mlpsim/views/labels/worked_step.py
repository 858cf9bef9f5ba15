"""The worked solution of a step as LaTeX: forward pass, chain rule, gradient, update, objective."""

import numpy as np

from mlpsim.core.lessons.chain import both_passes, chain, pass_steps
from mlpsim.core.record import StepRecord
from mlpsim.views import labels
from mlpsim.views.labels.chain_text import as_latex
from mlpsim.views.labels.pass_lines import equations_of_step
from mlpsim.views.labels.step_rows import Row, rows_of_step
from mlpsim.views.labels.tex import math_tex

MOST_PARAMS = 12  # of a network whose every derivative is written out
MOST_DERIVATIVES = 24  # that are written out


def worked_step_tex(record: StepRecord) -> str:
    """A LaTeX document that needs amsmath only.

    A larger network's or batch's derivatives are not written out one by one, and the text says so.
    """
    problem = record.segment.experiment.problem
    before, after = record.k - 1, record.k
    samples = [int(s) for s in np.unique(record.batch)]
    lines = [
        r"\documentclass[a4paper]{article}",
        r"\usepackage[utf8]{inputenc}",
        r"\usepackage{amsmath}",
        r"\setlength{\parindent}{0pt}",
        r"\allowdisplaybreaks",
        r"\begin{document}",
        rf"\section*{{Step {after}: from state {before} to state {after}}}",
    ]
    if problem.network.n_params > MOST_PARAMS:
        total = labels.count(problem.network.n_params, "parameter")
        lines.append(f"The network has {total}: their derivatives are not written out.")
    else:
        shown = max(1, MOST_DERIVATIVES // problem.network.n_params)
        for s in samples[:shown]:
            lines += _sample(record, s)
        if len(samples) > shown:
            worked = "1 sample is" if shown == 1 else f"{shown} samples are"
            lines.append(f"Of {len(samples)}, {worked} worked out; the others go the same way.")
    rows = " \\\\\n".join(_row(row) for row in rows_of_step(record))
    lines += [r"\subsection*{The update}", r"\begin{align*}", rows, r"\end{align*}"]
    return "\n".join([*lines, r"\end{document}", ""])


def _sample(record: StepRecord, s: int) -> list[str]:
    """One sample's forward pass, error and derivatives."""
    problem = record.segment.experiment.problem
    passes = both_passes(problem, record.theta_before, s)
    x, y = (_vector(values) for values in (problem.data.x[s].tolist(), passes.target.tolist()))
    lines = [rf"\subsection*{{Sample {s + 1}: $x = {x}$, $y = {y}$}}", r"\begin{align*}"]
    rows = []
    for step in pass_steps(problem.network):
        if step.direction == "backward":
            continue
        for equation in equations_of_step(passes, step):
            left = equation.tex.replace("e^s", f"e^{{{s + 1}}}")
            symbols = r" \cdot ".join(factor.tex for factor in equation.factors)
            numbers = math_tex(" · ".join(factor.numbers[0] for factor in equation.factors))
            middle = f" = {numbers}" if numbers else ""
            value = math_tex(labels.number(equation.value))
            rows.append(f"{left} &= {symbols}{middle} = {value}")
    lines += [" \\\\\n".join(rows), r"\end{align*}"]
    lines += [as_latex(chain(passes, p)) for p in range(problem.network.n_params)]
    return lines


def _vector(values: list[float]) -> str:
    numbers = ", ".join(math_tex(labels.number(value)) for value in values)
    return f"({numbers})" if len(values) > 1 else numbers


def _row(row: Row) -> str:
    symbols = f"{row.tex}: \\quad " if row.tex else ""
    return rf"\text{{{row.name}}} & \quad {symbols}{math_tex(row.texts[0])}"
