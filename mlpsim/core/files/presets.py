"""Presets: ready experiments for teaching, with what to say and what to look for."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from mlpsim.core.experiment import Experiment
from mlpsim.core.files.codec import readable
from mlpsim.core.files.document import Document, View, new_document
from mlpsim.core.files.head import check_head
from mlpsim.core.files.strict_json import DocumentError, decode_as, scan
from mlpsim.core.files.structs import Integer, Wire, array_of, at, struct
from mlpsim.core.files.view_wire import ViewWire, read_view, write_view
from mlpsim.core.files.wire import (
    CHANGES,
    ExperimentWire,
    read_changed,
    read_experiment,
    write_experiment,
)
from mlpsim.core.race import Racer
from mlpsim.core.resources import resource

FORMAT = "mlpsim-preset"
VERSION = 1
MOST_STEPS = 1_000_000  # of a variant: its path is computed before some planes are laid

SAY, SEE = "What to say: write it into the file.", "what there is to see."  # of one's own preset

_VariantWire = struct(
    "Variant",
    [
        ("name", str),
        ("steps", Integer),
        ("chaotic", bool, False),
        CHANGES,
    ],
)
_PresetWire = struct(
    "Preset",
    [
        ("format", Literal["mlpsim-preset"]),
        ("version", Literal[1]),
        ("id", str),
        ("title", str),
        ("say", str),
        ("see", str),
        ("view", ViewWire),
        ("experiment", ExperimentWire),
        ("variants", array_of(_VariantWire)),
    ],
)


@dataclass(frozen=True)
class Variant:
    """One run of a preset: the experiment, and how many steps show what is to be seen.

    Where it is ``chaotic``, two machines agree in the picture and not in the digits.
    """

    name: str
    experiment: Experiment
    steps: int
    chaotic: bool

    def __post_init__(self) -> None:
        if not 0 <= self.steps <= MOST_STEPS:
            raise ValueError(f"the steps of a variant are 0 to {MOST_STEPS}, not {self.steps}")


@dataclass(frozen=True)
class Preset:
    """What to say, what must be seen, where to look, and the runs."""

    id: str
    title: str
    say: str
    see: str
    view: View
    variants: tuple[Variant, ...]

    def variant(self, name: str | None = None) -> Variant:
        """The variant of that name, the first without one; ValueError names those there are.

        Who types a command may write eta for η.
        """
        for variant in self.variants:
            if name in (None, variant.name, variant.name.replace("η", "eta")):
                return variant
        known = ", ".join(f"'{variant.name}'" for variant in self.variants)
        raise ValueError(f"{self.id} has no variant '{name}'; it has {known}")

    def document(self, name: str | None = None) -> Document:
        """A new document with that variant, or the first."""
        return new_document(self.variant(name).experiment, self.view)


def preset_of(document: Document, steps: int) -> Preset:
    """A preset of a document's experiment, with those that run beside it as further variants.

    Its texts are for whoever shows it to write.
    """
    own, steps = Racer(document.race.own, document.experiment), min(steps, MOST_STEPS)
    variants = tuple(
        Variant(lane.name, lane.experiment, steps, chaotic=False)
        for lane in (own, *document.race.racers)
    )
    return Preset("my-preset", "My preset", SAY, SEE, document.view or View(), variants)


@cache
def load_presets() -> tuple[Preset, ...]:
    """The program's presets in the order of their file names."""
    paths = sorted(resource("presets").glob("*.json"))
    return tuple(read_preset(path.read_bytes()) for path in paths)


def find_preset(name: str, presets: tuple[Preset, ...]) -> Preset:
    """The preset with that id; ValueError names those there are."""
    for preset in presets:
        if preset.id == name:
            return preset
    known = ", ".join(preset.id for preset in presets)
    raise ValueError(f"there is no preset '{name}'; there are {known}")


def find_variant(presets: Sequence[Preset], name: str | None) -> tuple[Preset, Variant]:
    """The variant of that name, or the first of all; ValueError names those there are.

    One of several presets is called by the preset's id, a comma and its name, or by the id where
    it is the only one; its name is enough if no other preset has such a variant. DocumentError if
    nothing tells two apart.
    """
    pairs = [(preset, variant) for preset in presets for variant in preset.variants]
    if name is None:
        return pairs[0]
    names = [variant_name(presets, *pair) for pair in pairs]
    if names.count(name) > 1:
        what = f"More than one variant is called '{name}'"
        raise DocumentError(what, what_to_do="Give each a name of its own in a text editor.")
    if name in names:
        return pairs[names.index(name)]
    alike = [i for i, (_, variant) in enumerate(pairs) if variant.name == name]
    if len(alike) == 1:
        return pairs[alike[0]]
    known = ", ".join(f"'{names[i]}'" for i in alike or range(len(names)))
    what = f"more than one variant is called '{name}'" if alike else f"there is no variant '{name}'"
    raise ValueError(f"{what}; there are {known}")


def variant_name(presets: Sequence[Preset], preset: Preset, variant: Variant) -> str:
    """What calls the variant of one of some presets and no other."""
    if len(presets) == 1:
        return variant.name
    return preset.id if len(preset.variants) == 1 else f"{preset.id}, {variant.name}"


def write_preset(preset: Preset) -> bytes:
    """The text of the preset's file."""
    base = preset.variants[0].experiment
    variants = []
    for variant in preset.variants:
        wire: dict[str, Wire] = {"name": variant.name, "steps": variant.steps}
        if variant.chaotic:
            wire["chaotic"] = True
        if changes := write_experiment(variant.experiment, base):
            wire["changes"] = changes
        variants.append(wire)
    head = {"format": FORMAT, "version": VERSION, "id": preset.id, "title": preset.title}
    said = {"say": preset.say, "see": preset.see, "view": write_view(preset.view)}
    rest = {"experiment": write_experiment(base), "variants": variants}
    return readable(head | said | rest)


def read_preset(data: bytes) -> Preset:
    """The preset in the text of a file; DocumentError says what is wrong, and where.

    The variants hold what they change of the preset's experiment.
    """
    data = scan(data)
    check_head(data, FORMAT, VERSION, "a preset of mlpsim")
    wire = decode_as(data, _PresetWire)
    base = read_experiment(wire.experiment, "$.experiment")
    if not wire.variants:
        raise DocumentError("A preset has at least one variant", "$.variants")
    variants = tuple(
        _read_variant(variant, base, f"$.variants[{i}]") for i, variant in enumerate(wire.variants)
    )
    view = read_view(wire.view, base, "$.view")
    return Preset(wire.id, wire.title, wire.say, wire.see, view, variants)


def _read_variant(wire: Wire, base: Experiment, where: str) -> Variant:
    experiment = read_changed(wire, base, where)
    with at(f"{where}.steps"):
        return Variant(wire.name, experiment, wire.steps, wire.chaotic)
