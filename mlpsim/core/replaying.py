"""Replaying: how states that a run does not keep are made again, and how long that takes."""

from collections.abc import Callable
from dataclasses import dataclass, field

from mlpsim.core.run import Run
from mlpsim.core.second_order import SECOND_ORDER
from mlpsim.core.segment import Segment
from mlpsim.core.training import Checkpoint, replay
from mlpsim.core.work import ease_of

STEP = 12_000  # what a step costs besides its passes, in products of weights and samples
HESSIAN = 4  # how many of them a sample costs for each of its entries
DECOMPOSED = 8  # and its decomposition as much as a sample for so many parameters
AT_ONCE = 5_000_000  # such products, from which on a replay takes longer than a frame or two


@dataclass(frozen=True, eq=False)
class Way:
    """How state k of a run is made again: from a checkpoint before it, in one segment."""

    run: Run = field(repr=False)  # whose state it is; the answer does not read it
    k: int
    segment: Segment
    key: Checkpoint

    @property
    def is_long(self) -> bool:
        """Whether a seek does not wait for it."""
        return (self.k - self.key.k) * _work_of_step(self.segment) > AT_ONCE

    def answer(self, cancelled: Callable[[], bool] = lambda: False) -> tuple[Checkpoint, ...]:
        """State k and, where it is passed, the one before; as far as it got when cancelled."""
        before = replayed(self.segment, self.key, self.k - 1, cancelled)
        if before is None:
            return ()
        last = replayed(self.segment, before, self.k, cancelled)
        return (before,) if last is None else (before, last)


def way_to(run: Run, k: int) -> Way:
    """The shortest way to checkpoint k."""
    return Way(run, k, run.segment_at(k), run.key_before(k))


def is_far(run: Run, k: int) -> bool:
    """Whether no frame can wait for the parameters of state k."""
    return not run.keeps(k) and way_to(run, k).is_long


def replayed(
    segment: Segment, key: Checkpoint, k: int, cancelled: Callable[[], bool]
) -> Checkpoint | None:
    """``replay`` that is given up, with None, when cancelled."""
    most = max(1, AT_ONCE // _work_of_step(segment))
    while key.k < k:
        if cancelled():
            return None
        key = replay(segment, key, min(k, key.k + most))
    return key


def is_long_step(segment: Segment) -> bool:
    """Whether no frame can wait for one step."""
    return _work_of_step(segment) > AT_ONCE


def _work_of_step(segment: Segment) -> int:
    experiment = segment.experiment
    samples = experiment.sampling.largest_batch(len(experiment.problem.data))
    n_params = experiment.problem.network.n_params
    products = STEP + samples * n_params
    if isinstance(experiment.optimizer, SECOND_ORDER):
        products += HESSIAN * (samples + n_params // DECOMPOSED) * n_params**2
    return products // ease_of(segment.engine)
