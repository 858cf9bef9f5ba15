"""The race: experiments that run beside the one on view, each under a name."""

from dataclasses import dataclass, replace
from unicodedata import category

from mlpsim.core.experiment import Experiment

MOST_RACERS = 7  # beside the run on view: there are eight colours that everyone tells apart
LONGEST_NAME = 60
THIS_RUN = "this run"


@dataclass(frozen=True)
class Racer:
    """An experiment that takes part in a race, under a name."""

    name: str
    experiment: Experiment

    def __post_init__(self) -> None:
        check_name(self.name)


@dataclass(frozen=True)
class Race:
    """Who runs beside the run on view, which has the name ``own``; no two names are the same."""

    racers: tuple[Racer, ...] = ()
    own: str = THIS_RUN

    def __post_init__(self) -> None:
        check_name(self.own)
        if len(self.racers) > MOST_RACERS:
            raise ValueError(
                f"{len(self.racers)} experiments beside the run; {MOST_RACERS} are possible"
            )
        for place, name in enumerate(self.names):
            if name in self.names[:place]:
                raise ValueError(f"two lanes are called {name!r}")

    @property
    def names(self) -> tuple[str, ...]:
        """The name of every lane, that of the run on view first."""
        return (self.own, *(racer.name for racer in self.racers))

    def with_racers(self, racers: tuple[Racer, ...]) -> "Race":
        """The race with some more at its end, under names that are free."""
        race = self
        for racer in racers:
            free = replace(racer, name=race.free_name(racer.name))
            race = replace(race, racers=(*race.racers, free))
        return race

    def without(self, lane: int) -> "Race":
        """The race without a lane ≥ 1."""
        place = lane - 1
        return replace(self, racers=self.racers[:place] + self.racers[place + 1 :])

    def renamed(self, lane: int, name: str) -> "Race":
        """The race with another name for a lane; ValueError if it is taken, empty or too long."""
        if lane == 0:
            return replace(self, own=name)
        racers = list(self.racers)
        racers[lane - 1] = replace(racers[lane - 1], name=name)
        return replace(self, racers=tuple(racers))

    def free_name(self, name: str) -> str:
        """The name, or the same with a number where it is taken."""
        found, number = name, 2
        while found in self.names:
            end = f" {number}"
            found, number = name[: LONGEST_NAME - len(end)] + end, number + 1
        return found


def check_name(name: str) -> None:
    """ValueError unless it is a short line of text."""
    if not name.strip():
        raise ValueError("the name of a lane is empty")
    if len(name) > LONGEST_NAME:
        raise ValueError(f"the name of a lane has {len(name)} signs; {LONGEST_NAME} are possible")
    if any(category(sign)[0] == "C" for sign in name):
        raise ValueError("the name of a lane has a control sign")


ALONE = Race()  # nothing runs beside the run on view
