"""The epoch of a step against the batches that training uses."""

import numpy as np
import pytest

from mlpsim.core.lessons.epoch import epoch_of
from mlpsim.core.sampling import Sampling
from tests.runs import lecture_run


@pytest.mark.parametrize(
    "sampling",
    [
        Sampling(),
        Sampling(1),
        Sampling(3, seed=5),
        Sampling(2, "with_replacement"),
        Sampling(3, "cyclic"),
        Sampling(order="given", batches=((0, 1, 1), (3,))),
    ],
)
def test_the_batch_in_use_is_the_one_that_the_step_saw(sampling: Sampling):
    run = lecture_run(9, sampling=sampling)
    for k in range(1, 10):
        epoch = epoch_of(run, k)
        assert epoch.place is not None
        assert epoch.batch(epoch.place).tolist() == run.record(k).batch.tolist()
        assert epoch.number == (k - 1) // epoch.steps
        assert epoch.starts[-1] == len(epoch.order)


def test_a_batch_size_that_does_not_divide_leaves_a_short_last_batch():
    epoch = epoch_of(lecture_run(2, sampling=Sampling(3, "cyclic")), 2)
    assert epoch.starts.tolist() == [0, 3, 4]
    assert (epoch.steps, epoch.place) == (2, 1)
    assert [epoch.batch_of(v) for v in range(4)] == [0, 0, 0, 1]


def test_at_the_start_no_batch_is_in_use():
    epoch = epoch_of(lecture_run(3, sampling=Sampling(1)), 0)
    assert (epoch.number, epoch.place, epoch.steps) == (0, None, 4)
    assert np.sort(epoch.order).tolist() == [0, 1, 2, 3]
