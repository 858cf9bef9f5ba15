"""Races in files: what is written is read again, and what is hostile is refused in its place."""

import json
from dataclasses import replace

import pytest

from mlpsim.core.experiment import lecture_experiment
from mlpsim.core.files.codec import decode, encode
from mlpsim.core.files.document import document_of, go_on, new_document
from mlpsim.core.files.presets import load_presets
from mlpsim.core.files.strict_json import DocumentError
from mlpsim.core.optimizers import Adam, GradientDescent
from mlpsim.core.race import ALONE, MOST_RACERS, Race, Racer
from mlpsim.core.run import Run
from mlpsim.core.sampling import Sampling
from mlpsim.core.studies.variants import preset_race

LECTURE = lecture_experiment()
RACE = Race(
    (
        Racer("as it stands", LECTURE),
        Racer("Adam, η = ½", replace(LECTURE, optimizer=Adam(0.5))),
        Racer("B = 1", replace(LECTURE, sampling=Sampling(1))),
    ),
    "mine",
)


def document(race=RACE):
    run = Run.from_experiment(LECTURE)
    go_on(run, 5)
    return document_of(run, 3, None, race)


@pytest.mark.parametrize("race", [RACE, Race(own="alone"), ALONE], ids=["three", "renamed", "none"])
def test_a_race_is_kept(race) -> None:
    assert decode(encode(document(race))) == document(race)


def test_only_what_a_variant_changes_is_written() -> None:
    race = json.loads(encode(document()))["race"]
    assert race["own"] == "mine"
    assert race["racers"][0] == {"name": "as it stands"}
    assert list(race["racers"][1]) == ["name", "changes"]
    assert list(race["racers"][1]["changes"]) == ["optimizer"]
    assert list(race["racers"][2]["changes"]) == ["sampling"]
    assert "race" not in json.loads(encode(document(ALONE)))


def test_the_data_of_variants_stay_one_object() -> None:
    again = decode(encode(document()))
    assert {id(racer.experiment.problem) for racer in again.race.racers} == {
        id(again.experiment.problem)
    }


@pytest.mark.parametrize("preset", load_presets(), ids=lambda preset: preset.id)
def test_the_race_of_every_preset_is_kept(preset) -> None:
    race = preset_race(preset)
    start = replace(new_document(preset.variants[0].experiment, preset.view), race=race)
    assert decode(encode(start)) == start


def test_the_race_is_kept_where_the_run_was_edited() -> None:
    """Variants are written against the experiment in force at the cursor."""
    edited = replace(document(), experiment=LECTURE)
    other = replace(LECTURE, optimizer=GradientDescent(0.7))
    start = replace(new_document(other), race=RACE)
    assert decode(encode(start)).race == RACE == decode(encode(edited)).race


TOO_MANY = [{"name": str(n)} for n in range(MOST_RACERS + 1)]


@pytest.mark.parametrize(
    ("race", "where", "what"),
    [
        ([], "$.race", "Expected"),
        ({}, "$.race", "racers"),
        ({"racers": [], "extra": 1}, "$.race", "unknown field"),
        ({"racers": TOO_MANY}, "$.race.racers", "8 experiments run beside the document's; 7"),
        ({"racers": [{"changes": {}}]}, "$.race.racers[0]", "name"),
        ({"racers": [{"name": 3}]}, "$.race.racers[0].name", "Expected"),
        ({"racers": [{"name": ""}]}, "$.race.racers[0].name", "is empty"),
        ({"racers": [{"name": "x" * 61}]}, "$.race.racers[0].name", "61 signs"),
        ({"racers": [{"name": "a\nb"}]}, "$.race.racers[0].name", "control sign"),
        ({"racers": [{"name": "a"}, {"name": "a"}]}, "$.race", "two lanes are called 'a'"),
        ({"own": "", "racers": []}, "$.race", "is empty"),
        (
            {"racers": [{"name": "a"}, {"name": "b", "changes": {"sampling": {"batch_size": 0}}}]},
            "$.race.racers[1].changes.sampling",
            "batch size 0",
        ),
        (
            {"racers": [{"name": "a", "changes": {"start": {"name": "Given", "values": [1.0]}}}]},
            "$.race.racers[0].changes",
            "1 values, the network 2",
        ),
        (
            {"racers": [{"name": "a", "changes": {"colour": "red"}}]},
            "$.race.racers[0].changes",
            "unknown field",
        ),
    ],
)
def test_a_race_that_is_none_is_refused_in_its_place(race, where, what) -> None:
    text = json.loads(encode(new_document(LECTURE))) | {"race": race}
    with pytest.raises(DocumentError, match=what) as refused:
        decode(json.dumps(text).encode())
    assert refused.value.where == where


def test_a_name_cannot_reach_a_terminal() -> None:
    text = json.loads(encode(new_document(LECTURE))) | {"race": {"own": "\x1b[2J", "racers": []}}
    with pytest.raises(DocumentError) as refused:
        decode(json.dumps(text).encode())
    assert "\x1b" not in str(refused.value)
