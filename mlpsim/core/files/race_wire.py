"""The race as it stands in a file: names, and what each experiment changes of the document's."""

from mlpsim.core.experiment import Experiment
from mlpsim.core.files.strict_json import DocumentError
from mlpsim.core.files.structs import Wire, array_of, at, struct
from mlpsim.core.files.wire import CHANGES, read_changed, write_experiment
from mlpsim.core.race import MOST_RACERS, THIS_RUN, Race, Racer

_RacerWire = struct(
    "Racer",
    [("name", str), CHANGES],
)
RaceWire = struct("Race", [("own", str, THIS_RUN), ("racers", array_of(_RacerWire))])


def write_race(race: Race, base: Experiment) -> Wire:
    """The race beside a document's experiment."""
    racers = []
    for racer in race.racers:
        wire: dict[str, Wire] = {"name": racer.name}
        if changes := write_experiment(racer.experiment, base):
            wire["changes"] = changes
        racers.append(wire)
    return {"own": race.own, "racers": racers}


def read_race(wire: Wire, base: Experiment, where: str) -> Race:
    """The race in a ``RaceWire``; DocumentError says what is wrong with it, and where."""
    if len(wire.racers) > MOST_RACERS:
        raise DocumentError(
            f"{len(wire.racers)} experiments run beside the document's; {MOST_RACERS} are possible",
            f"{where}.racers",
        )
    racers = []
    for i, racer in enumerate(wire.racers):
        place = f"{where}.racers[{i}]"
        experiment = read_changed(racer, base, place)
        with at(f"{place}.name"):
            racers.append(Racer(racer.name, experiment))
    with at(where):
        return Race(tuple(racers), wire.own)
