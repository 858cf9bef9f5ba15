"""Experiments over every table of the heart, for holding one engine against the other."""

import numpy as np
from hypothesis import strategies as st

from mlpsim.core.activations import ACTIVATIONS, IDENTITY, elu, leaky_relu
from mlpsim.core.dataset import Dataset
from mlpsim.core.experiment import Experiment
from mlpsim.core.feasible import Ball, Box, WholeSpace
from mlpsim.core.losses import LOSSES, huber
from mlpsim.core.network import Network
from mlpsim.core.optimizers import (
    AdaGrad,
    Adam,
    AdamW,
    GradientDescent,
    Momentum,
    RMSProp,
)
from mlpsim.core.problem import Penalty, Problem
from mlpsim.core.sampling import Sampling
from mlpsim.core.schedules import Constant, Exponential, InverseTime, StepDecay
from mlpsim.core.starts import Given
from tests.core.random_problems import targets

OPTIMIZERS = (
    GradientDescent(0.05),
    Momentum(0.05, 0.5, 0.25),
    Momentum(0.05, 0.5, nesterov=True),
    AdaGrad(0.1, 0.1, 0.3),
    RMSProp(0.05, 0.75),
    RMSProp(0.05, 0.75, momentum=0.5, centered=True),
    Adam(0.05, 0.5, 0.75),
    Adam(0.05, amsgrad=True),
    AdamW(0.05, weight_decay=0.5),
)
SCHEDULES = (Constant(), InverseTime(0.5), StepDecay(0.5, 2), Exponential(-0.75))
ENTRIES = (*ACTIVATIONS, leaky_relu(1.5), elu(-0.5))


@st.composite
def experiments(draw):
    """An experiment over every table, with numbers from a seed."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    loss = draw(st.sampled_from((*LOSSES, huber(0.3))))
    sizes = tuple(draw(st.lists(st.integers(1, 6), min_size=2, max_size=4)))
    layers = [draw(st.sampled_from(ENTRIES)) for _ in sizes[1:]]
    if loss.on_logits:
        layers[-1] = IDENTITY
    bias = tuple(draw(st.booleans()) for _ in sizes[1:])
    network = Network(sizes, tuple(layers), bias)
    samples = draw(st.integers(1, 20))
    x = rng.normal(0.0, 1.5, (samples, sizes[0]))
    theta = rng.normal(0.0, 1.0, network.n_params)
    width = rng.uniform(0.0, 1.5, network.n_params)
    feasible = draw(
        st.sampled_from(
            (WholeSpace(), Box(tuple(-width), tuple(width)), Ball(tuple(0.1 * width), 1.0))
        )
    )
    penalty = draw(st.sampled_from((Penalty(), Penalty(0.1, 0.3), Penalty(0.1, 0.3, True))))
    data = Dataset(x, targets(loss, samples, sizes[-1], rng))
    reduction = draw(st.sampled_from(("sum", "mean")))
    order = draw(st.sampled_from(("without_replacement", "with_replacement", "cyclic", "given")))
    given_batches = tuple(
        tuple(rng.integers(0, samples, rng.integers(1, 5)).tolist()) for _ in range(3)
    )
    size = draw(st.one_of(st.none(), st.integers(1, 25)))
    return Experiment(
        Problem(data, network, loss, reduction, penalty, feasible),
        draw(st.sampled_from(OPTIMIZERS)),
        draw(st.sampled_from(SCHEDULES)),
        Sampling(size, order, 3, given_batches if order == "given" else ()),
        draw(st.sampled_from(("batch_sum", "unbiased"))),
        Given(tuple(theta)),
    )


def assert_close(found, expected, tolerance: float) -> None:
    scale = max(1.0, float(np.abs(expected).max(initial=0.0)))
    np.testing.assert_allclose(found, expected, rtol=tolerance, atol=tolerance * scale)
