"""Labels say the lecture's symbols, and a number that is not 0 is never shown as 0."""

import re
from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlpsim.core.activations import ACTIVATIONS, SIGMOID, TANH
from mlpsim.core.experiment import lecture_experiment
from mlpsim.core.losses import LOSSES, SQUARED_ERROR
from mlpsim.core.network import Network
from mlpsim.core.optimizers import OPTIMIZERS, Adam
from mlpsim.core.problem import SCALINGS, Penalty
from mlpsim.core.sampling import ORDERS, Sampling
from mlpsim.core.schedules import SCHEDULES
from mlpsim.core.starts import STARTS
from mlpsim.views import labels

PLAIN = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-", strict=True))


def value_of(text: str) -> float:
    """What a shown number means, read independently of the code that wrote it."""
    text = text.replace("−", "-")
    match = re.fullmatch(r"(-?)(?:([\d.]+)·)?10([⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+)", text)
    if match is None:
        return float(text)
    exponent = "".join(PLAIN[c] for c in match[3])
    return float(f"{match[1]}{match[2] or 1}e{exponent}")


@pytest.mark.parametrize(
    ("x", "text"),
    [
        (0.0, "0"),
        (-0.0, "0"),
        (1.0, "1"),
        (0.5, "0.5"),
        (-0.275, "−0.275"),
        (0.43393139, "0.43393"),
        (2.75, "2.75"),
        (100.0, "100"),
        (150000.0, "150000"),
        (1234.56789, "1234.6"),
        (123456.7, "123457"),
        (7.727622597e-18, "7.73·10⁻¹⁸"),
        (2.517264206e-87, "2.52·10⁻⁸⁷"),
        (-1e-9, "−10⁻⁹"),
        (1e7, "10⁷"),
        (9999999.0, "9999999"),
        (1e308, "10³⁰⁸"),
        (5e-324, "4.94·10⁻³²⁴"),
        (0.0001, "0.0001"),
        (float("inf"), "∞"),
        (float("-inf"), "−∞"),
        (float("nan"), "–"),
    ],
)
def test_a_number_has_five_digits_and_no_trailing_zeros(x: float, text: str):
    assert labels.number(x) == text


def test_a_power_of_ten_keeps_three_digits_unless_fewer_are_asked_for():
    assert labels.number(1.2345e-8, 4) == "1.23·10⁻⁸"
    assert labels.number(1.2345e-8, 2) == "1.2·10⁻⁸"


@pytest.mark.parametrize(
    ("values", "texts"),
    [
        ((1.5e-5, 1.499964e-5), ["1.5·10⁻⁵", "1.49996·10⁻⁵"]),
        ((0.500001, 0.500002), ["0.500001", "0.500002"]),
        ((123456.1, 123456.2, 123456.1), ["123456.1", "123456.2", "123456.1"]),
        ((0.0, 0.5), ["0", "0.5"]),
        ((float("nan"), 2.0), ["–", "2"]),
        ((), []),
    ],
)
def test_numbers_side_by_side_are_told_apart(values: tuple[float, ...], texts: list[str]):
    assert labels.apart(values) == texts


def test_neighbours_among_the_doubles_may_be_written_alike():
    assert labels.apart((1.0, 1.0 + 2.0**-52)) == ["1", "1"]


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_what_is_shown_is_close_and_never_a_false_zero(x: float):
    shown = labels.number(x)
    assert (shown == "0") == (x == 0.0)
    if 1e-300 < abs(x) < 1e300:
        assert value_of(shown) == pytest.approx(x, rel=6e-3)
    if 1e-4 <= abs(x) < 1e7:
        assert value_of(shown) == pytest.approx(x, rel=6e-5)


def test_changes_carry_their_sign():
    assert labels.signed(0.0024) == "+0.0024"
    assert labels.signed(-0.0024) == "−0.0024"
    assert labels.signed(0.0) == "0"


@pytest.mark.parametrize(
    ("share", "text"), [(0.0, "0 %"), (1.0, "100 %"), (0.991, "99.1 %"), (0.99999, "99.9 %")]
)
def test_all_is_said_only_of_all(share: float, text: str):
    assert labels.percent(share) == text


def test_counts_have_their_plural_and_groups():
    assert labels.count(1, "sample") == "1 sample"
    assert labels.count(2, "epoch") == "2 epochs"
    assert labels.whole(9999) == "9999"
    assert labels.whole(-100000) == "−100\u202f000"


def test_parameters_of_the_lecture():
    network = lecture_experiment().problem.network
    assert [labels.parameter(network, p) for p in range(2)] == ["w¹₁₁", "w¹₁₂"]
    assert labels.parameter_tex(network, 1) == "w^{1}_{12}"
    assert labels.parameter_words(network, 1) == "weight from input 2 to neuron 1 of layer 1"


def test_every_parameter_stands_where_the_network_says():
    network = Network((3, 12, 2), (TANH, SIGMOID), (True, True))
    names = [labels.parameter(network, p) for p in range(network.n_params)]
    assert len(set(names)) == network.n_params
    # i is the neuron a weight leads to, j the one it comes from.
    assert names[network.weight_index(0, 0, 2)] == "w¹₁₃"
    assert names[network.weight_index(0, 11, 0)] == "w¹₁₂,₁"
    assert names[network.weight_index(1, 0, 9)] == "w²₁,₁₀"
    assert names[network.layout[0].b.start + 10] == "b¹₁₁"
    assert labels.parameter_tex(network, network.layout[1].b.start) == "b^{2}_{1}"
    assert labels.parameter_words(network, network.n_params - 1) == "bias of neuron 2 in layer 2"
    with pytest.raises(IndexError):
        labels.parameter(network, network.n_params)


def test_inputs_and_outputs_are_numbered_where_there_are_several():
    assert labels.inputs(2) == ("x₁", "x₂")
    assert labels.targets(1) == ("y",)
    assert labels.predictions(2) == ("ŷ₁", "ŷ₂")
    assert labels.sample_error(3) == "e⁴"


def test_every_table_entry_has_its_own_name():
    for name, table in [
        (labels.activation_name, ACTIVATIONS),
        (labels.loss_name, LOSSES),
        (partial(labels.loss_formula, n_outputs=2), LOSSES),
        (labels.optimizer_name, OPTIMIZERS),
        (labels.schedule_name, SCHEDULES),
        (labels.start_name, STARTS),
        (labels.order_name, ORDERS),
        (labels.order_words, ORDERS),
        (labels.scaling_name, SCALINGS),
        (labels.scaling_words, SCALINGS),
    ]:
        names = [name(entry) for entry in table]
        assert all(names)
        assert len(set(names)) == len(table)


def test_a_sum_over_outputs_needs_more_than_one():
    assert labels.loss_formula(SQUARED_ERROR, 1) == "eˢ = (y − ŷ)²"
    assert labels.loss_formula(SQUARED_ERROR, 2) == "eˢ = Σ (y − ŷ)²"


def test_a_spec_and_its_class_have_one_name():
    assert labels.optimizer_name(Adam()) == labels.optimizer_name(Adam) == "Adam"


def test_the_objective_is_e_and_with_a_penalty_j():
    problem = lecture_experiment().problem
    assert (labels.objective_symbol(problem), labels.objective_axis(problem)) == ("E", "E")
    mean = replace(problem, reduction="mean")
    assert labels.objective_axis(mean) == "E/S (mean)"
    penalized = replace(mean, penalty=Penalty(l1=0.1, l2=0.01))
    assert labels.objective_symbol(penalized) == "J"
    assert labels.objective_axis(penalized) == "J = E/S + R (mean)"
    assert "mean" in labels.objective_words(penalized)
    assert labels.penalty_formula(penalized.penalty) == "0.1·‖w‖₁ + 0.005·‖w‖²"


@pytest.mark.parametrize(
    ("reduction", "scaling", "formula"),
    [
        ("sum", "batch_sum", "g = Σ ∇eˢ + (B/S)·∇R, s in batch"),
        ("mean", "batch_sum", "g = (1/S)·Σ ∇eˢ + (B/S)·∇R, s in batch"),
        ("sum", "unbiased", "g = (S/B)·Σ ∇eˢ + ∇R, s in batch"),
        ("mean", "unbiased", "g = (1/B)·Σ ∇eˢ + ∇R, s in batch"),
    ],
)
def test_the_scaling_formula_is_what_the_problem_computes(reduction, scaling, formula):
    problem = replace(lecture_experiment().problem, reduction=reduction, penalty=Penalty(l2=0.3))
    assert labels.scaling_formula(problem, scaling) == formula
    theta, batch = np.array([0.3, -0.2]), np.array([0, 3, 3])
    factors = {"": 1.0, "B/S": 3 / 4, "1/S": 1 / 4, "S/B": 4 / 3, "1/B": 1 / 3}
    found = re.findall(r"\((\w/\w)\)·(Σ|∇R)", formula)
    of = {what: factors[factor] for factor, what in found}
    by_hand = of.get("Σ", 1.0) * problem.sample_gradients(theta)[batch].sum(axis=0)
    by_hand = by_hand + of.get("∇R", 1.0) * problem.penalty_gradient(theta)
    assert problem.step_gradient(theta, batch, scaling) == pytest.approx(by_hand)


def test_methods_and_captions():
    assert labels.method_name(Sampling()) == "GD"
    assert labels.method_name(Sampling(batch_size=1)) == "SGD"
    assert labels.method_name(Sampling(batch_size=2)) == "mini-batch SGD, B = 2"
    network = Network((2, 8, 8, 1), (TANH, TANH, TANH), (True, True, True))
    assert labels.network_summary(network) == "2–8–8–1 · tanh · 105 parameters"
    assert labels.step_caption(150, 419) == "step 150 / 419"
    assert labels.batch_caption((0, 3), 4) == "samples 1, 4"
    assert labels.batch_caption((0, 1, 2, 3), 4) == "all 4 samples"
    assert labels.batch_caption((0,), 1) == "sample 1"
    assert labels.batch_caption((0, 0, 2, 3), 4) == "samples 1, 1, 3, 4"
