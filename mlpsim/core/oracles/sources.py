"""Presets in files of JSON: those of this program, and what recorded numbers are about."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Literal

import msgspec

from mlpsim.core.experiment import Experiment
from mlpsim.core.files import presets as own
from mlpsim.core.files.document import View, ViewKind
from mlpsim.core.files.head import CASE, OPTIMA, PRESETS, SCHEMAS, Head
from mlpsim.core.files.presets import Preset, Variant
from mlpsim.core.files.strict_json import DocumentError, decode_as, scan
from mlpsim.core.files.structs import Integer, at
from mlpsim.core.oracles.case import read_case
from mlpsim.core.oracles.optima import OptimaWire, read_optimum
from mlpsim.core.oracles.presets import PresetCase, PresetsWire, read_variant
from mlpsim.core.plane import check_parameters
from mlpsim.core.starts import Given, Zeros
from mlpsim.core.window import Window

RECORDED = "Another program computed it; mlpsim check compares the numbers."
_Kind = Literal["two_weights", "pca_plane", "random_plane", "data_plane"]
_KINDS: dict[_Kind, ViewKind] = {
    "two_weights": "two_weights",
    "pca_plane": "pca",
    "random_plane": "random",
    "data_plane": "data",
}


class _ViewCase(msgspec.Struct):
    kind: _Kind
    params: tuple[Integer, Integer] = (0, 1)
    x: tuple[float, float] | None = None
    y: tuple[float, float] | None = None


_VIEW: Any = _ViewCase | None


def holds_presets(data: bytes) -> bool:
    """Whether a file's JSON says that it is a preset, or recorded numbers; it may be neither.

    DocumentError if it is no JSON.
    """
    head = decode_as(scan(data), Head)
    return head.format == own.FORMAT or head.schema is not None


def read_presets(data: bytes, name: str) -> tuple[Preset, ...]:
    """The presets in the text of a file of that name; DocumentError if it cannot be read.

    A preset of mlpsim is one. So is, of recorded numbers, each preset, each problem with its
    optima, and a case, whose runs are its variants. A start outside C is projected.
    """
    data = scan(data)
    head = decode_as(data, Head)
    if head.format != own.FORMAT and head.schema not in SCHEMAS:
        known = ", ".join(SCHEMAS)
        raise DocumentError(
            f"It is no preset of mlpsim, and has none of the schemas of recorded numbers: {known}",
            what_to_do="Choose a file of presets or of recorded numbers.",
        )
    if head.schema not in SCHEMAS:
        return (own.read_preset(data),)
    read = _READERS.get(head.schema)
    found = read(data, name) if read else []
    if not found:
        raise DocumentError("It holds no experiments", "$", "mlpsim check compares its numbers.")
    return tuple(found)


def _read_case(data: bytes, name: str) -> list[Preset]:
    case = read_case(data)
    variants = [
        Variant(run.name, run.segment.experiment, run.steps, chaotic=False) for run in case.runs
    ]
    if not variants:
        experiment = Experiment(case.problem, start=Given(tuple(case.theta.tolist())))
        variants = [Variant("at one point", experiment, 0, chaotic=False)]
    return [_preset(case.id or name, case.description, variants)]


def _read_recorded(data: bytes, name: str) -> list[Preset]:
    return [
        _read_preset(preset, f"$.presets[{i}]")
        for i, preset in enumerate(decode_as(data, PresetsWire).presets)
    ]


def _read_preset(preset: PresetCase, where: str) -> Preset:
    variants = []
    for i, variant in enumerate(preset.variants):
        place = f"{where}.variants[{i}]"
        experiment = read_variant(variant, place)
        with at(f"{place}.steps"):
            variants.append(Variant(variant.name, experiment, variant.steps, variant.chaotic))
    if not variants:
        raise DocumentError("A preset has at least one variant", f"{where}.variants")
    found = _preset(preset.id, preset.say, variants)
    n_params = variants[0].experiment.problem.network.n_params
    view = _read_view(preset.view, n_params, f"{where}.view") or found.view
    return replace(found, title=preset.title or preset.id, see=preset.see, view=view)


def _read_view(raw: msgspec.Raw, n_params: int, where: str) -> View | None:
    wire = decode_as(raw, _VIEW, where)
    if wire is None:
        return None
    kind = _KINDS[wire.kind]
    if kind == "two_weights" and n_params > 1:
        with at(f"{where}.params"):
            check_parameters(n_params, *wire.params)
    with at(where):
        window = None if wire.x is None or wire.y is None else Window(*wire.x, *wire.y)
    return View(kind, wire.params, window)


def _read_optima(data: bytes, name: str) -> list[Preset]:
    presets = []
    for i, case in enumerate(decode_as(data, OptimaWire).problems):
        experiment = Experiment(read_optimum(case, f"$.problems[{i}]"), start=Zeros())
        variant = Variant("from w = 0", experiment, 0, chaotic=False)
        presets.append(_preset(case.id, case.note, [variant]))
    return presets


def _preset(name: str, say: str, variants: Sequence[Variant]) -> Preset:
    """A preset without a view of its own: of two weights, or where there are more, of the path."""
    n_params = variants[0].experiment.problem.network.n_params
    view = View() if n_params <= 2 else View("pca")
    return Preset(name, name, say or RECORDED, "", view, tuple(variants))


_Read = Callable[[bytes, str], list[Preset]]
_READERS: dict[str, _Read] = {CASE: _read_case, PRESETS: _read_recorded, OPTIMA: _read_optima}
