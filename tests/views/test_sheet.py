"""Exercise sheets: what stands in them, and that TeX is given nothing it trips over."""

import re

from ziamath.zmath import Latex

from mlpsim.core.experiment import lecture_experiment
from mlpsim.core.files.presets import load_presets
from mlpsim.core.lessons.exercise import exercise
from mlpsim.views.labels.sheet import sheet_html, sheet_tex
from mlpsim.views.labels.tex import math_tex

TASKS = tuple(exercise(lecture_experiment(), seed) for seed in range(3))


def test_symbols_as_tex() -> None:
    assert math_tex("ŷ⁴ = σ(w¹₁₁x₁ − 2)") == r"\hat{y}^{4} = \sigma (w^{1}_{11}x_{1} - 2)"
    assert math_tex("w¹₁₂⁺ = x₁²") == "w^{1}_{12}{}^{+} = x_{1}^{2}"
    assert math_tex("7.73·10⁻¹⁸") == r"7.73\cdot 10^{-18}"
    assert math_tex("(0.1 − 0.2 + … 8 terms)") == r"(0.1 - 0.2 + \dots  8\text{ terms})"
    assert math_tex("sign(0.5 − ∞)") == r"\operatorname{sign}(0.5 - \infty )"
    assert math_tex("now  w = 0, s in batch") == r"\text{now}\quad w = 0, s\text{ in batch}"
    assert math_tex("a_b & 5 % #{}$ \\ ^ ~") == (
        r"a\_b \& 5 \% \#\{\}\$ \backslash  \hat{\ } \sim "
    )


def test_the_sheet_with_its_key() -> None:
    tex = sheet_tex(TASKS, key=True)
    assert tex.startswith(r"\documentclass")
    assert tex.endswith("\\end{document}\n")
    assert tex.count(r"\begin{align*}") == tex.count(r"\end{align*}") == 1 + 3 * 3
    assert tex.count(r"\hat{y} = \sigma (w^{1}_{11}x_{1} + w^{1}_{12}x_{2})") == 1
    head, _, key = tex.partition(r"\section*{Key}")
    assert r"\partial e^{4}/\partial w^{1}_{12} = ?" in head
    assert r"\partial e^{4}/\partial w^{1}_{12} = -1.25" in key
    assert "-1.25" not in head
    assert sheet_tex(TASKS, key=True) == tex
    without = sheet_tex(TASKS, key=False)
    assert "Key" not in without
    assert re.findall(r"\\usepackage(?:\[.*?\])?\{(\w+)\}", tex) == ["inputenc", "amsmath"]


def test_every_formula_of_every_small_preset_is_one_that_can_be_typeset() -> None:
    tasks = []
    for preset in load_presets():
        experiment = preset.document(preset.variants[0].name).segments[0].experiment
        if experiment.problem.network.n_params <= 20:
            tasks += [
                exercise(experiment, 1),
                exercise(experiment, 2, min(2, len(experiment.problem.data))),
            ]
    assert len(tasks) > 6
    tex = sheet_tex(tasks, key=True)
    assert tex.isascii()
    assert tex.count("{") == tex.count("}")
    lines = {line.rstrip("\\ ") for line in tex.splitlines() if line.startswith("& ")}
    for line in lines:
        assert Latex(line.removeprefix("& ")).svg()


def test_the_sheet_to_print() -> None:
    html = sheet_html(TASKS, key=True)
    head, _, key = html.partition("Key</h2>")
    assert head.count("<h3>") == 3
    assert "w¹₁₂⁺&nbsp;=&nbsp;0.125" in key
    assert "0.125" not in head
    mixed = (*TASKS, exercise(lecture_experiment(), 1, 2))
    assert "s in batch" in sheet_html(mixed, key=False)
    assert sheet_tex(mixed, key=False).count("with\n") == 4
