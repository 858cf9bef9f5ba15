"""Presets in files of JSON: a program's own, and the experiments of recorded numbers."""

import json
from dataclasses import replace

import numpy as np
import pytest

from mlpsim.core.feasible import Ball, Box
from mlpsim.core.files.document import View, states
from mlpsim.core.files.presets import find_preset, find_variant, load_presets
from mlpsim.core.files.strict_json import DocumentError
from mlpsim.core.oracles.sources import holds_presets, read_presets
from mlpsim.core.resources import resource
from tests.recorded import GOLDEN, recorded

CASES = sorted(path.stem for path in GOLDEN.glob("s*.json"))


def presets_of(name: str):
    return read_presets((GOLDEN / f"{name}.json").read_bytes(), name)


@pytest.mark.parametrize("name", CASES)
def test_a_run_of_a_case_goes_through_the_recorded_states(name) -> None:
    content = recorded(name)
    (preset,) = presets_of(name)
    assert (preset.id, preset.say) == (content["id"], content["description"])
    assert [variant.name for variant in preset.variants] == [r["name"] for r in content["runs"]]
    for run, variant in zip(content["runs"], preset.variants, strict=True):
        assert (variant.steps, variant.chaotic) == (len(run["batches"]), False)
        if variant.experiment.start_is_projected:  # as everywhere but in a check
            continue
        document = preset.document(variant.name)
        last = min(20, run["recorded_steps"][-1])
        found = {state.k: state.theta for _, state in states(document.segments, last)}
        for k, theta in zip(run["recorded_steps"], run["trajectory"], strict=True):
            if k <= last:
                np.testing.assert_allclose(found[k], theta, rtol=1e-9, atol=1e-9)


def test_a_case_without_runs_is_seen_at_its_point() -> None:
    content = recorded("s02-lecture-bce")
    (preset,) = read_presets(json.dumps(content | {"runs": [], "id": ""}).encode(), "point")
    (variant,) = preset.variants
    assert (preset.id, variant.steps) == ("point", 0)
    weights = np.concatenate(content["params0"]["weights"], axis=None)
    assert variant.experiment.start_theta().tolist() == weights.tolist()


def test_recorded_presets_are_the_programs_of_the_same_name() -> None:
    known = load_presets()
    for preset in presets_of("presets"):
        ours = find_preset(preset.id, known)
        if preset.view.window is not None:
            assert preset.view.kind == "two_weights"
            assert preset.view.params == ours.view.params
            assert preset.view.window == ours.view.window
        chaotic = [v.name for v in preset.variants if v.chaotic]
        assert chaotic == (["Adam"] if preset.id in ("sine", "spiral") else [])
        for variant, our in zip(preset.variants, ours.variants, strict=True):
            assert variant.steps == our.steps
            one, two = variant.experiment, our.experiment
            assert one.problem.data == two.problem.data
            assert (one.optimizer, one.schedule) == (two.optimizer, two.schedule)
            assert one.sampling == two.sampling
            assert one.start_theta().tolist() == two.start_theta().tolist()


def test_each_problem_with_its_optima_is_a_preset_over_its_feasible_set() -> None:
    content = recorded("optima")["problems"]
    presets = presets_of("optima")
    assert [preset.id for preset in presets] == [problem["id"] for problem in content]
    kinds = {"box": Box, "ball": Ball}
    for preset, problem in zip(presets, content, strict=True):
        (variant,) = preset.variants
        assert (variant.steps, variant.chaotic) == (0, False)
        feasible = variant.experiment.problem.feasible
        assert isinstance(feasible, kinds[problem["feasible_set"]["type"]])


def test_a_preset_of_the_program_is_read_as_it_is() -> None:
    path = resource("presets", "09-ravine.json")
    assert read_presets(path.read_bytes(), "any") == (find_preset("ravine", load_presets()),)


def test_a_variant_is_called_by_as_much_of_its_name_as_tells_it_apart() -> None:
    presets = presets_of("presets")
    assert find_variant(presets, None)[0].id == "lecture-learning-rate"
    assert find_variant(presets, "too large")[0].id == "lecture-learning-rate"
    preset, variant = find_variant(presets, "ravine, GD")
    assert (preset.id, variant.name) == ("ravine", "GD")
    with pytest.raises(ValueError, match="more than one variant is called 'GD'; there are 'lect"):
        find_variant(presets, "GD")
    with pytest.raises(ValueError, match=r"no variant 'none'; there are .*'spiral, SGD'"):
        find_variant(presets, "none")
    ravine = find_preset("ravine", presets)
    twins = replace(ravine, variants=2 * ravine.variants)
    assert find_variant([twins], None)[1] is ravine.variants[0]
    with pytest.raises(DocumentError, match="More than one variant is called 'GD'"):
        find_variant([twins], "GD")
    optima = presets_of("optima")
    assert find_variant(optima, optima[2].id)[0] is optima[2]
    (case,) = presets_of("s02-lecture-bce")
    with pytest.raises(ValueError, match="there are 'gd', 'sgd', 'adam'"):
        find_variant([case], "GD")


def spoiled(change) -> bytes:
    content = recorded("presets")
    change(content["presets"][0])
    return json.dumps(content).encode()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"{}", "no preset of mlpsim.*mlpsim-oracle/1"),
        (b'{"schema": "mlpsim-rng/2", "vectors": []}', "no experiments"),
        (b'{"schema": "mlpsim-presets-1", "presets": []}', "no experiments"),
        (spoiled(lambda preset: preset.update(variants=[])), r"presets\[0\]\.variants"),
        (spoiled(lambda preset: preset["view"].update(kind="2D")), r"presets\[0\]\.view\.kind"),
        (spoiled(lambda preset: preset["view"].update(params=[0, 2])), r"\[0\]\.view\.params"),
        (spoiled(lambda preset: preset["view"].update(x=[4, -4])), r"presets\[0\]\.view\)"),
        (spoiled(lambda p: p["variants"][1].update(start=[0.5])), r"variants\[1\]\.start"),
        (spoiled(lambda p: p["variants"][1].update(steps=-1)), r"not -1.*variants\[1\]\.steps"),
        (spoiled(lambda p: p["variants"][1].update(steps=10**7)), r"variants\[1\]\.steps"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place(data, said) -> None:
    with pytest.raises(DocumentError, match=said):
        read_presets(data, "broken")


def test_a_view_or_its_window_may_be_left_out() -> None:
    presets = read_presets(spoiled(lambda preset: preset.pop("view")), "presets")
    assert presets[0].view == View()
    presets = read_presets(spoiled(lambda preset: preset["view"].pop("y")), "presets")
    assert presets[0].view == View()


def test_without_a_view_more_than_two_parameters_are_seen_on_the_plane_of_the_path() -> None:
    kinds = {name: presets_of(name)[0].view.kind for name in CASES}
    assert kinds["s01-lecture-all-optimizers"] == kinds["s14-kinks"] == "two_weights"
    assert kinds["s04-line-mean-schedules"] == "two_weights"
    assert kinds["s05-tanh-half-l2"] == kinds["s13-spiral-2-8-8-1"] == "pca"
    assert {preset.view.kind for preset in presets_of("optima")} == {"two_weights"}


def test_a_network_of_one_parameter_has_no_two_weights_to_choose() -> None:
    def with_one_weight(preset) -> None:
        preset["variants"] = preset["variants"][:1]
        variant = preset["variants"][0]
        variant["network"]["sizes"] = [1, 1]
        variant["data"]["x"] = [row[:1] for row in variant["data"]["x"]]
        variant["start"] = variant["start"][:1]

    (preset, *_) = read_presets(spoiled(with_one_weight), "presets")
    assert preset.variants[0].experiment.problem.network.n_params == 1


def test_a_file_says_whether_it_holds_presets() -> None:
    assert holds_presets((GOLDEN / "rng.json").read_bytes())
    assert holds_presets(resource("presets", "13-sine.json").read_bytes())
    assert not holds_presets(resource("rails", "lecture.json").read_bytes())
    assert holds_presets(b'{"schema": "mlpsim-oracle/2"}')  # not known, and so refused by name
    assert holds_presets(b"\xef\xbb\xbf" + (GOLDEN / "rng.json").read_bytes())
    with pytest.raises(DocumentError, match="UTF-16"):
        holds_presets((GOLDEN / "rng.json").read_text().encode("utf-16"))
