"""Inputs that are computed from others: what they are, that they follow, and what is refused."""

from dataclasses import replace

import numpy as np
import pytest

from mlpsim.core.dataset import Dataset
from mlpsim.core.editing.data_edits import (
    with_computed_input,
    with_computed_of,
    with_input,
    without_input,
)
from mlpsim.core.editing.feature_scaling import as_measured, standardised
from mlpsim.core.editing.splitting import held_out_by
from mlpsim.core.experiment import Experiment, lecture_experiment
from mlpsim.core.features import Feature
from mlpsim.core.files.codec import decode, encode
from mlpsim.core.files.document import new_document
from mlpsim.core.generators import Circles, Line
from mlpsim.core.held_out import Split
from mlpsim.core.looks.activation_maps import activation_maps
from mlpsim.core.looks.input_grid import InputGrid
from mlpsim.core.looks.prediction_map import neuron_map, prediction_map
from mlpsim.core.tables.pasting import pasted
from mlpsim.core.window import Window

SQUARE, CROSS = Feature(function="product", of=(0, 0)), Feature(function="product", of=(0, 1))
SINE = Feature("wave", function="sin", of=(1,))
X, Y = np.array([[3.0, -0.5], [-2.0, 4.0], [0.5, 1.0]]), [[0.0], [1.0], [1.0]]
PLAIN = (Feature(), Feature())
DATA = Dataset(np.pad(X, ((0, 0), (0, 3))), Y, (*PLAIN, SQUARE, CROSS, SINE))


def by_hand(x: np.ndarray) -> np.ndarray:
    first, second = x[:, 0], x[:, 1]
    return np.column_stack([first, second, first * first, first * second, np.sin(second)])


def computed() -> Experiment:
    """The lecture's example with x₁² and sin x₂."""
    experiment, _ = with_computed_input(lecture_experiment(), "product", (0, 0))
    return with_computed_input(experiment, "sin", (1,))[0]


def test_a_computed_input_follows_every_change_of_the_data():
    assert pytest.approx(by_hand(X)) == DATA.x
    assert DATA.measured == (0, 1)
    row = np.array([7.0, 2.0, 99.0, 99.0, 99.0])  # whatever stands in the computed columns
    for data, s in ((DATA.with_sample(1, row, Y[0]), 1), (DATA.appended(row, Y[0]), 3)):
        assert data.x[s] == pytest.approx([7.0, 2.0, 49.0, 14.0, np.sin(2.0)])
    assert DATA.chosen([2, 0]).x == pytest.approx(by_hand(X[[2, 0]]))


def test_a_product_of_many_is_a_power():
    cube = Feature(function="product", of=(0, 0, 0))
    assert Dataset([[2.0, 0.0]], [[1.0]], (Feature(), cube)).x.tolist() == [[2.0, 8.0]]


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: Feature(function="product", of=(0,)), "product of 1 inputs; 2 to 8"),
        (lambda: Feature(function="sin", of=(0, 1)), "sin of 2 inputs; 1 to 1"),
        (lambda: Feature(of=(0,)), "measured, from 1 inputs; 0 to 0"),
        (lambda: Dataset(X, Y, (SINE, Feature())), "input 1 is computed from input 2"),
        (lambda: Dataset(X, Y, (Feature(), Feature(function="sin", of=(-1,)))), "from input 0"),
        (
            lambda: replace(DATA, features=(*PLAIN, SQUARE, replace(SINE, of=(2,)), SINE)),
            "input 4 is computed from input 3, which has to be measured",
        ),
        (
            lambda: DATA.with_sample(2, np.full(5, 1e200), Y[0]),
            r"x\[2\]\[2\] is not a finite number",
        ),
    ],
)
def test_what_cannot_be_computed_is_refused(make, said):
    with pytest.raises(ValueError, match=said):
        make()


def test_it_is_computed_from_what_was_measured_and_scaled_like_the_others():
    scaled, _ = standardised(computed())
    data, before = scaled.problem.data, computed().problem.data
    assert data.x.mean(axis=0) == pytest.approx(np.zeros(4), abs=1e-12)
    assert data.x.std(axis=0) == pytest.approx(np.ones(4))
    moved = data.with_sample(0, np.array([1.0, 0.0, 0.0, 0.0]), data.y[0])
    first = data.features[0].shift + data.features[0].scale
    assert moved.x[0, 2] * data.features[2].scale + data.features[2].shift == pytest.approx(
        first * first
    )
    assert as_measured(scaled)[0].problem.data == before


def test_held_out_samples_have_it_too():
    experiment, _ = held_out_by(lecture_experiment(), Split(0.25, seed=1))
    changed, about = with_computed_input(experiment, "product", (0, 1))
    for part in (changed.problem.data, changed.held_out.data):
        assert part.x[:, 2] == pytest.approx(part.x[:, 0] * part.x[:, 1])
    assert changed.problem.network.sizes == (3, 1)
    assert about.startswith("The network is now 3–1.")


def test_it_is_there_once_and_goes_with_what_it_comes_from():
    with pytest.raises(ValueError, match="already"):
        with_computed_input(computed(), "sin", (1,))
    experiment, _ = with_input(computed())
    without, _ = without_input(experiment, 0)  # x₁, and x₁² with it
    data = without.problem.data
    assert [f.function for f in data.features] == ["", "sin", ""]
    assert data.features[1].of == (0,)
    assert data.x[:, 1] == pytest.approx(np.sin(data.x[:, 0]))
    assert without_input(experiment, 2)[0].problem.data.measured == (0, 1, 3)
    only, _ = without_input(without_input(experiment, 4)[0], 1)
    with pytest.raises(ValueError, match="0 inputs"):
        without_input(only, 0)


def test_generated_data_get_the_computed_inputs_of_those_before():
    fresh = Circles(seed=3).generate()
    data = with_computed_of(fresh, computed().problem.data)
    assert data.x[:, :2].tolist() == fresh.x.tolist()
    assert data.x[:, 2] == pytest.approx(fresh.x[:, 0] ** 2)
    assert data.x[:, 3] == pytest.approx(np.sin(fresh.x[:, 1]))
    assert with_computed_of(Line().generate(), data) == Line().generate()
    named = replace(fresh, features=(Feature("a"), Feature("b")))
    assert with_computed_of(named, data) is named


def test_a_map_over_two_inputs_computes_the_others():
    window = Window(-1.0, 2.0, 0.0, 4.0)
    points = InputGrid((1, 0), np.full(5, 9.0), window, 4, 3, DATA.features).inputs
    assert pytest.approx(by_hand(points[:2].T)) == points.T
    assert sorted(set(points[1])) == [-1.0, 0.0, 1.0, 2.0]
    problem = computed().problem
    theta = np.array([0.3, -0.2, 0.5, 0.7])
    grid = InputGrid((0, 1), np.zeros(4), window, 5, 5, problem.data.features)
    seen = prediction_map(problem, theta, grid)
    x1, x2 = seen.xs[3], seen.ys[2]
    z = 0.3 * x1 - 0.2 * x2 + 0.5 * x1 * x1 + 0.7 * np.sin(x2)
    assert seen.shares[2, 3, 0] == pytest.approx(1.0 / (1.0 + np.exp(-z)))
    inputs, _ = activation_maps(problem.network, theta, grid)
    assert inputs[2] == pytest.approx(inputs[0] ** 2)


def test_the_map_of_one_neuron_is_its_own_value():
    problem, window = computed().problem, Window(-1.0, 2.0, 0.0, 4.0)
    theta = np.array([0.3, -0.2, 0.5, 0.7])
    grid = InputGrid((0, 1), np.zeros(4), window, 5, 5, problem.data.features)
    square = neuron_map(problem, theta, (0, 2), grid)
    assert square.shares[..., 0] == pytest.approx(np.tile(0.5 + square.xs**2 / 8.0, (5, 1)))
    output = neuron_map(problem, theta, (1, 0), grid)
    y_hat = prediction_map(problem, theta, grid).shares
    assert output.shares == pytest.approx(0.5 + 0.5 * y_hat)
    x1, x2 = np.concatenate(output.border).T
    z = 0.3 * x1 - 0.2 * x2 + 0.5 * x1 * x1 + 0.7 * np.sin(x2)
    assert np.abs(z).max() < 0.1  # between the grid's points the line is straight


def test_powers_of_a_single_input_stand_over_a_line():
    features = (Feature(), SQUARE)
    grid = InputGrid((0, 0), np.zeros(2), Window(0.0, 2.0, 0.0, 1.0), 3, 3, features)
    assert grid.ys.tolist() == [0.0]
    assert grid.inputs.tolist() == [grid.xs.tolist(), [0.0, 1.0, 4.0]]


def test_samples_are_known_again_with_other_inputs_computed():
    data, plain = standardised(computed())[0].problem.data, lecture_experiment().problem.data
    assert data.shares_a_sample(plain)
    assert plain.shares_a_sample(data.chosen([3]))
    assert not data.shares_a_sample(Circles().generate())


def test_what_is_beyond_all_floats_is_infinite_on_a_map_without_a_word():
    fourth = Feature(function="product", of=(0, 0, 0, 0))
    window = Window(0.0, 1e100, 0.0, 1.0)
    with np.errstate(all="raise"):
        points = InputGrid((0, 0), np.zeros(2), window, 2, 2, (Feature(), fourth)).inputs
    assert points.tolist() == [[0.0, 1e100], [0.0, np.inf]]


def test_pasting_leaves_it_as_it_is_computed():
    text = "1\t2\t1\t2\t0.9093\t1"
    assert pasted(DATA, text, (0, 0)).x[0] == pytest.approx(by_hand(np.array([[1.0, 2.0]]))[0])
    with pytest.raises(ValueError, match="input 3 is computed from others"):
        pasted(DATA, "1\t2\t3", (0, 0))
    with pytest.raises(ValueError, match="input 4 is computed"):
        pasted(DATA, "5", (2, 3))


def test_a_file_keeps_it():
    experiment = standardised(computed())[0]
    again = decode(encode(new_document(experiment))).experiment
    assert again == experiment
    assert again.problem.data.features[2].of == (0, 0)
