"""Surgery keeps what still fits, and says what it had to change."""

from dataclasses import replace

import numpy as np
import pytest

from mlpsim.core.activations import RELU, SIGMOID, TANH, activation
from mlpsim.core.editing.data_edits import with_data
from mlpsim.core.editing.surgery import (
    fitting_set,
    fitting_start,
    with_activation,
    with_bias,
    with_layer_after,
    with_width,
    without_layer,
)
from mlpsim.core.experiment import Experiment, lecture_data, lecture_experiment
from mlpsim.core.feasible import Ball, Box, WholeSpace
from mlpsim.core.generators import Blobs
from mlpsim.core.network import Network
from mlpsim.core.optimizers import GradientDescent
from mlpsim.core.problem import Problem
from mlpsim.core.second_order import Newton
from mlpsim.core.starts import Given, GlorotUniform, HeNormal, Zeros


def deep(sizes: tuple[int, ...] = (2, 3, 2, 1), start: object = None) -> Experiment:
    depth = len(sizes) - 1
    network = Network(sizes, (TANH,) * (depth - 1) + (SIGMOID,), (True,) * depth)
    given = Given(tuple(0.1 * p for p in range(network.n_params)))
    return Experiment(Problem(lecture_data(), network), start=start or given)


def test_another_activation_keeps_every_parameter_and_the_set():
    experiment = lecture_experiment()
    problem = replace(experiment.problem, feasible=Box((-1.0, -1.0), (1.0, 1.0)))
    experiment = replace(experiment, problem=problem, start=Given((0.5, -0.25)))
    changed, said = with_activation(experiment, 1, RELU)
    assert changed.problem.network.activations == (RELU,)
    assert changed.start == Given((0.5, -0.25))
    assert changed.problem.feasible == Box((-1.0, -1.0), (1.0, 1.0))
    assert said == ""


def test_a_new_bias_is_zero_and_leaves_the_function_as_it_was():
    experiment = deep()
    without, _ = with_bias(experiment, 2, False)
    assert without.problem.network.n_params == experiment.problem.network.n_params - 2
    again, said = with_bias(without, 2, True)
    theta = again.start_theta()
    assert np.array_equal(theta[15:17], [0.0, 0.0])
    assert np.array_equal(
        again.problem.errors(theta), without.problem.errors(without.start_theta())
    )
    assert said == ""


def test_removing_a_bias_keeps_the_other_values_in_place():
    changed, _ = with_bias(deep(), 1, False)
    values = np.array(changed.start.values)
    assert np.allclose(values, 0.1 * np.array([*range(6), *range(9, 20)]))


def test_the_same_bias_or_width_changes_nothing():
    experiment = deep()
    assert with_bias(experiment, 1, True) == (experiment, "")
    assert with_width(experiment, 1, 3) == (experiment, "")


def test_another_width_replaces_a_written_start_and_says_so():
    changed, said = with_width(deep(), 1, 5)
    assert changed.problem.network.sizes == (2, 5, 2, 1)
    assert changed.start == GlorotUniform(seed=0)
    assert said == (
        "The start had 20 values for now 30 parameters: it is Glorot uniform with seed 0."
    )


@pytest.mark.parametrize("start", [Zeros(), HeNormal(seed=7), GlorotUniform(seed=3)])
def test_a_drawn_start_stays(start):
    changed, said = with_width(deep(start=start), 2, 1)
    assert changed.start == start
    assert said == ""


@pytest.mark.parametrize("feasible", [Box((-1.0,) * 2, (1.0,) * 2), Ball((0.0,) * 2, 1.0)])
def test_a_set_of_another_dimension_becomes_the_whole_space(feasible):
    experiment = lecture_experiment()
    experiment = replace(experiment, problem=replace(experiment.problem, feasible=feasible))
    changed, said = with_bias(experiment, 1, True)
    assert changed.problem.feasible == WholeSpace()
    assert changed.start == Given((0.0, 0.0, 0.0))
    assert said == "C did not fit 3 parameters: it is the whole space again."


def test_a_layer_behind_the_input_has_tanh_and_bias():
    changed, said = with_layer_after(lecture_experiment(), 0)
    assert changed.problem.network == Network((2, 4, 1), (TANH, SIGMOID), (True, False))
    assert "Glorot uniform" in said


def test_a_layer_behind_a_hidden_one_is_like_it():
    network = Network((2, 3, 1), (activation("elu", 0.5), SIGMOID), (False, True))
    experiment = Experiment(Problem(lecture_data(), network), start=Zeros())
    changed, _ = with_layer_after(experiment, 1)
    assert changed.problem.network.sizes == (2, 3, 3, 1)
    assert changed.problem.network.activations == (*[activation("elu", 0.5)] * 2, SIGMOID)
    assert changed.problem.network.bias == (False, False, True)


def test_a_layer_removed_is_the_inverse_of_a_layer_added():
    experiment = deep(start=Zeros())
    for layer in range(3):
        added, _ = with_layer_after(experiment, layer)
        assert without_layer(added, layer + 1)[0] == experiment


def test_every_shape_within_the_limits_can_be_reached_and_none_beyond():
    experiment = lecture_experiment()
    for layer in range(7):
        experiment, _ = with_layer_after(experiment, layer)
    assert experiment.problem.network.depth == 8
    with pytest.raises(ValueError, match="at most 8 layers"):
        with_layer_after(experiment, 3)
    for width in (0, 65):
        with pytest.raises(ValueError, match=f"1 to 64 neurons, not {width}"):
            with_width(experiment, 1, width)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda e: with_activation(e, 0, RELU), "layer 0 is not one of the layers 1 to 3"),
        (lambda e: with_bias(e, 4, True), "layer 4 is not one of the layers 1 to 3"),
        (lambda e: with_width(e, 3, 2), "layer 3 is not a hidden layer"),
        (lambda e: without_layer(e, 0), "layer 0 is not a hidden layer"),
        (lambda e: with_layer_after(e, 3), "no layer can follow layer 3"),
    ],
)
def test_a_layer_that_is_not_there_is_refused_by_name(change, message):
    with pytest.raises(ValueError, match=message):
        change(deep())


def test_what_fits_stays():
    network = lecture_experiment().problem.network
    assert fitting_start(Given((1.0, 2.0)), network) == (Given((1.0, 2.0)), "")
    assert fitting_set(Ball((0.0, 0.0), 2.0), network) == (Ball((0.0, 0.0), 2.0), "")


def test_a_bias_leaves_a_drawn_start_alone():
    changed, said = with_bias(deep(start=HeNormal(seed=7)), 1, False)
    assert changed.start == HeNormal(seed=7)
    assert said == ""


def test_a_network_with_too_large_a_hessian_goes_on_by_gradient_descent():
    """2-20-20-1 has 501 parameters; one neuron more makes them 524."""
    experiment = replace(deep((2, 20, 20, 1), HeNormal()), optimizer=Newton(0.5))
    same, said = with_width(experiment, 1, 19)
    assert (same.optimizer, said) == (Newton(0.5), "")
    wider, said = with_width(experiment, 1, 21)
    assert wider.optimizer == GradientDescent()
    assert said == (
        "The Hessian is taken of at most 512 parameters, and there are 524 now:"
        " the optimizer is gradient descent."
    )
    classes, about = with_data(experiment, Blobs(classes=3).generate())
    assert classes.optimizer == GradientDescent()
    assert said.replace("524", "543") in about
