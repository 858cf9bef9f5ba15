"""Segments: the batches of their steps."""

from dataclasses import replace

import numpy as np
import pytest

from mlpsim.core.experiment import lecture_experiment
from mlpsim.core.sampling import Sampling
from mlpsim.core.segment import Segment

LECTURE = lecture_experiment()


@pytest.mark.parametrize(
    "sampling",
    [
        Sampling(),
        Sampling(3, seed=2),
        Sampling(2, "with_replacement"),
        Sampling(3, "cyclic"),
        Sampling(2, "given", batches=((0, 3), (1,), (2, 2, 0))),
    ],
    ids=lambda sampling: f"{sampling.order} {sampling.batch_size}",
)
def test_batches_gathered_ahead_are_those_of_each_step(
    sampling: Sampling, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mlpsim.core.segment.VISITS_AT_ONCE", 7)
    segment, data = Segment(0, replace(LECTURE, sampling=sampling), epoch=1), LECTURE.problem.data
    for k, seen in zip(range(4, 24), segment.batches(4), strict=False):
        samples = segment.batch(k)
        assert np.array_equal(seen.x, data.x[samples].T)
        assert np.array_equal(seen.y, data.y[samples].T)
        assert np.array_equal(seen.y_complement, 1.0 - data.y[samples].T)
