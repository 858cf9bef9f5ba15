"""Runs that tests begin with, and what a run comes to by its log alone."""

from dataclasses import replace

from mlpsim.core.arrays import Array
from mlpsim.core.experiment import Experiment, lecture_experiment
from mlpsim.core.files.document import go_on
from mlpsim.core.run import Run
from mlpsim.core.training import advance, begin, replay
from mlpsim.session.session import Session


def grown(run: Run, steps: int) -> Run:
    """The run itself, so many steps longer unless it diverges."""
    go_on(run, run.last + steps)
    return run


def trained(experiment: Experiment, steps: int) -> Run:
    """A new run of so many steps."""
    return grown(Run.from_experiment(experiment), steps)


def lecture_run(steps: int, **changes: object) -> Run:
    """A run of the lecture's example with other fields of the experiment."""
    return trained(replace(lecture_experiment(), **changes), steps)


def train(session: Session, steps: int) -> None:
    """Take some steps of the run on view at once, as the worker would."""
    session.extend(advance(session.run.segments[-1], session.run.tip, steps))


def serial_replay(run: Run) -> Array:
    """theta at the end, by nothing but the log and the pure step: the oracle of what makes runs."""
    checkpoint = None
    ends = [segment.start for segment in run.segments[1:]] + [run.last]
    for segment, end in zip(run.segments, ends, strict=True):
        checkpoint = replay(segment, begin(segment, checkpoint), end)
    return checkpoint.theta
