"""Experiments: the batches of their steps, and what is none."""

from dataclasses import replace

import numpy as np
import pytest

import mlpsim.core.experiment as experiment_module
from mlpsim.core.experiment import Segment, lecture_experiment
from mlpsim.core.sampling import Sampling
from mlpsim.core.starts import Given

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
    monkeypatch.setattr(experiment_module, "VISITS_AT_ONCE", 7)
    segment, data = Segment(0, replace(LECTURE, sampling=sampling), epoch=1), LECTURE.problem.data
    for k, seen in zip(range(4, 24), segment.batches(4), strict=False):
        samples = segment.batch(k)
        assert np.array_equal(seen.x, data.x[samples].T)
        assert np.array_equal(seen.y, data.y[samples].T)
        assert np.array_equal(seen.y_complement, 1.0 - data.y[samples].T)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"scaling": "mean"}, "unknown scaling"),
        ({"start": Given((1.0,))}, "1 values"),
        ({"sampling": Sampling(1, "given", batches=((9,),))}, "sample 10"),
    ],
)
def test_what_is_not_an_experiment_is_refused(change: dict, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        replace(LECTURE, **change)
