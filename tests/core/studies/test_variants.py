"""Variants: one setting with several values, and the variants of a preset."""

from dataclasses import replace

import pytest

from mlpsim.core.experiment import lecture_experiment
from mlpsim.core.files.presets import find_preset, load_presets
from mlpsim.core.optimizers import Adam, GradientDescent
from mlpsim.core.race import Race
from mlpsim.core.random import MAX_SEED
from mlpsim.core.sampling import Sampling
from mlpsim.core.starts import Given, GlorotNormal, GlorotUniform, Uniform, Zeros
from mlpsim.core.studies.variants import SETTINGS, preset_race, race_of, varied

LECTURE = lecture_experiment()
PRESETS = load_presets()
SETTING = {kind.name: kind for kind in SETTINGS}


def test_a_value_makes_a_variant_once() -> None:
    found = varied(LECTURE, SETTING["eta"], " 0.5, 1,0.5,, ")
    assert found == (
        ("0.5", replace(LECTURE, optimizer=GradientDescent(0.5))),
        ("1", replace(LECTURE, optimizer=GradientDescent(1.0))),
    )
    assert all(variant.problem is LECTURE.problem for _, variant in found)


@pytest.mark.parametrize(
    ("setting", "text", "why"),
    [
        ("eta", " , ", "no value is given"),
        ("eta", "0.1, fast", "fast: 'fast' is not a finite number"),
        ("batch", "0", "0: '0' is neither"),
        ("optimizer", "sgdx", "unknown optimizer"),
        ("seed", "-1", "is not a whole number from 0"),
        ("seed", str(MAX_SEED + 1), "is not a whole number from 0"),
        ("start", "somewhere", "unknown start 'somewhere'; known: zeros, uniform"),
        ("start", "1:x", "'x' is not a finite number"),
        ("start", "1:2:3", "3 values, the network 2"),
    ],
)
def test_a_value_that_is_none_is_named(setting, text, why) -> None:
    with pytest.raises(ValueError, match=why):
        varied(LECTURE, SETTING[setting], text)


def test_a_seed_is_that_of_the_samples_and_of_the_start() -> None:
    drawn = replace(LECTURE, start=GlorotUniform(7), sampling=Sampling(1, seed=3))
    ((_, seeded),) = varied(drawn, SETTING["seed"], "5")
    assert (seeded.start, seeded.sampling) == (GlorotUniform(5), Sampling(1, seed=5))
    ((_, seeded),) = varied(LECTURE, SETTING["seed"], "5")
    assert (seeded.start, seeded.sampling.seed) == (LECTURE.start, 5)


def test_a_start_keeps_its_seed_under_another_rule() -> None:
    drawn = replace(LECTURE, start=GlorotUniform(7))
    starts = [v.start for _, v in varied(drawn, SETTING["start"], "glorot-normal,zeros,0.5:-1")]
    assert starts == [GlorotNormal(7), Zeros(), Given((0.5, -1.0))]
    ((_, same),) = varied(drawn, SETTING["start"], "glorot-uniform")
    assert same is drawn
    ((_, usual),) = varied(LECTURE, SETTING["start"], "uniform")
    assert usual.start == Uniform()


def test_the_variants_of_a_preset_are_a_race() -> None:
    ravine = find_preset("ravine", PRESETS)
    race = preset_race(ravine)
    assert race.names == tuple(variant.name for variant in ravine.variants)
    race = preset_race(ravine, "Adam")
    assert race.own == "Adam"
    assert [racer.name for racer in race.racers] == [
        variant.name for variant in ravine.variants if variant.name != "Adam"
    ]
    assert all(racer.experiment == ravine.variant(racer.name).experiment for racer in race.racers)


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.id)
def test_an_experiment_is_known_by_its_preset(preset) -> None:
    for variant in preset.variants:
        found = race_of(variant.experiment, PRESETS)
        assert found is not None
        race, steps = found
        assert set(race.names) == {each.name for each in preset.variants}
        assert steps == max(each.steps for each in preset.variants)


def test_an_experiment_of_no_preset_has_no_race_of_one() -> None:
    assert race_of(replace(LECTURE, optimizer=Adam(0.123)), PRESETS) is None
    alone = replace(PRESETS[0], variants=PRESETS[0].variants[:1])
    assert race_of(alone.variants[0].experiment, (alone,)) is None
    assert Race() == preset_race(
        replace(alone, variants=(replace(alone.variants[0], name="this run"),))
    )
