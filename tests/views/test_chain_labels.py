"""The chain rule in symbols and numbers: the lecture by hand, and every loss and activation."""

from dataclasses import replace

import numpy as np
import pytest

from mlpsim.core.activations import ACTIVATIONS, IDENTITY, SIGMOID, TANH, elu, leaky_relu
from mlpsim.core.dataset import Dataset
from mlpsim.core.experiment import lecture_experiment
from mlpsim.core.lessons.chain import Chain, both_passes, chain, pass_steps
from mlpsim.core.losses import (
    BCE_LOGITS,
    HINGE,
    LOSSES,
    SOFTMAX_CE_LOGITS,
    SQUARED_ERROR,
    Loss,
    huber,
)
from mlpsim.core.network import Network
from mlpsim.core.problem import Problem
from mlpsim.views.labels.activation_words import activation_facts, slope_words
from mlpsim.views.labels.chain_lines import equations
from mlpsim.views.labels.chain_text import as_latex, as_text
from mlpsim.views.labels.pass_lines import caption_of_step, equations_of_step, title_of_step
from mlpsim.views.widgets.typesetting import typeset

LECTURE = lecture_experiment().problem


def lecture_chain(w: list[float], s: int = 0, p: int = 0) -> Chain:
    return chain(both_passes(LECTURE, np.array(w), s), p)


def one_neuron(loss: Loss, x: float, y: float, w: float) -> Chain:
    network = Network((1, 1), (IDENTITY,), (False,))
    problem = Problem(Dataset(np.array([[x]]), np.array([[y]])), network, loss)
    return chain(both_passes(problem, np.array([w]), 0), 0)


def deep(sizes: tuple[int, ...], loss: Loss = SQUARED_ERROR, activation: object = TANH) -> Problem:
    last = IDENTITY if loss.on_logits else activation
    network = Network(sizes, (activation,) * (len(sizes) - 2) + (last,), (True,) * (len(sizes) - 1))
    return Problem(Dataset(np.array([[-3.0, 1.5]]), np.eye(sizes[-1])[:1]), network, loss)


def weights(problem: Problem) -> np.ndarray:
    return np.random.default_rng(0).normal(size=problem.network.n_params)


def test_the_lectures_first_weight_at_the_origin():
    assert as_text(lecture_chain([0.0, 0.0])) == (
        "∂e¹/∂w¹₁₁ = 2(ŷ − y) · σ′(z) · x₁\n          = 2(0.5 − 1) · 0.25 · (−3)\n          = 0.75"
    )
    (equation,) = equations(lecture_chain([0.0, 0.0], s=3, p=1))
    assert [factor.derivative for factor in equation.factors] == ["∂e/∂ŷ", "∂ŷ/∂z", "∂z/∂w¹₁₂"]
    assert [factor.numbers[0] for factor in equation.factors] == ["2(0.5 − 0)", "0.25", "(−5)"]
    assert equation.value == -1.25


def test_it_is_copied_as_latex():
    assert as_latex(lecture_chain([0.0, 0.0])) == (
        "\\[\n\\begin{aligned}\n"
        r"\frac{\partial e^{1}}{\partial w^{1}_{11}}"
        r" &= 2(\hat{y} - y) \cdot \sigma'(z) \cdot x_{1} \\" + "\n"
        r"&= 2(0.5 - 1) \cdot 0.25 \cdot (-3) \\" + "\n"
        r"&= 0.75" + "\n\\end{aligned}\n\\]"
    )


def test_a_saturated_difference_is_never_told_as_0():
    text = as_text(lecture_chain([-10.0, 0.0]))
    assert "2(−9.36·10⁻¹⁴) · 9.36·10⁻¹⁴ · (−3)" in text
    assert "= 5.25·10⁻²⁶" in text


def test_a_hidden_weight_goes_through_delta_down_to_the_loss():
    problem = deep((2, 2, 1), activation=SIGMOID)
    found = chain(both_passes(problem, weights(problem), 0), 0)
    head, first, last = equations(found)
    assert [factor.plain for factor in head.factors] == ["δ¹₁", "x₁"]
    assert [factor.plain for factor in first.factors] == ["w²₁₁", "δ²₁", "σ′(z¹₁)"]
    assert [factor.derivative for factor in first.factors] == [
        "∂z²₁/∂a¹₁",
        "∂e/∂z²₁",
        "∂a¹₁/∂z¹₁",
    ]
    assert [factor.plain for factor in last.factors] == ["2(ŷ − y)", "σ′(z²₁)"]
    for equation in (head, first, last):
        product = np.prod([factor.value for factor in equation.factors])
        assert product == pytest.approx(equation.value, rel=1e-12)


def test_few_terms_are_written_out_and_many_are_counted():
    problem = deep((2, 8, 2, 1))
    passes = both_passes(problem, weights(problem), 0)
    two = equations(chain(passes, 0))[1].factors[0]
    assert two.plain == "(w²₁₁·δ²₁ + w²₂₁·δ²₂)"
    wide = deep((2, 3, 8, 1))
    many = equations(chain(both_passes(wide, weights(wide), 0), 0))[1].factors[0]
    assert many.plain == "(Σₖ w²ₖ₁·δ²ₖ)"
    assert "… 8 terms" in many.numbers[0]
    assert many.value == pytest.approx(
        sum(t.value for t in chain(both_passes(wide, weights(wide), 0), 0).deltas[0].terms)
    )


def test_a_bias_is_multiplied_by_1_and_a_deep_weight_by_the_activation_below():
    problem = deep((2, 2, 1))
    passes = both_passes(problem, weights(problem), 0)
    network = problem.network
    bias = equations(chain(passes, network.layout[1].b.start))[0]
    assert bias.factors[-1].plain == "1"
    weight = equations(chain(passes, network.weight_index(1, 0, 1)))[0]
    assert weight.factors[-1].plain == "a¹₂"


@pytest.mark.parametrize(
    ("loss", "y", "w", "plain", "numbers", "note"),
    [
        ("half_squared_error", 1.0, 3.0, "(ŷ − y)", "(3 − 1)", ""),
        ("absolute_error", 4.0, 3.0, "sign(ŷ − y)", "sign(3 − 4)", ""),
        ("absolute_error", 3.0, 3.0, "sign(ŷ − y)", "sign(0)", "kink"),
        ("huber", 2.5, 3.0, "(ŷ − y)", "(3 − 2.5)", "½"),
        ("huber", -1.0, 3.0, "1·sign(ŷ − y)", "1·sign(3 − (−1))", "straight line"),
        ("hinge", 1.0, -0.5, "(−y)", "(−1)", "below 1"),
        ("hinge", 1.0, 3.0, "0", "0", "1 or more"),
    ],
)
def test_the_first_factor_of_every_loss(loss, y, w, plain, numbers, note):
    entry = next(entry for entry in LOSSES if entry.name == loss)
    (equation,) = equations(one_neuron(entry, 1.0, y, w))
    assert (equation.factors[0].plain, equation.factors[0].numbers[0]) == (plain, numbers)
    assert note in equation.note
    assert equation.factors[1].plain == "id′(z)"


def test_on_logits_delta_is_the_difference_and_the_reason_is_told():
    found = one_neuron(BCE_LOGITS, 2.0, 1.0, 0.0)
    (equation,) = equations(found)
    assert [factor.plain for factor in equation.factors] == ["(ŷ − y)", "x"]
    assert equation.value == (0.5 - 1.0) * 2.0
    assert "cancels" in equation.note
    assert equation.note in as_text(found)
    problem = deep((2, 3), SOFTMAX_CE_LOGITS)
    found = chain(both_passes(problem, weights(problem), 0), 0)
    (equation,) = equations(found)
    assert equation.factors[0].plain == "(ŷ₁ − y₁)"
    assert "softmax" in equation.note


def test_targets_that_do_not_add_up_to_1_are_told():
    problem = deep((2, 3), SOFTMAX_CE_LOGITS)
    problem = replace(problem, data=Dataset(problem.data.x, np.array([[1.0, 1.0, 0.0]])))
    (equation,) = equations(chain(both_passes(problem, weights(problem), 0), 0))
    assert equation.factors[0].plain == "(ŷ₁·Σy − y₁)"
    assert "do not add up" in equation.note


@pytest.mark.parametrize("activation", ACTIVATIONS, ids=lambda entry: entry.name)
@pytest.mark.parametrize("loss", LOSSES, ids=lambda entry: entry.name)
def test_every_formula_is_typeset(loss: Loss, activation: object, qapp: object):
    problem = deep((2, 3, 2), loss, activation)
    passes = both_passes(problem, weights(problem), 0)
    lines = list(equations(chain(passes, 0)))
    for step in pass_steps(problem.network):
        lines += equations_of_step(passes, step)
    for equation in lines:
        for tex in (equation.tex, *(factor.tex for factor in equation.factors)):
            assert typeset(tex, "#ffffff", 12.0).width > 0.0
        for factor in equation.factors:
            assert "HAT" not in factor.tex + factor.plain
            assert "TARGET" not in factor.tex + factor.plain


def test_both_passes_of_the_lecture_in_words():
    passes = both_passes(LECTURE, np.array([0.5, 0.5]), 1)
    steps = pass_steps(LECTURE.network)
    assert [caption_of_step(passes, step) for step in steps] == [
        "forward: z = w¹₁₁x₁ + w¹₁₂x₂ = −2, ŷ = σ(z) = 0.1192",
        "error: e² = (y − ŷ)² = 0.7758",
        "backward: δ = 2(ŷ − y) · σ′(z) = −0.18496",
    ]
    assert [title_of_step(LECTURE.network, step) for step in steps] == [
        "forward: layer 1, neuron 1",
        "the error",
        "backward: layer 1, neuron 1",
    ]
    z, y_hat = equations_of_step(passes, steps[0])
    assert z.factors[0].numbers[0] == "0.5·(−2) + 0.5·(−2)"
    assert y_hat.factors[0].numbers[0] == "σ(−2)"
    (error,) = equations_of_step(passes, steps[1])
    assert error.factors[0].numbers[0] == "(1 − 0.1192)²"


def test_a_wide_layers_sum_is_shortened():
    problem = deep((2, 8, 1))
    passes = both_passes(problem, weights(problem), 0)
    step = next(step for step in pass_steps(problem.network) if step.layer == 1)
    z, _ = equations_of_step(passes, step)
    assert z.factors[0].plain == "w²₁₁a¹₁ + w²₁₂a¹₂ + … 8 terms + b²₁"
    assert "… 8 terms" in z.factors[0].numbers[0]


@pytest.mark.parametrize(
    ("activation", "words"),
    [
        (SIGMOID, "σ is continuous, monotonic (strictly increasing); σ(z) → 0 for z → −∞ and → 1"),
        (leaky_relu(-0.5), "not monotonic; leaky ReLU(z) → ∞ for z → −∞"),
        (elu(0.5), "with a kink at z = 0, monotonic (strictly increasing); ELU(z) → −0.5"),
        (ACTIVATIONS[-1], "sin is continuous, not monotonic; sin(z) has no limit"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_what_is_said_of_an_activation(activation, words):
    assert words in activation_facts(activation)


def test_the_tangents_slope_is_said():
    assert slope_words(SIGMOID, "z", 0.0, 0) == (
        "Sample 1: z = 0, σ(z) = 0.5; the tangent's slope is σ′(z) = 0.25."
    )


def test_huber_is_told_with_its_own_limit():
    (equation,) = equations(one_neuron(huber(2.0), 1.0, 0.0, 3.0))
    assert equation.factors[0].numbers[0] == "2·sign(3 − 0)"
    assert equation.value == 2.0


def test_a_hinge_loss_has_labels_of_either_sign():
    (equation,) = equations(one_neuron(HINGE, 1.0, -1.0, 0.0))
    assert equation.factors[0].numbers[0] == "(−(−1))"
    assert equation.value == 1.0
