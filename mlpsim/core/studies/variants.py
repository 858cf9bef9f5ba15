"""Variants of an experiment: one setting changed to each of some values that are typed."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from mlpsim.core.experiment import Experiment
from mlpsim.core.files.presets import Preset
from mlpsim.core.race import Race, Racer
from mlpsim.core.random import MAX_SEED
from mlpsim.core.studies.sweep_axes import KINDS, Kind


def _seed(experiment: Experiment, text: str) -> Experiment:
    """The same seed for the samples of the steps, and for the start where it has one."""
    if not (text.isascii() and text.isdigit() and int(text) <= MAX_SEED):
        raise ValueError(f"{text!r} is not a whole number from 0 to {MAX_SEED}")
    start: Any = experiment.start
    if hasattr(start, "seed"):
        start = replace(start, seed=int(text))
    return replace(experiment, sampling=replace(experiment.sampling, seed=int(text)), start=start)


SETTINGS = (*KINDS, Kind("seed", "seed", _seed))


def varied(base: Experiment, setting: Kind, text: str) -> tuple[tuple[str, Experiment], ...]:
    """The experiment with each of the values in a text, between commas; ValueError names a bad one.

    A value comes with what it was typed as, once each.
    """
    values = [value for part in text.split(",") if (value := part.strip())]
    if not values:
        raise ValueError("no value is given")
    found = []
    for value in dict.fromkeys(values):
        try:
            found.append((value, setting.apply(base, value)))
        except ValueError as error:
            raise ValueError(f"{value}: {error}") from error
    return tuple(found)


def preset_race(preset: Preset, name: str | None = None) -> Race:
    """The race of a preset's variants, where one of them (the first without a name) is the run."""
    own = preset.variant(name)
    racers = [Racer(v.name, v.experiment) for v in preset.variants if v is not own]
    return Race(tuple(racers), own.name)


def race_of(experiment: Experiment, presets: Sequence[Preset]) -> tuple[Race, int] | None:
    """The race of the preset that the experiment is a variant of, and its longest variant's steps.

    None where it is none, or the only one.
    """
    for preset in presets:
        for variant in preset.variants:
            if variant.experiment == experiment and len(preset.variants) > 1:
                return preset_race(preset, variant.name), max(v.steps for v in preset.variants)
    return None
