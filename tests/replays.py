"""What a run comes to by its log alone: the oracle of everything that makes runs."""

from mlpsim.core.arrays import Array
from mlpsim.core.run import Run
from mlpsim.core.training import begin, replay


def serial_replay(run: Run) -> Array:
    """theta at the end, by nothing but the log and the pure step."""
    checkpoint = None
    ends = [segment.start for segment in run.segments[1:]] + [run.last]
    for segment, end in zip(run.segments, ends, strict=True):
        checkpoint = replay(segment, begin(segment, checkpoint), end)
    return checkpoint.theta
