"""Warming: every kernel called once, so that its machine code is there."""

from dataclasses import replace

import numpy as np

from mlpsim.core.activations import SIGMOID, TANH
from mlpsim.core.compiled.engine import COMPILED
from mlpsim.core.experiment import lecture_experiment
from mlpsim.core.network import Network
from mlpsim.core.plane import two_weights
from mlpsim.core.problem import Problem
from mlpsim.core.sampling import Sampling
from mlpsim.core.segment import first_segment
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
    # Two neurons that need one axis each, and an output that needs both.
    network = Network((2, 2, 1), (TANH, SIGMOID), (False, False))
    plane = two_weights(np.ones(network.n_params), 0, 2)
    Slice(Problem(lecture.problem.data, network), plane, COMPILED).values(np.ones(1), np.ones(1))
