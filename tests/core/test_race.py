"""Races: names that are told apart, and how many can run."""

from dataclasses import replace

import pytest

from mlpsim.core.experiment import lecture_experiment
from mlpsim.core.optimizers import Adam
from mlpsim.core.race import ALONE, LONGEST_NAME, MOST_RACERS, Race, Racer

LECTURE = lecture_experiment()
ADAM = replace(LECTURE, optimizer=Adam(0.1))


def test_nothing_runs_beside_a_run_at_first() -> None:
    assert ALONE.racers == ()
    assert ALONE.names == ("this run",)


def test_racers_are_added_under_free_names() -> None:
    race = Race(own="GD").with_racers((Racer("Adam", ADAM), Racer("Adam", LECTURE)))
    race = race.with_racers((Racer("GD", ADAM), Racer("Adam", ADAM)))
    assert race.names == ("GD", "Adam", "Adam 2", "GD 2", "Adam 3")
    assert [racer.experiment for racer in race.racers] == [ADAM, LECTURE, ADAM, ADAM]
    long = "x" * LONGEST_NAME
    assert Race().with_racers((Racer(long, ADAM),) * 2).names[1:] == (long, long[:-2] + " 2")


def test_a_lane_is_renamed_or_removed() -> None:
    race = Race().with_racers((Racer("a", ADAM), Racer("b", LECTURE)))
    assert race.renamed(0, "mine").names == ("mine", "a", "b")
    assert race.renamed(2, "c").names == ("this run", "a", "c")
    assert race.without(1).racers == (Racer("b", LECTURE),)
    with pytest.raises(ValueError, match="two lanes are called 'a'"):
        race.renamed(2, "a")


@pytest.mark.parametrize(
    ("name", "why"),
    [("", "empty"), (" ", "empty"), ("x" * 61, "61 signs; 60"), ("a\x1b[2J", "control sign")],
)
def test_a_name_is_a_short_line(name, why) -> None:
    with pytest.raises(ValueError, match=why):
        Racer(name, ADAM)
    with pytest.raises(ValueError, match=why):
        Race(own=name)


def test_there_is_an_end_to_how_many_run() -> None:
    racers = tuple(Racer(str(n), ADAM) for n in range(MOST_RACERS))
    assert len(Race(racers).names) == 8
    with pytest.raises(ValueError, match="8 experiments beside the run; 7 are possible"):
        Race(racers).with_racers((Racer("more", ADAM),))
