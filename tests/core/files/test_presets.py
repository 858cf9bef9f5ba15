"""The presets: every expected number, and how they are found, read and written."""

import json
import re

import numpy as np
import pytest

from mlpsim.core.experiment import lecture_experiment
from mlpsim.core.files.document import new_document, states
from mlpsim.core.files.presets import (
    DocumentError,
    find_preset,
    load_presets,
    preset_of,
    read_preset,
    write_preset,
)
from mlpsim.core.resources import resource
from tests.recorded import recorded

EXPECTED = {
    preset["id"]: {v["name"].replace("eta", "η"): v["expect"] for v in preset["variants"]}
    for name in ("presets", "presets-polynomial", "presets-second-order")
    for preset in recorded(name)["presets"]
}
PRESETS = load_presets()
VARIANTS = [
    pytest.param(preset, variant, id=f"{preset.id}-{variant.name}")
    for preset in PRESETS
    for variant in preset.variants
]
TOLERANCE = 2e-9


def close(here, expected) -> bool:
    return bool(np.all(np.abs(here - expected) <= TOLERANCE * np.maximum(1.0, np.abs(expected))))


def test_all_seventeen_are_there_with_their_variants() -> None:
    assert {preset.id: [v.name for v in preset.variants] for preset in PRESETS} == {
        name: list(variants) for name, variants in EXPECTED.items()
    }
    assert len(PRESETS) == 18


@pytest.mark.parametrize(("preset", "variant"), VARIANTS)
def test_every_variant_gives_the_expected_numbers(preset, variant) -> None:
    expected = {entry["step"]: entry for entry in EXPECTED[preset.id][variant.name]}
    # In a chaotic run Adam divides rounding by rounding from its second step on.
    last = 1 if variant.chaotic else variant.steps
    assert max(expected) == variant.steps
    problem = variant.experiment.problem
    seen = set()
    for _, state in states(preset.document(variant.name).segments, last):
        if state.k in expected:
            entry = expected[state.k]
            gradient = np.linalg.norm(problem.gradient(state.theta))
            assert close(float(problem.value(state.theta)), entry["objective"])
            assert close(gradient, entry["grad_norm"])
            assert close(state.theta, entry.get("w", state.theta))
            seen.add(state.k)
    assert seen == {k for k in expected if k <= last}


def test_which_variants_are_chaotic() -> None:
    chaotic = [(p.id, v.name) for p in PRESETS for v in p.variants if v.chaotic]
    assert chaotic == [("sine", "Adam"), ("spiral", "Adam")]


def test_the_lecture_preset_is_the_default_experiment() -> None:
    preset = find_preset("lecture-gd-sgd-minibatch", PRESETS)
    assert preset.variant().experiment == lecture_experiment()
    window = preset.view.window
    assert window is not None
    assert (window.x0, window.x1, window.y0, window.y1) == (-3, 1, -1.5, 1.5)


def test_an_unknown_preset_or_variant_is_refused_with_the_known_ones() -> None:
    with pytest.raises(
        ValueError, match=r"no preset 'x'; there are lecture-learning-rate, .*spiral"
    ):
        find_preset("x", PRESETS)
    with pytest.raises(ValueError, match="'too small', 'good', 'too large'"):
        PRESETS[0].variant("tiny")


def test_a_variant_is_found_by_its_name_in_plain_letters() -> None:
    preset = find_preset("line-sgd", PRESETS)
    assert preset.variant("SGD eta/t") is preset.variant("SGD η/t")


def test_the_texts_are_sentences_without_plain_letters_for_symbols() -> None:
    for preset in PRESETS:
        for text in (preset.title, preset.say, preset.see, *(v.name for v in preset.variants)):
            assert text
            assert text == text.strip()
            assert not re.search(r"\b(eta|grad|w11|w12)\b|->|<=|>=| - ", text)


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.id)
def test_a_preset_comes_back_from_its_text(preset) -> None:
    assert read_preset(write_preset(preset)) == preset


def test_a_preset_of_a_document_is_of_its_experiment_and_has_texts_to_fill_in() -> None:
    experiment = lecture_experiment()
    preset = preset_of(new_document(experiment), 5)
    (variant,) = preset.variants
    assert (variant.name, variant.experiment, variant.steps) == ("this run", experiment, 5)
    assert preset.say == "What to say: write it into the file."
    assert read_preset(write_preset(preset)) == preset


def test_a_broken_preset_is_refused() -> None:
    text = json.loads(next(resource("presets").glob("01*.json")).read_text())
    with pytest.raises(DocumentError, match="not a preset"):
        read_preset(json.dumps({**text, "format": "mlpsim"}).encode())
    with pytest.raises(DocumentError, match="at least one variant"):
        read_preset(json.dumps({**text, "variants": []}).encode())
    wrong = [{"name": "a", "steps": 1, "changes": {"optimizer": {"name": "?"}}}]
    with pytest.raises(DocumentError, match=r"\$\.variants\[0\]\.changes\.optimizer\.name"):
        read_preset(json.dumps({**text, "variants": wrong}).encode())


def test_the_own_presets_are_read_once() -> None:
    assert load_presets() is load_presets()
