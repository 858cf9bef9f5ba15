"""The facts of activations against their values far out and on a fine grid."""

from math import inf

import numpy as np
import pytest

from mlpsim.core.activations import ACTIVATIONS, Activation, elu, leaky_relu
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


def test_the_lectures_sigmoid() -> None:
    assert facts(ACTIVATIONS[1]) == Facts("strictly increasing", 0.0, 1.0)
    assert facts(ACTIVATIONS[3]).upper == inf
