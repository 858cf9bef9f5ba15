"""The commands without a window, such as ``run`` and ``check``; what a SOURCE is."""

import sys
from collections.abc import Iterator, Sequence
from math import isfinite
from pathlib import Path

import msgspec
import numpy as np

from mlpsim.app.forms import CSV, LATEX, NPZ, NUMPY, PRESET, TORCH
from mlpsim.app.refusal import RefusedError, refused
from mlpsim.app.telling import telling
from mlpsim.core.compiled.engine import engine_named
from mlpsim.core.engine import NUMPY as REFERENCE
from mlpsim.core.files.document import Document, Tell, new_document, states
from mlpsim.core.files.presets import Preset, find_preset, find_variant, load_presets, variant_name
from mlpsim.core.files.strict_json import DocumentError
from mlpsim.core.oracles.check import check_recorded
from mlpsim.core.oracles.sources import holds_presets, read_presets
from mlpsim.session.files import document_in, read_whole, write_whole
from mlpsim.session.picture import SIGNATURE

DONE, DEVIATES, REFUSED = 0, 1, 2


def resolve_source(source: str, variant: str | None = None) -> Document:
    """The document that SOURCE means: a preset's id first, else a file.

    A file is a ``.mlpsim`` file, a picture, or one of JSON that holds presets or recorded numbers.
    RefusedError if there is none, or names a variant that is not there.
    """
    presets = load_presets()
    is_preset = source in {preset.id for preset in presets}
    if not is_preset and Path(source).exists():
        return _document_in(Path(source), variant)
    try:
        return find_preset(source, presets).document(variant)
    except ValueError as error:
        advice = (
            "Choose one of these." if is_preset else "Choose one of these, or an existing file."
        )
        raise RefusedError(source, f"{error}.", advice) from error


def run_source(source: str, variant: str | None) -> Document:
    """The same of a command that runs it: a start outside C is told of on the error stream."""
    document = resolve_source(source, variant)
    if document.segments[0].experiment.start_is_projected:
        tell_of_projection(source, "the start")
    return document


def tell_of_projection(source: str, start: str) -> None:
    """Tell on the error stream that a start lies outside C."""
    print(
        f"{source}: {start} lies outside C, so state 0 is its projection."
        " Only mlpsim check goes on from there as recorded.",
        file=sys.stderr,
    )


def _document_in(path: Path, variant: str | None) -> Document:
    try:
        data = read_whole(path)
        if not data.startswith(SIGNATURE) and holds_presets(data):
            preset, found = find_variant(read_presets(data, path.stem), variant)
            return new_document(found.experiment, preset.view)
        if variant is None:
            return document_in(data)
    except DocumentError as error:
        raise refused(str(path), error) from error
    except ValueError as error:
        raise RefusedError(str(path), f"{error}.", "Choose one of these.") from error
    raise RefusedError(
        str(path), "a file has no variants.", "Leave --variant out, or name a preset."
    )


def _presets_in(file: str) -> tuple[Preset, ...]:
    path = Path(file)
    try:
        return read_presets(read_whole(path), path.stem)
    except DocumentError as error:
        raise refused(file, error) from error


def run_command(source: str, variant: str | None, steps: int, out: str) -> None:
    """Write states 0 … ``steps`` of a source as JSON to the file ``out``, or to stdout for "-".

    A document's log is replayed from its step 0 with every edit that it holds up to ``steps``;
    beyond its last step, the last experiment goes on. The output ends before a divergence.
    """
    document = run_source(source, variant)
    write_out(out, _steps_json(document, steps, telling(steps)))


def write_out(out: str, pieces: Iterator[bytes]) -> None:
    """Write to the file ``out``, whole or not at all, or to stdout for "-"."""
    if out == "-":
        for piece in pieces:
            sys.stdout.write(piece.decode())
        return
    try:
        write_whole(Path(out), pieces)
    except DocumentError as error:
        raise refused(out, error) from error


def _steps_json(document: Document, steps: int, tell: Tell) -> Iterator[bytes]:
    diverged_at: int | None = None
    separator = b'{"steps": [\n'
    batch: list[int] | None = None
    for segment, state in states(document.segments, steps):
        problem = segment.experiment.problem
        objective = float(problem.value(state.theta))
        if not (isfinite(objective) and np.isfinite(state.theta).all()):
            diverged_at = state.k
            break
        yield separator + msgspec.json.encode(
            {
                "k": state.k,
                "theta": state.theta.tolist(),
                "objective": objective,
                "errors": problem.errors(state.theta).tolist(),
                "batch": batch,
            }
        )
        tell(state.k)
        separator = b",\n"
        batch = segment.batch(state.k + 1).tolist()
    start = b'{"steps": [' if diverged_at == 0 else b""
    yield start + b'\n], "diverged_at": ' + msgspec.json.encode(diverged_at) + b"}\n"


def export_command(
    source: str, variant: str | None, *, steps: int, out: Path, with_torch: bool
) -> None:
    """Write a source's run up to ``steps`` in the form that the ending of ``out`` names."""
    script = TORCH if with_torch else NUMPY
    by_ending = {".csv": CSV, ".npz": NPZ, ".py": script, ".tex": LATEX, ".json": PRESET}
    form = by_ending[out.suffix.lower()]
    document = run_source(source, variant)
    last = max(document.last, steps) if form is LATEX else steps
    try:
        write_whole(out, form.pieces(document, steps, lambda: False, telling(last)))
    except ValueError as error:
        raise RefusedError(
            f"mlpsim export {source}", f"{error}.", "Choose another --steps."
        ) from error
    except DocumentError as error:
        raise refused(str(out), error) from error


def check_command(cases: Sequence[str], engine_name: str) -> int:
    """Print each case's deviations; 1 if one is beyond its tolerance, 2 if a file is refused."""
    code = DONE
    engine = engine_named(engine_name)
    if engine is None and engine_name != REFERENCE:
        raise RefusedError(
            "mlpsim check",
            f"the engine {engine_name} is not installed.",
            "Install it with: pip install numba; or leave --engine out.",
        )
    refusals = []
    for case in cases:
        try:
            results = check_recorded(read_whole(Path(case)), engine)
        except DocumentError as error:
            refusals.append(str(refused(case, error)))
            continue
        width = max(len(result.quantity) for result in results)
        for result in results:
            print(f"{Path(case).stem}  {result.quantity:{width}}  {result.line}", flush=True)
            if not result.holds:
                code = DEVIATES
    if refusals:
        print("\n".join(refusals), file=sys.stderr)
        return REFUSED
    return code


def presets_command(file: str | None) -> None:
    """Print the id, the title and the variants of the program's presets, or of those in a file."""
    presets = load_presets() if file is None else _presets_in(file)
    for preset in presets:
        print(f"{preset.id}: {preset.title}")
        for variant in preset.variants:
            name = variant_name(presets, preset, variant) if file else variant.name
            print(f"    --variant {name!r}, {variant.steps} steps")
