"""The document as the text of a ``.mlpsim`` file, and back: strict, within limits, bit for bit."""

import re
from math import isfinite
from typing import Any, Literal

import msgspec
import numpy as np

from mlpsim.core.compiled.engine import engine_named
from mlpsim.core.engine import NUMPY
from mlpsim.core.experiment import Experiment
from mlpsim.core.files.document import MAX_STEPS, Document
from mlpsim.core.files.head import check_head
from mlpsim.core.files.race_wire import RaceWire, read_race, write_race
from mlpsim.core.files.strict_json import DocumentError, decode_as, scan
from mlpsim.core.files.structs import Integer, Wire, array_of, struct
from mlpsim.core.files.view_wire import ViewWire, read_view, write_view
from mlpsim.core.files.wire import (
    CHANGES,
    ExperimentWire,
    read_changed,
    read_experiment,
    write_experiment,
)
from mlpsim.core.race import ALONE
from mlpsim.core.segment import Segment, able, first_segment
from mlpsim.core.starts import Given

FORMAT = "mlpsim"
VERSION = 3  # 1 knew no held-out samples, no names and units of columns; 2 no races, no engines
MAX_SEGMENTS = 10_000
MAX_EPOCH = 2**53
MAX_THETA_NUMBERS = 4_000_000  # of all parameters that the log sets by hand
SHORTEN = "Restart the run, so that its log begins anew, or use fewer samples or a smaller network."
_ROW = re.compile(rb"\[[^][{}]*\]")

_SegmentWire = struct(
    "Segment",
    [
        ("start", Integer),
        CHANGES,
        ("theta", msgspec.Raw | msgspec.UnsetType, msgspec.UNSET),
        ("keeps_state", bool, False),
        ("epoch_step", Integer, 0),
        ("epoch", Integer, 0),
        ("engine", str, NUMPY),
    ],
)
_LogWire = struct(
    "Log",
    [("segments", array_of(_SegmentWire)), ("last", Integer), ("cursor", Integer)],
)
_DocumentWire = struct(
    "Document",
    [
        ("format", Literal["mlpsim"]),
        ("version", Literal[1, 2, 3]),
        ("experiment", ExperimentWire),
        ("log", _LogWire | msgspec.UnsetType, msgspec.UNSET),
        ("view", ViewWire | None, None),
        ("race", RaceWire | None, None),
    ],
)


# -- out -------------------------------------------------------------------------------------------


def encode(document: Document) -> bytes:
    """The text of the file; DocumentError if it could not be opened again.

    Each segment holds only what changed since the one before it, the first one since the
    document's experiment.
    """
    segments, before = [], document.experiment
    for segment in document.segments:
        segments.append(_write_segment(segment, before))
        before = segment.experiment
    wire = {
        "format": FORMAT,
        "version": VERSION,
        "experiment": write_experiment(document.experiment),
        "log": {"segments": segments, "last": document.last, "cursor": document.cursor},
    }
    if document.view is not None:
        wire["view"] = write_view(document.view)
    if document.race != ALONE:
        wire["race"] = write_race(document.race, document.experiment)
    data = readable(wire)
    try:
        decode(data)
    except DocumentError as error:
        raise DocumentError(error.what, error.where, SHORTEN) from error
    return data


def readable(wire: Wire) -> bytes:
    """JSON with one key, or one row of numbers, a line; floats in their shortest exact form."""
    text = msgspec.json.encode(wire, enc_hook=_plain_number)
    lines = msgspec.json.format(text, indent=1)
    return _ROW.sub(lambda row: b"[" + b" ".join(row[0][1:-1].split()) + b"]", lines) + b"\n"


def _plain_number(value: Any) -> Any:
    if isinstance(value, np.generic):
        return value.item()
    raise NotImplementedError(f"{type(value).__name__} in a document")


def _write_segment(segment: Segment, before: Experiment) -> Wire:
    wire: dict[str, Wire] = {"start": segment.start}
    if changes := write_experiment(segment.experiment, before):
        wire["changes"] = changes
    if segment.theta is not None and not _is_given_start(segment):
        if not all(isfinite(weight) for weight in segment.theta):
            raise DocumentError("A weight is not finite", "$.log.segments", SHORTEN)
        wire["theta"] = segment.theta
    for name in ("keeps_state", "epoch_step", "epoch"):
        if value := getattr(segment, name):
            wire[name] = value
    if segment.engine is not None:
        wire["engine"] = segment.engine.name
    return wire


def _is_given_start(segment: Segment) -> bool:
    """Whether the first segment's theta follows from the experiment alone, on every machine."""
    experiment = segment.experiment
    return (
        segment.start == 0
        and isinstance(experiment.start, Given)
        and not experiment.start_is_projected
        and segment == first_segment(experiment, segment.engine)
    )


# -- in --------------------------------------------------------------------------------------------


def decode(data: bytes) -> Document:
    """The document in the text of a file; DocumentError says what is wrong, where, and what to do.

    Sizes are checked before anything large is allocated.
    """
    data = scan(data)
    check_head(data, FORMAT, VERSION, "a document of mlpsim")
    wire = decode_as(data, _DocumentWire)
    experiment = read_experiment(wire.experiment, "$.experiment")
    view = None if wire.view is None else read_view(wire.view, experiment, "$.view")
    race = ALONE if wire.race is None else read_race(wire.race, experiment, "$.race")
    if wire.log is msgspec.UNSET:
        return Document(experiment, (first_segment(experiment),), view=view, race=race)
    segments = _read_segments(wire.log.segments, experiment)
    log: Wire = wire.log
    if not segments[-1].start <= log.last <= MAX_STEPS:
        raise DocumentError(
            f"The last step {log.last} is not from {segments[-1].start} to {MAX_STEPS}",
            "$.log.last",
        )
    if not 0 <= log.cursor <= log.last:
        raise DocumentError(f"The cursor {log.cursor} is outside the run", "$.log.cursor")
    in_force = next(s.experiment for s in reversed(segments) if s.start <= log.cursor)
    if in_force != experiment:
        raise DocumentError("The experiment is not the one in force at the cursor", "$.experiment")
    wanted = {wire.engine for wire in log.segments} - {NUMPY}
    missing = ", ".join(sorted(name for name in wanted if engine_named(name) is None))
    return Document(experiment, segments, log.last, log.cursor, view, race, missing)


def _read_segments(wires: list[Wire], experiment: Experiment) -> tuple[Segment, ...]:
    if not 1 <= len(wires) <= MAX_SEGMENTS:
        raise DocumentError(
            f"The log has {len(wires)} segments; 1 to {MAX_SEGMENTS} are possible",
            "$.log.segments",
        )
    segments: list[Segment] = []
    numbers = 0
    for i, wire in enumerate(wires):
        where = f"$.log.segments[{i}]"
        before = segments[-1] if segments else None
        segment = _read_segment(wire, before.experiment if before else experiment, where)
        numbers += len(segment.theta or ())
        if numbers > MAX_THETA_NUMBERS:
            raise DocumentError(
                f"The log sets more than {MAX_THETA_NUMBERS} weights", f"{where}.theta"
            )
        _check_sequence(before, segment, where)
        segments.append(segment)
    return tuple(segments)


def _read_segment(wire: Wire, before: Experiment, where: str) -> Segment:
    experiment = read_changed(wire, before, where)
    theta: tuple[float, ...] | None = None
    if wire.theta is not msgspec.UNSET:
        theta = tuple(decode_as(wire.theta, list[float], f"{where}.theta"))
        n_params = experiment.problem.network.n_params
        if len(theta) != n_params:
            raise DocumentError(
                f"It has {len(theta)} weights, the network {n_params}", f"{where}.theta"
            )
    elif wire.start == 0:
        theta = first_segment(experiment).theta
    return Segment(
        *(wire.start, experiment, theta, wire.keeps_state, wire.epoch_step, wire.epoch),
        able(engine_named(wire.engine), experiment),
    )


def _check_sequence(before: Segment | None, segment: Segment, where: str) -> None:
    """DocumentError unless the segment can follow the one before it."""
    if before is None and segment.start != 0:
        raise DocumentError("The first segment begins at step 0", f"{where}.start")
    if before is not None and segment.start <= before.start:
        raise DocumentError("A segment begins after the one before it", f"{where}.start")
    if not 0 <= segment.epoch_step <= segment.start:
        raise DocumentError("An epoch cannot begin after its segment", f"{where}.epoch_step")
    if not 0 <= segment.epoch <= MAX_EPOCH:
        raise DocumentError(f"Epochs count from 0 to {MAX_EPOCH}", f"{where}.epoch")
    if before is None:
        if segment.keeps_state:
            raise DocumentError("There is no state to keep at step 0", f"{where}.keeps_state")
        return
    old, new = before.experiment, segment.experiment
    if not new.problem.network.has_shape_of(old.problem.network):
        raise DocumentError("A run keeps the sizes and biases of its network", f"{where}.changes")
    if segment.keeps_state and type(old.optimizer) is not type(new.optimizer):
        raise DocumentError("Another optimizer begins with an empty state", f"{where}.keeps_state")
