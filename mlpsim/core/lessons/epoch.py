"""The epoch of a step: the order of its visits, where its batches begin, and the one in use."""

from dataclasses import dataclass

import numpy as np

from mlpsim.core.arrays import Indices
from mlpsim.core.run import Run
from mlpsim.core.sampling import Sampling


@dataclass(frozen=True, eq=False)
class Epoch:
    """Epoch ``number`` (from 0): samples in the order of their visits (V,), cut into batches.

    Batch b is ``order[starts[b]:starts[b + 1]]``, ``starts`` is (n + 1,). ``place`` is the batch in
    use (from 0), None where no step has been taken.
    """

    number: int
    order: Indices
    starts: Indices
    place: int | None
    sampling: Sampling

    @property
    def steps(self) -> int:
        """How many batches, and so steps, the epoch has."""
        return len(self.starts) - 1

    def batch(self, place: int) -> Indices:
        """The samples of a batch (from 0)."""
        return self.order[self.starts[place] : self.starts[place + 1]]

    def batch_of(self, visit: int) -> int:
        """The batch (from 0) that a visit (from 0) belongs to."""
        return int(np.searchsorted(self.starts, visit, side="right")) - 1


def epoch_of(run: Run, k: int) -> Epoch:
    """The epoch of the step that led to state k; of the first step for the start."""
    segment = run.segment_at(max(0, k - 1))
    number, place = segment.visit(max(1, k))
    sampling = segment.experiment.sampling
    samples = len(segment.experiment.problem.data)
    order, starts = sampling.epoch_order(samples, number), sampling.starts(samples)
    return Epoch(number, order, starts, place if k else None, sampling)
