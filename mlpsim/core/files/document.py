"""The document: the experiment, the log of its run, and where one looks."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import zip_longest
from math import isfinite
from typing import Literal

from mlpsim.core.experiment import Experiment
from mlpsim.core.looks.aim import Centre, Follow
from mlpsim.core.looks.camera import Camera, Look
from mlpsim.core.race import ALONE, Race
from mlpsim.core.run import Run
from mlpsim.core.segment import Segment, first_segment
from mlpsim.core.training import Checkpoint, advance, begin, most_steps, replay
from mlpsim.core.window import Window

ViewKind = Literal["two_weights", "random", "pca", "data"]
MAX_STEPS = 1_000_000_000  # of a run that a file logs
_BURST = 4096
Interrupted = Callable[[], bool]  # whether to end before all is done
Tell = Callable[[int], None]  # hears which state has been reached


@dataclass(frozen=True)
class View:
    """The plane that is looked at: two parameters (from 0), the path's plane, or random directions.

    ``kind`` "data" says that the prediction map leads. ``log`` None takes the scale by the values.
    ``centre`` and ``follow`` None are as usual for the kind; ``step`` is the state that a plane
    which stays was laid through, None the one on view. ``look`` says whether the surface is a map
    of contours, a relief in a box, or both; ``camera`` None is where most of the path is seen from.
    """

    kind: ViewKind = "two_weights"
    params: tuple[int, int] = (0, 1)
    window: Window | None = None
    log: bool | None = None
    seed: int = 0
    centre: Centre | None = None
    follow: Follow | None = None
    step: int | None = None
    look: Look = "contours"
    camera: Camera | None = None


@dataclass(frozen=True)
class Document:
    """The experiment in force at the cursor, the segments of the run, its last step, the cursor.

    And where one looks, and what runs beside it. ``missing_engine`` names one that made states of
    the run and is not here: NumPy makes them again, equal but for rounding.
    """

    experiment: Experiment
    segments: tuple[Segment, ...]
    last: int = 0
    cursor: int = 0
    view: View | None = None
    race: Race = ALONE
    missing_engine: str = ""


def new_document(experiment: Experiment, view: View | None = None) -> Document:
    """A document whose run stands at step 0."""
    return Document(experiment, (first_segment(experiment),), view=view)


def document_of(run: Run, cursor: int, view: View | None = None, race: Race = ALONE) -> Document:
    """The document of a run with state ``cursor`` on view."""
    experiment = run.segment_at(cursor).experiment
    return Document(experiment, run.segments, run.last, cursor, view, race)


def replayed(
    document: Document,
    interrupted: Interrupted = lambda: False,
    tell: Tell = lambda k: None,
) -> Run:
    """The run that a document logs, bit for bit; as far as it got when interrupted or diverged."""
    run = Run(document.segments[0])
    ends = [segment.start for segment in document.segments[1:]] + [document.last]
    for segment, end in zip(document.segments, ends, strict=True):
        if segment.start > 0:
            run = run.fork(segment)
        go_on(run, end, interrupted, tell)
        if run.last < end:
            break
    return run


def reopened(
    document: Document,
    interrupted: Interrupted = lambda: False,
    tell: Tell = lambda k: None,
) -> Run:
    """``replayed``, and whether it ends there for its next step diverges, which no log says."""
    run = replayed(document, interrupted, tell)
    if run.last == document.last > 0 and not interrupted():
        problem, burst = run.segments[-1].experiment.problem, advance(run.segments[-1], run.tip, 1)
        # J may not be recorded of that state.
        if burst.diverged_at is not None or not isfinite(problem.value(burst.last.theta)):
            run.extend(replace(burst, diverged_at=run.last + 1))
    return run


def go_on(
    run: Run,
    k: int,
    interrupted: Interrupted = lambda: False,
    tell: Tell = lambda k: None,
) -> None:
    """Extend a run to state k, or as far as it gets when interrupted or diverged."""
    while run.last < k and run.diverged_at is None and not interrupted():
        steps = min(_BURST, most_steps(run.tip), k - run.last)
        run.extend(advance(run.segments[-1], run.tip, steps, interrupted))
        tell(run.last)


def states(segments: tuple[Segment, ...], steps: int) -> Iterator[tuple[Segment, Checkpoint]]:
    """States 0 … ``steps`` of a logged run, each with its segment; the last one goes on."""
    begun = [segment for segment in segments if segment.start <= steps]
    checkpoint: Checkpoint | None = None
    for segment, after in zip_longest(begun, begun[1:]):
        checkpoint = begin(segment, checkpoint)
        yield segment, checkpoint
        for k in range(segment.start + 1, after.start if after else steps + 1):
            checkpoint = replay(segment, checkpoint, k)
            yield segment, checkpoint
        if after:
            checkpoint = replay(segment, checkpoint, after.start)
