"""Warming: every kernel called once, so that its machine code is there."""

from dataclasses import replace

import numpy as np

from mlpsim.core.compiled.engine import COMPILED
from mlpsim.core.experiment import first_segment, lecture_experiment
from mlpsim.core.plane import two_weights
from mlpsim.core.sampling import Sampling
from mlpsim.core.slices import Slice
from mlpsim.core.training import advance, begin


def warm() -> None:
    """Call every kernel, from the cache on disk or, the first time, compiled for many seconds."""
    lecture = lecture_experiment()
    for sampling in (Sampling(), Sampling(1)):
        segment = first_segment(replace(lecture, sampling=sampling), COMPILED)
        advance(segment, begin(segment, None), 1)
    COMPILED.fleet(lecture, np.zeros((1, 2)), 1, lambda: False)
    COMPILED.sample_gradients(lecture.problem, np.zeros(2))
    Slice(lecture.problem, two_weights(np.zeros(2), 0, 1), COMPILED).values(
        np.zeros(1), np.zeros(1)
    )
