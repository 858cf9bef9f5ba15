"""Rails: a lecture's slides, each with the experiment that shows what it is about."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

import msgspec

from mlpsim.core.experiment import Experiment
from mlpsim.core.files.document import Document, View, new_document
from mlpsim.core.files.head import check_head
from mlpsim.core.files.presets import Preset, find_preset, load_presets
from mlpsim.core.files.strict_json import DocumentError, decode_as, scan
from mlpsim.core.files.structs import Wire, array_of, at, struct
from mlpsim.core.files.view_wire import ViewWire, read_view
from mlpsim.core.files.wire import CHANGES, ExperimentWire, read_changed, read_experiment
from mlpsim.core.resources import resource

FORMAT = "mlpsim-rail"
VERSION = 1
MAX_SLIDES = 500
MAX_STEP = 100_000

_Title = Annotated[str, msgspec.Meta(min_length=1, max_length=120)]
_Text = Annotated[str, msgspec.Meta(max_length=2_000)]
_Id = Annotated[str, msgspec.Meta(max_length=60)]
_SlideWire = struct(
    "Slide",
    [
        ("title", _Title),
        ("text", _Text, ""),
        ("formula", _Text, ""),
        ("words", _Text, ""),
        ("question", _Text, ""),
        ("preset", _Id | None, None),
        ("variant", _Id | None, None),
        ("experiment", ExperimentWire | msgspec.UnsetType, msgspec.UNSET),
        CHANGES,
        ("step", Annotated[int, msgspec.Meta(ge=0, le=MAX_STEP)], 0),
        ("sample", Annotated[int, msgspec.Meta(ge=1, le=10**9)] | None, None),
        ("view", ViewWire | msgspec.UnsetType, msgspec.UNSET),
        ("panels", list[_Id], msgspec.field(default_factory=list)),
    ],
)
_RailWire = struct(
    "Rail",
    [
        ("format", Literal["mlpsim-rail"]),
        ("version", Literal[1]),
        ("title", _Title),
        ("slides", array_of(_SlideWire)),
    ],
)


@dataclass(frozen=True)
class Slide:
    """What a slide says, its formula (TeX, and in words), its question, and what it shows.

    It shows state ``step`` of the experiment, sample ``sample`` (from 0) highlighted, and brings
    the panels with these ids to the front.
    """

    title: str
    text: str
    formula: str
    words: str
    question: str
    experiment: Experiment
    view: View | None
    step: int
    sample: int | None
    panels: tuple[str, ...]

    def document(self) -> Document:
        """A new document whose run has come to the slide's step, and is seen there."""
        start = new_document(self.experiment, self.view)
        return Document(self.experiment, start.segments, self.step, self.step, self.view)


@dataclass(frozen=True)
class Rail:
    """A lecture's slides, in order."""

    title: str
    slides: tuple[Slide, ...]


def lecture_rail() -> Rail:
    """The rail of the lecture that the program is about."""
    return read_rail(resource("rails", "lecture.json").read_bytes())


def read_rail(data: bytes) -> Rail:
    """The rail in the text of a file; DocumentError says what is wrong, and where.

    A slide names a preset and a variant, or holds an experiment; its changes come on top.
    """
    data = scan(data)
    check_head(data, FORMAT, VERSION, "a rail of mlpsim")
    wire = decode_as(data, _RailWire)
    if not 1 <= len(wire.slides) <= MAX_SLIDES:
        raise DocumentError(
            f"The rail has {len(wire.slides)} slides; 1 to {MAX_SLIDES} are possible", "$.slides"
        )
    presets = load_presets()
    slides = (_read_slide(slide, presets, f"$.slides[{i}]") for i, slide in enumerate(wire.slides))
    return Rail(wire.title, tuple(slides))


def check_panels(rail: Rail, known: Sequence[str]) -> None:
    """DocumentError with its place for a panel that is not among these ids."""
    for i, slide in enumerate(rail.slides):
        for j, panel in enumerate(slide.panels):
            if panel not in known:
                raise DocumentError(
                    f"There is no panel '{panel}'; there are {', '.join(known)}",
                    f"$.slides[{i}].panels[{j}]",
                )


def _read_slide(wire: Wire, presets: tuple[Preset, ...], where: str) -> Slide:
    experiment, view = _read_base(wire, presets, where)
    experiment = read_changed(wire, experiment, where)
    if wire.view is not msgspec.UNSET:
        view = read_view(wire.view, experiment, f"{where}.view")
    samples = len(experiment.problem.data)
    if wire.sample is not None and wire.sample > samples:
        raise DocumentError(
            f"There is no sample {wire.sample}; the data have {samples}", f"{where}.sample"
        )
    sample = None if wire.sample is None else wire.sample - 1
    return Slide(
        *(wire.title, wire.text, wire.formula, wire.words, wire.question),
        *(experiment, view, wire.step, sample, tuple(wire.panels)),
    )


def _read_base(
    wire: Wire, presets: tuple[Preset, ...], where: str
) -> tuple[Experiment, View | None]:
    if wire.experiment is not msgspec.UNSET:
        if wire.preset is not None or wire.variant is not None:
            raise DocumentError("A slide has a preset or an experiment, not both", where)
        return read_experiment(wire.experiment, f"{where}.experiment"), None
    if wire.preset is None:
        raise DocumentError("A slide needs a preset or an experiment", where)
    with at(f"{where}.preset"):
        preset = find_preset(wire.preset, presets)
    with at(f"{where}.variant"):
        return preset.variant(wire.variant).experiment, preset.view
