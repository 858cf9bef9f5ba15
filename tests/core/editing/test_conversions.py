"""Conversions of labels, last layer and learning rate: same model where they say so."""

from dataclasses import replace

import numpy as np
import pytest

from mlpsim.core.activations import IDENTITY, SIGMOID, TANH
from mlpsim.core.dataset import Dataset
from mlpsim.core.editing.conversions import (
    fitting_labels,
    fitting_output,
    labels_fit,
    misfit,
    with_logits,
    with_rate_for_reduction,
)
from mlpsim.core.experiment import Experiment, lecture_experiment
from mlpsim.core.feasible import Ball, Box, WholeSpace
from mlpsim.core.losses import BCE_LOGITS, HINGE, LOSSES, SOFTMAX_CE_LOGITS, SQUARED_ERROR
from mlpsim.core.network import Network
from mlpsim.core.optimizers import OPTIMIZERS, Adam, GradientDescent, Momentum, step_is_linear
from mlpsim.core.problem import Problem
from mlpsim.core.second_order import ConjugateGradient, Newton
from mlpsim.core.starts import Given, Zeros


def experiment(y, loss=SQUARED_ERROR, sizes=None, bias=False, **changes) -> Experiment:
    """Samples with these targets under a network that ends in the identity."""
    y = np.array(y, dtype=np.float64)
    y = y[:, None] if y.ndim == 1 else y
    x = np.arange(2.0 * len(y)).reshape(-1, 2) - 1.5
    sizes = sizes or (2, y.shape[1])
    activations = (*[TANH] * (len(sizes) - 2), IDENTITY)
    network = Network(sizes, activations, (bias,) * (len(sizes) - 1))
    problem = Problem(Dataset(x, y), network, loss, feasible=changes.pop("feasible", WholeSpace()))
    start = changes.pop("start", Given(tuple(0.1 * (p + 1) for p in range(network.n_params))))
    return Experiment(problem, start=start, **changes)


@pytest.mark.parametrize(
    ("loss", "fitting", "other", "why"),
    [
        (BCE_LOGITS, [0, 1, 1], [-1, 1, 1], "takes targets from 0 to 1; the data has others."),
        (BCE_LOGITS, [0.2, 1, 0], [1, 2, 2], "takes targets from 0 to 1; the data has others."),
        (HINGE, [-1, 1, 1], [0, 1, 1], "takes the labels −1 and +1; the data has others."),
        (SOFTMAX_CE_LOGITS, [[1, 0], [0, 1]], [[1, 1], [0, 1]], "the data has other targets."),
        (SOFTMAX_CE_LOGITS, [[0.5, 0.5], [0, 1]], [0, 1], "the data has a single column."),
        (SOFTMAX_CE_LOGITS, [[1, 0], [0, 1]], [[2, -1], [0, 1]], "the data has other targets."),
    ],
)
def test_labels_fit_the_loss_they_are_meant_for(loss, fitting, other, why):
    fits, does_not = experiment(fitting).problem.data, experiment(other).problem.data
    assert labels_fit(loss, fits)
    assert misfit(loss, fits) == ""
    assert not labels_fit(loss, does_not)
    assert misfit(loss, does_not).endswith(why)


def test_every_target_fits_an_error_between_numbers():
    data = experiment([-7.5, 3, 0.25]).problem.data
    assert all(labels_fit(loss, data) for loss in LOSSES if loss.labels == "any")
    assert fitting_labels(experiment([-7.5, 3])) is None


def test_a_fitting_experiment_is_offered_nothing():
    assert fitting_labels(experiment([0, 1], BCE_LOGITS)) is None


@pytest.mark.parametrize(
    ("loss", "before", "after"),
    [
        (HINGE, [0, 1, 1, 0], [-1, 1, 1, -1]),
        (HINGE, [1, 1], [1, 1]),
        (HINGE, [0, 0], [-1, -1]),
        (HINGE, [3, 7, 3], [-1, 1, -1]),
        (BCE_LOGITS, [-1, 1, -1], [0, 1, 0]),
        (BCE_LOGITS, [1, 2, 2], [0, 1, 1]),
    ],
)
def test_two_labels_become_the_two_that_the_loss_takes(loss, before, after):
    given = experiment(before, loss)
    offer = fitting_labels(given)
    if before == after:
        assert offer is None
        return
    assert offer is not None
    assert offer.experiment.problem.data.y[:, 0].tolist() == after
    assert np.array_equal(offer.experiment.problem.data.x, given.problem.data.x)
    assert replace(offer.experiment.problem, data=given.problem.data) == given.problem
    assert labels_fit(loss, offer.experiment.problem.data)


def test_the_sentence_names_the_labels():
    offer = fitting_labels(experiment([0, 1], HINGE))
    assert offer is not None
    assert offer.sentence == "The labels 0 and 1 become −1 and 1."
    assert offer.text == "Convert the labels to −1 and 1"


@pytest.mark.parametrize("loss", [HINGE, BCE_LOGITS])
def test_three_labels_are_no_two(loss):
    assert fitting_labels(experiment([2, 3, 4], loss)) is None


def test_one_hot_columns_of_plus_and_minus_one_become_one_and_zero():
    offer = fitting_labels(experiment([[1, -1], [-1, 1]], SOFTMAX_CE_LOGITS))
    assert offer is not None
    assert offer.experiment.problem.data.y.tolist() == [[1, 0], [0, 1]]


@pytest.mark.parametrize("y", [[[1, 1], [0, 1]], [[1, 2], [3, 4]]])
def test_rows_without_exactly_one_class_are_not_converted(y):
    assert fitting_labels(experiment(y, SOFTMAX_CE_LOGITS)) is None


@pytest.mark.parametrize("y", [[5, 5, 5], list(range(11))])
def test_one_column_without_two_to_ten_classes_is_not_converted(y):
    assert fitting_labels(experiment(y, SOFTMAX_CE_LOGITS)) is None


@pytest.mark.parametrize("sizes", [(2, 1), (2, 3, 1)])
@pytest.mark.parametrize("bias", [False, True])
def test_two_classes_in_two_columns_are_the_same_model(sizes, bias):
    given = experiment([0, 1, 1], BCE_LOGITS, sizes, bias)
    offer = fitting_labels(replace(given, problem=replace(given.problem, loss=SOFTMAX_CE_LOGITS)))
    assert offer is not None
    changed = offer.experiment
    assert changed.problem.data.y.tolist() == [[1, 0], [0, 1], [0, 1]]
    before = given.problem.predict(given.start_theta(), given.problem.data.x)
    after = changed.problem.predict(changed.start_theta(), changed.problem.data.x)
    assert np.allclose(after[:, 1], before[:, 0], rtol=1e-13)
    assert np.allclose(
        changed.problem.errors(changed.start_theta()), given.problem.errors(given.start_theta())
    )


def test_three_classes_in_one_column_get_three_outputs():
    offer = fitting_labels(experiment([0, 2, 5, 2], SOFTMAX_CE_LOGITS, (2, 3, 1), bias=True))
    assert offer is not None
    problem = offer.experiment.problem
    assert problem.network.sizes == (2, 3, 3)
    assert problem.data.y.tolist() == [[1, 0, 0], [0, 1, 0], [0, 0, 1], [0, 1, 0]]
    theta = offer.experiment.start_theta()
    assert np.allclose(theta[:9], 0.1 * np.arange(1, 10))
    assert not theta[9:].any()
    assert offer.text == "Convert the labels to 3 columns"
    assert "0, 2 and 5. The last layer starts at 0." in offer.sentence


def test_classes_keep_their_names_in_columns():
    given = experiment([0, 1, 1], SOFTMAX_CE_LOGITS)
    offer = fitting_labels(given)
    assert offer is not None
    assert offer.experiment.problem.data.labels == ("0", "1")
    assert offer.sentence.endswith(
        "The second output starts with the weights there are, the first with 0."
    )
    named = replace(given.problem, data=replace(given.problem.data, labels=("no", "yes")))
    offer = fitting_labels(replace(given, problem=named))
    assert offer is not None
    assert offer.experiment.problem.data.labels == ("no", "yes")


def test_the_feasible_set_follows_the_outputs():
    box = Box((-1.0, -2.0), (3.0, 4.0))
    offer = fitting_labels(experiment([0, 1], SOFTMAX_CE_LOGITS, feasible=box, start=Zeros()))
    assert offer is not None
    assert offer.experiment.problem.feasible == Box((-1.0, -2.0) * 2, (3.0, 4.0) * 2)
    assert offer.experiment.start == Zeros()
    offer = fitting_labels(experiment([0, 1], SOFTMAX_CE_LOGITS, feasible=Ball((1.0, 2.0), 5.0)))
    assert offer is not None
    assert offer.experiment.problem.feasible == Ball((1.0, 2.0, 1.0, 2.0), 5.0)


def test_the_logit_form_of_a_sigmoid_is_the_same_model():
    given = lecture_experiment()
    offer = with_logits(given, BCE_LOGITS)
    assert offer.sentence.startswith("The same model")
    theta = np.array([0.3, -0.7])
    x = given.problem.data.x
    assert np.allclose(
        offer.experiment.problem.predict(theta, x), given.problem.predict(theta, x), rtol=1e-13
    )
    assert offer.experiment.problem.loss == BCE_LOGITS


def test_the_logit_form_of_anything_else_is_said_to_be_another_model():
    given = lecture_experiment()
    network = replace(given.problem.network, activations=(TANH,))
    tanh = replace(given, problem=replace(given.problem, network=network))
    assert with_logits(tanh, BCE_LOGITS).sentence == (
        "Another model: the last layer's tanh gives way to ŷ = σ(z)."
    )
    assert "softmax(z)" in with_logits(given, SOFTMAX_CE_LOGITS).sentence
    assert "score" in with_logits(given, HINGE).sentence
    assert given.problem.network.activations == (SIGMOID,)


def with_reduction(given: Experiment, reduction) -> Experiment:
    return replace(given, problem=replace(given.problem, reduction=reduction))


@pytest.mark.parametrize("optimizer", [GradientDescent(0.1), Momentum(0.1, 0.9)])
def test_eta_times_s_keeps_the_steps_when_the_sum_becomes_a_mean(optimizer):
    given = replace(lecture_experiment(), optimizer=optimizer)
    mean = with_reduction(given, "mean")
    offer = with_rate_for_reduction(given, mean)
    assert offer is not None
    assert offer.text == "Use η·S"
    assert offer.experiment.optimizer.learning_rate == pytest.approx(0.4, rel=1e-15)
    theta = np.array([0.2, -0.1])
    assert np.allclose(
        offer.experiment.rate(0) * offer.experiment.problem.gradient(theta),
        given.rate(0) * given.problem.gradient(theta),
    )
    back = with_rate_for_reduction(offer.experiment, with_reduction(offer.experiment, "sum"))
    assert back is not None
    assert back.text == "Use η/S"
    assert back.experiment.optimizer.learning_rate == pytest.approx(0.1, rel=1e-15)


def test_the_rate_is_not_offered_where_it_means_nothing():
    given = lecture_experiment()
    mean = with_reduction(given, "mean")
    assert with_rate_for_reduction(given, given) is None
    typed = replace(mean, optimizer=GradientDescent(0.4))
    assert with_rate_for_reduction(given, typed) is None
    one = experiment([1.0])
    assert with_rate_for_reduction(one, with_reduction(one, "mean")) is None
    huge = replace(given, optimizer=GradientDescent(1e308))
    assert with_rate_for_reduction(huge, with_reduction(huge, "mean")) is None


def test_only_steps_along_the_gradient_grow_with_it():
    linear = {kind for kind in OPTIMIZERS if step_is_linear(kind())}
    assert linear == {GradientDescent, Momentum}
    for other in (Adam(), Newton(), ConjugateGradient()):
        made = replace(lecture_experiment(), optimizer=other)
        assert with_rate_for_reduction(made, with_reduction(made, "mean")) is None


@pytest.mark.parametrize(
    ("last", "y", "why"),
    [
        (SIGMOID, [25.0, 346.0], "The targets go from 25 to 346; sigmoid stays between 0 and 1."),
        (TANH, [-1.5, 0.0], "The targets go from −1.5 to 0; tanh stays between −1 and 1."),
        (SIGMOID, [0.0, 1.0], ""),
        (TANH, [-1.0, 0.5], ""),
        (IDENTITY, [25.0, 346.0], ""),
    ],
)
def test_an_output_that_cannot_reach_the_targets_gives_way_to_the_identity(last, y, why):
    data = Dataset([[1.0], [2.0]], np.array(y)[:, None])
    problem = Problem(data, Network((1, 1), (last,), (True,)))
    said, conversion = fitting_output(Experiment(problem, start=Zeros()))
    assert said == why
    assert (conversion is None) == (why == "")
    if conversion is not None:
        changed = conversion.experiment.problem.network
        assert changed == replace(problem.network, activations=(IDENTITY,))
        assert fitting_output(conversion.experiment) == ("", None)


def test_a_score_needs_both_signs():
    data = Dataset([[1.0], [2.0]], [[-1.0], [1.0]])
    hinge = Problem(data, Network((1, 1), (SIGMOID,), (True,)), HINGE)
    said, conversion = fitting_output(Experiment(hinge, start=Zeros()))
    assert said == "The targets go from −1 to 1; sigmoid stays between 0 and 1."
    assert conversion is not None
    assert fitting_output(conversion.experiment) == ("", None)


def test_labels_are_not_a_matter_of_the_output():
    data = Dataset([[1.0], [2.0]], [[3.0], [4.0]])
    hinge = Problem(data, Network((1, 1), (TANH,), (True,)), HINGE)
    assert fitting_output(Experiment(hinge, start=Zeros())) == ("", None)
