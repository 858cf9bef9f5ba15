"""The facts of activations against their values far out and on a fine grid."""

from math import inf

import numpy as np
import pytest

from mlpsim.core.activations import ACTIVATIONS, RELU, SIGMOID, Activation, elu, leaky_relu
from mlpsim.core.lessons.activation_facts import Facts, facts
from mlpsim.core.problem import quiet

ALL = (*ACTIVATIONS, *(leaky_relu(v) for v in (-0.5, 0.0, 1.0)), *(elu(v) for v in (-1, 0, 0.5)))
FAR = 1e6


@pytest.mark.parametrize("activation", ALL, ids=str)
def test_the_facts_hold(activation: Activation) -> None:
    known = facts(activation)
    for z, limit in ((-FAR, known.lower), (FAR, known.upper)):
        with quiet():
            value = float(activation.fn(np.array([z]))[0])
        if limit is None:
            assert abs(value) <= 1.0
        elif np.isinf(limit):
            assert value * np.sign(limit) > 1e3
        else:
            assert value == pytest.approx(limit, abs=1e-9)
    z = np.linspace(-6.0, 6.0, 2001)
    rises = np.diff(activation.fn(z))
    assert known.monotonic == (
        "strictly increasing" if (rises > 0).all() else "increasing" if (rises >= 0).all() else "no"
    )
    beside = activation.slope(np.array([-1e-9, 1e-9]), activation.fn(np.array([-1e-9, 1e-9])))
    assert known.kink == (abs(beside[1] - beside[0]) > 1e-6)


def test_a_sigmoid_has_two_limits_and_a_relu_one() -> None:
    assert facts(SIGMOID) == Facts("strictly increasing", 0.0, 1.0)
    assert facts(RELU).upper == inf
