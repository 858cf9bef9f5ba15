"""The ledger panel: the lecture's numbers, both passes, the light and the activation."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from math import prod

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from mlpsim.app.stage import settle
from mlpsim.core.activations import IDENTITY, SIGMOID, TANH
from mlpsim.core.dataset import Dataset
from mlpsim.core.editing import surgery
from mlpsim.core.experiment import Experiment, lecture_experiment
from mlpsim.core.lessons.chain import both_passes, chain, pass_steps
from mlpsim.core.losses import BCE_LOGITS, SOFTMAX_CE_LOGITS
from mlpsim.core.network import Network
from mlpsim.core.problem import Problem
from mlpsim.core.starts import GlorotUniform
from mlpsim.views.items.activation_plot import (
    MOST_DOTS,
    ActivationPicture,
    picture_window,
    samples_for,
)
from mlpsim.views.labels.chain_lines import equations
from mlpsim.views.panels.ledger import LedgerPanel
from mlpsim.views.panels.network import NetworkPanel
from mlpsim.views.parts.chain.chain_choice import MOST_SAMPLES
from mlpsim.views.parts.chain.equation_view import EquationView
from mlpsim.views.spotlight import light_of_steps
from mlpsim.views.widgets.formula import FormulaLabel
from tests.views.panel_stage import Stage

LEFT = Qt.MouseButton.LeftButton
Open = Callable[..., Stage[LedgerPanel]]


@pytest.fixture
def opened(opened: Open) -> Open:
    return partial(opened, LedgerPanel, size=(560, 420))


def experiment_of(sizes: tuple[int, ...], samples: int = 5) -> Experiment:
    random = np.random.default_rng(1)
    data = Dataset(
        random.normal(size=(samples, sizes[0])), random.normal(size=(samples, sizes[-1]))
    )
    depth = len(sizes) - 1
    network = Network(sizes, (TANH,) * (depth - 1) + (SIGMOID,), (True,) * depth)
    return Experiment(Problem(data, network), start=GlorotUniform(1))


def test_the_lectures_example_at_the_origin(opened: Open, qtbot: QtBot):
    stage = opened(lecture_experiment())
    panel = stage.panel
    assert panel.subtitle == "∂e¹/∂w¹₁₁ = 0.75"
    qtbot.waitUntil(
        lambda: (
            panel.chain.head.lines
            == (
                "∂eˢ/∂w¹₁₁ = 2(ŷ − y) · σ′(z) · x₁",
                "= 2(0.5 − 1) · 0.25 · (−3)",
                "= (−1) · 0.25 · (−3) = 0.75",
            )
        )
    )
    assert panel.chain.levels == []
    assert not panel.choice.neurons.isVisible()


def test_sample_and_weight_are_those_of_every_view(opened: Open, qtbot: QtBot):
    stage = opened(lecture_experiment())
    panel, session = stage.panel, stage.session
    session.selection.select_sample(3)
    session.selection.select_parameter(1)
    qtbot.waitUntil(lambda: panel.subtitle == "∂e⁴/∂w¹₁₂ = −1.25")
    panel.choice.samples.setCurrentIndex(1)
    panel.choice.samples.activated.emit(1)
    panel.choice.parameters.setCurrentIndex(0)
    panel.choice.parameters.activated.emit(0)
    assert (session.selection.sample, session.selection.parameter) == (1, 0)
    qtbot.waitUntil(lambda: panel.subtitle == "∂e²/∂w¹₁₁ = 0.5")


def test_scrubbing_moves_the_numbers(opened: Open, qtbot: QtBot):
    stage = opened(lecture_experiment(), steps=3)
    at_end = stage.panel.subtitle
    stage.session.seek(0)
    qtbot.waitUntil(lambda: stage.panel.subtitle == "∂e¹/∂w¹₁₁ = 0.75")
    assert at_end != stage.panel.subtitle


def test_a_neuron_is_chosen_by_its_combo(opened: Open, qtbot: QtBot):
    stage = opened(experiment_of((2, 3, 2)))
    neurons = stage.panel.choice.neurons
    assert neurons.count() == 5
    neurons.setCurrentIndex(4)
    neurons.activated.emit(4)
    network = stage.session.experiment.problem.network
    assert stage.session.selection.parameter == network.weight_index(1, 1, 0)
    qtbot.waitUntil(lambda: stage.panel.choice.parameters.currentText() == "w²₂₁")
    assert stage.panel.choice.parameters.count() == 4


def test_a_sample_beyond_the_list_is_added_to_it(opened: Open, qtbot: QtBot):
    stage = opened(experiment_of((2, 1), samples=300))
    samples = stage.panel.choice.samples
    assert samples.count() == MOST_SAMPLES
    stage.session.selection.select_sample(250)
    qtbot.waitUntil(lambda: samples.currentText() == "sample 251")
    stage.session.selection.select_sample(2)
    qtbot.waitUntil(lambda: samples.currentText() == "sample 3")


def test_levels_unfold_down_to_the_loss(opened: Open, qtbot: QtBot):
    stage = opened(experiment_of((2, 8, 8, 1)), size=(440, 700))
    levels = stage.panel.chain.levels
    assert [level.isVisible() for level in levels] == [True, True, False]
    assert [level.view.isVisible() for level in levels] == [True, False, False]
    qtbot.mouseClick(levels[1].fold, LEFT)
    qtbot.mouseClick(levels[2].fold, LEFT)
    assert [level.view.isVisible() for level in levels] == [True, True, True]
    assert levels[2].view.lines[0].startswith("δ³₁ = 2(ŷ − y) · σ′(z³₁)")
    qtbot.mouseClick(levels[0].fold, LEFT)
    assert [level.isVisible() for level in levels] == [True, False, False]


def test_few_levels_are_unfolded_as_far_as_there_is_room(opened: Open, qtbot: QtBot):
    stage = opened(experiment_of((2, 2, 1)), size=(440, 700))
    chain, levels = stage.panel.chain, stage.panel.chain.levels
    assert [level.view.isVisible() for level in levels] == [True, True]
    formulas = chain.findChildren(FormulaLabel)
    qtbot.waitUntil(lambda: all(label.drawn for label in formulas if label.isVisible()))

    def is_unfolded_at(height: int) -> bool:
        stage.panel.resize(440, height)
        for _ in range(3):  # the layout, what follows from its widths, and the layout of that
            QApplication.processEvents()
        return levels[1].is_unfolded

    low = next(height for height in range(700, 200, -10) if not is_unfolded_at(height))
    assert levels[0].is_unfolded
    assert levels[1].fold.isVisible()
    qtbot.waitUntil(lambda: chain.verticalScrollBar().maximum() == 0)
    assert is_unfolded_at(low + 10)
    qtbot.waitUntil(lambda: chain.verticalScrollBar().maximum() == 0)
    assert not is_unfolded_at(low)
    qtbot.mouseClick(levels[1].fold, LEFT)
    assert levels[1].view.isVisible()


def test_a_term_is_chosen_to_be_followed(opened: Open, qtbot: QtBot):
    stage = opened(experiment_of((2, 8, 8, 1)), size=(440, 700))
    panel, (first, second, _) = stage.panel, stage.panel.chain.levels
    assert "… 8 terms" in first.view.lines[1]
    qtbot.mouseClick(first.all_terms, LEFT)
    assert len(first.terms) == 8
    assert all(term.isVisible() for term in first.terms)
    problem, theta = stage.session.experiment.problem, stage.session.theta
    terms = chain(both_passes(problem, theta, 0), 0).deltas[0].terms
    weakest = min(terms, key=lambda term: abs(term.value)).neuron
    qtbot.mouseClick(first.terms[weakest], LEFT)
    qtbot.waitUntil(lambda: second.fold.text().endswith(f"δ²{'₁₂₃₄₅₆₇₈'[weakest]}"))
    light = stage.context.spotlight.light
    assert light is not None
    assert light.nodes == ((0, 0), (1, 0), (2, weakest), (3, 0))
    qtbot.mouseClick(first.all_terms, LEFT)
    assert not any(term.isVisible() for term in first.terms)
    stage.session.selection.select_parameter(1)
    strongest = max(terms, key=lambda term: abs(term.value)).neuron
    qtbot.waitUntil(lambda: second.fold.text().endswith(f"δ²{'₁₂₃₄₅₆₇₈'[strongest]}"))
    assert panel.subtitle.startswith("∂e¹/∂w¹₁₂")


def test_another_network_keeps_the_panel_true(opened: Open, qtbot: QtBot):
    stage = opened(experiment_of((2, 8, 8, 1)))
    panel, session = stage.panel, stage.session
    panel.chain.term_chosen.emit(1, 7)
    session.selection.select_parameter(30)
    session.edit(surgery.without_layer(session.experiment, 2)[0], "Remove a layer")
    session.edit(surgery.with_width(session.experiment, 1, 2)[0], "2 neurons")
    panel.copy_text.click()
    qtbot.waitUntil(lambda: panel.chain.levels[1].fold.text().endswith("δ²₁"))
    assert not panel.chain.levels[2].isVisible()
    assert session.selection.parameter is None
    session.edit(surgery.without_layer(session.experiment, 1)[0], "Remove a layer")
    qtbot.waitUntil(lambda: not panel.chain.levels[0].isVisible())
    assert panel.choice.parameters.count() == 3


@pytest.mark.parametrize("experiment", [lecture_experiment(), experiment_of((2, 8, 8, 1))])
def test_choices_and_copies_share_a_row_in_a_low_window(opened: Open, experiment: Experiment):
    panel = opened(experiment, size=(384, 290)).panel
    row = [panel.choice.samples, panel.choice.parameters, panel.copy_text, panel.copy_latex]
    middles = {part.mapTo(panel, part.rect().center()).y() for part in row}
    assert max(middles) - min(middles) <= 1


def test_it_is_copied_as_text_and_as_latex(opened: Open, qtbot: QtBot):
    stage = opened(lecture_experiment())
    panel, clipboard = stage.panel, QGuiApplication.clipboard()
    with qtbot.waitSignal(stage.session.said):
        qtbot.mouseClick(panel.copy_text, LEFT)
    assert clipboard.text().splitlines()[1] == "          = 2(0.5 − 1) · 0.25 · (−3)"
    panel.copy_latex.setFocus()
    qtbot.waitUntil(panel.isActiveWindow)
    qtbot.keyClick(panel.copy_latex, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    assert clipboard.text().startswith("\\[\n\\begin{aligned}")
    qtbot.keyClick(panel.copy_latex, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert clipboard.text().startswith("∂e¹/∂w¹₁₁ = ")


def test_both_passes_step_neuron_by_neuron(opened: Open, qtbot: QtBot):
    stage = opened(lecture_experiment())
    panel = stage.panel
    panel.page.button("passes").click()
    qtbot.waitUntil(lambda: panel.passes.count.text() == "1 of 3")
    assert panel.passes.caption.text() == "forward: layer 1, neuron 1"
    assert panel.passes.views[0].lines[2] == "= 0"
    assert panel.passes.views[1].lines[2] == "= 0.5"
    qtbot.mouseClick(panel.passes.next, LEFT)
    assert panel.passes.views[0].lines[0] == "e¹ = (y − ŷ)²"
    assert not panel.passes.views[1].isVisible()
    panel.passes.next.setFocus()
    qtbot.keyClick(panel.passes.next, Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    assert panel.passes.views[0].lines[2] == "= (−1) · 0.25 = −0.25"
    assert not panel.passes.next.isEnabled()
    spotlight = stage.context.spotlight
    qtbot.waitUntil(lambda: spotlight.light.deltas == (((1, 0), -0.25),))
    qtbot.keyClick(panel.passes.back, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert panel.passes.caption.text() == "the error"
    assert "error: e¹ = (y − ŷ)² = 0.25" in panel.passes.caption.accessibleName()


def test_the_light_of_both_passes_by_hand():
    problem = experiment_of((2, 2, 1)).problem
    theta = np.arange(1.0, 10.0) / 10.0
    passes = both_passes(problem, theta, 0)
    steps = pass_steps(problem.network)
    forward = light_of_steps(passes, steps[:2])
    assert forward.nodes == ((0, 0), (0, 1), (1, 0), (1, 1))
    assert forward.parameters == (2, 3, 5)
    assert forward.now == (1, 1)
    error = light_of_steps(passes, steps[:4])
    assert error.nodes == ((2, 0),)
    backward = light_of_steps(passes, steps[:6])
    assert backward.nodes == ((2, 0), (1, 0))
    assert backward.parameters == (6,)
    assert dict(backward.deltas)[2, 0] == float(passes.deltas[1][0])


def test_the_diagram_is_lit_only_while_the_panel_is_seen(opened: Open, qtbot: QtBot):
    stage = opened(lecture_experiment())
    spotlight = stage.context.spotlight
    qtbot.waitUntil(lambda: spotlight.light is not None)
    assert spotlight.light.parameters == (0,)
    stage.panel.hide()
    assert spotlight.light is None
    stage.session.selection.select_parameter(1)
    assert spotlight.light is None
    stage.panel.show()
    qtbot.waitUntil(lambda: spotlight.light is not None)
    assert spotlight.light.parameters == (1,)


def test_a_click_on_an_edge_of_the_diagram_chooses_the_weight(opened: Open, qtbot: QtBot):
    stage = opened(lecture_experiment())
    window = QWidget()
    qtbot.addWidget(window)
    network = NetworkPanel(stage.context)
    QVBoxLayout(window).addWidget(network)
    window.resize(440, 360)
    window.show()
    qtbot.waitExposed(window)
    layout = network.diagram.layout_now
    assert layout is not None
    qtbot.mouseClick(network.diagram, LEFT, pos=layout.edges[1].pointAt(0.2).toPoint())
    qtbot.keyClick(network.entry.entry, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: stage.panel.subtitle == "∂e¹/∂w¹₁₂ = 0.75")


def test_the_activation_in_use_with_every_sample(opened: Open, qtbot: QtBot):
    stage = opened(lecture_experiment())
    panel = stage.panel
    panel.page.button("activation").click()
    qtbot.waitUntil(lambda: panel.slope.text().startswith("Sample 1: z = 0, σ(z) = 0.5"))
    assert "→ 0 for z → −∞ and → 1 for z → +∞" in panel.facts.text()
    assert "σ′(z) = 0.25" in panel.plot.accessibleDescription()

    def pixels() -> bytes:
        image = panel.plot.grab().toImage()  # a name: its bits go with it
        return bytes(image.constBits())

    before = pixels()
    stage.advance(4)
    qtbot.waitUntil(lambda: pixels() != before)


def test_on_logits_the_card_shows_the_sigmoid_that_makes_y_hat(opened: Open, qtbot: QtBot):
    problem = lecture_experiment().problem
    network = replace(problem.network, activations=(IDENTITY,))
    stage = opened(
        replace(lecture_experiment(), problem=replace(problem, network=network, loss=BCE_LOGITS))
    )
    assert "cancels" in stage.panel.chain.head.note.text()
    stage.panel.page.button("activation").click()
    qtbot.waitUntil(lambda: stage.panel.facts.text().startswith("ŷ = σ(z): σ is"))


def test_softmax_is_said_to_take_all_outputs_together(opened: Open, qtbot: QtBot):
    network = Network((2, 3), (IDENTITY,), (True,))
    data = Dataset(np.array([[1.0, 2.0]]), np.array([[0.0, 1.0, 0.0]]))
    stage = opened(Experiment(Problem(data, network, SOFTMAX_CE_LOGITS), start=GlorotUniform(1)))
    stage.panel.page.button("activation").click()
    qtbot.waitUntil(lambda: stage.panel.facts.text().startswith("ŷ = softmax(z)"))


def test_the_plots_window_holds_every_z():
    data = Dataset(np.zeros((3, 1)), np.zeros((3, 1)))
    z = np.array([-7.0, np.nan, 12.0])
    window = picture_window(ActivationPicture(SIGMOID, z, np.arange(3), data, "z", "ŷ"))
    assert window.x0 < -7.0
    assert window.x1 > 12.0
    assert window.y0 < 0.0 < 1.0 < window.y1
    far = picture_window(
        ActivationPicture(IDENTITY, np.full(3, np.inf), np.arange(3), data, "z", "a")
    )
    assert (far.x0 < -4.0, far.x1 > 4.0) == (True, True)


def test_of_many_samples_the_first_are_drawn_and_the_chosen_one_last():
    problem = experiment_of((2, 1), samples=400).problem
    samples = samples_for(problem, 300).tolist()
    assert samples == [*range(MOST_DOTS), 300]
    assert samples_for(problem, 2).tolist()[-1] == 2


def test_a_diverged_state_is_shown_without_a_warning(opened: Open, qtbot: QtBot):
    stage = opened(lecture_experiment())
    stage.session.set_theta(np.array([1e308, 1e308]), "Set w")
    said = {"chain": "2(0 − 1)", "passes": "σ(−∞)", "activation": "Sample 1: z = −∞, σ(z) = 0"}

    def is_told(words: str) -> bool:
        return any(words in label.text() for label in stage.panel.findChildren(QLabel))

    for page, words in said.items():
        stage.panel.page.button(page).click()
        qtbot.waitUntil(lambda words=words: is_told(words))
        stage.panel.grab()


def test_narrow_and_large_type_take_digits_away_before_anything_is_cut(opened: Open, qtbot: QtBot):
    stage = opened(experiment_of((2, 8, 8, 1)), size=(340, 420))
    view = stage.panel.chain.levels[0].view
    qtbot.waitUntil(lambda: view.width() > 200)
    labels = view.findChildren(QLabel)

    def is_cut(label: QLabel) -> bool:
        needed = label.fontMetrics().horizontalAdvance(label.text())
        return not label.isHidden() and label.width() < needed - 1

    qtbot.waitUntil(lambda: not any(map(is_cut, labels)))


def test_in_a_narrow_column_what_is_written_still_multiplies_out(opened: Open, qtbot: QtBot):
    stage = opened(lecture_experiment(), steps=6, size=(340, 420))
    head = stage.panel.chain.head

    def multiplies_out() -> bool:
        factors, result = head.lines[2].replace("−", "-").removeprefix("= ").split(" = ")
        product = prod(float(factor.strip("()")) for factor in factors.split(" · "))
        return product == pytest.approx(float(result), rel=1e-3)

    qtbot.waitUntil(lambda: stage.panel.isVisible() and head.width() > 200 and multiplies_out())


def test_playing_slows_the_digits(opened: Open, qtbot: QtBot):
    stage = opened(lecture_experiment())
    stage.player.playing_changed.emit(True)
    stage.advance(2)
    qtbot.waitUntil(lambda: stage.panel.subtitle != "∂e¹/∂w¹₁₁ = 0.75")
    stage.player.playing_changed.emit(False)


def test_the_theme_is_followed(opened: Open, qtbot: QtBot):
    stage = opened(lecture_experiment())
    stage.panel.page.button("activation").click()
    stage.panel.grab()
    before = stage.panel.plot.grab().toImage().pixelColor(200, 60)
    stage.appearance.set_theme("light")
    qtbot.waitUntil(lambda: stage.panel.plot.grab().toImage().pixelColor(200, 60) != before)
    stage.appearance.set_theme("dark")


@pytest.mark.parametrize("has_room", [True, False])
def test_a_product_of_huge_numbers_is_not_cut(qtbot: QtBot, has_room: bool) -> None:
    data = Dataset(np.array([[-3.0, 4.0]]), np.array([[-0.12345]]))
    problem = Problem(data, Network((2, 1), (IDENTITY,), (False,)))
    head = equations(chain(both_passes(problem, np.array([1.2345e150, -6.789e149]), 0), 0, {}))[0]
    holder = QWidget()
    qtbot.addWidget(holder)
    view = EquationView(holder)
    view.give_room(has_room)
    view.show_equation(head)
    view.resize(300, view.sizeHint().height())
    holder.show()
    settle()
    shown = view.result
    needed = shown.fontMetrics().horizontalAdvance(shown.text())
    assert shown.width() >= needed
    assert shown.geometry().right() <= view.width()
