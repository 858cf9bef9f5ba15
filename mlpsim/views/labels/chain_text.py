"""The chain rule as text to paste: plain, or LaTeX."""

from mlpsim.core.lessons.chain import Chain
from mlpsim.views import labels
from mlpsim.views.labels.chain_lines import equations
from mlpsim.views.labels.tex import math_tex


def as_text(chain: Chain) -> str:
    """The lines as plain text, to be pasted anywhere."""
    blocks = []
    for equation in equations(chain):
        left = equation.plain.replace("eˢ", labels.sample_error(chain.passes.sample))
        gap = " " * len(left)
        numbers = " · ".join(factor.numbers[0] for factor in equation.factors)
        lines = [
            f"{left} = {' · '.join(factor.plain for factor in equation.factors)}",
            f"{gap} = {numbers}",
            f"{gap} = {labels.number(equation.value)}",
        ]
        blocks.append("\n".join(lines + ([equation.note] if equation.note else [])))
    return "\n\n".join(blocks)


def as_latex(chain: Chain) -> str:
    r"""The lines as a display of LaTeX with amsmath: \[ \begin{aligned} … \]."""
    sample, lines = chain.passes.sample + 1, []
    for equation in equations(chain):
        left = equation.tex.replace("e^s", f"e^{{{sample}}}")
        symbols = r" \cdot ".join(factor.tex for factor in equation.factors)
        numbers = r" \cdot ".join(math_tex(factor.numbers[0]) for factor in equation.factors)
        value = math_tex(labels.number(equation.value))
        lines += [rf"{left} &= {symbols} \\", rf"&= {numbers} \\", rf"&= {value} \\"]
    body = "\n".join(lines).removesuffix(r" \\")
    return f"\\[\n\\begin{{aligned}}\n{body}\n\\end{{aligned}}\n\\]"
