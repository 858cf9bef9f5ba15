"""A step worked out in LaTeX, against the lecture's numbers by hand."""

from dataclasses import replace

import pytest

from mlpsim.core.experiment import lecture_experiment
from mlpsim.core.files.document import go_on
from mlpsim.core.files.presets import load_presets
from mlpsim.core.run import Run
from mlpsim.core.sampling import Sampling
from mlpsim.views.labels.worked_step import worked_step_tex

ON_SAMPLE_4 = replace(lecture_experiment(), sampling=Sampling(None, "given", batches=((3,),)))
VARIANTS = [
    pytest.param(variant, id=f"{preset.id}-{variant.name}")
    for preset in load_presets()
    for variant in preset.variants
]


def worked(experiment, k: int) -> str:
    run = Run.from_experiment(experiment)
    go_on(run, k)
    return worked_step_tex(run.record(k))


def test_sgd_on_sample_4_is_worked_out() -> None:
    text = worked(ON_SAMPLE_4, 1)
    assert r"\section*{Step 1: from state 0 to state 1}" in text
    assert r"\subsection*{Sample 4: $x = (2, -5)$, $y = 0$}" in text
    assert r"= 0\cdot 2 + 0\cdot (-5) = 0" in text
    assert r"\hat{y} &= \sigma(z) = \sigma (0) = 0.5" in text
    assert r"&= 2(0.5 - 0) \cdot 0.25 \cdot (-5) \\" + "\n&= -1.25" in text
    assert r"(0, 0) - 0.1\cdot (0.5, -1.25) = (-0.05, 0.125)" in text
    assert r"1 \to  1.0344" in text
    assert "Sample 1" not in text


def test_gradient_descent_works_out_every_sample() -> None:
    text = worked(lecture_experiment(), 1)
    assert [f"Sample {s}:" in text for s in (1, 2, 3, 4)] == [True] * 4
    assert r"= (-0.275, -0.1)" in text


def test_what_is_not_written_out_is_said() -> None:
    presets = {preset.id: preset.variants[0].experiment for preset in load_presets()}
    assert "The network has 105 parameters: their" in worked(presets["spiral"], 1)
    assert "Of 4, 2 samples are worked out" in worked(presets["xor-symmetry"], 1)


@pytest.mark.parametrize("variant", VARIANTS)
def test_every_preset_gives_latex_in_ascii_with_even_braces(variant) -> None:
    for k in (1, 2):
        text = worked(variant.experiment, k)
        assert text.isascii()
        assert text.count("{") == text.count("}")
        assert text.count(r"\begin{") == text.count(r"\end{")
