"""Experiments: what is none."""

from dataclasses import replace

import pytest

from mlpsim.core.experiment import lecture_experiment
from mlpsim.core.sampling import Sampling
from mlpsim.core.starts import Given

LECTURE = lecture_experiment()


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
