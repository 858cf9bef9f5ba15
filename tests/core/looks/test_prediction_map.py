"""The prediction map, against the network's own predictions and lines known by hand."""

from dataclasses import replace

import numpy as np
import pytest

from mlpsim.core.activations import IDENTITY, RELU, SIGMOID, TANH
from mlpsim.core.dataset import Dataset
from mlpsim.core.experiment import lecture_data, lecture_experiment
from mlpsim.core.looks.input_grid import InputGrid
from mlpsim.core.looks.prediction_map import (
    PredictionMap,
    decided,
    label_range,
    neuron_map,
    prediction_map,
    residual_bars,
)
from mlpsim.core.losses import BCE_LOGITS, HINGE, SOFTMAX_CE_LOGITS
from mlpsim.core.network import Network
from mlpsim.core.problem import Problem
from mlpsim.core.window import Window

WINDOW = Window(-4.0, 5.0, -6.0, 5.0)


def the_map(problem, theta, columns=(0, 1), n=21):
    others = problem.data.x.mean(axis=0)
    theta = np.array(theta, dtype=float)
    return prediction_map(problem, theta, InputGrid(columns, others, WINDOW, n, n + 2))


def test_the_line_of_one_neuron_is_exact_and_straight():
    problem = lecture_experiment().problem
    result = the_map(problem, [-0.275, -0.1])
    assert len(result.border) == 1
    x1, x2 = result.border[0].T
    assert np.allclose(-0.275 * x1 - 0.1 * x2, 0.0, atol=1e-12)
    # ŷ is a tenth and nine tenths where w·x = ∓ln 9.
    result = the_map(problem, [-0.55, -0.2])
    levels = [-0.55 * line[:, 0] - 0.2 * line[:, 1] for line in result.sides]
    assert np.allclose(sorted(level.mean() for level in levels), [-np.log(9.0), np.log(9.0)])


def test_shares_are_the_predictions_of_the_problem():
    problem = lecture_experiment().problem
    theta = np.array([0.3, -0.7])
    result = the_map(problem, theta)
    assert result.shares.shape == (23, 21, 1)
    for row, column in ((0, 0), (22, 20), (7, 13)):
        point = np.array([[result.xs[column], result.ys[row]]])
        assert result.shares[row, column] == pytest.approx(problem.predict(theta, point)[0])


def test_decided_shares_tell_the_side_of_the_border_alone():
    result = decided(the_map(lecture_experiment().problem, [-0.275, -0.1]))
    x1, x2 = np.meshgrid(result.xs, result.ys)
    assert (result.shares[..., 0] == (-0.275 * x1 - 0.1 * x2 > 0.0)).all()
    assert len(result.border) == 1
    assert result.sides == ()
    undecided = decided(the_map(lecture_experiment().problem, [0.0, 0.0]))
    assert (undecided.shares == 0.5).all()


def test_of_several_classes_the_largest_takes_all():
    data = Dataset(lecture_data().x, np.eye(3)[[0, 1, 2, 2]])
    network = Network((2, 3), (IDENTITY,), (False,))
    result = decided(
        the_map(Problem(data, network, SOFTMAX_CE_LOGITS), [1.0, 0.3, -0.2, 1.0, -0.9, -1.0])
    )
    x1, x2 = np.meshgrid(result.xs, result.ys)
    scores = np.stack([x1 + 0.3 * x2, x2 - 0.2 * x1, -0.9 * x1 - x2], axis=-1)
    assert (result.shares == np.eye(3)[scores.argmax(axis=-1)]).all()


def test_nothing_is_decided_where_predictions_are_not_finite():
    shares = np.array([[[0.2], [np.nan]]]), np.array([[[0.2, 0.8], [np.nan, 0.5]]])
    axis = np.array([0.0, 1.0])
    for given in shares:
        result = decided(PredictionMap(WINDOW, axis, axis[:1], given, (), ())).shares
        assert np.isfinite(result[0, 0]).all()
        assert np.isnan(result[0, 1]).all()


def test_where_everything_is_one_half_there_is_no_line():
    result = the_map(lecture_experiment().problem, [0.0, 0.0])
    assert result.border == ()
    assert (result.shares == 0.5).all()


def test_labels_of_the_loss_set_the_border():
    data = Dataset(lecture_data().x, 2.0 * lecture_data().y - 1.0)
    line = Network((2, 1), (IDENTITY,), (True,))
    hinge = Problem(data, line, HINGE)
    x1, x2 = the_map(hinge, [1.0, 2.0, 0.5]).border[0].T
    assert np.allclose(x1 + 2.0 * x2 + 0.5, 0.0)
    logits = Problem(lecture_data(), line, BCE_LOGITS)
    x1, x2 = the_map(logits, [1.0, 2.0, 0.5]).border[0].T
    assert np.allclose(x1 + 2.0 * x2 + 0.5, 0.0)
    plain = Problem(lecture_data(), line)
    x1, x2 = the_map(plain, [1.0, 2.0, 0.5]).border[0].T
    assert np.allclose(x1 + 2.0 * x2 + 0.5, 0.5)
    tanh = Problem(data, Network((2, 1), (TANH,), (True,)))
    result = the_map(tanh, [1.0, 2.0, 0.5])
    x1, x2 = result.border[0].T
    assert np.allclose(x1 + 2.0 * x2 + 0.5, 0.0)
    assert len(result.sides) == 2


def test_a_level_that_the_last_layer_never_has_is_no_line():
    data = Dataset(lecture_data().x, 4.0 * lecture_data().y - 2.0)
    for activation in (SIGMOID, TANH):
        result = the_map(Problem(data, Network((2, 1), (activation,), (False,))), [1.0, 2.0])
        assert len(result.sides) <= 1
    relu = the_map(Problem(data, Network((2, 1), (RELU,), (False,))), [1.0, 2.0])
    assert np.isfinite(relu.shares).all()


def test_three_classes_meet_where_two_scores_are_equal():
    y = np.eye(3)[[0, 1, 2, 0]]
    network = Network((2, 3), (IDENTITY,), (False,))
    problem = Problem(Dataset(lecture_data().x, y), network, SOFTMAX_CE_LOGITS)
    theta = np.array([1.0, 0.0, -1.0, 1.0, 0.0, -1.0])
    result = the_map(problem, theta)
    assert result.shares.shape == (23, 21, 3)
    assert np.allclose(result.shares.sum(axis=-1), 1.0)
    step = max(np.diff(result.xs)[0], np.diff(result.ys)[0])
    for line in result.border:
        scores = np.sort(line @ network.weights(theta, 0).T, axis=1)
        assert (scores[:, -1] - scores[:, -2] <= 2.0 * step).all()
    points = np.concatenate(result.border) @ network.weights(theta, 0).T
    assert {tuple(sorted(pair)) for pair in points.argsort(axis=1)[:, 1:].tolist()} == {
        (0, 1),
        (0, 2),
        (1, 2),
    }
    one = Dataset(lecture_data().x, np.ones((4, 1)))
    alone = Problem(one, Network((2, 1), (IDENTITY,), (False,)), SOFTMAX_CE_LOGITS)
    assert the_map(alone, [1.0, 2.0]).border == ()


def test_other_inputs_are_held_and_two_are_chosen():
    data = Dataset([[0.0, 10.0, 0.0], [2.0, 30.0, 4.0]], [[0.0], [1.0]])
    problem = Problem(data, Network((3, 1), (IDENTITY,), (False,)))
    result = the_map(problem, [1.0, 0.01, 2.0], columns=(2, 0))
    x3, x1 = result.border[0].T
    assert np.allclose(x1 + 0.2 + 2.0 * x3, 0.5)


def test_targets_that_are_no_classes_span_the_range():
    problem = lecture_experiment().problem
    linear = Network((2, 1), (IDENTITY,), (False,))
    spread = Problem(Dataset(problem.data.x, [[3.0], [5.0], [4.0], [4.5]]), linear)
    assert label_range(spread) == (3.0, 5.0)
    assert the_map(spread, [1e3, 1e3]).shares[-1, -1] == 1.0
    assert the_map(spread, [1e3, 1e3]).shares[0, 0] == 0.0
    constant = Problem(Dataset(problem.data.x, np.full((4, 1), 2.0)), linear)
    assert label_range(constant) == (1.5, 2.5)
    assert (the_map(spread, [0.0, 0.0]).shares == 0.0).all()


@pytest.mark.parametrize(
    ("loss", "target", "labels"), [(BCE_LOGITS, 1.0, (0.0, 1.0)), (HINGE, 1.0, (-1.0, 1.0))]
)
def test_a_loss_knows_both_labels_where_the_data_has_one(loss, target, labels):
    data = Dataset(lecture_data().x, np.full((4, 1), target))
    assert label_range(Problem(data, Network((2, 1), (IDENTITY,), (False,)), loss)) == labels


def test_a_neurons_map_shows_what_it_gives_around_0():
    network = Network((2, 2, 1), (TANH, IDENTITY), (True, False))
    problem = Problem(lecture_data(), network)
    theta = np.array([1.0, -2.0, 0.3, 0.4, 0.5, 0.0, 3.0, -4.0])
    x1, x2 = np.meshgrid(np.linspace(-4.0, 5.0, 9), np.linspace(-6.0, 5.0, 7))

    def shown(*neuron):
        return neuron_map(problem, theta, neuron, InputGrid((0, 1), np.zeros(2), WINDOW, 9, 7))

    hidden = np.tanh(x1 - 2.0 * x2 + 0.5), np.tanh(0.3 * x1 + 0.4 * x2)
    assert np.allclose(shown(0, 1).shares[..., 0], 0.5 + 0.5 * x2 / 6.0)
    assert np.allclose(shown(1, 0).shares[..., 0], 0.5 + 0.5 * hidden[0])
    output = 3.0 * hidden[0] - 4.0 * hidden[1]
    assert np.allclose(shown(2, 0).shares[..., 0], 0.5 + 0.5 * output / np.abs(output).max())
    ((along, up),) = (line.T for line in shown(1, 0).border)
    assert np.allclose(along - 2.0 * up + 0.5, 0.0)


def test_no_number_that_is_not_finite_gets_a_line():
    problem = replace(lecture_experiment().problem, network=Network((2, 1), (IDENTITY,), (False,)))
    result = the_map(problem, [1e308, 1e308])
    finite = np.isfinite(result.shares)
    assert not finite.all()
    assert all(np.isfinite(line).all() for line in (*result.border, *result.sides))
    assert the_map(problem, [np.inf, np.inf]).border == ()


def test_bars_reach_from_every_target_to_its_prediction():
    line = Network((1, 1), (IDENTITY,), (True,))
    data = Dataset([[0.0], [1.0], [3.0]], [[2.0], [0.5], [-1.0]])
    bars = residual_bars(Problem(data, line), np.array([2.0, -1.0]))
    # ŷ = 2x − 1.
    assert bars.tolist() == [[[0, 2], [0, -1]], [[1, 0.5], [1, 1]], [[3, -1], [3, 5]]]
    # What is not finite has no end; classes and very many samples have no bars.
    bars = residual_bars(Problem(data, line), np.array([np.inf, -1.0]))
    assert len(bars) == 0
    classes = Dataset(data.x, [[0.0], [1.0], [1.0]])
    assert residual_bars(Problem(classes, line), np.zeros(2)).shape == (0, 2, 2)
    many = Dataset(np.zeros((501, 1)), np.linspace(0.0, 2.0, 501)[:, None])
    assert residual_bars(Problem(many, line), np.zeros(2)).shape == (0, 2, 2)
