"""The appraisal: what takes a pass through all data to know of a state, as one question."""

from collections.abc import Callable
from dataclasses import dataclass, field
from math import isnan

from mlpsim.core import work
from mlpsim.core.arrays import Array
from mlpsim.core.readout import Readout, readout_of
from mlpsim.core.record import StepRecord, record_step
from mlpsim.core.replaying import is_long_step, replayed, way_to
from mlpsim.core.run import Run
from mlpsim.core.segment import Segment
from mlpsim.core.training import Checkpoint


@dataclass(frozen=True, eq=False)
class Appraisal:
    """State k: its readout, E with its reduction, ∇J (P,), and the step that led there, if any.

    ``reached`` holds the checkpoints that the step began and ended at.
    """

    readout: Readout
    error: float
    gradient: Array
    record: StepRecord | None
    reached: tuple[Checkpoint, ...]


@dataclass(frozen=True, eq=False)
class AppraisalQuestion:
    """State k of a run, whose making is read from the run without being computed.

    ``made`` is the segment whose step led there, ``key`` a checkpoint before that step; neither at
    state 0. ``value`` is J where it is recorded, else NaN.
    """

    run: Run = field(repr=False)  # who it is about; the answer does not read it
    k: int
    segment: Segment
    theta: Array
    value: float
    made: Segment
    key: Checkpoint | None

    def answer(self, cancelled: Callable[[], bool] = lambda: False) -> Appraisal | None:
        """None when cancelled."""
        problem = self.segment.experiment.problem
        value = float(problem.value(self.theta)) if isnan(self.value) else self.value
        gradient = problem.gradient(self.theta)
        if cancelled():
            return None
        error = float(problem.errors(self.theta).sum()) * problem.scale
        readout = readout_of(self.segment, self.made, self.k, self.theta, value, gradient)
        if cancelled():
            return None
        if self.key is None:
            return Appraisal(readout, error, gradient, None, ())
        before = replayed(self.made, self.key, self.k - 1, cancelled)
        if before is None:
            return None
        record = record_step(self.made, before)
        if self.segment.start == self.k:
            record = record.edited(self.theta)
        after = Checkpoint(self.k, record.theta_after, record.state_after, before.t + 1)
        return Appraisal(readout, error, gradient, record, (before, after))


def question_of(run: Run, k: int) -> AppraisalQuestion:
    """What there is to know of state k; IndexError if the run has no such state."""
    return AppraisalQuestion(
        run=run,
        k=k,
        segment=run.segment_at(k),
        theta=run.theta(k),
        value=run.recorded_value(k),
        made=run.segment_at(max(0, k - 1)),
        key=run.key_before(k - 1) if k else None,
    )


def takes_long(run: Run, k: int) -> bool:
    """Whether a frame cannot wait for the appraisal of state k."""
    is_far = k > 0 and (way_to(run, k - 1).is_long or is_long_step(run.segment_at(k - 1)))
    return is_far or work.takes_long(run.segment_at(k).experiment.problem)
